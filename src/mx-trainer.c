/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-trainer.h"

#include "mx-batch.h"
#include "mx-gradient.h"

#include <math.h>
#include <string.h>

struct _MxTrainer {
  MxDescription *description;
  MxTrainerConfig config;
  MxParallel *parallel;

  float *weights, *gradients; /* [n_weights] */
  float *statistics;          /* as they were before this step */
  float *prepared;
  size_t *prepared_offset;
  MxPass *pass;
  MxGradient *gradient;
  MxOptimizer *optimizer;

  MxBatch *batch;
  float **logits; /* [stages] -> [rows][classes] */
};

void
mx_trainer_config_init (MxTrainerConfig *config)
{
  *config = (MxTrainerConfig){
      .ramp_up = .3,
      .learning_rate = 2e-3f,
      .warm_up = 30,
      .batch_size = 64,
      .seed = 1,
  };
  mx_objective_init (&config->objective, MX_OBJECTIVE_CONSISTENT_EXIT);
  mx_optimizer_config_init (&config->optimizer, MX_OPTIMIZER_ADAM);
}

MxTrainer *
mx_trainer_new (MxDescription *description, const MxNetwork *start,
    const MxTrainerConfig *config)
{
  MxProgram *program = description->program;
  MxTrainer *self = g_new0 (MxTrainer, 1);
  self->description = mx_description_ref (description);
  self->config = *config;
  self->parallel = mx_parallel_new (config->threads);
  self->weights = g_new (float, program->n_weights);
  self->gradients = g_new (float, program->n_weights);
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
  size_t size;
  self->prepared_offset = mx_pass_prepared_layout (program, true, &size);
  self->prepared = g_aligned_alloc0 (size + 1, sizeof (float), 64);
  self->pass = mx_pass_new (program, rows, true, self->parallel);
  mx_pass_set_weights (
      self->pass, self->weights, self->prepared, self->prepared_offset);
  self->gradient = mx_gradient_new (self->pass, rows);
  self->optimizer = mx_optimizer_new (&config->optimizer, program->n_trainable);
  return self;
}

void
mx_trainer_free (MxTrainer *self)
{
  for (size_t s = 0; s < self->description->program->n_stages; s++)
    g_free (self->logits[s]);
  mx_optimizer_free (self->optimizer);
  mx_gradient_free (self->gradient);
  mx_pass_free (self->pass);
  mx_batch_free (self->batch);
  mx_parallel_free (self->parallel);
  mx_description_unref (self->description);
  g_free (self->weights);
  g_free (self->gradients);
  g_free (self->statistics);
  g_free (self->prepared_offset);
  g_aligned_free (self->prepared);
  g_free (self->logits);
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

/* -------------------------------------------------------------- step */

static void
forward (MxTrainer *self)
{
  const MxProgram *program = self->description->program;
  mx_pass_prepare (program, true, self->weights, self->prepared,
      self->prepared_offset, self->parallel);
  mx_pass_set_seed (self->pass,
      mx_rng_stream (self->config.seed, *mx_optimizer_steps (self->optimizer)));
  size_t rows = mx_batch_get_rows (self->batch);
  MxTensor input = mx_pass_begin (self->pass, rows);
  mx_batch_compute_inputs (self->batch, &input, self->parallel);
  for (size_t s = 0; s < program->n_stages; s++) {
    MxTensor logits = mx_pass_run_stage (self->pass, s);
    for (size_t r = 0; r < rows; r++)
      memcpy (self->logits[s] + r * program->classes,
          mx_tensor_row (&logits, r), program->classes * sizeof (float));
  }
}

static float
ramp (const MxTrainer *self, uint64_t step)
{
  return mx_schedule_ramp (step, self->config.ramp_up, self->config.steps);
}

static void
evaluate_objective (MxTrainer *self, uint64_t step, MxLoss *loss)
{
  const MxProgram *program = self->description->program;
  float *gradient[MX_MAX_EXITS];
  for (size_t s = 0; s < program->n_stages; s++)
    gradient[s] = mx_gradient_get_logits (self->gradient, s);
  MxObjectiveBatch batch = {
      .rows = mx_batch_get_rows (self->batch),
      .exits = program->n_stages,
      .classes = program->classes,
      .label = mx_batch_get_labels (self->batch),
      .partner = mx_batch_get_partners (self->batch),
  };
  mx_objective_evaluate (&self->config.objective, ramp (self, step), &batch,
      (const float *const *)self->logits, gradient, loss);
}

static void
count_correct (const MxTrainer *self, MxTrainerStep *step)
{
  const MxProgram *program = self->description->program;
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

void
mx_trainer_step (MxTrainer *self, MxTrainerStep *step)
{
  const MxProgram *program = self->description->program;
  uint64_t done = *mx_optimizer_steps (self->optimizer);
  size_t n_statistics = program->n_weights - program->n_trainable;
  float *statistics = self->weights + program->n_trainable;

  *step = (MxTrainerStep){.step = done + 1};
  step->learning_rate = rate (self, done);
  memcpy (self->statistics, statistics, n_statistics * sizeof (float));

  forward (self);
  evaluate_objective (self, done, &step->loss);
  count_correct (self, step);
  mx_gradient_run (self->gradient, self->gradients);

  step->gradient_norm = mx_optimizer_clip (
      self->gradients, program->n_trainable, self->config.gradient_clip);
  step->finite = isfinite (step->loss.total) && isfinite (step->gradient_norm);
  if (step->finite)
    mx_optimizer_step (
        self->optimizer, step->learning_rate, self->weights, self->gradients);
  else
    memcpy (statistics, self->statistics, n_statistics * sizeof (float));
  mx_batch_clear (self->batch);
}

MxNetwork *
mx_trainer_get_network (const MxTrainer *self)
{
  return mx_network_new (self->description, self->weights);
}

/* ------------------------------------------------------- checkpoints */

#define WEIGHTS "trainer.weights"
#define MOMENTS "trainer.moments"
#define STEPS "trainer.steps"

void
mx_trainer_save (MxTrainer *self, MxCheckpoint *checkpoint)
{
  const MxProgram *program = self->description->program;
  g_return_if_fail (mx_batch_get_windows (self->batch) == 0);
  mx_checkpoint_put_floats (
      checkpoint, WEIGHTS, self->weights, program->n_weights);
  mx_checkpoint_put_floats (checkpoint, MOMENTS,
      mx_optimizer_state (self->optimizer), 2 * program->n_trainable);
  mx_checkpoint_put_numbers (
      checkpoint, STEPS, mx_optimizer_steps (self->optimizer), 1);
}

gboolean
mx_trainer_restore (
    MxTrainer *self, const MxCheckpoint *checkpoint, GError **error)
{
  const MxProgram *program = self->description->program;
  const float *weights, *moments;
  weights =
      mx_checkpoint_get_floats (checkpoint, WEIGHTS, program->n_weights, error);
  if (weights == NULL)
    return FALSE;
  moments = mx_checkpoint_get_floats (
      checkpoint, MOMENTS, 2 * program->n_trainable, error);
  if (moments == NULL || !mx_checkpoint_get_numbers (checkpoint, STEPS,
                             mx_optimizer_steps (self->optimizer), 1, error))
    return FALSE;
  memcpy (self->weights, weights, program->n_weights * sizeof *weights);
  memcpy (mx_optimizer_state (self->optimizer), moments,
      2 * program->n_trainable * sizeof *moments);
  return TRUE;
}
