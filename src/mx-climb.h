/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A window's way through the stages: run one, ask whether its exit will do.
 *
 *   mx-change    nothing is run if the input did not change
 *   mx-policy    an exit will do if the policy says so, by probabilities and
 *                thresholds of the network's calibration if it has one,
 *   mx-budget      with thresholds or a depth that the budget moves,
 *   mx-scene     or if it sufficed for the windows before
 *   mx-deadline  and there is no further stage without time for it
 *
 * The deadline decides each window, even against min-exit, and the budget the
 * mean of those it leaves free.  Skipped and shortened windows count in the
 * budget with what they really cost.  What finding out costs (differences,
 * clocks, decisions) is counted nowhere: it is small beside any stage.
 *
 * Costs are fractions of a window's at the last exit, in a stream all of whose
 * windows go there; with streamed stages, of a hop's.  The budget asks what an
 * exit costs in the mean and pays what was executed: a window for which
 * streamed stages catch up may cost several full ones, and pays one; the rest
 * is paid with the windows that follow.  The deadline expects such a stage to
 * take as much longer as it has more to do; where it does not fit, it comes
 * nearer in the time that is left, so that after an overload it fits again.
 *
 * All memory is allocated when it is made; one thread at a time. */
#pragma once

#include "mx-clock.h"
#include "mx-network.h"
#include "mx-stream.h"

typedef struct _MxClimb MxClimb;

/* What became of a window; as in MxResult. */
typedef struct {
  unsigned exit, allowed;
  bool finite, skipped, limited;
  uint64_t aside; /* ns spent on exits that were not asked */
} MxOutcome;

/* All borrowed; times go to @timings. */
MxClimb *mx_climb_new (const MxNetwork *network, MxStream *stream,
    MxWatch *watch, MxTimings *timings);
void mx_climb_free (MxClimb *self);

/* Copied.  If it is another one, difference and scene are forgotten; if the
 * budget is another one, the account too. */
void mx_climb_set_policy (MxClimb *self, const MxPolicy *policy);

/* The next window is not the neighbour of the last.  The account stays: the
 * budget is that of all recordings. */
void mx_climb_reset (MxClimb *self);

/* The stream has another hop: stages cost something else. */
void mx_climb_set_hop (MxClimb *self);

/* From now on every window is computed at every exit; that is not paid, nor
 * known to the policy, and neither deadline nor limit holds. */
void mx_climb_set_all_exits (MxClimb *self, bool all_exits);

/* The present window of the stream.  @clean: no sample of it was NaN or
 * infinite; @due: by the clock, the deadline counts from then; @limit: the
 * deepest exit somebody else allows, 0: any. */
MxOutcome mx_climb_run (
    MxClimb *self, bool clean, uint64_t due, unsigned limit);

/* [classes], of the last window; valid until the next. */
const float *mx_climb_get_probabilities (const MxClimb *self);

/* [exits][classes], likewise; NULL unless all are computed. */
const float *mx_climb_get_exit_probabilities (const MxClimb *self);

/* [exits], by which these are made; 1 where nothing is calibrated. */
const float *mx_climb_get_temperatures (const MxClimb *self);

/* In force at exit 1. */
float mx_climb_get_threshold (const MxClimb *self);
