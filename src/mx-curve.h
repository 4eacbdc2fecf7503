/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Quality against cost: what the policy `confidence` would have answered and
 * spent with each threshold from 0 to 1, the same for all exits, from what each
 * exit would have answered.
 *
 *   exit (t) of a window  the first exit whose confidence >= t, else the last
 *   accuracy (t)          of these answers, over all windows
 *   cost (t), depth (t)   mean of these exits' costs and numbers
 *
 *   area        mean over budgets b from cost (0) to the cost of the last exit
 *               of the best accuracy (t) with cost (t) <= b
 *   sufficient  the smallest cost (t) and depth (t) with
 *               accuracy (t) >= accuracy of the last exit - tolerance; the
 *               threshold is chosen on the answers it is measured on, so this
 *               is for comparing models, no promise
 *
 * Both are exact: every threshold that makes a difference is tried.  It keeps 8
 * bytes for each window and exit, MX_CURVE_MAX_BYTES at most; to solve it takes
 * up to four times as much for that time, half of it for GLib's sort. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mx-policy.h"

#define MX_CURVE_MAX_BYTES (64u << 20)
#define MX_CURVE_TOLERANCE .005

/* What one exit would have answered in one window. */
typedef struct {
  float confidence; /* 0..1 */
  float cost;       /* fraction of the full cost, above 0 */
  bool correct;
} MxCurveExit;

typedef struct {
  double threshold; /* NaN: none up to 1 goes so deep */
  double accuracy, cost, depth;
} MxCurvePoint;

typedef struct {
  uint64_t n; /* windows; of none, all below is NaN */
  double area;
  MxCurvePoint sufficient;
  MxCurvePoint last; /* all windows at the last exit */
} MxCurveScores;

typedef struct _MxCurve MxCurve;

MxCurve *mx_curve_new (void);
MxCurve *mx_curve_copy (const MxCurve *self);
void mx_curve_free (MxCurve *self);

/* One window [n_exits].  false, and it is left out: another number of exits
 * than before, or no more room. */
bool mx_curve_add (MxCurve *self, const MxCurveExit *exits, unsigned n_exits);

/* @points: [n_points], n_points >= 2, at thresholds i / (n_points - 1); may be
 * NULL if there are none. */
void mx_curve_solve (const MxCurve *self, MxCurveScores *scores,
    MxCurvePoint *points, size_t n_points);
