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
mx_budget_begin_threshold (MxBudget *self, double offset)
{
  self->base = offset;
}

void
mx_budget_begin (MxBudget *self)
{
  self->passed = self->stopped = false;
}

double
mx_budget_logit (double p)
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
  double needed = mx_budget_logit (certainty) - mx_budget_logit (threshold);

  /* An answer that is no number stops nowhere. */
  if (isnan (certainty))
    return false;
  self->stopped = needed >= offset (self);
  self->passed = self->passed || !self->stopped;
  return self->stopped;
}

double
mx_budget_threshold (const MxBudget *self, double threshold)
{
  return 1 / (1 + exp (-mx_budget_logit (threshold) - offset (self)));
}

unsigned
mx_budget_deepest (const MxBudget *self, const double *costs, unsigned exits)
{
  unsigned deepest = exits;

  while (deepest > 1 && costs[deepest - 1] > self->credit + self->target)
    deepest--;
  return deepest;
}

/* Only where another threshold would have decided otherwise.  That certainty
 * lies beyond the offset, and this step ends before it, as I < P. */
static void
learn (MxBudget *self)
{
  if (self->credit > 0 ? self->stopped : self->passed)
    self->base += INTEGRAL * pressure (self);
}

void
mx_budget_pay (MxBudget *self, double cost, double most)
{
  double credit = self->credit + fmin (self->target, most) - cost;

  self->credit = fmin (fmax (credit, -BOUND - 1), BOUND + 1);
  learn (self);
}
