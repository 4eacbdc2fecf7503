/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxreportpage.h"

#include <math.h>

#include "gstmxpage.h"
#include "gstmxreportplots.h"
#include "gstmxreportrobustness.h"

/* A larger matrix is a list of its most frequent mistakes. */
#define MOST_CLASSES 30

#define MOST_COLUMNS 12

typedef struct {
  const gchar *title, *path; /* path NULL: the number of the row, from 1 */
  GstMxPageForm form;
  gboolean text;
} Column;

#define COUNT(title, path)                                                     \
  {                                                                            \
    title, path, GST_MX_PAGE_COUNT, FALSE                                      \
  }
#define PERCENT(title, path)                                                   \
  {                                                                            \
    title, path, GST_MX_PAGE_PERCENT, FALSE                                    \
  }
#define NUMBER(title, path)                                                    \
  {                                                                            \
    title, path, GST_MX_PAGE_NUMBER, FALSE                                     \
  }
#define DURATION(title, path)                                                  \
  {                                                                            \
    title, path, GST_MX_PAGE_DURATION, FALSE                                   \
  }
#define TEXT(title, path)                                                      \
  {                                                                            \
    title, path, GST_MX_PAGE_COUNT, TRUE                                       \
  }

/* --- tables --- */

static void
begin_table (GString *page, const Column *columns, guint n)
{
  const gchar *head[MOST_COLUMNS];

  g_assert (n <= MOST_COLUMNS);
  for (guint c = 0; c < n; c++)
    head[c] = columns[c].title;
  gst_mx_page_table_begin (page, "", head, n);
}

static void
add_cells (GString *page, const Column *columns, guint n, JsonObject *row,
    guint number)
{
  for (guint c = 0; c < n; c++) {
    if (columns[c].path == NULL)
      gst_mx_page_cell (page, GST_MX_PAGE_COUNT, number);
    else if (columns[c].text)
      gst_mx_page_cell_text (page, gst_mx_report_text (row, columns[c].path));
    else
      gst_mx_page_cell (
          page, columns[c].form, gst_mx_report_number (row, columns[c].path));
  }
}

/* @rows: a path to an array of objects. */
static void
add_table (GString *page, const Column *columns, guint n, JsonObject *fields,
    const gchar *rows)
{
  const guint count = gst_mx_report_count (fields, rows);

  begin_table (page, columns, n);
  for (guint i = 0; i < count; i++) {
    g_string_append (page, "<tr>");
    add_cells (
        page, columns, n, gst_mx_report_element (fields, rows, i), i + 1);
    g_string_append (page, "</tr>\n");
  }
  gst_mx_page_table_end (page);
}

static void
add_heading (GString *page, const gchar *text)
{
  g_string_append_printf (page, "<h3>%s</h3>\n", text);
}

/* --- confusion --- */

static const gchar *
label_of (JsonObject *fields, guint class)
{
  return gst_mx_report_text (
      gst_mx_report_element (fields, "classes", class), "label");
}

/* NULL: there is no such row. */
static JsonArray *
row_of (JsonArray *confusion, guint label)
{
  JsonNode *node = label < json_array_get_length (confusion)
                       ? json_array_get_element (confusion, label)
                       : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node)
             ? json_node_get_array (node)
             : NULL;
}

/* NAN: there is no such cell, or no finite number in it. */
static gdouble
cell_of (JsonArray *confusion, guint label, guint answer)
{
  JsonArray *row = row_of (confusion, label);
  JsonNode *node = row != NULL && answer < json_array_get_length (row)
                       ? json_array_get_element (row, answer)
                       : NULL;
  const gdouble count = node != NULL && JSON_NODE_HOLDS_VALUE (node)
                            ? json_node_get_double (node)
                            : NAN;

  return isfinite (count) ? count : NAN;
}

