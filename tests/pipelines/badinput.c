/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Streams and labels that do not fit the model: the pipeline says so, and the
 * process works on. */

#include "pipeline.h"
#include "stand-in.h"
#include "tones.h"

#define MODEL "model.safetensors" /* tones, in the folder */
#define MOTION "motion.safetensors"

static const gchar motion_json[] =
    "{\"name\": \"motion\", \"labels\": [\"rest\", \"walk\"],"
    " \"input\": {\"rate\": 50, \"channels\": 6, \"window\": 50},"
    " \"stages\": ["
    "  {\"layers\": [{\"kind\": \"conv1d\", \"filters\": 4, \"kernel\": 3}],"
    "   \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}";

static gchar *folder;

static void
set_up (void)
{
  folder = folder_new ();
  save_fresh_model (folder, MODEL, tones_json, tones_labels);
  save_fresh_model (folder, MOTION, motion_json, NULL);
  folder_put (folder, "tones.json", tones_json, -1);
}

/* Whatever came: the same process still classifies. */
static void
tear_down (void)
{
  g_autoptr (Run) run = run_pipeline (
      "audiotestsrc num-buffers=9 samplesperbuffer=800 ! "
      "audio/x-raw,rate=8000,channels=1 ! "
      "mxclassify model-file=\"%s/" MODEL "\" ! fakesink name=sink",
      folder);

  assert_ended (run);
  fail_unless_equals_int (run->results->len, 3);
  folder_free (folder);
}

/* --- streams --- */

#define MONO_PART(format, rate, samples)                                       \
  " audiotestsrc num-buffers=9 samplesperbuffer=" samples                      \
  " ! audio/x-raw,format=" format ",channels=1,rate=" rate " ! c."
#define PART(format, rate, channels, mask)                                     \
  " audiotestsrc num-buffers=9 samplesperbuffer=100 ! "                        \
  "audio/x-raw,format=" format ",rate=" rate ",channels=" channels             \
  ",channel-mask=(bitmask)" mask " ! c."

static const struct {
  const gchar *model, *source, *found, *expected;
} streams[] = {
    {MOTION, PART ("F32LE", "50", "2", "0x3"), "2 channels,", "needs 6"},
    {MOTION, MONO_PART ("S16LE", "50", "100"), "1 channel,", "needs 6"},
    {MOTION, PART ("F32LE", "50", "6", "0x0") PART ("F32LE", "50", "4", "0x0"),
        "4 channels,", "needs 6"},
    {MODEL,
        MONO_PART ("S16LE", "8000", "800")
            MONO_PART ("S16LE", "2000000", "200000"),
        "2000000 Hz", "needs 8000 Hz"},
};

GST_START_TEST (a_stream_that_the_model_cannot_hear_is_refused)
{
  g_autoptr (Run) run = run_pipeline (
      "concat name=c ! mxclassify name=ears model-file=\"%s/%s\" ! "
      "fakesink %s",
      folder, streams[__i__].model, streams[__i__].source);

  assert_says (run->error, "ears:sink");
  assert_says (run->error, streams[__i__].found);
  assert_says (run->error, streams[__i__].expected);
}
GST_END_TEST;

GST_START_TEST (a_stream_may_become_another_that_the_model_can_hear)
{
  g_autoptr (Run) run =
      run_pipeline ("concat name=c ! mxclassify model-file=\"%s/" MODEL "\" ! "
                    "fakesink name=sink" MONO_PART ("S16LE", "8000", "800")
                        MONO_PART ("F32LE", "16000", "1600") MONO_PART ("S24LE",
                            "44100", "4410") MONO_PART ("U8", "8000", "800"),
          folder);

  assert_ended (run);
  fail_unless_equals_int (run->results->len, 4 * 3);
  for (guint i = 0; i < run->results->len; i++)
    fail_unless_equals_uint64 (
        get_uint64 (run->results->pdata[i], "running-time"),
        i * 300 * GST_MSECOND);
  fail_unless_equals_uint64 (
      run->length, 9 * (800 * 2 + 1600 * 4 + 4410 * 3 + 800));
}
GST_END_TEST;

GST_START_TEST (a_recording_with_too_few_channels_is_named)
{
  g_autoptr (Run) run = NULL;

  put_tones (folder, "data", 1, 6);
  folder_put (folder, "motion.json", motion_json, -1);
  run = run_pipeline ("mxdatasetsrc location=\"%s/data\" ! "
                      "mxtrainsink objective=supervised "
                      "architecture=\"%s/motion.json\" location=\"%s/new\"",
      folder, folder, folder);
  assert_says (run->error, "data/high/00.wav");
  assert_says (run->error, "it has 1 channel");
  assert_says (run->error, "expected 6");
}
GST_END_TEST;

/* --- samples --- */

