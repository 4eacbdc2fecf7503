/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What the files of mx-perturb share.  Each perturbation is one function that
 * draws its chance first, then its parameters, from a generator of its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "mx-perturb.h"
#include "mx-rng.h"

/* The signal while it is worked on. */
typedef struct {
  size_t n, channels, rate;
  float *planes; /* [channels][n] */
  float *spare;  /* [n] */
} MxPlanes;

/* Frames [first, end); empty (first == end): the signal is silence. */
typedef struct {
  size_t first, end;
} MxActive;

static inline float *
mx_planes_channel (const MxPlanes *planes, size_t channel)
{
  return planes->planes + channel * planes->n;
}

MxActive mx_planes_active (const MxPlanes *planes);
/* Over the active part; 0 for silence. */
double mx_planes_mean (const MxPlanes *planes, MxActive active, size_t channel);
double mx_planes_deviation (
    const MxPlanes *planes, MxActive active, size_t channel);

bool mx_perturb_chance (MxRng *rng, double probability);
/* Uniform between two ends in either order. */
double mx_perturb_between (MxRng *rng, double a, double b);

/* In the order in which they are applied; strength is already in the ranges,
 * except in that of the shift. */
void mx_perturb_speed (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done);
void mx_perturb_warp (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done);
void mx_perturb_shift (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done);
void mx_perturb_rotation (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done);
void mx_perturb_channel_gain (MxPlanes *planes,
    const MxPerturbation *perturbation, const float *rest, MxRng *rng);
void mx_perturb_gain (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done);
void mx_perturb_noise (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *scale, MxRng *rng, MxPerturbed *done);
void mx_perturb_mask (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *rest, MxRng *rng, MxPerturbed *done);
void mx_perturb_drop (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *rest, MxRng *rng, MxPerturbed *done);
void mx_perturb_clip (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done);

/* n samples of unit power in `noise`. */
void mx_perturb_noise_fill (MxNoise colour, MxRng *rng, float *noise, size_t n);
