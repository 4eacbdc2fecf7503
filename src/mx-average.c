/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-average.h"

#include <glib.h>
#include <string.h>

struct _MxAverage {
  size_t n;
  float *weights; /* [n] */
};

MxAverage *
mx_average_new (const float *weights, size_t n)
{
  MxAverage *self = g_new (MxAverage, 1);

  self->n = n;
  self->weights = g_memdup2 (weights, n * sizeof *weights);
  return self;
}

void
mx_average_free (MxAverage *self)
{
  if (self == NULL)
    return;
  g_free (self->weights);
  g_free (self);
}

void
mx_average_update (
    MxAverage *self, const float *weights, uint64_t step, double decay)
{
  double keep = MIN (decay, (1. + (double)step) / (10. + (double)step));
  float add = (float)(1 - keep);

  for (size_t i = 0; i < self->n; i++)
    self->weights[i] += add * (weights[i] - self->weights[i]);
}

float *
mx_average_get_weights (MxAverage *self)
{
  return self->weights;
}
