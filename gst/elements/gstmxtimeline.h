/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* When the frames of a recording were, by counting them from the timestamps
 * that came with some.
 *
 * A timestamp up to a frame from the count is rounding: the count is right.
 * Further away, up to the threshold, it is followed and so corrects the count;
 * this is where it differs from GstAudioStreamAlign, in which drift adds up
 * until it is a step.  Beyond, it is a step, and believed only if timestamps
 * still are there when `wait` has passed by them: what was late comes back,
 * what was lost stays away.  Until then they say nothing, and the count goes
 * on.
 *
 * Positions are frames since the beginning of the recording. */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

typedef struct {
  GstClockTime threshold; /* GST_CLOCK_TIME_NONE: nothing is a step */
  GstClockTime wait;      /* 0: a step is believed at once */
} GstMxAlignment;

typedef struct {
  guint rate;
  GstMxAlignment alignment;
  GstClockTime anchor;  /* PTS of a frame, NONE: there was no timestamp */
  guint64 anchor_frame; /* its position */
  GstClockTime astray;  /* PTS of the first behind a step, NONE: no step */
} GstMxTimeline;

/* Another recording begins; the rate and the alignment stay. */
void gst_mx_timeline_forget (GstMxTimeline *self);

/* TRUE: the timestamp is behind a step, and believed: what it belongs to is
 * none of this recording.  @timestamp may be GST_CLOCK_TIME_NONE. */
gboolean gst_mx_timeline_is_interrupted (
    const GstMxTimeline *self, guint64 position, GstClockTime timestamp);

/* The frame at the position, which comes next, has the timestamp. */
void gst_mx_timeline_follow (
    GstMxTimeline *self, guint64 position, GstClockTime timestamp);

/* After _follow(): frames from the position to the end of a gap that begins at
 * the timestamp, or was believed to.  Counted from the anchor, so that rounding
 * does not add up over many gaps. */
guint64 gst_mx_timeline_get_gap (const GstMxTimeline *self, guint64 position,
    GstClockTime timestamp, GstClockTime duration);

/* @since: the beginning of the recording.  GST_CLOCK_TIME_NONE: nobody
 * knows. */
GstClockTime gst_mx_timeline_get_time (
    const GstMxTimeline *self, GstClockTime since);

G_END_DECLS
