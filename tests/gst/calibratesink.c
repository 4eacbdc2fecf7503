/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* mxcalibratesink behind a real mxclassify, and what mxclassify then makes of
 * the model. */
#include "classifier.h"
#include "dataset-folder.h"
#include "full-disk.h"

#include "gst/multiexit/gstmxexample.h"

static const Model model = {50, 2, 16, 16};

#define RECORDINGS 130

/* @labels: letters, one after another. */
static gchar *
make_folder (const gchar *labels)
{
  gchar *folder = folder_new ();

  for (guint i = 0; i < RECORDINGS; i++) {
    g_autofree gchar *path =
        g_strdup_printf ("%c/%u.wav", labels[i % strlen (labels)], i);

    wav_put_ramp (folder, path, model.rate, model.channels, 16, i);
  }
  return folder;
}

/* Of the disk, once the recordings are on it. */
static rlim_t room = RLIM_INFINITY;

/* Runs until the end or an error, and tells which; the last element message of
 * the sink goes to *report, if there is one, all warnings and the error, line
 * by line, to *told. */
static gboolean
play (const gchar *line, GstStructure **report, gchar **told)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, &error);
  g_autoptr (GstBus) bus = NULL;
  gboolean ends = FALSE, good = FALSE;

  g_assert_no_error (error);
  bus = gst_element_get_bus (pipeline);
  limit_files (room);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (!ends) {
    g_autoptr (GstMessage) message =
        gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
            GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING |
                GST_MESSAGE_ELEMENT);
    const GstStructure *structure = gst_message_get_structure (message);

    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT) {
      if (gst_structure_has_name (structure, "mxcalibratesink"))
        *report = gst_structure_copy (structure);
      continue;
    }
    g_clear_error (&error);
    good = ends = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
      gst_message_parse_error (message, &error, NULL);
      ends = TRUE;
    } else if (!good) {
      gst_message_parse_warning (message, &error, NULL);
    }
    if (!good && told != NULL) {
      g_autofree gchar *before = *told;

      *told = g_strconcat (
          before != NULL ? before : "", error->message, "\n", NULL);
    }
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  limit_files (RLIM_INFINITY);
  return good;
}

/* mxdatasetsrc HOW ! mxclassify CLASSIFY ! mxcalibratesink SINK, which
 * calibrate the file unless they say otherwise.  @labels: of the data. */
static GstStructure *
calibrate_on (const gchar *labels, const gchar *file, const gchar *how,
    const gchar *classify, const gchar *sink, gchar **told)
{
  gchar *folder = make_folder (labels);
  GstStructure *report = NULL;
  g_autofree gchar *this_file = g_strdup_printf ("model-file=%s", file);
  g_autofree gchar *line = g_strdup_printf (
      "mxdatasetsrc location=%s %s ! mxclassify post-messages=false %s %s %s ! "
      "mxcalibratesink %s %s",
      folder, how, this_file,
      strstr (classify, "all-exits") == NULL ? "all-exits=true" : "", classify,
      strstr (sink, "model-file") == NULL ? this_file : "", sink);

  play (line, &report, told);
  folder_free (folder);
  return report;
}

static GstStructure *
calibrate (const gchar *file, const gchar *how, const gchar *classify,
    const gchar *sink, gchar **told)
{
  return calibrate_on ("abc", file, how, classify, sink, told);
}

static MxNetwork *
load (const gchar *file)
{
  g_autoptr (GError) error = NULL;
  MxNetwork *network = mx_model_file_load (file, &error);

  g_assert_no_error (error);
  return network;
}

