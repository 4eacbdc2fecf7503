/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxmix refuses, and how it comes to an end. */

#include "mix-rig.h"

#define MIX " mxmix name=mix sink_1::share=2"
#define LABELLED "mxdatasetsrc @labelled split=train "
#define UNLABELLED "mxdatasetsrc @unlabelled labelled-fraction=0 "
#define OTHERS "mxdatasetsrc @others epochs=-1 "
#define NOTHING                                                                \
  "audiotestsrc num-buffers=0 ! "                                              \
  "audio/x-raw,format=F32LE,rate=20,channels=1 "
#define TEST                                                                   \
  "audiotestsrc samplesperbuffer=10 ! "                                        \
  "audio/x-raw,format=F32LE,rate=20,channels=1 "

static const struct {
  const gchar *text, *expected;
} refused[] = {
    /* formats */
    {LABELLED "! mix. mxdatasetsrc @faster labelled-fraction=0 ! mix." MIX,
        "Pad \"sink_1\" got 40 Hz, 1 channel(s), F32LE, expected 20 Hz, 1 "
        "channel(s), F32LE as on pad \"sink_0\""},
    {LABELLED "! mix. mxdatasetsrc @faster labelled-fraction=0 epochs=-1 ! "
              "audioconvert ! audio/x-raw,channels=2 ! mix." MIX,
        "Pad \"sink_1\" got 40 Hz, 2 channel(s)"},
    /* labels */
    {LABELLED "! mix. " OTHERS "! mix." MIX,
        "Pad \"sink_1\" has the labels b,c, expected none, or a,b as pad "
        "\"sink_0\" has"},
    /* ends */
    {LABELLED "epochs=3 ! mix. " UNLABELLED "epochs=3 ! mix." MIX,
        "Pad \"sink_1\" has 30 examples in all, expected 36 for the 18 of pad "
        "\"sink_0\""},
    {LABELLED "epochs=-1 ! mix. " UNLABELLED "epochs=3 ! mix." MIX,
        "Pad \"sink_1\" ended in epoch 3 of pad \"sink_0\""},
    {LABELLED "! mix. " TEST "! identity eos-after=4 ! mix." MIX
              " sink_1::example-duration=500000000",
        "Pad \"sink_1\" ended in epoch 1"},
    /* splits */
    {UNLABELLED "! mix. mxdatasetsrc @labelled epochs=-1 ! mix." MIX,
        "Pad \"sink_1\" has examples of the split valid, expected them from "
        "pad \"sink_0\" only"},
    /* events */
    {LABELLED "! mix. " TEST "! mix." MIX, "set sink_1::example-duration"},
    {TEST "! mix. " LABELLED "epochs=-1 ! mix." MIX
          " sink_0::example-duration=500000000",
        "Pad \"sink_0\" leads, but nothing says how long its epochs are"},
    /* one that fails, or has nothing */
    {LABELLED "! mix. mxdatasetsrc @nowhere ! mix." MIX,
        "There is no data set"},
    {LABELLED "! mix. mxdatasetsrc @broken labelled-fraction=0 ! mix." MIX,
        "Could not decode"},
    {"mxdatasetsrc @broken labelled-fraction=0 ! mix. " UNLABELLED
     "epochs=-1 ! mix." MIX,
        "Could not decode"},
    {LABELLED "! mix. " NOTHING "! mix." MIX,
        "Pad \"sink_1\" ended in epoch 1"},
};

GST_START_TEST (what_cannot_be_mixed_is_refused)
{
  put_sources ();
  put_recordings ("faster", 3, 0, 40);
  put_recordings ("others/b", 3, 0, RATE);
  put_recordings ("others/c", 3, 0, RATE);
  folder_put (folder, "broken/1.wav", "no audio", -1);
  mix_expect_error (refused[__i__].text, refused[__i__].expected);
}
GST_END_TEST;

/* The first to want no more is downstream: sources stop, and the end is heard
 * once. */
GST_START_TEST (a_sink_that_wants_no_more_ends_it)
{
  Run *run;

  put_sources ();
  run = mix_to_eos (
      LABELLED "epochs=-1 ! mix. " UNLABELLED "epochs=-1 ! queue ! mix." MIX
               " ! identity eos-after=20");
  fail_unless (g_str_has_suffix (run->order->str, "Q"));
  fail_unless (strchr (run->order->str, 'Q') == strrchr (run->order->str, 'Q'));
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (where_the_first_source_has_nothing_there_is_nothing)
{
  Run *run;

  put_sources ();
  run = mix_to_eos (NOTHING "! mix. " UNLABELLED "epochs=-1 ! mix." MIX);
  fail_unless_equals_string (run->order->str, "SCGDQ");
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (it_plays_again_as_it_played_before)
{
  GstElement *pipeline;
  Run *runs[2];

  put_sources ();
  pipeline = mix_pipeline (LABELLED "epochs=2 ! mix. " UNLABELLED
                                    "epochs=-1 shuffle=true ! mix." MIX);
  for (guint i = 0; i < 2; i++) {
    GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
    GstPad *pad = gst_element_get_static_pad (sink, "sink");
    gulong probe;

    runs[i] = run_alloc ();
    probe = gst_pad_add_probe (pad,
        GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
        run_note, runs[i], NULL);
    run_wait (runs[i], pipeline);
    gst_element_set_state (pipeline, GST_STATE_READY);
    gst_pad_remove_probe (pad, probe);
    gst_object_unref (pad);
    gst_object_unref (sink);
  }
  fail_unless_equals_int (runs[0]->heard->len, 36);
  fail_unless (run_equal (runs[0], runs[1]));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_check_object_destroyed_on_unref (pipeline);
  run_free (runs[0]);
  run_free (runs[1]);
}
GST_END_TEST;

/* While all but one wait for their turn, in any state. */
GST_START_TEST (it_stops_whoever_waits)
{
  static const gchar *const texts[] = {LABELLED "epochs=-1 ! mix. " UNLABELLED
                                                "epochs=-1 ! mix." MIX,
      LABELLED "epochs=-1 ! mix. " UNLABELLED
               "epochs=-1 ! identity sleep-time=100000 ! mix." MIX,
      LABELLED "epochs=-1 ! mix. " TEST "! valve drop=true ! mix." MIX};

  put_sources ();
  for (guint i = 0; i < 20; i++) {
    GstElement *pipeline = mix_pipeline (texts[__i__]);

    gst_element_set_state (
        pipeline, i % 2 ? GST_STATE_PLAYING : GST_STATE_PAUSED);
    g_usleep (i * 500);
    gst_element_set_state (pipeline, i % 3 ? GST_STATE_NULL : GST_STATE_READY);
    gst_element_set_state (pipeline, GST_STATE_NULL);
    gst_check_object_destroyed_on_unref (pipeline);
  }
}
GST_END_TEST;

static Suite *
mix_trouble_suite (void)
{
  Suite *suite = suite_create ("mix-trouble");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (
      tc, what_cannot_be_mixed_is_refused, 0, G_N_ELEMENTS (refused));
  tcase_add_test (tc, a_sink_that_wants_no_more_ends_it);
  tcase_add_test (tc, where_the_first_source_has_nothing_there_is_nothing);
  tcase_add_test (tc, it_plays_again_as_it_played_before);
  tcase_add_loop_test (tc, it_stops_whoever_waits, 0, 3);
  return suite;
}

GST_CHECK_MAIN (mix_trouble);
