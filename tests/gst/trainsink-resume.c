/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which checkpoints mxtrainsink goes on from, and which it refuses. */

#include "trainsink-rig.h"

#include <unistd.h>

#define EXAMPLES 16
#define EPOCHS 3

static gchar *checkpoint;

/* Each test has rigs one after another, that share a checkpoint. */
static void
set_up (void)
{
  checkpoint = g_strdup_printf (
      "%s/mxtrainsink-resume-%d", g_get_tmp_dir (), (int)getpid ());
}

static void
tear_down (void)
{
  g_unlink (checkpoint);
  g_free (checkpoint);
}

static void
begin (Rig *rig, const gchar *properties)
{
  gchar *all =
      g_strdup_printf ("checkpoint-location=%s checkpoint-interval=1 %s",
          checkpoint, properties);

  rig_init (rig, all, TRUE);
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  rig_begin (rig->clean, RATE, rig_labels, EXAMPLES, EPOCHS);
  rig_begin (rig->perturbed, RATE, rig_labels, EXAMPLES, EPOCHS);
  g_free (all);
}

static void
push (Rig *rig, guint from, guint to)
{
  for (guint i = from; i < to; i++) {
    Example example = example_of (i % EXAMPLES, i / EXAMPLES);

    rig_push_pair (rig, &example, &example);
  }
}

/* Pushes the first examples and stops once there is a checkpoint. */
static void
leave_a_checkpoint (void)
{
  Rig rig;

  begin (&rig, "");
  push (&rig, 0, EXAMPLES);
  while (!g_file_test (checkpoint, G_FILE_TEST_EXISTS))
    g_usleep (1000);
  rig_clear (&rig);
}

static GBytes *
finish (Rig *rig)
{
  gchar *contents;
  gsize size;

  push (rig, 0, EXAMPLES * EPOCHS);
  rig_end_both (rig);
  rig_expect_end (rig);
  fail_unless (g_file_get_contents (rig->location, &contents, &size, NULL));
  rig_clear (rig);
  return g_bytes_new_take (contents, size);
}

GST_START_TEST (test_a_training_goes_on_from_where_it_was_stopped)
{
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GBytes) resumed = NULL;
  Rig rig;

  begin (&rig, "resume=true"); /* there is nothing yet: from the beginning */
  whole = finish (&rig);
  g_unlink (checkpoint);
  leave_a_checkpoint ();
  begin (&rig, "resume=true threads=2 patience=9");
  resumed = finish (&rig);
  fail_unless (g_bytes_equal (whole, resumed));
}
GST_END_TEST;

static const struct {
  const gchar *properties, *error;
} others[] = {
    {"batch-size=16", "batch-size was 8, is 16"},
    {"seed=7", "seed was 1, is 7"},
    {"objective=augmented", "objective was consistent-exit, is augmented"},
    {"learning-rate=0.5 schedule=constant", "schedule was cosine, is constant"},
    {"valid-metric=loss", "valid-metric was auc, is loss"},
};

GST_START_TEST (test_a_checkpoint_of_other_settings_is_refused_by_their_names)
{
  gchar *properties =
      g_strconcat ("resume=true ", others[__i__].properties, NULL);
  Rig rig;

  leave_a_checkpoint ();
  begin (&rig, properties);
  push (&rig, 0, 1);
  rig_end_both (&rig);
  rig_expect_error (&rig, others[__i__].error);
  rig_clear (&rig);
  g_free (properties);
}
GST_END_TEST;

GST_START_TEST (test_a_checkpoint_of_another_architecture_is_refused)
{
  gchar *text, **parts;
  Rig rig;

  leave_a_checkpoint ();
  parts = g_strsplit (rig_architecture, "\"filters\": 8", -1);
  text = g_strjoinv ("\"filters\": 9", parts);
  begin (&rig, "resume=true");
  gst_element_set_state (rig.pipeline, GST_STATE_NULL);
  fail_unless (g_file_set_contents (rig.architecture, text, -1, NULL));
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  rig_begin (rig.clean, RATE, rig_labels, EXAMPLES, EPOCHS);
  rig_begin (rig.perturbed, RATE, rig_labels, EXAMPLES, EPOCHS);
  push (&rig, 0, 1);
  rig_end_both (&rig);
  rig_expect_error (&rig, "the architecture is another");
  rig_clear (&rig);
  g_strfreev (parts);
  g_free (text);
}
GST_END_TEST;

