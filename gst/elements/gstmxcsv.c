/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxcsv.h"

#include <string.h>

/* No table of examples has that many columns; a hostile line of commas has. */
#define MAX_FIELDS 1024

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static guint
lines_in (const gchar *text, const gchar *end)
{
  guint lines = 0;

  for (; text < end; text++)
    if (*text == '\n' ||
        (*text == '\r' && (text + 1 == end || text[1] != '\n')))
      lines++;
  return lines;
}

gboolean
gst_mx_csv_open (GstMxCsv *csv, const gchar *text, gsize size, GError **error)
{
  const gchar *valid;

  if (!g_utf8_validate (text, size, &valid)) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "line %u is not UTF-8 text", 1 + lines_in (text, valid));
    return FALSE;
  }
  *csv = (GstMxCsv){.at = text, .end = text + size, .next_line = 1};
  if (size >= 3 && memcmp (text, BYTE_ORDER_MARK, 3) == 0)
    csv->at += 3;
  return TRUE;
}

static gboolean
at_line_end (const GstMxCsv *csv)
{
  return csv->at == csv->end || *csv->at == '\n' || *csv->at == '\r';
}

static void
skip_line_end (GstMxCsv *csv)
{
  if (csv->at == csv->end)
    return;
  if (*csv->at == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n')
    csv->at++;
  csv->at++;
  csv->next_line++;
}

/* Stands behind the opening quote; leaves behind the closing one. */
static gboolean
read_quoted (GstMxCsv *csv, GString *field, GError **error)
{
  for (;;) {
    const gchar *quote = memchr (csv->at, '"', csv->end - csv->at);

    if (!quote) {
      g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
          "line %u opens a quote that nothing closes", csv->next_line);
      return FALSE;
    }
    g_string_append_len (field, csv->at, quote - csv->at);
    csv->next_line += lines_in (csv->at, quote);
    csv->at = quote + 1;
    if (csv->at == csv->end || *csv->at != '"')
      break;
    g_string_append_c (field, '"');
    csv->at++;
  }
  if (!at_line_end (csv) && *csv->at != ',') {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "line %u has text behind a closing quote", csv->next_line);
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_plain (GstMxCsv *csv, GString *field, GError **error)
{
  const gchar *start = csv->at;

  for (; !at_line_end (csv) && *csv->at != ','; csv->at++)
    if (*csv->at == '"') {
      g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
          "line %u has a quote within a field that does not begin with one",
          csv->next_line);
      return FALSE;
    }
  g_string_append_len (field, start, csv->at - start);
  return TRUE;
}

static gchar *
read_field (GstMxCsv *csv, GError **error)
{
  GString *field = g_string_new (NULL);
  gboolean read;

  if (csv->at < csv->end && *csv->at == '"') {
    csv->at++;
    read = read_quoted (csv, field, error);
  } else {
    read = read_plain (csv, field, error);
  }
  return g_string_free (field, !read);
}

static gchar **
read_record (GstMxCsv *csv, GError **error)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func (g_free);

  for (;;) {
    gchar *field = read_field (csv, error);

    if (!field)
      goto failed;
    g_ptr_array_add (fields, field);
    if (at_line_end (csv))
      break;
    if (fields->len == MAX_FIELDS) {
      g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
          "line %u has more than %u fields", csv->line, MAX_FIELDS);
      goto failed;
    }
    csv->at++;
  }
  skip_line_end (csv);
  g_ptr_array_add (fields, NULL);
  return (gchar **)g_ptr_array_free (fields, FALSE);

failed:
  g_ptr_array_free (fields, TRUE);
  return NULL;
}

gchar **
gst_mx_csv_next (GstMxCsv *csv, GError **error)
{
  while (csv->at < csv->end && at_line_end (csv))
    skip_line_end (csv);
  if (csv->at == csv->end)
    return NULL;
  csv->line = csv->next_line;
  return read_record (csv, error);
}

gchar **
gst_mx_csv_parse_list (const gchar *list, GError **error)
{
  GstMxCsv csv;
  gchar **names;
  guint kept = 0;

  if (!list || !gst_mx_csv_open (&csv, list, strlen (list), error))
    return NULL;
  names = gst_mx_csv_next (&csv, error);
  if (!names)
    return NULL;
  if (csv.at < csv.end) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "it has more than one line");
    g_strfreev (names);
    return NULL;
  }
  for (guint i = 0; names[i]; i++) {
    gchar *name = names[i];

    names[i] = NULL;
    if (*g_strstrip (name))
      names[kept++] = name;
    else
      g_free (name);
  }
  if (kept > 0)
    return names;
  g_strfreev (names);
  return NULL;
}

gchar *
gst_mx_csv_format_list (gchar *const *names)
{
  GString *list = g_string_new (NULL);

  for (; *names; names++) {
    if (list->len > 0)
      g_string_append_c (list, ',');
    if (strpbrk (*names, ",\"\r\n")) {
      gchar **parts = g_strsplit (*names, "\"", -1);
      gchar *doubled = g_strjoinv ("\"\"", parts);

      g_string_append_printf (list, "\"%s\"", doubled);
      g_free (doubled);
      g_strfreev (parts);
    } else {
      g_string_append (list, *names);
    }
  }
  return g_string_free (list, FALSE);
}

gchar *
gst_mx_csv_shorten (const gchar *text, guint most)
{
  return g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), most));
}
