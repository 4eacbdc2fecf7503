/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-temperature.h"

#include <math.h>

#define STEPS 30 /* of ln T: to 3e-9 of it, beyond what a float tells */

/* E[z] - z_y. */
static double
excess (const float *z, size_t classes, int y, double a)
{
  /* A float: GCC 12.2 for ARM64 fails on the maximum of widened ones. */
  float highest = z[0];
  double most, sum = 0, weighted = 0;

  for (size_t k = 1; k < classes; k++)
    highest = fmaxf (highest, z[k]);
  most = highest;
  for (size_t k = 0; k < classes; k++) {
    double p = exp (a * (z[k] - most));

    sum += p;
    weighted += p * (z[k] - most);
  }
  return weighted / sum - (z[y] - most);
}

static double
derivative (const float *logits, size_t stride, size_t n, size_t classes,
    const int *truth, double a)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    if (truth[i] >= 0)
      sum += excess (logits + i * stride, classes, truth[i], a);
  return sum;
}

float
mx_temperature_fit (const float *logits, size_t stride, size_t n,
    size_t classes, const int *truth)
{
  double low = log (MX_MIN_TEMPERATURE), high = log (MX_MAX_TEMPERATURE);

  if (derivative (logits, stride, n, classes, truth, 1) == 0)
    return 1;
  for (int step = 0; step < STEPS; step++) {
    double middle = (low + high) / 2;

    /* Too large an a: T must rise. */
    if (derivative (logits, stride, n, classes, truth, exp (-middle)) > 0)
      low = middle;
    else
      high = middle;
  }
  return (float)fmin (
      fmax (exp ((low + high) / 2), MX_MIN_TEMPERATURE), MX_MAX_TEMPERATURE);
}
