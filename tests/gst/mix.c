/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxmix sends. */

#include "mix-rig.h"

#define LABELLED "mxdatasetsrc @labelled split=train shuffle=true "
#define UNLABELLED                                                             \
  "mxdatasetsrc @unlabelled labelled-fraction=0 epochs=-1 shuffle=true "       \
  "seed=3 "

/* The sink comes behind what stands last. */
#define SOURCES(shares, lead, follow)                                          \
  lead " ! mix.sink_0 " follow " ! mix.sink_1 mxmix name=mix " shares

static const struct {
  guint labelled, unlabelled;
} ratios[] = {{1, 1}, {1, 2}, {3, 2}, {2, 5}, {4, 1}};

GST_START_TEST (any_stretch_of_the_stream_holds_the_ratio)
{
  guint labelled = ratios[__i__].labelled,
        unlabelled = ratios[__i__].unlabelled;
  guint batch = labelled + unlabelled, found = 0;
  g_autofree gchar *text =
      g_strdup_printf (SOURCES ("sink_0::share=%u sink_1::share=%u",
                           LABELLED "epochs=10", UNLABELLED),
          labelled, unlabelled);
  Run *run;

  put_sources ();
  run = mix_to_eos (text);
  fail_unless_equals_int (run->heard->len, 60 * batch / labelled);
  fail_unless_equals_uint64 (run->dataset.examples, 6 * batch / labelled);
  fail_unless_equals_int (run->dataset.epochs, 10);
  for (guint i = 0; i < run->heard->len; i++) {
    found += run_heard (run, i)->is.label != NULL;
    if (i >= batch)
      found -= run_heard (run, i - batch)->is.label != NULL;
    fail_unless (i + 1 < batch || found == labelled, "%u at %u", found, i);
  }
  run_free (run);
}
GST_END_TEST;

static const gchar *const delays[] = {
    SOURCES ("sink_1::share=2", LABELLED "epochs=4 ! identity sleep-time=500",
        UNLABELLED),
    SOURCES ("sink_1::share=2", LABELLED "epochs=4",
        UNLABELLED "! identity sleep-time=500"),
    SOURCES ("sink_1::share=2", LABELLED "epochs=4 ! queue",
        UNLABELLED "! queue max-size-buffers=3"),
    /* requested and started in another order */
    UNLABELLED "! mix.sink_1 " LABELLED
               "epochs=4 ! mix.sink_0 mxmix name=mix sink_1::share=2",
};

