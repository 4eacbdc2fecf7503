/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* mxmix between two sources and a sink that are the test's own. */

#include "mix-rig.h"

typedef struct {
  GstElement *mix;
  GstPad *sources[2], *sink;
  GstBus *bus;
  Run *run;
  gconstpointer last; /* the buffer that came last, to compare with */
} Hands;

static gboolean
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

static GstFlowReturn
note_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Hands *hands = gst_pad_get_element_private (pad);

  run_note_buffer (hands->run, buffer);
  hands->last = buffer;
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static void
push_caps (GstPad *pad, guint rate)
{
  GstCaps *caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
      "F32LE", "layout", G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, rate,
      "channels", G_TYPE_INT, 1, NULL);

  gst_pad_push_event (pad, gst_event_new_caps (caps));
  gst_caps_unref (caps);
}

static void
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

static GstFlowReturn
push_samples (GstPad *pad)
{
  return gst_pad_push (pad, gst_buffer_new_allocate (NULL, 40, NULL));
}

static GstFlowReturn
push_example (GstPad *pad, guint64 index)
{
  const GstMxExample example = {.index = index};

  gst_pad_push_event (pad, gst_mx_example_event_new (&example));
  return push_samples (pad);
}

static Hands *
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

static void
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

static void
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
static gpointer
push_two (gpointer user_data)
{
  Hands *hands = user_data;
  GstFlowReturn flow = push_example (hands->sources[1], 0);

  if (flow == GST_FLOW_OK)
    flow = push_example (hands->sources[1], 1);
  return GINT_TO_POINTER (flow);
}

static void
flush (GstPad *pad)
{
  gst_pad_push_event (pad, gst_event_new_flush_start ());
  gst_pad_push_event (pad, gst_event_new_flush_stop (TRUE));
}

/* Of what nobody else holds, not even the buffer is another. */
GST_START_TEST (buffers_pass_without_a_copy)
{
  Hands *hands = hands_new ();
  GThread *thread = g_thread_new ("one", push_two, hands);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 40, NULL);

  fail_unless_equals_int (push_example (hands->sources[0], 0), GST_FLOW_OK);
  fail_unless_equals_int (
      gst_pad_push (hands->sources[0], buffer), GST_FLOW_OK);
  fail_unless (hands->last == buffer);
  gst_element_set_state (hands->mix, GST_STATE_NULL);
  g_thread_join (thread);
  hands_free (hands);
}
GST_END_TEST;

GST_START_TEST (a_flush_of_whoever_has_its_turn_goes_on_downstream)
{
  Hands *hands = hands_new ();
  GThread *thread = g_thread_new ("one", push_two, hands);
  GstSegment segment;

  /* It waits for the other one to speak, and for its turn to end. */
  fail_unless_equals_int (push_example (hands->sources[0], 0), GST_FLOW_OK);
  flush (hands->sources[0]);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (hands->sources[0], gst_event_new_segment (&segment));
  fail_unless_equals_int (push_samples (hands->sources[0]), GST_FLOW_OK);
  fail_unless_equals_string (hands->run->order->str, "SCGDEXfFGX");
  fail_unless_equals_int (push_example (hands->sources[0], 1), GST_FLOW_OK);
  fail_unless_equals_string (hands->run->order->str, "SCGDEXfFGXEXEX");
  gst_element_set_state (hands->mix, GST_STATE_READY);
  fail_unless_equals_int (
      GPOINTER_TO_INT (g_thread_join (thread)), GST_FLOW_FLUSHING);
  hands_free (hands);
}
GST_END_TEST;

GST_START_TEST (a_flush_of_whoever_waits_sets_it_free_and_no_more)
{
  Hands *hands = hands_new ();
  GThread *thread = g_thread_new ("one", push_two, hands);

  fail_unless_equals_int (push_example (hands->sources[0], 0), GST_FLOW_OK);
  gst_pad_push_event (hands->sources[1], gst_event_new_flush_start ());
  fail_unless_equals_int (
      GPOINTER_TO_INT (g_thread_join (thread)), GST_FLOW_FLUSHING);
  gst_pad_push_event (hands->sources[1], gst_event_new_flush_stop (TRUE));
  fail_unless_equals_int (push_samples (hands->sources[0]), GST_FLOW_OK);
  fail_unless_equals_string (hands->run->order->str, "SCGDEXB");
  hands_free (hands);
}
GST_END_TEST;

GST_START_TEST (another_format_in_mid_stream_is_refused)
{
  Hands *hands = hands_new ();
  GThread *thread = g_thread_new ("one", push_two, hands);

  fail_unless_equals_int (push_example (hands->sources[0], 0), GST_FLOW_OK);
  push_caps (hands->sources[0], RATE); /* the same is none */
  fail_unless_equals_int (push_samples (hands->sources[0]), GST_FLOW_OK);
  push_caps (hands->sources[0], 2 * RATE);
  expect_error (hands, "Pad \"sink_0\" got 40 Hz");
  fail_unless_equals_int (push_samples (hands->sources[0]), GST_FLOW_ERROR);
  fail_unless_equals_int (
      GPOINTER_TO_INT (g_thread_join (thread)), GST_FLOW_ERROR);
  hands_free (hands);
}
GST_END_TEST;

GST_START_TEST (a_pad_that_goes_while_it_is_mixed_is_an_error)
{
  Hands *hands = hands_new ();
  GThread *thread = g_thread_new ("one", push_two, hands);
  GstPad *pad = gst_pad_get_peer (hands->sources[0]);

  fail_unless_equals_int (push_example (hands->sources[0], 0), GST_FLOW_OK);
  gst_element_release_request_pad (hands->mix, pad);
  gst_object_unref (pad);
  expect_error (hands, "Pad \"sink_0\" was released");
  fail_unless_equals_int (
      GPOINTER_TO_INT (g_thread_join (thread)), GST_FLOW_ERROR);
  hands_free (hands);
}
GST_END_TEST;

