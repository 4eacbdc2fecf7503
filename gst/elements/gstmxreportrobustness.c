/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxreportrobustness.h"

#include <math.h>

#include "gstmxchart.h"
#include "gstmxpage.h"

/* By condition in the order of the reports, by level and by model. */
typedef struct {
  GstMxReport *const *reports;
  guint n;
  GPtrArray *names; /* of models, each once */
} Group;

static gint
compare_levels (gconstpointer a, gconstpointer b)
{
  const GstMxReport *left = *(GstMxReport *const *)a;
  const GstMxReport *right = *(GstMxReport *const *)b;

  return (left->level > right->level) - (left->level < right->level);
}

/* The one of the model @name that was not spoilt; NULL: there is none. */
static const GstMxReport *
find_plain (GstMxReport *const *reports, guint n, const gchar *name)
{
  for (guint i = 0; i < n; i++)
    if (reports[i]->condition == NULL && g_str_equal (reports[i]->name, name))
      return reports[i];
  return NULL;
}

/* --- drawings --- */

/* @exit: from 1; 0: as answered. */
static gdouble
value_of (const GstMxReport *report, guint exit, const gchar *field)
{
  JsonObject *scores = gst_mx_report_object (report->fields, "windows");

  if (exit > gst_mx_report_count (scores, "all-exits"))
    return NAN;
  if (exit > 0)
    scores = gst_mx_report_element (scores, "all-exits", exit - 1);
  return gst_mx_report_number (scores, field);
}

static void
draw_line (GstMxChart *chart, const Group *group, const gchar *name, guint exit,
    const gchar *field, guint look_number)
{
  gdouble *x = g_new (gdouble, group->n), *y = g_new (gdouble, group->n);
  gchar *look = g_strdup_printf ("stroke=\"%s\" stroke-width=\"2\" "
                                 "stroke-dasharray=\"%s\"",
      gst_mx_chart_colour (look_number), gst_mx_chart_dashes (look_number));
  guint points = 0;

  for (guint i = 0; i < group->n; i++) {
    const gdouble value = value_of (group->reports[i], exit, field);

    if (!g_str_equal (group->reports[i]->name, name) || !(value >= 0))
      continue;
    x[points] = gst_mx_chart_x (chart, group->reports[i]->level);
    y[points++] = gst_mx_chart_y (chart, MIN (value, 1));
  }
  if (points > 0)
    gst_mx_chart_line (chart, x, y, points, look);
  g_free (look);
  g_free (x);
  g_free (y);
}

static void
add_key (GString *page, guint look_number, const gchar *name)
{
  g_string_append_printf (page,
      "<li><svg width=\"28\" height=\"8\"><line x1=\"0\" x2=\"28\" y1=\"4\" "
      "y2=\"4\" stroke=\"%s\" stroke-width=\"2\" "
      "stroke-dasharray=\"%s\"/></svg> ",
      gst_mx_chart_colour (look_number), gst_mx_chart_dashes (look_number));
  gst_mx_page_text (page, name);
  g_string_append (page, "</li>");
}

static guint
count_exits (const Group *group)
{
  guint exits = 0;

  for (guint i = 0; i < group->n; i++)
    exits = MAX (exits,
        gst_mx_report_count (group->reports[i]->fields, "windows/all-exits"));
  return exits;
}

/* @exits: of the one model, 0: none is drawn. */
static void
add_keys (GString *page, const Group *group, guint exits)
{
  g_string_append (page, "<ul class=\"keys\">");
  for (guint m = 0; m < group->names->len; m++)
    add_key (page, m,
        exits > 0 ? "as answered" : g_ptr_array_index (group->names, m));
  for (guint e = 1; e <= exits; e++) {
    gchar *name = g_strdup_printf ("exit %u", e);

    add_key (page, e, name);
    g_free (name);
  }
  g_string_append (page, "</ul>");
}

/* Of one model each exit; of several how they answered. */
static void
draw_lines (
    GstMxChart *chart, const Group *group, const gchar *field, gboolean exits)
{
  const guint n = exits && group->names->len == 1 ? count_exits (group) : 0;

  for (guint m = 0; m < group->names->len; m++)
    draw_line (chart, group, g_ptr_array_index (group->names, m), 0, field, m);
  for (guint e = 1; e <= n; e++)
    draw_line (chart, group, g_ptr_array_index (group->names, 0), e, field, e);
  gst_mx_chart_caption (chart);
  if (group->names->len + n > 1)
    add_keys (chart->page, group, n);
  gst_mx_chart_end (chart);
}

