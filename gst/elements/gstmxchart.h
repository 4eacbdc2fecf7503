/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A drawing on a page (gstmxpage.h): inline SVG whose axes are fractions, and
 * are written as per cent; the one across may be of other numbers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GString *page;
  gdouble width, height; /* with everything around */
  gdouble floor;         /* up from here to 1 */
  gdouble from, to;      /* across; to > from */
} GstMxChart;

/* Colour and dashes of the @i-th of several: apart for most eyes, and on paper
 * without colours. */
const gchar *gst_mx_chart_colour (guint i);
const gchar *gst_mx_chart_dashes (guint i);

/* @title: for who hears the page; a plain text, as all text here. */
void gst_mx_chart_begin (GstMxChart *self, const gchar *title);
void gst_mx_chart_axes (GstMxChart *self, const gchar *across, const gchar *up);
/* The lines of every fifth, and their numbers. */
void gst_mx_chart_levels (GstMxChart *self);
/* Closes the drawing; what is written until gst_mx_chart_end() stands below. */
void gst_mx_chart_caption (GstMxChart *self);
void gst_mx_chart_end (GstMxChart *self);

/* From a place on the axes to one of the drawing. */
gdouble gst_mx_chart_x (const GstMxChart *self, gdouble value);
gdouble gst_mx_chart_y (const GstMxChart *self, gdouble value);

/* --- in places of the drawing --- */

void gst_mx_chart_text (GstMxChart *self, gdouble x, gdouble y,
    const gchar *anchor, const gchar *text);
/* @x, @y: of @n places.  @look: attributes. */
void gst_mx_chart_line (GstMxChart *self, const gdouble *x, const gdouble *y,
    guint n, const gchar *look);
void gst_mx_chart_circle (
    GstMxChart *self, gdouble x, gdouble y, gdouble r, const gchar *look);
void gst_mx_chart_box (GstMxChart *self, gdouble x, gdouble y, gdouble width,
    gdouble height, const gchar *colour);

G_END_DECLS
