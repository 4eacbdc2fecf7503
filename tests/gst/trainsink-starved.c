/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Branches to which nothing comes. */

#include "trainsink-rig.h"

#include <gst/check/gsttestclock.h>

static void
push_some (GstPad *pad)
{
  rig_begin (pad, RATE, rig_labels, 9, 1);
  for (guint i = 0; i < 9; i++) {
    Example example = example_of (i, 0);

    rig_push (pad, &example, 1000);
  }
  gst_pad_push_event (pad, gst_event_new_eos ());
}

GST_START_TEST (test_a_pad_that_nothing_is_linked_to_is_not_waited_for)
{
  static const gchar *const objectives[] = {
      "objective=supervised", "objective=self-distillation"};
  GstPad *pad;
  Rig rig;

  rig_init (&rig, objectives[__i__], FALSE);
  pad = gst_element_request_pad_simple (rig.sink, "perturbed");
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  push_some (rig.clean);
  rig_expect_end (&rig);
  gst_object_unref (pad);
  rig_clear (&rig);
}
GST_END_TEST;

static const struct {
  const gchar *properties;
  const gchar *silent;
  const gchar *error;
} silences[] = {
    {"", "perturbed",
        "Nothing arrives on pad \"perturbed\", while pad \"clean\" has ended"},
    {"objective=supervised", "perturbed",
        "Nothing arrives on pad \"perturbed\", while pad \"clean\" has ended"},
    {"", "clean",
        "Nothing arrives on pad \"clean\", while pad \"perturbed\" has ended"},
};

/* The clock of the test is the one that patience is measured by. */
static GstTestClock *
make_clock (void)
{
  GstClock *clock = gst_test_clock_new ();

  gst_system_clock_set_default (clock);
  return GST_TEST_CLOCK (clock);
}

/* @late: the silent branch speaks after all. */
static void
run_silence (Rig *rig, GstTestClock *clock, const gchar *silent, gboolean late)
{
  gboolean is_clean = g_str_equal (silent, "clean");
  GstClockID id;

  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  push_some (is_clean ? rig->perturbed : rig->clean);
  gst_test_clock_wait_for_next_pending_id (clock, &id);
  if (late)
    rig_begin (is_clean ? rig->clean : rig->perturbed, RATE, rig_labels, 9, 1);
  gst_test_clock_set_time (clock, gst_clock_id_get_time (id));
  gst_clock_id_unref (id);
  id = gst_test_clock_process_next_clock_id (clock);
  gst_clock_id_unref (id);
}

GST_START_TEST (test_a_branch_that_is_silent_to_the_end_is_an_error)
{
  GstTestClock *clock = make_clock ();
  Rig rig;

  rig_init (&rig, silences[__i__].properties, TRUE);
  run_silence (&rig, clock, silences[__i__].silent, FALSE);
  rig_expect_error (&rig, silences[__i__].error);
  rig_clear (&rig);
  gst_system_clock_set_default (NULL);
  gst_object_unref (clock);
}
GST_END_TEST;

/* A perturbation may take its time. */
GST_START_TEST (test_a_branch_that_began_is_waited_for)
{
  GstTestClock *clock = make_clock ();
  Rig rig;

  rig_init (&rig, "", TRUE);
  run_silence (&rig, clock, "perturbed", TRUE);
  push_some (rig.perturbed);
  rig_expect_end (&rig);
  rig_clear (&rig);
  gst_system_clock_set_default (NULL);
  gst_object_unref (clock);
}
GST_END_TEST;

GST_START_TEST (test_a_training_that_is_stopped_waits_no_longer)
{
  GstTestClock *clock = make_clock ();
  Rig rig;

  rig_init (&rig, "", TRUE);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  push_some (rig.clean);
  gst_test_clock_wait_for_next_pending_id (clock, NULL);
  gst_element_set_state (rig.pipeline, GST_STATE_READY);
  fail_unless_equals_int (gst_test_clock_peek_id_count (clock), 0);
  rig_clear (&rig);
  gst_system_clock_set_default (NULL);
  gst_object_unref (clock);
}
GST_END_TEST;

static Suite *
trainsink_starved_suite (void)
{
  Suite *suite = suite_create ("trainsink-starved");
  TCase *tcase = tcase_create ("trainsink-starved");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (
      tcase, test_a_pad_that_nothing_is_linked_to_is_not_waited_for, 0, 2);
  tcase_add_loop_test (tcase,
      test_a_branch_that_is_silent_to_the_end_is_an_error, 0,
      G_N_ELEMENTS (silences));
  tcase_add_test (tcase, test_a_branch_that_began_is_waited_for);
  tcase_add_test (tcase, test_a_training_that_is_stopped_waits_no_longer);
  return suite;
}

GST_CHECK_MAIN (trainsink_starved)