GST_START_TEST (test_a_checkpoint_of_other_data_is_refused)
{
  Rig rig;

  leave_a_checkpoint ();
  begin (&rig, "resume=true");
  rig_begin (rig.clean, RATE, rig_labels, EXAMPLES + 1, EPOCHS);
  rig_begin (rig.perturbed, RATE, rig_labels, EXAMPLES + 1, EPOCHS);
  push (&rig, 0, 1);
  rig_end_both (&rig);
  rig_expect_error (&rig, "the data set was 16 examples (0 valid) in 3 epochs, "
                          "is 17 examples (0 valid) in 3 epochs");
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (test_another_order_of_the_data_is_noticed)
{
  Rig rig;

  leave_a_checkpoint ();
  begin (&rig, "resume=true");
  for (guint i = 0; i < EXAMPLES; i++) {
    Example example = example_of (EXAMPLES - 1 - i, 0);

    rig_push_pair (&rig, &example, &example);
  }
  rig_end_both (&rig);
  rig_expect_error (&rig, "The stream is not the one of the checkpoint");
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (test_a_stream_that_ends_before_the_checkpoint_is_noticed)
{
  Rig rig;

  leave_a_checkpoint ();
  begin (&rig, "resume=true");
  push (&rig, 0, 1);
  rig_end_both (&rig);
  rig_expect_error (&rig, "The stream ended after 1 examples, before it came");
  rig_clear (&rig);
}
GST_END_TEST;

static const gchar *const spoilt[] = {
    "", "not a checkpoint", "\x02\0\0\0\0\0\0\0{}"};

GST_START_TEST (test_a_file_that_is_no_checkpoint_is_refused_and_left_alone)
{
  gsize size = __i__ == 2 ? 10 : strlen (spoilt[__i__]);
  gchar *contents;
  Rig rig;

  fail_unless (
      g_file_set_contents (checkpoint, spoilt[__i__], (gssize)size, NULL));
  begin (&rig, "resume=true");
  push (&rig, 0, 1);
  rig_end_both (&rig);
  rig_expect_error (&rig, checkpoint);
  rig_clear (&rig);
  fail_unless (g_file_get_contents (checkpoint, &contents, &size, NULL));
  fail_unless (memcmp (contents, spoilt[__i__], size) == 0);
  g_free (contents);
}
GST_END_TEST;

GST_START_TEST (test_a_checkpoint_that_is_cut_short_is_refused)
{
  gchar *contents;
  gsize size;
  Rig rig;

  leave_a_checkpoint ();
  fail_unless (g_file_get_contents (checkpoint, &contents, &size, NULL));
  fail_unless (g_file_set_contents (
      checkpoint, contents, (gssize)size * (__i__ + 1) / 8, NULL));
  begin (&rig, "resume=true");
  push (&rig, 0, 1);
  rig_end_both (&rig);
  rig_expect_error (&rig, "Training cannot go on from the checkpoint");
  rig_clear (&rig);
  g_free (contents);
}
GST_END_TEST;

GST_START_TEST (test_a_checkpoint_that_is_not_gone_on_from_is_told_of)
{
  GstMessage *message;
  GError *warning;
  Rig rig;

  leave_a_checkpoint ();
  begin (&rig, "");
  push (&rig, 0, 2);
  message = gst_bus_timed_pop_filtered (
      rig.bus, RIG_PATIENCE, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
  fail_unless (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING);
  gst_message_parse_warning (message, &warning, NULL);
  fail_unless (strstr (warning->message, "Set resume=true to go on from it"));
  g_error_free (warning);
  gst_message_unref (message);
  rig_clear (&rig);
}
GST_END_TEST;

/* ------------------------------------------------------------ divergence */

GST_START_TEST (test_a_loss_that_explodes_stops_and_keeps_the_checkpoint)
{
  gchar *words = g_strdup_printf ("is kept in %s", checkpoint);
  Rig rig;

  /* Gradients so short, times such a rate, are finite and lead nowhere. */
  begin (&rig, "optimizer=sgd learning-rate=100 warm-up=2 gradient-clip=100");
  push (&rig, 0, EXAMPLES * EPOCHS);
  rig_end_both (&rig);
  rig_expect_error (&rig, words);
  fail_unless (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  fail_if (g_file_test (rig.location, G_FILE_TEST_EXISTS));
  rig_clear (&rig);
  g_free (words);
}
GST_END_TEST;

static Suite *
trainsink_resume_suite (void)
{
  Suite *suite = suite_create ("trainsink-resume");
  TCase *tcase = tcase_create ("trainsink-resume");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, test_a_training_goes_on_from_where_it_was_stopped);
  tcase_add_loop_test (tcase,
      test_a_checkpoint_of_other_settings_is_refused_by_their_names, 0,
      G_N_ELEMENTS (others));
  tcase_add_test (tcase, test_a_checkpoint_of_another_architecture_is_refused);
  tcase_add_test (tcase, test_a_checkpoint_of_other_data_is_refused);
  tcase_add_test (tcase, test_another_order_of_the_data_is_noticed);
  tcase_add_test (
      tcase, test_a_stream_that_ends_before_the_checkpoint_is_noticed);
  tcase_add_loop_test (tcase,
      test_a_file_that_is_no_checkpoint_is_refused_and_left_alone, 0,
      G_N_ELEMENTS (spoilt));
  tcase_add_loop_test (
      tcase, test_a_checkpoint_that_is_cut_short_is_refused, 0, 7);
  tcase_add_test (tcase, test_a_checkpoint_that_is_not_gone_on_from_is_told_of);
  tcase_add_test (
      tcase, test_a_loss_that_explodes_stops_and_keeps_the_checkpoint);
  return suite;
}

GST_CHECK_MAIN (trainsink_resume)
