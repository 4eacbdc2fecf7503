/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxdatasetsrc makes of files: through the pipeline that decodes them. */

#include "dataset-rig.h"

static const gfloat *
samples_of (const Run *run, guint i)
{
  return (const gfloat *)run_heard (run, i)->samples->data;
}

/* Physical units, as sensors have them; wavparse takes six channels for 5.1
 * and eight for 7.1. */
GST_START_TEST (channels_pass_by_index_bit_by_bit)
{
  static const gint counts[] = {
      1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 18, 32, 63, 64, 65, 100};
  gint channels = counts[__i__];
  gfloat samples[1000];
  gsize size = sizeof (gfloat) * channels * 10;
  GstStructure *caps;
  Run *run;
  gint found;

  for (gint i = 0; i < channels * 10; i++)
    samples[i] = (i % 2 ? -1 : 1) * (1.0f + i * 97.03f) * (i % 7 ? 1 : 1e20f);
  wav_put (folder, "a/1.wav", 3, 50, channels, 32, samples, size);
  run = run_to_eos (folder, "");
  fail_unless_equals_int (run_heard (run, 0)->samples->len, channels * 10);
  fail_unless (memcmp (samples_of (run, 0), samples, size) == 0);
  caps = gst_caps_get_structure (run->caps, 0);
  fail_unless (gst_structure_get_int (caps, "channels", &found));
  fail_unless_equals_int (found, channels);
  if (channels > 2) {
    guint64 mask;

    fail_unless (gst_structure_get (
        caps, "channel-mask", GST_TYPE_BITMASK, &mask, NULL));
    fail_unless_equals_uint64 (mask, 0);
  }
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (sixteen_bits_at_8_khz_become_value_by_32768)
{
  gint16 values[] = {0, 1, -1, 255, 256, -32768, 32767, 12345};
  Run *run;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = GINT16_TO_LE (values[i]);
  wav_put (folder, "a/1.wav", 1, 8000, 1, 16, values, sizeof (values));
  run = run_to_eos (folder, "");
  fail_unless_equals_int (
      run_heard (run, 0)->samples->len, G_N_ELEMENTS (values));
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    fail_unless (samples_of (run, 0)[i] ==
                 (gint16)GINT16_FROM_LE (values[i]) / 32768.0f);
  run_free (run);
}
GST_END_TEST;

static const struct {
  const gchar *filter;
  gint rate, channels;
  guint frames[2];
} negotiations[] = {
    {"", 8000, 1, {800, 400}},
    {"! audio/x-raw,rate=4000", 4000, 1, {400, 200}},
    {"! audio/x-raw,rate=4000,channels=2", 4000, 2, {400, 200}},
    {"! audio/x-raw,rate=[9000,48000]", 9000, 1, {900, 450}},
    {"! audio/x-raw,channels=[2,8]", 8000, 2, {800, 400}},
    {"! audioconvert ! audio/x-raw,format=S16LE", 8000, 1, {800, 400}},
};

GST_START_TEST (downstream_chooses_or_the_first_file)
{
  GstStructure *caps;
  gint rate, channels;
  Run *run;

  wav_put_ramp (folder, "a/1.wav", 8000, 1, 800, 0);
  wav_put_ramp (folder, "a/2.wav", 16000, 2, 800, 0);
  run = run_new (folder, negotiations[__i__].filter);
  fail_unless (run->error == NULL, "%s", run->error);
  caps = gst_caps_get_structure (run->caps, 0);
  fail_unless (gst_structure_get_int (caps, "rate", &rate) &&
               gst_structure_get_int (caps, "channels", &channels));
  fail_unless_equals_int (rate, negotiations[__i__].rate);
  fail_unless_equals_int (channels, negotiations[__i__].channels);
  for (guint i = 0; i < 2; i++)
    fail_unless_equals_uint64 (
        run_heard (run, i)->end - run_heard (run, i)->start,
        gst_util_uint64_scale (
            negotiations[__i__].frames[i], GST_SECOND, rate));
  run_free (run);
}
GST_END_TEST;

/* Once, behind the first of the two buffers of the second example. */
static GstPadProbeReturn
change_rate (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstCaps *caps;

  if (GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)) != 1500 * GST_MSECOND)
    return GST_PAD_PROBE_OK;
  caps = gst_caps_from_string ("audio/x-raw, rate=10");
  g_object_set (user_data, "caps", caps, NULL);
  gst_caps_unref (caps);
  return GST_PAD_PROBE_REMOVE;
}

