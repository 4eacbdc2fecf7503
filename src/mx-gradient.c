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
  size_t *place;    /* [value]: the one in whose memory it lies */
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

/* All values of a shape have the padding that any of them needs: so they may
 * take turns in one piece of memory, whose padding stays zeros. */
static void
set_shapes (MxGradient *self, const MxProgram *program)
{
  self->values = g_new0 (MxTensor, program->n_values);
  for (size_t v = 1; v < program->n_values; v++) {
    const MxValue *value = &program->values[v];
    MxTensor *tensor = &self->values[v];
    *tensor = (MxTensor){
        .time = value->shape.time, .channels = value->shape.channels};
    for (size_t other = 1; other < program->n_values; other++) {
      const MxValue *alike = &program->values[other];
      if (alike->shape.time != tensor->time ||
          alike->shape.channels != tensor->channels)
        continue;
      tensor->pad_left = MAX (tensor->pad_left, alike->gradient_pad_left);
      tensor->pad_right = MAX (tensor->pad_right, alike->gradient_pad_right);
    }
  }
}

/* A gradient that its only reader passes on as it is need not be copied: nobody
 * writes it again.  Layers that take a ReLU do. */
static void
share_values (MxGradient *self, const MxProgram *program)
{
  self->shared = g_new0 (bool, program->n_values);
  self->place = g_new (size_t, program->n_values);
  for (size_t v = 0; v < program->n_values; v++)
    self->place[v] = v;
  for (size_t i = program->n_layers; i-- > 0;) {
    const MxLayer *layer = program->layers[i];
    size_t out = mx_pass_get_output (self->pass, i);
    for (int k = 0; k < 2 && layer->kind->passes_on; k++) {
      const int value = layer->inputs[k];
      if (value < 1 || mx_pass_count_readers (self->pass, (size_t)value) != 1 ||
          mx_pass_get_output (self->pass, (size_t)value - 1) != (size_t)value)
        continue;
      self->place[value] = self->place[out];
      self->shared[value] = true;
    }
  }
}

/* -------------------------------------------------------------- memory */

/* What gradients take turns in. */
typedef struct {
  MxTensor *tensors; /* [n] */
  bool *taken;
  size_t n;
  size_t *of; /* [value]: one of them, or NONE */
} Turns;

#define NONE SIZE_MAX

/* The one that was left last of that shape: it is still in the cache. */
static void
take_turn (Turns *turns, size_t value, const MxTensor *shape)
{
  size_t at = turns->n;
  if (turns->of[value] != NONE)
    return;
  for (size_t i = 0; i < turns->n && at == turns->n; i++)
    if (!turns->taken[i] && turns->tensors[i].time == shape->time &&
        turns->tensors[i].channels == shape->channels)
      at = i;
  if (at == turns->n)
    turns->tensors[turns->n++] = *shape;
  turns->taken[at] = true;
  turns->of[value] = at;
}

/* The layer whose backward pass is the last to read the gradient at `place`. */
static size_t
last_reader (const MxGradient *self, const MxProgram *program, size_t place)
{
  for (size_t i = 0; i < program->n_layers; i++)
    if (!mx_pass_is_absorbed (self->pass, i) &&
        self->place[mx_pass_get_output (self->pass, i)] == place)
      return i;
  return 0;
}

/* In the order of the walk: a gradient is written by those that read the value,
 * and no longer needed when the layer that wrote the value is done. */
static void
plan_turns (MxGradient *self, const MxProgram *program, Turns *turns)
{
  g_autofree bool *written = g_new0 (bool, program->n_values);
  for (size_t i = 0; i < program->n_layers; i++)
    for (int k = 0; k < 2 && !mx_pass_is_absorbed (self->pass, i); k++)
      if (program->layers[i]->inputs[k] > 0)
        written[self->place[program->layers[i]->inputs[k]]] = true;
  /* Those of logits come first, and what nobody writes stays zeros. */
  for (size_t v = 1; v < program->n_values; v++)
    if (self->place[v] == v && !written[v] &&
        mx_pass_get_output (self->pass, v - 1) == v)
      take_turn (turns, v, &self->values[v]);
  for (size_t i = program->n_layers; i-- > 0;) {
    size_t out = self->place[mx_pass_get_output (self->pass, i)];
    if (mx_pass_is_absorbed (self->pass, i))
      continue;
    for (int k = 0; k < 2; k++) {
      int value = program->layers[i]->inputs[k];
      if (value > 0)
        take_turn (
            turns, self->place[value], &self->values[self->place[value]]);
    }
    if (written[out] && turns->of[out] != NONE &&
        last_reader (self, program, out) == i)
      turns->taken[turns->of[out]] = false;
  }
}

static void
allocate_values (MxGradient *self, const MxProgram *program, size_t rows)
{
  const size_t n = program->n_values;
  g_autofree MxTensor *tensors = g_new0 (MxTensor, n);
  g_autofree bool *taken = g_new0 (bool, n);
  g_autofree size_t *of = g_new (size_t, n);
  Turns turns = {tensors, taken, 0, of};
  for (size_t v = 0; v < n; v++)
    of[v] = NONE;
  plan_turns (self, program, &turns);
  self->memory = mx_tensors_allocate (tensors, turns.n, rows);
  for (size_t v = 1; v < n; v++)
    if (of[self->place[v]] != NONE)
      self->values[v] = tensors[of[self->place[v]]];
}

MxGradient *
mx_gradient_new (MxPass *pass, size_t rows)
{
  const MxProgram *program = mx_pass_get_program (pass);
  MxGradient *self = g_new0 (MxGradient, 1);
  self->pass = pass;
  set_shapes (self, program);
  plan_accumulation (self, program);
  share_values (self, program);
  allocate_values (self, program, rows);
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
  g_free (self->place);
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
  mx_pass_settle (self->pass);
}
