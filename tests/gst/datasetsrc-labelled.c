/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which examples are sent with their label, and how often. */

#include "dataset-rig.h"

GST_START_TEST (the_labelled_fraction_stays_the_same_over_epochs)
{
  guint labelled = 0;
  Run *run;

  for (guint i = 0; i < 10; i++) {
    gchar *path = g_strdup_printf ("a/%u.wav", i);

    wav_put_ramp (folder, path, 20, 1, 2, 0);
    g_free (path);
  }
  run = run_to_eos (folder, "epochs=3 labelled-fraction=0.3");
  for (guint i = 0; i < 30; i++) {
    const gchar *label = run_heard (run, i)->is.label;

    labelled += label != NULL;
    fail_unless_equals_string (label, run_heard (run, i % 10)->is.label);
  }
  fail_unless_equals_int (labelled, 9);
  run_free (run);
}
GST_END_TEST;

/* Two labelled and six unlabelled: four of ten are to be labelled. */
GST_START_TEST (a_labelled_share_repeats_what_is_labelled)
{
  guint labelled = 0, again = 0;
  Run *run;

  for (guint i = 0; i < 8; i++) {
    gchar *path = g_strdup_printf (i % 2 ? "a/%u.wav" : "b/%u.wav", i);

    wav_put_ramp (folder, path, 20, 1, 2, 0);
    g_free (path);
  }
  run = run_to_eos (
      folder, "epochs=2 labelled-per-class=1 labelled-share=0.4 shuffle=true");
  fail_unless_equals_uint64 (run->dataset.examples, 10);
  fail_unless_equals_int (run->heard->len, 20);
  for (guint i = 0; i < run->heard->len; i++) {
    const GstMxExample *is = &run_heard (run, i)->is;

    labelled += is->label != NULL;
    again += is->repeat;
    fail_unless_equals_int (is->epoch, i / 10);
  }
  fail_unless_equals_int (labelled, 8);
  fail_unless_equals_int (again, 4);
  run_free (run);
}
GST_END_TEST;

/* What a repeated example gets by chance, it gets anew. */
GST_START_TEST (a_repeated_example_lies_elsewhere_in_its_silence)
{
  guint moved = 0;
  Run *run;

  wav_put_ramp (folder, "a/1.wav", 20, 1, 2, 5);
  wav_put_ramp (folder, "b/2.wav", 20, 1, 2, 5);
  for (guint i = 0; i < 10; i++) {
    gchar *path = g_strdup_printf ("b/%u.wav", 10 + i);

    wav_put_ramp (folder, path, 20, 1, 2, 5);
    g_free (path);
  }
  run = run_to_eos (folder, "labelled-per-class=1 labelled-share=0.9 "
                            "pad-to=50000000000");
  fail_unless_equals_int (run->heard->len, 100);
  for (guint i = 2; i < run->heard->len; i++) {
    const Heard *a = run_heard (run, i), *b = run_heard (run, i - 2);

    if (a->is.index != b->is.index || a->samples->len != b->samples->len)
      continue;
    moved += memcmp (a->samples->data, b->samples->data,
                 a->samples->len * sizeof (gfloat)) != 0;
  }
  fail_unless (moved > 50, "%u", moved);
  run_free (run);
}
GST_END_TEST;

/* Four of which two are labelled make six turns of which four are; two more are
 * to measure with. */
GST_START_TEST (what_is_measured_with_comes_once_at_the_end)
{
  static const gchar *const paths[] = {"train/a/1.wav", "train/a/2.wav",
      "train/b/3.wav", "train/b/4.wav", "valid/a/5.wav", "valid/b/6.wav"};
  Run *run;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    wav_put_ramp (folder, paths[i], 20, 1, 2, 0);
  run =
      run_to_eos (folder, "split=train,valid labelled-per-class=1 shuffle=true "
                          "labelled-share=0.6667 balance=true epochs=2");
  fail_unless_equals_uint64 (run->dataset.examples, 8);
  fail_unless_equals_int (run->heard->len, 16);
  for (guint i = 0; i < run->heard->len; i++) {
    const GstMxExample *is = &run_heard (run, i)->is;

    fail_unless_equals_string (is->split, i % 8 < 6 ? "train" : "valid");
    fail_unless (i % 8 < 6 || is->repeat == 0);
  }
  run_free (run);
}
GST_END_TEST;

static Suite *
datasetsrc_labelled_suite (void)
{
  Suite *suite = suite_create ("datasetsrc-labelled");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, the_labelled_fraction_stays_the_same_over_epochs);
  tcase_add_test (tc, a_labelled_share_repeats_what_is_labelled);
  tcase_add_test (tc, a_repeated_example_lies_elsewhere_in_its_silence);
  tcase_add_test (tc, what_is_measured_with_comes_once_at_the_end);
  return suite;
}

GST_CHECK_MAIN (datasetsrc_labelled);
