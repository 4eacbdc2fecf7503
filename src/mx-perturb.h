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

#include "mx-perturbation.h"
#include "mx-rng.h"

typedef struct {
  size_t n, channels, rate;
  float *samples; /* [n][channels] */
} MxSignal;

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

/* n samples of unit power in `noise`. */
void mx_perturb_noise_fill (MxNoise colour, MxRng *rng, float *noise, size_t n);
