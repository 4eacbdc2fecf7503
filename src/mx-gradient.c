/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-gradient.h"

#include <glib.h>
#include <string.h>

struct _MxGradient {
  MxPass *pass;
  MxTensor *values; /* gradient of each value; value 0 has none */
  float *memory;
  bool *accumulate; /* [layer][input]: another reader wrote it before */
  bool *shared;     /* [value]: with that of its reader's output */
  float **logits;   /* [stage], [rows][classes] */
};

/* Neither what is there already, nor of the network's input, nor of what a
 * frozen layer writes: all before it are frozen. */
static bool
is_wanted (const MxGradient *self, int value)
{
  return value > 0 && !self->shared[value] &&
         !mx_pass_is_frozen (self->pass, (size_t)value - 1);
}

/* Values are read in layer order and their gradients written in the reverse
 * one: all but the last reader add to what is there. */
static void
plan_accumulation (MxGradient *self, const MxProgram *program)
{
  g_autofree bool *written = g_new0 (bool, program->n_values);
  self->accumulate = g_new0 (bool, 2 * program->n_layers);
  for (size_t i = program->n_layers; i-- > 0;) {
    for (int k = 0; k < 2; k++) {
      int input = program->layers[i]->inputs[k];
      if (input < 0 || mx_pass_is_frozen (self->pass, i))
        continue;
      self->accumulate[2 * i + k] = written[input];
      written[input] = true;
    }
  }
}

static void
allocate_values (MxGradient *self, const MxProgram *program, size_t rows)
{
  self->values = g_new0 (MxTensor, program->n_values);
  for (size_t v = 1; v < program->n_values; v++) {
    const MxValue *value = &program->values[v];
    self->values[v] = (MxTensor){
        .time = value->shape.time,
        .channels = value->shape.channels,
        .pad_left = value->gradient_pad_left,
        .pad_right = value->gradient_pad_right,
    };
  }
  self->memory =
      mx_tensors_allocate (self->values + 1, program->n_values - 1, rows);
}

/* A gradient that its only reader passes on as it is need not be copied: nobody
 * writes it again.  Layers that take a ReLU do, and padding may differ. */
static void
share_values (MxGradient *self, const MxProgram *program)
{
  self->shared = g_new0 (bool, program->n_values);
  for (size_t i = program->n_layers; i-- > 0;) {
    const MxLayer *layer = program->layers[i];
    const MxTensor *out = &self->values[mx_pass_get_output (self->pass, i)];
    for (int k = 0; k < 2 && layer->kind->passes_on; k++) {
      const int value = layer->inputs[k];
      if (value < 1 || mx_pass_count_readers (self->pass, (size_t)value) != 1 ||
          mx_pass_get_output (self->pass, (size_t)value - 1) != (size_t)value ||
          self->values[value].pad_left != out->pad_left ||
          self->values[value].pad_right != out->pad_right)
        continue;
      self->values[value] = *out;
      self->shared[value] = true;
    }
  }
}

MxGradient *
mx_gradient_new (MxPass *pass, size_t rows)
{
  const MxProgram *program = mx_pass_get_program (pass);
  MxGradient *self = g_new0 (MxGradient, 1);
  self->pass = pass;
  allocate_values (self, program, rows);
  plan_accumulation (self, program);
  share_values (self, program);
  self->logits = g_new (float *, program->n_stages);
  for (size_t s = 0; s < program->n_stages; s++)
    self->logits[s] = g_new0 (float, rows * program->classes);
  return self;
}

void
mx_gradient_free (MxGradient *self)
{
  const MxProgram *program = mx_pass_get_program (self->pass);
  for (size_t s = 0; s < program->n_stages; s++)
    g_free (self->logits[s]);
  g_free (self->logits);
  g_free (self->values);
  g_aligned_free (self->memory);
  g_free (self->accumulate);
  g_free (self->shared);
  g_free (self);
}

float *
mx_gradient_get_logits (MxGradient *self, size_t stage)
{
  return self->logits[stage];
}

static void
begin (MxGradient *self, const MxProgram *program, size_t rows)
{
  for (size_t v = 1; v < program->n_values; v++)
    self->values[v].rows = rows;
  for (size_t s = 0; s < program->n_stages; s++) {
    MxTensor *tensor = &self->values[program->stages[s].logits];
    for (size_t r = 0; r < rows; r++)
      memcpy (mx_tensor_row (tensor, r), self->logits[s] + r * program->classes,
          program->classes * sizeof (float));
  }
}

void
mx_gradient_run (MxGradient *self, float *gradients)
{
  const MxProgram *program = mx_pass_get_program (self->pass);
  size_t rows = mx_pass_get_value (self->pass, 0)->rows;
  begin (self, program, rows);
  memset (gradients, 0, program->n_weights * sizeof *gradients);
  for (size_t i = program->n_layers; i-- > 0;) {
    const MxLayer *layer = program->layers[i];
    MxLayerRun run;

    if (mx_pass_is_frozen (self->pass, i) ||
        mx_pass_is_absorbed (self->pass, i) ||
        (rows == 0 && !layer->kind->sums_group))
      continue;
    mx_pass_layer_run (self->pass, i, &run);
    run.gradients = gradients;
    run.dy = self->values[mx_pass_get_output (self->pass, i)];
    if (is_wanted (self, layer->inputs[0]))
      run.dx = self->values[layer->inputs[0]];
    run.accumulate[0] = self->accumulate[2 * i];
    if (is_wanted (self, layer->inputs[1])) {
      run.dx2 = self->values[layer->inputs[1]];
      run.accumulate[1] = self->accumulate[2 * i + 1];
    }
    layer->kind->backward (layer, &run);
  }
}
