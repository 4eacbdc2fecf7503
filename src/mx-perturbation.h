/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which perturbations there are, how strong and how likely: what mx-perturb
 * applies, and what it says it did. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

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
  double channel_shift_probability, channel_shift; /* channels, around a ring */
  double channel_gain_probability, channel_gain_low, channel_gain_high;
  double gain_probability, gain_low, gain_high;    /* dB, common */
  double noise_probability, noise_low, noise_high; /* SNR in dB */
  double noise_white, noise_pink, noise_brown;     /* weights of the colours */
  double mask_probability, mask_low, mask_high;    /* s */
  double drop_probability;                         /* each channel */
  double clip_probability, clip_low, clip_high;    /* dB below the peak of
                                                      the channel */
  double flip_probability;         /* of all channels together */
  double channel_flip_probability; /* of each channel */
  /* Largest amplitudes, in standard deviations of the channel. */
  double wander_probability, wander; /* sine of .1 to .7 Hz and a slope */
  double hum_probability, hum;       /* 50 or 60 Hz */
  double motion_probability, motion; /* lines between 16 knots a second */
} MxPerturbation;

/* What was done to one signal, for the log and the meta. */
typedef struct {
  double speed, shift, rotation, gain, snr, mask, clip; /* 1 / 0 / inf: none */
  bool warped, wander, motion;
  int channel_shift;         /* channels, 0: none */
  double hum;                /* Hz, 0: none */
  int noise;                 /* MxNoise, or -1 */
  unsigned dropped, flipped; /* channels */
} MxPerturbed;

/* Nothing on, strength 1. */
void mx_perturbation_init (MxPerturbation *perturbation);
/* The recipes of docs/perturbation.md for speech, for motion (groups of three
 * axes), for the electrocardiogram (one beat in a signal) and for the activity
 * of muscles. */
void mx_perturbation_init_speech (MxPerturbation *perturbation);
void mx_perturbation_init_motion (MxPerturbation *perturbation);
void mx_perturbation_init_ecg (MxPerturbation *perturbation);
void mx_perturbation_init_emg (MxPerturbation *perturbation);

/* All ranges by `strength` towards "no change", but for the shift, whose range
 * depends on the room there is and shrinks where that is known. */
MxPerturbation mx_perturbation_with_strength (
    const MxPerturbation *perturbation);
