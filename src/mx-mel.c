/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-mel.h"

#include "mx-kernels.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Of a cache line, and of any vector. */
#define SCRATCH_ALIGNMENT 64

struct _MxMel {
  MxMelConfig config;
  MxMelPlan plan;
  void *scratch;
  float *window;                         /* [frame] */
  MxBand *bands;                         /* [config.bands] */
  GArray *weights, *twiddles, *rotation; /* float */
  GArray *radices;                       /* unsigned char, ends with 0 */
};

static size_t
n_bins (const MxMelConfig *config)
{
  return config->fft / 2 + 1;
}

static double
mel_from_hz (double hz)
{
  return 2595 * log10 (1 + hz / 700);
}

static double
hz_from_mel (double mel)
{
  return 700 * (pow (10, mel / 2595) - 1);
}

/* Corner i of the triangles; triangle m stands on corners m, m + 1, m + 2. */
static double
corner (const MxMelConfig *config, size_t i)
{
  double low = mel_from_hz (config->low), high = mel_from_hz (config->high);

  return hz_from_mel (low + (high - low) * i / (config->bands + 1));
}

static float *
make_window (size_t n)
{
  float *window = g_new (float, n);

  for (size_t i = 0; i < n; i++)
    window[i] = .5 - .5 * cos (2 * G_PI * i / n);
  return window;
}

static void
make_band (MxMel *self, size_t m)
{
  const MxMelConfig *config = &self->config;
  MxBand *band = &self->bands[m];
  double left = corner (config, m), peak = corner (config, m + 1),
         right = corner (config, m + 2);
  double hz_per_bin = (double)config->rate / config->fft;
  size_t end = MIN (ceil (right / hz_per_bin), n_bins (config));

  band->first = MIN (floor (left / hz_per_bin) + 1, end);
  band->n = end - band->first;
  band->offset = self->weights->len;
  for (size_t bin = band->first; bin < end; bin++) {
    double hz = bin * hz_per_bin;
    float weight =
        fmin ((hz - left) / (peak - left), (right - hz) / (right - peak));

    weight = fmaxf (weight, 0);
    g_array_append_val (self->weights, weight);
  }
}

/* e^(-2 pi i k / n), from an angle in the first turn: exact for any k. */
static void
append_rotation (GArray *pairs, size_t k, size_t n)
{
  double angle = -2 * G_PI * (k % n) / n;
  float pair[] = {cos (angle), sin (angle)};

  g_array_append_vals (pairs, pair, 2);
}

/* Of n points that are left of `all`.  Fewer steps are faster; the first, which
 * has samples to put in order, is so with 4. */
static size_t
next_radix (size_t n, size_t all)
{
  if (n < all && (n == 8 || n % 32 == 0))
    return 8;
  return n % 4 == 0 ? 4 : n % 2 == 0 ? 2 : n % 3 == 0 ? 3 : 5;
}

static void
make_steps (MxMel *self)
{
  const size_t all = self->config.fft / 2;

  for (size_t n = all; n > 1;) {
    size_t radix = next_radix (n, all);
    guint8 byte = radix;

    for (size_t p = 0; p < n / radix; p++) {
      for (size_t k = 1; k < radix; k++)
        append_rotation (self->twiddles, p * k, n);
    }
    g_array_append_val (self->radices, byte);
    n /= radix;
  }
}

static void
make_plan (MxMel *self)
{
  const MxMelConfig *config = &self->config;
  MxMelPlan *plan = &self->plan;

  for (size_t k = 0; k < n_bins (config); k++)
    append_rotation (self->rotation, k, config->fft);
  make_steps (self);
  *plan = (MxMelPlan){
      .frame = config->frame,
      .fft = config->fft,
      .window = self->window,
      .radices = (const unsigned char *)self->radices->data,
      .twiddles = (const float *)(void *)self->twiddles->data,
      .rotation = (const float *)(void *)self->rotation->data,
      .first = n_bins (config),
      .n_bands = config->bands,
      .bands = self->bands,
      .weights = (const float *)(void *)self->weights->data,
  };
  for (size_t m = 0; m < config->bands; m++) {
    const MxBand *band = &self->bands[m];

    if (band->n == 0)
      continue;
    plan->first = MIN (plan->first, band->first);
    plan->end = MAX (plan->end, band->first + band->n);
  }
}

bool
mx_mel_is_fast_size (size_t fft)
{
  size_t rest = fft;

  for (size_t prime = 2; prime <= 5; prime++) {
    while (rest > 0 && rest % prime == 0)
      rest /= prime;
  }
  return fft % 2 == 0 && rest == 1;
}

MxMel *
mx_mel_new (const MxMelConfig *config)
{
  MxMel *self;

  g_return_val_if_fail (
      mx_mel_is_fast_size (config->fft) && config->fft <= MX_MEL_MAX_FFT, NULL);
  g_return_val_if_fail (
      config->frame > 0 && config->frame <= config->fft, NULL);
  g_return_val_if_fail (
      config->bands > 0 && config->bands <= MX_MEL_MAX_BANDS, NULL);
  g_return_val_if_fail (config->low >= 0 && config->low < config->high &&
                            config->high <= config->rate / 2.,
      NULL);

  self = g_new0 (MxMel, 1);
  self->config = *config;
  self->scratch = g_aligned_alloc0 (
      MX_MEL_SCRATCH (config->fft), sizeof (float), SCRATCH_ALIGNMENT);
  self->window = make_window (config->frame);
  self->bands = g_new (MxBand, config->bands);
  self->weights = g_array_new (FALSE, FALSE, sizeof (float));
  self->twiddles = g_array_new (FALSE, FALSE, sizeof (float));
  self->rotation = g_array_new (FALSE, FALSE, sizeof (float));
  self->radices = g_array_new (TRUE, FALSE, 1);
  for (size_t m = 0; m < config->bands; m++)
    make_band (self, m);
  make_plan (self);
  return self;
}

void
mx_mel_free (MxMel *self)
{
  if (!self)
    return;
  g_aligned_free (self->scratch);
  g_free (self->window);
  g_free (self->bands);
  g_array_unref (self->weights);
  g_array_unref (self->twiddles);
  g_array_unref (self->rotation);
  g_array_unref (self->radices);
  g_free (self);
}

void
mx_mel_process (MxMel *self, const float *samples, size_t n, float *power)
{
  const MxMelOp op = {
      .plan = &self->plan,
      .n = n,
      .hop = self->config.hop,
      .samples = samples,
      .scratch = self->scratch,
      .power = power,
  };

  mx_kernels_get ()->mel (&op);
}

const MxMelPlan *
mx_mel_get_plan (const MxMel *self)
{
  return &self->plan;
}

float
mx_mel_get_weight (const MxMel *self, size_t m, size_t bin)
{
  const MxBand *band;

  g_return_val_if_fail (m < self->config.bands, 0);

  band = &self->bands[m];
  if (bin < band->first || bin >= band->first + band->n)
    return 0;
  return g_array_index (self->weights, float, band->offset + bin - band->first);
}
