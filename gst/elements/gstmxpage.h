/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* An HTML page that holds everything it shows: no scripts, no fonts, no
 * pictures from elsewhere.  It is a GString that grows; numbers are written the
 * same in any locale. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a value is written.  NaN, which stands for what is not defined, is always
 * a dash. */
typedef enum {
  GST_MX_PAGE_COUNT,
  GST_MX_PAGE_PERCENT, /* of a fraction: 93.1 % */
  GST_MX_PAGE_NUMBER,  /* two decimals */
  GST_MX_PAGE_DURATION /* of ns: 1.2 ms */
} GstMxPageForm;

/* @title: plain text, as all text here. */
void gst_mx_page_begin (GString *page, const gchar *title);
void gst_mx_page_end (GString *page);

void gst_mx_page_text (GString *page, const gchar *text);
void gst_mx_page_value (GString *page, GstMxPageForm form, gdouble value);

/* A table: its head, a row of cells for each line, its end. */
void gst_mx_page_table_begin (
    GString *page, const gchar *kind, const gchar *const *head, guint columns);
void gst_mx_page_table_end (GString *page);
void gst_mx_page_cell_text (GString *page, const gchar *text);
void gst_mx_page_cell (GString *page, GstMxPageForm form, gdouble value);

G_END_DECLS
