/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* One branch of a training is flushed, and the other is not: no hang, and no
 * model of a part of the data. */

#include "trainsink-rig.h"

#include <gst/check/gsttestclock.h>

#define EXAMPLES 12

static void
start_flush (GstPad *pad)
{
  gst_pad_push_event (pad, gst_event_new_flush_start ());
}

static void
stop_flush (GstPad *pad)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, gst_event_new_flush_stop (TRUE));
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
}

static void
flush (GstPad *pad)
{
  start_flush (pad);
  stop_flush (pad);
}

/* GStreamer's multiqueue loses a sticky event that it is passing on while it is
 * flushed: each branch has to have passed on what begins it. */
static void
rig_begin_for_sure (Rig *rig)
{
  g_autoptr (GstElement) queues = NULL;

  rig_begin_both (rig);
  queues = gst_bin_get_by_name (GST_BIN (rig->sink), "queues");
  for (guint i = 0; i < 2; i++) {
    g_autofree gchar *name = g_strdup_printf ("src_%u", i);
    g_autoptr (GstPad) pad = gst_element_get_static_pad (queues, name);
    GstEvent *event;

    while ((event = gst_pad_get_sticky_event (
                pad, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, 0)) == NULL)
      g_usleep (1000);
    gst_event_unref (event);
  }
}

static GstPad *
branch (Rig *rig, guint i)
{
  return i == 0 ? rig->clean : rig->perturbed;
}

static void
push_pairs (Rig *rig, guint from, guint to)
{
  for (guint i = from; i < to; i++) {
    Example example = example_of (i, 0);

    rig_push_pair (rig, &example, &example);
  }
}

/* Whatever was taken of it meanwhile: the last one waits for its end. */
static void
begin (Rig *rig)
{
  rig_init (rig, "", TRUE);
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  rig_begin_for_sure (rig);
  push_pairs (rig, 0, EXAMPLES / 2);
}

static void
expect_out_of_step (Rig *rig)
{
  rig_expect_error (rig, "The branches are out of step");
  fail_if (g_file_test (rig->location, G_FILE_TEST_EXISTS));
  rig_clear (rig);
}

GST_START_TEST (test_one_branch_flushed_in_the_middle_is_out_of_step)
{
  Rig rig;

  begin (&rig);
  flush (branch (&rig, __i__));
  push_pairs (&rig, EXAMPLES / 2, EXAMPLES);
  rig_end_both (&rig);
  expect_out_of_step (&rig);
}
GST_END_TEST;

GST_START_TEST (test_one_branch_flushed_before_it_ends_is_out_of_step)
{
  Rig rig;

  begin (&rig);
  flush (branch (&rig, __i__));
  rig_end_both (&rig);
  expect_out_of_step (&rig);
}
GST_END_TEST;

GST_START_TEST (test_branches_flushed_at_different_times_are_out_of_step)
{
  Rig rig;

  begin (&rig);
  flush (branch (&rig, __i__));
  push_pairs (&rig, EXAMPLES / 2, EXAMPLES - 1);
  flush (branch (&rig, !__i__));
  push_pairs (&rig, EXAMPLES - 1, EXAMPLES);
  rig_end_both (&rig);
  expect_out_of_step (&rig);
}
GST_END_TEST;

GST_START_TEST (test_what_comes_during_a_flush_of_one_branch_is_missed)
{
  Rig rig;

  begin (&rig);
  start_flush (branch (&rig, __i__));
  push_pairs (&rig, EXAMPLES / 2, EXAMPLES - 1);
  stop_flush (branch (&rig, __i__));
  push_pairs (&rig, EXAMPLES - 1, EXAMPLES);
  rig_end_both (&rig);
  expect_out_of_step (&rig);
}
GST_END_TEST;

/* The flush takes its end back, and nobody says it again.  Patience is measured
 * by the clock of the test. */
GST_START_TEST (test_an_end_that_is_flushed_away_is_missed)
{
  GstClock *clock = gst_test_clock_new ();
  g_autofree gchar *words = NULL;
  GstClockID id;
  GstPad *flushed;
  Rig rig;

  gst_system_clock_set_default (clock);
  begin (&rig);
  flushed = branch (&rig, __i__);
  words = g_strdup_printf ("Nothing arrives on pad \"%s\", while pad \"%s\" "
                           "has ended",
      GST_PAD_NAME (flushed), GST_PAD_NAME (branch (&rig, !__i__)));
  gst_pad_push_event (flushed, gst_event_new_eos ());
  flush (flushed);
  gst_pad_push_event (branch (&rig, !__i__), gst_event_new_eos ());
  gst_test_clock_wait_for_next_pending_id (GST_TEST_CLOCK (clock), &id);
  gst_test_clock_set_time (GST_TEST_CLOCK (clock), gst_clock_id_get_time (id));
  gst_clock_id_unref (id);
  id = gst_test_clock_process_next_clock_id (GST_TEST_CLOCK (clock));
  gst_clock_id_unref (id);
  rig_expect_error (&rig, words);
  rig_clear (&rig);
  gst_system_clock_set_default (NULL);
  gst_object_unref (clock);
}
GST_END_TEST;

GST_START_TEST (test_an_end_that_is_said_again_is_an_end)
{
  GstPad *flushed;
  Rig rig;

  rig_init (&rig, "", TRUE);
  flushed = branch (&rig, __i__);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  rig_begin_for_sure (&rig);
  gst_pad_push_event (flushed, gst_event_new_eos ());
  flush (flushed);
  push_pairs (&rig, 0, EXAMPLES);
  rig_end_both (&rig);
  rig_expect_end (&rig);
  rig_clear (&rig);
}
GST_END_TEST;

static Suite *
trainsink_flushed_suite (void)
{
  Suite *suite = suite_create ("trainsink-flushed");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (
      tc, test_one_branch_flushed_in_the_middle_is_out_of_step, 0, 2);
  tcase_add_loop_test (
      tc, test_one_branch_flushed_before_it_ends_is_out_of_step, 0, 2);
  tcase_add_loop_test (
      tc, test_branches_flushed_at_different_times_are_out_of_step, 0, 2);
  tcase_add_loop_test (
      tc, test_what_comes_during_a_flush_of_one_branch_is_missed, 0, 2);
  tcase_add_loop_test (tc, test_an_end_that_is_flushed_away_is_missed, 0, 2);
  tcase_add_loop_test (tc, test_an_end_that_is_said_again_is_an_end, 0, 2);
  return suite;
}

GST_CHECK_MAIN (trainsink_flushed);
