/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-range.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define SMALLEST 1e-10f
#define LARGEST 1e10f
#define HALF (MX_RANGE_BINS / 2)
#define STEPS 255
#define TRIES 96
#define LEAST .25 /* of all that came */

/* Twice as wide: two bins become one. */
static void
widen (MxRange *self)
{
  uint64_t bins[MX_RANGE_BINS] = {0};

  for (size_t i = 0; i < MX_RANGE_BINS; i++)
    bins[HALF / 2 + i / 2] += self->bins[i];
  memcpy (self->bins, bins, sizeof bins);
  self->limit *= 2;
}

static void
add (MxRange *self, float value)
{
  size_t bin;

  if (self->limit == 0)
    self->limit = exp2f (ceilf (log2f (fabsf (value))));
  while (fabsf (value) > self->limit)
    widen (self);
  bin = (size_t)((value / self->limit + 1) * HALF);
  self->bins[MIN (bin, MX_RANGE_BINS - 1)]++;
  self->lowest = MIN (self->lowest, value);
  self->highest = MAX (self->highest, value);
  self->n++;
}

void
mx_range_add (MxRange *self, const float *values, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (fabsf (values[i]) >= SMALLEST && fabsf (values[i]) <= LARGEST)
      add (self, values[i]);
}

/* Mean squares, by the bins. */
static double
error_of (const MxRange *self, double low, double high)
{
  const double step = (high - low) / STEPS;
  double sum = 0;

  for (size_t i = 0; i < MX_RANGE_BINS; i++) {
    double x = (((double)i + .5) / HALF - 1) * (double)self->limit;
    double outside = x < low ? low - x : x > high ? x - high : 0;

    if (self->bins[i] > 0)
      sum += (double)self->bins[i] * (outside * outside + step * step / 12);
  }
  return sum;
}

void
mx_range_fit (const MxRange *self, float *low, float *high)
{
  double best = INFINITY;

  *low = 0;
  *high = 1;
  for (size_t k = 0; self->n > 0 && k <= TRIES; k++) {
    const double share = 1 - (1 - LEAST) * (double)k / TRIES;
    const float down = (float)(share * (double)self->lowest);
    const float up = (float)(share * (double)self->highest);
    const double error = error_of (self, (double)down, (double)up);

    if (error >= best)
      continue;
    best = error;
    *low = down;
    *high = MAX (up, SMALLEST);
  }
}

bool
mx_range_is_swamped (const MxRange *self)
{
  const uint64_t small = self->bins[HALF - 1] + self->bins[HALF];

  return self->n >= 1000 && self->n - small < self->n / 1000;
}
