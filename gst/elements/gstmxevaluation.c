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
  self->tolerance = GST_CLOCK_TIME_NONE;
  gst_mx_counts_init (&self->counts, self->tolerance);
  gst_mx_attribution_init (&self->attribution);
  g_queue_init (&self->announced);
  self->truth = -1;
  return self;
}

static void
free_example (gpointer example)
{
  if (example != NULL)
    gst_mx_example_free (example);
}

void
gst_mx_evaluation_free (GstMxEvaluation *self)
{
  g_free (self->element);
  g_hash_table_unref (self->by_name);
  g_array_unref (self->labels);
  gst_mx_counts_clear (&self->counts);
  gst_mx_attribution_clear (&self->attribution);
  g_queue_clear_full (&self->announced, free_example);
  free_example (self->example);
  free_example (self->unwritten);
  gst_mx_dump_discard (self->dump);
  g_clear_error (&self->dump_error);
  g_free (self);
}

void
gst_mx_evaluation_reset (GstMxEvaluation *self)
{
  GstMxEvaluation *fresh = gst_mx_evaluation_new ();
  GstMxEvaluation old = *self;

  gst_mx_evaluation_set_tolerance (fresh, self->tolerance);
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

void
gst_mx_evaluation_set_tolerance (GstMxEvaluation *self, GstClockTime tolerance)
{
  self->tolerance = tolerance;
  mx_events_set_tolerance (self->counts.events,
      GST_CLOCK_TIME_IS_VALID (tolerance) ? tolerance : MX_EVENTS_WINDOW);
}

GstMxEvaluation *
gst_mx_evaluation_copy (const GstMxEvaluation *self)
{
  GstMxEvaluation *copy = gst_mx_evaluation_new ();

  gst_mx_counts_clear (&copy->counts);
  gst_mx_counts_copy (&self->counts, &copy->counts);
  copy->classes = self->classes;
  copy->exits = self->exits;
  copy->fewest_exits = self->fewest_exits;
  copy->n_examples = self->n_examples;
  copy->n_unlabelled = self->n_unlabelled;
  copy->n_missing = self->n_missing;
  copy->n_strays = self->n_strays;
  copy->n_not_finite = self->n_not_finite;
  copy->n_foreign = self->n_foreign;
  copy->tolerance = self->tolerance;
  copy->element = g_strdup (self->element);
  for (guint i = 0; i < self->labels->len; i++)
    gst_mx_evaluation_append_label (
        copy, g_array_index (self->labels, Label, i));
  return copy;
}

/* --- the dump --- */

void
gst_mx_evaluation_set_dump (GstMxEvaluation *self, GstMxDump *dump)
{
  gst_mx_dump_discard (self->dump);
  self->dump = dump;
}

GstMxDump *
gst_mx_evaluation_take_dump (GstMxEvaluation *self, GError **error)
{
  GstMxDump *dump = g_steal_pointer (&self->dump);

  if (self->dump_error == NULL)
    return dump;
  g_propagate_error (error, g_steal_pointer (&self->dump_error));
  gst_mx_dump_discard (dump);
  return NULL;
}

/* NULL: nobody wants it, or it could not be written any more. */
static GstMxDump *
get_dump (GstMxEvaluation *self)
{
  return self->dump_error == NULL ? self->dump : NULL;
}

static void
dump_example (
    GstMxEvaluation *self, const GstMxExample *example, GstClockTime begin)
{
  if (get_dump (self) != NULL)
    gst_mx_dump_add_example (self->dump, example, begin, &self->dump_error);
}

/* What was announced begins, or never did. */
static void
dump_announced (GstMxEvaluation *self, GstClockTime begin)
{
  if (self->unwritten != NULL)
    dump_example (self, self->unwritten, begin);
  g_clear_pointer (&self->unwritten, gst_mx_example_free);
}

/* --- examples --- */

/* Windows behind it belong to another recording. */
static void
break_recording (GstMxEvaluation *self)
{
  mx_events_break (self->counts.events);
  if (get_dump (self) != NULL)
    gst_mx_dump_add_break (self->dump, &self->dump_error);
}

/* @verdict: NULL: no window spoke for it. */
static void
count_example (GstMxEvaluation *self, gint truth, const MxVerdict *verdict,
    const GstMxExample *example, GstClockTime begin)
{
  self->n_examples++;
  if (truth < 0)
    self->n_unlabelled++;
  if (verdict)
    gst_mx_counts_add_example (&self->counts, verdict, example, begin);
  else if (truth >= 0)
    self->n_missing++;
}

static void
end_example (GstMxEvaluation *self)
{
  if (self->example == NULL)
    return;
  count_example (self, self->truth, self->answered ? &self->best : NULL,
      self->example, GST_CLOCK_TIME_NONE);
  g_clear_pointer (&self->example, gst_mx_example_free);
  self->answered = FALSE;
  self->truth = -1;
}

/* @start: as gst_mx_attribution_pop() wants it. */
static void
count_heard (GstMxEvaluation *self, GstClockTime start)
{
  GstMxHeard heard;

  while (gst_mx_attribution_pop (&self->attribution, start, &heard)) {
    g_autoptr (GstMxExample) example = g_queue_pop_head (&self->announced);

    if (!heard.gap)
      count_example (self, heard.truth, heard.answered ? &heard.nearest : NULL,
          example, heard.begin);
  }
}

static void
announce (GstMxEvaluation *self, const GstMxExample *example, gint truth)
{
  gst_mx_attribution_announce (
      &self->attribution, truth, example->gap, example->duration);
  g_queue_push_tail (&self->announced, gst_mx_example_copy (example));
  self->unwritten = gst_mx_example_copy (example);
  count_heard (self, 0);
}

gboolean
gst_mx_evaluation_begin_example (
    GstMxEvaluation *self, const GstMxExample *example, GError **error)
{
  gint truth = -1;

  end_example (self);
  if (example->label) {
    truth = gst_mx_evaluation_find_truth (self, example->label, error);
    if (truth < 0)
      return FALSE;
    g_array_index (self->labels, Label, truth).heard = TRUE;
  }
  dump_announced (self, GST_CLOCK_TIME_NONE);
  if (self->continuous && example->duration == 0)
    break_recording (self);
  self->continuous = example->duration > 0;
  if (self->continuous) {
    announce (self, example, truth);
    return TRUE;
  }
  count_heard (self, GST_CLOCK_TIME_NONE);
  dump_example (self, example, GST_CLOCK_TIME_NONE);
  if (!example->gap)
    self->example = gst_mx_example_copy (example);
  self->truth = truth;
  return TRUE;
}

void
gst_mx_evaluation_hear (GstMxEvaluation *self, GstBuffer *buffer)
{
  const GstMxHeard *begun;

  /* Everything that began before it has its results. */
  if (GST_BUFFER_IS_DISCONT (buffer)) {
    count_heard (self, GST_CLOCK_TIME_NONE - 1);
    if (self->continuous)
      break_recording (self);
  }
  begun =
      gst_mx_attribution_begin (&self->attribution, GST_BUFFER_PTS (buffer));
  if (begun == NULL)
    return;
  dump_announced (self, begun->begin);
  self->counts.heard += begun->duration;
  if (!begun->gap)
    mx_events_add_event (self->counts.events,
        begun->truth >= 0 ? (guint)begun->truth : MX_EVENTS_UNKNOWN,
        begun->begin, begun->end);
}

void
gst_mx_evaluation_end_stream (GstMxEvaluation *self)
{
  end_example (self);
  dump_announced (self, GST_CLOCK_TIME_NONE);
  count_heard (self, GST_CLOCK_TIME_NONE);
  if (self->continuous)
    break_recording (self);
  self->continuous = FALSE;
  self->has_sequence = FALSE;
}

/* --- results --- */

/* FALSE: somebody else's, or the same again. */
static gboolean
is_news (GstMxEvaluation *self, const GstMxReading *result)
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

/* In a stream of examples and gaps, its time tells what a window heard. */
static void
add_placed (
    GstMxEvaluation *self, const GstMxReading *result, MxVerdict *verdict)
{
  GstMxPlace place = gst_mx_attribution_add (
      &self->attribution, result->timestamp, result->duration, verdict);

  mx_events_add_window (self->counts.events, (guint)verdict->answer.answer,
      result->timestamp, result->timestamp + result->duration);
  count_heard (self, result->timestamp);
  if (place == GST_MX_PLACE_GAP) {
    mx_scoreboard_add (&self->counts.gaps, verdict);
    g_array_index (self->labels, Label, verdict->answer.answer).alarms++;
  } else {
    gst_mx_counts_add_window (&self->counts, verdict);
  }
}

/* Each exit answers an example by the surest of its windows. */
static void
keep_surest (MxVerdict *best, const MxVerdict *verdict)
{
  if (verdict->answer.confidence > best->answer.confidence)
    best->answer = verdict->answer;
  for (guint e = 0; e < verdict->n_exits; e++)
    if (e >= best->n_exits ||
        verdict->exits[e].confidence > best->exits[e].confidence)
      best->exits[e] = verdict->exits[e];
  best->n_exits = MAX (best->n_exits, verdict->n_exits);
}

static void
add_verdict (
    GstMxEvaluation *self, const GstMxReading *result, MxVerdict *verdict)
{
  if (self->continuous && GST_CLOCK_TIME_IS_VALID (result->timestamp) &&
      GST_CLOCK_TIME_IS_VALID (result->duration)) {
    add_placed (self, result, verdict);
    return;
  }
  mx_verdict_set_truth (verdict, self->truth);
  gst_mx_counts_add_window (&self->counts, verdict);
  if (self->example == NULL) {
    self->n_strays++;
    return;
  }
  if (self->answered)
    keep_surest (&self->best, verdict);
  else
    self->best = *verdict;
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

/* FALSE: its labels are those of another model, or too many. */
static gboolean
read_verdict (GstMxEvaluation *self, const GstMxReading *result,
    MxVerdict *verdict, GError **error)
{
  gint answer = gst_mx_evaluation_find_label (self, result->label, error);

  if (answer < 0 ||
      !gst_mx_evaluation_check_labels_stay (self, result, answer, error))
    return FALSE;
  g_array_index (self->labels, Label, answer).answered = TRUE;
  g_array_index (self->labels, Label, answer).class = result->class;
  verdict->answer = (MxOutcome){
      .answer = (gsize)answer,
      .confidence = result->confidence,
      .exit = result->exit,
      .cost = (gdouble)result->macs / (gdouble)result->macs_full,
  };
  verdict->n_exits = result->n_exits;
  for (guint e = 0; e < result->n_exits; e++) {
    answer = gst_mx_evaluation_find_label (self, result->exit_labels[e], error);
    if (answer < 0)
      return FALSE;
    g_array_index (self->labels, Label, answer).answered = TRUE;
    verdict->exits[e] = (MxOutcome){
        .answer = (gsize)answer,
        .confidence = result->exit_confidences[e],
        .exit = e + 1,
        .cost = result->exit_costs[e],
    };
  }
  return TRUE;
}

gboolean
gst_mx_evaluation_add_result (
    GstMxEvaluation *self, const GstStructure *structure, GError **error)
{
  GstMxReading result;
  MxVerdict verdict;

  if (!gst_mx_reading_parse (&result, structure, error))
    return FALSE;
  if (!is_news (self, &result))
    return TRUE;
  if (get_dump (self) != NULL)
    gst_mx_dump_add_result (self->dump, structure, &self->dump_error);
  if (!result.finite) {
    self->n_not_finite++;
    return TRUE;
  }
  if (!read_verdict (self, &result, &verdict, error))
    return FALSE;
  self->classes = result.classes;
  self->fewest_exits =
      self->exits > 0 ? MIN (self->fewest_exits, result.exits) : result.exits;
  self->exits = MAX (self->exits, result.exits);
  if (GST_CLOCK_TIME_IS_VALID (result.latency))
    mx_quantiles_add (&self->counts.latencies, result.latency);
  add_verdict (self, &result, &verdict);
  return tell (self, structure, verdict.answer.truth, error);
}
