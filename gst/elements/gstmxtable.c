/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtable.h"

#include <glib/gstdio.h>
#include <string.h>

#include "gstmxcsv.h"

#define MAX_SIZE (G_GUINT64_CONSTANT (1) << 30)

typedef struct {
  guint width;
  gint at[GST_MX_TABLE_MAX_COLUMNS]; /* -1: no such column */
} Header;

static gboolean
find_columns (Header *header, const GstMxTableFormat *format, gchar **fields,
    GError **error)
{
  header->width = g_strv_length (fields);
  for (guint column = 0; column < format->n_columns; column++)
    header->at[column] = -1;
  for (guint i = 0; fields[i]; i++) {
    g_strstrip (fields[i]);
    for (guint column = 0; column < format->n_columns; column++) {
      if (strcmp (fields[i], format->columns[column]) != 0)
        continue;
      if (header->at[column] >= 0) {
        g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
            "two columns are called '%s'", fields[i]);
        return FALSE;
      }
      header->at[column] = i;
    }
  }
  return TRUE;
}

static gboolean
read_header (Header *header, const GstMxTableFormat *format, gchar **fields,
    GError **error)
{
  if (!find_columns (header, format, fields, error))
    return FALSE;
  for (guint column = 0; column < format->n_needed; column++) {
    gchar *found, *shown;

    if (header->at[column] >= 0)
      continue;
    found = g_strjoinv (", ", fields);
    shown = gst_mx_csv_shorten (found, 200);
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "no column '%s' in the first line, which has: %s",
        format->columns[column], shown);
    g_free (shown);
    g_free (found);
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_record (const Header *header, const GstMxTableFormat *format,
    gchar **fields, guint line, GstMxTableFunc func, gpointer user_data,
    GError **error)
{
  gchar *values[GST_MX_TABLE_MAX_COLUMNS];
  guint width = g_strv_length (fields);

  if (width != header->width) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "line %u has %u fields, expected %u", line, width, header->width);
    return FALSE;
  }
  for (guint column = 0; column < format->n_columns; column++)
    values[column] = header->at[column] < 0 ? NULL : fields[header->at[column]];
  return func (values, line, user_data, error);
}

static void
set_empty_error (const GstMxTableFormat *format, GError **error)
{
  GString *columns = g_string_new (NULL);

  for (guint column = 0; column < format->n_needed; column++)
    g_string_append_printf (
        columns, "%s%s", column ? "," : "", format->columns[column]);
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "it is empty, expected a first line with the columns %s", columns->str);
  g_string_free (columns, TRUE);
}

gboolean
gst_mx_table_parse (const gchar *text, gsize size,
    const GstMxTableFormat *format, GstMxTableFunc func, gpointer user_data,
    GError **error)
{
  Header header;
  GstMxCsv csv;
  gchar **fields;
  GError *cause = NULL;
  gboolean read;

  if (!gst_mx_csv_open (&csv, text, size, error))
    return FALSE;
  fields = gst_mx_csv_next (&csv, &cause);
  if (!fields) {
    if (cause)
      g_propagate_error (error, cause);
    else
      set_empty_error (format, error);
    return FALSE;
  }
  read = read_header (&header, format, fields, error);
  while (read) {
    g_strfreev (fields);
    fields = gst_mx_csv_next (&csv, &cause);
    if (!fields)
      break;
    read =
        read_record (&header, format, fields, csv.line, func, user_data, error);
  }
  g_strfreev (fields);
  if (cause)
    g_propagate_error (error, cause);
  return read && !cause;
}

static gboolean
load (const gchar *filename, gchar **text, gsize *size, GError **error)
{
  GStatBuf status;

  if (!g_file_test (filename, G_FILE_TEST_IS_REGULAR) ||
      g_stat (filename, &status) != 0 || (guint64)status.st_size > MAX_SIZE) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
        "expected a regular file of at most %" G_GUINT64_FORMAT " bytes",
        MAX_SIZE);
    return FALSE;
  }
  return g_file_get_contents (filename, text, size, error);
}

gboolean
gst_mx_table_read (const gchar *filename, const GstMxTableFormat *format,
    GstMxTableFunc func, gpointer user_data, GError **error)
{
  gchar *text = NULL, *shown;
  GError *cause = NULL;
  gboolean ours;
  gsize size;

  if (load (filename, &text, &size, &cause))
    gst_mx_table_parse (text, size, format, func, user_data, &cause);
  g_free (text);
  if (!cause)
    return TRUE;
  ours = cause->domain == GST_STREAM_ERROR;
  shown = g_filename_display_name (filename);
  g_set_error (error, ours ? GST_STREAM_ERROR : GST_RESOURCE_ERROR,
      ours ? (gint)GST_STREAM_ERROR_FORMAT : GST_RESOURCE_ERROR_OPEN_READ,
      "%s %s: %s", format->what, shown, cause->message);
  g_free (shown);
  g_error_free (cause);
  return FALSE;
}
