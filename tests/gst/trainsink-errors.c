/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxtrainsink says to streams and settings it cannot work with, and that
 * no model is lost by it. */

#include "trainsink-rig.h"

/* ------------------------------------------------------------------- trouble
 */

static void
lose_an_example (Rig *rig)
{
  Example a = example_of (0, 0), b = example_of (1, 0), c = example_of (2, 0);

  rig_begin_both (rig);
  rig_push_pair (rig, &a, &a);
  rig_push_pair (rig, &b, &c);
  rig_end_both (rig);
}

static void
end_perturbed_early (Rig *rig)
{
  Example a = example_of (0, 0), b = example_of (1, 0);

  rig_begin_both (rig);
  rig_push_pair (rig, &a, &a);
  rig_push (rig->clean, &b, 1000);
  rig_end_both (rig);
}

static void
end_clean_early (Rig *rig)
{
  Example a = example_of (0, 0), b = example_of (1, 0);

  rig_begin_both (rig);
  rig_push_pair (rig, &a, &a);
  rig_push (rig->perturbed, &b, 1000);
  rig_end_both (rig);
}

static void
shorten_perturbed (Rig *rig)
{
  Example a = {.label = "slow", .length = 80}, b = a;

  b.length = 40;
  rig_begin_both (rig);
  rig_push_pair (rig, &a, &b);
  rig_end_both (rig);
}

static void
say_nothing (Rig *rig)
{
  Example a = example_of (0, 0);

  rig_begin (rig->clean, RATE, NULL, 0, 0);
  rig_begin (rig->perturbed, RATE, NULL, 0, 0);
  rig_push_samples (rig->clean, &a, 1, 1000);
  rig_push_samples (rig->perturbed, &a, 1, 1000);
}

static void
send_no_labels (Rig *rig)
{
  Example a = example_of (0, 0);

  rig_begin (rig->clean, RATE, NULL, 0, 0);
  rig_begin (rig->perturbed, RATE, NULL, 0, 0);
  rig_push_pair (rig, &a, &a);
  rig_end_both (rig);
}

static void
send_unknown_label (Rig *rig)
{
  Example a = {.label = "cat", .length = 20};

  rig_begin_both (rig);
  rig_push_pair (rig, &a, &a);
  rig_end_both (rig);
}

static void
send_one_class (Rig *rig)
{
  static const gchar *const one[] = {"slow", NULL};

  rig_begin (rig->clean, RATE, one, 4, 1);
  rig_begin (rig->perturbed, RATE, one, 4, 1);
}

static void
send_wrong_rate (Rig *rig)
{
  rig_begin (rig->clean, 100, rig_labels, 4, 1);
  rig_begin (rig->perturbed, 100, rig_labels, 4, 1);
}

static void
change_rate (Rig *rig)
{
  Example a = example_of (0, 0);

  rig_begin_both (rig);
  rig_push_pair (rig, &a, &a);
  rig_begin (rig->clean, 25, rig_labels, 4, 1);
}

static void
change_labels (Rig *rig)
{
  static const gchar *const others[] = {"cat", "dog", NULL};
  Example a = example_of (0, 0);

  rig_begin_both (rig);
  rig_push_pair (rig, &a, &a);
  rig_begin (rig->perturbed, RATE, others, 4, 1);
}

static void
send_malformed_event (Rig *rig)
{
  rig_begin_both (rig);
  gst_pad_push_event (rig->clean,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
          gst_structure_new ("GstMxExample", "index", G_TYPE_INT, -1, NULL)));
}

static void
send_an_hour (Rig *rig)
{
  Example a = {.label = "slow", .length = 3600 * RATE};

  rig_begin_both (rig);
  rig_push_pair (rig, &a, &a);
}

static void
send_half_a_frame (Rig *rig)
{
  Example a = {.label = "slow", .length = 20};

  rig_begin_both (rig);
  rig_announce (rig->clean, &a);
  gst_pad_push (rig->clean, gst_buffer_new_allocate (NULL, 6, NULL));
  rig_push (rig->perturbed, &a, 1000);
}

static void
send_only_unlabelled (Rig *rig)
{
  rig_begin_both (rig);
  for (guint i = 0; i < 10; i++) {
    Example a = {.index = i, .length = 20};

    rig_push_pair (rig, &a, &a);
  }
  rig_end_both (rig);
}

static void
send_huge_samples (Rig *rig)
{
  rig_begin_both (rig);
  for (guint i = 0; i < 10; i++) {
    Example a = example_of (i, 0);

    rig_announce (rig->clean, &a);
    rig_announce (rig->perturbed, &a);
    rig_push_samples (rig->clean, &a, 1e38f, 1000);
    rig_push_samples (rig->perturbed, &a, 1e38f, 1000);
  }
  rig_end_both (rig);
}

static void
send_nothing (Rig *rig)
{
  rig_begin_both (rig);
  rig_end_both (rig);
}

/* Beyond the longest example and what the queues hold besides. */
static void
starve_perturbed (Rig *rig)
{
  rig_begin_both (rig);
  for (guint i = 0; i < 30; i++) {
    Example a = {.index = i, .label = "slow", .length = 500 * RATE};

    rig_push (rig->clean, &a, 1000);
  }
}

