/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxreportplots.h"

#include <math.h>

#include "gstmxchart.h"
#include "gstmxpage.h"

/* Where the keys begin. */
#define KEYS 300

/* --- quality against cost --- */

static void
lower (gdouble *least, gdouble value)
{
  if (value < *least)
    *least = value;
}

/* Where the accuracies begin, in steps of a tenth; a step lower if some lie
 * near the edge, where numbers stand. */
static gdouble
floor_of (GstMxReport *const *reports, guint n)
{
  gdouble least = 1, tenth;

  for (guint i = 0; i < n; i++) {
    JsonObject *fields = reports[i]->fields;
    const guint points = gst_mx_report_count (fields, "curve/points");
    const guint exits = gst_mx_report_count (fields, "windows/all-exits");

    lower (&least, gst_mx_report_number (fields, "windows/accuracy"));
    for (guint p = 0; p < points; p++)
      lower (&least,
          gst_mx_report_number (
              gst_mx_report_element (fields, "curve/points", p), "accuracy"));
    for (guint e = 0; e < exits; e++)
      lower (&least, gst_mx_report_number (
                         gst_mx_report_element (fields, "windows/all-exits", e),
                         "accuracy"));
  }
  tenth = floor (least * 10) / 10;
  if (least - tenth < .02)
    tenth -= .1;
  return CLAMP (tenth, 0, .9);
}

/* FALSE: it has no place. */
static gboolean
place (const GstMxChart *chart, JsonObject *scores, gdouble *x, gdouble *y)
{
  const gdouble cost = gst_mx_report_number (scores, "mean-cost");
  const gdouble accuracy = gst_mx_report_number (scores, "accuracy");

  if (!(cost >= 0) || !(accuracy >= 0))
    return FALSE;
  *x = gst_mx_chart_x (chart, MIN (cost, 1));
  *y = gst_mx_chart_y (chart, MIN (accuracy, 1));
  return TRUE;
}

static void
draw_curve (GstMxChart *chart, JsonObject *fields, const gchar *look)
{
  const guint n = gst_mx_report_count (fields, "curve/points");
  gdouble *x = g_new (gdouble, n + 1), *y = g_new (gdouble, n + 1);
  guint points = 0;

  for (guint i = 0; i < n; i++)
    if (place (chart, gst_mx_report_element (fields, "curve/points", i),
            &x[points], &y[points]))
      points++;
  if (points > 0)
    gst_mx_chart_line (chart, x, y, points, look);
  g_free (x);
  g_free (y);
}

static void
draw_exits (GstMxChart *chart, JsonObject *windows, const gchar *colour)
{
  const guint n = gst_mx_report_count (windows, "all-exits");
  gchar *look = g_strdup_printf ("fill=\"#fff\" stroke=\"%s\"", colour);
  gdouble x, y;

  for (guint e = 0; e < n; e++) {
    gchar *number = g_strdup_printf ("%u", e + 1);

    if (place (
            chart, gst_mx_report_element (windows, "all-exits", e), &x, &y)) {
      gst_mx_chart_circle (chart, x, y, 3, look);
      gst_mx_chart_text (chart, x, y + 15, "middle", number);
    }
    g_free (number);
  }
  g_free (look);
}

/* The @i-th of @n keys, in the lower right corner. */
static void
draw_key (
    GstMxChart *chart, const gchar *name, const gchar *look, guint i, guint n)
{
  const gdouble y =
      gst_mx_chart_y (chart, chart->floor) - 12 - 16.0 * (n - 1 - i);

  gst_mx_chart_line (chart, (const gdouble[]){KEYS, KEYS + 25},
      (const gdouble[]){y - 4, y - 4}, 2, look);
  gst_mx_chart_text (chart, KEYS + 30, y, "start", name);
}

