/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* mxdatasetsrc mode=continuous: what is sent, sample by sample. */
#include <malloc.h>

#include "dataset-levels.h"
#include "dataset-rig.h"

/* Gaps of exactly ten frames of digital silence. */
#define PLAIN                                                                  \
  "mode=continuous gap-low=500000000 gap-high=500000000 gap-level-low=-120 "   \
  "gap-level-high=-120 "

/* One line for each event: what it says, and how many frames from where. */
static gchar *
show (const Run *run)
{
  GString *shown = g_string_new (NULL);

  for (guint i = 0; i < run->heard->len; i++) {
    const Heard *heard = run_heard (run, i);
    const GstMxExample *is = &heard->is;

    g_string_append_printf (shown,
        "%u/%" G_GUINT64_FORMAT " %s %g s: %u from %g\n", is->epoch, is->index,
        is->gap     ? "gap"
        : is->label ? is->label
                    : "?",
        (gdouble)is->duration / GST_SECOND, heard->samples->len,
        sample_of (heard, 0));
  }
  return g_string_free (shown, FALSE);
}

static void
check_layout (const gchar *rest, const gchar *expected)
{
  Run *run = run_to_eos (folder, rest);
  gchar *shown = show (run);

  fail_unless_equals_string (shown, expected);
  fail_unless_equals_int (run->gaps, 0);
  for (guint i = 0; i < run->heard->len; i++) {
    const Heard *heard = run_heard (run, i);

    for (guint j = 0; j < heard->samples->len; j++)
      fail_unless (sample_of (heard, j) ==
                   (sample_of (heard, 0) == 0 ? 0 : sample_of (heard, 0) + j));
    if (heard->is.duration > 0)
      fail_unless_equals_uint64 (heard->end - heard->start, heard->is.duration);
  }
  g_free (shown);
  run_free (run);
}

GST_START_TEST (gaps_and_examples_follow_each_other_sample_by_sample)
{
  put_three ();
  check_layout (PLAIN "epochs=2", "0/0 gap 0.5 s: 10 from 0\n"
                                  "0/0 a 2.5 s: 50 from 300\n"
                                  "0/1 gap 0.5 s: 10 from 0\n"
                                  "0/1 b 1.5 s: 30 from 100\n"
                                  "0/2 gap 0.5 s: 10 from 0\n"
                                  "0/2 b 2 s: 40 from 200\n"
                                  "1/0 gap 0.5 s: 10 from 0\n"
                                  "1/0 a 2.5 s: 50 from 300\n"
                                  "1/1 gap 0.5 s: 10 from 0\n"
                                  "1/1 b 1.5 s: 30 from 100\n"
                                  "1/2 gap 0.5 s: 10 from 0\n"
                                  "1/2 b 2 s: 40 from 200\n"
                                  "1/2 gap 0.5 s: 10 from 0\n");
}
GST_END_TEST;

GST_START_TEST (without_gaps_none_is_announced)
{
  put_three ();
  check_layout ("mode=continuous gap-low=0 gap-high=0 split=train "
                "labelled-fraction=0.5 seed=1",
      "0/1 b 1.5 s: 30 from 100\n0/2 ? 2 s: 40 from 200\n");
}
GST_END_TEST;

GST_START_TEST (only_the_first_buffer_is_a_discontinuity)
{
  Run *run;

  put_three ();
  run = run_to_eos (folder, PLAIN "epochs=2");
  fail_unless_equals_string (run->order->str, "SCGD"
                                              "EXEBBBEBEBBEBEBB"
                                              "EBEBBBEBEBBEBEBB"
                                              "EBQ");
  fail_unless_equals_uint64 (run->dataset.examples, 3);
  run_free (run);
}
GST_END_TEST;

/* In mono, in stereo, and at another rate: one stream. */
GST_START_TEST (recordings_of_any_format_become_one_stream)
{
  Run *run;

  wav_put_ramp (folder, "a/1.wav", 8000, 1, 800, 100);
  wav_put_ramp (folder, "a/2.wav", 8000, 2, 800, 100);
  wav_put_ramp (folder, "a/3.wav", 16000, 1, 1600, 100);
  run = run_to_eos (folder, "mode=continuous gap-level-high=-30");
  fail_unless_equals_int (run->heard->len, 7);
  fail_unless_equals_int (run->gaps, 0);
  fail_unless (strchr (run->order->str, 'C') == strrchr (run->order->str, 'C'));
  fail_unless (strchr (run->order->str, 'X') == strrchr (run->order->str, 'X'));
  for (guint i = 1; i < run->heard->len; i += 2)
    fail_unless_equals_int (run_heard (run, i)->samples->len, 800);
  run_free (run);
}
GST_END_TEST;

static const struct {
  const gchar *one, *other;
  gboolean equal;
} repeats[] = {
    {"seed=5", "seed=5", TRUE},
    {"seed=5", "seed=6", FALSE},
    {"seed=5", "seed=5 cache-size=0", TRUE},
    {"seed=5", "seed=5 pad-to=3000000000", TRUE},
    {"seed=5", "seed=5 gap-high=1600000000", FALSE},
};

