/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What training does to every value between convolutions: memory decides, so
 * each is read as few times as can be.  Built once for each instruction set. */

#include "mx-kernels-back.h"

#include <math.h>

/* What is written is nowhere read in the loop, but at the same place. */
#ifdef __clang__
#  define INDEPENDENT _Pragma ("clang loop vectorize(assume_safety)")
#else
#  define INDEPENDENT _Pragma ("GCC ivdep")
#endif

void
MASK (size_t n, const float *y, const float *dy, bool accumulate, float *dx)
{
  if (accumulate) {
    INDEPENDENT
    for (size_t i = 0; i < n; i++)
      dx[i] += y[i] > 0 ? dy[i] : 0;
  } else {
    INDEPENDENT
    for (size_t i = 0; i < n; i++)
      dx[i] = y[i] > 0 ? dy[i] : 0;
  }
}

void
ADD (size_t n, const float *a, const float *b, MxActivation activation,
    float *restrict y)
{
  const float least = activation == MX_ACTIVATION_RELU ? 0 : -INFINITY;

  for (size_t i = 0; i < n; i++) {
    float sum = a[i] + b[i];

    y[i] = sum < least ? least : sum; /* not a number stays so */
  }
}

void
NORM_SUMS (size_t n, size_t channels, const float *x, const float *mean,
    const float *dy, float *restrict sum, float *restrict dot)
{
  for (size_t c = 0; c < channels; c++)
    sum[c] = dot[c] = 0;
  for (size_t i = 0; i < n; i++, x += channels, dy += channels) {
    for (size_t c = 0; c < channels; c++) {
      sum[c] += dy[c];
      dot[c] += dy[c] * (x[c] - mean[c]);
    }
  }
}

void
NORM_GRADIENT (size_t n, size_t channels, const float *x, const float *mean,
    const float *dy, const float *scale, const float *slope, const float *shift,
    bool accumulate, float *restrict dx)
{
  for (size_t i = 0; i < n; i++) {
    if (accumulate) {
      for (size_t c = 0; c < channels; c++)
        dx[c] += scale[c] * dy[c] + (slope[c] * (x[c] - mean[c]) + shift[c]);
    } else {
      for (size_t c = 0; c < channels; c++)
        dx[c] = scale[c] * dy[c] + (slope[c] * (x[c] - mean[c]) + shift[c]);
    }
    x += channels;
    dy += channels;
    dx += channels;
  }
}
