/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Loops over channels, which the compiler turns into vectors itself: built once
 * for each instruction set. */

#include "mx-kernels-back.h"

static float
activate (MxActivation activation, float x)
{
  return activation == MX_ACTIVATION_RELU && x < 0.0f ? 0.0f : x;
}

void
AFFINE (size_t n, size_t channels, const float *x, const float *scale,
    const float *shift, MxActivation activation, float *y)
{
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < channels; c++)
      y[i * channels + c] =
          activate (activation, x[i * channels + c] * scale[c] + shift[c]);
  }
}

void
CHANNEL_DEVIATION (size_t n, size_t channels, const float *x, const float *mean,
    float *restrict sum)
{
  for (size_t c = 0; c < channels; c++)
    sum[c] = 0.0f;
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < channels; c++) {
      float deviation = x[i * channels + c] - mean[c];

      sum[c] += deviation * deviation;
    }
  }
}
