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
  for (size_t row = first; row < first + n; row++)
    run->kernels->add (run->y.time * run->y.channels,
        mx_tensor_row (&run->x, row), mx_tensor_row (&run->x2, row),
        run->activation, mx_tensor_row (&run->y, row));
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
    float *dy = mx_tensor_row (&run->dy, row);

    if (run->activation == MX_ACTIVATION_RELU)
      run->kernels->mask (run->dy.time * run->dy.channels,
          mx_tensor_row (&run->y, row), dy, false, dy);
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
    .passes_on = true,
    .takes_relu = true,
    .parse = parse,
    .forward = forward,
    .backward = backward,
};
