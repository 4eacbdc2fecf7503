/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* conv1d with one filter per channel. */
#include "mx-layer-conv1d-private.h"

#include <string.h>

/* Channels of the weight gradient that make a task. */
#define TILE_CHANNELS 32

/* ------------------------------------------------- prepared weights */

/* Taps that meet the same phase of the input lie one after the other: those
 * of a phase are tap, tap + step, tap + 2 step ...; here is how many taps come
 * before the ones that start at `tap`. */
static size_t
taps_before (size_t kernel, size_t step, size_t tap)
{
  size_t whole = kernel / step, rest = kernel % step;

  return tap * whole + MIN (tap, rest);
}

/* Workspace, per row: the gradient of the input, before it is added to what
 * other layers gave. */
void
mx_conv1d_depthwise_setup (MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;

  layer->prepared = config->kernel * layer->in.channels;
  layer->prepared_training = 2 * layer->prepared;
  layer->workspace_per_row = layer->in.time * layer->in.channels;
}

/* Prepared: [kernel][channels]; when training, then the same with the taps in
 * the order of the phases. */
void
mx_conv1d_depthwise_prepare (
    const MxLayer *layer, const float *weights, float *prepared, bool training)
{
  const MxConv1dConfig *config = layer->config;
  size_t channels = layer->in.channels, kernel = config->kernel;
  size_t step = mx_conv1d_phase (config, 0, 1).tap_step;
  const float *w = weights + layer->parameters[MX_CONV1D_WEIGHT].offset;

  for (size_t c = 0; c < channels; c++) {
    for (size_t j = 0; j < kernel; j++, w++) {
      size_t place = taps_before (kernel, step, j % step) + j / step;

      prepared[j * channels + c] = *w;
      if (training)
        prepared[layer->prepared + place * channels + c] = *w;
    }
  }
}

/* ----------------------------------------------------------- forward */

static void
add_and_activate (const MxLayer *layer, const MxLayerRun *run, size_t row)
{
  const MxConv1dConfig *config = layer->config;
  const float *add = mx_tensor_row (&run->x2, row);
  float *y = mx_tensor_row (&run->y, row);

  for (size_t i = 0; i < run->y.time * run->y.channels; i++) {
    y[i] += add[i];
    if (config->activation == MX_ACTIVATION_RELU && y[i] < 0)
      y[i] = 0;
  }
}

void
mx_conv1d_depthwise_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxConv1dConfig *config = layer->config;
  bool add = layer->inputs[1] >= 0;
  size_t channels = run->x.channels;
  MxDepthwise op = {.rows = run->y.time,
      .channels = channels,
      .taps = config->kernel,
      .x_row = config->stride * channels,
      .x_tap = config->dilation * channels,
      .w = run->prepared,
      .y_row = channels,
      .bias = config->bias ? mx_conv1d_bias (layer, run) : NULL,
      .activation = add ? MX_ACTIVATION_NONE : config->activation};

  for (size_t row = first; row < first + n; row++) {
    op.x = mx_conv1d_first_tap (layer, &run->x, row);
    op.y = mx_tensor_row (&run->y, row);
    run->kernels->depthwise (&op);
    if (add)
      add_and_activate (layer, run, row);
  }
}

/* ---------------------------------------------------- input gradient */

static void
input_gradient_phase (const MxLayer *layer, const MxLayerRun *run,
    const MxConv1dPhase *phase, size_t row, float *dx)
{
  const MxConv1dConfig *config = layer->config;
  ptrdiff_t channels = run->dy.channels;
  size_t before = taps_before (config->kernel, phase->tap_step, phase->tap);
  const MxDepthwise op = {.rows = phase->frames,
      .channels = channels,
      .taps = phase->taps,
      .x = mx_tensor_row (&run->dy, row) + phase->frame * channels,
      .x_row = channels,
      .x_tap = -phase->frame_step * channels,
      .w = run->prepared + layer->prepared + before * channels,
      .y = dx + phase->first * channels,
      .y_row = config->stride * channels};

  run->kernels->depthwise (&op);
}

static void
add_phase (const MxLayer *layer, const MxLayerRun *run,
    const MxConv1dPhase *phase, size_t row, const float *from)
{
  const MxConv1dConfig *config = layer->config;
  size_t channels = run->dx.channels;
  float *to = mx_tensor_row (&run->dx, row);

  for (size_t i = 0; i < phase->frames; i++) {
    size_t offset = (phase->first + i * config->stride) * channels;

    for (size_t c = 0; c < channels; c++)
      to[offset + c] += from[offset + c];
  }
}

void
mx_conv1d_depthwise_input_gradient_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxConv1dConfig *config = layer->config;
  size_t time = run->dx.time;

  for (size_t t = 0; t < MIN (config->stride, time); t++) {
    MxConv1dPhase phase = mx_conv1d_phase (config, t, time);

    for (size_t row = first; row < first + n; row++) {
      float *dx = mx_tensor_row (&run->dx, row);
      float *scratch = run->workspace + row * layer->workspace_per_row;

      if (!phase.taps) {
        mx_conv1d_clear_phase (config, run, &phase, row);
      } else if (run->accumulate[0]) {
        input_gradient_phase (layer, run, &phase, row, scratch);
        add_phase (layer, run, &phase, row, scratch);
      } else {
        input_gradient_phase (layer, run, &phase, row, dx);
      }
    }
  }
}

/* --------------------------------------------------- weight gradient */

typedef struct {
  const MxLayer *layer;
  const MxLayerRun *run;
} Job;

/* sum[c] = sum over the frames of a row of x[c] dy[c] */
static void
dot_channels (size_t frames, size_t n, const float *x, ptrdiff_t x_row,
    const float *dy, ptrdiff_t dy_row, float *sum)
{
  memset (sum, 0, n * sizeof (float));
  for (size_t i = 0; i < frames; i++, x += x_row, dy += dy_row)
    for (size_t c = 0; c < n; c++)
      sum[c] += x[c] * dy[c];
}

static void
weight_gradient_tile (void *data, size_t index)
{
  const Job *job = data;
  const MxConv1dConfig *config = job->layer->config;
  const MxTensor *x = &job->run->x, *dy = &job->run->dy;
  size_t tap = index % config->kernel;
  size_t first = index / config->kernel * TILE_CHANNELS;
  size_t n = MIN (TILE_CHANNELS, x->channels - first);
  float *gradient =
      job->run->gradients + job->layer->parameters[MX_CONV1D_WEIGHT].offset;
  float sum[TILE_CHANNELS];
  double sums[TILE_CHANNELS] = {0};

  for (size_t row = 0; row < job->run->rows; row++) {
    dot_channels (dy->time, n,
        mx_conv1d_first_tap (job->layer, x, row) +
            tap * config->dilation * x->channels + first,
        config->stride * x->channels, mx_tensor_row (dy, row) + first,
        dy->channels, sum);
    for (size_t c = 0; c < n; c++)
      sums[c] += sum[c];
  }
  for (size_t c = 0; c < n; c++)
    gradient[(first + c) * config->kernel + tap] = sums[c];
}

void
mx_conv1d_depthwise_weight_gradient (
    const MxLayer *layer, const MxLayerRun *run)
{
  const MxConv1dConfig *config = layer->config;
  size_t tiles = (layer->in.channels + TILE_CHANNELS - 1) / TILE_CHANNELS;
  Job job = {layer, run};

  mx_parallel_run (
      run->parallel, tiles * config->kernel, weight_gradient_tile, &job);
}
