/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Metrics of what was answered and, where it is known, of what each exit would
 * have answered. */
#pragma once

#include "mx-metrics.h"

/* One window. */
typedef struct {
  MxOutcome answer;
  unsigned n_exits; /* known; 0: the answer alone */
  MxOutcome exits[MX_MAX_EXITS];
} MxVerdict;

/* Of all outcomes. */
void mx_verdict_set_truth (MxVerdict *verdict, int truth);

typedef struct {
  MxMetrics *answers;
  MxMetrics *exits[MX_MAX_EXITS]; /* NULL: nothing is known */
} MxScoreboard;

void mx_scoreboard_init (MxScoreboard *self);
void mx_scoreboard_copy (const MxScoreboard *self, MxScoreboard *to);
void mx_scoreboard_clear (MxScoreboard *self);

/* As mx_metrics_add() and mx_metrics_set_classes() of all. */
void mx_scoreboard_add (MxScoreboard *self, const MxVerdict *verdict);
void mx_scoreboard_set_classes (MxScoreboard *self, size_t n);
