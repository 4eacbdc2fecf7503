/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Files that mxevalsink cannot write. */
#include "evalsink-rig.h"
#include "full-disk.h"

static const gchar *const unwritable[] = {"/no/such/folder/report.json", "/tmp",
    "/proc/report.json", "/dev/null", "/dev/full"};

static const gchar *const files[] = {"location", "predictions", "report"};

GST_START_TEST (a_file_that_cannot_be_written_stops_the_start)
{
  GstElement *sink = gst_element_factory_make ("mxevalsink", NULL);

  gst_object_ref_sink (sink);
  g_object_set (sink, files[__i__ % 3], unwritable[__i__ / 3], NULL);
  fail_unless_equals_int (
      gst_element_set_state (sink, GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_object_unref (sink);
}
GST_END_TEST;

static const gchar *const pairs[][2] = {{"location", "predictions"},
    {"location", "report"}, {"report", "predictions"}};

GST_START_TEST (no_file_is_written_twice)
{
  g_autofree gchar *folder = g_dir_make_tmp ("evalsink-XXXXXX", NULL);
  g_autofree gchar *file = g_build_filename (folder, "report.json", NULL);
  g_autofree gchar *same = g_build_filename (folder, ".", "report.json", NULL);
  const gchar *const *pair = pairs[__i__ / 2];
  g_autofree gchar *words =
      g_strdup_printf ("%s and %s must be two files", pair[0], pair[1]);
  Fixture f;

  begin (&f);
  gst_element_set_state (f.harness->element, GST_STATE_NULL);
  g_object_set (f.harness->element, pair[0], file, pair[1],
      __i__ % 2 ? same : file, NULL);
  fail_unless_equals_int (
      gst_element_set_state (f.harness->element, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  assert_error (&f, words);
  end (&f);
  fail_unless_equals_int (g_rmdir (folder), 0);
}
GST_END_TEST;

/* What is said, and after so many results: found at the end, or before. */
static const struct {
  const gchar *file, *words;
  guint results;
} full[] = {
    {"predictions", "The predictions cannot be written: ", 1},
    {"predictions", "The predictions cannot be written: ", 1000},
    {"location", "The report cannot be written: ", 1},
    {"report", "The page cannot be written: ", 1},
};

GST_START_TEST (a_full_disk_is_an_error)
{
  g_autofree gchar *folder = g_dir_make_tmp ("evalsink-XXXXXX", NULL);
  g_autofree gchar *file = g_build_filename (folder, "file", NULL);
  g_autofree gchar *words = g_strconcat (full[__i__].words, file, NULL);
  Fixture f;

  begin (&f);
  gst_element_set_state (f.harness->element, GST_STATE_NULL);
  g_object_set (f.harness->element, full[__i__].file, file, NULL);
  gst_element_set_state (f.harness->element, GST_STATE_PLAYING);
  gst_harness_push_event (f.harness, gst_event_new_stream_start ("again"));
  limit_files (10);
  push_example (&f, "a");
  for (guint i = 0; i < full[__i__].results; i++)
    push_answer (&f, (Answer){"a", .9, 1, 250});
  gst_harness_push_event (f.harness, gst_event_new_eos ());
  limit_files (RLIM_INFINITY);
  assert_error (&f, words);
  end (&f);
  fail_unless_equals_int (g_rmdir (folder), 0);
}
GST_END_TEST;

static Suite *
evalsink_files_suite (void)
{
  Suite *suite = suite_create ("evalsink_files");
  TCase *tcase = tcase_create ("evalsink_files");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, a_file_that_cannot_be_written_stops_the_start, 0,
      3 * G_N_ELEMENTS (unwritable));
  tcase_add_loop_test (
      tcase, no_file_is_written_twice, 0, 2 * G_N_ELEMENTS (pairs));
  tcase_add_loop_test (tcase, a_full_disk_is_an_error, 0, G_N_ELEMENTS (full));
  return suite;
}

GST_CHECK_MAIN (evalsink_files);
