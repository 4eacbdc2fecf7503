/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxhearing.h"

GST_DEBUG_CATEGORY_EXTERN (gst_mx_classify_debug);
#define GST_CAT_DEFAULT gst_mx_classify_debug

void
gst_mx_hearing_init (
    GstMxHearing *self, GstBaseTransform *element, GstMxForwardFunc forward)
{
  *self = (GstMxHearing){.element = element, .forward = forward};
  g_queue_init (&self->held);
}

void
gst_mx_hearing_clear (GstMxHearing *self)
{
  g_queue_clear_full (&self->held, (GDestroyNotify)gst_event_unref);
  g_clear_pointer (&self->listener, gst_mx_listener_free);
}

static void
release_held_events (GstMxHearing *self)
{
  GstEvent *event;

  while ((event = g_queue_pop_head (&self->held)) != NULL)
    self->forward (self->element, event);
}

/* A flush discards what is on its way, but for what sticks to pads. */
static void
release_sticky_events (GstMxHearing *self)
{
  GstEvent *event;

  while ((event = g_queue_pop_head (&self->held)) != NULL) {
    if (GST_EVENT_IS_STICKY (event))
      self->forward (self->element, event);
    else
      gst_event_unref (event);
  }
}

void
gst_mx_hearing_finish (GstMxHearing *self)
{
  gst_mx_listener_finish (self->listener);
  release_held_events (self);
}

static void
hear_gap (GstMxHearing *self, GstEvent *gap)
{
  if (gst_mx_listener_is_interrupted_by_gap (self->listener, gap)) {
    gst_mx_hearing_finish (self);
  } else {
    release_held_events (self);
    gst_mx_listener_hear_gap (self->listener, gap);
  }
}

/* A recording shorter than a window must be answered before the next one is
 * announced, but only the buffer behind the announcement says, by DISCONT,
 * whether there is a next one or the same goes on. */
static gboolean
must_wait (GstMxHearing *self, GstEvent *event)
{
  return !g_queue_is_empty (&self->held) ||
         (gst_mx_listener_owes_answer (self->listener) &&
             gst_event_has_name (event, "GstMxExample"));
}

static void
note_direction (GstMxHearing *self, GstEvent *event)
{
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  if (segment->rate < 0)
    GST_INFO_OBJECT (self->element,
        "no answers while the stream runs backwards, at rate %g",
        segment->rate);
}

gboolean
gst_mx_hearing_take_event (GstMxHearing *self, GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_SEGMENT:
    note_direction (self, event);
    gst_mx_hearing_finish (self);
    return FALSE;
  case GST_EVENT_STREAM_START:
  case GST_EVENT_SEGMENT_DONE:
  case GST_EVENT_STREAM_GROUP_DONE:
  case GST_EVENT_EOS:
    gst_mx_hearing_finish (self);
    return FALSE;
  case GST_EVENT_FLUSH_STOP:
    gst_mx_listener_forget (self->listener);
    self->forward (self->element, event);
    release_sticky_events (self);
    return TRUE;
  case GST_EVENT_GAP:
    hear_gap (self, event);
    return FALSE;
  case GST_EVENT_CAPS: /* only other caps end it: the element knows */
    return FALSE;
  default:
    if (!GST_EVENT_IS_SERIALIZED (event) || !must_wait (self, event))
      return FALSE;
    g_queue_push_tail (&self->held, event);
    return TRUE;
  }
}

void
gst_mx_hearing_meet (GstMxHearing *self, GstBuffer *buffer)
{
  if (GST_BUFFER_IS_DISCONT (buffer) ||
      gst_mx_listener_is_interrupted (self->listener, buffer))
    gst_mx_hearing_finish (self);
  else
    release_held_events (self);
}
