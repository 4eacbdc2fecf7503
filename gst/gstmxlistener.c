/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxlistener.h"

#include "gstmxconverter.h"

struct _GstMxListener {
  MxSession *session;
  GstMxConverter *converter; /* NULL: nothing known of the buffers */
  gsize channels;            /* of the model */
  guint model_rate, rate;    /* of the model, of the stream */
  GstMxListenerFunc func;
  gpointer user_data;

  /* the present recording */
  gboolean heard, answered; /* any of it, any window of it */
  GstClockTime anchor;      /* PTS of a frame, NONE: no buffer had any */
  guint64 anchor_frame;     /* of the stream */
};

/* The same for what is due, what is computed and what is told. */
static uint64_t
read_clock (void *user_data)
{
  return gst_util_get_timestamp ();
}

GstMxListener *
gst_mx_listener_new (
    MxNetwork *network, gsize hop, GstMxListenerFunc func, gpointer user_data)
{
  GstMxListener *self = g_new0 (GstMxListener, 1);

  self->session = mx_session_new (network);
  mx_session_set_clock (self->session, read_clock, NULL);
  mx_session_set_hop (self->session, hop);
  self->channels = network->description->channels;
  self->model_rate = network->description->rate;
  self->func = func;
  self->user_data = user_data;
  self->anchor = GST_CLOCK_TIME_NONE;
  return self;
}

void
gst_mx_listener_free (GstMxListener *self)
{
  if (self == NULL)
    return;
  gst_mx_converter_free (self->converter);
  mx_session_free (self->session);
  g_free (self);
}

void
gst_mx_listener_set_policy (GstMxListener *self, const MxPolicy *policy)
{
  mx_session_set_policy (self->session, policy);
}

void
gst_mx_listener_set_time (GstMxListener *self, guint64 due, guint limit)
{
  mx_session_set_due (self->session, due);
  mx_session_set_limit (self->session, limit);
}

const MxSession *
gst_mx_listener_get_session (const GstMxListener *self)
{
  return self->session;
}

gboolean
gst_mx_listener_set_info (
    GstMxListener *self, const GstAudioInfo *info, GError **error)
{
  const MxDescription *description =
      mx_session_get_network (self->session)->description;

  gst_mx_listener_forget (self);
  gst_mx_converter_free (self->converter);
  self->rate = GST_AUDIO_INFO_RATE (info);
  self->converter = gst_mx_converter_new (
      info, description->rate, description->channels, error);
  return self->converter != NULL;
}

gchar *
gst_mx_listener_doubt (const GstMxListener *self)
{
  return gst_mx_converter_doubt (self->converter);
}

gboolean
gst_mx_listener_is_ready (const GstMxListener *self)
{
  return self->converter != NULL;
}

gboolean
gst_mx_listener_owes_answer (const GstMxListener *self)
{
  return self->heard && !self->answered;
}

/* --- time --- */

/* Of a sample of the model.  Before the first timestamp a recording may have
 * been longer than all time. */
static GstClockTime
time_of (const GstMxListener *self, guint64 sample)
{
  GstClockTime since =
      GST_FRAMES_TO_CLOCK_TIME (self->anchor_frame, self->rate);
  GstClockTime time;

  if (!GST_CLOCK_TIME_IS_VALID (self->anchor))
    return GST_CLOCK_TIME_NONE;
  time = self->anchor + GST_FRAMES_TO_CLOCK_TIME (sample, self->model_rate);
  return time > since ? time - since : 0;
}

/* How much later the buffer is than the recording has come; 0: nobody knows. */
static GstClockTimeDiff
lateness (const GstMxListener *self, GstBuffer *buffer)
{
  guint64 frames;

  if (!GST_BUFFER_PTS_IS_VALID (buffer) ||
      !GST_CLOCK_TIME_IS_VALID (self->anchor) ||
      gst_buffer_get_size (buffer) == 0)
    return 0;
  frames = gst_mx_converter_get_heard (self->converter) - self->anchor_frame;
  return GST_CLOCK_DIFF (
      self->anchor + GST_FRAMES_TO_CLOCK_TIME (frames, self->rate),
      GST_BUFFER_PTS (buffer));
}

static GstClockTimeDiff
sample_time (const GstMxListener *self)
{
  return gst_util_uint64_scale_int_ceil (GST_SECOND, 1, self->rate);
}

gboolean
gst_mx_listener_is_interrupted (const GstMxListener *self, GstBuffer *buffer)
{
  GstClockTimeDiff late = self->heard ? lateness (self, buffer) : 0;

  return ABS (late) >
         MAX ((GstClockTimeDiff)GST_MX_LISTENER_TOLERANCE, sample_time (self));
}

static void
follow (GstMxListener *self, GstBuffer *buffer)
{
  if (!GST_BUFFER_PTS_IS_VALID (buffer))
    return;
  if (GST_CLOCK_TIME_IS_VALID (self->anchor) &&
      ABS (lateness (self, buffer)) <= sample_time (self))
    return;
  self->anchor = GST_BUFFER_PTS (buffer);
  self->anchor_frame = gst_mx_converter_get_heard (self->converter);
}

/* --- listening --- */

static void
answer (GstMxListener *self, const MxResult *result, GstClockTime begin)
{
  /* Neighbours touch: rounding must not open gaps between them. */
  GstMxTimes times = {
      .start = time_of (self, result->start),
      .end = time_of (self, result->start + result->length),
      .latency = gst_util_get_timestamp () - begin,
  };

  self->answered = TRUE;
  self->func (mx_session_get_network (self->session)->description, result,
      &times, self->user_data);
}

static void
listen (const gfloat *samples, gsize n, gpointer user_data)
{
  GstMxListener *self = user_data;

  while (n > 0) {
    GstClockTime begin = gst_util_get_timestamp ();
    MxResult result;
    bool answered;
    gsize taken =
        mx_session_push (self->session, samples, n, &result, &answered);

    if (answered)
      answer (self, &result, begin);
    samples += taken * self->channels;
    n -= taken;
  }
}

gboolean
gst_mx_listener_hear (GstMxListener *self, GstBuffer *buffer)
{
  if (gst_buffer_get_size (buffer) > 0) {
    self->heard = TRUE;
    follow (self, buffer);
  }
  return gst_mx_converter_push (self->converter, buffer, listen, self);
}

void
gst_mx_listener_finish (GstMxListener *self)
{
  if (self->heard) {
    GstClockTime begin;
    MxResult result;

    gst_mx_converter_drain (self->converter, listen, self);
    begin = gst_util_get_timestamp ();
    if (mx_session_drain (self->session, &result))
      answer (self, &result, begin);
  }
  gst_mx_listener_forget (self);
}

void
gst_mx_listener_forget (GstMxListener *self)
{
  if (!self->heard)
    return;
  mx_session_reset (self->session);
  gst_mx_converter_reset (self->converter);
  self->heard = self->answered = FALSE;
  self->anchor = GST_CLOCK_TIME_NONE;
  self->anchor_frame = 0;
}

void
gst_mx_listener_hear_gap (GstMxListener *self, GstEvent *gap)
{
  const MxDescription *description =
      mx_session_get_network (self->session)->description;
  GstClockTime duration;

  /* Unknown is longer than anything. */
  gst_event_parse_gap (gap, NULL, &duration);
  if (duration >
      GST_FRAMES_TO_CLOCK_TIME (description->window, description->rate))
    gst_mx_listener_finish (self);
  else if (self->heard)
    gst_mx_converter_push_silence (self->converter, duration, listen, self);
}
