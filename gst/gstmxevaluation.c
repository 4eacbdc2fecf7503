/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxevaluation.h"

#include "gstmxscores.h"

typedef struct {
  gchar *name;
  gboolean answered; /* so the model has it */
  gboolean told;     /* so the data have it */
} Label;

struct _GstMxEvaluation {
  GArray *labels;       /* of Label; the index is the class */
  GHashTable *by_name;  /* -> class + 1 */
  guint classes, exits; /* of the model */

  MxMetrics *examples, *windows;
  guint64 n_examples, n_unlabelled, n_missing, n_strays, n_not_finite;

  gchar *element; /* whose results count */
  guint64 n_foreign;
  gboolean has_sequence;
  guint64 sequence;

  gboolean in_example;
  gint truth; /* of the example, -1: not known */
  gboolean answered;
  MxOutcome best;
};

static void
clear_label (gpointer label)
{
  g_free (((Label *)label)->name);
}

GstMxEvaluation *
gst_mx_evaluation_new (void)
{
  GstMxEvaluation *self = g_new0 (GstMxEvaluation, 1);

  self->labels = g_array_new (FALSE, TRUE, sizeof (Label));
  g_array_set_clear_func (self->labels, clear_label);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->examples = mx_metrics_new ();
  self->windows = mx_metrics_new ();
  self->truth = -1;
  return self;
}

void
gst_mx_evaluation_free (GstMxEvaluation *self)
{
  g_free (self->element);
  g_hash_table_unref (self->by_name);
  g_array_unref (self->labels);
  mx_metrics_free (self->examples);
  mx_metrics_free (self->windows);
  g_free (self);
}

void
gst_mx_evaluation_reset (GstMxEvaluation *self)
{
  GstMxEvaluation *fresh = gst_mx_evaluation_new ();
  GstMxEvaluation old = *self;

  *self = *fresh;
  *fresh = old;
  gst_mx_evaluation_free (fresh);
}

static void
append_label (GstMxEvaluation *self, Label label)
{
  label.name = g_strdup (label.name);
  g_array_append_val (self->labels, label);
  g_hash_table_insert (
      self->by_name, label.name, GINT_TO_POINTER (self->labels->len));
}

GstMxEvaluation *
gst_mx_evaluation_copy (const GstMxEvaluation *self)
{
  GstMxEvaluation *copy = gst_mx_evaluation_new ();
  GstMxEvaluation fresh = *copy;

  mx_metrics_free (fresh.examples);
  mx_metrics_free (fresh.windows);
  *copy = *self;
  copy->labels = fresh.labels;
  copy->by_name = fresh.by_name;
  copy->element = g_strdup (self->element);
  copy->examples = mx_metrics_copy (self->examples);
  copy->windows = mx_metrics_copy (self->windows);
  for (guint i = 0; i < self->labels->len; i++)
    append_label (copy, g_array_index (self->labels, Label, i));
  return copy;
}

/* Its class, or -1: one too many. */
static gint
find_label (GstMxEvaluation *self, const gchar *name, GError **error)
{
  gint known = GPOINTER_TO_INT (g_hash_table_lookup (self->by_name, name));

  if (known > 0)
    return known - 1;
  if (self->labels->len == MX_METRICS_MAX_CLASSES) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "More than %d different labels came, more than can be counted.",
        MX_METRICS_MAX_CLASSES);
    return -1;
  }
  append_label (self, (Label){(gchar *)name});
  mx_metrics_set_classes (self->examples, self->labels->len);
  mx_metrics_set_classes (self->windows, self->labels->len);
  return self->labels->len - 1;
}

/* As find_label(), for a label that the data have. */
static gint
find_truth (GstMxEvaluation *self, const gchar *name, GError **error)
{
  gint truth = find_label (self, name, error);

  if (truth >= 0)
    g_array_index (self->labels, Label, truth).told = TRUE;
  return truth;
}

gboolean
gst_mx_evaluation_set_labels (
    GstMxEvaluation *self, gchar *const *labels, GError **error)
{
  for (; *labels; labels++) {
    if (find_truth (self, *labels, error) < 0)
      return FALSE;
  }
  return TRUE;
}

static void
end_example (GstMxEvaluation *self)
{
  if (!self->in_example)
    return;
  self->n_examples++;
  if (self->truth < 0)
    self->n_unlabelled++;
  if (self->answered)
    mx_metrics_add (self->examples, &self->best);
  else if (self->truth >= 0)
    self->n_missing++;
  self->in_example = FALSE;
  self->answered = FALSE;
  self->truth = -1;
}

gboolean
gst_mx_evaluation_begin_example (
    GstMxEvaluation *self, const gchar *label, GError **error)
{
  end_example (self);
  self->in_example = TRUE;
  if (label)
    self->truth = find_truth (self, label, error);
  return !label || self->truth >= 0;
}

