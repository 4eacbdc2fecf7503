/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* mxquantisesink behind mxdatasetsrc, and what other elements make of the model
 * it writes. */
#include "classifier.h"
#include "dataset-folder.h"
#include "full-disk.h"

static const Model windowed = {50, 2, 16, 16};
static const Model streamed = {50, 2, 16, 16, NULL, 2};

#define RECORDINGS 130
#define TOO_LONG (40 * GST_SECOND) /* for any run: it hangs */

static gchar *
make_folder (void)
{
  gchar *folder = folder_new ();

  for (guint i = 0; i < RECORDINGS; i++) {
    g_autofree gchar *path = g_strdup_printf ("%c/%u.wav", 'a' + i % 3, i);

    wav_put_ramp (folder, path, windowed.rate, windowed.channels, 16, i);
  }
  return folder;
}

/* Of one recording: the first sample becomes this one. */
static gfloat spoilt = 0; /* 0: none does */

static void
spoil (const gchar *folder)
{
  g_autofree gchar *filename = folder_path (folder, "b/1.wav");
  g_autofree gchar *contents = NULL;
  gsize size;

  fail_unless (g_file_get_contents (filename, &contents, &size, NULL));
  memcpy (contents + size - 16 * windowed.channels * 4, &spoilt, 4);
  fail_unless (g_file_set_contents (filename, contents, size, NULL));
}

/* Of the disk, once the recordings are on it. */
static rlim_t room = RLIM_INFINITY;

/* Runs `mxdatasetsrc REST` until the end (TRUE) or an error; the last element
 * message with a name goes to *report, the first warning or error to *told. */
static gboolean
play (const gchar *rest, const gchar *name, GstStructure **report, gchar **told)
{
  gchar *folder = make_folder ();
  g_autofree gchar *line =
      g_strdup_printf ("mxdatasetsrc location=%s %s", folder, rest);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, &error);
  g_autoptr (GstBus) bus = NULL;
  gboolean ends = FALSE, good = FALSE;

  g_assert_no_error (error);
  if (spoilt != 0)
    spoil (folder);
  bus = gst_element_get_bus (pipeline);
  limit_files (room);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (!ends) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus, TOO_LONG,
        GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING |
            GST_MESSAGE_ELEMENT);

    fail_unless (message != NULL);
    if (gst_message_has_name (message, name)) {
      g_clear_pointer (report, gst_structure_free);
      *report = gst_structure_copy (gst_message_get_structure (message));
    }
    g_clear_error (&error);
    good = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
    ends = good || GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR;
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
      gst_message_parse_error (message, &error, NULL);
    else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
      gst_message_parse_warning (message, &error, NULL);
    if (error != NULL && told != NULL && *told == NULL)
      *told = g_strdup (error->message);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  limit_files (RLIM_INFINITY);
  folder_free (folder);
  return good;
}

/* The model, quantised into another file, which is returned. */
static gchar *
quantise (const gchar *file, GstStructure **report)
{
  gchar *location = g_strconcat (file, ".i8", NULL);
  g_autofree gchar *rest = g_strdup_printf (
      "! mxquantisesink model-file=%s location=%s", file, location);

  fail_unless (play (rest, "mxquantisesink", report, NULL));
  return location;
}

static void
check_model (const Model *model)
{
  g_autofree gchar *file = model_file (model);
  g_autoptr (GstStructure) report = NULL, of_floats = NULL, of_i8 = NULL;
  g_autofree gchar *quantised = quantise (file, &report);
  g_autoptr (GError) error = NULL;
  g_autoptr (MxNetwork) network = mx_model_file_load (quantised, &error);
  const gchar *const files[] = {file, quantised};
  GstStructure **const reports[] = {&of_floats, &of_i8};
  guint layers, left;

  g_assert_no_error (error);
  fail_unless (network->program->quantised);
  fail_unless (gst_structure_get_uint (report, "layers", &layers) &&
               gst_structure_get_uint (report, "layers-left", &left));
  fail_unless_equals_int (layers, 2);
  fail_unless_equals_int (left, 0);
  fail_unless_equals_uint64 (get_uint64 (report, "windows"), RECORDINGS);
  fail_unless_equals_string (
      gst_structure_get_string (report, "location"), quantised);
  for (guint i = 0; i < 2; i++) {
    g_autofree gchar *rest = g_strdup_printf (
        "! mxclassify model-file=%s policy=last ! fakesink", files[i]);

    fail_unless (play (rest, "mxclassify", reports[i], NULL));
    fail_unless (*reports[i] != NULL);
  }
  fail_unless_equals_string (gst_structure_get_string (of_floats, "label"),
      gst_structure_get_string (of_i8, "label"));
  fail_unless (gst_structure_has_field (of_i8, "confidence"));
  g_remove (file);
  g_remove (quantised);
}

