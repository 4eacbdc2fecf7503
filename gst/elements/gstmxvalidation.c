/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxvalidation.h"

#include "mx-believed.h"

#include <math.h>

#define ROWS 64 /* that are measured at once */

enum { PRESENT, START };

static MxValidation *
new_counts (const MxProgram *program)
{
  gdouble cost[MX_MAX_EXITS];
  gdouble full = (gdouble)mx_program_macs_to (program, program->n_stages);

  for (gsize e = 0; e < program->n_stages; e++)
    cost[e] = (gdouble)mx_program_macs_to (program, e + 1) / full;
  return mx_validation_new (program->n_stages, program->classes, cost);
}

void
gst_mx_validation_begin (GstMxValidation *self,
    const MxDescription *description, MxNetwork *start,
    const MxTrainerConfig *config)
{
  gst_mx_validation_clear (self);
  self->parallel = mx_parallel_new (config->threads);
  self->counts[PRESENT] = new_counts (description->program);
  self->history = g_array_new (FALSE, FALSE, sizeof (GstMxValidated));
  if (start == NULL)
    return;
  self->counts[START] = new_counts (description->program);
  self->start = mx_evaluator_new (start, ROWS, self->parallel);
}

void
gst_mx_validation_clear (GstMxValidation *self)
{
  g_clear_pointer (&self->present, mx_evaluator_free);
  g_clear_pointer (&self->start, mx_evaluator_free);
  g_clear_pointer (&self->counts[PRESENT], mx_validation_free);
  g_clear_pointer (&self->counts[START], mx_validation_free);
  g_clear_pointer (&self->measured, mx_network_unref);
  g_clear_pointer (&self->best, mx_network_unref);
  g_clear_pointer (&self->history, g_array_unref);
  g_clear_pointer (&self->batch, mx_batch_free);
  g_clear_pointer (&self->parallel, mx_parallel_free);
  self->best_epoch = 0;
  self->has_start_scores = FALSE;
}

/* ------------------------------------------------------------ measuring */

static void
measure (GstMxValidation *self, MxEvaluator *evaluator, MxValidation *counts)
{
  const gfloat *const *logits = mx_evaluator_run (evaluator, self->batch);
  const gint32 *labels = mx_batch_get_labels (self->batch);

  for (gsize row = 0; row < mx_batch_get_rows (self->batch); row++)
    mx_validation_add (counts, logits, row, labels[row]);
}

static void
measure_pending (GstMxValidation *self)
{
  if (self->present == NULL || mx_batch_get_rows (self->batch) == 0)
    return;
  measure (self, self->present, self->counts[PRESENT]);
  if (self->start != NULL)
    measure (self, self->start, self->counts[START]);
  mx_batch_clear (self->batch);
}

static void
take_weights (GstMxValidation *self, const MxTrainer *trainer)
{
  g_clear_pointer (&self->measured, mx_network_unref);
  self->measured = mx_trainer_get_network (trainer);
  self->present = mx_evaluator_new (self->measured, ROWS, self->parallel);
  if (self->batch == NULL)
    self->batch = mx_evaluator_new_batch (self->present);
}

void
gst_mx_validation_add (GstMxValidation *self, const MxTrainer *trainer,
    const gfloat *window, gint32 label)
{
  if (self->present == NULL)
    take_weights (self, trainer);
  mx_batch_add (self->batch, window, NULL, label);
  if (mx_batch_is_full (self->batch))
    measure_pending (self);
}

void
gst_mx_validation_add_segment (GstMxValidation *self, const MxTrainer *trainer,
    const MxSegment *segment, gint32 label)
{
  if (self->present == NULL)
    take_weights (self, trainer);
  mx_batch_add_segments (self->batch, segment, NULL, label);
  if (mx_batch_is_full (self->batch))
    measure_pending (self);
}

void
gst_mx_validation_settle (GstMxValidation *self)
{
  measure_pending (self);
  g_clear_pointer (&self->present, mx_evaluator_free);
}

/* ------------------------------------------------------------ comparing */

static void
remember (GstMxValidation *self, guint epoch, const MxValidationScores *scores,
    MxNetwork *network)
{
  GstMxValidated entry = {epoch, mx_validation_value (scores, self->metric)};
  gdouble best = -INFINITY;

  for (guint i = 0; i < self->history->len; i++)
    best = fmax (best, g_array_index (self->history, GstMxValidated, i).value);
  g_array_append_val (self->history, entry);
  if (!(entry.value > best))
    return;
  g_clear_pointer (&self->best, mx_network_unref);
  self->best = mx_network_ref (network);
  self->best_epoch = epoch;
}

static void
remember_start (GstMxValidation *self)
{
  self->has_start_scores = self->start != NULL;
  if (self->start == NULL)
    return;
  mx_validation_scores (self->counts[START], &self->start_scores);
  remember (
      self, 0, &self->start_scores, mx_evaluator_get_network (self->start));
  g_clear_pointer (&self->start, mx_evaluator_free);
}

