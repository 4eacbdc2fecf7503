/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-trainer.h"

#include "mx-average-pass.h"
#include "mx-average.h"
#include "mx-batch.h"
#include "mx-believed.h"
#include "mx-class-balance.h"
#include "mx-gradient.h"
#include "mx-memory.h"
#include "mx-mixup.h"
#include "mx-share.h"

#include <math.h>
#include <string.h>

/* Chance of another kind than dropout's, which has the numbers of steps. */
#define MIXUP_STREAM UINT64_MAX

struct _MxTrainer {
  MxDescription *description;
  MxProgram *program; /* the description's, or for segments of streams */
  MxTrainerConfig config;
  MxParallel *parallel;

  float *weights, *gradients; /* [n_weights] */
  float *statistics;          /* as they were before this step */
  float *prepared;
  size_t *prepared_offset;
  MxPass *pass;
  MxGradient *gradient;
  MxOptimizer *optimizer;

  MxBatch *batch; /* a share of the group's */
  MxShare *share;
  float **logits; /* [stages] -> [rows][classes] */

  /* NULL unless configured. */
  MxMixup *mixup;
  MxClassBalance *balance;
  MxAverage *teacher, *model;
  MxAveragePass *teacher_pass;
};

void
mx_trainer_config_init (MxTrainerConfig *config)
{
  *config = (MxTrainerConfig){
      .ramp_up = .3,
      .learning_rate = 4e-3f,
      .warm_up = 30,
      .batch_size = 64,
      .seed = 1,
  };
  mx_objective_init (&config->objective, MX_OBJECTIVE_CONSISTENT_EXIT);
  mx_optimizer_config_init (&config->optimizer, MX_OPTIMIZER_ADAM);
}

static void
prepare_options (MxTrainer *self, size_t rows)
{
  const MxTrainerConfig *config = &self->config;
  MxProgram *program = self->program;
  if (config->mixup > 0)
    self->mixup = mx_mixup_new (rows);
  if (config->class_weights)
    self->balance = mx_class_balance_new (program->classes);
  if (config->teacher_average > 0 && config->objective.consistency_weight > 0) {
    self->teacher = mx_average_new (self->weights, program->n_weights);
    self->teacher_pass = mx_average_pass_new (program, rows, self->parallel);
  }
  if (config->average_weights > 0)
    self->model = mx_average_new (self->weights, program->n_weights);
}

static void
freeze (MxTrainer *self)
{
  g_autofree bool *frozen =
      mx_freeze_list (&self->config.freeze, self->program);
  size_t n_spans;
  g_autofree MxSpan *spans = mx_freeze_spans (frozen, self->program, &n_spans);
  mx_pass_freeze (self->pass, frozen);
  mx_optimizer_set_spans (self->optimizer, spans, n_spans);
}

MxTrainer *
mx_trainer_new (MxDescription *description, const MxNetwork *start,
    const MxTrainerConfig *config)
{
  g_return_val_if_fail (!description->program->quantised, NULL);

  MxProgram *program =
      mx_segment_program_of (description, description->program);
  MxTrainer *self = g_new0 (MxTrainer, 1);
  self->description = mx_description_ref (description);
  self->program = program;
  self->config = *config;
  self->parallel = mx_parallel_new (config->threads);
  self->weights = mx_floats_new (program->n_weights);
  self->gradients = mx_floats_new (program->n_weights);
  self->statistics =
      g_new (float, program->n_weights - program->n_trainable + 1);
  if (start != NULL)
    memcpy (self->weights, start->weights, program->n_weights * sizeof (float));
  else
    mx_program_init_weights (program, config->seed, self->weights);
  size_t rows = 2 * config->batch_size; /* clean and perturbed */
  self->batch = mx_batch_new (description, config->batch_size);
  self->logits = g_new (float *, program->n_stages);
  for (size_t s = 0; s < program->n_stages; s++)
    self->logits[s] = g_new (float, rows * program->classes);
  self->share = mx_share_new (config->group, program->classes);
  size_t size;
  self->prepared_offset = mx_pass_prepared_layout (program, true, &size);
  self->prepared = mx_floats_new (size);
  self->pass = mx_pass_new (program, rows, true, self->parallel);
  mx_pass_set_weights (
      self->pass, self->weights, self->prepared, self->prepared_offset);
  self->optimizer = mx_optimizer_new (&config->optimizer, program->n_trainable);
  mx_optimizer_set_parallel (self->optimizer, self->parallel);
  freeze (self);
  self->gradient = mx_gradient_new (self->pass, rows);
  prepare_options (self, rows);
  return self;
}

void
mx_trainer_free (MxTrainer *self)
{
  for (size_t s = 0; s < self->program->n_stages; s++)
    g_free (self->logits[s]);
  mx_mixup_free (self->mixup);
  mx_class_balance_free (self->balance);
  mx_average_free (self->teacher);
  mx_average_free (self->model);
  mx_average_pass_free (self->teacher_pass);
  mx_optimizer_free (self->optimizer);
  mx_gradient_free (self->gradient);
  mx_pass_free (self->pass);
  mx_batch_free (self->batch);
  mx_parallel_free (self->parallel);
  mx_program_unref (self->program);
  mx_description_unref (self->description);
  g_aligned_free (self->weights);
  g_aligned_free (self->gradients);
  g_free (self->statistics);
  g_free (self->prepared_offset);
  g_aligned_free (self->prepared);
  g_free (self->logits);
  mx_share_free (self->share);
  g_free (self);
}

