/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whether mxdatasetsrc tells of files that hold less than they say. */

#include "dataset-rig.h"

#define CHUNK 8 /* bytes of name and size */

/* Where the one recording is, and what is in it. */
typedef struct {
  gchar *filename, *contents;
  gsize size;
} File;

static void
file_clear (File *file)
{
  g_free (file->filename);
  g_free (file->contents);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (File, file_clear)

static void
file_read (File *file)
{
  fail_unless (
      g_file_get_contents (file->filename, &file->contents, &file->size, NULL));
}

/* A hundred frames of two floats. */
static void
file_put_ramp (File *file, const gchar *name)
{
  wav_put_ramp (folder, name, 50, 2, 100, 1);
  file->filename = folder_path (folder, name);
  file_read (file);
}

/* Once, whatever the epochs and how often it is decoded. */
GST_START_TEST (a_wav_that_was_cut_off_gives_what_there_is_and_a_warning)
{
  g_auto (File) file = {NULL};
  gchar *found;
  Run *run;

  file_put_ramp (&file, "a/1.wav");
  folder_put (folder, "a/1.wav", file.contents, 44 + 8 * 60);
  run = run_to_eos (folder, "epochs=3 cache-size=0");
  fail_unless_equals_int (run_heard (run, 0)->samples->len, 120);
  found = strstr (run->warnings->str,
      "a/1.wav was cut off or is damaged: found 60 frames, expected 100");
  fail_unless (found != NULL, "%s", run->warnings->str);
  fail_unless (strchr (found, '\n')[1] == 0, "%s", run->warnings->str);
  run_free (run);
}
GST_END_TEST;

static void
expect_no_warning (void)
{
  Run *run = run_to_eos (folder, "");

  fail_unless_equals_string (run->warnings->str, "");
  run_free (run);
}

/* Streams that could not know it when they began, and a file whose samples go
 * on behind what was promised. */
static const guint32 lengths[] = {
    0, 0xffffffff, 0x80000000, 0x7fffffff, 0x7ffff000, 0x7fff0000, 8 * 40};

GST_START_TEST (a_wav_that_promises_no_length_or_less_is_no_reason_to_warn)
{
  guint32 length = GUINT32_TO_LE (lengths[__i__]);
  g_auto (File) file = {NULL};
  gchar *data;

  file_put_ramp (&file, "a/1.wav");
  data = file.contents + file.size - 800 - CHUNK;
  fail_unless (memcmp (data, "data", 4) == 0);
  memcpy (data + 4, &length, sizeof length);
  folder_put (folder, "a/1.wav", file.contents, file.size);
  expect_no_warning ();
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
    /* Half of so short a one is headers. */
    {"audioconvert ! vorbisenc ! oggmux", 90, "no page that ends the stream"},
    {"audioconvert ! opusenc ! oggmux", 100, NULL},
    {"audioconvert ! opusenc ! oggmux", 60, "no page that ends the stream"},
    {"audioconvert ! vorbisenc ! matroskamux", 100, NULL},
    {"audioconvert ! vorbisenc ! matroskamux", 60, " bytes, expected "},
    {"audioconvert ! vorbisenc ! matroskamux streamable=true", 60, NULL},
    {"audioconvert ! opusenc ! webmmux", 100, NULL},
    {"audioconvert ! opusenc ! webmmux", 60, " bytes, expected "},
    {"lamemp3enc", 100, NULL},
    {"lamemp3enc", 60, NULL}, /* it has no header */
    {"lamemp3enc ! xingmux", 100, NULL},
    {"lamemp3enc ! xingmux", 60, " bytes, expected "},
    {"lamemp3enc ! xingmux ! id3v2mux", 100, NULL},
    {"lamemp3enc ! xingmux ! id3v2mux", 60, " bytes, expected "},
    {"lamemp3enc ! mpegaudioparse ! mp4mux faststart=true", 100, NULL},
    {"lamemp3enc ! mpegaudioparse ! mp4mux faststart=true", 60,
        " bytes, expected "},
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

/* FALSE: not installed; the file is that of the encoder. */
static gboolean
file_put_tone (File *file, const gchar *encoder)
{
  folder_put (folder, "a/1.x", "", 0);
  file->filename = folder_path (folder, "a/1.x");
  if (!write_tone (encoder, file->filename)) {
    g_print ("skipped: %s is not installed\n", encoder);
    return FALSE;
  }
  file_read (file);
  return TRUE;
}

GST_START_TEST (only_what_is_short_for_sure_is_warned_of)
{
  const gchar *warning = codecs[__i__].warning;
  g_auto (File) file = {NULL};
  Run *run;

  if (!file_put_tone (&file, codecs[__i__].encoder))
    return;
  folder_put (
      folder, "a/1.x", file.contents, file.size * codecs[__i__].percent / 100);
  run = run_new (folder, "");
  if (warning != NULL)
    fail_unless (strstr (run->warnings->str, warning), "%s: %s",
        codecs[__i__].encoder, run->warnings->str);
  else
    fail_unless_equals_string (run->warnings->str, "");
  run_free (run);
}
GST_END_TEST;

/* Where encoders leave what they did not know: 36 bits of the first block. */
GST_START_TEST (a_flac_that_was_written_into_a_pipe_is_no_reason_to_warn)
{
  g_auto (File) file = {NULL};

  if (!file_put_tone (&file, "flacenc"))
    return;
  fail_unless (memcmp (file.contents, "fLaC", 4) == 0);
  file.contents[21] = (gchar)(file.contents[21] & 0xf0);
  memset (file.contents + 22, 0, 4);
  folder_put (folder, "a/1.x", file.contents, file.size);
  expect_no_warning ();
}
GST_END_TEST;

/* ------------------------------------------------- what nobody here writes */

/* An AU file of 16 bits, 8 kHz, mono, where its second number is the size of
 * the head and its third that of the samples. */
static const guint8 au[24] = {'.', 's', 'n', 'd', 0, 0, 0, 24, 0, 0, 0, 0, 0, 0,
    0, 3, 0, 0, 0x1f, 0x40, 0, 0, 0, 1};

static void
put_au (guint32 promised, gsize left)
{
  g_autofree guint8 *bytes = g_malloc0 (sizeof au + left);

  memcpy (bytes, au, sizeof au);
  GST_WRITE_UINT32_BE (bytes + 8, promised);
  folder_put (folder, "a/1.au", (gchar *)bytes, sizeof au + left);
}

GST_START_TEST (an_au_that_was_cut_off_is_warned_of)
{
  Run *run;

  put_au (200, 200);
  expect_no_warning ();
  put_au (0xffffffff, 120);
  expect_no_warning ();
  put_au (200, 120);
  run = run_to_eos (folder, "");
  fail_unless (strstr (run->warnings->str, "a/1.au was cut off or is damaged: "
                                           "found 144 bytes, expected 224 as"),
      "%s", run->warnings->str);
  run_free (run);
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
  tcase_add_test (tc, an_au_that_was_cut_off_is_warned_of);
  return suite;
}

GST_CHECK_MAIN (promise);
