/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Mean and standard deviation of each feature of the front end, over all frames
 * of the windows it is shown: what a description's `mean` and `std` are to be.
 *
 *   mean = sum y / n;  std = sqrt (sum (y - mean)^2 / n)
 *
 * y what the front end gives for a mean of 0 and a deviation of 1.  Sums are
 * those of B. P. Welford, Technometrics 4 (1962): a large mean costs no digits.
 * A feature that never changes gets std 1.  One owner, one thread. */
#pragma once

#include "mx-description.h"

typedef struct _MxNormalisation MxNormalisation;

/* @description: any mean and std; without streamed stages. */
MxNormalisation *mx_normalisation_new (MxDescription *description);
void mx_normalisation_free (MxNormalisation *self);

/* One window [window][channels] of samples.  Those that are not finite count
 * as 0. */
void mx_normalisation_add (MxNormalisation *self, const float *samples);

/* @mean, @std: [features] each, of at least one window. */
void mx_normalisation_get (
    const MxNormalisation *self, float *mean, float *std);

/* The same description with these [features] in its front end. */
MxDescription *mx_description_normalise (const MxDescription *self,
    const float *mean, const float *std, GError **error);
