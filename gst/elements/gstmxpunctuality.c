/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxpunctuality.h"

#define FULL_QUALITY 1000000

/* Under the element's object lock. */
static void
forget_sinks (GstMxPunctuality *self)
{
  self->earliest = GST_CLOCK_TIME_NONE;
  self->behind = 0;
  self->proportion = 1;
}

void
gst_mx_punctuality_init (GstMxPunctuality *self, GstBaseTransform *element)
{
  *self = (GstMxPunctuality){.element = element};
  gst_mx_punctuality_start (self);
}

void
gst_mx_punctuality_start (GstMxPunctuality *self)
{
  GST_OBJECT_LOCK (self->element);
  self->unasked = TRUE;
  self->told_latency = FALSE;
  self->configured = 0;
  forget_sinks (self);
  GST_OBJECT_UNLOCK (self->element);
  self->live = self->measured = self->hurried = FALSE;
  self->lateness = self->jitter = 0;
  self->duration = 0;
  self->processed = 0;
  self->quality = FULL_QUALITY;
}

void
gst_mx_punctuality_set (
    GstMxPunctuality *self, const GstMxClassifySettings *settings)
{
  self->min_exit = settings->min_exit;
  self->max_exit = settings->max_exit;
  self->deadline = settings->deadline;
  self->qos = settings->qos;
}

/* --- events --- */

/* What a sink says replaces what it said before: in time again, it says so. */
static void
hear_sink (GstMxPunctuality *self, GstEvent *event)
{
  GstClockTimeDiff jitter;
  GstClockTime timestamp;
  gdouble proportion;
  GstQOSType type;

  gst_event_parse_qos (event, &type, &proportion, &jitter, &timestamp);
  /* A throttled sink wants less, but is not late. */
  if (type == GST_QOS_TYPE_THROTTLE || !GST_CLOCK_TIME_IS_VALID (timestamp))
    return;
  GST_OBJECT_LOCK (self->element);
  forget_sinks (self);
  self->proportion = proportion;
  /* Now, as the sink sees it, is timestamp + jitter; as much again, so that
   * what is answered meanwhile has a chance to be in time. */
  if (jitter > 0) {
    self->behind = jitter;
    self->earliest = timestamp + 2 * MIN (jitter, G_MAXINT64 / 4);
  }
  GST_OBJECT_UNLOCK (self->element);
}

void
gst_mx_punctuality_see (GstMxPunctuality *self, GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_QOS:
    hear_sink (self, event);
    break;
  case GST_EVENT_FLUSH_STOP:
    GST_OBJECT_LOCK (self->element);
    forget_sinks (self);
    GST_OBJECT_UNLOCK (self->element);
    break;
  case GST_EVENT_LATENCY:
    GST_OBJECT_LOCK (self->element);
    gst_event_parse_latency (event, &self->configured);
    self->told_latency = TRUE;
    self->unasked = TRUE;
    GST_OBJECT_UNLOCK (self->element);
    break;
  case GST_EVENT_CAPS:
  case GST_EVENT_SEGMENT:
    GST_OBJECT_LOCK (self->element);
    self->unasked = TRUE;
    GST_OBJECT_UNLOCK (self->element);
    break;
  default:
    break;
  }
}

/* --- buffers --- */

static GstClockTime
running_time_of (const GstMxPunctuality *self, GstClockTime time)
{
  const GstSegment *segment = &self->element->segment;

  if (segment->format != GST_FORMAT_TIME)
    return GST_CLOCK_TIME_NONE;
  return gst_segment_to_running_time (segment, GST_FORMAT_TIME, time);
}

/* The pipeline tells its latency when it begins to play: an element that was
 * added later does not know how long a sink may hold up the thread. */
static void
ask_pipeline (GstMxPunctuality *self)
{
  gboolean told;

  GST_OBJECT_LOCK (self->element);
  told = self->told_latency;
  self->told_latency = TRUE;
  GST_OBJECT_UNLOCK (self->element);
  if (!told)
    gst_element_post_message (GST_ELEMENT (self->element),
        gst_message_new_latency (GST_OBJECT (self->element)));
}

static void
ask_upstream (GstMxPunctuality *self)
{
  GstQuery *query;
  gboolean unasked;

  GST_OBJECT_LOCK (self->element);
  unasked = self->unasked;
  self->unasked = FALSE;
  GST_OBJECT_UNLOCK (self->element);
  if (!unasked)
    return;
  query = gst_query_new_latency ();
  self->live = gst_pad_peer_query (self->element->sinkpad, query);
  if (self->live)
    gst_query_parse_latency (query, &self->live, &self->latency, NULL);
  gst_query_unref (query);
}

