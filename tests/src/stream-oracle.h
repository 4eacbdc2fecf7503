/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A network over a whole stream, straight from the definition: each layer of
 * the description over all frames there are, in double, then each window cut
 * out. It knows nothing of grids, spans and what was computed before. */
#pragma once

#include "mx-layer-activation.h"
#include "mx-layer-conv1d.h"
#include "mx-layer-dense.h"
#include "mx-layer-norm.h"
#include "mx-layer-pool.h"
#include "mx-layer-slice.h"
#include "mx-network.h"

#include <math.h>

/* Frames 0 .. time - 1; before them zeros, behind them nobody knows. */
typedef struct {
  double *x; /* [time][channels] */
  ptrdiff_t time;
  size_t channels, step;
} Signal;

static inline Signal
signal_new (ptrdiff_t time, size_t channels, size_t step)
{
  time = MAX (time, 0);
  return (Signal){g_new0 (double, time *channels + 1), time, channels, step};
}

static inline double
signal_at (const Signal *s, ptrdiff_t t, size_t c)
{
  return t < 0 || t >= s->time ? 0 : s->x[t * (ptrdiff_t)s->channels + c];
}

typedef struct {
  const MxProgram *program; /* not folded */
  const float *weights;
  Signal *stream; /* [n_values]; of the streamed ones */
} Oracle;

static inline double
weight (const Oracle *o, size_t layer, size_t p, size_t i)
{
  return o->weights[o->program->layers[layer]->parameters[p].offset + i];
}

/* @ends: the input ends where it ends, and zeros follow; else as far as the
 * input is known. */
static inline Signal
oracle_conv (const Oracle *o, size_t index, const Signal *x, bool ends)
{
  const MxConv1dConfig *c = o->program->layers[index]->config;
  ptrdiff_t reach = c->dilation * (c->kernel - 1) + 1;
  ptrdiff_t right = ends ? c->pad_right : 0;
  ptrdiff_t room = x->time + c->pad_left + right - reach;
  Signal y = signal_new (room < 0 ? 0 : room / (ptrdiff_t)c->stride + 1,
      c->filters, x->step * c->stride);
  size_t in = x->channels / c->groups, out = c->filters / c->groups;

  for (ptrdiff_t n = 0; n < y.time; n++)
    for (size_t f = 0; f < c->filters; f++) {
      double sum = c->bias ? weight (o, index, 1, f) : 0;

      for (size_t j = 0; j < c->kernel; j++)
        for (size_t i = 0; i < in; i++)
          sum += weight (o, index, 0, (f * in + i) * c->kernel + j) *
                 signal_at (x,
                     (ptrdiff_t)(c->stride * n + c->dilation * j) - c->pad_left,
                     f / out * in + i);
      y.x[n * (ptrdiff_t)c->filters + f] = sum;
    }
  return y;
}

static inline Signal
oracle_dense (const Oracle *o, size_t index, const Signal *x)
{
  const MxDenseConfig *c = o->program->layers[index]->config;
  Signal y = signal_new (x->time, c->units, x->step);

  for (ptrdiff_t t = 0; t < x->time; t++)
    for (size_t u = 0; u < c->units; u++) {
      double sum = weight (o, index, 1, u);

      for (size_t i = 0; i < x->channels; i++)
        sum += weight (o, index, 0, u * x->channels + i) * signal_at (x, t, i);
      y.x[t * (ptrdiff_t)c->units + u] = sum;
    }
  return y;
}

static inline Signal
oracle_pool (const Oracle *o, size_t index, const Signal *x)
{
  const MxPoolConfig *c = o->program->layers[index]->config;
  size_t kept = c->method == MX_POOL_MEAN_MAX ? 2 : 1, n = c->segments;
  Signal y = signal_new (1, kept * n * x->channels, 1);

  for (size_t k = 0; k < kept * n * x->channels; k++) {
    size_t s = k / x->channels % n;
    bool max = c->method == MX_POOL_MAX || k >= n * x->channels;
    ptrdiff_t first = s * x->time / n, end = ((s + 1) * x->time + n - 1) / n;
    double sum = 0, most = -INFINITY;

    for (ptrdiff_t t = first; t < end; t++) {
      sum += signal_at (x, t, k % x->channels);
      most = fmax (most, signal_at (x, t, k % x->channels));
    }
    y.x[k] = max ? most : sum / (double)(end - first);
  }
  return y;
}

static inline double
oracle_pointwise (const Oracle *o, size_t index, double x, size_t c)
{
  const MxLayerKind *kind = o->program->layers[index]->kind;

  if (kind == &mx_layer_relu)
    return fmax (x, 0);
  if (kind == &mx_layer_gelu)
    return x * .5 * erfc (-x / sqrt (2));
  if (kind == &mx_layer_batch_norm) {
    const MxBatchNormConfig *config = o->program->layers[index]->config;

    return (x - weight (o, index, 2, c)) /
               sqrt (weight (o, index, 3, c) + config->epsilon) *
               weight (o, index, 0, c) +
           weight (o, index, 1, c);
  }
  return x; /* dropout */
}

