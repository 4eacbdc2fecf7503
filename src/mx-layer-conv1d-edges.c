/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Few frames, many taps: a good part of the taps lies on padding.  Each tap, or
 * some side by side, is multiplied with those frames only that have it. */
#include "mx-layer-conv1d-private.h"

#include <string.h>

/* Of all products; below, what it takes to split them is not worth it. */
#define LEAST_SAVED(products) ((products) / 8)

/* Frames of the output. */
typedef struct {
  size_t first, end;
} Frames;

/* Those for which the tap does not lie on padding. */
static Frames
frames_of_tap (const MxLayer *layer, size_t tap)
{
  const MxConv1dConfig *config = layer->config;
  const ptrdiff_t stride = (ptrdiff_t)config->stride;
  const ptrdiff_t before =
      config->pad_left - (ptrdiff_t)(tap * config->dilation);
  const ptrdiff_t behind = (ptrdiff_t)layer->in.time + before;
  ptrdiff_t first = before > 0 ? (before + stride - 1) / stride : 0;
  ptrdiff_t end = behind > 0 ? (behind - 1) / stride + 1 : 0;

  end = MIN (end, (ptrdiff_t)layer->out.time);
  return (Frames){(size_t)MIN (first, end), (size_t)end};
}

/* Taps side by side, from `tap` on, that the same frames have. */
static size_t
count_alike (const MxLayer *layer, size_t tap)
{
  const MxConv1dConfig *config = layer->config;
  const Frames frames = frames_of_tap (layer, tap);
  size_t n = 1;

  for (; tap + n < config->kernel; n++) {
    const Frames next = frames_of_tap (layer, tap + n);

    if (next.first != frames.first || next.end != frames.end)
      break;
  }
  return n;
}

/* The first tap that all frames have; as many as there are taps: none. */
static size_t
find_whole (const MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  size_t tap = 0;

  for (; tap < config->kernel; tap++) {
    const Frames frames = frames_of_tap (layer, tap);

    if (frames.end - frames.first == layer->out.time)
      break;
  }
  return tap;
}

bool
mx_conv1d_edges_pay (const MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  const size_t all = config->kernel * layer->out.time;
  size_t saved = all;

  /* What lies before a part of a stream is no padding. */
  if (layer->streamed || !mx_conv1d_taps_touch (config) ||
      find_whole (layer) == config->kernel)
    return false;
  for (size_t tap = 0; tap < config->kernel; tap++) {
    const Frames frames = frames_of_tap (layer, tap);

    saved -= frames.end - frames.first;
  }
  return saved > 0 && saved >= LEAST_SAVED (all);
}

static void
set_weights_on (MxMatmul *op, ptrdiff_t elements)
{
  if (op->b_half)
    op->b_half += elements;
  else
    op->b += elements;
}

static void
start_frames (const MxMatmul *op)
{
  for (size_t g = 0; g < op->groups; g++)
    for (size_t i = 0; i < op->rows; i++) {
      float *c = op->c + (ptrdiff_t)g * op->c_group + (ptrdiff_t)i * op->c_row;

      if (op->bias)
        memcpy (c, op->bias, op->cols * sizeof *c);
      else
        memset (c, 0, op->cols * sizeof *c);
    }
}

void
mx_conv1d_multiply_edges (
    const MxLayer *layer, const MxLayerRun *run, MxMatmul *op)
{
  const MxConv1dConfig *config = layer->config;
  const ptrdiff_t in = (ptrdiff_t)layer->in.channels;
  const size_t whole = find_whole (layer);
  MxMatmul part = *op;

  start_frames (op);
  part.accumulate = true;
  part.bias = part.add = NULL;
  part.activation = MX_ACTIVATION_NONE;
  for (size_t tap = 0, n; tap < config->kernel; tap += n) {
    const Frames frames = frames_of_tap (layer, tap);
    MxMatmul edge = part;

    n = count_alike (layer, tap);
    edge.rows = frames.end - frames.first;
    edge.depth = n * layer->in.channels;
    edge.a += (ptrdiff_t)frames.first * op->a_row + (ptrdiff_t)tap * in;
    edge.c += (ptrdiff_t)frames.first * op->c_row;
    set_weights_on (&edge, (ptrdiff_t)tap * in * op->b_depth);
    if (tap != whole && edge.rows > 0)
      mx_layer_matmul (run, &edge);
  }
  op->depth = count_alike (layer, whole) * layer->in.channels;
  op->a += (ptrdiff_t)whole * in;
  set_weights_on (op, (ptrdiff_t)whole * in * op->b_depth);
  op->accumulate = true;
  op->bias = NULL;
}
