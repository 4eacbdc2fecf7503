/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxmix says of a source that says nothing. */

#include "mix-hands.h"

static Hands *
hands_patient (GstClockTime timeout, const gchar *action)
{
  Hands *hands = hands_new ();

  g_object_set (hands->mix, "timeout", timeout, NULL);
  gst_util_set_object_arg (G_OBJECT (hands->mix), "timeout-action", action);
  return hands;
}

static gchar *
wait_for_warning (Hands *hands)
{
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (
      hands->bus, GST_SECOND * 60, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
  g_autoptr (GError) warning = NULL;

  fail_unless (message != NULL);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_WARNING);
  gst_message_parse_warning (message, &warning, NULL);
  return g_strdup (warning->message);
}

static void
expect_no_message (Hands *hands)
{
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (
      hands->bus, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);

  fail_unless (message == NULL);
}

GST_START_TEST (a_silent_source_is_told_of_and_waited_for)
{
  Hands *hands = hands_patient (GST_MSECOND, "warn");
  GThread *thread = g_thread_new ("one", push_two, hands);
  g_autofree gchar *before = wait_for_warning (hands);
  g_autofree gchar *later = NULL;

  fail_unless (g_str_has_prefix (before,
                   "Nothing has arrived on pad \"sink_0\" for 0.001 s, while "
                   "pad \"sink_1\" waits for it: "),
      "%s", before);
  fail_unless_equals_int (push_example (hands->sources[0], 0), GST_FLOW_OK);
  later = wait_for_warning (hands);
  fail_unless_equals_string (before, later);
  /* Once for each silence. */
  g_usleep (20000);
  expect_no_message (hands);
  fail_unless_equals_int (push_example (hands->sources[0], 1), GST_FLOW_OK);
  fail_unless (g_str_has_prefix (hands->run->order->str, "SCGDEXEXEX"));
  gst_element_set_state (hands->mix, GST_STATE_NULL);
  g_thread_join (thread);
  hands_free (hands);
}
GST_END_TEST;

GST_START_TEST (a_silent_source_ends_it_where_that_is_wanted)
{
  Hands *hands = hands_patient (GST_MSECOND, "error");
  GThread *thread = g_thread_new ("one", push_two, hands);

  expect_error (hands, "Nothing has arrived on pad \"sink_0\"");
  fail_unless_equals_int (
      GPOINTER_TO_INT (g_thread_join (thread)), GST_FLOW_ERROR);
  fail_unless_equals_int (push_example (hands->sources[0], 0), GST_FLOW_ERROR);
  hands_free (hands);
}
GST_END_TEST;

static GstBusSyncReply
release_silent (GstBus *bus, GstMessage *message, gpointer user_data)
{
  Hands *hands = user_data;
  GstPad *pad = gst_pad_get_peer (hands->sources[0]);

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING && pad != NULL)
    gst_element_release_request_pad (hands->mix, pad);
  gst_clear_object (&pad);
  return GST_BUS_PASS;
}

/* A handler that is called where the message is posted may do what it likes. */
GST_START_TEST (who_hears_of_a_silent_source_may_release_it_there)
{
  Hands *hands = hands_patient (GST_MSECOND, "warn");

  gst_bus_set_sync_handler (hands->bus, release_silent, hands, NULL);
  fail_unless_equals_int (GPOINTER_TO_INT (push_two (hands)), GST_FLOW_OK);
  fail_unless_equals_string (hands->run->order->str, "SCGDEXEB");
  gst_bus_set_sync_handler (hands->bus, NULL, NULL, NULL);
  hands_free (hands);
}
GST_END_TEST;

static GstBusSyncReply
flush_both (GstBus *bus, GstMessage *message, gpointer user_data)
{
  Hands *hands = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    for (guint i = 0; i < 2; i++)
      gst_pad_push_event (hands->sources[i], gst_event_new_flush_start ());
  return GST_BUS_PASS;
}

GST_START_TEST (who_hears_of_an_error_may_flush_there)
{
  Hands *hands = hands_patient (GST_MSECOND, "error");

  gst_bus_set_sync_handler (hands->bus, flush_both, hands, NULL);
  fail_unless_equals_int (
      GPOINTER_TO_INT (push_two (hands)), GST_FLOW_FLUSHING);
  expect_error (hands, "Nothing has arrived on pad \"sink_0\"");
  gst_bus_set_sync_handler (hands->bus, NULL, NULL, NULL);
  hands_free (hands);
}
GST_END_TEST;

/* A live source has nothing to say in PAUSED. */
GST_START_TEST (nobody_is_silent_while_it_is_paused)
{
  Hands *hands = hands_patient (GST_MSECOND, "error");
  GThread *thread;

  gst_element_set_state (hands->mix, GST_STATE_PAUSED);
  thread = g_thread_new ("one", push_two, hands);
  g_usleep (50000);
  expect_no_message (hands);
  gst_element_set_state (hands->mix, GST_STATE_PLAYING);
  expect_error (hands, "Nothing has arrived on pad \"sink_0\"");
  g_thread_join (thread);
  hands_free (hands);
}
GST_END_TEST;

static GstPadProbeReturn
take_long (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  g_usleep (1500000);
  return GST_PAD_PROBE_OK;
}

/* What it said has been with downstream for longer than it may be silent. */
GST_START_TEST (nobody_is_silent_while_downstream_takes_its_time)
{
  Hands *hands = hands_patient (GST_SECOND, "error");
  GThread *thread = g_thread_new ("one", push_two, hands);

  gst_pad_add_probe (
      hands->sink, GST_PAD_PROBE_TYPE_BUFFER, take_long, NULL, NULL);
  fail_unless_equals_int (push_example (hands->sources[0], 0), GST_FLOW_OK);
  gst_element_set_state (hands->mix, GST_STATE_NULL);
  expect_no_message (hands);
  g_thread_join (thread);
  hands_free (hands);
}
GST_END_TEST;

/* Not even its caps came. */
GST_START_TEST (a_source_that_never_spoke_is_named)
{
  put_sources ();
  mix_expect_error (
      "mxdatasetsrc @labelled split=train ! mix. "
      "mxdatasetsrc @unlabelled labelled-fraction=0 ! valve drop=true ! mix. "
      "mxmix name=mix timeout=100000000 timeout-action=error",
      "Nothing has arrived on pad \"sink_1\" for 0.1 s, while pad \"sink_0\" "
      "waits for it");
}
GST_END_TEST;

static Suite *
mix_silence_suite (void)
{
  Suite *suite = suite_create ("mix-silence");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, a_silent_source_is_told_of_and_waited_for);
  tcase_add_test (tc, a_silent_source_ends_it_where_that_is_wanted);
  tcase_add_test (tc, who_hears_of_a_silent_source_may_release_it_there);
  tcase_add_test (tc, who_hears_of_an_error_may_flush_there);
  tcase_add_test (tc, nobody_is_silent_while_it_is_paused);
  tcase_add_test (tc, nobody_is_silent_while_downstream_takes_its_time);
  tcase_add_test (tc, a_source_that_never_spoke_is_named);
  return suite;
}

GST_CHECK_MAIN (mix_silence);