GST_START_TEST (test_a_quantised_model_runs_as_any_other)
{
  check_model (&windowed);
}
GST_END_TEST;

GST_START_TEST (test_a_streamed_model_can_be_quantised)
{
  check_model (&streamed);
}
GST_END_TEST;

GST_START_TEST (test_the_same_stream_gives_the_same_file)
{
  g_autofree gchar *file = model_file (&windowed);
  g_autoptr (GstStructure) report = NULL;
  g_autofree gchar *quantised = quantise (file, &report);
  g_autofree gchar *once = NULL, *twice = NULL;
  gsize once_size, twice_size;

  fail_unless (g_file_get_contents (quantised, &once, &once_size, NULL));
  g_free (quantise (file, &report));
  fail_unless (g_file_get_contents (quantised, &twice, &twice_size, NULL));
  fail_unless_equals_uint64 (once_size, twice_size);
  fail_unless (memcmp (once, twice, once_size) == 0);
  g_remove (file);
  g_remove (quantised);
}
GST_END_TEST;

GST_START_TEST (test_a_quantised_model_cannot_be_trained_or_quantised_again)
{
  g_autofree gchar *file = model_file (&windowed);
  g_autoptr (GstStructure) report = NULL;
  g_autofree gchar *quantised = quantise (file, &report);
  g_autofree gchar *train = g_strdup_printf (
      "! mxtrainsink model-file=%s location=%s.trained", quantised, file);
  g_autofree gchar *again = g_strdup_printf (
      "! mxquantisesink model-file=%s location=%s.again", quantised, file);
  const gchar *const rests[] = {train, again};

  for (guint i = 0; i < G_N_ELEMENTS (rests); i++) {
    g_autofree gchar *told = NULL;

    fail_if (play (rests[i], "", &report, &told));
    fail_unless (strstr (told, quantised) != NULL, "%s", told);
    fail_unless (strstr (told, "quantised") != NULL, "%s", told);
  }
  g_remove (file);
  g_remove (quantised);
}
GST_END_TEST;

static const struct {
  const gchar *rest, *told;
} refusals[] = {
    {"! mxquantisesink location=$M.i8", "set the property model-file"},
    {"! mxquantisesink model-file=$M", "set the property location"},
    {"! mxquantisesink model-file=$M location=/nowhere/m", "cannot be written"},
    {"! mxquantisesink model-file=$M location=/tmp", "cannot be written"},
    {"! mxquantisesink model-file=$M location=/dev/full", "cannot be written"},
    {"! mxquantisesink model-file=$M location=/proc/m", "cannot be written"},
    {"stop-index=0 ! mxquantisesink model-file=$M location=$M.i8",
        "No example is left"},
    {"! audioconvert ! audio/x-raw,channels=1 ! "
     "mxquantisesink model-file=$M location=$M.i8",
        "cannot hear this stream: "},
    {"! mxquantisesink model-file=/nowhere/m location=$M.i8",
        "There is no model file"},
    {"! valve drop=true drop-mode=forward-sticky-events ! "
     "mxquantisesink model-file=$M location=$M.i8",
        "Nothing was quantised"},
};

