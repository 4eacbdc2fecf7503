/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What thresholds of confidence are worth, from what all exits said of many
 * windows: the cost, and the share of windows that are answered as the last
 * exit answers them.  That needs no label, and carries over to other people
 * where a threshold chosen by accuracy does not; so accuracy is told, but
 * nothing is chosen by it.
 *
 * A window is answered by the first exit whose confidence reaches its
 * threshold, the last one always. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "mx-policy.h"

/* What one exit said of one window. */
typedef struct {
  float confidence; /* 0..1 */
  bool agrees;      /* its class is that of the last exit */
  bool right;       /* its class is the true one; false where that is unknown */
} MxExitAnswer;

typedef struct {
  unsigned exits;
  size_t n;                    /* windows, from 1 */
  size_t labelled;             /* of these, with a known truth */
  const MxExitAnswer *answers; /* [n][exits] */
  const double *costs;         /* [exits], rising, the last one 1 */
} MxExitAnswers;

typedef struct {
  float thresholds[MX_MAX_EXITS]; /* of all exits but the last; [0] is exit 1 */
  double agreement;               /* share of the windows, 0..1 */
  double cost;                    /* mean, fraction of the full one, 0..1 */
  double accuracy; /* of the labelled, among all or none; NaN: none are */
} MxOperatingPoint;

/* @point: its thresholds are given, the rest is filled in. */
void mx_tradeoff_evaluate (
    const MxExitAnswers *answers, MxOperatingPoint *point);

/* Points in the order of strictly rising cost (g_array_unref), a few hundred at
 * most, with the same threshold for all exits: the least and the greatest
 * useful one; for each half per cent of agreement the cheapest that reaches it;
 * and at least one for each two per cent of cost that there is one for. */
GArray *mx_tradeoff_of_one_threshold (const MxExitAnswers *answers);

/* The same with a threshold for each exit: for each of some prices l of a
 * disagreement, thresholds from which no single exit's can be moved to lower
 *
 *   mean cost + l (1 - agreement)
 *
 * found by descent from the best common threshold, one exit after the other;
 * never worse than that one.  Of these points those that no cheaper one equals
 * in agreement.  On the set itself they are better than a common threshold; on
 * other people's windows they need not be. */
GArray *mx_tradeoff_of_each_threshold (const MxExitAnswers *answers);
