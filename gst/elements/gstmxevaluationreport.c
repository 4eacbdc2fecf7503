/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxevaluationprivate.h"
#include "gstmxevaluationtables.h"
#include "gstmxreport.h"
#include "gstmxscores.h"

typedef GstMxEvaluationLabel Label;

/* The model has `classes` labels.  If there are more in all, some of those it
 * never answered are none of its own. */
static gchar *
list_unknown (GstMxEvaluation *self)
{
  GString *text;

  if (self->classes == 0 || self->labels->len <= self->classes)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < self->labels->len; i++) {
    const Label *label = &g_array_index (self->labels, Label, i);

    if (!label->answered)
      g_string_append_printf (
          text, "%s%s", text->len > 0 ? ", " : "", label->name);
  }
  return g_string_free (text, FALSE);
}

/* There are labels the model does not have, and all its answers are labels the
 * data do not have. */
static gboolean
is_disjoint (GstMxEvaluation *self)
{
  if (self->classes == 0 || self->labels->len <= self->classes)
    return FALSE;
  for (guint i = 0; i < self->labels->len; i++) {
    const Label *label = &g_array_index (self->labels, Label, i);

    if (label->answered && label->told)
      return FALSE;
  }
  return TRUE;
}

/* Of those @told by the data, or of those answered. */
static const gchar *
any_label (GstMxEvaluation *self, gboolean told)
{
  for (guint i = 0; i < self->labels->len; i++) {
    const Label *label = &g_array_index (self->labels, Label, i);

    if (told ? label->told : label->answered)
      return label->name;
  }
  return "";
}

static gboolean
check_something (GstMxEvaluation *self, guint64 windows, GstElement *owner)
{
  if (windows == 0 && self->n_examples == 0)
    GST_ELEMENT_ERROR (owner, STREAM, FAILED,
        ("Nothing was evaluated: neither examples nor results came. Put "
         "mxdatasetsrc and mxclassify in front of mxevalsink."),
        (NULL));
  else if (windows == 0)
    GST_ELEMENT_ERROR (owner, STREAM, FAILED,
        ("Nothing was evaluated: %" G_GUINT64_FORMAT " examples came, but "
         "no result. Put mxclassify in front of mxevalsink.",
            self->n_examples),
        (NULL));
  else if (self->n_examples > self->n_unlabelled && is_disjoint (self))
    GST_ELEMENT_ERROR (owner, STREAM, FAILED,
        ("No answer is a label of the data: the model answers such as \"%s\", "
         "the data have such as \"%s\". Evaluate with the data the model was "
         "trained for.",
            any_label (self, FALSE), any_label (self, TRUE)),
        ("the model knows %u labels", self->classes));
  else
    return TRUE;
  return FALSE;
}

static void
warn_of_results_left_out (const GstMxEvaluation *self, GstElement *owner)
{
  if (self->n_not_finite > 0)
    GST_ELEMENT_WARNING (owner, STREAM, FAILED,
        ("%" G_GUINT64_FORMAT " results are for samples that are no finite "
         "numbers, or too large for the model; they are not part of the "
         "scores.",
            self->n_not_finite),
        (NULL));
  if (self->n_foreign > 0)
    GST_ELEMENT_WARNING (owner, STREAM, FAILED,
        ("%" G_GUINT64_FORMAT " results of other elements than %s came; they "
         "are not part of the scores. Evaluate one mxclassify at a time.",
            self->n_foreign, self->element),
        (NULL));
}

gboolean
gst_mx_evaluation_check (GstMxEvaluation *self, GstElement *owner)
{
  const guint64 labelled = self->n_examples - self->n_unlabelled;
  g_autofree gchar *unknown = list_unknown (self);
  MxScores windows;

  mx_metrics_scores (self->counts.windows.answers, &windows);
  warn_of_results_left_out (self, owner);
  if (!check_something (self, windows.n, owner))
    return FALSE;
  if (labelled == 0)
    GST_ELEMENT_WARNING (owner, STREAM, FAILED,
        ("Results came, but no labels: only depth and cost are reported. "
         "mxdatasetsrc sends labels."),
        ("%" G_GUINT64_FORMAT " results", windows.n));
  if (self->n_missing > 0)
    GST_ELEMENT_WARNING (owner, STREAM, FAILED,
        ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
         " labelled examples got no result; they are not part of the scores.",
            self->n_missing, labelled),
        (NULL));
  if (unknown)
    GST_ELEMENT_WARNING (owner, STREAM, FAILED,
        ("The data have labels that the model does not know; they are among "
         "these, which it never answered: %s. Evaluate with the data the "
         "model was trained for.",
            unknown),
        ("the model knows %u labels", self->classes));
  return TRUE;
}

