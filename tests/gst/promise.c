/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whether mxdatasetsrc tells of files that hold less than they say. */

#include "dataset-rig.h"

/* Once, whatever the epochs and how often it is decoded. */
GST_START_TEST (a_wav_that_was_cut_off_gives_what_there_is_and_a_warning)
{
  gchar *filename, *whole, *found;
  Run *run;
  gsize size;

  wav_put_ramp (folder, "a/1.wav", 50, 2, 100, 1);
  filename = folder_path (folder, "a/1.wav");
  fail_unless (g_file_get_contents (filename, &whole, &size, NULL));
  folder_put (folder, "a/1.wav", whole, 44 + 8 * 60);
  run = run_to_eos (folder, "epochs=3 cache-size=0");
  fail_unless_equals_int (run_heard (run, 0)->samples->len, 120);
  found = strstr (run->warnings->str,
      "a/1.wav was cut off or is damaged: found 60 frames, expected 100");
  fail_unless (found != NULL, "%s", run->warnings->str);
  fail_unless (strchr (found, '\n')[1] == 0, "%s", run->warnings->str);
  run_free (run);
  g_free (whole);
  g_free (filename);
}
GST_END_TEST;

/* Streams that could not know it when they began, and a file whose samples go
 * on behind what was promised. */
static const guint32 lengths[] = {
    0, 0xffffffff, 0x80000000, 0x7fffffff, 0x7ffff000, 0x7fff0000, 8 * 40};

GST_START_TEST (a_wav_that_promises_no_length_or_less_is_no_reason_to_warn)
{
  guint32 length = GUINT32_TO_LE (lengths[__i__]);
  gchar *filename, *whole;
  Run *run;
  gsize size;

  wav_put_ramp (folder, "a/1.wav", 50, 2, 100, 1);
  filename = folder_path (folder, "a/1.wav");
  fail_unless (g_file_get_contents (filename, &whole, &size, NULL));
  fail_unless (memcmp (whole + size - 800 - 8, "data", 4) == 0);
  memcpy (whole + size - 800 - 4, &length, sizeof length);
  folder_put (folder, "a/1.wav", whole, size);
  run = run_to_eos (folder, "");
  fail_unless_equals_string (run->warnings->str, "");
  run_free (run);
  g_free (whole);
  g_free (filename);
}
GST_END_TEST;

/* How it is written, how much of the file is left, in percent, and what is
 * said. */
static const struct {
  const gchar *encoder;
  guint percent;
  const gchar *warning; /* NULL: none */
} codecs[] = {
    {"wavenc", 100, NULL},
    {"wavenc", 60, "cut off"},
    {"mulawenc ! wavenc", 100, NULL},
    {"mulawenc ! wavenc", 60, "cut off"},
    {"flacenc", 100, NULL},
    {"flacenc", 60, "found 27648 frames, expected 51200 as its header says"},
    {"audioconvert ! vorbisenc ! oggmux", 100, NULL},
    {"audioconvert ! opusenc ! oggmux", 100, NULL},
    {"audioconvert ! opusenc ! oggmux", 60, NULL},
    {"lamemp3enc", 100, NULL},
    {"lamemp3enc", 60, NULL},
    {"lamemp3enc ! xingmux", 100, NULL},
};

/* FALSE: an element of it is not installed. */
static gboolean
write_tone (const gchar *encoder, const gchar *filename)
{
  gchar *line = g_strdup_printf ("audiotestsrc num-buffers=50 ! "
                                 "audio/x-raw,format=S16LE,rate=16000,"
                                 "channels=1 ! %s ! filesink name=sink",
      encoder);
  GstElement *pipeline = gst_parse_launch (line, NULL), *sink;
  Run run = {NULL};

  g_free (line);
  if (!pipeline)
    return FALSE;
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  if (sink) {
    g_object_set (sink, "location", filename, NULL);
    run_wait (&run, pipeline);
    fail_unless (run.error == NULL, "%s: %s", encoder, run.error);
    gst_object_unref (sink);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return sink != NULL;
}

GST_START_TEST (only_what_is_short_for_sure_is_warned_of)
{
  gchar *filename, *whole;
  gsize size;
  Run *run;

  wav_put_ramp (folder, "a/1.x", 50, 2, 100, 1);
  filename = folder_path (folder, "a/1.x");
  if (!write_tone (codecs[__i__].encoder, filename)) {
    g_print ("skipped: %s is not installed\n", codecs[__i__].encoder);
    g_free (filename);
    return;
  }
  fail_unless (g_file_get_contents (filename, &whole, &size, NULL));
  folder_put (folder, "a/1.x", whole, size * codecs[__i__].percent / 100);
  run = run_new (folder, "");
  if (codecs[__i__].warning)
    fail_unless (strstr (run->warnings->str, codecs[__i__].warning), "%s: %s",
        codecs[__i__].encoder, run->warnings->str);
  else
    fail_unless_equals_string (run->warnings->str, "");
  run_free (run);
  g_free (whole);
  g_free (filename);
}
GST_END_TEST;

/* Where encoders leave what they did not know: 36 bits of the first block. */
GST_START_TEST (a_flac_that_was_written_into_a_pipe_is_no_reason_to_warn)
{
  gchar *filename, *whole;
  gsize size;
  Run *run;

  wav_put_ramp (folder, "a/1.x", 50, 2, 100, 1);
  filename = folder_path (folder, "a/1.x");
  if (write_tone ("flacenc", filename)) {
    fail_unless (g_file_get_contents (filename, &whole, &size, NULL));
    fail_unless (memcmp (whole, "fLaC", 4) == 0);
    whole[21] = (gchar)(whole[21] & 0xf0);
    memset (whole + 22, 0, 4);
    folder_put (folder, "a/1.x", whole, size);
    run = run_to_eos (folder, "");
    fail_unless_equals_string (run->warnings->str, "");
    run_free (run);
    g_free (whole);
  }
  g_free (filename);
}
GST_END_TEST;

static Suite *
promise_suite (void)
{
  Suite *suite = suite_create ("promise");
  TCase *tc = tcase_create ("files");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, a_wav_that_was_cut_off_gives_what_there_is_and_a_warning);
  tcase_add_loop_test (tc,
      a_wav_that_promises_no_length_or_less_is_no_reason_to_warn, 0,
      G_N_ELEMENTS (lengths));
  tcase_add_loop_test (
      tc, only_what_is_short_for_sure_is_warned_of, 0, G_N_ELEMENTS (codecs));
  tcase_add_test (tc, a_flac_that_was_written_into_a_pipe_is_no_reason_to_warn);
  return suite;
}

GST_CHECK_MAIN (promise);
