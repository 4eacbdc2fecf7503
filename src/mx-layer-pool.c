/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-layer-pool.h"

#include <math.h>
#include <string.h>

#define MAX_SEGMENTS 4096

static void
parse (MxLayer *layer, MxJson *json, size_t classes)
{
  static const char *const methods[] = {"mean", "max", "mean+max", NULL};
  MxPoolConfig *config = layer->config;
  int method = mx_json_choice (json, "method", methods, MX_POOL_MEAN);
  size_t kept;

  config->method = MAX (method, 0);
  config->segments = mx_json_int (json, "segments", 1, MAX_SEGMENTS, 1);
  kept = config->method == MX_POOL_MEAN_MAX ? 2 : 1;
  layer->out = (MxShape){1, kept * config->segments * layer->in.channels};
}

typedef struct {
  size_t first, frames;
} Segment;

static Segment
get_segment (const MxPoolConfig *config, size_t time, size_t s)
{
  size_t first = s * time / config->segments;
  size_t end = ((s + 1) * time + config->segments - 1) / config->segments;

  return (Segment){first, end - first};
}

/* Where the maxima of a frame [method][segment][channel] begin. */
static size_t
max_offset (const MxPoolConfig *config, size_t channels)
{
  return config->method == MX_POOL_MEAN_MAX ? config->segments * channels : 0;
}

static void
mean_forward (const MxKernels *kernels, size_t n, size_t channels,
    const float *x, float *y)
{
  kernels->channel_sum (n, channels, x, y);
  for (size_t c = 0; c < channels; c++)
    y[c] /= n;
}

/* Not a number stays not a number. */
static void
max_forward (size_t n, size_t channels, const float *x, float *restrict y)
{
  memcpy (y, x, channels * sizeof (float));
  for (size_t i = 1; i < n; i++) {
    x += channels;
    for (size_t c = 0; c < channels; c++)
      y[c] = ((x[c] > y[c]) | (x[c] != x[c])) ? x[c] : y[c];
  }
}

static void
forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxPoolConfig *config = layer->config;
  size_t channels = run->x.channels;

  for (size_t row = first; row < first + n; row++) {
    for (size_t s = 0; s < config->segments; s++) {
      Segment segment = get_segment (config, run->x.time, s);
      const float *x = mx_tensor_row (&run->x, row) + segment.first * channels;
      float *y = mx_tensor_row (&run->y, row) + s * channels;

      if (config->method != MX_POOL_MAX)
        mean_forward (run->kernels, segment.frames, channels, x, y);
      if (config->method != MX_POOL_MEAN)
        max_forward (
            segment.frames, channels, x, y + max_offset (config, channels));
    }
  }
}

static void
forward (const MxLayer *layer, const MxLayerRun *run)
{
  mx_layer_run_rows (layer, run, forward_rows);
}

static void
mean_backward (size_t n, size_t channels, const float *dy, float *dx)
{
  for (size_t i = 0; i < n; i++, dx += channels)
    for (size_t c = 0; c < channels; c++)
      dx[c] += dy[c] / n;
}

/* To the first frame that has the maximum. */
static void
max_backward (size_t n, size_t channels, const float *x, const float *y,
    const float *dy, float *dx)
{
  for (size_t c = 0; c < channels; c++) {
    for (size_t i = 0; i < n; i++) {
      if (x[i * channels + c] == y[c]) {
        dx[i * channels + c] += dy[c];
        break;
      }
    }
  }
}

static void
backward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxPoolConfig *config = layer->config;
  size_t channels = run->dx.channels;
  size_t maxima = max_offset (config, channels);

  for (size_t row = first; row < first + n; row++) {
    /* Segments may share a frame, so all add to what is there. */
    if (!run->accumulate[0])
      memset (mx_tensor_row (&run->dx, row), 0,
          run->dx.time * channels * sizeof (float));
    for (size_t s = 0; s < config->segments; s++) {
      Segment segment = get_segment (config, run->dx.time, s);
      size_t offset = segment.first * channels;
      const float *x = mx_tensor_row (&run->x, row) + offset;
      const float *y = mx_tensor_row (&run->y, row) + s * channels;
      const float *dy = mx_tensor_row (&run->dy, row) + s * channels;
      float *dx = mx_tensor_row (&run->dx, row) + offset;

      if (config->method != MX_POOL_MAX)
        mean_backward (segment.frames, channels, dy, dx);
      if (config->method != MX_POOL_MEAN)
        max_backward (segment.frames, channels, x, y + maxima, dy + maxima, dx);
    }
  }
}

static void
backward (const MxLayer *layer, const MxLayerRun *run)
{
  if (run->dx.data)
    mx_layer_run_rows (layer, run, backward_rows);
}

const MxLayerKind mx_layer_pool = {
    .name = "pool",
    .config_size = sizeof (MxPoolConfig),
    .needs_window = true,
    .parse = parse,
    .forward = forward,
    .backward = backward,
};