void
mx_trainer_plan (MxTrainer *self, uint64_t steps)
{
  self->config.steps = steps;
}

void
mx_trainer_add (
    MxTrainer *self, const float *clean, const float *perturbed, int32_t label)
{
  mx_batch_add (self->batch, clean, perturbed, label);
}

void
mx_trainer_add_segments (MxTrainer *self, const MxSegment *clean,
    const MxSegment *perturbed, int32_t label)
{
  mx_batch_add_segments (self->batch, clean, perturbed, label);
}

bool
mx_trainer_is_full (const MxTrainer *self)
{
  return mx_batch_is_full (self->batch);
}

size_t
mx_trainer_get_pending (const MxTrainer *self)
{
  return mx_batch_get_windows (self->batch);
}

size_t
mx_trainer_get_rows (const MxTrainer *self)
{
  return mx_batch_get_rows (self->batch);
}

/* -------------------------------------------------------------- step */

static MxTensor
compute_inputs (MxTrainer *self, uint64_t step)
{
  MxTensor input = mx_pass_begin (self->pass, mx_batch_get_rows (self->batch));
  mx_batch_compute_inputs (self->batch, &input, self->parallel);
  if (self->mixup != NULL) {
    MxRng rng;
    mx_rng_init (&rng, self->config.seed,
        mx_rng_stream (MIXUP_STREAM, mx_share_chance (self->share, step)));
    mx_mixup_apply (self->mixup, self->config.mixup, &rng,
        mx_batch_get_labels (self->batch), mx_batch_get_partners (self->batch),
        &input);
  }
  return input;
}

static void
forward (MxTrainer *self, uint64_t step, const MxWhole *whole)
{
  mx_pass_prepare_own (self->pass, self->prepared);
  mx_pass_set_seed (self->pass,
      mx_rng_stream (self->config.seed, mx_share_chance (self->share, step)));
  mx_pass_set_group (self->pass, self->config.group, whole->rows);
  mx_pass_set_windows (self->pass, mx_batch_get_last (self->batch));
  mx_pass_run (self->pass, NULL, self->logits);
}

static float
ramp (const MxTrainer *self, uint64_t step)
{
  return mx_schedule_ramp (step, self->config.ramp_up, self->config.steps);
}

/* What the rows are, and what they are to learn. */
static MxObjectiveBatch
describe_batch (MxTrainer *self, const MxTensor *input, const MxWhole *whole)
{
  const MxProgram *program = self->program;
  MxObjectiveBatch batch = {
      .rows = mx_batch_get_rows (self->batch),
      .exits = program->n_stages,
      .classes = program->classes,
      .label = mx_batch_get_labels (self->batch),
      .partner = mx_batch_get_partners (self->batch),
      .counts = &whole->counts,
  };
  if (self->mixup != NULL) {
    batch.mix = mx_mixup_get_shares (self->mixup);
    batch.other = mx_mixup_get_others (self->mixup);
  }
  if (self->balance != NULL)
    batch.class_weights = mx_class_balance_compute (self->balance);
  if (self->teacher != NULL)
    batch.teacher = mx_average_pass_run (self->teacher_pass,
        mx_average_get_weights (self->teacher), input,
        mx_batch_get_last (self->batch), batch.partner);
  return batch;
}

static void
evaluate_objective (MxTrainer *self, uint64_t step, const MxTensor *input,
    const MxWhole *whole, MxLoss *loss)
{
  const MxProgram *program = self->program;
  float *gradient[MX_MAX_EXITS];
  for (size_t s = 0; s < program->n_stages; s++)
    gradient[s] = mx_gradient_get_logits (self->gradient, s);
  MxObjectiveBatch batch = describe_batch (self, input, whole);
  mx_objective_evaluate (&self->config.objective, ramp (self, step), &batch,
      (const float *const *)self->logits, gradient, loss);
}

static void
count_correct (const MxTrainer *self, MxTrainerStep *step)
{
  const MxProgram *program = self->program;
  const int32_t *label = mx_batch_get_labels (self->batch);
  const int32_t *partner = mx_batch_get_partners (self->batch);
  for (size_t r = 0; r < mx_batch_get_rows (self->batch); r++) {
    if (partner[r] >= 0 || label[r] < 0)
      continue;
    step->labelled++;
    for (size_t s = 0; s < program->n_stages; s++) {
      const float *logits = self->logits[s] + r * program->classes;
      size_t answer = mx_argmax (logits, program->classes);
      step->correct[s] += answer == (size_t)label[r];
    }
  }
}

static float
rate (const MxTrainer *self, uint64_t step)
{
  const MxTrainerConfig *config = &self->config;
  return mx_schedule_rate (config->learning_rate, step, config->warm_up,
      config->schedule == MX_SCHEDULE_CONSTANT ? 0 : config->steps);
}