/* The more of its row, the darker. */
static void
add_matrix_row (GString *page, JsonObject *fields, JsonArray *confusion,
    guint label, guint n)
{
  gdouble sum = 0;

  for (guint a = 0; a < n; a++)
    sum += fmax (cell_of (confusion, label, a), 0);
  g_string_append (page, "<tr><th scope=\"row\">");
  gst_mx_page_text (page, label_of (fields, label));
  g_string_append (page, "</th>");
  for (guint a = 0; a < n; a++) {
    const gdouble count = fmax (cell_of (confusion, label, a), 0);
    const gdouble share = sum > 0 ? count / sum : 0;

    g_string_append_printf (page, "<td style=\"background: rgb(%d %d 255)\">",
        255 - (gint)(170 * share), 255 - (gint)(90 * share));
    if (count > 0)
      gst_mx_page_value (page, GST_MX_PAGE_COUNT, count);
    g_string_append (page, "</td>");
  }
  g_string_append (page, "</tr>\n");
}

static void
add_matrix (GString *page, JsonObject *fields, JsonArray *confusion, guint n)
{
  const gchar *head[MOST_CLASSES + 1] = {""};

  for (guint i = 0; i < n; i++)
    head[i + 1] = label_of (fields, i);
  gst_mx_page_table_begin (page, "matrix", head, n + 1);
  for (guint i = 0; i < n; i++)
    add_matrix_row (page, fields, confusion, i, n);
  gst_mx_page_table_end (page);
}

typedef struct {
  gdouble count;
  guint label, answer;
} Mistake;

static gint
compare_mistakes (gconstpointer a, gconstpointer b)
{
  const Mistake *left = a, *right = b;

  if (left->count != right->count)
    return left->count < right->count ? 1 : -1;
  if (left->label != right->label)
    return left->label < right->label ? -1 : 1;
  return left->answer < right->answer ? -1 : left->answer > right->answer;
}

/* Of @n labels those that have a row, cell by cell: a file may have many labels
 * and no matrix. */
static GArray *
list_mistakes (JsonArray *confusion, guint n)
{
  GArray *mistakes = g_array_new (FALSE, FALSE, sizeof (Mistake));

  for (guint l = 0; l < n; l++) {
    JsonArray *row = row_of (confusion, l);
    const guint width = row != NULL ? json_array_get_length (row) : 0;

    for (guint a = 0; a < MIN (n, width); a++) {
      const Mistake mistake = {cell_of (confusion, l, a), l, a};

      if (l != a && mistake.count > 0)
        g_array_append_val (mistakes, mistake);
    }
  }
  g_array_sort (mistakes, compare_mistakes);
  return mistakes;
}

static void
add_mistakes (GString *page, JsonObject *fields, JsonArray *confusion, guint n)
{
  static const gchar *const head[] = {"label", "answer", "examples"};
  GArray *mistakes = list_mistakes (confusion, n);

  gst_mx_page_table_begin (page, "", head, G_N_ELEMENTS (head));
  for (guint i = 0; i < MIN (mistakes->len, MOST_CLASSES); i++) {
    const Mistake *mistake = &g_array_index (mistakes, Mistake, i);

    g_string_append (page, "<tr>");
    gst_mx_page_cell_text (page, label_of (fields, mistake->label));
    gst_mx_page_cell_text (page, label_of (fields, mistake->answer));
    gst_mx_page_cell (page, GST_MX_PAGE_COUNT, mistake->count);
    g_string_append (page, "</tr>\n");
  }
  gst_mx_page_table_end (page);
  g_array_unref (mistakes);
}

static void
add_confusion (GString *page, JsonObject *fields)
{
  const guint n = gst_mx_report_count (fields, "classes");
  JsonArray *confusion = gst_mx_report_array (fields, "confusion");

  add_heading (page, "Confusion");
  if (n > MOST_CLASSES) {
    g_string_append (page, "<p>The most frequent mistakes.</p>\n");
    add_mistakes (page, fields, confusion, n);
  } else {
    g_string_append (
        page, "<p>A row for each label, a column for each answer.</p>\n");
    add_matrix (page, fields, confusion, n);
  }
}

/* --- one report --- */

static void
add_exits (GString *page, JsonObject *windows)
{
  static const Column columns[] = {{"exit", NULL},
      PERCENT ("cost", "mean-cost"), PERCENT ("accuracy", "accuracy"),
      PERCENT ("balanced", "balanced-accuracy"),
      PERCENT ("macro-F1", "macro-f1"), NUMBER ("kappa", "cohens-kappa"),
      PERCENT ("calibration error", "calibration-error"),
      PERCENT ("mean confidence", "mean-confidence")};

  if (gst_mx_report_count (windows, "all-exits") == 0)
    return;
  add_heading (page, "Each exit alone");
  add_table (page, columns, G_N_ELEMENTS (columns), windows, "all-exits");
}

