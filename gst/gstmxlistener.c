/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxlistener.h"

#include "gstmxconverter.h"

struct _GstMxListener {
  MxSession *session;
  GstMxConverter *converter; /* NULL: nothing known of the buffers */
  gsize channels;            /* of the model */
  GstMxListenerFunc func;
  gpointer user_data;

  /* the present recording */
  gboolean heard, answered; /* any of it, any window of it */
  GstClockTime origin;
};

GstMxListener *
gst_mx_listener_new (
    MxNetwork *network, gsize hop, GstMxListenerFunc func, gpointer user_data)
{
  GstMxListener *self = g_new0 (GstMxListener, 1);

  self->session = mx_session_new (network);
  mx_session_set_hop (self->session, hop);
  self->channels = network->description->channels;
  self->func = func;
  self->user_data = user_data;
  self->origin = GST_CLOCK_TIME_NONE;
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

gboolean
gst_mx_listener_set_info (
    GstMxListener *self, const GstAudioInfo *info, GError **error)
{
  const MxDescription *description =
      mx_session_get_network (self->session)->description;

  gst_mx_listener_forget (self);
  gst_mx_converter_free (self->converter);
  self->converter = gst_mx_converter_new (
      info, description->rate, description->channels, error);
  return self->converter != NULL;
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

static void
answer (GstMxListener *self, const MxResult *result, GstClockTime begin)
{
  self->answered = TRUE;
  self->func (
      result, self->origin, gst_util_get_timestamp () - begin, self->user_data);
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
  if (!self->heard && gst_buffer_get_size (buffer) > 0) {
    self->heard = TRUE;
    self->origin = GST_BUFFER_PTS (buffer);
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
  self->origin = GST_CLOCK_TIME_NONE;
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
