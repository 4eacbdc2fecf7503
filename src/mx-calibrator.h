/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Gathers what all exits say of windows that the network was not trained on,
 * and makes a calibration of it: temperatures from the labelled ones, the
 * tradeoff of thresholds from all. */
#pragma once

#include "mx-calibration.h"

typedef struct _MxCalibrator MxCalibrator;

MxCalibrator *mx_calibrator_new (unsigned exits, size_t classes);
void mx_calibrator_free (MxCalibrator *self);

/* @logits: [exits][classes], finite, each row up to a constant, of temperature
 * 1; @costs: [exits], any unit; @truth: class, or -1: not known.  FALSE: there
 * is no room for more, at some 32 million numbers. */
bool mx_calibrator_add (
    MxCalibrator *self, const float *logits, const double *costs, int truth);

uint64_t mx_calibrator_get_windows (const MxCalibrator *self);

/* NULL: no window came, or none that cost anything; costs are those of all
 * windows together, as fractions of the last exit's.  @known: [exits],
 * temperatures to keep where no window is labelled, NULL: 1; @each: a threshold
 * for each exit, see mx-tradeoff.h; @fitted_on: for people,
 * cut if it is too long. */
MxCalibration *mx_calibrator_fit (const MxCalibrator *self, const float *known,
    bool each, const char *fitted_on);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MxCalibrator, mx_calibrator_free)
