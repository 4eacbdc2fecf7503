/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Comma-separated values as RFC 4180 writes them: quotes, doubled quotes, line
 * ends within quotes; LF, CRLF and CR end a line; UTF-8, with or without byte
 * order mark.  Errors are GST_STREAM_ERROR_FORMAT and name the line. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  guint line; /* of the record last read, from 1 */

  /* private */
  const gchar *at, *end;
  guint next_line;
} GstMxCsv;

/* `text` must outlive the reader.  FALSE if it is not UTF-8 text. */
gboolean gst_mx_csv_open (
    GstMxCsv *csv, const gchar *text, gsize size, GError **error);

/* The fields of the next record that is not an empty line; NULL at the end,
 * or with `error` set.  Free with g_strfreev(). */
gchar **gst_mx_csv_next (GstMxCsv *csv, GError **error);

/* One record with blanks around its fields, and empty fields, taken away: how
 * properties list names.  NULL, and no error, for a list that says nothing. */
gchar **gst_mx_csv_parse_list (const gchar *list, GError **error);

/* The inverse. */
gchar *gst_mx_csv_format_list (gchar *const *names);

/* At most so many characters of it, whole ones, for a message: g_free(). */
gchar *gst_mx_csv_shorten (const gchar *text, guint most);

G_END_DECLS