GST_START_TEST (a_change_of_format_sends_the_example_again_and_time_goes_on)
{
  Run *run = run_alloc ();
  GstElement *pipeline, *filter;
  GstPad *pad;

  wav_put_ramp (folder, "a/1.wav", 20, 1, 30, 100);
  wav_put_ramp (folder, "a/2.wav", 20, 1, 40, 200);
  pipeline = run_pipeline (folder, "! capsfilter name=filter");
  filter = gst_bin_get_by_name (GST_BIN (pipeline), "filter");
  pad = gst_element_get_static_pad (filter, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, change_rate, filter, NULL);
  run_watch (run, pipeline);
  run_wait (run, pipeline);
  fail_unless (run->error == NULL, "%s", run->error);
  fail_unless_equals_string (run->order->str, "SCGDEXBEXCEXBQ");
  fail_unless_equals_int (run->gaps, 0);
  fail_unless_equals_int (run_heard (run, 1)->is.index, 1);
  fail_unless_equals_int (run_heard (run, 1)->samples->len, 20);
  fail_unless_equals_int (run_heard (run, 2)->is.index, 1);
  fail_unless_equals_int (run_heard (run, 2)->samples->len, 20);
  fail_unless_equals_uint64 (run_heard (run, 2)->end, 4500 * GST_MSECOND);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pad);
  gst_object_unref (filter);
  gst_object_unref (pipeline);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (a_caps_filter_that_needs_other_channels_is_an_error)
{
  Run *run;

  wav_put_ramp (folder, "a/1.wav", 50, 6, 10, 0);
  run = run_new (folder, "! audio/x-raw,channels=2,rate=50");
  fail_unless (run->error != NULL);
  fail_unless (strstr (run->error, "a/1.wav: it has 6 channels, expected 2"),
      "%s", run->error);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (a_file_with_other_channels_is_an_error)
{
  Run *run;

  wav_put_ramp (folder, "a/1.wav", 50, 6, 10, 0);
  wav_put_ramp (folder, "a/2.wav", 50, 5, 10, 0);
  run = run_new (folder, "");
  fail_unless_equals_int (run->heard->len, 1);
  fail_unless (strstr (run->error, "a/2.wav: it has 5 channels, expected 6"),
      "%s", run->error);
  run_free (run);
}
GST_END_TEST;

static const gchar *const bad_files[] = {
    "",
    "x",
    "These lines hold no audio.\nThey are text.\n",
    "1\n00:00:01,000 --> 00:00:02,000\nSubtitles\n\n",
    "RIFF",
    "RIFF\377\377\377\377WAVEfmt \377\377\377\377",
    "RIFF....WAVEdata\377\377\377\377abcd",
    "OggS",
    "fLaC",
    "ID3\4",
};

/* In the first file, which is decoded to find the format, and in a later one.
 */
GST_START_TEST (a_file_without_audio_is_named)
{
  static const gchar *const names[] = {"a/1.wav", "a/3.wav"};

  for (guint i = 0; i < 2; i++) {
    Run *run;

    folder_empty (folder);
    wav_put_ramp (folder, "a/2.wav", 50, 1, 10, 0);
    folder_put (folder, names[i], bad_files[__i__], -1);
    run = run_new (folder, "");
    fail_unless (run->error && strstr (run->error, "Could not decode ") &&
                     strstr (run->error, names[i]),
        "%s", run->error);
    fail_unless_equals_int (run->heard->len, i);
    run_free (run);
  }
}
GST_END_TEST;

/* Headers of every length, then headers with bytes turned over. */
GST_START_TEST (a_damaged_wav_gives_samples_or_an_error)
{
  gchar *filename, *whole, *damaged;
  gsize size;

  wav_put_ramp (folder, "a/1.wav", 50, 2, 8, 1);
  filename = folder_path (folder, "a/1.wav");
  fail_unless (g_file_get_contents (filename, &whole, &size, NULL));
  for (gsize i = 0; i < 2 * 52; i++) {
    Run *run;

    damaged = g_memdup2 (whole, size);
    if (i % 2)
      damaged[i / 2] ^= 0xff;
    folder_put (folder, "a/1.wav", damaged, i % 2 ? size : i / 2);
    run = run_new (folder, "");
    fail_unless (run->error != NULL || run->heard->len == 1);
    run_free (run);
    g_free (damaged);
  }
  g_free (whole);
  g_free (filename);
}
GST_END_TEST;

static GstPadProbeReturn
remove_file (GstPad *pad, GstPadProbeInfo *info, gpointer filename)
{
  g_remove (filename);
  return GST_PAD_PROBE_OK;
}

GST_START_TEST (a_file_that_goes_away_while_running_is_named)
{
  gchar *filename;
  GstElement *pipeline, *src;
  Run run = {NULL};
  GstPad *pad;

  wav_put_ramp (folder, "a/1.wav", 50, 1, 10, 0);
  wav_put_ramp (folder, "a/2.wav", 50, 1, 10, 0);
  filename = folder_path (folder, "a/2.wav");
  pipeline = run_pipeline (folder, "");
  src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  pad = gst_element_get_static_pad (src, "src");
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, remove_file, filename, NULL);
  run_wait (&run, pipeline);
  fail_unless (
      strstr (run.error, "a/2.wav: there is no such file"), "%s", run.error);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_free (run.error);
  g_free (run.debug);
  g_free (filename);
  gst_object_unref (pad);
  gst_object_unref (src);
  gst_object_unref (pipeline);
}
GST_END_TEST;

static const struct {
  const gchar *rest, *message;
} refusals[] = {
    {"split=val", "has no split 'val'; there are: none"},
    {"subjects=x", "has no subject 'x'; there are: none"},
    {"labels=b", "has the label 'a', expected one of: b"},
    {"start-index=5", "No example is left"},
};