GST_START_TEST (equal_seeds_send_equal_bytes)
{
  check_repeat ("mode=continuous epochs=3 shuffle=true gain-low=-3",
      repeats[__i__].one, repeats[__i__].other, 19, repeats[__i__].equal);
}
GST_END_TEST;

static gboolean
is_same (const Heard *a, const Heard *b)
{
  return a->is.index == b->is.index && a->is.gap == b->is.gap &&
         a->samples->len == b->samples->len &&
         memcmp (a->samples->data, b->samples->data,
             a->samples->len * sizeof (gfloat)) == 0;
}

/* Neither order nor sharding changes a gap or a gain. */
GST_START_TEST (a_shard_is_a_part_of_the_whole)
{
  const gchar *all = "mode=continuous gain-low=-12";
  Run *whole, *shard;

  put_three ();
  whole = run_to_eos (folder, all);
  shard = run_to_eos (folder, "mode=continuous gain-low=-12 start-index=1 "
                              "stop-index=2");
  fail_unless_equals_int (shard->heard->len, 3);
  fail_unless (is_same (run_heard (whole, 2), run_heard (shard, 0)));
  fail_unless (is_same (run_heard (whole, 3), run_heard (shard, 1)));
  run_free (whole);
  run_free (shard);
}
GST_END_TEST;

#define LABELS                                                                 \
  "path,start_s,end_s,label\na/1.wav,1,2,walk\na/1.wav,2,2.5,\n"               \
  "a/1.wav,3,3.5,sit\na/2.wav,0,1,walk\n"

GST_START_TEST (a_long_recording_has_an_event_for_each_change)
{
  wav_put_ramp (folder, "a/1.wav", RATE, 1, 80, 100);
  wav_put_ramp (folder, "a/2.wav", RATE, 1, 20, 400);
  folder_put (folder, "labels.csv", LABELS, -1);
  check_layout ("", "0/0 gap 1 s: 20 from 100\n"
                    "0/0 walk 1 s: 20 from 120\n"
                    "0/0 ? 0.5 s: 10 from 140\n"
                    "0/0 gap 0.5 s: 10 from 150\n"
                    "0/0 sit 0.5 s: 10 from 160\n"
                    "0/0 gap 0.5 s: 10 from 170\n"
                    "0/1 walk 0 s: 20 from 400\n");
}
GST_END_TEST;

/* The stretch without a label is part of the gap before. */
GST_START_TEST (long_recordings_make_one_stream_too)
{
  Run *run;

  wav_put_ramp (folder, "a/1.wav", RATE, 1, 80, 100);
  wav_put_ramp (folder, "a/2.wav", RATE, 1, 20, 400);
  folder_put (folder, "labels.csv", LABELS, -1);
  run = run_to_eos (folder, PLAIN);
  fail_unless_equals_string (run->order->str, "SCGDEXBEBEBEBEBEBEBEBEBQ");
  fail_unless_equals_uint64 (run->dataset.examples, 4);
  fail_unless_equals_int (run_heard (run, 0)->samples->len, 30);
  fail_unless (sample_of (run_heard (run, 0), 9) == 0);
  fail_unless (sample_of (run_heard (run, 0), 10) == 100);
  run_free (run);
}
GST_END_TEST;

static const struct {
  const gchar *rest, *labels, *expected;
} wrong[] = {
    {"gap-low=2000000000", NULL,
        "'gap-low' is 2e+09, expected at most 1.5e+09"},
    {"gap-level-low=-10", NULL, "'gap-level-low' is -10, expected at most -30"},
    {"gain-low=3", NULL, "'gain-low' is 3, expected at most 0"},
    {"", "train/b/1.wav,1,1.7,x\n",
        "Line 2 of labels.csv ends at 1.7 s, expected an end within "
        "train/b/1.wav, which lasts 1.5 s"},
    {"", "train/b/1.wav,1,x,x\n", "labels.csv: line 2 has end_s 'x'"},
};

GST_START_TEST (what_makes_no_sense_is_an_error)
{
  gchar *rest = g_strconcat ("mode=continuous ", wrong[__i__].rest, NULL),
        *labels;
  Run *run;

  put_three ();
  if (wrong[__i__].labels) {
    labels =
        g_strconcat ("path,start_s,end_s,label\n", wrong[__i__].labels, NULL);
    folder_put (folder, "labels.csv", labels, -1);
    g_free (labels);
  }
  run = run_new (folder, rest);
  fail_unless (run->error != NULL);
  fail_unless (strstr (run->error, wrong[__i__].expected), "%s", run->error);
  run_free (run);
  g_free (rest);
}
GST_END_TEST;

/* A stretch may end a frame late: seconds are rounded where they are written.
 */
