/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxevaluationprivate.h"

typedef GstMxEvaluationLabel Label;

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
  self->gaps = mx_metrics_new ();
  gst_mx_attribution_init (&self->attribution);
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
  mx_metrics_free (self->gaps);
  gst_mx_attribution_clear (&self->attribution);
  g_free (self);
}

void
gst_mx_evaluation_reset (GstMxEvaluation *self)
{
  GstMxEvaluation *fresh = gst_mx_evaluation_new ();
  GstMxEvaluation old = *self;

  *self = *fresh;
  *fresh = old;
  gst_mx_evaluation_set_func (self, old.func, old.user_data);
  gst_mx_evaluation_free (fresh);
}

void
gst_mx_evaluation_set_func (
    GstMxEvaluation *self, GstMxEvaluationFunc func, gpointer user_data)
{
  self->func = func;
  self->user_data = user_data;
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
  mx_metrics_free (fresh.gaps);
  gst_mx_attribution_clear (&fresh.attribution);
  *copy = *self;
  copy->labels = fresh.labels;
  copy->by_name = fresh.by_name;
  copy->element = g_strdup (self->element);
  copy->examples = mx_metrics_copy (self->examples);
  copy->windows = mx_metrics_copy (self->windows);
  copy->gaps = mx_metrics_copy (self->gaps);
  gst_mx_attribution_copy (&self->attribution, &copy->attribution);
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
  append_label (self, (Label){(gchar *)name, -1});
  mx_metrics_set_classes (self->examples, self->labels->len);
  mx_metrics_set_classes (self->windows, self->labels->len);
  mx_metrics_set_classes (self->gaps, self->labels->len);
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

/* @best: NULL: no window spoke for it. */
static void
count_example (GstMxEvaluation *self, gint truth, const MxOutcome *best)
{
  self->n_examples++;
  if (truth < 0)
    self->n_unlabelled++;
  if (best)
    mx_metrics_add (self->examples, best);
  else if (truth >= 0)
    self->n_missing++;
}

static void
end_example (GstMxEvaluation *self)
{
  if (!self->in_example)
    return;
  count_example (self, self->truth, self->answered ? &self->best : NULL);
  self->in_example = FALSE;
  self->answered = FALSE;
  self->truth = -1;
}

/* @start: as gst_mx_attribution_pop() wants it. */
static void
count_heard (GstMxEvaluation *self, GstClockTime start)
{
  GstMxHeard heard;

  while (gst_mx_attribution_pop (&self->attribution, start, &heard)) {
    if (!heard.gap)
      count_example (self, heard.truth, heard.answered ? &heard.nearest : NULL);
  }
}

gboolean
gst_mx_evaluation_begin_example (
    GstMxEvaluation *self, const GstMxExample *example, GError **error)
{
  gint truth = -1;

  end_example (self);
  if (example->label) {
    truth = find_truth (self, example->label, error);
    if (truth < 0)
      return FALSE;
    g_array_index (self->labels, Label, truth).heard = TRUE;
  }
  self->continuous = example->duration > 0;
  if (self->continuous) {
    gst_mx_attribution_announce (
        &self->attribution, truth, example->gap, example->duration);
    count_heard (self, 0);
  } else {
    count_heard (self, GST_CLOCK_TIME_NONE);
    self->in_example = !example->gap;
    self->truth = truth;
  }
  return TRUE;
}

void
gst_mx_evaluation_hear (GstMxEvaluation *self, GstBuffer *buffer)
{
  /* Everything that began before it has its results. */
  if (GST_BUFFER_IS_DISCONT (buffer))
    count_heard (self, GST_CLOCK_TIME_NONE - 1);
  gst_mx_attribution_begin (&self->attribution, GST_BUFFER_PTS (buffer));
}

void
gst_mx_evaluation_end_stream (GstMxEvaluation *self)
{
  end_example (self);
  count_heard (self, GST_CLOCK_TIME_NONE);
  self->continuous = FALSE;
  self->has_sequence = FALSE;
}

/* What mxclassify always says; a result of somebody else's may lack it. */
typedef struct {
  guint64 sequence, macs, macs_full;
  guint exit, exits, classes;
  gdouble confidence;
  gint class; /* -1: not said */
  gboolean finite;
  GstClockTime timestamp, duration; /* NONE: not said */
  const gchar *label, *element;     /* element: may be NULL */
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
  result->class = -1;
  gst_structure_get (structure, "class", G_TYPE_UINT, &result->class, NULL);
  result->finite = TRUE;
  result->timestamp = result->duration = GST_CLOCK_TIME_NONE;
  gst_structure_get_uint64 (structure, "timestamp", &result->timestamp);
  gst_structure_get_uint64 (structure, "duration", &result->duration);
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

/* What was expected instead of this result, or NULL. */
static gchar *
find_other_label (
    const GstMxEvaluation *self, const Result *result, gint answer)
{
  gint before = g_array_index (self->labels, Label, answer).class;

  if (self->classes > 0 && result->classes != self->classes)
    return g_strdup_printf ("%u classes", self->classes);
  if (result->class < 0)
    return NULL;
  if (before >= 0 && before != result->class)
    return g_strdup_printf ("class %d", before);
  for (gint i = 0; i < (gint)self->labels->len; i++) {
    const Label *label = &g_array_index (self->labels, Label, i);

    if (label->class == result->class && i != answer)
      return g_strdup_printf ("\"%s\"", label->name);
  }
  return NULL;
}

/* A model with other labels may take over in the stream; scores of both would
 * mean nothing.  One with the same labels is welcome. */
static gboolean
check_labels_stay (const GstMxEvaluation *self, const Result *result,
    gint answer, GError **error)
{
  g_autofree gchar *expected = find_other_label (self, result, answer);

  if (expected == NULL)
    return TRUE;
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "The labels of the model changed in the stream: found \"%s\", class %d "
      "of "
      "%u, expected %s. Evaluate models with the same labels, or one at a "
      "time.",
      result->label, result->class, result->classes, expected);
  return FALSE;
}

/* In a stream of examples and gaps, its time tells what a window heard. */
static void
add_placed (GstMxEvaluation *self, const Result *result, MxOutcome *outcome)
{
  GstMxPlace place = gst_mx_attribution_add (
      &self->attribution, result->timestamp, result->duration, outcome);

  count_heard (self, result->timestamp);
  if (place == GST_MX_PLACE_GAP) {
    mx_metrics_add (self->gaps, outcome);
    g_array_index (self->labels, Label, outcome->answer).alarms++;
  } else {
    mx_metrics_add (self->windows, outcome);
  }
}

static void
add_outcome (GstMxEvaluation *self, const Result *result, MxOutcome *outcome)
{
  if (self->continuous && GST_CLOCK_TIME_IS_VALID (result->timestamp) &&
      GST_CLOCK_TIME_IS_VALID (result->duration)) {
    add_placed (self, result, outcome);
    return;
  }
  mx_metrics_add (self->windows, outcome);
  if (!self->in_example) {
    self->n_strays++;
    return;
  }
  if (!self->answered || outcome->confidence > self->best.confidence)
    self->best = *outcome;
  self->answered = TRUE;
}

/* To whoever looks, too. */
static gboolean
tell (GstMxEvaluation *self, const GstStructure *result, gint truth,
    GError **error)
{
  return self->func == NULL ||
         self->func (result,
             truth >= 0 ? g_array_index (self->labels, Label, truth).name
                        : NULL,
             self->user_data, error);
}

gboolean
gst_mx_evaluation_add_result (
    GstMxEvaluation *self, const GstStructure *structure, GError **error)
{
  MxOutcome outcome;
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
  if (answer < 0 || !check_labels_stay (self, &result, answer, error))
    return FALSE;
  g_array_index (self->labels, Label, answer).answered = TRUE;
  g_array_index (self->labels, Label, answer).class = result.class;
  self->classes = result.classes;
  self->exits = MAX (self->exits, result.exits);
  outcome = (MxOutcome){
      .truth = self->truth,
      .answer = answer,
      .confidence = result.confidence,
      .exit = result.exit,
      .cost = (gdouble)result.macs / result.macs_full,
  };
  add_outcome (self, &result, &outcome);
  return tell (self, structure, outcome.truth, error);
}
