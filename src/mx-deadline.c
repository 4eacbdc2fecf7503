/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-deadline.h"

#include <string.h>

#define SLOWEST 2   /* rank from above, of the paces that count */
#define MARGIN 1.25 /* more time than needed, to get deeper */

/* Steps of the weights: from the first run to the lasting one. */
#define FIRST_STEP .4
#define STEP .02

void
mx_deadline_init (MxDeadline *self, const uint64_t *macs, unsigned stages)
{
  memset (self, 0, sizeof *self);
  self->stages = stages;
  self->allowed = stages;
  for (unsigned k = 0; k < stages; k++) {
    self->weight[k] = macs[k] > 0 ? macs[k] : 1;
    self->expected[k] = 1;
  }
}

void
mx_deadline_expect (MxDeadline *self, const double *work)
{
  memcpy (self->expected, work, self->stages * sizeof *work);
}

static double
work_of (const MxDeadline *self, unsigned stage)
{
  return self->weight[stage] * self->expected[stage];
}

/* Deepest exit whose stages, each so much slower, end in time. */
static unsigned
reach (const MxDeadline *self, double available, double slower)
{
  double time = work_of (self, 0) * self->pace * slower;
  unsigned exit = 1;

  while (exit < self->stages) {
    time += work_of (self, exit) * self->pace * slower;
    if (time > available)
      break;
    exit++;
  }
  return exit;
}

unsigned
mx_deadline_begin (MxDeadline *self, int64_t available)
{
  unsigned exit = reach (self, (double)available, 1);

  if (exit > self->allowed) {
    unsigned surely = reach (self, (double)available, MARGIN);

    exit = surely > self->allowed ? surely : self->allowed;
  }
  self->allowed = exit;
  self->time = self->work = 0;
  self->stage = 0;
  return exit;
}

/* Towards the median of time / pace; the pace is that of the stages before, in
 * the same window. */
static void
weigh (MxDeadline *self, double time)
{
  unsigned k = self->stage;
  double step = FIRST_STEP / ++self->runs[k];

  if (step < STEP) {
    step = STEP;
    self->runs[k]--;
  }
  if (time * self->work > work_of (self, k) * self->time)
    self->weight[k] *= 1 + step;
  else
    self->weight[k] /= 1 + step;
}

void
mx_deadline_note (MxDeadline *self, uint64_t ns)
{
  /* Else the clock stood still, or stepped back. */
  if (ns > 0) {
    if (self->time > 0)
      weigh (self, (double)ns);
    self->time += (double)ns;
    self->work += work_of (self, self->stage);
  }
  self->stage++;
}

/* Load that has just come shows in this window first. */
static double
present_pace (const MxDeadline *self)
{
  if (self->work > 0 && self->time > self->pace * self->work)
    return self->time / self->work;
  return self->pace;
}

bool
mx_deadline_has_time (const MxDeadline *self, int64_t available)
{
  return work_of (self, self->stage) * present_pace (self) <= (double)available;
}

double
mx_deadline_fits (const MxDeadline *self, int64_t available)
{
  double usual = self->weight[self->stage] * present_pace (self) * MARGIN;

  return usual > 0 && available > 0 ? (double)available / usual : 0;
}

/* By insertion: there are eight. */
static double
third_slowest (const double *paces, unsigned n)
{
  double slowest[SLOWEST + 1] = {0};

  for (unsigned i = 0; i < n; i++) {
    double pace = paces[i];

    for (unsigned r = 0; r <= SLOWEST; r++) {
      if (pace > slowest[r]) {
        double faster = slowest[r];

        slowest[r] = pace;
        pace = faster;
      }
    }
  }
  /* Of few, the fastest. */
  return slowest[n > SLOWEST ? SLOWEST : n - 1];
}

void
mx_deadline_end (MxDeadline *self)
{
  if (self->work <= 0)
    return;
  self->paces[self->next] = self->time / self->work;
  self->next = (self->next + 1) % MX_DEADLINE_WINDOWS;
  if (self->n_paces < MX_DEADLINE_WINDOWS)
    self->n_paces++;
  self->pace = third_slowest (self->paces, self->n_paces);
}
