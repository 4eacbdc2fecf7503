/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxlistener.h"

#include "gstmxconverter.h"

struct _GstMxListener {
  MxSession *session;
  GstMxConverter *converter; /* NULL: nothing known of the buffers */
  GstPad *pad;               /* that the buffers come from */
  gsize channels;            /* of the model */
  guint model_rate;
  GstMxListenerFunc func;
  gpointer user_data;

  /* the present recording */
  gboolean heard, answered; /* any of it, any window of it */
  guint64 length;           /* samples of the model */
  GstMxTimeline timeline;
  guint64 origin; /* frame of the stream that is its sample 0 */
  guint64 next;   /* sample, where the next window to answer begins */

  /* While it takes over from another: windows that begin before `end`, a sample
   * of its own, are still the other's. */
  GstMxListener *predecessor;
  guint64 end; /* G_MAXUINT64: nobody takes over */
};

/* The same for what is due, what is computed and what is told. */
static uint64_t
read_clock (void *user_data)
{
  return gst_util_get_timestamp ();
}

GstMxListener *
gst_mx_listener_new (MxNetwork *network, gsize hop, GstPad *pad,
    GstMxListenerFunc func, gpointer user_data)
{
  GstMxListener *self = g_new0 (GstMxListener, 1);

  self->session = mx_session_new (network);
  mx_session_set_clock (self->session, read_clock, NULL);
  mx_session_set_hop (self->session, hop);
  self->pad = pad;
  self->channels = network->description->channels;
  self->model_rate = network->description->rate;
  self->func = func;
  self->user_data = user_data;
  gst_mx_timeline_forget (&self->timeline);
  self->end = G_MAXUINT64;
  return self;
}

void
gst_mx_listener_free (GstMxListener *self)
{
  if (self == NULL)
    return;
  gst_mx_listener_free (self->predecessor);
  gst_mx_converter_free (self->converter);
  mx_session_free (self->session);
  g_free (self);
}

void
gst_mx_listener_set_all_exits (GstMxListener *self, gboolean all_exits)
{
  mx_session_set_all_exits (self->session, all_exits);
}

void
gst_mx_listener_set_quantiser (GstMxListener *self, MxQuantiser *quantiser)
{
  mx_quantiser_listen (quantiser, self->session);
}

void
gst_mx_listener_set_alignment (
    GstMxListener *self, const GstMxAlignment *alignment)
{
  if (self->predecessor != NULL)
    gst_mx_listener_set_alignment (self->predecessor, alignment);
  self->timeline.alignment = *alignment;
}

void
gst_mx_listener_set_policy (GstMxListener *self, const MxPolicy *policy)
{
  if (self->predecessor != NULL)
    gst_mx_listener_set_policy (self->predecessor, policy);
  mx_session_set_policy (self->session, policy);
}

void
gst_mx_listener_set_time (GstMxListener *self, guint64 due, guint limit)
{
  if (self->predecessor != NULL)
    gst_mx_listener_set_time (self->predecessor, due, limit);
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
  self->timeline.rate = GST_AUDIO_INFO_RATE (info);
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
  if (self->predecessor != NULL)
    return gst_mx_listener_owes_answer (self->predecessor);
  return self->heard &&
         (!self->answered || mx_session_get_latency (self->session) > 0);
}

/* --- time --- */

/* How many frames the recording has. */
static guint64
position (const GstMxListener *self)
{
  return self->origin - gst_mx_converter_get_to_skip (self->converter) +
         gst_mx_converter_get_heard (self->converter);
}

/* From the beginning of the recording; to the nanosecond as another model of
 * the same rate counts it. */
static GstClockTime
time_in_recording (const GstMxListener *self, guint64 sample)
{
  if (self->model_rate == self->timeline.rate)
    return GST_FRAMES_TO_CLOCK_TIME (
        self->origin + sample, self->timeline.rate);
  return GST_FRAMES_TO_CLOCK_TIME (self->origin, self->timeline.rate) +
         GST_FRAMES_TO_CLOCK_TIME (sample, self->model_rate);
}

/* Of a sample of the model. */
static GstClockTime
time_of (const GstMxListener *self, guint64 sample)
{
  return gst_mx_timeline_get_time (
      &self->timeline, time_in_recording (self, sample));
}

static gboolean
is_elsewhere (const GstMxListener *self, GstClockTime timestamp)
{
  return self->heard && gst_mx_timeline_is_interrupted (
                            &self->timeline, position (self), timestamp);
}

gboolean
gst_mx_listener_is_interrupted (const GstMxListener *self, GstBuffer *buffer)
{
  return gst_buffer_get_size (buffer) > 0 &&
         is_elsewhere (self, GST_BUFFER_PTS (buffer));
}

/* The longest that is listened to. */
static GstClockTime
window_time (const GstMxListener *self)
{
  const MxDescription *description =
      mx_session_get_network (self->session)->description;
  GstClockTime time =
      GST_FRAMES_TO_CLOCK_TIME (description->window, description->rate);

  return self->predecessor == NULL
             ? time
             : MAX (time, window_time (self->predecessor));
}

gboolean
gst_mx_listener_is_interrupted_by_gap (const GstMxListener *self, GstEvent *gap)
{
  GstClockTime timestamp, duration;

  /* Unknown is longer than anything. */
  gst_event_parse_gap (gap, &timestamp, &duration);
  return duration > window_time (self) || is_elsewhere (self, timestamp);
}

/* --- taking over --- */

/* The first sample at which it may hand over: where a window of its own begins,
 * at the present frame or later. */