gboolean
gst_mx_validation_is_blind (const GstMxValidation *self)
{
  return self->scores.windows > 0 && self->scores.labelled == 0;
}

static void
sum_counts (MxValidation *counts, MxGroup *group)
{
  gsize n, place;
  const gdouble *own = mx_validation_state (counts, &n);
  g_autofree gdouble *sums = g_memdup2 (own, n * sizeof *own);

  mx_group_sum (group, sums, n);
  g_warn_if_fail (mx_validation_restore (counts, sums, &place) == NULL);
}

gboolean
gst_mx_validation_end_epoch (GstMxValidation *self, const MxTrainer *trainer,
    MxGroup *group, guint epoch)
{
  gst_mx_validation_settle (self);
  sum_counts (self->counts[PRESENT], group);
  if (self->start != NULL)
    sum_counts (self->counts[START], group);
  mx_validation_scores (self->counts[PRESENT], &self->scores);
  mx_validation_reset (self->counts[PRESENT]);
  /* Others may have heard all that was measured with. */
  if (self->scores.labelled > 0 && self->measured == NULL)
    self->measured = mx_trainer_get_network (trainer);
  if (self->scores.labelled > 0) {
    remember_start (self);
    remember (self, epoch, &self->scores, self->measured);
  }
  g_clear_pointer (&self->measured, mx_network_unref);
  return self->scores.labelled > 0;
}

gboolean
gst_mx_validation_is_over (const GstMxValidation *self)
{
  guint since = 0;

  if (self->patience == 0)
    return FALSE;
  for (guint i = 0; i < self->history->len; i++) {
    guint epoch = g_array_index (self->history, GstMxValidated, i).epoch;

    since += epoch > self->best_epoch;
  }
  return since >= self->patience;
}

/* ----------------------------------------------------------- checkpoints */

#define EPOCHS "valid.epochs"
#define VALUES "valid.values"
#define COUNTS "valid.counts"
#define START_COUNTS "valid.start-counts"
#define BEST "valid.best"
#define BEST_EPOCH "valid.best-epoch"
#define MEASURED "valid.measured"

static void
save_counts (MxValidation *counts, MxGroup *group, MxCheckpoint *checkpoint,
    const gchar *name)
{
  gsize n;
  const gdouble *state = mx_validation_state (counts, &n);
  g_autofree gdouble *sums = g_memdup2 (state, n * sizeof *state);

  mx_group_sum (group, sums, n);
  mx_checkpoint_put_reals (checkpoint, name, sums, n);
}

static void
save_network (
    const MxNetwork *network, MxCheckpoint *checkpoint, const gchar *name)
{
  if (network != NULL)
    mx_checkpoint_put_floats (checkpoint, name, network->weights,
        network->description->program->n_weights);
}

void
gst_mx_validation_save (
    GstMxValidation *self, MxGroup *group, MxCheckpoint *checkpoint)
{
  const guint n = self->history->len;
  g_autofree guint64 *epochs = g_new (guint64, n + 1);
  g_autofree gdouble *values = g_new (gdouble, n + 1);
  guint64 best_epoch = self->best_epoch;

  for (guint i = 0; i < n; i++) {
    const GstMxValidated *entry =
        &g_array_index (self->history, GstMxValidated, i);

    epochs[i] = entry->epoch;
    values[i] = entry->value;
  }
  mx_checkpoint_put_numbers (checkpoint, EPOCHS, epochs, n);
  mx_checkpoint_put_reals (checkpoint, VALUES, values, n);
  mx_checkpoint_put_numbers (checkpoint, BEST_EPOCH, &best_epoch, 1);
  save_counts (self->counts[PRESENT], group, checkpoint, COUNTS);
  if (self->start != NULL)
    save_counts (self->counts[START], group, checkpoint, START_COUNTS);
  save_network (self->best, checkpoint, BEST);
  save_network (self->measured, checkpoint, MEASURED);
}

/* Where the best one stands; n: nothing measured was better than nothing. */
static gsize
find_best (const gdouble *values, gsize n)
{
  gdouble best = -INFINITY;
  gsize place = n;

  for (gsize i = 0; i < n; i++)
    if (values[i] > best) {
      best = values[i];
      place = i;
    }
  return place;
}

/* Of all metrics 1 is the most; what only trouble came of may be anything
 * below, or no number. */
static gboolean
check_values (const MxCheckpoint *checkpoint, const gdouble *values, gsize n,
    GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (values[i] > 1) {
      mx_checkpoint_refuse (
          checkpoint, VALUES, i, values[i], "a score of at most 1", error);
      return FALSE;
    }
  return TRUE;
}

