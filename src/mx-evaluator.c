/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-evaluator.h"

#include "mx-pass.h"

#include <string.h>

struct _MxEvaluator {
  MxNetwork *network;
  MxParallel *parallel;
  MxPass *pass;
  size_t capacity;
  MxFrontend **frontends; /* [capacity] */
  float **frames;         /* [capacity] -> [frames][features] */
  float **logits;         /* [stages] -> [capacity][classes] */
};

MxEvaluator *
mx_evaluator_new (MxNetwork *network, size_t rows, MxParallel *parallel)
{
  const MxDescription *description = network->description;
  const MxProgram *program = network->program;
  MxEvaluator *self = g_new0 (MxEvaluator, 1);
  self->network = mx_network_ref (network);
  self->parallel = parallel;
  self->capacity = rows;
  self->pass = mx_pass_new_for_windows (network->program, rows, parallel);
  mx_pass_set_weights (self->pass, network->program_weights, network->prepared,
      network->prepared_offset);
  self->frontends = g_new (MxFrontend *, rows);
  self->frames = g_new (float *, rows);
  for (size_t r = 0; r < rows; r++) {
    self->frontends[r] = mx_frontend_new (&description->frontend);
    self->frames[r] =
        g_new (float, description->frames * description->frontend.features);
  }
  self->logits = g_new (float *, program->n_stages);
  for (size_t s = 0; s < program->n_stages; s++)
    self->logits[s] = g_new (float, rows * program->classes);
  return self;
}

void
mx_evaluator_free (MxEvaluator *self)
{
  if (self == NULL)
    return;
  for (size_t r = 0; r < self->capacity; r++) {
    mx_frontend_free (self->frontends[r]);
    g_free (self->frames[r]);
  }
  for (size_t s = 0; s < self->network->program->n_stages; s++)
    g_free (self->logits[s]);
  g_free (self->frontends);
  g_free (self->frames);
  g_free (self->logits);
  mx_pass_free (self->pass);
  mx_network_unref (self->network);
  g_free (self);
}

MxNetwork *
mx_evaluator_get_network (const MxEvaluator *self)
{
  return self->network;
}

typedef struct {
  MxEvaluator *self;
  const float *samples;
  MxTensor input;
} Inputs;

static void
compute_input (void *data, size_t row)
{
  const Inputs *inputs = data;
  MxEvaluator *self = inputs->self;
  const MxDescription *description = self->network->description;
  const size_t floats = description->window * description->channels;
  size_t consumed;
  mx_frontend_reset (self->frontends[row]);
  mx_frontend_process (self->frontends[row], inputs->samples + row * floats,
      description->window, self->frames[row], description->frames, &consumed);
  mx_frontend_flush (self->frontends[row]);
  mx_frontend_normalise (&description->frontend, self->frames[row],
      description->frames, mx_tensor_row (&inputs->input, row));
}

const float *const *
mx_evaluator_run (MxEvaluator *self, const float *samples, size_t rows)
{
  const MxProgram *program = self->network->program;
  g_return_val_if_fail (rows <= self->capacity, NULL);
  Inputs inputs = {self, samples, mx_pass_begin (self->pass, rows)};
  mx_parallel_run (self->parallel, rows, compute_input, &inputs);
  for (size_t s = 0; s < program->n_stages; s++) {
    MxTensor logits = mx_pass_run_stage (self->pass, s);
    for (size_t r = 0; r < rows; r++)
      memcpy (self->logits[s] + r * program->classes,
          mx_tensor_row (&logits, r), program->classes * sizeof (float));
  }
  return (const float *const *)self->logits;
}
