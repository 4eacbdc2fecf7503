/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How far samples lie from those that a model was trained on: a sensor that
 * speaks m/s2 to a model that learnt g says nothing else is wrong.
 *
 *   level = max over channels of sqrt (mean ((v - mean) / std)^2)
 *
 * with the mean and std of the front end; about 1 on the training data.  Known
 * where the front end keeps the unit: raw, without the reference window, and
 * described by some mean or std. */
#pragma once

#include "mx-frontend.h"

#include <stdint.h>

typedef struct {
  const MxFrontendConfig *config; /* NULL: has no unit */
  double *squares;                /* [channels], of v - mean */
  uint64_t n;
} MxLevel;

/* @config must outlive it. */
void mx_level_init (MxLevel *self, const MxFrontendConfig *config);
void mx_level_clear (MxLevel *self);

/* Samples [n][channels]; those that are not finite are left out. */
void mx_level_hear (MxLevel *self, const float *samples, size_t n);

/* Of what was heard since the last call or reset; 0: nothing, or no unit. */
float mx_level_take (MxLevel *self);
