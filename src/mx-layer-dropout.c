/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-layer-dropout.h"

#include <string.h>

/* Workspace, per row: [time][channels] factors, 0 or 1 / (1 - p). */

static void
lengthen (MxLayer *layer)
{
  layer->out = layer->in;
  layer->workspace_per_row = layer->in.time * layer->in.channels;
}

static void
parse (MxLayer *layer, MxJson *json, size_t classes)
{
  MxDropoutConfig *config = layer->config;

  config->probability = mx_json_double (json, "probability", 0, 0.99, 0.5);
  lengthen (layer);
}

static float *
factors_of (const MxLayer *layer, const MxLayerRun *run, size_t row)
{
  return run->workspace + row * layer->workspace_per_row;
}

/* Each row has a generator of its own: rows may be drawn in any order. */
static void
draw (const MxLayer *layer, const MxLayerRun *run, size_t row, float *factors)
{
  const MxDropoutConfig *config = layer->config;
  MxRng seeds = run->rng, rng;
  uint64_t below = config->probability * 0x1p64;
  float kept = 1 / (1 - config->probability);

  mx_rng_init (&rng, mx_rng_next (&seeds), row);
  for (size_t i = 0; i < layer->workspace_per_row; i++)
    factors[i] = mx_rng_next (&rng) < below ? 0 : kept;
}

static void
forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  size_t size = run->x.time * run->x.channels;

  for (size_t row = first; row < first + n; row++) {
    const float *x = mx_tensor_row (&run->x, row);
    float *y = mx_tensor_row (&run->y, row);
    float *factors;

    if (!run->training) {
      memcpy (y, x, size * sizeof (float));
      continue;
    }
    factors = factors_of (layer, run, row);
    draw (layer, run, row, factors);
    for (size_t i = 0; i < size; i++)
      y[i] = x[i] * factors[i];
  }
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
  size_t size = run->dx.time * run->dx.channels;

  for (size_t row = first; row < first + n; row++) {
    const float *factors = factors_of (layer, run, row);
    const float *dy = mx_tensor_row (&run->dy, row);
    float *dx = mx_tensor_row (&run->dx, row);

    for (size_t i = 0; i < size; i++)
      dx[i] = (run->accumulate[0] ? dx[i] : 0) + dy[i] * factors[i];
  }
}

static void
backward (const MxLayer *layer, const MxLayerRun *run)
{
  if (run->dx.data)
    mx_layer_run_rows (layer, run, backward_rows);
}

const MxLayerKind mx_layer_dropout = {
    .name = "dropout",
    .config_size = sizeof (MxDropoutConfig),
    .parse = parse,
    .lengthen = lengthen,
    .forward = forward,
    .backward = backward,
};
