/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whatever labels.csv is accepted gives stretches in the order of time. */
#include "fuzz.h"

#include "gstmxlabelling.h"

#include <string.h>

static void
check_order (const GArray *stretches)
{
  const GstMxStretch *last = NULL;

  for (guint i = 0; i < stretches->len; i++) {
    const GstMxStretch *stretch = &g_array_index (stretches, GstMxStretch, i);

    g_assert_true (stretch->start >= 0 && stretch->end > stretch->start);
    if (last && last->path == stretch->path)
      g_assert_true (stretch->start >= last->end);
    else
      g_assert_true (!last || strcmp (last->path, stretch->path) < 0);
    last = stretch;
  }
}

bool
fuzz_check (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) paths = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) stretches = NULL;
  GStringChunk *strings = g_string_chunk_new (64);
  const GstMxLabelled labelled = {"fuzz", paths, strings};

  g_hash_table_add (paths, (gpointer) "1.wav");
  g_hash_table_add (paths, (gpointer) "a/2.wav");
  stretches =
      gst_mx_labelling_parse (&labelled, (const gchar *)data, size, &error);

  g_assert_true ((stretches != NULL) == (error == NULL));
  if (error)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  else
    check_order (stretches);
  g_string_chunk_free (strings);
  return stretches != NULL;
}
