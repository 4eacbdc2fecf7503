/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-layer-activation.h"

#include <math.h>

static void
parse (MxLayer *layer, MxJson *json, size_t classes)
{
  layer->out = layer->in;
}

static void
relu_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  size_t size = run->x.time * run->x.channels;

  for (size_t row = first; row < first + n; row++) {
    const float *x = mx_tensor_row (&run->x, row);
    float *y = mx_tensor_row (&run->y, row);

    for (size_t i = 0; i < size; i++)
      y[i] = x[i] < 0 ? 0 : x[i]; /* not a number stays so */
  }
}

static void
relu_forward (const MxLayer *layer, const MxLayerRun *run)
{
  mx_layer_run_rows (layer, run, relu_forward_rows);
}

static void
relu_backward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  for (size_t row = first; row < first + n; row++)
    run->kernels->mask (run->x.time * run->x.channels,
        mx_tensor_row (&run->x, row), mx_tensor_row (&run->dy, row),
        run->accumulate[0], mx_tensor_row (&run->dx, row));
}

static void
relu_backward (const MxLayer *layer, const MxLayerRun *run)
{
  if (run->dx.data)
    mx_layer_run_rows (layer, run, relu_backward_rows);
}

const MxLayerKind mx_layer_relu = {
    .name = "relu",
    .parse = parse,
    .forward = relu_forward,
    .backward = relu_backward,
};

/* Phi: the standard normal distribution function. */
static inline float
phi (float x)
{
  return 0.5f * (1 + erff (x * (float)G_SQRT2 * 0.5f));
}

static void
gelu_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  size_t size = run->x.time * run->x.channels;

  for (size_t row = first; row < first + n; row++) {
    const float *x = mx_tensor_row (&run->x, row);
    float *y = mx_tensor_row (&run->y, row);

    for (size_t i = 0; i < size; i++)
      y[i] = x[i] * phi (x[i]);
  }
}

static void
gelu_forward (const MxLayer *layer, const MxLayerRun *run)
{
  mx_layer_run_rows (layer, run, gelu_forward_rows);
}

static void
gelu_backward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const float density = 0.3989422804f; /* of the normal at 0 */
  size_t size = run->x.time * run->x.channels;

  for (size_t row = first; row < first + n; row++) {
    const float *x = mx_tensor_row (&run->x, row);
    const float *dy = mx_tensor_row (&run->dy, row);
    float *dx = mx_tensor_row (&run->dx, row);

    for (size_t i = 0; i < size; i++) {
      float slope = phi (x[i]) + x[i] * density * expf (-0.5f * x[i] * x[i]);
      dx[i] = (run->accumulate[0] ? dx[i] : 0) + slope * dy[i];
    }
  }
}

static void
gelu_backward (const MxLayer *layer, const MxLayerRun *run)
{
  if (run->dx.data)
    mx_layer_run_rows (layer, run, gelu_backward_rows);
}

const MxLayerKind mx_layer_gelu = {
    .name = "gelu",
    .parse = parse,
    .forward = gelu_forward,
    .backward = gelu_backward,
};