GST_START_TEST (what_cannot_be_sent_is_an_error_at_the_start)
{
  Run *run;

  wav_put_ramp (folder, "a/1.wav", 50, 1, 10, 0);
  run = run_new (folder, refusals[__i__].rest);
  fail_unless (run->error && strstr (run->error, refusals[__i__].message), "%s",
      run->error);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (a_location_is_needed_and_must_be_there)
{
  gchar *nowhere = g_build_filename (folder, "nowhere", NULL);
  Run *run = run_new (NULL, "");

  fail_unless (strstr (run->error, "'location' is not set"), "%s", run->error);
  run_free (run);
  run = run_new (nowhere, "");
  fail_unless (strstr (run->error, "There is no data set ") &&
                   strstr (run->error, nowhere),
      "%s", run->error);
  run_free (run);
  g_free (nowhere);
}
GST_END_TEST;

/* Elements, messages, events and buffers that are still alive, as a text. */
static gchar *
live_objects (void)
{
  GList *tracers = gst_tracing_get_active_tracers ();
  GstStructure *live = NULL;
  gchar *shown;

  fail_unless (tracers != NULL, "the leaks tracer is not there");
  g_signal_emit_by_name (tracers->data, "get-live-objects", &live);
  shown = gst_structure_to_string (live);
  gst_structure_free (live);
  g_list_free_full (tracers, gst_object_unref);
  return shown;
}

GST_START_TEST (nothing_is_left_behind)
{
  gchar *before = live_objects (), *after;
  Run *run;

  wav_put_ramp (folder, "a/1.wav", 50, 1, 10, 0);
  wav_put_ramp (folder, "a/2.wav", 50, 1, 10, 0);
  run_free (run_to_eos (folder, "cache-size=0 epochs=3 pad-to=1000000000"));
  folder_put (folder, "a/3.wav", "nothing", -1);
  run = run_new (folder, "");
  fail_unless (run->error != NULL);
  run_free (run);
  after = live_objects ();
  fail_unless_equals_string (after, before);
  g_free (after);
  g_free (before);
}
GST_END_TEST;

/* Recordings of six channels, against the bytes of their files. */
GST_START_TEST (shared_recordings_pass_bit_by_bit)
{
  const gchar *shared = g_getenv ("MX_SHARED");
  gchar *location = g_build_filename (shared ? shared : "", "data/hapt", NULL);
  Run *run;

  if (!g_file_test (location, G_FILE_TEST_IS_DIR)) {
    g_print ("skipped: no recordings at %s (MX_SHARED)\n", location);
    g_free (location);
    return;
  }
  run = run_to_eos (location, "split=test stop-index=50");
  fail_unless_equals_int (run->heard->len, 50);
  for (guint i = 0; i < run->heard->len; i++) {
    const Heard *heard = run_heard (run, i);
    gsize bytes = heard->samples->len * sizeof (gfloat), size;
    gchar *filename = g_build_filename (location, heard->is.path, NULL);
    gchar *file;

    fail_unless (g_file_get_contents (filename, &file, &size, NULL));
    fail_unless_equals_int (heard->samples->len, 128 * 6);
    fail_unless (
        memcmp (file + size - bytes, heard->samples->data, bytes) == 0);
    g_free (file);
    g_free (filename);
  }
  run_free (run);
  g_free (location);
}
GST_END_TEST;

static Suite *
decoder_suite (void)
{
  Suite *suite = suite_create ("decoder");
  TCase *tc = tcase_create ("files");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (tc, channels_pass_by_index_bit_by_bit, 0, 17);
  tcase_add_test (tc, sixteen_bits_at_8_khz_become_value_by_32768);
  tcase_add_loop_test (
      tc, downstream_chooses_or_the_first_file, 0, G_N_ELEMENTS (negotiations));
  tcase_add_test (
      tc, a_change_of_format_sends_the_example_again_and_time_goes_on);
  tcase_add_test (tc, a_caps_filter_that_needs_other_channels_is_an_error);
  tcase_add_test (tc, a_file_with_other_channels_is_an_error);
  tcase_add_loop_test (
      tc, a_file_without_audio_is_named, 0, G_N_ELEMENTS (bad_files));
  tcase_add_test (tc, a_damaged_wav_gives_samples_or_an_error);
  tcase_add_test (tc, a_file_that_goes_away_while_running_is_named);
  tcase_add_loop_test (tc, what_cannot_be_sent_is_an_error_at_the_start, 0,
      G_N_ELEMENTS (refusals));
  tcase_add_test (tc, a_location_is_needed_and_must_be_there);
  tcase_add_test (tc, nothing_is_left_behind);
  tcase_add_test (tc, shared_recordings_pass_bit_by_bit);
  return suite;
}

int
main (int argc, char **argv)
{
  g_setenv ("GST_TRACERS",
      "leaks(filters=\"GstElement,GstMessage,GstEvent,GstBuffer\")", TRUE);
  gst_check_init (&argc, &argv);
  return gst_check_run_suite (decoder_suite (), "decoder", __FILE__);
}