/* "TEXT VALUE", and what stands behind it. */
static void
add_said (GString *page, const gchar *text, GstMxPageForm form,
    JsonObject *fields, const gchar *path, const gchar *behind)
{
  g_string_append (page, text);
  gst_mx_page_value (page, form, gst_mx_report_number (fields, path));
  g_string_append (page, behind);
}

static void
add_depth (GString *page, JsonObject *fields, JsonObject *windows)
{
  add_heading (page, "Depth");
  gst_mx_report_plot_depths (page, windows);
  add_said (page, "<p>Time to decision: median ", GST_MX_PAGE_DURATION, fields,
      "time-to-decision/median", "");
  add_said (page, ", 95\302\240% within ", GST_MX_PAGE_DURATION, fields,
      "time-to-decision/quantile-95", ".</p>\n");
}

static void
add_reliability (GString *page, JsonObject *windows)
{
  const guint exits = gst_mx_report_count (windows, "all-exits");

  add_heading (page, "Confidence and truth");
  g_string_append (page, "<div class=\"some\">");
  gst_mx_report_plot_reliability (page, windows, "as answered");
  for (guint e = 0; e < exits; e++) {
    gchar *caption = g_strdup_printf ("exit %u", e + 1);

    gst_mx_report_plot_reliability (
        page, gst_mx_report_element (windows, "all-exits", e), caption);
    g_free (caption);
  }
  g_string_append (page, "</div>\n");
}

static void
add_labels (GString *page, JsonObject *fields)
{
  static const Column columns[] = {TEXT ("label", "label"),
      COUNT ("examples", "support"), COUNT ("answers", "answers"),
      PERCENT ("precision", "precision"), PERCENT ("recall", "recall"),
      PERCENT ("F1", "f1")};

  add_heading (page, "Labels");
  add_table (page, columns, G_N_ELEMENTS (columns), fields, "classes");
}

static void
add_events (GString *page, JsonObject *events)
{
  static const Column columns[] = {TEXT ("label", "label"),
      COUNT ("events", "count"), COUNT ("found", "found"),
      PERCENT ("recall", "recall"), COUNT ("false", "false")};

  if (events == NULL)
    return;
  add_heading (page, "Events");
  add_said (page, "<p>", GST_MX_PAGE_COUNT, events, "found", " of ");
  add_said (page, "", GST_MX_PAGE_COUNT, events, "count", " found; delay ");
  add_said (page, "", GST_MX_PAGE_DURATION, events, "delay/median",
      " in the median, ");
  add_said (page, "", GST_MX_PAGE_DURATION, events, "delay/quantile-95",
      " for 95\302\240%; ");
  add_said (page, "", GST_MX_PAGE_COUNT, events, "false", " false ones, ");
  add_said (
      page, "", GST_MX_PAGE_NUMBER, events, "false-per-hour", " an hour in ");
  add_said (page, "", GST_MX_PAGE_NUMBER, events, "hours", " hours.</p>\n");
  add_table (page, columns, G_N_ELEMENTS (columns), events, "classes");
}

/* The worst first, those without labels last. */
static gint
compare_subjects (gconstpointer a, gconstpointer b)
{
  const gdouble left =
      gst_mx_report_number (*(JsonObject *const *)a, "accuracy");
  const gdouble right =
      gst_mx_report_number (*(JsonObject *const *)b, "accuracy");

  if (isnan (left) || isnan (right))
    return isnan (left) - isnan (right);
  return (left > right) - (left < right);
}