/* Who waited for it goes on without. */
GST_START_TEST (a_pad_that_goes_before_it_spoke_is_no_source)
{
  Hands *hands = hands_new ();
  GThread *thread = g_thread_new ("one", push_two, hands);
  GstPad *pad = gst_pad_get_peer (hands->sources[0]);
  GstPad *waits = gst_pad_get_peer (hands->sources[1]);

  while (GST_PAD_STREAM_TRYLOCK (waits)) {
    GST_PAD_STREAM_UNLOCK (waits);
    g_usleep (1000);
  }
  g_usleep (10000);
  gst_element_release_request_pad (hands->mix, pad);
  gst_object_unref (pad);
  gst_object_unref (waits);
  fail_unless_equals_int (
      GPOINTER_TO_INT (g_thread_join (thread)), GST_FLOW_OK);
  fail_unless_equals_string (hands->run->order->str, "SCGDEXEB");
  hands_free (hands);
}
GST_END_TEST;

GST_START_TEST (a_custom_event_passes_with_its_example_and_is_freed)
{
  Hands *hands = hands_new ();
  GThread *thread = g_thread_new ("one", push_two, hands);
  GstEvent *event = gst_event_new_custom (
      GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty ("remark"));

  fail_unless_equals_int (push_example (hands->sources[0], 0), GST_FLOW_OK);
  gst_pad_push_event (hands->sources[0], gst_event_ref (event));
  fail_unless_equals_string (hands->run->order->str, "SCGDEXr");
  ASSERT_MINI_OBJECT_REFCOUNT (event, "event", 1);
  gst_event_unref (event);
  gst_element_set_state (hands->mix, GST_STATE_NULL);
  g_thread_join (thread);
  hands_free (hands);
}
GST_END_TEST;

GST_START_TEST (a_pad_that_comes_late_is_an_error)
{
  Hands *hands = hands_new ();
  GThread *thread = g_thread_new ("one", push_two, hands);
  GstPad *late = gst_pad_new ("late", GST_PAD_SRC), *pad;

  fail_unless_equals_int (push_example (hands->sources[0], 0), GST_FLOW_OK);
  pad = gst_element_request_pad_simple (hands->mix, "sink_%u");
  fail_unless_equals_int (gst_pad_link (late, pad), GST_PAD_LINK_OK);
  gst_object_unref (pad);
  gst_pad_set_active (late, TRUE);
  push_head (late);
  fail_unless_equals_int (push_example (late, 0), GST_FLOW_ERROR);
  expect_error (hands, "Pad \"sink_2\" was linked after the mix had begun");
  g_thread_join (thread);
  gst_pad_set_active (late, FALSE);
  gst_object_unref (late);
  hands_free (hands);
}
GST_END_TEST;

GST_START_TEST (bad_buffers_and_events_are_refused)
{
  Hands *hands = hands_new ();
  GThread *thread = g_thread_new ("one", push_two, hands);
  GstPad *zero = hands->sources[0];

  if (__i__ == 0) {
    fail_unless_equals_int (
        gst_pad_push (zero, gst_buffer_new_allocate (NULL, 7, NULL)),
        GST_FLOW_ERROR);
    expect_error (hands, "does not hold whole frames");
  } else {
    gst_pad_push_event (
        zero, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
                  gst_structure_new_empty ("GstMxExample")));
    expect_error (hands, "an event GstMxExample whose fields");
  }
  fail_unless_equals_int (
      GPOINTER_TO_INT (g_thread_join (thread)), GST_FLOW_ERROR);
  hands_free (hands);
}
GST_END_TEST;

GST_START_TEST (it_says_where_it_is_and_cannot_seek)
{
  Hands *hands = hands_new ();
  GThread *thread = g_thread_new ("one", push_two, hands);
  gint64 position;

  fail_if (
      gst_pad_peer_query_position (hands->sink, GST_FORMAT_TIME, &position));
  fail_unless_equals_int (push_example (hands->sources[0], 0), GST_FLOW_OK);
  fail_unless (
      gst_pad_peer_query_position (hands->sink, GST_FORMAT_TIME, &position));
  fail_unless_equals_int64 (position, GST_SECOND / 2);
  fail_if (gst_pad_push_event (
      hands->sink, gst_event_new_seek (1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                       GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, 0)));
  gst_element_set_state (hands->mix, GST_STATE_NULL);
  g_thread_join (thread);
  hands_free (hands);
}
GST_END_TEST;

static Suite *
mix_control_suite (void)
{
  Suite *suite = suite_create ("mix-control");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, buffers_pass_without_a_copy);
  tcase_add_test (tc, a_flush_of_whoever_has_its_turn_goes_on_downstream);
  tcase_add_test (tc, a_flush_of_whoever_waits_sets_it_free_and_no_more);
  tcase_add_test (tc, another_format_in_mid_stream_is_refused);
  tcase_add_test (tc, a_pad_that_goes_while_it_is_mixed_is_an_error);
  tcase_add_test (tc, a_pad_that_goes_before_it_spoke_is_no_source);
  tcase_add_test (tc, a_custom_event_passes_with_its_example_and_is_freed);
  tcase_add_test (tc, a_pad_that_comes_late_is_an_error);
  tcase_add_loop_test (tc, bad_buffers_and_events_are_refused, 0, 2);
  tcase_add_test (tc, it_says_where_it_is_and_cannot_seek);
  return suite;
}

GST_CHECK_MAIN (mix_control);