void
gst_mx_evaluation_end_stream (GstMxEvaluation *self)
{
  end_example (self);
  self->has_sequence = FALSE;
}

/* What mxclassify always says; a result of somebody else's may lack it. */
typedef struct {
  guint64 sequence, macs, macs_full;
  guint exit, exits, classes;
  gdouble confidence;
  gboolean finite;
  const gchar *label, *element; /* element: may be NULL */
} Result;

static gboolean
parse_result (const GstStructure *structure, Result *result)
{
  const GValue *probabilities =
      gst_structure_get_value (structure, "probabilities");

  result->label = gst_structure_get_string (structure, "label");
  if (!result->label || !probabilities ||
      !GST_VALUE_HOLDS_ARRAY (probabilities))
    return FALSE;
  result->classes = gst_value_array_get_size (probabilities);
  result->element = gst_structure_get_string (structure, "element");
  result->finite = TRUE;
  gst_structure_get_boolean (structure, "finite", &result->finite);
  return gst_structure_get (structure, "sequence", G_TYPE_UINT64,
             &result->sequence, "exit", G_TYPE_UINT, &result->exit, "exits",
             G_TYPE_UINT, &result->exits, "confidence", G_TYPE_DOUBLE,
             &result->confidence, "macs", G_TYPE_UINT64, &result->macs,
             "macs-full", G_TYPE_UINT64, &result->macs_full, NULL) &&
         result->exit >= 1 && result->exit <= result->exits &&
         result->exits <= MX_MAX_EXITS && result->macs_full > 0 &&
         result->confidence >= 0 && result->confidence <= 1;
}

/* FALSE: somebody else's, or the same again. */
static gboolean
is_news (GstMxEvaluation *self, const Result *result)
{
  if (!self->element)
    self->element = g_strdup (result->element);
  if (g_strcmp0 (self->element, result->element) != 0) {
    self->n_foreign++;
    return FALSE;
  }
  if (self->has_sequence && result->sequence <= self->sequence)
    return FALSE;
  self->has_sequence = TRUE;
  self->sequence = result->sequence;
  return TRUE;
}

static void
add_outcome (GstMxEvaluation *self, const MxOutcome *outcome)
{
  mx_metrics_add (self->windows, outcome);
  if (!self->in_example) {
    self->n_strays++;
    return;
  }
  if (!self->answered || outcome->confidence > self->best.confidence)
    self->best = *outcome;
  self->answered = TRUE;
}

gboolean
gst_mx_evaluation_add_result (
    GstMxEvaluation *self, const GstStructure *structure, GError **error)
{
  Result result;
  gint answer;

  if (!parse_result (structure, &result)) {
    gchar *text = gst_structure_to_string (structure);

    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "A result came without the fields it must have: %s", text);
    g_free (text);
    return FALSE;
  }
  if (!is_news (self, &result))
    return TRUE;
  if (!result.finite) {
    self->n_not_finite++;
    return TRUE;
  }

  answer = find_label (self, result.label, error);
  if (answer < 0)
    return FALSE;
  g_array_index (self->labels, Label, answer).answered = TRUE;
  self->classes = MAX (self->classes, result.classes);
  self->exits = MAX (self->exits, result.exits);
  add_outcome (self, &(MxOutcome){
                         .truth = self->truth,
                         .answer = answer,
                         .confidence = result.confidence,
                         .exit = result.exit,
                         .cost = (gdouble)result.macs / result.macs_full,
                     });
  return TRUE;
}

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

  mx_metrics_scores (self->windows, &windows);
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

GstStructure *
gst_mx_evaluation_to_structure (GstMxEvaluation *self)
{
  GstStructure *structure = gst_structure_new ("mxevalsink", "announced",
      G_TYPE_UINT64, self->n_examples, "unlabelled", G_TYPE_UINT64,
      self->n_unlabelled, "missing", G_TYPE_UINT64, self->n_missing, "strays",
      G_TYPE_UINT64, self->n_strays, "not-finite", G_TYPE_UINT64,
      self->n_not_finite, "exits", G_TYPE_UINT, self->exits, NULL);
  GstStructure *windows = gst_structure_new_empty ("windows");
  gchar **labels = g_new0 (gchar *, self->labels->len + 1);

  for (guint i = 0; i < self->labels->len; i++)
    labels[i] = g_array_index (self->labels, Label, i).name;
  gst_mx_scores_fill (structure, self->examples, labels);
  gst_mx_scores_fill (windows, self->windows, labels);
  gst_structure_set (structure, "windows", GST_TYPE_STRUCTURE, windows, NULL);
  gst_structure_free (windows);
  g_free (labels);
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
  MxScores examples, windows;
  GString *text = g_string_new (NULL);

  mx_metrics_scores (self->examples, &examples);
  mx_metrics_scores (self->windows, &windows);
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
  return g_string_free (text, FALSE);
}