/* Of what comes now, behind its running time. */
static GstClockTime
least_delay (GstMxPunctuality *self)
{
  GstClockTime held;

  GST_OBJECT_LOCK (self->element);
  held = self->configured;
  GST_OBJECT_UNLOCK (self->element);
  held = held > self->duration ? held - self->duration : 0;
  return MAX (self->latency, held);
}

/* FALSE: nobody knows when it was due. */
static gboolean
measure_lateness (GstMxPunctuality *self, GstClockTime running_time)
{
  GstElement *element = GST_ELEMENT (self->element);
  GstClockTimeDiff late;
  GstClockTime due;
  GstClock *clock;

  if (!self->live || !GST_CLOCK_TIME_IS_VALID (running_time))
    return FALSE;
  clock = gst_element_get_clock (element);
  if (clock == NULL)
    return FALSE;
  due = gst_element_get_base_time (element) + running_time + least_delay (self);
  late = GST_CLOCK_DIFF (due, gst_clock_get_time (clock));
  gst_object_unref (clock);
  /* Some live sources send before the last sample would have been heard. */
  self->lateness = MAX (late, 0);
  return TRUE;
}

static void
look_at_sinks (GstMxPunctuality *self, GstClockTime running_time)
{
  GST_OBJECT_LOCK (self->element);
  self->hurried = GST_CLOCK_TIME_IS_VALID (running_time) &&
                  GST_CLOCK_TIME_IS_VALID (self->earliest) &&
                  running_time < self->earliest;
  self->jitter = self->hurried ? self->behind : 0;
  GST_OBJECT_UNLOCK (self->element);
}

void
gst_mx_punctuality_measure (
    GstMxPunctuality *self, GstBuffer *buffer, const GstAudioInfo *info)
{
  guint64 frames = gst_buffer_get_size (buffer) / GST_AUDIO_INFO_BPF (info);
  GstClockTime running_time = running_time_of (self, GST_BUFFER_PTS (buffer));

  self->processed += frames;
  self->measured = self->hurried = FALSE;
  self->lateness = self->jitter = 0;
  if (self->deadline > 0 || self->qos)
    ask_upstream (self);
  if (self->deadline > 0 && self->live)
    ask_pipeline (self);
  if (self->deadline > 0)
    self->measured = measure_lateness (self, running_time);
  if (self->qos)
    look_at_sinks (self, running_time);
  self->duration =
      GST_FRAMES_TO_CLOCK_TIME (frames, GST_AUDIO_INFO_RATE (info));
}

guint64
gst_mx_punctuality_get_due (const GstMxPunctuality *self)
{
  GstClockTime now;

  if (!self->measured)
    return 0;
  now = gst_util_get_timestamp ();
  /* 0 would mean that it is not known. */
  return now > (guint64)self->lateness ? now - self->lateness : 1;
}

/* Of those that the settings allow. */
static guint
deepest_exit (const GstMxPunctuality *self, guint n_exits)
{
  return self->max_exit > 0 ? MIN (self->max_exit, n_exits) : n_exits;
}

guint
gst_mx_punctuality_get_limit (const GstMxPunctuality *self)
{
  return self->hurried ? deepest_exit (self, MAX (self->min_exit, 1)) : 0;
}

/* --- messages --- */

static void
post (GstMxPunctuality *self, GstClockTime timestamp, GstClockTime duration)
{
  GstBaseTransform *element = self->element;
  GstClockTime stream_time = GST_CLOCK_TIME_NONE;
  GstMessage *message;
  gdouble proportion;

  if (element->segment.format == GST_FORMAT_TIME)
    stream_time = gst_segment_to_stream_time (
        &element->segment, GST_FORMAT_TIME, timestamp);
  GST_OBJECT_LOCK (element);
  proportion = self->proportion;
  GST_OBJECT_UNLOCK (element);
  message = gst_message_new_qos (GST_OBJECT (element), self->live,
      running_time_of (self, timestamp), stream_time, timestamp, duration);
  gst_message_set_qos_values (
      message, MAX (self->lateness, self->jitter), proportion, self->quality);
  gst_message_set_qos_stats (message, GST_FORMAT_DEFAULT, self->processed, 0);
  gst_element_post_message (GST_ELEMENT (element), message);
}

void
gst_mx_punctuality_tell (GstMxPunctuality *self, const MxResult *result,
    const MxDescription *description, const GstMxTimes *times)
{
  guint deepest = deepest_exit (self, result->exits);
  gint quality =
      FULL_QUALITY * (guint64)MIN (result->allowed, deepest) / deepest;

  /* What was skipped needed no time. */
  if (result->skipped || quality == self->quality)
    return;
  self->quality = quality;
  post (self, times->start,
      GST_CLOCK_TIME_IS_VALID (times->start)
          ? times->end - times->start
          : GST_FRAMES_TO_CLOCK_TIME (result->length, description->rate));
}
