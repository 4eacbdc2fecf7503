/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* One live stream through a network: samples in, one answer per window out.
 *
 * Stage k + 1 is computed only if the policy says go on after exit k.  Frames
 * of the front end, and of streamed stages, are computed once, however many
 * windows share them.  A network with streamed stages looks ahead: a window is
 * answered when the look-ahead of the deepest exit behind it was heard too, or,
 * at the end of the recording, silence in its place.
 * All memory is allocated when the session is made; one thread at a time. */
#pragma once

#include "mx-clock.h"
#include "mx-network.h"
#include "mx-observer.h"
#include "mx-policy.h"

/* The answer for one window. */
typedef struct {
  uint64_t start; /* first sample of the window since the last reset */
  size_t length;  /* samples heard of it: the window, less if it was padded */
  unsigned exit;  /* that answered, from 1 */
  unsigned exits;
  size_t label;     /* index of the most probable class */
  float confidence; /* its probability */
  float entropy;    /* nats */
  /* Of the samples since the last answer, about 1 where they are as those of
   * the training; 0: not known (mx-level.h). */
  float level;
  const float *probabilities; /* [labels]; valid until the next call */
  uint64_t macs;              /* executed */
  /* To the last exit, had all windows gone there.  With streamed stages a
   * window that catches up may cost more; all of a stream together never do. */
  uint64_t macs_full;
  /* false: NaN or infinity among the samples, look-ahead included, or values so
   * large that the network overflowed; all labels are then equally probable */
  bool finite;
  /* true: nothing was computed, because the input did not change; the answer is
   * that of the last window that was (exit and limited too), macs is 0 */
  bool skipped;
  /* true: the policy wanted to go on, and time or the set limit stopped it */
  bool limited;
  /* the deepest exit that time and limit left, from 1; estimated, but exit if
   * limited */
  unsigned allowed;

  /* If all exits are computed; else NULL and 0. */
  const float *exit_probabilities; /* [exits][labels]; until the next call */
  const float *exit_temperatures; /* [exits], of these: 1, or calibrated ones */
  const uint64_t *exit_macs;      /* [exits], as macs_full, which is the last */
  uint64_t aside; /* ns spent on exits that the policy did not ask for */
} MxResult;

typedef struct _MxSession MxSession;

/* Takes a reference to the network. */
MxSession *mx_session_new (MxNetwork *network);
void mx_session_free (MxSession *self);

MxNetwork *mx_session_get_network (const MxSession *self);

/* Copied; from the next window on.  The same one again changes nothing; another
 * one begins a new scene, and a new account if its budget is another one. */
void mx_session_set_policy (MxSession *self, const MxPolicy *policy);

/* --- time --- */

/* NULL, and by default: CLOCK_MONOTONIC, as gst_util_get_timestamp(). */
void mx_session_set_clock (MxSession *self, MxClockFunc func, void *user_data);

/* By that clock, when the samples pushed from now on were due: the deadline of
 * the policy counts from then (also if that is still to come).  0: from the
 * push that completes a window. */
void mx_session_set_due (MxSession *self, uint64_t due);

/* No exit deeper than this one answers, from the next window on, because
 * somebody else has no time; 0: no such limit. */
void mx_session_set_limit (MxSession *self, unsigned exit);

/* Since the session was made. */
void mx_session_get_timings (const MxSession *self, MxTimings *timings);

/* The threshold in force at exit 1, which a budget moves. */
float mx_session_get_threshold (const MxSession *self);

/* See mx_stream_set_observer(). */
void mx_session_set_observer (MxSession *self, const MxObserver *observer);

/* --- stream --- */

/* true: every window is computed at every exit, to know what each would have
 * answered.  All of the result but the fields for that is as without it, macs
 * and budget too; only time is not, so neither deadline nor limit holds.
 * Resets. */
void mx_session_set_all_exits (MxSession *self, bool all_exits);

/* Samples from one window to the next; rounded up to the front end's hop;
 * 0: the model's.  Resets. */
void mx_session_set_hop (MxSession *self, size_t hop);
size_t mx_session_get_hop (const MxSession *self);

/* Samples from the end of a window to its answer: the look-ahead of the deepest
 * exit.  0 unless stages are streamed. */
size_t mx_session_get_latency (const MxSession *self);

/* Takes samples [n][channels] up to the next answer, or all.
 * Returns how many were taken; if that completed a window, *answered is true
 * and *result filled.  Call again with the rest. */
size_t mx_session_push (MxSession *self, const float *samples, size_t n,
    MxResult *result, bool *answered);

/* The recording ends.  If it was shorter than a window (and longer than
 * nothing), answers it centred in a window of zeros; else answers the next
 * window that still waits for its look-ahead, silence in its place.  Call again
 * until it returns false: there was nothing left, and it has reset. */
bool mx_session_drain (MxSession *self, MxResult *result);

/* Forgets everything heard: after a discontinuity, a flush, new caps.  The
 * account of the budget, what was learnt of time, due and limit stay. */
void mx_session_reset (MxSession *self);
