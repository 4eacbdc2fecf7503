/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Each layer straight from its formula, in double. */
#pragma once

#include "layer-fixture.h"

#include "mx-layer-activation.h"
#include "mx-layer-conv1d.h"
#include "mx-layer-dense.h"
#include "mx-layer-norm.h"
#include "mx-layer-pool.h"
#include "mx-layer-residual.h"

static inline double
input_at (const Fixture *f, size_t row, ptrdiff_t t, size_t c)
{
  if (t < 0 || t >= (ptrdiff_t)f->layer->in.time)
    return 0;
  return mx_tensor_row (&f->run.x, row)[t * f->layer->in.channels + c];
}

/* Weights as they were before the run: statistics change in it. */
static inline double
weight_at (const Fixture *f, const float *weights, size_t p, size_t i)
{
  return weights[f->layer->parameters[p].offset + i];
}

static inline double
reference_conv1d (
    const Fixture *f, const float *weights, size_t row, size_t n, size_t o)
{
  const MxConv1dConfig *config = f->layer->config;
  size_t in = f->layer->in.channels / config->groups;
  size_t group = o / (config->filters / config->groups);
  double sum = config->bias ? weight_at (f, weights, 1, o) : 0;
  for (size_t i = 0; i < in; i++) {
    for (size_t j = 0; j < config->kernel; j++) {
      ptrdiff_t t = (ptrdiff_t)(config->stride * n + config->dilation * j) -
                    config->pad_left;
      sum += weight_at (f, weights, 0, (o * in + i) * config->kernel + j) *
             input_at (f, row, t, group * in + i);
    }
  }
  if (f->layer->inputs[1] >= 0)
    sum += mx_tensor_row (&f->run.x2, row)[n * config->filters + o];
  return config->activation == MX_ACTIVATION_RELU ? fmax (sum, 0) : sum;
}

/* Mean and biased variance of a channel over the batch. */
static inline void
batch_moments (const Fixture *f, size_t c, double *mean, double *variance)
{
  size_t rows = f->run.rows, time = f->layer->in.time;
  *mean = *variance = 0;
  for (size_t i = 0; i < rows * time; i++)
    *mean += input_at (f, i / time, i % time, c) / (rows * time);
  for (size_t i = 0; i < rows * time; i++)
    *variance +=
        pow (input_at (f, i / time, i % time, c) - *mean, 2) / (rows * time);
}

static inline double
reference_batch_norm (
    const Fixture *f, const float *weights, size_t row, size_t t, size_t c)
{
  const MxBatchNormConfig *config = f->layer->config;
  double mean = weight_at (f, weights, 2, c);
  double variance = weight_at (f, weights, 3, c);
  if (f->run.training)
    batch_moments (f, c, &mean, &variance);
  return (input_at (f, row, t, c) - mean) / sqrt (variance + config->epsilon) *
             weight_at (f, weights, 0, c) +
         weight_at (f, weights, 1, c);
}

static inline double
reference_dense (
    const Fixture *f, const float *weights, size_t row, size_t t, size_t u)
{
  size_t in = f->layer->in.channels;
  double sum = weight_at (f, weights, 1, u);
  for (size_t i = 0; i < in; i++)
    sum += weight_at (f, weights, 0, u * in + i) * input_at (f, row, t, i);
  return sum;
}

static inline double
reference_pool (const Fixture *f, size_t row, size_t index)
{
  const MxPoolConfig *config = f->layer->config;
  size_t channels = f->layer->in.channels, time = f->layer->in.time;
  size_t c = index % channels, s = index / channels % config->segments;
  bool max =
      config->method == MX_POOL_MAX || index / channels / config->segments == 1;
  size_t first = floor ((double)s * time / config->segments);
  size_t end = ceil ((double)(s + 1) * time / config->segments);
  double best = -INFINITY, sum = 0;
  for (size_t t = first; t < end; t++) {
    best = fmax (best, input_at (f, row, t, c));
    sum += input_at (f, row, t, c);
  }
  return max ? best : sum / (end - first);
}

static inline double
reference (
    const Fixture *f, const float *weights, size_t row, size_t t, size_t c)
{
  const MxLayerKind *kind = f->layer->kind;
  if (kind == &mx_layer_conv1d)
    return reference_conv1d (f, weights, row, t, c);
  if (kind == &mx_layer_batch_norm)
    return reference_batch_norm (f, weights, row, t, c);
  if (kind == &mx_layer_dense)
    return reference_dense (f, weights, row, t, c);
  if (kind == &mx_layer_pool)
    return reference_pool (f, row, c);

  double x = input_at (f, row, t, c);
  if (kind == &mx_layer_relu)
    return fmax (x, 0);
  if (kind == &mx_layer_gelu)
    return x * .5 * erfc (-x / sqrt (2));
  if (kind == &mx_layer_residual)
    return x + mx_tensor_row (&f->run.x2, row)[t * f->layer->in.channels + c];
  return x; /* dropout when not training */
}
