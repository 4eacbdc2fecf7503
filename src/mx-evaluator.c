/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-evaluator.h"

#include "mx-pass.h"
#include "mx-segment.h"

struct _MxEvaluator {
  MxNetwork *network;
  MxParallel *parallel;
  MxProgram *program;
  float *prepared;
  size_t *prepared_offset;
  MxPass *pass;
  size_t capacity;
  float **logits; /* [stages] -> [capacity][classes] */
};

MxEvaluator *
mx_evaluator_new (MxNetwork *network, size_t rows, MxParallel *parallel)
{
  MxProgram *program = mx_segment_program_of (
      network->description, network->description->program);
  MxEvaluator *self = g_new0 (MxEvaluator, 1);
  size_t size;
  self->network = mx_network_ref (network);
  self->parallel = parallel;
  self->capacity = rows;
  self->program = program;
  self->prepared_offset = mx_pass_prepared_layout (program, false, &size);
  self->prepared = g_aligned_alloc0 (size + 1, sizeof (float), 64);
  mx_pass_prepare (program, false, network->weights, self->prepared,
      self->prepared_offset, parallel);
  self->pass = mx_pass_new_for_windows (program, rows, parallel);
  mx_pass_set_weights (
      self->pass, network->weights, self->prepared, self->prepared_offset);
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
  for (size_t s = 0; s < self->program->n_stages; s++)
    g_free (self->logits[s]);
  g_free (self->logits);
  mx_pass_free (self->pass);
  g_free (self->prepared_offset);
  g_aligned_free (self->prepared);
  mx_program_unref (self->program);
  mx_network_unref (self->network);
  g_free (self);
}

MxNetwork *
mx_evaluator_get_network (const MxEvaluator *self)
{
  return self->network;
}

MxBatch *
mx_evaluator_new_batch (const MxEvaluator *self)
{
  return mx_batch_new (self->network->description, self->capacity);
}

const float *const *
mx_evaluator_run (MxEvaluator *self, MxBatch *batch)
{
  const size_t rows = mx_batch_get_rows (batch);
  g_return_val_if_fail (rows <= self->capacity, NULL);
  MxTensor input = mx_pass_begin (self->pass, rows);
  mx_batch_compute_inputs (batch, &input, self->parallel);
  mx_pass_set_windows (self->pass, mx_batch_get_last (batch));
  mx_pass_run (self->pass, NULL, self->logits);
  return (const float *const *)self->logits;
}
