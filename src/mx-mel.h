/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Samples -> mel power.
 *
 * Frame t holds samples [t hop, t hop + frame), weighted with a periodic Hann
 * window w[i] = .5 - .5 cos (2 pi i / frame), padded at its end to `fft`.
 * Power |X|^2, no scaling.  `bands` triangles, HTK mel m = 2595 log10 (1 +
 * f / 700), bands + 2 points equally spaced in mel from low to high, linear in
 * Hz, peak 1, no area normalisation. */
#pragma once

#include "mx-kernels-mel.h"

#include <stdbool.h>

typedef struct {
  size_t rate;            /* Hz */
  size_t frame, hop, fft; /* samples; frame <= fft, a fast size */
  size_t bands;
  float low, high; /* Hz; 0 <= low < high <= rate / 2 */
} MxMelConfig;

/* Largest transform. */
#define MX_MEL_MAX_FFT 65536
#define MX_MEL_MAX_BANDS 1024

/* Even, and no prime factors above 5. */
bool mx_mel_is_fast_size (size_t fft);

typedef struct _MxMel MxMel;

/* One stream's (it holds scratch memory).  No allocation after this. */
MxMel *mx_mel_new (const MxMelConfig *config);
void mx_mel_free (MxMel *self);

/* n frames, from samples [(n - 1) hop + frame] to `power` [n][bands]; several
 * at once cost much less than one by one.  A NaN or infinity among its samples,
 * or a power beyond 1e30, gives a frame of zeros. */
void mx_mel_process (MxMel *self, const float *samples, size_t n, float *power);

const MxMelPlan *mx_mel_get_plan (const MxMel *self);
/* Weight of a bin of the spectrum (bin 0 is 0 Hz) in a band. */
float mx_mel_get_weight (const MxMel *self, size_t band, size_t bin);
