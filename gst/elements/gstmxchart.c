/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxchart.h"

#include "gstmxpage.h"

/* Around the axes. */
#define LEFT 50
#define RIGHT 15
#define TOP 10
#define BOTTOM 40

#define FIFTHS 5

static const struct {
  const gchar *colour, *dashes;
} looks[] = {{"#0072b2", ""}, {"#d55e00", "7 3"}, {"#009e73", "2 3"},
    {"#cc79a7", "9 3 2 3"}, {"#7a5c00", "4 2"}, {"#56b4e9", "1 2"}};

const gchar *
gst_mx_chart_colour (guint i)
{
  return looks[i % G_N_ELEMENTS (looks)].colour;
}

const gchar *
gst_mx_chart_dashes (guint i)
{
  return looks[i % G_N_ELEMENTS (looks)].dashes;
}

gdouble
gst_mx_chart_x (const GstMxChart *self, gdouble value)
{
  return LEFT + (value - self->from) / (self->to - self->from) *
                    (self->width - LEFT - RIGHT);
}

gdouble
gst_mx_chart_y (const GstMxChart *self, gdouble value)
{
  return TOP + (1 - value) / (1 - self->floor) * (self->height - TOP - BOTTOM);
}

static void
append_number (GString *page, gdouble value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (page, g_ascii_formatd (text, sizeof text, "%.1f", value));
}

static void
append_attribute (GString *page, const gchar *name, gdouble value)
{
  g_string_append_printf (page, " %s=\"", name);
  append_number (page, value);
  g_string_append_c (page, '"');
}

void
gst_mx_chart_begin (GstMxChart *self, const gchar *title)
{
  g_string_append_printf (self->page,
      "<figure><svg role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\"><title>",
      (gint)self->width, (gint)self->height, (gint)self->width);
  gst_mx_page_text (self->page, title);
  g_string_append (self->page, "</title>\n");
}

void
gst_mx_chart_caption (GstMxChart *self)
{
  g_string_append (self->page, "</svg><figcaption>");
}

void
gst_mx_chart_end (GstMxChart *self)
{
  g_string_append (self->page, "</figcaption></figure>\n");
}

static void
append_text (GstMxChart *self, gdouble x, gdouble y, const gchar *anchor,
    const gchar *more, const gchar *text)
{
  g_string_append (self->page, "<text");
  append_attribute (self->page, "x", x);
  append_attribute (self->page, "y", y);
  g_string_append_printf (self->page, " text-anchor=\"%s\"%s>", anchor, more);
  gst_mx_page_text (self->page, text);
  g_string_append (self->page, "</text>\n");
}

void
gst_mx_chart_text (GstMxChart *self, gdouble x, gdouble y, const gchar *anchor,
    const gchar *text)
{
  append_text (self, x, y, anchor, "", text);
}

void
gst_mx_chart_line (GstMxChart *self, const gdouble *x, const gdouble *y,
    guint n, const gchar *look)
{
  g_string_append (self->page, "<polyline points=\"");
  for (guint i = 0; i < n; i++) {
    append_number (self->page, x[i]);
    g_string_append_c (self->page, ',');
    append_number (self->page, y[i]);
    g_string_append_c (self->page, ' ');
  }
  g_string_append_printf (self->page, "\" fill=\"none\" %s/>\n", look);
}

void
gst_mx_chart_circle (
    GstMxChart *self, gdouble x, gdouble y, gdouble r, const gchar *look)
{
  g_string_append (self->page, "<circle");
  append_attribute (self->page, "cx", x);
  append_attribute (self->page, "cy", y);
  append_attribute (self->page, "r", r);
  g_string_append_printf (self->page, " %s/>\n", look);
}

void
gst_mx_chart_box (GstMxChart *self, gdouble x, gdouble y, gdouble width,
    gdouble height, const gchar *colour)
{
  g_string_append (self->page, "<rect");
  append_attribute (self->page, "x", x);
  append_attribute (self->page, "y", y);
  append_attribute (self->page, "width", width);
  append_attribute (self->page, "height", height);
  g_string_append_printf (self->page, " fill=\"%s\"/>\n", colour);
}

static const gchar *
percent (gchar *text, gsize size, gdouble value)
{
  return g_ascii_formatd (text, (gint)size, "%.0f", 100 * value);
}

void
gst_mx_chart_levels (GstMxChart *self)
{
  const gdouble ends[] = {
      gst_mx_chart_x (self, self->from), gst_mx_chart_x (self, self->to)};
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i <= FIFTHS; i++) {
    const gdouble value = self->floor + (1 - self->floor) * i / FIFTHS;
    const gdouble y = gst_mx_chart_y (self, value);

    gst_mx_chart_line (
        self, ends, (const gdouble[]){y, y}, 2, "stroke=\"#ddd\"");
    gst_mx_chart_text (
        self, LEFT - 6, y + 4, "end", percent (text, sizeof text, value));
  }
}

void
gst_mx_chart_axes (GstMxChart *self, const gchar *across, const gchar *up)
{
  const gdouble middle = (TOP + self->height - BOTTOM) / 2;
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];
  gchar *turned;

  gst_mx_chart_levels (self);
  for (guint i = 0; i <= FIFTHS; i++) {
    const gdouble value = self->from + (self->to - self->from) * i / FIFTHS;

    gst_mx_chart_text (self, gst_mx_chart_x (self, value),
        self->height - BOTTOM + 16, "middle",
        self->from == 0 && self->to == 1
            ? percent (text, sizeof text, value)
            : g_ascii_formatd (text, sizeof text, "%.3g", value));
  }
  gst_mx_chart_text (self, (self->width + LEFT - RIGHT) / 2, self->height - 6,
      "middle", across);
  turned = g_strdup_printf (" transform=\"rotate(-90 12 %d)\"", (gint)middle);
  append_text (self, 12, (gint)middle, "middle", turned, up);
  g_free (turned);
}
