/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* mxmix between two sources and a sink that are the test's own. */
#pragma once

#include "mix-rig.h"

typedef struct {
  GstElement *mix;
  GstPad *sources[2], *sink;
  GstBus *bus;
  Run *run;
  gconstpointer last; /* the buffer that came last, to compare with */
} Hands;

static inline gboolean
note_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  Hands *hands = gst_pad_get_element_private (pad);

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START)
    g_string_append_c (hands->run->order, 'f');
  else if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    g_string_append_c (hands->run->order, 'F');
  else if (gst_event_has_name (event, "remark"))
    g_string_append_c (hands->run->order, 'r');
  run_note_event (hands->run, event);
  gst_event_unref (event);
  return TRUE;
}

static inline GstFlowReturn
note_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Hands *hands = gst_pad_get_element_private (pad);

  run_note_buffer (hands->run, buffer);
  hands->last = buffer;
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static inline void
push_caps (GstPad *pad, guint rate)
{
  GstCaps *caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
      "F32LE", "layout", G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, rate,
      "channels", G_TYPE_INT, 1, NULL);

  gst_pad_push_event (pad, gst_event_new_caps (caps));
  gst_caps_unref (caps);
}

static inline void
push_head (GstPad *pad)
{
  const GstMxDataset dataset = {.examples = 100, .epochs = -1};
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, gst_event_new_stream_start (GST_PAD_NAME (pad)));
  push_caps (pad, RATE);
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
  gst_pad_push_event (pad, gst_mx_dataset_event_new (&dataset));
}

static inline GstFlowReturn
push_samples (GstPad *pad)
{
  return gst_pad_push (pad, gst_buffer_new_allocate (NULL, 40, NULL));
}

static inline GstFlowReturn
push_example (GstPad *pad, guint64 index)
{
  const GstMxExample example = {.index = index};

  gst_pad_push_event (pad, gst_mx_example_event_new (&example));
  return push_samples (pad);
}

static inline Hands *
hands_new (void)
{
  Hands *hands = g_new0 (Hands, 1);
  GstPad *src;

  hands->run = run_alloc ();
  hands->bus = gst_bus_new ();
  hands->mix = gst_object_ref_sink (gst_element_factory_make ("mxmix", NULL));
  gst_element_set_bus (hands->mix, hands->bus);
  hands->sink = gst_pad_new ("sink", GST_PAD_SINK);
  gst_pad_set_element_private (hands->sink, hands);
  gst_pad_set_event_function (hands->sink, note_event);
  gst_pad_set_chain_function (hands->sink, note_buffer);
  src = gst_element_get_static_pad (hands->mix, "src");
  fail_unless_equals_int (gst_pad_link (src, hands->sink), GST_PAD_LINK_OK);
  gst_object_unref (src);
  gst_pad_set_active (hands->sink, TRUE);
  for (guint i = 0; i < 2; i++) {
    GstPad *pad = gst_element_request_pad_simple (hands->mix, "sink_%u");

    hands->sources[i] = gst_pad_new (i ? "one" : "zero", GST_PAD_SRC);
    gst_pad_link (hands->sources[i], pad);
    gst_object_unref (pad);
    gst_pad_set_active (hands->sources[i], TRUE);
  }
  gst_element_set_state (hands->mix, GST_STATE_PLAYING);
  push_head (hands->sources[0]);
  push_head (hands->sources[1]);
  return hands;
}

static inline void
hands_free (Hands *hands)
{
  gst_element_set_state (hands->mix, GST_STATE_NULL);
  gst_element_set_bus (hands->mix, NULL);
  gst_bus_set_flushing (hands->bus, TRUE);
  for (guint i = 0; i < 2; i++) {
    gst_pad_set_active (hands->sources[i], FALSE);
    gst_object_unref (hands->sources[i]);
  }
  gst_pad_set_active (hands->sink, FALSE);
  gst_object_unref (hands->mix);
  gst_object_unref (hands->sink);
  gst_object_unref (hands->bus);
  run_free (hands->run);
  g_free (hands);
}

static inline void
expect_error (Hands *hands, const gchar *expected)
{
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (
      hands->bus, GST_SECOND * 60, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (strstr (error->message, expected) != NULL, "%s", error->message);
}

/* Two examples of the second source, from a thread of its own. */
static inline gpointer
push_two (gpointer user_data)
{
  Hands *hands = user_data;
  GstFlowReturn flow = push_example (hands->sources[1], 0);

  if (flow == GST_FLOW_OK)
    flow = push_example (hands->sources[1], 1);
  return GINT_TO_POINTER (flow);
}