GST_START_TEST (the_stream_does_not_depend_on_which_source_is_faster)
{
  Run *expected, *run;

  put_sources ();
  expected =
      mix_to_eos (SOURCES ("sink_1::share=2", LABELLED "epochs=4", UNLABELLED));
  run = mix_to_eos (delays[__i__]);
  fail_unless (run_equal (expected, run));
  fail_unless_equals_string (expected->order->str, run->order->str);
  run_free (expected);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (it_is_one_stream_of_one_data_set)
{
  Run *run;

  put_sources ();
  run = mix_to_eos (SOURCES ("sink_1::share=2", LABELLED, UNLABELLED));
  fail_unless (
      g_str_has_prefix (run->order->str, "SCGDEXEXEX"), "%s", run->order->str);
  fail_unless (g_str_has_suffix (run->order->str, "EXQ"));
  fail_unless_equals_int (run->gaps, 0);
  fail_unless_equals_int (g_strv_length (run->dataset.labels), 2);
  for (guint i = 0; i < run->heard->len; i++) {
    const Heard *heard = run_heard (run, i);

    fail_unless_equals_uint64 (heard->start, i * GST_SECOND / 2);
    fail_unless_equals_int (heard->samples->len, 10);
    fail_unless_equals_int (heard->is.index % 2, i % 3 == 0 ? 0 : 1);
  }
  run_free (run);
}
GST_END_TEST;

/* 24 are to be had of ten: epochs are those of the first source. */
GST_START_TEST (no_example_has_the_same_name_twice)
{
  g_autoptr (GHashTable) names =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Run *run;

  put_sources ();
  run =
      mix_to_eos (SOURCES ("sink_1::share=4", LABELLED "epochs=5", UNLABELLED));
  fail_unless_equals_int (run->heard->len, 5 * 30);
  for (guint i = 0; i < run->heard->len; i++) {
    const GstMxExample *is = &run_heard (run, i)->is;

    fail_unless_equals_int (is->epoch, i / 30);
    fail_unless (is->repeat < 4);
    fail_unless (
        g_hash_table_add (names, g_strdup_printf ("%" G_GUINT64_FORMAT " %u %u",
                                     is->index, is->epoch, is->repeat)));
  }
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (a_repeat_says_how_often_it_came_in_the_epoch)
{
  g_autoptr (GHashTable) met = g_hash_table_new (NULL, NULL);
  Run *run;

  put_sources ();
  run =
      mix_to_eos (SOURCES ("sink_1::share=4", LABELLED "epochs=3", UNLABELLED));
  for (guint i = 0; i < run->heard->len; i++) {
    const GstMxExample *is = &run_heard (run, i)->is;
    gpointer key = GUINT_TO_POINTER ((guint)is->index);

    if (i % 30 == 0)
      g_hash_table_remove_all (met);
    fail_unless_equals_int (
        is->repeat, GPOINTER_TO_UINT (g_hash_table_lookup (met, key)));
    g_hash_table_insert (met, key, GUINT_TO_POINTER (is->repeat + 1));
  }
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (examples_to_measure_with_come_behind_each_epoch)
{
  Run *run;

  put_sources ();
  run = mix_to_eos (SOURCES ("sink_1::share=2",
      "mxdatasetsrc @labelled split=train,valid epochs=3", UNLABELLED));
  fail_unless_equals_uint64 (run->dataset.examples, 20);
  fail_unless_equals_uint64 (run->dataset.valid, 2);
  fail_unless_equals_int (run->heard->len, 60);
  for (guint i = 0; i < run->heard->len; i++) {
    const GstMxExample *is = &run_heard (run, i)->is;

    fail_unless (
        (g_strcmp0 (is->split, GST_MX_SPLIT_VALID) == 0) == (i % 20 >= 18));
    fail_unless_equals_int (is->epoch, i / 20);
  }
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (three_sources_share_as_well)
{
  guint counts[3] = {0};
  Run *run;

  put_sources ();
  run = mix_to_eos (
      LABELLED "epochs=2 ! mix.sink_3 " UNLABELLED "! mix.sink_5 " UNLABELLED
               "! mix.sink_9 mxmix name=mix sink_3::share=2 sink_9::share=3");
  for (guint i = 0; i < run->heard->len; i++)
    counts[run_heard (run, i)->is.index % 3]++;
  fail_unless_equals_int (counts[0], 12);
  fail_unless_equals_int (counts[1], 6);
  fail_unless_equals_int (counts[2], 18);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (one_source_alone_passes)
{
  Run *run;

  put_sources ();
  run = mix_to_eos (LABELLED "epochs=2 ! mxmix");
  fail_unless_equals_int (run->heard->len, 12);
  run_free (run);
}
GST_END_TEST;

/* Stretches of a recording stay together: they have one name. */
GST_START_TEST (a_recording_with_labels_over_time_is_one_turn)
{
  guint labelled = 0;
  Run *run;

  put_sources ();
  put_recordings ("long", 4, 7000, RATE);
  folder_put (folder, "long/labels.csv",
      "path,start_s,end_s,label\n00.wav,0,0.2,a\n00.wav,0.2,0.5,b\n"
      "01.wav,0.1,0.5,b\n02.wav,0,0.1,a\n03.wav,0,0.5,\n",
      -1);
  folder_put (folder, "long/manifest.csv",
      "path,label\n00.wav,\n01.wav,\n02.wav,\n03.wav,\n", -1);
  run = mix_to_eos ("mxdatasetsrc @long epochs=4 ! mix.sink_0 " UNLABELLED
                    "! mix.sink_1 mxmix name=mix sink_1::share=2");
  for (guint i = 0; i < run->heard->len; i++) {
    const GstMxExample *is = &run_heard (run, i)->is;

    labelled += is->index % 2 == 0 && !is->gap;
    /* its second half comes at once, without a break */
    if (is->index == 0 && g_strcmp0 (is->label, "a") == 0)
      fail_unless_equals_string (run_heard (run, i + 1)->is.label, "b");
  }
  fail_unless_equals_int (labelled, 4 * 5);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (a_stream_without_events_is_cut_into_unlabelled_examples)
{
  Run *run, *again;
  const gchar *text = LABELLED
      "epochs=2 ! mix.sink_0 audiotestsrc samplesperbuffer=7 wave=saw ! "
      "audio/x-raw,format=F32LE,rate=20,channels=1 ! mix.sink_1 "
      "mxmix name=mix sink_1::share=2 sink_1::example-duration=500000000";

  put_sources ();
  run = mix_to_eos (text);
  again = mix_to_eos (text);
  fail_unless_equals_int (run->heard->len, 36);
  fail_unless_equals_int (run->gaps, 0);
  for (guint i = 0; i < run->heard->len; i++) {
    const Heard *heard = run_heard (run, i);

    fail_unless_equals_int (heard->samples->len, 10);
    fail_unless ((heard->is.label == NULL) == (i % 3 != 0));
    if (i % 3 != 0)
      fail_unless_equals_uint64 (
          heard->is.index / 2, (guint64)(i / 3 * 2 + i % 3 - 1));
  }
  fail_unless (run_equal (run, again));
  run_free (run);
  run_free (again);
}
GST_END_TEST;

static Suite *
mix_suite (void)
{
  Suite *suite = suite_create ("mix");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (
      tc, any_stretch_of_the_stream_holds_the_ratio, 0, G_N_ELEMENTS (ratios));
  tcase_add_loop_test (tc, the_stream_does_not_depend_on_which_source_is_faster,
      0, G_N_ELEMENTS (delays));
  tcase_add_test (tc, it_is_one_stream_of_one_data_set);
  tcase_add_test (tc, no_example_has_the_same_name_twice);
  tcase_add_test (tc, a_repeat_says_how_often_it_came_in_the_epoch);
  tcase_add_test (tc, examples_to_measure_with_come_behind_each_epoch);
  tcase_add_test (tc, three_sources_share_as_well);
  tcase_add_test (tc, one_source_alone_passes);
  tcase_add_test (tc, a_recording_with_labels_over_time_is_one_turn);
  tcase_add_test (tc, a_stream_without_events_is_cut_into_unlabelled_examples);
  return suite;
}

GST_CHECK_MAIN (mix);