static const struct {
  void (*stream) (Rig *rig);
  const gchar *error;
} troubles[] = {
    {lose_an_example, "pad \"perturbed\" has example 2 of epoch 0, expected "
                      "example 1 of epoch 0"},
    {end_perturbed_early, "pad \"perturbed\" ended, expected example 1"},
    {end_clean_early, "pad \"clean\" ended, expected example 1"},
    {shorten_perturbed, "40 samples on pad \"perturbed\", expected about 80"},
    {say_nothing, "training needs example events"},
    {send_no_labels, "labels: none"},
    {send_unknown_label, "The label \"cat\""},
    {send_one_class, "The data set has 1 class: slow; training needs at least"},
    {send_wrong_rate, "got 100 Hz and 2 channel(s), the model needs 50 Hz"},
    {change_rate, "got 25 Hz and 2 channel(s), the model needs 50 Hz"},
    {change_labels, "The data set changed in mid-stream"},
    {send_malformed_event, "an event GstMxExample whose fields are not as"},
    {send_an_hour, "longer than 10 minutes"},
    {send_half_a_frame, "does not hold whole frames of 2 channel(s)"},
    {send_only_unlabelled, "None of the 10 examples had a label"},
    {send_huge_samples, "Training diverged at step"},
    {send_nothing, "ended before a single training step"},
    {starve_perturbed, "Nothing arrives on pad \"perturbed\""},
};

/* In a thread: what fills a queue blocks until the pipeline stops. */
static gpointer
run_trouble (gpointer rig)
{
  troubles[((Rig *)rig)->trouble].stream (rig);
  return NULL;
}

/* Whoever waits for the end only must not take this for success. */
static void
expect_no_end (Rig *rig)
{
  GstMessage *message =
      gst_bus_timed_pop_filtered (rig->bus, GST_SECOND / 5, GST_MESSAGE_EOS);

  fail_unless (message == NULL);
}

GST_START_TEST (test_trouble_is_told_without_an_end_and_leaves_the_old_file)
{
  gchar *contents;
  GThread *thread;
  Rig rig;

  rig_init (&rig, "", TRUE);
  rig.trouble = __i__;
  fail_unless (g_file_set_contents (rig.location, "old", -1, NULL));
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  thread = g_thread_new ("push", run_trouble, &rig);
  rig_expect_error (&rig, troubles[__i__].error);
  expect_no_end (&rig);
  gst_element_set_state (rig.pipeline, GST_STATE_NULL);
  g_thread_join (thread);
  fail_unless (g_file_get_contents (rig.location, &contents, NULL, NULL));
  fail_unless_equals_string (contents, "old");
  g_free (contents);
  rig_clear (&rig);
}
GST_END_TEST;

static const struct {
  const gchar *properties;
  gboolean pairs;
  GstState state; /* that is refused */
  const gchar *error;
} refusals[] = {
    {"architecture=\"\"", TRUE, GST_STATE_READY, "Set either architecture"},
    {"model-file=x", TRUE, GST_STATE_READY, "Set either architecture"},
    {"architecture=/nowhere.json", TRUE, GST_STATE_READY, "/nowhere.json"},
    {"architecture=\"\" model-file=/nowhere", TRUE, GST_STATE_READY,
        "/nowhere"},
    {"location=/nowhere/model", TRUE, GST_STATE_PAUSED,
        "cannot be written: /nowhere/model: cannot write beside it: No such"},
    {"location=/tmp", TRUE, GST_STATE_PAUSED,
        "cannot be written: /tmp: found a folder"},
    {"location=/dev/null", TRUE, GST_STATE_PAUSED, "found no regular file"},
    {"location=/proc/model", TRUE, GST_STATE_PAUSED,
        "cannot be written: /proc/model"},
    {"location=\"\"", TRUE, GST_STATE_PAUSED, "Set location"},
    {"", FALSE, GST_STATE_PAUSED, "link a perturbed copy"},
    {"objective=augmented", FALSE, GST_STATE_PAUSED, "link a perturbed copy"},
    {"exit-weights=\"<1>\"", TRUE, GST_STATE_PAUSED,
        "exit-weights holds 1 weight, but the network has 2 exits"},
    {"exit-weights=\"<0,0>\"", TRUE, GST_STATE_PAUSED, "holds nothing but 0"},
    {"freeze-stages=3", TRUE, GST_STATE_PAUSED,
        "freeze-stages is 3, but the network has 2 stages"},
    {"freeze-stages=2 freeze-exits=true", TRUE, GST_STATE_PAUSED,
        "leave nothing that could learn"},
};

GST_START_TEST (test_what_cannot_work_is_refused_before_it_starts)
{
  Rig rig;

  rig_init (&rig, refusals[__i__].properties, refusals[__i__].pairs);
  if (refusals[__i__].state == GST_STATE_PAUSED)
    fail_unless_equals_int (
        gst_element_set_state (rig.pipeline, GST_STATE_READY),
        GST_STATE_CHANGE_SUCCESS);
  fail_unless_equals_int (
      gst_element_set_state (rig.pipeline, refusals[__i__].state),
      GST_STATE_CHANGE_FAILURE);
  rig_expect_error (&rig, refusals[__i__].error);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (test_a_perturbed_pad_that_nothing_is_linked_to_is_refused)
{
  GstPad *pad;
  Rig rig;

  rig_init (&rig, "", FALSE);
  pad = gst_element_request_pad_simple (rig.sink, "perturbed");
  fail_unless_equals_int (
      gst_element_set_state (rig.pipeline, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  rig_expect_error (&rig, "link a perturbed copy");
  gst_object_unref (pad);
  rig_clear (&rig);
}
GST_END_TEST;

static Suite *
trainsink_errors_suite (void)
{
  Suite *suite = suite_create ("trainsink-errors");
  TCase *tcase = tcase_create ("trainsink-errors");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase,
      test_trouble_is_told_without_an_end_and_leaves_the_old_file, 0,
      G_N_ELEMENTS (troubles));
  tcase_add_loop_test (tcase, test_what_cannot_work_is_refused_before_it_starts,
      0, G_N_ELEMENTS (refusals));
  tcase_add_test (
      tcase, test_a_perturbed_pad_that_nothing_is_linked_to_is_refused);
  return suite;
}

GST_CHECK_MAIN (trainsink_errors)
