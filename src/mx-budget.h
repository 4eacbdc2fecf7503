/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Holds the mean cost of a stream at a budget.  Costs are fractions of what the
 * whole network costs.  Pure arithmetic, no clock.
 *
 * The account: each window earns the budget and pays what it cost,
 *
 *   credit += min (budget, cost of the deepest exit it might have taken) - cost
 *
 * so the mean of n windows misses the budget by credit / n.  What no exit could
 * have spent is not saved up: a budget above reach, or an overload, leaves the
 * account as it is.
 * The account is bounded, |credit| <= C + 1, C = 6 full costs: what was skipped
 * for hours is not spent for minutes, nor owed.
 *
 * The threshold: all exits' thresholds move together, by one offset on the
 * logit scale (so they stay in (0, 1), and what was calibrated between them
 * keeps its ratio of odds): an exit stops at a certainty v if
 *
 *   logit v >= logit threshold + offset
 *   offset = base + P pressure
 *   base  += I pressure
 *   pressure = credit / (1 - |credit| / C)
 *
 * P = 0.1 logit for each full cost: what the threshold moves for the noise of
 * single windows; small, because a threshold that moves answers some easy
 * windows deep and some hard ones early.  Towards the bound the pressure grows
 * without limit: from C on every window leaves as early, or as deep, as it may.
 * So the account does not meet its bound while any exit can prevent it, and the
 * mean of n windows of whatever stream is within (C + 1) / n of the budget.
 * I = 0.002 logit for each full cost and window: how fast the threshold learns
 * what a new kind of stream needs, so that the account returns to 0.  base
 * moves only where the threshold decided and never past the certainty that was
 * to be decided differently; hence it does not wind up, and where many
 * certainties are equal (all exactly 1, say) it rests on them and the sign of
 * the account decides, window by window.
 *
 * Without a threshold (patience, last) the account caps the depth:
 * mx_budget_deepest(). */
#pragma once

#include <stdbool.h>

typedef struct {
  double target;        /* mean cost; 0: off */
  double credit;        /* full costs saved; negative: owed */
  double base;          /* the lasting part of the offset, logits */
  bool passed, stopped; /* an exit of the present window, by its threshold */
} MxBudget;

/* Opens a new account. */
void mx_budget_init (MxBudget *self, double target);

/* Keeps the account: certainties are now of another kind.  @offset: where the
 * search for the threshold begins, logits; 0, unless better is known. */
void mx_budget_begin_threshold (MxBudget *self, double offset);

/* Before the first exit of each window. */
void mx_budget_begin (MxBudget *self);

/* Whether an exit with a threshold, both 0..1, answers. */
bool mx_budget_stops (MxBudget *self, double certainty, double threshold);

/* log (p / (1 - p)), as it is used here: of p outside 0..1 that of the nearer
 * end, which is finite. */
double mx_budget_logit (double p);

/* @threshold where the account has moved it, 0..1. */
double mx_budget_threshold (const MxBudget *self, double threshold);

/* The deepest exit, from 1, whose cost the account can pay; 1 if none.
 * @costs: [exits], rising. */
unsigned mx_budget_deepest (
    const MxBudget *self, const double *costs, unsigned exits);

/* After each window.  @most: cost of the deepest exit it might have taken; if
 * it was cut short, that is where it was. */
void mx_budget_pay (MxBudget *self, double cost, double most);
