/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtimeline.h"

void
gst_mx_timeline_forget (GstMxTimeline *self)
{
  self->anchor = self->astray = GST_CLOCK_TIME_NONE;
  self->anchor_frame = 0;
}

/* No time is later than the last that there is. */
static GstClockTime
later (GstClockTime time, GstClockTime by)
{
  const GstClockTime last = GST_CLOCK_TIME_NONE - 1;

  return by < last - time ? time + by : last;
}

/* Two times may be further apart than a GstClockTimeDiff can say. */
static GstClockTime
apart (GstClockTime a, GstClockTime b)
{
  return MAX (a, b) - MIN (a, b);
}

static GstClockTime
frame_time (const GstMxTimeline *self)
{
  return gst_util_uint64_scale_int_ceil (GST_SECOND, 1, self->rate);
}

/* By count; only if there is an anchor. */
static GstClockTime
time_at (const GstMxTimeline *self, guint64 position)
{
  return later (self->anchor,
      GST_FRAMES_TO_CLOCK_TIME (position - self->anchor_frame, self->rate));
}

/* 0: nobody knows. */
static GstClockTime
distance (const GstMxTimeline *self, guint64 position, GstClockTime timestamp)
{
  if (!GST_CLOCK_TIME_IS_VALID (timestamp) ||
      !GST_CLOCK_TIME_IS_VALID (self->anchor))
    return 0;
  return apart (time_at (self, position), timestamp);
}

static gboolean
is_step (const GstMxTimeline *self, guint64 position, GstClockTime timestamp)
{
  GstClockTime off = distance (self, position, timestamp);

  return off > self->alignment.threshold && off > frame_time (self);
}

gboolean
gst_mx_timeline_is_interrupted (
    const GstMxTimeline *self, guint64 position, GstClockTime timestamp)
{
  if (!is_step (self, position, timestamp))
    return FALSE;
  return self->alignment.wait == 0 ||
         (GST_CLOCK_TIME_IS_VALID (self->astray) &&
             apart (timestamp, self->astray) >= self->alignment.wait);
}

void
gst_mx_timeline_follow (
    GstMxTimeline *self, guint64 position, GstClockTime timestamp)
{
  if (!GST_CLOCK_TIME_IS_VALID (timestamp))
    return;
  if (is_step (self, position, timestamp)) {
    if (!GST_CLOCK_TIME_IS_VALID (self->astray))
      self->astray = timestamp;
    return;
  }
  self->astray = GST_CLOCK_TIME_NONE;
  if (GST_CLOCK_TIME_IS_VALID (self->anchor) &&
      distance (self, position, timestamp) <= frame_time (self))
    return;
  self->anchor = timestamp;
  self->anchor_frame = position;
}

guint64
gst_mx_timeline_get_gap (const GstMxTimeline *self, guint64 position,
    GstClockTime timestamp, GstClockTime duration)
{
  guint64 frames = position - self->anchor_frame, due = 0;
  GstClockTime end;

  if (is_step (self, position, timestamp))
    timestamp = time_at (self, position);
  end = later (timestamp, duration);
  if (end > self->anchor)
    due = gst_util_uint64_scale_round (
        end - self->anchor, self->rate, GST_SECOND);
  return due > frames ? due - frames : 0;
}

/* Before the first timestamp a recording may have been longer than all time. */
GstClockTime
gst_mx_timeline_get_time (const GstMxTimeline *self, GstClockTime since)
{
  GstClockTime anchor_since =
      GST_FRAMES_TO_CLOCK_TIME (self->anchor_frame, self->rate);

  if (!GST_CLOCK_TIME_IS_VALID (self->anchor) ||
      !GST_CLOCK_TIME_IS_VALID (since))
    return GST_CLOCK_TIME_NONE;
  if (since >= anchor_since)
    return later (self->anchor, since - anchor_since);
  return self->anchor > anchor_since - since
             ? self->anchor - (anchor_since - since)
             : 0;
}
