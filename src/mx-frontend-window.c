/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The second step of a front end: the frames of one window into the input of
 * the network.  All may work in place. */

#include "mx-frontend.h"

#include <float.h>
#include <math.h>

/* Several, so that none waits for the one before. */
#define MAXIMA 16

static float
maximum (const float *values, size_t n)
{
  float most[MAXIMA], max = values[0];
  const size_t whole = n / MAXIMA * MAXIMA;

  for (size_t k = 0; k < MAXIMA; k++)
    most[k] = max;
  for (size_t i = 0; i < whole; i += MAXIMA)
    for (size_t k = 0; k < MAXIMA; k++)
      most[k] = MAX (most[k], values[i + k]);
  for (size_t i = whole; i < n; i++)
    max = MAX (max, values[i]);
  for (size_t k = 0; k < MAXIMA; k++)
    max = MAX (max, most[k]);
  return max;
}

static void
standardise (const MxFrontendConfig *config, const float *frames,
    size_t n_frames, float reference, float lowest, float *x)
{
  const size_t features = config->features;

  for (size_t t = 0; t < n_frames; t++) {
    const float *from = frames + t * features;
    float *to = x + t * features;

    for (size_t i = 0; i < features; i++) {
      float v = MAX (from[i] - reference, lowest);

      to[i] = (v - config->mean[i]) / config->std[i];
    }
  }
}

/* One channel: what is left when its mean and its deviation are taken out. */
static void
take_out_statistics (const MxFrontendConfig *config, size_t channel,
    const float *frames, size_t n_frames, float *x)
{
  const size_t features = config->features;
  double sum = 0, squares = 0, mean, scale;

  for (size_t t = 0; t < n_frames; t++)
    sum += frames[t * features + channel];
  mean = sum / (double)n_frames;
  for (size_t t = 0; t < n_frames; t++) {
    double v = frames[t * features + channel] - mean;

    squares += v * v;
  }
  scale = 1 / (sqrt (squares / (double)n_frames) + config->floor);
  for (size_t t = 0; t < n_frames; t++)
    x[t * features + channel] =
        (float)(scale * (frames[t * features + channel] - mean));
}

/* One channel.  A ring keeps what is overwritten and still needed. */
static void
envelop (const MxFrontendConfig *config, size_t channel, const float *frames,
    size_t n_frames, float *x)
{
  const size_t features = config->features, width = config->width;
  const size_t ahead = width / 2; /* samples behind t that count */
  double ring[MX_FRONTEND_MAX_WIDTH] = {0};
  double sum = 0;
  size_t held = 0;

  for (size_t t = 0; t < n_frames + ahead; t++) {
    double *slot = &ring[t % width];

    if (t >= width) {
      sum -= *slot;
      held--;
    }
    *slot = 0;
    if (t < n_frames) {
      *slot = fabs (frames[t * features + channel] / (double)config->scale);
      sum += *slot;
      held++;
    }
    if (t >= ahead)
      x[(t - ahead) * features + channel] =
          (float)log (MAX (sum, 0) / (double)held + config->floor);
  }
}

void
mx_frontend_normalise (const MxFrontendConfig *config, const float *frames,
    size_t n_frames, float *x)
{
  float reference = 0, lowest = -FLT_MAX;

  if (n_frames == 0)
    return;
  if (config->window_maximum) {
    reference = maximum (frames, n_frames * config->features);
    lowest = -config->range;
  }
  for (size_t c = 0; c < config->features; c++) {
    if (config->window_statistics)
      take_out_statistics (config, c, frames, n_frames, x);
    else if (config->kind == MX_FRONTEND_LOG_ENVELOPE)
      envelop (config, c, frames, n_frames, x);
  }
  if (config->window_statistics || config->kind == MX_FRONTEND_LOG_ENVELOPE)
    frames = x;
  standardise (config, frames, n_frames, reference, lowest, x);
}