/* That it is the first of the greatest, and that its weights are there, is
 * what remember() leaves. */
static gboolean
check_best (const MxCheckpoint *checkpoint, guint64 found, guint64 expected,
    gboolean any, GError **error)
{
  g_autofree gchar *text = NULL;

  if (found == expected && any == mx_checkpoint_has (checkpoint, BEST))
    return TRUE;
  if (found == expected) {
    mx_checkpoint_refuse (checkpoint, BEST_EPOCH, 0, (gdouble)found,
        any ? "weights '" BEST "' of this epoch"
            : "no weights '" BEST "', as nothing was measured",
        error);
    return FALSE;
  }
  text = g_strdup_printf (
      "%" G_GUINT64_FORMAT ", the best of '" VALUES "'", expected);
  mx_checkpoint_refuse (checkpoint, BEST_EPOCH, 0, (gdouble)found, text, error);
  return FALSE;
}

static gboolean
restore_history (
    GstMxValidation *self, const MxCheckpoint *checkpoint, GError **error)
{
  gsize n = mx_checkpoint_count_numbers (checkpoint, EPOCHS), best;
  g_autofree guint64 *epochs = g_new (guint64, n + 1);
  g_autofree gdouble *values = g_new (gdouble, n + 1);
  guint64 best_epoch;

  if (!mx_believed_counts (checkpoint, EPOCHS, epochs, n, G_MAXUINT, error) ||
      !mx_checkpoint_get_reals (checkpoint, VALUES, values, n, error) ||
      !check_values (checkpoint, values, n, error) ||
      !mx_believed_counts (
          checkpoint, BEST_EPOCH, &best_epoch, 1, G_MAXUINT, error))
    return FALSE;
  best = find_best (values, n);
  if (!check_best (
          checkpoint, best_epoch, best < n ? epochs[best] : 0, best < n, error))
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    GstMxValidated entry = {(guint)epochs[i], values[i]};

    g_array_append_val (self->history, entry);
  }
  self->best_epoch = (guint)best_epoch;
  return TRUE;
}

static gboolean
restore_counts (MxValidation *counts, const MxCheckpoint *checkpoint,
    const gchar *name, GError **error)
{
  gsize n, place;
  (void)mx_validation_state (counts, &n);
  g_autofree gdouble *state = g_new (gdouble, n);
  const gchar *expected;

  if (!mx_checkpoint_get_reals (checkpoint, name, state, n, error))
    return FALSE;
  expected = mx_validation_restore (counts, state, &place);
  if (expected != NULL)
    mx_checkpoint_refuse (
        checkpoint, name, place, state[place], expected, error);
  return expected == NULL;
}

/* The start is measured in the first epoch only. */
static gboolean
restore_start (
    GstMxValidation *self, const MxCheckpoint *checkpoint, GError **error)
{
  if (self->start == NULL)
    return TRUE;
  if (mx_checkpoint_has (checkpoint, START_COUNTS))
    return restore_counts (
        self->counts[START], checkpoint, START_COUNTS, error);
  g_clear_pointer (&self->start, mx_evaluator_free);
  return TRUE;
}

static gboolean
restore_network (MxNetwork **network, gboolean expected,
    MxDescription *description, const MxCheckpoint *checkpoint,
    const gchar *name, GError **error)
{
  const gfloat *weights;

  if (!expected && !mx_checkpoint_has (checkpoint, name))
    return TRUE;
  weights = mx_believed_weights (checkpoint, name, description->program, error);
  if (weights != NULL)
    *network = mx_network_new (description, weights);
  return weights != NULL;
}

static gboolean
restore_all_counts (GstMxValidation *self, MxGroup *group,
    const MxCheckpoint *checkpoint, GError **error)
{
  if (!restore_counts (self->counts[PRESENT], checkpoint, COUNTS, error) ||
      !restore_start (self, checkpoint, error))
    return FALSE;
  if (mx_group_get_rank (group) == 0)
    return TRUE;
  mx_validation_reset (self->counts[PRESENT]);
  if (self->start != NULL)
    mx_validation_reset (self->counts[START]);
  return TRUE;
}

/* What was counted was counted of a network; in a group maybe by others. */
static gboolean
must_have_measured (const GstMxValidation *self, MxGroup *group)
{
  return mx_group_get_size (group) == 1 &&
         !mx_validation_is_empty (self->counts[PRESENT]);
}

gboolean
gst_mx_validation_restore (GstMxValidation *self, MxGroup *group,
    MxDescription *description, const MxCheckpoint *checkpoint, GError **error)
{
  return restore_history (self, checkpoint, error) &&
         restore_all_counts (self, group, checkpoint, error) &&
         restore_network (
             &self->best, FALSE, description, checkpoint, BEST, error) &&
         restore_network (&self->measured, must_have_measured (self, group),
             description, checkpoint, MEASURED, error);
}
