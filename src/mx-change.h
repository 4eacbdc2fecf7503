/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Difference detection: whether the network's input differs from that of the
 * last window that was computed.  The reference is never one that was skipped,
 * so drift adds up until it is noticed.
 *
 * The input is what comes out of normalisation: with a front end that has mean
 * and std, the unit is standard deviations of the training data. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  float *reference; /* [n] */
  size_t n;
  bool known;
} MxChange;

void mx_change_init (MxChange *self, size_t n);
void mx_change_clear (MxChange *self);

/* Root mean square of x - reference [n] < threshold.  False if nothing is known
 * or a value is NaN. */
bool mx_change_is_small (const MxChange *self, const float *x, float threshold);

void mx_change_remember (MxChange *self, const float *x);
void mx_change_forget (MxChange *self);