static void
update (MxTrainer *self, float learning_rate, uint64_t step)
{
  mx_optimizer_step (
      self->optimizer, learning_rate, self->weights, self->gradients);
  if (self->teacher != NULL)
    mx_average_update (
        self->teacher, self->weights, step, self->config.teacher_average);
  if (self->model != NULL)
    mx_average_update (
        self->model, self->weights, step, self->config.average_weights);
}

void
mx_trainer_step (MxTrainer *self, MxTrainerStep *step)
{
  const MxProgram *program = self->program;
  uint64_t done = *mx_optimizer_steps (self->optimizer);
  size_t n_statistics = program->n_weights - program->n_trainable;
  float *statistics = self->weights + program->n_trainable;

  *step = (MxTrainerStep){.step = done + 1};
  step->learning_rate = rate (self, done);
  memcpy (self->statistics, statistics, n_statistics * sizeof (float));

  MxWhole whole = mx_share_count (self->share, self->batch, self->balance);
  MxTensor input = compute_inputs (self, done);
  forward (self, done, &whole);
  evaluate_objective (self, done, &input, &whole, &step->loss);
  count_correct (self, step);
  mx_gradient_run (self->gradient, self->gradients);
  mx_share_add_up (self->share, &step->loss, &step->labelled, step->correct);
  mx_share_add_gradients (self->share, self->gradients, program->n_trainable);

  step->gradient_norm = mx_optimizer_clip (
      self->gradients, program->n_trainable, self->config.gradient_clip);
  step->finite = isfinite (step->loss.total) && isfinite (step->gradient_norm);
  if (step->finite)
    update (self, step->learning_rate, done);
  else
    memcpy (statistics, self->statistics, n_statistics * sizeof (float));
  mx_batch_clear (self->batch);
}

MxNetwork *
mx_trainer_get_network (const MxTrainer *self)
{
  const float *weights = self->weights;
  if (self->model != NULL)
    weights = mx_average_get_weights (self->model);
  return mx_network_new (self->description, weights);
}

/* ------------------------------------------------------- checkpoints */

/* A block of floats that is part of the state. */
typedef struct {
  const char *name;
  float *values;
  size_t n;
} State;

#define MAX_STATES 4
#define STEPS "trainer.steps"
#define COUNTS "trainer.class-counts"

static size_t
list_states (MxTrainer *self, State *states)
{
  const MxProgram *program = self->description->program;
  size_t n = 0;
  states[n++] = (State){"trainer.weights", self->weights, program->n_weights};
  states[n++] = (State){"trainer.moments", mx_optimizer_state (self->optimizer),
      2 * program->n_trainable};
  if (self->teacher != NULL)
    states[n++] = (State){"trainer.teacher",
        mx_average_get_weights (self->teacher), program->n_weights};
  if (self->model != NULL)
    states[n++] = (State){"trainer.average",
        mx_average_get_weights (self->model), program->n_weights};
  return n;
}

void
mx_trainer_save (MxTrainer *self, MxCheckpoint *checkpoint)
{
  State states[MAX_STATES];
  size_t n = list_states (self, states);
  g_return_if_fail (mx_batch_get_windows (self->batch) == 0);
  for (size_t i = 0; i < n; i++)
    mx_checkpoint_put_floats (
        checkpoint, states[i].name, states[i].values, states[i].n);
  mx_checkpoint_put_numbers (
      checkpoint, STEPS, mx_optimizer_steps (self->optimizer), 1);
  if (self->balance != NULL)
    mx_checkpoint_put_numbers (checkpoint, COUNTS,
        mx_class_balance_get_counts (self->balance),
        self->description->program->classes);
}

gboolean
mx_trainer_restore (
    MxTrainer *self, const MxCheckpoint *checkpoint, GError **error)
{
  const MxProgram *program = self->description->program;
  size_t classes = program->classes;
  const float *found[MAX_STATES];
  State states[MAX_STATES];
  size_t n = list_states (self, states);
  for (size_t i = 0; i < n; i++) {
    found[i] =
        states[i].values == mx_optimizer_state (self->optimizer)
            ? mx_believed_moments (
                  checkpoint, states[i].name, program->n_trainable, error)
            : mx_believed_weights (checkpoint, states[i].name, program, error);
    if (found[i] == NULL)
      return FALSE;
  }
  g_autofree uint64_t *counts = g_new (uint64_t, classes);
  if (self->balance != NULL && !mx_believed_counts (checkpoint, COUNTS, counts,
                                   classes, MX_MOST_COUNT, error))
    return FALSE;
  uint64_t steps;
  if (!mx_believed_counts (checkpoint, STEPS, &steps, 1, MX_MOST_COUNT, error))
    return FALSE;
  *mx_optimizer_steps (self->optimizer) = steps;
  for (size_t i = 0; i < n; i++)
    memcpy (states[i].values, found[i], states[i].n * sizeof (float));
  if (self->balance != NULL)
    memcpy (mx_class_balance_get_counts (self->balance), counts,
        classes * sizeof *counts);
  return TRUE;
}
