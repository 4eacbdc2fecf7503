/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How whole numbers, such as times in ns, are spread: counted in bins of a 32nd
 * of an octave, so that there may be any number of them.  A quantile is right
 * to 1/32 of itself; minimum, maximum and mean are exact. */
#pragma once

#include <stdint.h>

#define MX_QUANTILES_BINS (60 * 32)

/* All zero: no values. */
typedef struct {
  uint64_t n, min, max;
  double sum;
  uint64_t bins[MX_QUANTILES_BINS];
} MxQuantiles;

void mx_quantiles_add (MxQuantiles *self, uint64_t value);

/* NaN: no values. */
double mx_quantiles_mean (const MxQuantiles *self);
/* The smallest value that is not below a fraction (0..1) of all; NaN: no
 * values. */
double mx_quantiles_get (const MxQuantiles *self, double fraction);