/* Nine tenths of a second; in the middle third, numbers that are none. */
static void
put_no_numbers (const gchar *path)
{
  gfloat samples[3 * TONES_FRAMES];

  for (guint t = 0; t < G_N_ELEMENTS (samples); t++)
    samples[t] = sinf (.1f * (gfloat)t);
  samples[TONES_FRAMES + 100] = NAN;
  samples[TONES_FRAMES + 101] = -INFINITY;
  samples[TONES_FRAMES + 102] = 3e38f;
  wav_put (folder, path, 3, TONES_RATE, 1, 32, samples, sizeof samples);
}

GST_START_TEST (samples_that_are_no_numbers_are_told_of_and_survived)
{
  g_autoptr (Run) run = NULL;

  put_no_numbers ("nan.wav");
  run = run_pipeline ("filesrc location=\"%s/nan.wav\" ! decodebin ! "
                      "mxclassify name=ears model-file=\"%s/" MODEL
                      "\" ! fakesink name=sink",
      folder, folder);
  assert_ended (run);
  assert_says (run->warnings->str, "ears:sink receives samples");
  fail_unless_equals_int (run->results->len, 3);
  for (guint i = 0; i < 3; i++) {
    gdouble confidence = 0;

    gst_structure_get_double (
        run->results->pdata[i], "confidence", &confidence);
    fail_unless (confidence > 0 && confidence <= 1, "%g", confidence);
  }
}
GST_END_TEST;

GST_START_TEST (samples_that_are_no_numbers_do_not_spoil_a_training)
{
  g_autofree gchar *path = path_in (folder, "new");
  g_autoptr (MxNetwork) network = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Run) run = NULL;

  put_tones (folder, "data", 1, 9);
  put_no_numbers ("data/low/nan.wav");
  run = run_pipeline ("mxdatasetsrc location=\"%s/data\" epochs=3 ! "
                      "tee name=t t. ! queue ! train.clean "
                      "t. ! queue ! mxperturb ! train.perturbed "
                      "mxtrainsink name=train batch-size=4 "
                      "architecture=\"%s/tones.json\" location=\"%s\"",
      folder, folder, path);
  assert_ended (run);
  network = mx_model_file_load (path, &error);
  g_assert_no_error (error);
}
GST_END_TEST;

/* --- labels --- */

static const struct {
  const gchar *network, *says[3];
} strangers[] = {
    {"architecture=\"%s/motion.json\"",
        {"The architecture and the data set do not fit", "motion.json",
            "\"high\" of the data is not among the labels"}},
    {"model-file=\"%s/" MOTION "\"",
        {"The label \"high\" of example 0", "rest, walk", "high/00.wav"}},
};

GST_START_TEST (labels_that_the_network_does_not_know_are_named)
{
  g_auto (GStrv) parts = g_strsplit (strangers[__i__].network, "%s", 2);
  g_autofree gchar *network = g_strjoinv (folder, parts);
  g_autoptr (Run) run = NULL;

  folder_put (folder, "data/manifest.csv",
      "path,label\nhigh/00.wav,high\nhigh/00.wav,low\n", -1);
  folder_put (folder, "motion.json", motion_json, -1);
  wav_put_ramp (folder, "data/high/00.wav", 50, 6, 50, 0);
  run = run_pipeline ("mxdatasetsrc location=\"%s/data\" ! "
                      "mxtrainsink objective=supervised %s location=\"%s/new\"",
      folder, network, folder);
  for (guint i = 0; i < 3; i++)
    assert_says (run->error, strangers[__i__].says[i]);
}
GST_END_TEST;

GST_START_TEST (labels_that_the_model_cannot_answer_are_a_warning)
{
  g_autoptr (Run) run = NULL;

  put_tones (folder, "data", 1, 6);
  put_no_numbers ("data/meow/1.wav");
  run = run_pipeline ("mxdatasetsrc location=\"%s/data\" ! "
                      "mxclassify model-file=\"%s/" MODEL "\" ! mxevalsink",
      folder, folder);
  assert_ended (run);
  assert_says (run->warnings->str, "meow");
}
GST_END_TEST;

static Suite *
badinput_suite (void)
{
  Suite *suite = suite_create ("pipelines-badinput");
  TCase *tcase = tcase_create ("badinput");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase, a_stream_that_the_model_cannot_hear_is_refused, 0,
      G_N_ELEMENTS (streams));
  tcase_add_test (tcase, a_stream_may_become_another_that_the_model_can_hear);
  tcase_add_test (tcase, a_recording_with_too_few_channels_is_named);
  tcase_add_test (tcase, samples_that_are_no_numbers_are_told_of_and_survived);
  tcase_add_test (tcase, samples_that_are_no_numbers_do_not_spoil_a_training);
  tcase_add_loop_test (tcase, labels_that_the_network_does_not_know_are_named,
      0, G_N_ELEMENTS (strangers));
  tcase_add_test (tcase, labels_that_the_model_cannot_answer_are_a_warning);
  return suite;
}

GST_CHECK_MAIN (badinput);
