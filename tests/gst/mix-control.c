/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* mxmix by hand: flushes, other formats, pads that come and go. */

#include "mix-hands.h"

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
