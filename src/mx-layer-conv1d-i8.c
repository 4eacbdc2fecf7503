/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Quantised convolution, for inference: input and weights in 8 bits, sums
 * exact, all that follows in floats (mx-kernels-i8.h).  The input is quantised
 * on the way in, with the zeros around it, for some frames of the output at a
 * time; scratch holds what they read. */
#include "mx-layer-conv1d-private.h"

#include "mx-kernels-i8.h"

#include <math.h>

/* Bytes of a q, whatever the kernels. */
#define MOST_NUMBER 2

/* Behind weight and, if there is one, bias. */
static const float *
scales (const MxLayer *layer, const float *weights)
{
  return weights + layer->parameters[layer->n_parameters - 2].offset;
}

static const float *
range (const MxLayer *layer, const float *weights)
{
  return weights + layer->parameters[layer->n_parameters - 1].offset;
}

/* What a step of q is worth, and the q of 0: those of the file, which are
 * checked, and of nothing else. */
static float
step_of (const float *limits)
{
  return (limits[1] - limits[0]) / 255;
}

static int
zero_of (const float *limits)
{
  float zero = floorf (.5f - limits[0] / step_of (limits));

  return zero > 0 ? (int)MIN (zero, 255.0f) : 0;
}

/* Frames of the input that so many frames of the output read. */
static size_t
frames_read (const MxConv1dConfig *config, size_t frames)
{
  return (frames - 1) * config->stride + mx_conv1d_reach (config);
}

void
mx_conv1d_i8_setup (MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  const MxKernelsI8 *kernels = mx_kernels_i8_get ();
  const size_t in = layer->in.channels, out = config->filters;
  const bool touch = mx_conv1d_taps_touch (config);
  size_t bytes;

  layer->parameters[MX_CONV1D_WEIGHT].whole = true;
  mx_layer_add_parameter (
      layer, "weight_scale", 1, &out, false, MX_INIT_ONE, 0);
  mx_layer_add_parameter (
      layer, "input_range", 1, (const size_t[]){2}, false, MX_INIT_ONE, 0);
  layer->may_halve = false;
  bytes = kernels->packed_size (
      touch ? 1 : config->kernel, touch ? config->kernel * in : in, out);
  layer->prepared = layer->prepared_training = bytes / sizeof (float);
  bytes = frames_read (config, layer->out.time) * in * MOST_NUMBER +
          kernels->behind;
  /* Rows begin on cache lines. */
  layer->scratch_per_row = (bytes + 63) / 64 * 64 / sizeof (float);
}

bool
mx_layer_conv1d_may_quantise (const MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;

  return config->groups == 1 &&
         config->kernel * layer->in.channels <= MX_I8_MAX_DEPTH;
}

/* --------------------------------------------------- prepared weights */

/* [kernel][in][out] */
static int8_t *
turn_weights (const MxLayer *layer, const float *weights)
{
  const MxConv1dConfig *config = layer->config;
  const size_t in = layer->in.channels, out = config->filters;
  const float *w = weights + layer->parameters[MX_CONV1D_WEIGHT].offset;
  int8_t *turned = g_new (int8_t, config->kernel * in * out);

  for (size_t o = 0; o < out; o++)
    for (size_t i = 0; i < in; i++)
      for (size_t j = 0; j < config->kernel; j++)
        turned[(j * in + i) * out + o] =
            (int8_t)w[(o * in + i) * config->kernel + j];
  return turned;
}

void
mx_conv1d_i8_prepare (
    const MxLayer *layer, const float *weights, float *prepared)
{
  const MxConv1dConfig *config = layer->config;
  const bool touch = mx_conv1d_taps_touch (config);
  const size_t in = layer->in.channels, out = config->filters;
  const float *limits = range (layer, weights);
  g_autofree int8_t *turned = turn_weights (layer, weights);
  g_autofree float *scale = g_new (float, out);
  const MxI8Weights op = {.depth_groups = touch ? 1 : config->kernel,
      .depth = touch ? config->kernel * in : in,
      .cols = out,
      .b = turned,
      .scale = scale,
      .bias = config->bias ? weights + layer->parameters[MX_CONV1D_BIAS].offset
                           : NULL,
      .zero = zero_of (limits)};

  for (size_t o = 0; o < out; o++)
    scale[o] = scales (layer, weights)[o] * step_of (limits);
  mx_kernels_i8_get ()->pack (&op, prepared);
}

/* ----------------------------------------------------------- forward */

/* Frames [frame, frame + frames) of the output. */
static void
forward_frames (const MxLayer *layer, const MxLayerRun *run, size_t row,
    size_t frame, size_t frames)
{
  const MxConv1dConfig *config = layer->config;
  const MxKernelsI8 *kernels = mx_kernels_i8_get ();
  const size_t in = layer->in.channels, out = config->filters;
  const bool touch = mx_conv1d_taps_touch (config);
  const float *limits = range (layer, run->weights);
  const float *x =
      mx_conv1d_first_tap (layer, &run->x, row) + frame * config->stride * in;
  float *q = run->workspace + row * layer->scratch_per_row;
  const MxI8Matmul op = {.rows = frames,
      .cols = out,
      .depth_groups = touch ? 1 : config->kernel,
      .depth = touch ? config->kernel * in : in,
      .a = q,
      .a_row = (ptrdiff_t)(config->stride * in),
      .a_depth_group = (ptrdiff_t)(config->dilation * in),
      .b = run->prepared,
      .c = mx_tensor_row (&run->y, row) + frame * out,
      .c_row = (ptrdiff_t)out,
      .add = layer->inputs[1] >= 0 ? mx_tensor_row (&run->x2, row) + frame * out
                                   : NULL,
      .activation = config->activation};

  kernels->quantise (frames_read (config, frames) * in, x, 1 / step_of (limits),
      zero_of (limits), q);
  kernels->matmul (&op);
}

/* A stream may want more frames than a window has. */
void
mx_conv1d_i8_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const size_t most = layer->out.time;

  for (size_t row = first; row < first + n; row++)
    for (size_t frame = 0; frame < run->y.time; frame += most)
      forward_frames (layer, run, row, frame, MIN (most, run->y.time - frame));
}
