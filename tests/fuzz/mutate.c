/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A fuzz target as an ordinary test: each file of the corpus, then seeded
 * mutations of it.
 *
 *   fuzz-TARGET MUTATIONS FILE... */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "mx-rng.h"

#define MAX_CHANGES 4
#define MAX_PIECE 32

/* What tends to hurt readers. */
static const char *const tokens[] = {"0", "-1", "1", "2147483647", "4294967296",
    "999999999999999999", "18446744073709551616", "1e999", "0.5", "null",
    "true", "\"\"", "[]", "{}", "[", "]", "{", "}", ",", ":", "\"", "\\u0000",
    "\\", "/*", "//", "\xff", "NaN"};

static void
replace (GByteArray *bytes, size_t at, size_t length, const void *with,
    size_t with_length)
{
  g_autofree uint8_t *copy = g_memdup2 (with, with_length);
  g_autofree uint8_t *tail = NULL;
  const size_t tail_length = bytes->len - at - length;
  tail = g_memdup2 (bytes->data + at + length, tail_length);
  g_byte_array_set_size (bytes, at);
  if (with_length > 0)
    g_byte_array_append (bytes, copy, with_length);
  if (tail_length > 0)
    g_byte_array_append (bytes, tail, tail_length);
}

static void
change (GByteArray *bytes, MxRng *rng)
{
  if (bytes->len == 0)
    return;
  const size_t at = mx_rng_below (rng, bytes->len);
  const size_t piece = mx_rng_below (rng, MIN (bytes->len - at, MAX_PIECE)) + 1;
  const size_t to = mx_rng_below (rng, bytes->len);
  const char *token = tokens[mx_rng_below (rng, G_N_ELEMENTS (tokens))];
  switch (mx_rng_below (rng, 6)) {
  case 0:
    bytes->data[at] ^= 1 << mx_rng_below (rng, 8);
    break;
  case 1:
    bytes->data[at] = '0' + mx_rng_below (rng, 10);
    break;
  case 2:
    replace (bytes, at, 0, token, strlen (token));
    break;
  case 3:
    replace (bytes, at, piece, token, strlen (token));
    break;
  case 4:
    replace (bytes, at, piece, "", 0);
    break;
  default:
    replace (bytes, to, 0, bytes->data + at, piece);
    break;
  }
}

static bool
run (const GByteArray *bytes)
{
  /* A copy of its own, so that a sanitizer sees what is read behind it. */
  g_autofree uint8_t *copy = g_malloc (MAX (bytes->len, 1));
  if (bytes->len > 0)
    memcpy (copy, bytes->data, bytes->len);
  return fuzz_check (copy, bytes->len);
}

/* Returns how many of the mutants were accepted. */
static unsigned
run_file (const char *filename, unsigned mutations)
{
  unsigned accepted = 0;
  g_autoptr (GError) error = NULL;
  char *contents;
  size_t length;
  if (!g_file_get_contents (filename, &contents, &length, &error))
    g_error ("%s", error->message);
  g_autoptr (GByteArray) bytes =
      g_byte_array_new_take ((uint8_t *)contents, length);
  if (!run (bytes))
    g_error ("%s was refused: nothing to start from", filename);

  /* The same mutations wherever the sources lie. */
  g_autofree char *name = g_path_get_basename (filename);
  for (unsigned i = 0; i < mutations; i++) {
    MxRng rng;
    mx_rng_init (&rng, i, g_str_hash (name));
    g_autoptr (GByteArray) mutant = g_byte_array_new ();
    g_byte_array_append (mutant, bytes->data, bytes->len);
    for (uint64_t n = mx_rng_below (&rng, MAX_CHANGES) + 1; n > 0; n--)
      change (mutant, &rng);
    accepted += run (mutant);
  }
  return accepted;
}

int
main (int argc, char **argv)
{
  if (argc < 3) {
    g_printerr ("usage: %s MUTATIONS FILE...\n", argv[0]);
    return 2;
  }
  for (int i = 2; i < argc; i++)
    g_print ("%s: %u of %s mutants accepted\n", argv[i],
        run_file (argv[i], atoi (argv[1])), argv[1]);
  return 0;
}
