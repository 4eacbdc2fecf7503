/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The perturbations: pure functions on a signal [n][channels], in place, with
 * a generator.  Each draws its own parameters from the ranges given, so one
 * seed repeats one perturbed copy exactly, and each from a generator of its
 * own, so that what is drawn for one does not depend on the others.
 *
 * "Active" is what lies between the first and the last frame that is not
 * digital silence: powers are measured over it, and time moves keep it inside
 * the signal where they can.  Recipes: docs/perturbation.md. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "mx-rng.h"

typedef struct {
  size_t n, channels, rate;
  float *samples; /* [n][channels] */
} MxSignal;

typedef enum { MX_NOISE_WHITE, MX_NOISE_PINK, MX_NOISE_BROWN } MxNoise;

/* One range and probability per perturbation; probability 0: off.  All
 * multiplied by `strength` (0..1): ranges shrink towards "no change". */
typedef struct {
  double strength;
  double speed_probability, speed_low, speed_high; /* duration factor */
  double warp_probability, warp_low, warp_high;    /* local speed, 5 knots */
  double shift_probability, shift_low, shift_high; /* s; zeros move in */
  bool shift_circular; /* what leaves at one end enters at the other */
  double rotation_probability, rotation; /* degrees, common to all 3-axis
                                            groups of channels */
  double channel_gain_probability, channel_gain_low, channel_gain_high;
  double gain_probability, gain_low, gain_high;    /* dB, common */
  double noise_probability, noise_low, noise_high; /* SNR in dB */
  double noise_white, noise_pink, noise_brown;     /* weights of the colours */
  double mask_probability, mask_low, mask_high;    /* s */
  double drop_probability;                         /* each channel */
  double clip_probability, clip_low, clip_high;    /* dB below the peak of
                                                      the channel */
} MxPerturbation;

/* What was done to one signal, for the log and the meta. */
typedef struct {
  double speed, shift, rotation, gain, snr, mask, clip; /* 1 / 0 / inf: none */
  bool warped;
  int noise;        /* MxNoise, or -1 */
  unsigned dropped; /* channels */
} MxPerturbed;

/* Nothing on, strength 1. */
void mx_perturbation_init (MxPerturbation *perturbation);
/* The recipes of docs/perturbation.md for speech and for motion (groups of
 * three axes). */
void mx_perturbation_init_speech (MxPerturbation *perturbation);
void mx_perturbation_init_motion (MxPerturbation *perturbation);

/* Scratch memory, grown when needed and kept. */
typedef struct _MxPerturb MxPerturb;

MxPerturb *mx_perturb_new (void);
void mx_perturb_free (MxPerturb *self);

/* Applies all in the order of the struct and draws once from @rng.
 * @rest: [channels] value that masks and drops set and channel gains leave
 * alone, or NULL: the channel's mean (0 for one channel) and 0;
 * @scale: [channels] standard deviation that the signal-to-noise ratio refers
 * to, or NULL: of the active part.  Silence stays silence. */
void mx_perturb_apply (MxPerturb *self, const MxPerturbation *perturbation,
    const float *rest, const float *scale, MxRng *rng, MxSignal *signal,
    MxPerturbed *done);
