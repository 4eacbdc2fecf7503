/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-layer-slice.h"

#include <string.h>

/* Floats of x before the slice. */
static size_t
offset_of (const MxTensor *x, const MxTensor *y)
{
  return (x->time - y->time) * x->channels;
}

static void
forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxTensor *x = &run->x, *y = &run->y;

  for (size_t row = first; row < first + n; row++)
    memcpy (mx_tensor_row (y, row), mx_tensor_row (x, row) + offset_of (x, y),
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
  size_t offset = offset_of (&run->dx, &run->dy);

  for (size_t row = first; row < first + n; row++) {
    float *dx = mx_tensor_row (&run->dx, row);
    const float *dy = mx_tensor_row (&run->dy, row);

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
    .forward = forward,
    .backward = backward,
};
