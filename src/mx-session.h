/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* One live stream through a network: samples in, one answer per window out.
 *
 * Stage k + 1 is computed only if the policy says go on after exit k.  Frames
 * of the front end are computed once, however many windows share them.
 * All memory is allocated when the session is made; one thread at a time. */
#pragma once

#include "mx-clock.h"
#include "mx-network.h"
#include "mx-policy.h"

/* The answer for one window. */
typedef struct {
  uint64_t start; /* first sample of the window since the last reset */
  size_t length;  /* samples heard of it: the window, less if it was padded */
  unsigned exit;  /* that answered, from 1 */
  unsigned exits;
  size_t label;               /* index of the most probable class */
  float confidence;           /* its probability */
  float entropy;              /* nats */
  const float *probabilities; /* [labels]; valid until the next call */
  uint64_t macs;              /* executed */
  uint64_t macs_full;         /* to the last exit */
  /* false: NaN or infinity among the samples, or values so large that the
   * network overflowed; all labels are then equally probable */
  bool finite;
  /* true: nothing was computed, because the input did not change; the answer is
   * that of the last window that was (exit too), macs is 0 */
  bool skipped;
  /* true: time ran out before the policy was content */
  bool limited;
  unsigned allowed; /* deepest exit there was time for, from 1 */
} MxResult;

typedef struct _MxSession MxSession;

/* Takes a reference to the network. */
MxSession *mx_session_new (MxNetwork *network);
void mx_session_free (MxSession *self);

MxNetwork *mx_session_get_network (const MxSession *self);

/* Copied; from the next window on. */
void mx_session_set_policy (MxSession *self, const MxPolicy *policy);

/* --- time --- */

/* By default ns of CLOCK_MONOTONIC, as gst_util_get_timestamp(). */
void mx_session_set_clock (MxSession *self, MxClockFunc func, void *user_data);

/* By that clock, when the samples pushed from now on were due: the deadline of
 * the policy counts from then.  0: from the moment a window is complete. */
void mx_session_set_due (MxSession *self, uint64_t due);

/* No exit deeper than this one answers, from the next window on, because
 * somebody else has no time; 0: no such limit. */
void mx_session_set_limit (MxSession *self, unsigned exit);

/* Since the session was made. */
void mx_session_get_timings (const MxSession *self, MxTimings *timings);

/* The threshold in force at exit 1, which a budget moves. */
float mx_session_get_threshold (const MxSession *self);

/* --- stream --- */

/* Samples from one window to the next; rounded up to the front end's hop;
 * 0: the model's.  Resets. */
void mx_session_set_hop (MxSession *self, size_t hop);
size_t mx_session_get_hop (const MxSession *self);

/* Takes samples [n][channels] up to the end of the next window, or all.
 * Returns how many were taken; if that completed a window, *answered is true
 * and *result filled.  Call again with the rest. */
size_t mx_session_push (MxSession *self, const float *samples, size_t n,
    MxResult *result, bool *answered);

/* The recording ends: if it was shorter than a window (and longer than
 * nothing), answers it centred in a window of zeros.  Then resets. */
bool mx_session_drain (MxSession *self, MxResult *result);

/* Forgets everything heard: after a discontinuity, a flush, new caps. */
void mx_session_reset (MxSession *self);
