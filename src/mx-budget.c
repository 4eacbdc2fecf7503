/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-budget.h"

#include <math.h>

#define BOUND 6.        /* C, full costs; a window more than that is kept */
#define PROPORTIONAL .1 /* P */
#define INTEGRAL .002   /* I */

/* logit of the float next to 1 is 16.6: certainties of exactly 0 and 1 lie
 * beyond all others, but within reach. */
#define MOST_LOGIT 17.5

void
mx_budget_init (MxBudget *self, double target)
{
  *self = (MxBudget){.target = target};
  mx_budget_begin (self);
}

void
mx_budget_forget_threshold (MxBudget *self)
{
  self->base = 0;
}

void
mx_budget_begin (MxBudget *self)
{
  self->passed = -INFINITY;
  self->stopped = INFINITY;
}

static double
logit (double p)
{
  p = fmin (fmax (p, 0), 1);
  return fmin (fmax (log (p / (1 - p)), -MOST_LOGIT), MOST_LOGIT);
}

/* The account, growing without limit towards its bound. */
static double
pressure (const MxBudget *self)
{
  return self->credit / fmax (1 - fabs (self->credit) / BOUND, .01);
}

static double
offset (const MxBudget *self)
{
  return self->base + PROPORTIONAL * pressure (self);
}

bool
mx_budget_stops (MxBudget *self, double certainty, double threshold)
{
  double needed = logit (certainty) - logit (threshold);

  /* An answer that is no number stops nowhere. */
  if (isnan (certainty))
    return false;
  if (needed >= offset (self)) {
    self->stopped = needed;
    return true;
  }
  self->passed = fmax (self->passed, needed);
  return false;
}

double
mx_budget_threshold (const MxBudget *self, double threshold)
{
  return 1 / (1 + exp (-logit (threshold) - offset (self)));
}

unsigned
mx_budget_deepest (const MxBudget *self, const double *costs, unsigned exits)
{
  unsigned deepest = exits;

  while (deepest > 1 && costs[deepest - 1] > self->credit + self->target)
    deepest--;
  return deepest;
}

/* Only where the threshold could have decided otherwise, and never past it. */
static void
learn (MxBudget *self)
{
  double next = self->base + INTEGRAL * pressure (self);

  if (self->credit > 0 && isfinite (self->stopped))
    self->base = fmax (self->base, fmin (next, self->stopped));
  if (self->credit < 0 && isfinite (self->passed))
    self->base = fmin (self->base, fmax (next, self->passed));
}

void
mx_budget_pay (MxBudget *self, double cost, double most, bool cut)
{
  double earned = fmin (self->target, most) - cost;

  if (cut)
    earned = fmin (earned, 0);
  self->credit = fmin (fmax (self->credit + earned, -BOUND - 1), BOUND + 1);
  learn (self);
}