void
gst_mx_report_plot_quality (GString *page, GstMxReport *const *reports, guint n)
{
  GstMxChart chart = {page, 480, 340, floor_of (reports, n), 0, 1};

  gst_mx_chart_begin (&chart, "Accuracy against cost");
  gst_mx_chart_axes (
      &chart, "mean cost, % of the whole network", "accuracy of windows, %");
  for (guint i = 0; i < n; i++) {
    JsonObject *windows = gst_mx_report_object (reports[i]->fields, "windows");
    const gchar *colour = gst_mx_chart_colour (i);
    gchar *look = g_strdup_printf (
        "stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"", colour,
        gst_mx_chart_dashes (i));
    gdouble x, y;

    draw_curve (&chart, reports[i]->fields, look);
    draw_exits (&chart, windows, colour);
    if (place (&chart, windows, &x, &y))
      gst_mx_chart_box (&chart, x - 4, y - 4, 8, 8, colour);
    draw_key (&chart, reports[i]->name, look, i, n);
    g_free (look);
  }
  gst_mx_chart_caption (&chart);
  g_string_append (page, "Line: all thresholds. Circles: each exit alone. "
                         "Square: as it was answered.");
  gst_mx_chart_end (&chart);
}

/* --- of one report --- */

void
gst_mx_report_plot_depths (GString *page, JsonObject *windows)
{
  const guint exits = gst_mx_report_count (windows, "per-exit");
  const gdouble total = gst_mx_report_number (windows, "count");
  GstMxChart chart = {page, 300, 220, 0, 0, 1};

  gst_mx_chart_begin (&chart, "Windows answered by each exit");
  gst_mx_chart_levels (&chart);
  for (guint e = 0; e < exits; e++) {
    const gdouble count = gst_mx_report_number (
        gst_mx_report_element (windows, "per-exit", e), "count");
    const gdouble x0 = gst_mx_chart_x (&chart, (e + .15) / exits);
    const gdouble x1 = gst_mx_chart_x (&chart, (e + .85) / exits);
    const gdouble y0 = gst_mx_chart_y (&chart, 0);
    gchar *number = g_strdup_printf ("%u", e + 1);

    if (count <= total && total > 0) {
      const gdouble y1 = gst_mx_chart_y (&chart, count / total);

      gst_mx_chart_box (
          &chart, x0, y1, x1 - x0, y0 - y1, gst_mx_chart_colour (0));
    }
    gst_mx_chart_text (&chart, (x0 + x1) / 2, y0 + 16, "middle", number);
    g_free (number);
  }
  gst_mx_chart_text (
      &chart, gst_mx_chart_x (&chart, .5), 214, "middle", "exit");
  gst_mx_chart_caption (&chart);
  g_string_append (page, "Windows answered by each exit, %");
  gst_mx_chart_end (&chart);
}

void
gst_mx_report_plot_reliability (
    GString *page, JsonObject *scores, const gchar *caption)
{
  const guint bins = gst_mx_report_count (scores, "calibration");
  const gdouble total = gst_mx_report_number (scores, "labelled");
  gchar *title = g_strconcat ("Reliability: ", caption, NULL);
  gchar *look = g_strdup_printf (
      "fill=\"%s\" fill-opacity=\".6\"", gst_mx_chart_colour (0));
  GstMxChart chart = {page, 230, 230, 0, 0, 1};

  gst_mx_chart_begin (&chart, title);
  gst_mx_chart_axes (&chart, "confidence, %", "right, %");
  gst_mx_chart_line (&chart,
      (const gdouble[]){gst_mx_chart_x (&chart, 0), gst_mx_chart_x (&chart, 1)},
      (const gdouble[]){gst_mx_chart_y (&chart, 0), gst_mx_chart_y (&chart, 1)},
      2, "stroke=\"#888\" stroke-dasharray=\"3 3\"");
  for (guint b = 0; b < bins; b++) {
    JsonObject *bin = gst_mx_report_element (scores, "calibration", b);
    const gdouble labelled = gst_mx_report_number (bin, "labelled");
    const gdouble confidence = gst_mx_report_number (bin, "confidence");
    const gdouble accuracy = gst_mx_report_number (bin, "accuracy");

    if (labelled > 0 && labelled <= total && confidence >= 0 && accuracy >= 0)
      gst_mx_chart_circle (&chart, gst_mx_chart_x (&chart, MIN (confidence, 1)),
          gst_mx_chart_y (&chart, MIN (accuracy, 1)),
          2 + 8 * sqrt (labelled / total), look);
  }
  gst_mx_chart_caption (&chart);
  gst_mx_page_text (page, caption);
  g_string_append (page, ": calibration error ");
  gst_mx_page_value (page, GST_MX_PAGE_PERCENT,
      gst_mx_report_number (scores, "calibration-error"));
  gst_mx_chart_end (&chart);
  g_free (title);
  g_free (look);
}