GST_START_TEST (test_a_model_gets_its_calibration)
{
  g_autofree gchar *file = model_file (&model);
  g_autoptr (MxNetwork) before = load (file);
  g_autoptr (GstStructure) report =
      calibrate (file, "", "", "fitted-on=\"three people\"", NULL);
  g_autoptr (MxNetwork) after = load (file);
  const MxCalibration *calibration = after->calibration;

  fail_unless (report != NULL && before->calibration == NULL);
  fail_unless (calibration != NULL);
  fail_unless_equals_uint64 (calibration->windows, RECORDINGS);
  fail_unless_equals_uint64 (calibration->labelled, RECORDINGS);
  fail_unless_equals_string (calibration->fitted_on, "three people");
  fail_unless_equals_float (
      calibration->points[calibration->n_points - 1].agreement, 1);
  fail_unless_equals_uint64 (get_uint64 (report, "windows"), RECORDINGS);
  fail_unless_equals_uint64 (get_uint64 (report, "labelled"), RECORDINGS);
  fail_unless_equals_int (gst_value_array_get_size (
                              gst_structure_get_value (report, "temperatures")),
      EXITS);
  fail_unless_equals_int (
      gst_value_array_get_size (gst_structure_get_value (report, "points")),
      calibration->n_points);
  fail_unless (
      memcmp (before->weights, after->weights,
          before->description->program->n_weights * sizeof (gfloat)) == 0);
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_calibrating_again_finds_the_same)
{
  g_autofree gchar *file = model_file (&model);
  g_autoptr (GstStructure) report_1 = calibrate (file, "", "", "", NULL);
  g_autoptr (MxNetwork) once = load (file);
  g_autoptr (GstStructure) report_2 = calibrate (file, "", "", "", NULL);
  g_autoptr (MxNetwork) twice = load (file);
  g_autoptr (GstStructure) report_3 =
      calibrate (file, "", "calibrated=false", "", NULL);
  g_autoptr (MxNetwork) thrice = load (file);

  for (guint e = 0; e < EXITS; e++) {
    gfloat expected = once->calibration->temperatures[e];

    fail_unless (expected != 1);
    fail_unless (fabs (twice->calibration->temperatures[e] - expected) <
                 1e-3 * expected);
    fail_unless (fabs (thrice->calibration->temperatures[e] - expected) <
                 1e-3 * expected);
  }
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_an_unlabelled_stream_keeps_temperatures)
{
  g_autofree gchar *file = model_file (&model);
  g_autoptr (GstStructure) report_1 = calibrate (file, "", "", "", NULL);
  g_autoptr (MxNetwork) once = load (file);
  g_autoptr (GstStructure) report_2 =
      calibrate (file, "labelled-fraction=0", "", "", NULL);
  g_autoptr (MxNetwork) twice = load (file);

  fail_unless_equals_uint64 (twice->calibration->labelled, 0);
  fail_unless_equals_uint64 (twice->calibration->windows, RECORDINGS);
  fail_unless (
      memcmp (once->calibration->temperatures, twice->calibration->temperatures,
          EXITS * sizeof (gfloat)) == 0);
  fail_unless (isnan (twice->calibration->points[0].accuracy));
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_another_file_may_be_written)
{
  g_autofree gchar *file = model_file (&model);
  g_autofree gchar *other = g_strconcat (file, ".calibrated", NULL);
  g_autofree gchar *sink =
      g_strdup_printf ("location=%s each-exit=true", other);
  g_autoptr (GstStructure) report = calibrate (file, "", "", sink, NULL);
  g_autoptr (MxNetwork) left = load (file);
  g_autoptr (MxNetwork) written = load (other);

  fail_unless_equals_string (
      gst_structure_get_string (report, "location"), other);
  fail_unless (left->calibration == NULL);
  fail_unless (written->calibration != NULL);
  g_remove (file);
  g_remove (other);
}
GST_END_TEST;

static const struct {
  const gchar *how, *classify, *sink, *told;
} refusals[] = {
    {"", "all-exits=false", "", "set all-exits=true on mxclassify"},
    {"", "", "location=/nowhere/m.safetensors", "cannot be written"},
    {"", "", "model-file=/nowhere/m.safetensors", "There is no model file"},
    {"", "", "location=/tmp", "cannot be written"},
    {"", "", "location=/dev/full", "cannot be written"},
    {"", "", "location=/proc/model", "cannot be written"},
    {"stop-index=0", "", "", "No example is left"},
    /* Four exits and ten labels. */
    {"", "", "model-file=$DIGITS location=$OTHER", "not of the model"},
};

GST_START_TEST (test_what_cannot_be_calibrated_is_refused)
{
  g_autofree gchar *file = model_file (&model);
  g_autofree gchar *digits =
      g_build_filename (g_getenv ("MX_MODELS"), "digits.safetensors", NULL);
  g_autofree gchar *told = NULL;
  g_autoptr (GString) sink = g_string_new (refusals[__i__].sink);
  g_autoptr (GstStructure) report = NULL;
  g_autoptr (MxNetwork) after = NULL;

  g_string_replace (sink, "$DIGITS", digits, 0);
  g_string_replace (sink, "$OTHER", file, 0);
  report = calibrate (
      file, refusals[__i__].how, refusals[__i__].classify, sink->str, &told);
  fail_unless (report == NULL);
  fail_unless (
      told != NULL && strstr (told, refusals[__i__].told) != NULL, "%s", told);
  after = load (file);
  fail_unless (after->calibration == NULL);
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_a_full_disk_leaves_the_old_model)
{
  g_autofree gchar *file = model_file (&model);
  g_autofree gchar *before = NULL, *after = NULL, *told = NULL;
  g_autoptr (GstStructure) report = NULL;
  gsize size, size_after;

  fail_unless (g_file_get_contents (file, &before, &size, NULL));
  room = 10;
  report = calibrate (file, "", "", "", &told);
  room = RLIM_INFINITY;
  fail_unless (report == NULL);
  fail_unless (
      strstr (told, "The model cannot be written: ") != NULL, "%s", told);
  fail_unless (strstr (told, file) != NULL, "%s", told);
  fail_unless (g_file_get_contents (file, &after, &size_after, NULL));
  fail_unless (size == size_after && memcmp (before, after, size) == 0);
  g_remove (file);
}
GST_END_TEST;

