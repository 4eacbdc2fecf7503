/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* One stream of buffers through a model: converter and session, and when the
 * present recording was made.
 *
 * A recording is what is heard from one _finish() or _forget() to the next.
 * Times are counted in samples, see GstMxTimeline.
 * One thread at a time; nothing is allocated while it listens. */
#pragma once

#include "gstmxanswer.h"
#include "gstmxtimeline.h"

#include "mx-quantiser.h"

#include <gst/audio/audio.h>

G_BEGIN_DECLS

typedef struct _GstMxListener GstMxListener;

/* @description: of the model that answers. */
typedef void (*GstMxListenerFunc) (const MxDescription *description,
    const MxResult *result, const GstMxTimes *times, gpointer user_data);

/* Takes a reference to the network.  @hop: see mx_session_set_hop().
 * @pad: borrowed; while it flushes nothing is answered, and the recording is
 * to be forgotten. */
GstMxListener *gst_mx_listener_new (MxNetwork *network, gsize hop, GstPad *pad,
    GstMxListenerFunc func, gpointer user_data);
void gst_mx_listener_free (GstMxListener *self);

/* See mx_session_set_all_exits(); before anything is heard. */
void gst_mx_listener_set_all_exits (GstMxListener *self, gboolean all_exits);

/* The quantiser watches what is heard from now on; it must outlive this. */
void gst_mx_listener_set_quantiser (
    GstMxListener *self, MxQuantiser *quantiser);

/* For what is heard and asked from now on; at first all zero. */
void gst_mx_listener_set_alignment (
    GstMxListener *self, const GstMxAlignment *alignment);

void gst_mx_listener_set_policy (GstMxListener *self, const MxPolicy *policy);

/* For what is heard from now on, see mx_session_set_due() and _set_limit(). */
void gst_mx_listener_set_time (GstMxListener *self, guint64 due, guint limit);

/* What answers; valid as long as the listener. */
const MxSession *gst_mx_listener_get_session (const GstMxListener *self);

/* What the buffers hold from now on; forgets the recording.  FALSE: the model
 * cannot listen to that, nor to any buffer until the next call. */
gboolean gst_mx_listener_set_info (
    GstMxListener *self, const GstAudioInfo *info, GError **error);

/* The recording goes on with `self`, which is ready for the same buffers and
 * has heard none: takes the predecessor.  The predecessor answers the windows
 * of its own that began before now, and nobody else hears what is behind them
 * up to where its next one would begin; `self` hears the rest from there, so
 * that each window is one model's.  At most one predecessor at a time, and
 * until it has answered its last window. */
void gst_mx_listener_succeed (GstMxListener *self, GstMxListener *predecessor);
gboolean gst_mx_listener_is_taking_over (const GstMxListener *self);

/* PTS of its first sample in the recording; GST_CLOCK_TIME_NONE: unknown. */
GstClockTime gst_mx_listener_get_start (const GstMxListener *self);

/* See gst_mx_converter_doubt(); only if it is ready. */
gchar *gst_mx_listener_doubt (const GstMxListener *self);

/* TRUE if there are windows to hear, so _hear() may be called. */
gboolean gst_mx_listener_is_ready (const GstMxListener *self);

/* TRUE: by its timestamp the buffer does not go on where the recording is, by
 * more than the alignment allows: it begins another. */
gboolean gst_mx_listener_is_interrupted (
    const GstMxListener *self, GstBuffer *buffer);

/* FALSE: the buffer does not hold what was said. */
gboolean gst_mx_listener_hear (GstMxListener *self, GstBuffer *buffer);

/* TRUE: the gap is longer than a window, of unknown duration or, by its
 * timestamp, elsewhere: it ends the recording. */
gboolean gst_mx_listener_is_interrupted_by_gap (
    const GstMxListener *self, GstEvent *gap);

/* Silence within a recording; no recording begins with it. */
void gst_mx_listener_hear_gap (GstMxListener *self, GstEvent *gap);

/* TRUE: _finish() might still answer. */
gboolean gst_mx_listener_owes_answer (const GstMxListener *self);

/* The recording is over.  One shorter than a window is answered, unless it is
 * shorter than a step of the front end. */
void gst_mx_listener_finish (GstMxListener *self);
/* It never happened. */
void gst_mx_listener_forget (GstMxListener *self);

G_END_DECLS
