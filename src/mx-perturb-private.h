/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What the files of mx-perturb share.  Each perturbation is one function that
 * draws its chance first, then its parameters, from a generator of its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "mx-perturb.h"
#include "mx-planes.h"
#include "mx-rng.h"

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
void mx_perturb_channel_shift (MxPlanes *planes,
    const MxPerturbation *perturbation, MxRng *rng, MxPerturbed *done);
void mx_perturb_channel_gain (MxPlanes *planes,
    const MxPerturbation *perturbation, const float *rest, MxRng *rng);
void mx_perturb_flip (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *rest, MxRng *rng, MxPerturbed *done);
void mx_perturb_gain (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done);
void mx_perturb_noise (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *scale, MxRng *rng, MxPerturbed *done);
void mx_perturb_wander (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *scale, MxRng *rng, MxPerturbed *done);
void mx_perturb_hum (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *scale, MxRng *rng, MxPerturbed *done);
void mx_perturb_motion (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *scale, MxRng *rng, MxPerturbed *done);
void mx_perturb_mask (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *rest, MxRng *rng, MxPerturbed *done);
void mx_perturb_drop (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *rest, MxRng *rng, MxPerturbed *done);
void mx_perturb_clip (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done);
