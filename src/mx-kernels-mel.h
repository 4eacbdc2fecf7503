/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The primitives of the front end, part of MxKernels. */
#pragma once

#include <stddef.h>

/* A triangle: the bins it covers and where their weights stand. */
typedef struct {
  size_t first, n;
  size_t offset;
} MxBand;

/* What a frame goes through; immutable.  The transform is one of fft / 2
 * complex points, in steps of radix 2, 3, 4, 5 or 8. */
typedef struct {
  size_t frame, fft;            /* samples; frame <= fft, fft even */
  const float *window;          /* [frame] */
  const unsigned char *radices; /* their product is fft / 2; 0 ends them */
  /* For each step of radix r, with n points left: e^(-2 pi i p k / n) for
   * p < n / r, 0 < k < r, as [n / r][r - 1] pairs. */
  const float *twiddles;
  const float *rotation; /* [fft / 2 + 1] pairs: e^(-2 pi i k / fft) */
  size_t first, end;     /* bins that the bands cover */
  size_t n_bands;
  const MxBand *bands; /* [n_bands] */
  const float *weights;
} MxMelPlan;

/* Frames in flight at once, at most. */
#define MX_MEL_LANES 8
/* Of a band: louder than anything scaled to [-1, 1) by fifteen orders of
 * magnitude, and far enough below FLT_MAX that sums and smoothing stay finite.
 */
#define MX_MEL_MAX_POWER 1e30f
/* Floats of scratch memory for a plan, at 64 bytes. */
#define MX_MEL_SCRATCH(fft) (2 * MX_MEL_LANES * (fft))

/*   power[t][m] = sum_k weight[m][k] |X[t][k]|^2
 *   X[t][k] = sum_i window[i] samples[t hop + i] e^(-2 pi i k / fft)
 *
 * Each frame by itself: one with a power that is not finite, or beyond
 * MX_MEL_MAX_POWER, becomes zeros and spoils no other. */

typedef struct {
  const MxMelPlan *plan;
  size_t n, hop; /* frames, samples between their starts */
  const float *samples;
  void *scratch;
  float *power; /* [n][n_bands] */
} MxMelOp;

/* See mx-frontend.h. */
typedef struct {
  float smoothing, alpha, epsilon;
} MxPcen;
