/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-quantiles.h"

#include <glib.h>
#include <math.h>

/* Below 32 each value has its own. */
static unsigned
bin_of (uint64_t value)
{
  unsigned octave = 0;

  while (value >> octave >= 64)
    octave++;
  return octave * 32 + (unsigned)(value >> octave);
}

/* The largest value of a bin. */
static double
top_of (unsigned bin)
{
  unsigned octave = bin < 64 ? 0 : bin / 32 - 1;

  return ldexp (bin - octave * 32. + 1, (int)octave) - 1;
}

void
mx_quantiles_add (MxQuantiles *self, uint64_t value)
{
  self->min = self->n > 0 ? MIN (self->min, value) : value;
  self->max = MAX (self->max, value);
  self->n++;
  self->sum += (double)value;
  self->bins[bin_of (value)]++;
}

double
mx_quantiles_mean (const MxQuantiles *self)
{
  return self->n > 0 ? self->sum / (double)self->n : NAN;
}

double
mx_quantiles_get (const MxQuantiles *self, double fraction)
{
  double wanted = fraction * (double)self->n, seen = 0;

  if (self->n == 0)
    return NAN;
  for (unsigned bin = 0; bin < MX_QUANTILES_BINS; bin++) {
    seen += (double)self->bins[bin];
    if (seen > 0 && seen >= wanted)
      return CLAMP (top_of (bin), (double)self->min, (double)self->max);
  }
  return (double)self->max;
}
