/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxlabelling.h"

#include <math.h>
#include <string.h>

#include "gstmxcsv.h"
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
  const GstMxLabelled *labelled;
  GArray *stretches;
} Scan;

static gboolean
read_seconds (gchar *const *values, guint column, guint line, gdouble *seconds,
    GError **error)
{
  gchar *text = values[column], *end;
  g_autofree gchar *shown = NULL;

  *seconds = g_ascii_strtod (g_strstrip (text), &end);
  if (*text && *end == '\0' && *seconds >= 0 && *seconds <= LATEST)
    return TRUE;
  shown = gst_mx_csv_shorten (text, 50);
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "line %u has %s '%s', expected seconds from 0 to %.0f", line,
      columns[column], shown, LATEST);
  return FALSE;
}

static gboolean
add_stretch (
    gchar *const *values, guint line, gpointer user_data, GError **error)
{
  Scan *scan = user_data;
  GstMxStretch stretch = {.class_index = -1, .line = line};

  if (!g_hash_table_lookup_extended (scan->labelled->paths, values[PATH],
          (gpointer *)&stretch.path, NULL)) {
    g_autofree gchar *shown = gst_mx_csv_shorten (values[PATH], 200);

    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "line %u names '%s', expected a path of data set %s", line, shown,
        scan->labelled->name);
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
        g_string_chunk_insert_const (scan->labelled->strings, values[LABEL]);
  g_array_append_val (scan->stretches, stretch);
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

static GArray *
stretches_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (GstMxStretch));
}

/* Takes the stretches. */
static GArray *
finish (GArray *stretches, GError **error)
{
  g_array_sort (stretches, compare_stretches);
  if (check_order (stretches, error))
    return stretches;
  g_array_unref (stretches);
  return NULL;
}

GArray *
gst_mx_labelling_parse (const GstMxLabelled *labelled, const gchar *text,
    gsize size, GError **error)
{
  Scan scan = {labelled, stretches_new ()};

  if (gst_mx_table_parse (text, size, &format, add_stretch, &scan, error))
    return finish (scan.stretches, error);
  g_array_unref (scan.stretches);
  return NULL;
}

static GArray *
read_file (const GstMxLabelled *labelled, const gchar *filename, GError **error)
{
  Scan scan = {labelled, stretches_new ()};
  GError *cause = NULL;
  GArray *stretches;
  gchar *shown;

  if (!gst_mx_table_read (filename, &format, add_stretch, &scan, error)) {
    g_array_unref (scan.stretches);
    return NULL;
  }
  stretches = finish (scan.stretches, &cause);
  if (!stretches) {
    shown = g_filename_display_name (filename);
    g_propagate_prefixed_error (error, cause, "Labels %s: ", shown);
    g_free (shown);
  }
  return stretches;
}

GArray *
gst_mx_labelling_read (
    const GstMxLabelled *labelled, const gchar *folder, GError **error)
{
  gchar *filename = g_build_filename (folder, FILE_NAME, NULL);
  GArray *stretches = g_file_test (filename, G_FILE_TEST_EXISTS)
                          ? read_file (labelled, filename, error)
                          : stretches_new ();

  g_free (filename);
  return stretches;
}
