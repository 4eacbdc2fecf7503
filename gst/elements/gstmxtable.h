/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A file of comma-separated values whose first line names its columns: the
 * order of columns is free, those nobody asks for are passed over. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_MX_TABLE_MAX_COLUMNS 8

typedef struct {
  const gchar *what;           /* for messages: "Manifest" */
  const gchar *const *columns; /* up to GST_MX_TABLE_MAX_COLUMNS names */
  guint n_columns, n_needed;   /* the first ones must be there */
} GstMxTableFormat;

/* `values`: [n_columns], NULL for a column that the file does not have; live as
 * long as the call.  FALSE, with an error that need not name the file, ends
 * the reading. */
typedef gboolean (*GstMxTableFunc) (
    gchar *const *values, guint line, gpointer user_data, GError **error);

/* Errors name the file, and the line where there is one. */
gboolean gst_mx_table_read (const gchar *filename,
    const GstMxTableFormat *format, GstMxTableFunc func, gpointer user_data,
    GError **error);

/* The same for a text that is already there; errors do not name the file. */
gboolean gst_mx_table_parse (const gchar *text, gsize size,
    const GstMxTableFormat *format, GstMxTableFunc func, gpointer user_data,
    GError **error);

G_END_DECLS
