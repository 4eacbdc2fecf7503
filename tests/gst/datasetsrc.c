/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "dataset-rig.h"

GST_START_TEST (events_come_in_order_and_each_example_begins_anew)
{
  Run *run;

  put_three ();
  run = run_to_eos (folder, "epochs=2");
  fail_unless_equals_string (run->order->str, "SCGD"
                                              "EXBBEXBEXB"
                                              "EXBBEXBEXB"
                                              "Q");
  fail_unless_equals_uint64 (run->dataset.examples, 3);
  fail_unless_equals_int (run->dataset.epochs, 2);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (an_example_says_what_it_is)
{
  Run *run;
  GstMxExample *is;

  put_three ();
  folder_put (folder, "manifest.csv",
      "subject,path,split,label\n"
      "anna,train/b/1.wav,train,no\nbert,test/a/3.wav,test,\n",
      -1);
  run = run_to_eos (folder, "epochs=2");
  is = &run_heard (run, 2)->is;
  fail_unless_equals_string (is->label, "no");
  fail_unless_equals_string (is->split, "train");
  fail_unless_equals_string (is->subject, "anna");
  fail_unless_equals_string (is->path, "train/b/1.wav");
  fail_unless_equals_uint64 (is->index, 0);
  fail_unless_equals_int (is->epoch, 1);
  is = &run_heard (run, 1)->is;
  fail_unless (is->label == NULL);
  fail_unless_equals_uint64 (is->index, 1);
  fail_unless_equals_int (is->epoch, 0);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (all_splits_have_the_same_labels)
{
  static const gchar *const splits[] = {
      "split=train", "split=test", "labels=b,a"};
  static const gchar *const expected[] = {"a,b", "a,b", "b,a"};

  put_three ();
  for (guint i = 0; i < 3; i++) {
    Run *run = run_to_eos (folder, splits[i]);
    gchar *labels = g_strjoinv (",", run->dataset.labels);

    fail_unless_equals_string (labels, expected[i]);
    g_free (labels);
    run_free (run);
  }
}
GST_END_TEST;

GST_START_TEST (the_index_counts_in_the_whole_data_set)
{
  Run *run;

  put_three ();
  run = run_to_eos (folder, "split=train start-index=1");
  fail_unless_equals_uint64 (run->dataset.examples, 1);
  fail_unless_equals_uint64 (run_heard (run, 0)->is.index, 2);
  fail_unless_equals_string (run_heard (run, 0)->is.path, "train/b/2.wav");
  run_free (run);
}
GST_END_TEST;

/* 1001 frames at 44100 Hz are no whole number of nanoseconds. */
GST_START_TEST (time_goes_on_over_examples_and_epochs_without_drift)
{
  Run *run;
  guint64 frames = 0;

  wav_put_ramp (folder, "a/1.wav", 44100, 1, 1001, 0);
  wav_put_ramp (folder, "a/2.wav", 44100, 1, 100001, 0);
  run = run_to_eos (folder, "epochs=7");
  fail_unless_equals_int (run->gaps, 0);
  fail_unless_equals_int (run->heard->len, 14);
  for (guint i = 0; i < run->heard->len; i++) {
    fail_unless_equals_uint64 (run_heard (run, i)->start,
        gst_util_uint64_scale (frames, GST_SECOND, 44100));
    frames += i % 2 ? 100001 : 1001;
    fail_unless_equals_uint64 (run_heard (run, i)->end,
        gst_util_uint64_scale (frames, GST_SECOND, 44100));
  }
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (shuffled_epochs_hold_each_example_once_in_another_order)
{
  guint64 order[4][20];
  Run *run;

  for (guint i = 0; i < 20; i++) {
    gchar *path = g_strdup_printf ("a/%02u.wav", i);

    wav_put_ramp (folder, path, 20, 1, 2, i);
    g_free (path);
  }
  run = run_to_eos (folder, "epochs=4 shuffle=true seed=3");
  fail_unless_equals_int (run->heard->len, 80);
  for (guint epoch = 0; epoch < 4; epoch++) {
    guint seen = 0;

    for (guint i = 0; i < 20; i++) {
      const Heard *heard = run_heard (run, epoch * 20 + i);

      fail_unless_equals_int (heard->is.epoch, epoch);
      order[epoch][i] = heard->is.index;
      seen |= 1u << heard->is.index;
      fail_unless (
          g_array_index (heard->samples, gfloat, 0) == heard->is.index);
    }
    fail_unless (seen == (1u << 20) - 1);
    for (guint before = 0; before < epoch; before++)
      fail_if (
          memcmp (order[before], order[epoch], sizeof (order[epoch])) == 0);
  }
  run_free (run);
}
GST_END_TEST;

static const struct {
  const gchar *one, *other;
  gboolean equal;
} repeats[] = {
    {"seed=5", "seed=5", TRUE},
    {"seed=5", "seed=6", FALSE},
    /* kept in memory, decoded again, and some of both */
    {"seed=5", "seed=5 cache-size=0", TRUE},
    {"seed=5", "seed=5 cache-size=300", TRUE},
};

GST_START_TEST (equal_seeds_send_equal_bytes)
{
  check_repeat ("epochs=3 shuffle=true pad-to=3000000000 labelled-fraction=0.5",
      repeats[__i__].one, repeats[__i__].other, 9, repeats[__i__].equal);
}
GST_END_TEST;

/* Where the example lies in its silence; its samples are 5, 6, 7 ... */
static guint
silence_before (const Heard *heard, guint own)
{
  const gfloat *samples = (const gfloat *)heard->samples->data;
  guint ahead = 0;

  while (ahead < heard->samples->len && samples[ahead] == 0)
    ahead++;
  for (guint i = 0; i < heard->samples->len; i++)
    fail_unless (
        samples[i] == (i >= ahead && i < ahead + own ? 5.0f + i - ahead : 0));
  return ahead;
}

GST_START_TEST (a_short_example_is_laid_into_silence)
{
  gboolean seen[52] = {FALSE};
  guint places = 0;
  Run *run;

  wav_put_ramp (folder, "a/short.wav", 20, 1, 9, 5);
  wav_put_ramp (folder, "b/long.wav", 20, 1, 90, 5);
  run = run_to_eos (folder, "pad-to=3000000000 pad-position=centre labels=a,b");
  fail_unless_equals_int (run_heard (run, 0)->samples->len, 60);
  fail_unless_equals_int (run_heard (run, 0)->buffers, 3);
  fail_unless_equals_int (silence_before (run_heard (run, 0), 9), 25);
  fail_unless_equals_int (run_heard (run, 1)->samples->len, 90);
  fail_unless_equals_int (silence_before (run_heard (run, 1), 90), 0);
  run_free (run);

  run = run_to_eos (folder, "pad-to=3000000000 epochs=60 stop-index=1");
  for (guint i = 0; i < 60; i++) {
    guint ahead = silence_before (run_heard (run, i), 9);

    fail_unless_equals_int (run_heard (run, i)->samples->len, 60);
    fail_unless (ahead <= 51);
    places += !seen[ahead];
    seen[ahead] = TRUE;
  }
  /* of 52 places, 60 draws meet 36 on average */
  fail_unless (places > 20, "%u places", places);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (num_buffers_ends_the_stream_early)
{
  Run *run;

  put_three ();
  run = run_to_eos (folder, "epochs=-1 num-buffers=8");
  fail_unless_equals_string (run->order->str, "SCGDEXBBEXBEXBEXQ");
  fail_unless_equals_int (run->dataset.epochs, -1);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (no_epochs_are_an_empty_stream)
{
  Run *run;

  put_three ();
  run = run_to_eos (folder, "epochs=0");
  fail_unless_equals_int (run->heard->len, 0);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (the_labels_in_use_can_be_read_while_running)
{
  GstElement *pipeline, *src;
  gchar *labels;

  put_three ();
  wav_put_ramp (folder, "train/c, d/1.wav", 20, 1, 30, 100);
  pipeline = run_pipeline (folder, "epochs=-1");
  src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  g_object_get (src, "labels", &labels, NULL);
  fail_unless (labels == NULL);
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  g_object_get (src, "labels", &labels, NULL);
  fail_unless_equals_string (labels, "a,b,\"c, d\"");
  g_free (labels);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_object_get (src, "labels", &labels, NULL);
  fail_unless (labels == NULL);
  gst_object_unref (src);
  gst_object_unref (pipeline);
}
GST_END_TEST;

/* Nothing is kept, so that most of the time a file is being decoded. */
GST_START_TEST (a_stop_in_mid_run_comes_back_and_can_start_again)
{
  GstElement *pipeline;

  put_three ();
  pipeline = run_pipeline (folder, "epochs=-1 cache-size=0");
  for (guint i = 0; i < 60; i++) {
    run_start (pipeline);
    g_usleep (i % 7 * 500);
    gst_element_set_state (pipeline, i % 2 ? GST_STATE_READY : GST_STATE_NULL);
  }
  run_finish (pipeline);
}
GST_END_TEST;

static GstPadProbeReturn
count_buffers (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  g_atomic_int_inc ((gint *)user_data);
  return GST_PAD_PROBE_OK;
}

GST_START_TEST (a_flush_in_mid_run_goes_on_afterwards)
{
  GstElement *pipeline, *src;
  GstPad *pad;
  gint arrived = 0;

  put_three ();
  pipeline = run_pipeline (folder, "epochs=-1 cache-size=0");
  src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  pad = gst_element_get_static_pad (src, "src");
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, count_buffers, &arrived, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 60; i++) {
    gint before;

    gst_element_send_event (src, gst_event_new_flush_start ());
    gst_element_send_event (src, gst_event_new_flush_stop (TRUE));
    before = g_atomic_int_get (&arrived);
    if (i % 2)
      while (g_atomic_int_get (&arrived) == before)
        g_usleep (100);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pad);
  gst_object_unref (src);
  gst_object_unref (pipeline);
}
GST_END_TEST;

GST_START_TEST (both_branches_of_a_tee_hear_the_events)
{
  Run *run;

  put_three ();
  run = run_to_eos (folder,
      "! tee name=t ! queue ! fakesink sync=false async=false t. ! queue ! "
      "audioconvert");
  fail_unless_equals_string (run->order->str, "SCGDEXBBEXBEXBQ");
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (an_error_of_decoding_tells_what_the_decoder_said)
{
  Run *run;

  folder_put (folder, "train/a/1.wav", "RIFF", 4);
  run = run_new (folder, "");
  fail_unless (run->error != NULL);
  fail_unless (strstr (run->debug, "GstPipeline:mxdecoder"), "%s", run->debug);
  run_free (run);
}
GST_END_TEST;

static const gchar *const failures[] = {
    "", /* a file that does not decode */
    "stop-index=3 ! identity error-after=4",
};

/* EOS would say that this was all. */
GST_START_TEST (no_end_of_stream_follows_an_error)
{
  GstElement *pipeline, *src;
  GstPad *pad;
  Run *run;

  put_three ();
  folder_put (folder, "train/c/4.wav", "RIFF", 4);
  run = run_alloc ();
  pipeline = run_pipeline (folder, failures[__i__]);
  run_watch (run, pipeline);
  run_wait (run, pipeline);
  fail_unless (run->error != NULL);
  /* Until the streaming thread has done what it does behind an error. */
  src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  pad = gst_element_get_static_pad (src, "src");
  GST_PAD_STREAM_LOCK (pad);
  GST_PAD_STREAM_UNLOCK (pad);
  fail_unless (run->heard->len >= 2);
  fail_unless (strchr (run->order->str, 'Q') == NULL, "%s", run->order->str);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pad);
  gst_object_unref (src);
  gst_object_unref (pipeline);
  run_free (run);
}
GST_END_TEST;

static Suite *
datasetsrc_suite (void)
{
  Suite *suite = suite_create ("datasetsrc");
  TCase *tc = tcase_create ("stream");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, events_come_in_order_and_each_example_begins_anew);
  tcase_add_test (tc, an_example_says_what_it_is);
  tcase_add_test (tc, all_splits_have_the_same_labels);
  tcase_add_test (tc, the_index_counts_in_the_whole_data_set);
  tcase_add_test (tc, time_goes_on_over_examples_and_epochs_without_drift);
  tcase_add_test (tc, shuffled_epochs_hold_each_example_once_in_another_order);
  tcase_add_loop_test (
      tc, equal_seeds_send_equal_bytes, 0, G_N_ELEMENTS (repeats));
  tcase_add_test (tc, a_short_example_is_laid_into_silence);
  tcase_add_test (tc, num_buffers_ends_the_stream_early);
  tcase_add_test (tc, no_epochs_are_an_empty_stream);
  tcase_add_test (tc, the_labels_in_use_can_be_read_while_running);
  tcase_add_test (tc, a_stop_in_mid_run_comes_back_and_can_start_again);
  tcase_add_test (tc, a_flush_in_mid_run_goes_on_afterwards);
  tcase_add_test (tc, both_branches_of_a_tee_hear_the_events);
  tcase_add_test (tc, an_error_of_decoding_tells_what_the_decoder_said);
  tcase_add_loop_test (
      tc, no_end_of_stream_follows_an_error, 0, G_N_ELEMENTS (failures));
  return suite;
}

GST_CHECK_MAIN (datasetsrc);
