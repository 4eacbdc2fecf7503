/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-mixup.h"

#include <glib.h>
#include <math.h>

struct _MxMixup {
  float *share;      /* [rows] */
  int32_t *other;    /* [rows] */
  int32_t *copy;     /* [rows]: of a clean row, or -1 */
  uint32_t *windows; /* [rows]: the labelled clean rows */
};

MxMixup *
mx_mixup_new (size_t rows)
{
  MxMixup *self = g_new (MxMixup, 1);

  self->share = g_new (float, rows);
  self->other = g_new (int32_t, rows);
  self->copy = g_new (int32_t, rows);
  self->windows = g_new (uint32_t, rows);
  return self;
}

void
mx_mixup_free (MxMixup *self)
{
  if (self == NULL)
    return;
  g_free (self->share);
  g_free (self->other);
  g_free (self->copy);
  g_free (self->windows);
  g_free (self);
}

/* After Joehnk, in logarithms: a small alpha does not underflow. */
static double
draw_beta (double alpha, MxRng *rng)
{
  for (;;) {
    double x = log (1 - mx_rng_uniform (rng)) / alpha;
    double y = log (1 - mx_rng_uniform (rng)) / alpha;
    double max = fmax (x, y), sum = exp (x - max) + exp (y - max);

    if (max + log (sum) <= 0)
      return exp (x - max) / sum;
  }
}

static void
mix_rows (MxTensor *input, size_t a, size_t b, float share)
{
  float *x = mx_tensor_row (input, a), *y = mx_tensor_row (input, b);

  for (size_t i = 0; i < input->time * input->channels; i++) {
    float first = x[i], second = y[i];

    x[i] = share * first + (1 - share) * second;
    y[i] = share * second + (1 - share) * first;
  }
}

static void
mix_couple (MxMixup *self, const int32_t *label, MxTensor *input, size_t a,
    size_t b, float share)
{
  mix_rows (input, a, b, share);
  self->share[a] = self->share[b] = share;
  self->other[a] = label[b];
  self->other[b] = label[a];
}

/* Returns how many windows may be mixed. */
static size_t
list_windows (
    MxMixup *self, const int32_t *label, const int32_t *partner, size_t rows)
{
  size_t n = 0;

  for (size_t r = 0; r < rows; r++) {
    self->share[r] = 1;
    self->other[r] = label[r];
    self->copy[r] = -1;
    if (label[r] >= 0 && partner[r] < 0)
      self->windows[n++] = (uint32_t)r;
  }
  for (size_t r = 0; r < rows; r++) {
    if (partner[r] >= 0)
      self->copy[partner[r]] = (int32_t)r;
  }
  return n;
}

void
mx_mixup_apply (MxMixup *self, double alpha, MxRng *rng, const int32_t *label,
    const int32_t *partner, MxTensor *input)
{
  size_t n = list_windows (self, label, partner, input->rows);

  mx_rng_shuffle (rng, self->windows, n);
  for (size_t i = 0; i + 1 < n; i += 2) {
    size_t a = self->windows[i], b = self->windows[i + 1];
    double beta = draw_beta (alpha, rng);
    float share = (float)fmax (beta, 1 - beta);

    if ((self->copy[a] < 0) != (self->copy[b] < 0))
      continue;
    mix_couple (self, label, input, a, b, share);
    if (self->copy[a] >= 0)
      mix_couple (self, label, input, (size_t)self->copy[a],
          (size_t)self->copy[b], share);
  }
}

const float *
mx_mixup_get_shares (const MxMixup *self)
{
  return self->share;
}

const int32_t *
mx_mixup_get_others (const MxMixup *self)
{
  return self->other;
}
