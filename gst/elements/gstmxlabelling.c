/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxlabelling.h"

#include <math.h>
#include <string.h>

#include "gstmxtable.h"

#define FILE_NAME "labels.csv"
/* So that a time in frames fits whatever the rate. */
#define LATEST 1e8

enum { PATH, START, END, LABEL, N_COLUMNS };
static const gchar *const columns[N_COLUMNS] = {
    "path", "start_s", "end_s", "label"};
static const GstMxTableFormat format = {
    "Labels", columns, N_COLUMNS, N_COLUMNS};

typedef struct {
  GstMxListing *listing;
  GHashTable *paths; /* of the listing, as it keeps them */
} Scan;

static gboolean
read_seconds (gchar *const *values, guint column, guint line, gdouble *seconds,
    GError **error)
{
  gchar *text = values[column], *end;

  *seconds = g_ascii_strtod (g_strstrip (text), &end);
  if (*text && *end == '\0' && *seconds >= 0 && *seconds <= LATEST)
    return TRUE;
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "line %u has %s '%.50s', expected seconds from 0 to %.0f", line,
      columns[column], text, LATEST);
  return FALSE;
}

static gboolean
add_stretch (
    gchar *const *values, guint line, gpointer user_data, GError **error)
{
  Scan *scan = user_data;
  GstMxStretch stretch = {.class_index = -1, .line = line};

  stretch.path = g_hash_table_lookup (scan->paths, values[PATH]);
  if (!stretch.path) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "line %u names '%.200s', expected a path of data set %s", line,
        values[PATH], scan->listing->name);
    return FALSE;
  }
  if (!read_seconds (values, START, line, &stretch.start, error) ||
      !read_seconds (values, END, line, &stretch.end, error))
    return FALSE;
  if (stretch.end <= stretch.start) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "line %u ends at %g s, expected an end after its start at %g s", line,
        stretch.end, stretch.start);
    return FALSE;
  }
  if (*values[LABEL])
    stretch.label =
        g_string_chunk_insert_const (scan->listing->strings, values[LABEL]);
  g_array_append_val (scan->listing->stretches, stretch);
  return TRUE;
}

static gint
compare_stretches (gconstpointer a, gconstpointer b)
{
  const GstMxStretch *x = a, *y = b;
  gint order = strcmp (x->path, y->path);

  if (order == 0)
    order = (x->start > y->start) - (x->start < y->start);
  return order ? order : (x->line > y->line) - (x->line < y->line);
}

static gboolean
check_order (const GArray *stretches, GError **error)
{
  for (guint i = 1; i < stretches->len; i++) {
    const GstMxStretch *next = &g_array_index (stretches, GstMxStretch, i);
    const GstMxStretch *last = next - 1;

    if (last->path != next->path || last->end <= next->start)
      continue;
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "line %u begins at %g s, expected at %g s or later, where the stretch "
        "of line %u ends",
        next->line, next->start, last->end, last->line);
    return FALSE;
  }
  return TRUE;
}

/* Sorted, those of one path lie together. */
static void
hand_out (GstMxListing *listing)
{
  GHashTable *first = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = listing->stretches->len;

  for (guint i = 0; i < n; i++) {
    GstMxStretch *stretch =
        &g_array_index (listing->stretches, GstMxStretch, i);

    if (!g_hash_table_contains (first, stretch->path))
      g_hash_table_insert (first, (gpointer)stretch->path, stretch);
  }
  for (guint i = 0; i < listing->items->len; i++) {
    GstMxListingItem *item = gst_mx_listing_item (listing, i);
    const GstMxStretch *stretch = g_hash_table_lookup (first, item->path);
    const GstMxStretch *end =
        &g_array_index (listing->stretches, GstMxStretch, n);

    if (!stretch)
      continue;
    item->label = NULL;
    item->stretches = stretch;
    while (stretch < end && stretch->path == item->stretches->path)
      stretch++;
    item->n_stretches = stretch - item->stretches;
  }
  g_hash_table_unref (first);
}

static Scan
scan_new (GstMxListing *listing)
{
  Scan scan = {listing, g_hash_table_new (g_str_hash, g_str_equal)};

  for (guint i = 0; i < listing->items->len; i++)
    g_hash_table_add (
        scan.paths, (gpointer)gst_mx_listing_item (listing, i)->path);
  return scan;
}

static gboolean
finish (Scan *scan, gboolean read, GError **error)
{
  GArray *stretches = scan->listing->stretches;

  g_hash_table_unref (scan->paths);
  if (!read)
    return FALSE;
  g_array_sort (stretches, compare_stretches);
  if (!check_order (stretches, error))
    return FALSE;
  hand_out (scan->listing);
  return TRUE;
}

gboolean
gst_mx_labelling_parse (
    GstMxListing *listing, const gchar *text, gsize size, GError **error)
{
  Scan scan = scan_new (listing);
  gboolean read =
      gst_mx_table_parse (text, size, &format, add_stretch, &scan, error);

  return finish (&scan, read, error);
}

static gboolean
read_file (GstMxListing *listing, const gchar *filename, GError **error)
{
  Scan scan = scan_new (listing);
  GError *cause = NULL;
  gchar *shown;

  if (!gst_mx_table_read (filename, &format, add_stretch, &scan, error))
    return finish (&scan, FALSE, error);
  if (finish (&scan, TRUE, &cause))
    return TRUE;
  shown = g_filename_display_name (filename);
  g_propagate_prefixed_error (error, cause, "Labels %s: ", shown);
  g_free (shown);
  return FALSE;
}

gboolean
gst_mx_labelling_read (
    GstMxListing *listing, const gchar *folder, GError **error)
{
  gchar *filename = g_build_filename (folder, FILE_NAME, NULL);
  gboolean read = !g_file_test (filename, G_FILE_TEST_EXISTS) ||
                  read_file (listing, filename, error);

  g_free (filename);
  return read;
}