static void
add_subjects (GString *page, JsonObject *fields)
{
  static const Column columns[] = {TEXT ("subject", "subject"),
      COUNT ("examples", "count"), PERCENT ("accuracy", "accuracy"),
      NUMBER ("mean exit", "mean-exit"), PERCENT ("cost", "mean-cost")};
  const guint n = gst_mx_report_count (fields, "subjects");
  GPtrArray *subjects = g_ptr_array_new ();

  for (guint i = 0; i < n; i++) {
    JsonObject *subject = gst_mx_report_element (fields, "subjects", i);

    if (subject != NULL)
      g_ptr_array_add (subjects, subject);
  }
  if (subjects->len > 0) {
    g_ptr_array_sort (subjects, compare_subjects);
    add_heading (page, "Subjects");
    begin_table (page, columns, G_N_ELEMENTS (columns));
    for (guint i = 0; i < subjects->len; i++) {
      g_string_append (page, "<tr>");
      add_cells (page, columns, G_N_ELEMENTS (columns),
          g_ptr_array_index (subjects, i), i);
      g_string_append (page, "</tr>\n");
    }
    gst_mx_page_table_end (page);
  }
  g_ptr_array_unref (subjects);
}

static void
add_hardest (GString *page, JsonObject *fields)
{
  static const Column columns[] = {TEXT ("example", "path"),
      COUNT ("index", "index"), DURATION ("begin", "begin"),
      TEXT ("label", "label"), TEXT ("answer", "answer"),
      PERCENT ("confidence", "confidence"), COUNT ("exit", "exit")};

  if (gst_mx_report_count (fields, "hardest") == 0)
    return;
  add_heading (page, "Hardest examples");
  add_table (page, columns, G_N_ELEMENTS (columns), fields, "hardest");
}

static void
add_report (GString *page, const GstMxReport *report)
{
  JsonObject *windows = gst_mx_report_object (report->fields, "windows");

  g_string_append (page, "<h2>");
  gst_mx_page_text (page, report->name);
  g_string_append (page, "</h2>\n");
  add_exits (page, windows);
  add_depth (page, report->fields, windows);
  add_reliability (page, windows);
  add_labels (page, report->fields);
  add_confusion (page, report->fields);
  add_events (page, gst_mx_report_object (report->fields, "events"));
  add_subjects (page, report->fields);
  add_hardest (page, report->fields);
}

/* --- all --- */

static void
add_summary (GString *page, GstMxReport *const *reports, guint n)
{
  static const Column columns[] = {TEXT ("model", ""),
      COUNT ("examples", "labelled"), PERCENT ("accuracy", "accuracy"),
      PERCENT ("balanced", "balanced-accuracy"),
      PERCENT ("macro-F1", "macro-f1"), NUMBER ("kappa", "cohens-kappa"),
      PERCENT ("calibration error", "calibration-error"),
      PERCENT ("cost", "windows/mean-cost"),
      NUMBER ("mean exit", "windows/mean-exit"),
      PERCENT ("area of all thresholds", "curve/area"),
      PERCENT ("sufficient cost", "curve/sufficient/mean-cost")};

  begin_table (page, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < n; i++) {
    g_string_append (page, "<tr>");
    gst_mx_page_cell_text (page, reports[i]->name);
    add_cells (
        page, columns + 1, G_N_ELEMENTS (columns) - 1, reports[i]->fields, i);
    g_string_append (page, "</tr>\n");
  }
  gst_mx_page_table_end (page);
  g_string_append (page,
      "<p>Accuracy, kappa and calibration are of examples as they were "
      "answered; cost is the mean of all windows, of the whole network's "
      "multiply-accumulates. Area and sufficient cost: the best accuracy that "
      "budgets buy in the mean, and the cost at which a threshold is at most "
      "half a point below the last exit, chosen on these very answers.</p>\n");
}

/* Those of streams as they are, one by one, then what models endure. */
GString *
gst_mx_report_page_new (GstMxReport *const *reports, guint n)
{
  GString *page = g_string_new (NULL);
  GPtrArray *plain = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    if (reports[i]->condition == NULL)
      g_ptr_array_add (plain, reports[i]);
  gst_mx_page_begin (page, "Evaluation");
  if (plain->len > 0) {
    add_summary (page, (GstMxReport *const *)plain->pdata, plain->len);
    add_heading (page, "Quality against cost");
    gst_mx_report_plot_quality (
        page, (GstMxReport *const *)plain->pdata, plain->len);
  }
  gst_mx_report_robustness_add (page, reports, n);
  for (guint i = 0; i < plain->len; i++)
    add_report (page, g_ptr_array_index (plain, i));
  gst_mx_page_end (page);
  g_ptr_array_unref (plain);
  return page;
}