static void
add_drawings (GString *page, const Group *group)
{
  const gchar *condition = group->reports[0]->condition;
  const gdouble from = group->reports[0]->level;
  const gdouble to = group->reports[group->n - 1]->level;
  GstMxChart accuracy = {page, 400, 280, 0, from, to > from ? to : from + 1};
  GstMxChart cost = accuracy;

  g_string_append (page, "<div class=\"some\">");
  gst_mx_chart_begin (&accuracy, "Accuracy against the level");
  gst_mx_chart_axes (&accuracy, condition, "accuracy of windows, %");
  draw_lines (&accuracy, group, "accuracy", TRUE);
  gst_mx_chart_begin (&cost, "Cost against the level");
  gst_mx_chart_axes (&cost, condition, "mean cost, %");
  draw_lines (&cost, group, "mean-cost", FALSE);
  g_string_append (page, "</div>\n");
}

/* --- tables --- */

static void
add_row (GString *page, const GstMxReport *report, const gchar *level)
{
  JsonObject *windows = gst_mx_report_object (report->fields, "windows");
  const guint exits = gst_mx_report_count (windows, "all-exits");

  g_string_append (page, "<tr>");
  gst_mx_page_cell_text (page, level);
  gst_mx_page_cell_text (page, report->name);
  gst_mx_page_cell (
      page, GST_MX_PAGE_PERCENT, value_of (report, 0, "accuracy"));
  gst_mx_page_cell (
      page, GST_MX_PAGE_NUMBER, value_of (report, 0, "mean-exit"));
  gst_mx_page_cell (
      page, GST_MX_PAGE_PERCENT, value_of (report, 0, "mean-cost"));
  gst_mx_page_cell (
      page, GST_MX_PAGE_PERCENT, value_of (report, 1, "accuracy"));
  gst_mx_page_cell (page, GST_MX_PAGE_PERCENT,
      exits > 0 ? value_of (report, exits, "accuracy") : NAN);
  gst_mx_page_cell (page, GST_MX_PAGE_PERCENT,
      gst_mx_report_number (report->fields, "curve/area"));
  g_string_append (page, "</tr>\n");
}

static void
add_table (GString *page, const Group *group, GstMxReport *const *all, guint n)
{
  const gchar *const head[] = {group->reports[0]->condition, "model",
      "accuracy", "mean exit", "cost", "exit 1", "last exit",
      "area of all thresholds"};
  gchar level[G_ASCII_DTOSTR_BUF_SIZE];

  gst_mx_page_table_begin (page, "", head, G_N_ELEMENTS (head));
  for (guint m = 0; m < group->names->len; m++) {
    const GstMxReport *plain =
        find_plain (all, n, g_ptr_array_index (group->names, m));

    if (plain != NULL)
      add_row (page, plain, "as it is");
  }
  for (guint i = 0; i < group->n; i++)
    add_row (page, group->reports[i],
        g_ascii_formatd (
            level, sizeof level, "%.4g", group->reports[i]->level));
  gst_mx_page_table_end (page);
}

/* --- all --- */

static void
add_name (GPtrArray *names, gchar *name)
{
  if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, name);
}

static void
add_condition (
    GString *page, const gchar *condition, GstMxReport *const *all, guint n)
{
  GPtrArray *reports = g_ptr_array_new ();
  Group group = {.names = g_ptr_array_new ()};

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (all[i]->condition, condition) == 0) {
      g_ptr_array_add (reports, all[i]);
      add_name (group.names, all[i]->name);
    }
  g_ptr_array_sort (reports, compare_levels);
  group.reports = (GstMxReport *const *)reports->pdata;
  group.n = reports->len;
  g_string_append (page, "<h3>");
  gst_mx_page_text (page, condition);
  g_string_append (page, "</h3>\n");
  add_drawings (page, &group);
  add_table (page, &group, all, n);
  g_ptr_array_unref (reports);
  g_ptr_array_unref (group.names);
}

void
gst_mx_report_robustness_add (
    GString *page, GstMxReport *const *reports, guint n)
{
  GPtrArray *conditions = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    if (reports[i]->condition != NULL)
      add_name (conditions, (gchar *)reports[i]->condition);
  if (conditions->len > 0)
    g_string_append (page, "<h2>Robustness</h2>\n");
  for (guint i = 0; i < conditions->len; i++)
    add_condition (page, g_ptr_array_index (conditions, i), reports, n);
  g_ptr_array_unref (conditions);
}
