/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What applications do to a training: stop, flush, seek, change of mind. */

#include "trainsink-rig.h"

static GstProgressType
next_progress (Rig *rig)
{
  GstMessage *message =
      gst_bus_timed_pop_filtered (rig->bus, RIG_PATIENCE, GST_MESSAGE_PROGRESS);
  GstProgressType type;

  fail_unless (message != NULL);
  gst_message_parse_progress (message, &type, NULL, NULL);
  gst_message_unref (message);
  return type;
}

GST_START_TEST (test_a_stopped_training_says_so_and_leaves_the_old_file)
{
  Example a = example_of (0, 0), b = example_of (1, 0);
  gchar *contents;
  Rig rig;

  rig_init (&rig, "", TRUE);
  fail_unless (g_file_set_contents (rig.location, "old", -1, NULL));
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  rig_begin_both (&rig);
  rig_push_pair (&rig, &a, &a);
  rig_push_pair (&rig, &b, &b);
  fail_unless_equals_int (next_progress (&rig), GST_PROGRESS_TYPE_START);
  gst_element_set_state (rig.pipeline, GST_STATE_READY);
  fail_unless_equals_int (next_progress (&rig), GST_PROGRESS_TYPE_CANCELED);
  fail_unless (g_file_get_contents (rig.location, &contents, NULL, NULL));
  fail_unless_equals_string (contents, "old");
  g_free (contents);
  rig_clear (&rig);
}
GST_END_TEST;

/* A queue that is flushed before it has passed the start of the stream on
 * forgets it. */
static void
wait_for_streams (Rig *rig)
{
  static const gchar *const names[] = {"clean", "perturbed"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GstPad) pad = gst_element_get_static_pad (rig->sink, names[i]);
    g_autoptr (GstEvent) event = NULL;

    while (
        (event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0)) == NULL)
      g_usleep (1000);
  }
}

static void
flush_both (Rig *rig)
{
  GstEvent *start = gst_event_new_flush_start ();
  GstEvent *stop = gst_event_new_flush_stop (TRUE);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (rig->clean, gst_event_ref (start));
  gst_pad_push_event (rig->perturbed, start);
  gst_pad_push_event (rig->clean, gst_event_ref (stop));
  gst_pad_push_event (rig->perturbed, stop);
  gst_pad_push_event (rig->clean, gst_event_new_segment (&segment));
  gst_pad_push_event (rig->perturbed, gst_event_new_segment (&segment));
}

/* Else the branches would be out of step: one had begun, the other not. */
GST_START_TEST (test_a_flush_forgets_the_examples_in_progress)
{
  Example cut = example_of (5, 0);
  Rig rig;

  rig_init (&rig, "", TRUE);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  rig_begin_both (&rig);
  rig_push (rig.clean, &cut, 3);
  rig_announce (rig.perturbed, &cut);
  wait_for_streams (&rig);
  flush_both (&rig);
  for (guint i = 0; i < 9; i++) {
    Example example = example_of (i, 0);

    rig_push_pair (&rig, &example, &example);
  }
  rig_end_both (&rig);
  rig_expect_end (&rig);
  rig_clear (&rig);
}
GST_END_TEST;

static gboolean
take_any_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gst_event_unref (event);
  return TRUE;
}

/* The source would seek, but says nothing more of it. */
GST_START_TEST (test_a_seek_is_refused_and_training_goes_on)
{
  Rig rig;

  rig_init (&rig, "", TRUE);
  gst_pad_set_event_function (rig.clean, take_any_event);
  gst_pad_set_event_function (rig.perturbed, take_any_event);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  rig_begin_both (&rig);
  for (guint i = 0; i < 9; i++) {
    Example example = example_of (i, 0);

    if (i == 4) {
      gst_element_get_state (rig.pipeline, NULL, NULL, RIG_PATIENCE);
      fail_if (gst_element_seek_simple (
          rig.pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0));
    }
    rig_push_pair (&rig, &example, &example);
  }
  rig_end_both (&rig);
  rig_expect_end (&rig);
  rig_clear (&rig);
}
GST_END_TEST;

static gint
rate_of (GstElement *sink)
{
  GstPad *pad = gst_element_get_static_pad (sink, "clean");
  GstCaps *caps = gst_pad_query_caps (pad, NULL);
  gint rate = 0;

  gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate);
  gst_caps_unref (caps);
  gst_object_unref (pad);
  return rate;
}

GST_START_TEST (test_another_network_may_be_named_in_ready)
{
  gchar *other = g_build_filename (g_getenv ("MX_MODELS"), "digits.json", NULL);
  Rig rig;

  rig_init (&rig, "objective=supervised", FALSE);
  gst_element_set_state (rig.pipeline, GST_STATE_READY);
  fail_unless_equals_int (rate_of (rig.sink), RATE);
  g_object_set (rig.sink, "architecture", "/nowhere.json", NULL);
  for (guint i = 0; i < 2; i++) {
    fail_unless_equals_int (
        gst_element_set_state (rig.pipeline, GST_STATE_PAUSED),
        GST_STATE_CHANGE_FAILURE);
    rig_expect_error (&rig, "/nowhere.json");
  }
  g_object_set (rig.sink, "architecture", other, NULL);
  fail_unless_equals_int (
      gst_element_set_state (rig.pipeline, GST_STATE_PAUSED),
      GST_STATE_CHANGE_ASYNC);
  fail_unless_equals_int (rate_of (rig.sink), 8000);
  rig_clear (&rig);
  g_free (other);
}
GST_END_TEST;

/* Memory and the time of a step, which a stop waits for, grow with it. */
GST_START_TEST (test_a_batch_is_of_1024_windows_at_most)
{
  GstElement *sink = gst_element_factory_make ("mxtrainsink", NULL);
  GParamSpec *spec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "batch-size");

  fail_unless_equals_int (G_PARAM_SPEC_UINT (spec)->maximum, 1024);
  gst_object_unref (sink);
}
GST_END_TEST;

static Suite *
trainsink_control_suite (void)
{
  Suite *suite = suite_create ("trainsink-control");
  TCase *tcase = tcase_create ("trainsink-control");

  suite_add_tcase (suite, tcase);
  tcase_add_test (
      tcase, test_a_stopped_training_says_so_and_leaves_the_old_file);
  tcase_add_test (tcase, test_a_flush_forgets_the_examples_in_progress);
  tcase_add_test (tcase, test_a_seek_is_refused_and_training_goes_on);
  tcase_add_test (tcase, test_another_network_may_be_named_in_ready);
  tcase_add_test (tcase, test_a_batch_is_of_1024_windows_at_most);
  return suite;
}

GST_CHECK_MAIN (trainsink_control)