/* A label that no example has, such as one for "nothing", is none. */
static guint64
count_alarms (const GstMxEvaluation *self)
{
  guint64 alarms = 0;

  for (guint i = 0; i < self->labels->len; i++) {
    const Label *label = &g_array_index (self->labels, Label, i);

    alarms += label->heard ? label->alarms : 0;
  }
  return alarms;
}

/* @labels: NULL: no tables. */
static GstStructure *
new_board (const gchar *name, const MxScoreboard *board, gchar *const *labels)
{
  GstStructure *structure = gst_structure_new_empty (name);

  gst_mx_scores_fill (structure, board->answers, labels);
  gst_mx_tables_fill_exits (structure, board, labels);
  return structure;
}

/* Takes the structure. */
static void
take (GstStructure *structure, const gchar *field, GstStructure *inner)
{
  gst_structure_set (structure, field, GST_TYPE_STRUCTURE, inner, NULL);
  gst_structure_free (inner);
}

GstStructure *
gst_mx_evaluation_to_structure (GstMxEvaluation *self, gboolean tables)
{
  const GstMxCounts *counts = &self->counts;
  g_autofree gchar **names = g_new0 (gchar *, self->labels->len + 1);
  gchar **labels = tables ? names : NULL;
  GstStructure *structure = gst_structure_new ("mxevalsink", "version",
      G_TYPE_UINT, GST_MX_REPORT_VERSION, "announced", G_TYPE_UINT64,
      self->n_examples, "unlabelled", G_TYPE_UINT64, self->n_unlabelled,
      "missing", G_TYPE_UINT64, self->n_missing, "strays", G_TYPE_UINT64,
      self->n_strays, "not-finite", G_TYPE_UINT64, self->n_not_finite, "exits",
      G_TYPE_UINT, self->exits, NULL);
  GstStructure *gaps;

  for (guint i = 0; i < self->labels->len; i++)
    names[i] = g_array_index (self->labels, Label, i).name;
  gst_mx_scores_fill (structure, counts->examples.answers, labels);
  gst_mx_tables_fill_exits (structure, &counts->examples, labels);
  take (structure, "windows", new_board ("windows", &counts->windows, labels));
  gaps = new_board ("gaps", &counts->gaps, labels);
  gst_structure_set (gaps, "alarms", G_TYPE_UINT64, count_alarms (self), NULL);
  take (structure, "gaps", gaps);
  take (structure, "time-to-decision",
      gst_mx_tables_new_times ("time-to-decision", &counts->latencies));
  if (counts->windows.exits[0] != NULL)
    take (structure, "curve", gst_mx_tables_new_curve (counts, tables));
  if (counts->heard > 0)
    take (structure, "events", gst_mx_tables_new_events (self, tables));
  if (tables)
    gst_mx_tables_fill_examples (structure, self);
  return structure;
}

static void
append_percent (GString *text, const gchar *what, gdouble value)
{
  if (value == value)
    g_string_append_printf (text, ", %s %.2f %%", what, 100 * value);
}

gchar *
gst_mx_evaluation_summary (GstMxEvaluation *self)
{
  MxScores examples, windows, gaps;
  GString *text = g_string_new (NULL);

  mx_metrics_scores (self->counts.examples.answers, &examples);
  mx_metrics_scores (self->counts.windows.answers, &windows);
  g_string_append_printf (text,
      "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " labelled examples right",
      examples.correct, examples.labelled);
  append_percent (text, "accuracy", examples.accuracy);
  append_percent (text, "macro-F1", examples.macro_f1);
  append_percent (text, "calibration error", examples.calibration_error);
  append_percent (text, "cost", windows.cost);
  if (windows.n > 0)
    g_string_append_printf (text,
        ", mean exit %.2f of %u in %" G_GUINT64_FORMAT " windows", windows.exit,
        self->exits, windows.n);
  mx_metrics_scores (self->counts.gaps.answers, &gaps);
  if (gaps.n > 0)
    g_string_append_printf (text,
        ", %" G_GUINT64_FORMAT " false alarms in %" G_GUINT64_FORMAT
        " windows of gaps",
        count_alarms (self), gaps.n);
  return g_string_free (text, FALSE);
}
