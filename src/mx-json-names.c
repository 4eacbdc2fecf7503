/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-json-names.h"

#include <string.h>

typedef struct {
  gsize object, at;
  guint hash; /* json-glib's */
  const char *text;
} Name;

void
mx_json_names_init (MxJsonNames *self)
{
  self->all = g_array_new (FALSE, FALSE, sizeof (Name));
  self->strings = g_string_chunk_new (4096);
  self->text = g_string_new (NULL);
}

void
mx_json_names_clear (MxJsonNames *self)
{
  g_array_unref (self->all);
  g_string_chunk_free (self->strings);
  g_string_free (self->text, TRUE);
}

/* --- what a name says, however it is written --- */

/* Of "\uXXXX", from the X on. */
static gunichar
read_unit (const char *digits)
{
  gunichar unit = 0;

  for (int i = 0; i < 4; i++)
    unit = 16 * unit + (gunichar)g_ascii_xdigit_value (digits[i]);
  return unit;
}

/* From the u on.  Returns what follows.  The half of a pair alone is taken as
 * it is: the parser refuses it. */
static const char *
read_unicode (const char *at, const char *end, GString *text)
{
  gunichar unit = read_unit (at + 1);

  at += 5;
  if (unit >= 0xd800 && unit < 0xdc00 && end - at >= 6 && at[0] == '\\' &&
      at[1] == 'u') {
    const gunichar second = read_unit (at + 2);

    if (second >= 0xdc00 && second < 0xe000) {
      unit = 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00);
      at += 6;
    }
  }
  g_string_append_unichar (text, unit);
  return at;
}

static void
read_name (const char *at, const char *end, GString *text)
{
  static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";

  while (at < end) {
    const char *letter;

    if (*at != '\\') {
      g_string_append_c (text, *at++);
      continue;
    }
    at++;
    if (*at == 'u') {
      at = read_unicode (at, end, text);
      continue;
    }
    letter = strchr (letters, *at);
    g_string_append_c (text, letter != NULL ? meant[letter - letters] : *at);
    at++;
  }
}

void
mx_json_names_add (
    MxJsonNames *self, gsize object, gsize at, const char *name, gsize length)
{
  Name one = {.object = object, .at = at};

  g_string_truncate (self->text, 0);
  read_name (name, name + length, self->text);
  one.hash = g_str_hash (self->text->str);
  one.text = g_string_chunk_insert (self->strings, self->text->str);
  g_array_append_val (self->all, one);
}

/* --- comparing --- */

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

/* Those of one object and hash stand together, equal ones as they come. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const Name *one = a, *other = b;
  int order = COMPARE (one->object, other->object);

  if (order == 0)
    order = COMPARE (one->hash, other->hash);
  if (order == 0)
    order = strcmp (one->text, other->text);
  return order != 0 ? order : COMPARE (one->at, other->at);
}

MxJsonVerdict
mx_json_names_check (MxJsonNames *self, gsize *at)
{
  const Name *names = (const Name *)self->all->data;
  guint alike = 1;

  g_array_sort (self->all, compare);
  for (guint i = 1; i < self->all->len; i++) {
    const bool same = names[i].object == names[i - 1].object &&
                      names[i].hash == names[i - 1].hash;

    alike = same ? alike + 1 : 1;
    *at = names[i].at;
    if (same && strcmp (names[i].text, names[i - 1].text) == 0)
      return MX_JSON_NAMES_TWICE;
    if (alike > MX_JSON_MAX_ALIKE)
      return MX_JSON_NAMES_ALIKE;
  }
  return MX_JSON_NAMES_GOOD;
}
