/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-level.h"

#include <math.h>
#include <string.h>

static bool
has_unit (const MxFrontendConfig *config)
{
  if (config->kind != MX_FRONTEND_RAW || config->window_statistics)
    return false;
  for (size_t c = 0; c < config->channels; c++) {
    if (config->mean[c] != 0 || config->std[c] != 1)
      return true;
  }
  return false;
}

void
mx_level_init (MxLevel *self, const MxFrontendConfig *config)
{
  *self = (MxLevel){0};
  if (!has_unit (config))
    return;
  self->config = config;
  self->squares = g_new0 (double, config->channels);
}

void
mx_level_clear (MxLevel *self)
{
  g_free (self->squares);
  *self = (MxLevel){0};
}

void
mx_level_hear (MxLevel *self, const float *samples, size_t n)
{
  const MxFrontendConfig *config = self->config;

  if (!config)
    return;
  for (size_t c = 0; c < config->channels; c++) {
    for (size_t i = 0; i < n; i++) {
      const double x =
          (double)samples[i * config->channels + c] - (double)config->mean[c];

      if (isfinite (x))
        self->squares[c] += x * x;
    }
  }
  self->n += n;
}

float
mx_level_take (MxLevel *self)
{
  double largest = 0;

  if (self->n == 0)
    return 0;
  for (size_t c = 0; c < self->config->channels; c++) {
    const double std = (double)self->config->std[c];

    largest = MAX (largest, self->squares[c] / ((double)self->n * std * std));
  }
  memset (
      self->squares, 0, self->config->channels * sizeof *self->squares);
  self->n = 0;
  return sqrt (largest);
}