/* @values: [n_values], of the same kind as what is computed. */
static inline Signal
oracle_layer (const Oracle *o, size_t index, const Signal *values, bool ends)
{
  const MxLayer *layer = o->program->layers[index];
  const Signal *x = &values[layer->inputs[0]];
  Signal y;

  if (layer->kind == &mx_layer_conv1d)
    return oracle_conv (o, index, x, ends);
  if (layer->kind == &mx_layer_dense)
    return oracle_dense (o, index, x);
  if (layer->kind == &mx_layer_pool)
    return oracle_pool (o, index, x);
  y = signal_new (x->time, x->channels, x->step);
  if (layer->inputs[1] >= 0) {
    const Signal *other = &values[layer->inputs[1]];

    ck_assert_uint_eq (x->step, other->step);
    y.time = MIN (x->time, other->time);
    for (size_t i = 0; i < y.time * y.channels; i++)
      y.x[i] = x->x[i] + other->x[i];
  } else {
    for (size_t i = 0; i < y.time * y.channels; i++)
      y.x[i] = oracle_pointwise (o, index, x->x[i], i % x->channels);
  }
  return y;
}

static inline size_t
oracle_stage_of (const MxProgram *program, size_t layer)
{
  size_t s = 0;

  while (layer >= program->stages[s].end)
    s++;
  return s;
}

/* @frames: [n][features], normalised. */
static inline void
oracle_hear (Oracle *o, const MxNetwork *network, const float *frames, size_t n)
{
  const MxProgram *program = network->description->program;

  *o = (Oracle){program, network->weights, g_new0 (Signal, program->n_values)};
  o->stream[0] = signal_new (n, program->values[0].shape.channels, 1);
  for (size_t i = 0; i < n * o->stream[0].channels; i++)
    o->stream[0].x[i] = frames[i];
  for (size_t i = 0; i < program->n_layers; i++) {
    size_t s = oracle_stage_of (program, i);

    if (s < program->n_streamed && i < program->stages[s].exit_first)
      o->stream[i + 1] = oracle_layer (o, i, o->stream, false);
  }
}

static inline void
oracle_clear (Oracle *o)
{
  for (size_t v = 0; v < o->program->n_values; v++)
    g_free (o->stream[v].x);
  g_free (o->stream);
}

/* The window of [first, first + frames) of the input, out of `x`: an exit takes
 * floor (frames / step) frames, a stage ceil (frames / step). */
static inline Signal
oracle_cut (const Signal *x, size_t first, size_t frames, bool exit)
{
  size_t n = exit ? frames / x->step : (frames + x->step - 1) / x->step;
  ptrdiff_t end = (first + frames - 1) / x->step + 1;
  Signal y = signal_new (n, x->channels, x->step);

  ck_assert_int_le (end, x->time);
  for (size_t i = 0; i < n * x->channels; i++)
    y.x[i] = signal_at (x, end - n + i / x->channels, i % x->channels);
  return y;
}

/* The probabilities [stages][CLASSES] of the window that begins at frame
 * `first`, at every exit. */
static inline void
oracle_answer (const Oracle *o, size_t first, double probabilities[][CLASSES])
{
  const MxProgram *program = o->program;
  size_t frames = program->values[0].shape.time;
  Signal *values = g_new0 (Signal, program->n_values);

  if (program->n_streamed == 0)
    values[0] = oracle_cut (&o->stream[0], first, frames, false);
  for (size_t i = 0; i < program->n_layers; i++) {
    size_t s = oracle_stage_of (program, i);
    const MxLayer *layer = program->layers[i];

    if (layer->kind == &mx_layer_slice)
      values[i + 1] = oracle_cut (&o->stream[layer->inputs[0]], first, frames,
          i >= program->stages[s].exit_first);
    else if (s >= program->n_streamed || i >= program->stages[s].exit_first)
      values[i + 1] = oracle_layer (o, i, values, true);
  }
  for (size_t s = 0; s < program->n_stages; s++) {
    const double *logits = values[program->stages[s].logits].x;
    double most = fmax (logits[0], fmax (logits[1], logits[2])), sum = 0;

    for (size_t k = 0; k < CLASSES; k++)
      sum += probabilities[s][k] = exp (logits[k] - most);
    for (size_t k = 0; k < CLASSES; k++)
      probabilities[s][k] /= sum;
  }
  for (size_t v = 0; v < program->n_values; v++)
    g_free (values[v].x);
  g_free (values);
}