GST_START_TEST (a_stretch_may_end_a_frame_late)
{
  wav_put_ramp (folder, "a/1.wav", RATE, 1, 20, 100);
  folder_put (
      folder, "labels.csv", "path,start_s,end_s,label\na/1.wav,0,1.05,b\n", -1);
  check_layout ("", "0/0 b 0 s: 20 from 100\n");
}
GST_END_TEST;

GST_START_TEST (both_branches_of_a_training_pipeline_hear_the_same)
{
  Run *clean, *perturbed;

  put_three ();
  clean = run_to_eos (folder, "mode=continuous");
  perturbed = run_to_eos (folder,
      "mode=continuous ! tee name=t ! queue ! fakesink sync=false async=false "
      "t. ! queue ! mxperturb recipe=none gain-probability=1 gain-low=6 "
      "gain-high=6");
  fail_unless_equals_string (clean->order->str, perturbed->order->str);
  for (guint i = 0; i < clean->heard->len; i++) {
    const Heard *a = run_heard (clean, i), *b = run_heard (perturbed, i);

    fail_unless_equals_int (a->is.gap, b->is.gap);
    fail_unless_equals_uint64 (a->start, b->start);
    fail_unless_equals_int (a->samples->len, b->samples->len);
    assert_near (decibel (rms_of (b) / rms_of (a)), 6);
  }
  run_free (clean);
  run_free (perturbed);
}
GST_END_TEST;

GST_START_TEST (a_stop_or_a_flush_in_mid_run_comes_back)
{
  GstElement *pipeline, *src;

  put_three ();
  pipeline = run_pipeline (folder, "mode=continuous epochs=-1 cache-size=0");
  src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  for (guint i = 0; i < 40; i++) {
    run_start (pipeline);
    g_usleep (i % 7 * 500);
    /* Refused, or kept for a start that never comes: no matter. */
    gst_element_seek_simple (src, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0);
    gst_element_send_event (src, gst_event_new_flush_start ());
    gst_element_send_event (src, gst_event_new_flush_stop (TRUE));
    if (i % 2)
      gst_element_set_state (
          pipeline, i % 4 == 1 ? GST_STATE_READY : GST_STATE_NULL);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (src);
  run_finish (pipeline);
}
GST_END_TEST;

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
typedef struct {
  guint buffers;
  gsize early, late;
} Use;

static GstPadProbeReturn
note_use (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Use *use = user_data;

  if (++use->buffers == 500)
    use->early = mallinfo2 ().uordblks;
  use->late = mallinfo2 ().uordblks;
  return GST_PAD_PROBE_OK;
}

GST_START_TEST (a_long_stream_takes_no_more_memory_than_a_short_one)
{
  GstElement *pipeline, *src;
  Run *run = run_alloc ();
  Use use = {0};
  GstPad *pad;

  put_three ();
  pipeline = run_pipeline (
      folder, "mode=continuous epochs=2000 shuffle=true gain-low=-3");
  src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  pad = gst_element_get_static_pad (src, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, note_use, &use, NULL);
  run_wait (run, pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  fail_unless (run->error == NULL, "%s", run->error);
  fail_unless (use.buffers > 12000);
  fail_unless (use.late < use.early + 32768, "%" G_GSIZE_FORMAT " bytes more",
      use.late - use.early);
  gst_object_unref (pad);
  gst_object_unref (src);
  gst_object_unref (pipeline);
  run_free (run);
}
GST_END_TEST;
#endif

static Suite *
datasetsrc_continuous_suite (void)
{
  Suite *suite = suite_create ("datasetsrc-continuous");
  TCase *tc = tcase_create ("stream");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, gaps_and_examples_follow_each_other_sample_by_sample);
  tcase_add_test (tc, without_gaps_none_is_announced);
  tcase_add_test (tc, only_the_first_buffer_is_a_discontinuity);
  tcase_add_test (tc, recordings_of_any_format_become_one_stream);
  tcase_add_loop_test (
      tc, equal_seeds_send_equal_bytes, 0, G_N_ELEMENTS (repeats));
  tcase_add_test (tc, a_shard_is_a_part_of_the_whole);
  tcase_add_test (tc, a_long_recording_has_an_event_for_each_change);
  tcase_add_test (tc, long_recordings_make_one_stream_too);
  tcase_add_loop_test (
      tc, what_makes_no_sense_is_an_error, 0, G_N_ELEMENTS (wrong));
  tcase_add_test (tc, a_stretch_may_end_a_frame_late);
  tcase_add_test (tc, both_branches_of_a_training_pipeline_hear_the_same);
  tcase_add_test (tc, a_stop_or_a_flush_in_mid_run_comes_back);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
  /* A tracer's memory grows with what it traces. */
  if (g_getenv ("GST_TRACERS") == NULL)
    tcase_add_test (tc, a_long_stream_takes_no_more_memory_than_a_short_one);
#endif
  return suite;
}

GST_CHECK_MAIN (datasetsrc_continuous);
