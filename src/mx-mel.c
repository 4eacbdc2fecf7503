/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-mel.h"

#include <glib.h>
#include <gst/fft/gstfftf32.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Louder than anything scaled to [-1, 1) by fifteen orders of magnitude, and
 * far enough below FLT_MAX that sums and smoothing stay finite. */
#define MAX_POWER 1e30f

/* A triangle: the bins it covers and where their weights stand. */
typedef struct {
  size_t first, n;
  size_t offset;
} MxBand;

struct _MxMel {
  MxMelConfig config;
  GstFFTF32 *fft;
  float *window;              /* [frame] */
  float *padded;              /* [fft]; always 0 behind the frame */
  GstFFTF32Complex *spectrum; /* [bins] */
  float *bins;                /* [bins]; power */
  MxBand *bands;              /* [config.bands] */
  GArray *weights;            /* of all bands, float */
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

MxMel *
mx_mel_new (const MxMelConfig *config)
{
  MxMel *self;

  g_return_val_if_fail (
      config->fft % 2 == 0 && config->fft <= MX_MEL_MAX_FFT, NULL);
  g_return_val_if_fail (
      config->frame > 0 && config->frame <= config->fft, NULL);
  g_return_val_if_fail (
      config->bands > 0 && config->bands <= MX_MEL_MAX_BANDS, NULL);
  g_return_val_if_fail (config->low >= 0 && config->low < config->high &&
                            config->high <= config->rate / 2.,
      NULL);

  self = g_new0 (MxMel, 1);
  self->config = *config;
  self->fft = gst_fft_f32_new (config->fft, FALSE);
  self->window = make_window (config->frame);
  self->padded = g_new0 (float, config->fft);
  self->spectrum = g_new (GstFFTF32Complex, n_bins (config));
  self->bins = g_new (float, n_bins (config));
  self->bands = g_new (MxBand, config->bands);
  self->weights = g_array_new (FALSE, FALSE, sizeof (float));
  for (size_t m = 0; m < config->bands; m++)
    make_band (self, m);
  return self;
}

void
mx_mel_free (MxMel *self)
{
  if (!self)
    return;
  gst_fft_f32_free (self->fft);
  g_free (self->window);
  g_free (self->padded);
  g_free (self->spectrum);
  g_free (self->bins);
  g_free (self->bands);
  g_array_unref (self->weights);
  g_free (self);
}

/* Written so that a NaN makes it false. */
static bool
sum_bands (const MxMel *self, float *power)
{
  const float *weights = (const float *)(void *)self->weights->data;
  bool finite = true;

  for (size_t m = 0; m < self->config.bands; m++) {
    const MxBand *band = &self->bands[m];
    const float *bins = self->bins + band->first;
    float sum = 0;

    for (size_t i = 0; i < band->n; i++)
      sum += weights[band->offset + i] * bins[i];
    power[m] = sum;
    finite = finite && sum <= MAX_POWER;
  }
  return finite;
}

void
mx_mel_process (MxMel *self, const float *samples, float *power)
{
  for (size_t i = 0; i < self->config.frame; i++)
    self->padded[i] = self->window[i] * samples[i];

  gst_fft_f32_fft (self->fft, self->padded, self->spectrum);

  for (size_t i = 0; i < n_bins (&self->config); i++) {
    GstFFTF32Complex x = self->spectrum[i];

    self->bins[i] = x.r * x.r + x.i * x.i;
  }
  if (!sum_bands (self, power))
    memset (power, 0, self->config.bands * sizeof *power);
}

const float *
mx_mel_get_window (const MxMel *self)
{
  return self->window;
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
