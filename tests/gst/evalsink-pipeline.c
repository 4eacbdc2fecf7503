/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxdatasetsrc says and mxclassify answers, as mxevalsink hears it. */
#include "classifier.h"
#include "dataset-folder.h"

#include "gst/multiexit/gstmxexample.h"

static const Model model = {50, 2, 16, 8};

/* Two of one window, one of three, two shorter than a window. */
static const struct {
  const gchar *path;
  guint frames;
} recordings[] = {
    {"a/1.wav", 16},
    {"a/2.wav", 32},
    {"b/1.wav", 5},
    {"c/1.wav", 16},
    {"c/2.wav", 11},
};
#define WINDOWS 7

static GstStructure *
evaluate (const gchar *folder, const gchar *how, const gchar *middle)
{
  g_autofree gchar *file = model_file (&model);
  g_autofree gchar *line = g_strdup_printf (
      "mxdatasetsrc location=%s %s ! %s mxclassify model-file=%s ! "
      "mxevalsink name=sink",
      folder, how, middle, file);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, &error);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstBus) bus = NULL;
  GstMessage *message;
  GstStructure *stats;

  g_assert_no_error (error);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_object_get (sink, "stats", &stats, NULL);
  g_remove (file);
  return stats;
}

static const gchar *const middles[] = {
    "",
    "queue !",
    "audioconvert ! audio/x-raw,format=F64LE !",
};

GST_START_TEST (every_example_of_a_data_set_is_answered)
{
  gchar *folder = folder_new ();
  GstStructure *stats;
  const GstStructure *windows;

  for (guint i = 0; i < G_N_ELEMENTS (recordings); i++)
    wav_put_ramp (folder, recordings[i].path, model.rate, model.channels,
        recordings[i].frames, i);
  stats = evaluate (folder, "", middles[__i__]);
  fail_unless_equals_uint64 (
      get_uint64 (stats, "announced"), G_N_ELEMENTS (recordings));
  fail_unless_equals_uint64 (
      get_uint64 (stats, "labelled"), G_N_ELEMENTS (recordings));
  fail_unless_equals_uint64 (get_uint64 (stats, "missing"), 0);
  fail_unless_equals_uint64 (get_uint64 (stats, "strays"), 0);
  fail_unless_equals_int (get_uint (stats, "exits"), EXITS);
  windows =
      gst_value_get_structure (gst_structure_get_value (stats, "windows"));
  fail_unless_equals_uint64 (get_uint64 (windows, "count"), WINDOWS);
  gst_structure_free (stats);
  folder_free (folder);
}
GST_END_TEST;

/* Gaps of two windows and a hop of half a one: two or three lie wholly in each.
 */
GST_START_TEST (every_example_of_a_stream_is_answered_and_gaps_count_apart)
{
  gchar *folder = folder_new ();
  GstStructure *stats;
  guint64 gaps;

  for (guint i = 0; i < G_N_ELEMENTS (recordings); i++)
    wav_put_ramp (folder, recordings[i].path, model.rate, model.channels,
        recordings[i].frames, i);
  stats = evaluate (folder,
      "mode=continuous epochs=3 gap-low=640000000 gap-high=640000000",
      middles[__i__]);
  fail_unless_equals_uint64 (
      get_uint64 (stats, "count"), 3 * G_N_ELEMENTS (recordings));
  fail_unless_equals_uint64 (get_uint64 (stats, "missing"), 0);
  fail_unless_equals_uint64 (get_uint64 (stats, "strays"), 0);
  gaps = get_uint64 (
      gst_value_get_structure (gst_structure_get_value (stats, "gaps")),
      "count");
  fail_unless (gaps >= 2 * 16 && gaps <= 3 * 16, "%" G_GUINT64_FORMAT, gaps);
  gst_structure_free (stats);
  folder_free (folder);
}
GST_END_TEST;

static Suite *
evalsink_pipeline_suite (void)
{
  Suite *suite = suite_create ("evalsink_pipeline");
  TCase *tcase = tcase_create ("evalsink_pipeline");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, every_example_of_a_data_set_is_answered, 0,
      G_N_ELEMENTS (middles));
  tcase_add_loop_test (tcase,
      every_example_of_a_stream_is_answered_and_gaps_count_apart, 0,
      G_N_ELEMENTS (middles));
  return suite;
}

GST_CHECK_MAIN (evalsink_pipeline);