/* The model knows LABELS. */
static const struct {
  const gchar *labels, *how, *told; /* NULL: nothing */
  gboolean refused;
  guint64 labelled;
} data[] = {
    {"xyz", "", "the data have x, y, z, the model knows ", TRUE},
    {"xyz", "labelled-fraction=0", NULL, FALSE, 0},
    {"abx", "", "43 windows have labels that the model does not know (x)",
        FALSE, 87},
    {"a", "", "All 130 labelled windows have the label \"a\"", FALSE, 130},
    {"abc", "", NULL, FALSE, 130},
    /* What one of the exits always answers. */
    {"b", "", "exits err so rarely", FALSE, 130},
};

GST_START_TEST (test_labels_of_no_use_are_told_of)
{
  g_autofree gchar *file = model_file (&model);
  g_autofree gchar *told = NULL;
  g_autoptr (GstStructure) report =
      calibrate_on (data[__i__].labels, file, data[__i__].how, "", "", &told);
  g_autoptr (MxNetwork) after = load (file);

  fail_unless ((report == NULL) == data[__i__].refused);
  fail_unless ((after->calibration == NULL) == data[__i__].refused);
  if (report != NULL)
    fail_unless_equals_uint64 (
        get_uint64 (report, "labelled"), data[__i__].labelled);
  if (data[__i__].told == NULL)
    fail_unless (told == NULL, "%s", told);
  else
    fail_unless (
        told != NULL && strstr (told, data[__i__].told) != NULL, "%s", told);
  g_remove (file);
}
GST_END_TEST;

/* Both know ten words by the same numbers; one knows silence, too. */
GST_START_TEST (test_a_model_with_more_labels_is_another)
{
  const gchar *models = g_getenv ("MX_MODELS");
  g_autofree gchar *file = model_file (&model);
  g_autofree gchar *line = g_strdup_printf (
      "filesrc location=%s/../pipelines/data/words.wav ! wavparse ! mxclassify "
      "model-file=%s/words-stream.safetensors all-exits=true ! "
      "mxcalibratesink model-file=%s/digits.safetensors location=%s",
      models, models, models, file);
  g_autofree gchar *told = NULL;
  GstStructure *report = NULL;

  fail_if (play (line, &report, &told));
  fail_unless (
      strstr (told, "not of the model \"digits\"") != NULL, "%s", told);
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_few_windows_are_told_of)
{
  g_autofree gchar *file = model_file (&model);
  g_autofree gchar *told = NULL;
  g_autoptr (GstStructure) report =
      calibrate (file, "stop-index=50", "", "", &told);

  fail_unless (report != NULL);
  fail_unless (
      told != NULL && strstr (told, "Only 50 windows") != NULL, "%s", told);
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_a_stream_without_results_calibrates_nothing)
{
  g_autofree gchar *file = model_file (&model);
  g_autofree gchar *line = g_strdup_printf (
      "audiotestsrc num-buffers=3 ! mxcalibratesink model-file=%s", file);
  g_autofree gchar *told = NULL;
  GstStructure *report = NULL;

  fail_if (play (line, &report, &told));
  fail_unless (strstr (told, "Nothing was calibrated") != NULL, "%s", told);
  g_clear_pointer (&told, g_free);
  fail_if (
      play ("audiotestsrc num-buffers=3 ! mxcalibratesink", &report, &told));
  fail_unless (
      strstr (told, "set the property model-file") != NULL, "%s", told);
  g_remove (file);
}
GST_END_TEST;

static Suite *
calibratesink_suite (void)
{
  Suite *suite = suite_create ("calibratesink");
  TCase *tcase = tcase_create ("calibratesink");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_a_model_gets_its_calibration);
  tcase_add_test (tcase, test_calibrating_again_finds_the_same);
  tcase_add_test (tcase, test_an_unlabelled_stream_keeps_temperatures);
  tcase_add_test (tcase, test_another_file_may_be_written);
  tcase_add_loop_test (tcase, test_what_cannot_be_calibrated_is_refused, 0,
      G_N_ELEMENTS (refusals));
  tcase_add_test (tcase, test_a_full_disk_leaves_the_old_model);
  tcase_add_loop_test (
      tcase, test_labels_of_no_use_are_told_of, 0, G_N_ELEMENTS (data));
  tcase_add_test (tcase, test_a_model_with_more_labels_is_another);
  tcase_add_test (tcase, test_few_windows_are_told_of);
  tcase_add_test (tcase, test_a_stream_without_results_calibrates_nothing);
  return suite;
}

GST_CHECK_MAIN (calibratesink);
