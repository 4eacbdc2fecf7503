/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How long the stages will take, from how long they took; and how deep one
 * gets in a given time.  Times are given in ns: pure arithmetic, no clock.
 *
 *   time of stage k = weight[k] * pace
 *
 * pace is what the machine has of load, clock rate and noise; every stage that
 * runs measures it, so deeper ones that are not run recover with the others
 * when the load goes.  It is the third slowest of the last eight windows: one
 * or two that were interrupted do not count, three slow ones do, and six fast
 * ones undo them.
 *
 * weight[k] is what stage k takes relative to the first.  It begins as its
 * multiply-accumulates and follows the median of what is measured, in small
 * steps, whatever their size: a cold cache or an interruption moves it no
 * further than anything else. */
#pragma once

#include "mx-policy.h"

#define MX_DEADLINE_WINDOWS 8

typedef struct {
  unsigned stages;
  double weight[MX_MAX_EXITS];
  double expected[MX_MAX_EXITS]; /* see mx_deadline_expect() */
  unsigned runs[MX_MAX_EXITS];   /* while it takes large steps */

  double paces[MX_DEADLINE_WINDOWS]; /* of the last windows, a ring */
  unsigned n_paces, next;
  double pace; /* of the past, 0: nothing known */

  /* Of the present window. */
  double time, work;
  unsigned stage; /* to run next, from 0 */

  unsigned allowed; /* at the last window */
} MxDeadline;

/* @macs: [stages], of each. */
void mx_deadline_init (MxDeadline *self, const uint64_t *macs, unsigned stages);

/* A window begins.  Returns the deepest exit, from 1, that is reached in
 * `available` ns (any sign); the first exit always is.  To get deeper than the
 * window before, there must be a quarter more time than it takes: so a machine
 * at the edge does not change its mind with each window. */
unsigned mx_deadline_begin (MxDeadline *self, int64_t available);

/* How many times its usual work each stage has to do in the window that begins
 * next: [stages], at least 1.  Until it is told otherwise, 1. */
void mx_deadline_expect (MxDeadline *self, const double *work);

/* The next stage of the present window took so long. */
void mx_deadline_note (MxDeadline *self, uint64_t ns);

/* Whether the next stage will be done in `available` ns, from now. */
bool mx_deadline_has_time (const MxDeadline *self, int64_t available);

/* How often the usual work of the next stage will be done in that time, a
 * margin left. */
double mx_deadline_fits (const MxDeadline *self, int64_t available);

/* The present window leaves. */
void mx_deadline_end (MxDeadline *self);