static guint64
find_boundary (const GstMxListener *self)
{
  guint64 heard = gst_mx_converter_get_heard (self->converter);
  guint64 hop = mx_session_get_hop (self->session);
  guint64 samples =
      gst_util_uint64_scale_ceil (heard, self->model_rate, self->timeline.rate);

  return (samples / hop + (samples % hop != 0)) * hop;
}

static gboolean
is_done (const GstMxListener *self)
{
  return self->next >= self->end;
}

static void
dismiss_predecessor_if_done (GstMxListener *self)
{
  if (is_done (self->predecessor))
    g_clear_pointer (&self->predecessor, gst_mx_listener_free);
}

void
gst_mx_listener_succeed (GstMxListener *self, GstMxListener *predecessor)
{
  guint64 frames;

  g_return_if_fail (predecessor->predecessor == NULL);

  if (!predecessor->heard) {
    gst_mx_listener_free (predecessor);
    return;
  }
  predecessor->end = find_boundary (predecessor);
  frames = gst_util_uint64_scale_ceil (
      predecessor->end, predecessor->timeline.rate, predecessor->model_rate);
  /* Hops may be longer than any stream, and no sum of it overflows. */
  self->origin = predecessor->origin + MIN (frames, G_MAXINT64);
  gst_mx_converter_skip (
      self->converter, self->origin - position (predecessor));
  self->timeline = predecessor->timeline;
  self->heard = TRUE;
  /* What is behind the last window of a recording is nobody's. */
  self->answered = self->origin > 0;
  self->predecessor = predecessor;
  dismiss_predecessor_if_done (self);
}

gboolean
gst_mx_listener_is_taking_over (const GstMxListener *self)
{
  return self->predecessor != NULL;
}

GstClockTime
gst_mx_listener_get_start (const GstMxListener *self)
{
  return time_of (self, 0);
}

/* --- listening --- */

static void
answer (GstMxListener *self, const MxResult *result, GstClockTime begin)
{
  /* Neighbours touch: rounding must not open gaps between them. */
  GstMxTimes times = {
      .start = time_of (self, result->start),
      .end = time_of (self, result->start + result->length),
      .latency = gst_util_get_timestamp () - begin - result->aside,
  };

  self->answered = TRUE;
  self->next = result->start + mx_session_get_hop (self->session);
  self->func (mx_session_get_network (self->session)->description, result,
      &times, self->user_data);
}

/* A buffer may hold minutes, and nobody wants their answers any more. */
static gboolean
is_flushing (const GstMxListener *self)
{
  gboolean flushing;

  GST_OBJECT_LOCK (self->pad);
  flushing = GST_PAD_IS_FLUSHING (self->pad);
  GST_OBJECT_UNLOCK (self->pad);
  return flushing;
}

static void
listen (const gfloat *samples, gsize n, gpointer user_data)
{
  GstMxListener *self = user_data;

  self->length += n;
  while (n > 0 && !is_done (self) && !is_flushing (self)) {
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
  if (self->predecessor != NULL) {
    if (!gst_mx_listener_hear (self->predecessor, buffer))
      return FALSE;
    dismiss_predecessor_if_done (self);
  }
  if (gst_buffer_get_size (buffer) > 0) {
    self->heard = TRUE;
    gst_mx_timeline_follow (
        &self->timeline, position (self), GST_BUFFER_PTS (buffer));
  }
  return gst_mx_converter_push (self->converter, buffer, listen, self);
}

void
gst_mx_listener_hear_gap (GstMxListener *self, GstEvent *gap)
{
  GstClockTime timestamp, duration;
  guint64 frames;

  if (self->predecessor != NULL) {
    gst_mx_listener_hear_gap (self->predecessor, gap);
    dismiss_predecessor_if_done (self);
  }
  if (!self->heard)
    return;
  gst_event_parse_gap (gap, &timestamp, &duration);
  gst_mx_timeline_follow (&self->timeline, position (self), timestamp);
  frames = gst_mx_timeline_get_gap (
      &self->timeline, position (self), timestamp, duration);
  if (frames > 0)
    gst_mx_converter_push_silence (self->converter, frames, listen, self);
}

/* What is shorter than a step of the front end would be answered for the
 * silence around it. */
static gboolean
is_worth_an_answer (const GstMxListener *self)
{
  const MxDescription *description =
      mx_session_get_network (self->session)->description;

  return self->length >= mx_frontend_config_hop (&description->frontend);
}

/* At the end.  A recording that another model began is not short, however
 * little of it this one has heard. */
static gboolean
may_answer (const GstMxListener *self)
{
  const MxDescription *description =
      mx_session_get_network (self->session)->description;

  return is_worth_an_answer (self) && !is_done (self) &&
         (self->origin == 0 || self->length >= description->window);
}

void
gst_mx_listener_finish (GstMxListener *self)
{
  if (self->predecessor != NULL)
    gst_mx_listener_finish (self->predecessor);
  if (self->heard) {
    GstClockTime begin;
    MxResult result;

    gst_mx_converter_drain (self->converter, listen, self);
    begin = gst_util_get_timestamp ();
    while (may_answer (self) && mx_session_drain (self->session, &result)) {
      answer (self, &result, begin);
      begin = gst_util_get_timestamp ();
    }
  }
  gst_mx_listener_forget (self);
}

void
gst_mx_listener_forget (GstMxListener *self)
{
  g_clear_pointer (&self->predecessor, gst_mx_listener_free);
  if (!self->heard)
    return;
  mx_session_reset (self->session);
  gst_mx_converter_reset (self->converter);
  self->heard = self->answered = FALSE;
  self->length = 0;
  gst_mx_timeline_forget (&self->timeline);
  self->origin = self->next = 0;
}
