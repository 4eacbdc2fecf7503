/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Convolution of rounded or split numbers (mx-kernels-bf16.h), for inference:
 * what some frames of the output read is rounded into scratch, once, with the
 * zeros around it; the rest is convolution as ever.  For each number to be
 * rounded there are as many products as taps times filters.  Low parts lie
 * behind all that is high. */
#include "mx-layer-conv1d-private.h"

/* Floats of a cache line, where scratch begins. */
#define LINE 16

/* Frames of the input that so many frames of the output read.  Tiles, which
 * are for windows alone, read some more behind them. */
static size_t
frames_read (const MxLayer *layer, size_t frames)
{
  const MxConv1dConfig *config = layer->config;

  if (config->fast)
    return (size_t)(config->pad_left + (ptrdiff_t)layer->in.time) +
           layer->x_pad_right;
  return (frames - 1) * config->stride + mx_conv1d_reach (config);
}

static size_t
rounded_size (const MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  size_t size = frames_read (layer, layer->out.time) * config->groups *
                mx_conv1d_stored_in (layer);

  return (size + LINE - 1) / LINE * LINE;
}

bool
mx_layer_conv1d_make_bf16 (
    MxLayer *layer, const MxKernelsBf16 *kernels, bool split)
{
  MxConv1dConfig *config = layer->config;
  const size_t parts = split ? 2 : 1;

  if (config->quantised || mx_conv1d_group_in (layer) == 1)
    return false;
  config->bf16 = kernels;
  config->split = split;
  config->edges = false; /* what is rounded has the zeros around it */
  layer->may_halve = false;
  if (split || kernels->numbers > 1) {
    config->fast = false;
    layer->scratch_per_row = 0;
    layer->prepared =
        parts * config->groups *
        mx_layer_packed_size (config->kernel * mx_conv1d_stored_in (layer),
            mx_conv1d_group_out (layer));
  }
  config->rounded = rounded_size (layer);
  layer->scratch_per_row = (layer->scratch_per_row + LINE - 1) / LINE * LINE +
                           parts * config->rounded;
  return true;
}

/* @high, @low: the prepared parts of the group. */
static void
pack_tap (const MxLayer *layer, size_t tap, const float *numbers, float *high,
    float *low)
{
  const MxConv1dConfig *config = layer->config;
  const size_t in = mx_conv1d_group_in (layer);
  const size_t out = mx_conv1d_group_out (layer);
  const size_t stored = mx_conv1d_stored_in (layer);
  g_autofree float *parts = g_new (float, 2 * out * stored);

  if (config->split)
    config->bf16->split (out, in, numbers, parts, parts + out * stored);
  else
    config->bf16->round (out, in, numbers, parts);
  for (size_t p = 0; p < stored; p++) {
    const size_t row = tap * stored + p;

    mx_layer_pack_row (
        high, config->kernel * stored, out, row, parts + p, stored);
    if (config->split)
      mx_layer_pack_row (low, config->kernel * stored, out, row,
          parts + out * stored + p, stored);
  }
}

/* Prepared: panels of [kernel][in as stored][out]; of split ones, then the low
 * parts of all groups. */
void
mx_conv1d_bf16_prepare_group (
    const MxLayer *layer, size_t g, const float *weights, float *prepared)
{
  const MxConv1dConfig *config = layer->config;
  const size_t n = mx_conv1d_group_in (layer) * mx_conv1d_group_out (layer);
  const float *w = weights + layer->parameters[MX_CONV1D_WEIGHT].offset +
                   g * n * config->kernel;
  g_autofree float *numbers = g_new (float, n);

  for (size_t j = 0; j < config->kernel; j++) {
    for (size_t k = 0; k < n; k++)
      numbers[k] = w[k * config->kernel + j];
    pack_tap (layer, j, numbers, prepared, prepared + layer->prepared / 2);
  }
}

/* ----------------------------------------------------------- forward */

static MxTensor
part_of (const MxTensor *tensor, size_t row, size_t frame, size_t frames)
{
  return (MxTensor){
      .data = mx_tensor_row (tensor, row) + frame * tensor->channels,
      .rows = 1,
      .time = frames,
      .channels = tensor->channels,
      .row_stride = frames * tensor->channels};
}

/* Frames [frame, frame + frames) of the output: a run of its own. */
static void
forward_frames (const MxLayer *layer, const MxLayerRun *run, size_t row,
    size_t frame, size_t frames)
{
  const MxConv1dConfig *config = layer->config;
  const MxKernelsBf16 *kernels = config->bf16;
  const size_t read = frames_read (layer, frames);
  const size_t rows = read * config->groups, in = mx_conv1d_group_in (layer);
  const size_t stored = config->groups * mx_conv1d_stored_in (layer);
  float *scratch = run->workspace + row * layer->scratch_per_row;
  float *rounded = scratch + layer->scratch_per_row -
                   (config->split ? 2 : 1) * config->rounded;
  const float *x = mx_conv1d_first_tap (layer, &run->x, row) +
                   frame * config->stride * run->x.channels;
  MxLayerRun part = *run;

  if (config->split)
    kernels->split (rows, in, x, rounded, rounded + config->rounded);
  else
    kernels->round (rows, in, x, rounded);
  part.rows = 1;
  part.x = (MxTensor){.data = rounded + config->pad_left * (ptrdiff_t)stored,
      .rows = 1,
      .time = read,
      .channels = stored,
      .row_stride = read * stored};
  part.y = part_of (&run->y, row, frame, frames);
  if (layer->inputs[1] >= 0)
    part.x2 = part_of (&run->x2, row, frame, frames);
  part.workspace = scratch;
  if (config->split)
    part.kernels = kernels->split_products;
  else if (kernels->products != NULL)
    part.kernels = kernels->products;
  if (config->fast)
    mx_conv1d_fast_forward_rows (layer, &part, 0, 1);
  else
    mx_conv1d_forward_rows (layer, &part, 0, 1);
}

/* A stream may want more frames than a window has. */
void
mx_conv1d_bf16_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const size_t most = layer->out.time;

  for (size_t row = first; row < first + n; row++)
    for (size_t frame = 0; frame < run->y.time; frame += most)
      forward_frames (layer, run, row, frame, MIN (most, run->y.time - frame));
}
