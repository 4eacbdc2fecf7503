/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A network on one live stream: samples in, the logits of one window after the
 * other out, stage by stage: what is not asked for is not computed.
 *
 * Streamed stages compute each frame once, on the grid of mx-grid.h, whatever
 * windows share it; what is behind the exits, and the windowed stages, are
 * computed for each window.  With no streamed stage the stream shares the
 * frames of the front end alone.
 *
 * A streamed stage that was not asked for catches up when it is: it computes
 * the frames it missed that the window, or a later one, can still depend on,
 * and no others.  So memory is bounded, and the answers are those of a stream
 * that computed everything.
 *
 * Times are counted in frames of the front end from the last reset; window k
 * begins at frame k hop.  All memory is allocated when it is made; one thread
 * at a time. */
#pragma once

#include "mx-network.h"
#include "mx-observer.h"
#include "mx-tensor.h"

typedef struct _MxStream MxStream;

/* @network must outlive it.  The hop is the description's. */
MxStream *mx_stream_new (const MxNetwork *network);
void mx_stream_free (MxStream *self);

/* Forgets everything heard: frame 0 and window 0 come next. */
void mx_stream_reset (MxStream *self);

/* @hop: frames from window to window, at least 1.  Resets. */
void mx_stream_set_hop (MxStream *self, size_t hop);

/* Samples [n][channels].  At most those that give the present window and the
 * program's look-ahead behind it may be heard before mx_stream_next(), and less
 * than one frame's step more. */
void mx_stream_hear (MxStream *self, const float *samples, size_t n);

/* --- the present window, when all that was heard --- */

void mx_stream_begin (MxStream *self);

/* The network's input [n floats], look-ahead included: valid until the next
 * window is heard. */
const float *mx_stream_get_input (const MxStream *self);
size_t mx_stream_get_input_size (const MxStream *self);

/* MACs that leaving at `exit` (from 1) costs now: catching up included. */
uint64_t mx_stream_get_macs_to (const MxStream *self, size_t exit);
/* MACs executed for the window so far. */
uint64_t mx_stream_get_macs (const MxStream *self);
/* MACs to the last exit, had every window before gone there. */
uint64_t mx_stream_get_macs_full (const MxStream *self);
/* The same for each exit [exits]: had every window before gone there; the last
 * is macs_full. */
const uint64_t *mx_stream_get_exit_macs (const MxStream *self);
/* MACs to `exit` in the mean, if every window goes there. */
uint64_t mx_stream_get_macs_per_hop (const MxStream *self, size_t exit);

/* Runs a stage (from 0, each at most once and in order).  Returns its logits
 * [classes], valid until the next window. */
const float *mx_stream_run_stage (MxStream *self, size_t stage);

/* The same for somebody who is curious: this and all later windows cost what
 * they would without it. */
const float *mx_stream_run_aside (MxStream *self, size_t stage);

/* Instead of running the next stage, which must be streamed: lets it come
 * nearer by up to so many hops, for the windows to come. */
void mx_stream_catch_up (MxStream *self, size_t stage, size_t hops);

/* Copied; what its user_data is must outlive the stream, or another one be set.
 */
void mx_stream_set_observer (MxStream *self, const MxObserver *observer);

/* The next window becomes the present one. */
void mx_stream_next (MxStream *self);
