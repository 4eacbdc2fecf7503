/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxpage.h"

#include <gio/gio.h>
#include <math.h>

#include "mx-page-resource.h"

#define NO_BREAK "\302\240"
#define DASH "\342\200\223"

void
gst_mx_page_text (GString *page, const gchar *text)
{
  gchar *escaped = g_markup_escape_text (text, -1);

  g_string_append (page, escaped);
  g_free (escaped);
}

static void
append (GString *page, const gchar *format, gdouble value, const gchar *unit)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (page, g_ascii_formatd (text, sizeof text, format, value));
  g_string_append (page, unit);
}

static void
append_duration (GString *page, gdouble ns)
{
  static const struct {
    gdouble size;
    const gchar *unit;
  } units[] = {{1e9, NO_BREAK "s"}, {1e6, NO_BREAK "ms"},
      {1e3, NO_BREAK "\302\265s"}, {1, NO_BREAK "ns"}};
  guint i = 0;

  /* What %.3g rounds up to 1000 is one of the larger unit; nothing is none of
   * the smallest one. */
  while (ns != 0 && i < G_N_ELEMENTS (units) - 1 && ns < 0.9995 * units[i].size)
    i++;
  /* Where a stretch of a long recording begins takes more than three digits. */
  append (page, ns < 1e11 ? "%.3g" : "%.1f", ns / units[i].size, units[i].unit);
}

void
gst_mx_page_value (GString *page, GstMxPageForm form, gdouble value)
{
  if (!isfinite (value)) {
    g_string_append (page, DASH);
    return;
  }
  switch (form) {
  case GST_MX_PAGE_COUNT:
    append (page, "%.0f", value, "");
    break;
  case GST_MX_PAGE_PERCENT:
    append (page, "%.1f", 100 * value, NO_BREAK "%");
    break;
  case GST_MX_PAGE_NUMBER:
    append (page, "%.2f", value, "");
    break;
  case GST_MX_PAGE_DURATION:
    append_duration (page, value);
    break;
  }
}

void
gst_mx_page_begin (GString *page, const gchar *title)
{
  GBytes *style = g_resource_lookup_data (mx_page_get_resource (),
      "/org/multiexit/page.css", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_string_append (page,
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>");
  gst_mx_page_text (page, title);
  g_string_append (page, "</title>\n<style>\n");
  g_string_append_len (
      page, g_bytes_get_data (style, NULL), (gssize)g_bytes_get_size (style));
  g_string_append (page, "</style></head><body>\n<h1>");
  gst_mx_page_text (page, title);
  g_string_append (page, "</h1>\n");
  g_bytes_unref (style);
}

void
gst_mx_page_end (GString *page)
{
  g_string_append (page, "</body></html>\n");
}

void
gst_mx_page_table_begin (
    GString *page, const gchar *kind, const gchar *const *head, guint columns)
{
  g_string_append_printf (
      page, "<div class=\"wide\"><table class=\"%s\"><thead><tr>", kind);
  for (guint i = 0; i < columns; i++) {
    g_string_append (page, "<th scope=\"col\">");
    gst_mx_page_text (page, head[i]);
    g_string_append (page, "</th>");
  }
  g_string_append (page, "</tr></thead><tbody>\n");
}

void
gst_mx_page_table_end (GString *page)
{
  g_string_append (page, "</tbody></table></div>\n");
}

void
gst_mx_page_cell_text (GString *page, const gchar *text)
{
  g_string_append (page, "<td>");
  gst_mx_page_text (page, text);
  g_string_append (page, "</td>");
}

void
gst_mx_page_cell (GString *page, GstMxPageForm form, gdouble value)
{
  g_string_append (page, "<td>");
  gst_mx_page_value (page, form, value);
  g_string_append (page, "</td>");
}