GST_START_TEST (test_what_cannot_be_quantised_is_refused)
{
  g_autofree gchar *file = model_file (&windowed), *told = NULL;
  g_autofree gchar *i8 = g_strconcat (file, ".i8", NULL);
  g_auto (GStrv) parts = g_strsplit (refusals[__i__].rest, "$M", -1);
  g_autofree gchar *rest = g_strjoinv (file, parts);
  GstStructure *report = NULL;

  fail_if (play (rest, "mxquantisesink", &report, &told));
  fail_unless (report == NULL);
  fail_unless (
      told != NULL && strstr (told, refusals[__i__].told) != NULL, "%s", told);
  fail_if (g_file_test (i8, G_FILE_TEST_EXISTS));
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_a_full_disk_leaves_what_was_there)
{
  g_autofree gchar *file = model_file (&windowed), *told = NULL;
  g_autofree gchar *i8 = g_strconcat (file, ".i8", NULL), *after = NULL;
  g_autofree gchar *rest =
      g_strdup_printf ("! mxquantisesink model-file=%s location=%s", file, i8);
  GstStructure *report = NULL;

  fail_unless (g_file_set_contents (i8, "old", -1, NULL));
  room = 10;
  fail_if (play (rest, "mxquantisesink", &report, &told));
  room = RLIM_INFINITY;
  fail_unless (report == NULL);
  fail_unless (
      strstr (told, "The model cannot be written: ") != NULL, "%s", told);
  fail_unless (strstr (told, i8) != NULL, "%s", told);
  fail_unless (g_file_get_contents (i8, &after, NULL, NULL));
  fail_unless_equals_string (after, "old");
  g_remove (file);
  g_remove (i8);
}
GST_END_TEST;

GST_START_TEST (test_few_windows_are_told_of)
{
  g_autofree gchar *file = model_file (&windowed), *told = NULL;
  g_autofree gchar *i8 = g_strconcat (file, ".i8", NULL);
  g_autofree gchar *rest = g_strdup_printf (
      "stop-index=50 ! mxquantisesink model-file=%s location=%s", file, i8);
  g_autoptr (GstStructure) report = NULL;

  fail_unless (play (rest, "mxquantisesink", &report, &told));
  fail_unless (
      told != NULL && strstr (told, "Only 50 windows") != NULL, "%s", told);
  g_remove (file);
  g_remove (i8);
}
GST_END_TEST;

static const struct {
  gfloat value;
  const gchar *told;
  guint left; /* windows */
} no_numbers[] = {
    {NAN, "1 windows hold samples that are no finite", RECORDINGS - 1},
    {INFINITY, "1 windows hold samples that are no finite", RECORDINGS - 1},
    {-INFINITY, "1 windows hold samples that are no finite", RECORDINGS - 1},
    {1e9f, "is that of a few absurd samples", RECORDINGS},
};

/* The others give the ranges. */
GST_START_TEST (test_samples_that_are_no_numbers_are_told_of)
{
  g_autofree gchar *file = model_file (&windowed), *told = NULL;
  g_autofree gchar *i8 = g_strconcat (file, ".i8", NULL);
  g_autofree gchar *rest =
      g_strdup_printf ("! mxquantisesink model-file=%s location=%s", file, i8);
  g_autoptr (GstStructure) report = NULL;

  spoilt = no_numbers[__i__].value;
  fail_unless (play (rest, "mxquantisesink", &report, &told));
  fail_unless (told != NULL && strstr (told, no_numbers[__i__].told) != NULL,
      "%s", told);
  fail_unless_equals_uint64 (
      get_uint64 (report, "windows"), no_numbers[__i__].left);
  spoilt = 0;
  g_remove (file);
  g_remove (i8);
}
GST_END_TEST;

static Suite *
quantisesink_suite (void)
{
  Suite *suite = suite_create ("quantisesink");
  TCase *tcase = tcase_create ("quantisesink");

  tcase_set_timeout (tcase, 60);
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_a_quantised_model_runs_as_any_other);
  tcase_add_test (tcase, test_a_streamed_model_can_be_quantised);
  tcase_add_test (tcase, test_the_same_stream_gives_the_same_file);
  tcase_add_test (
      tcase, test_a_quantised_model_cannot_be_trained_or_quantised_again);
  tcase_add_loop_test (tcase, test_what_cannot_be_quantised_is_refused, 0,
      G_N_ELEMENTS (refusals));
  tcase_add_test (tcase, test_a_full_disk_leaves_what_was_there);
  tcase_add_test (tcase, test_few_windows_are_told_of);
  tcase_add_loop_test (tcase, test_samples_that_are_no_numbers_are_told_of, 0,
      G_N_ELEMENTS (no_numbers));
  return suite;
}

GST_CHECK_MAIN (quantisesink);
