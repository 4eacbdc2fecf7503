/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-layer-slice.h"

#include <string.h>

/* Floats of a row of x before the slice y. */
static size_t
offset_of (const MxLayer *layer, const MxLayerRun *run, const MxTensor *x,
    const MxTensor *y, size_t row)
{
  const MxSliceConfig *config = layer->config;
  size_t end = x->time;

  if (run->last != NULL)
    end = run->last[row] / config->step + 1;
  return (end - y->time) * x->channels;
}

static void
forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxTensor *x = &run->x, *y = &run->y;

  for (size_t row = first; row < first + n; row++)
    memcpy (mx_tensor_row (y, row),
        mx_tensor_row (x, row) + offset_of (layer, run, x, y, row),
        y->time * y->channels * sizeof (float));
}

static void
forward (const MxLayer *layer, const MxLayerRun *run)
{
  mx_layer_run_rows (layer, run, forward_rows);
}

static void
backward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  for (size_t row = first; row < first + n; row++) {
    float *dx = mx_tensor_row (&run->dx, row);
    const float *dy = mx_tensor_row (&run->dy, row);
    size_t offset = offset_of (layer, run, &run->dx, &run->dy, row);

    if (!run->accumulate[0])
      memset (dx, 0, run->dx.time * run->dx.channels * sizeof (float));
    for (size_t i = 0; i < run->dy.time * run->dy.channels; i++)
      dx[offset + i] += dy[i];
  }
}

static void
backward (const MxLayer *layer, const MxLayerRun *run)
{
  if (run->dx.data)
    mx_layer_run_rows (layer, run, backward_rows);
}

const MxLayerKind mx_layer_slice = {
    .name = "slice",
    .config_size = sizeof (MxSliceConfig),
    .forward = forward,
    .backward = backward,
};
