/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-layer-residual.h"

#include <string.h>

static void
parse (MxLayer *layer, MxJson *json, size_t classes)
{
  layer->out = layer->in;
}

static void
forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  size_t size = run->y.time * run->y.channels;

  for (size_t row = first; row < first + n; row++) {
    const float *a = mx_tensor_row (&run->x, row);
    const float *b = mx_tensor_row (&run->x2, row);
    float *y = mx_tensor_row (&run->y, row);

    for (size_t i = 0; i < size; i++)
      y[i] = a[i] + b[i];
  }
}

static void
forward (const MxLayer *layer, const MxLayerRun *run)
{
  mx_layer_run_rows (layer, run, forward_rows);
}

static void
pass_on (const MxTensor *dy, const MxTensor *dx, size_t row, bool accumulate)
{
  size_t size = dy->time * dy->channels;
  const float *from = mx_tensor_row (dy, row);
  float *to;

  if (!dx->data)
    return;
  to = mx_tensor_row (dx, row);
  if (!accumulate) {
    memcpy (to, from, size * sizeof (float));
    return;
  }
  for (size_t i = 0; i < size; i++)
    to[i] += from[i];
}

static void
backward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  for (size_t row = first; row < first + n; row++) {
    pass_on (&run->dy, &run->dx, row, run->accumulate[0]);
    pass_on (&run->dy, &run->dx2, row, run->accumulate[1]);
  }
}

static void
backward (const MxLayer *layer, const MxLayerRun *run)
{
  mx_layer_run_rows (layer, run, backward_rows);
}

const MxLayerKind mx_layer_residual = {
    .name = "residual",
    .parse = parse,
    .forward = forward,
    .backward = backward,
};
