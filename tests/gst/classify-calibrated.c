/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The properties calibrated and agreement-target of mxclassify. */

#include "classifier.h"

#define N 2000

static const Model model = {8000, 1, 400, 200};

/* At .6 all windows leave at the first exit, above at the last. */
static gchar *
calibrated_file (void)
{
  static MxOperatingPoint points[] = {
      {.thresholds = {0}, .agreement = .6, .cost = .5},
      {.thresholds = {1}, .agreement = 1, .cost = 1},
  };
  MxCalibration calibration = {.fitted_on = (gchar *)"",
      .windows = 1,
      .exits = EXITS,
      .temperatures = {5, 5},
      .n_points = G_N_ELEMENTS (points),
      .points = points};
  g_autoptr (MxNetwork) plain = model_network (&model);
  g_autoptr (MxNetwork) network =
      mx_network_new_calibrated (plain, &calibration);
  g_autoptr (GBytes) contents = mx_model_file_write (network);

  return temporary_file (contents);
}

static Classifier
begin (gboolean calibrated_model)
{
  Classifier c = classifier_new (&model);

  if (calibrated_model) {
    g_autofree gchar *file = calibrated_file ();

    gst_element_set_state (c.element, GST_STATE_READY);
    g_object_set (c.element, "model-file", file, NULL);
    gst_element_set_state (c.element, GST_STATE_PLAYING);
    g_remove (file);
  }
  classifier_begin_stream (&c, model.rate, model.channels);
  return c;
}

/* The results of a recording of noise. */
static GPtrArray *
results_of (Classifier *c)
{
  g_autofree gfloat *samples = noise (N, 1);

  gst_bus_set_flushing (c->bus, TRUE);
  gst_bus_set_flushing (c->bus, FALSE);
  classifier_push_all (c, &model, samples, N, 333, GST_CLOCK_TIME_NONE);
  return classifier_messages (c);
}

static void
assert_all_leave_at (Classifier *c, guint exit)
{
  g_autoptr (GPtrArray) results = results_of (c);

  fail_unless (results->len >= 8);
  for (guint i = 0; i < results->len; i++)
    fail_unless_equals_int (get_uint (results->pdata[i], "exit"), exit);
}

static gdouble
mean_confidence (Classifier *c)
{
  g_autoptr (GPtrArray) results = results_of (c);
  gdouble sum = 0;

  for (guint i = 0; i < results->len; i++) {
    gdouble confidence = 0;

    gst_structure_get_double (results->pdata[i], "confidence", &confidence);
    sum += confidence;
  }
  return sum / results->len;
}

GST_START_TEST (test_confidences_are_calibrated_unless_it_is_off)
{
  Classifier c = begin (TRUE);
  gdouble with, without;

  g_object_set (c.element, "max-exit", 1, NULL);
  with = mean_confidence (&c);
  g_object_set (c.element, "calibrated", FALSE, NULL);
  without = mean_confidence (&c);
  fail_unless (with < without, "%g %g", with, without);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_an_agreement_chooses_the_depth)
{
  Classifier c = begin (TRUE);

  g_object_set (c.element, "agreement-target", .5, "exit-threshold", 1., NULL);
  assert_all_leave_at (&c, 1);
  g_object_set (c.element, "agreement-target", .9, NULL);
  assert_all_leave_at (&c, EXITS);
  g_object_set (c.element, "agreement-target", 0., "exit-threshold", 0., NULL);
  assert_all_leave_at (&c, 1);
  classifier_free (&c);
}
GST_END_TEST;

static void
assert_warned (Classifier *c, const gchar *text)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (c->bus, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  fail_unless (message != NULL, "no warning \"%s\"", text);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  else
    gst_message_parse_warning (message, &error, NULL);
  fail_unless (
      g_error_matches (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS));
  fail_unless (strstr (error->message, text) != NULL, "%s", error->message);
}

static void
assert_target (Classifier *c, gdouble expected)
{
  gdouble target;

  g_object_get (c->element, "agreement-target", &target, NULL);
  fail_unless_equals_float (target, expected);
}

GST_START_TEST (test_a_target_without_calibration_is_refused_while_playing)
{
  Classifier c = begin (FALSE);

  g_object_set (c.element, "agreement-target", .98, NULL);
  assert_warned (&c, "has no calibration");
  assert_target (&c, 0);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_a_target_without_calibration_is_an_error_at_start)
{
  g_autofree gchar *file = model_file (&model);
  Classifier c = begin (FALSE);

  gst_element_set_state (c.element, GST_STATE_READY);
  g_object_set (c.element, "model-file", file, "agreement-target", .98, NULL);
  fail_unless_equals_int (gst_element_set_state (c.element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  assert_warned (&c, "has no calibration");
  classifier_free (&c);
  g_remove (file);
}
GST_END_TEST;

GST_START_TEST (test_a_target_needs_calibrated_confidences)
{
  Classifier c = begin (TRUE);
  gboolean calibrated;

  g_object_set (c.element, "agreement-target", .98, NULL);
  g_object_set (c.element, "calibrated", FALSE, NULL);
  assert_warned (&c, "calibrated is false");
  g_object_get (c.element, "calibrated", &calibrated, NULL);
  fail_unless (calibrated);
  assert_target (&c, .98);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_calibrated_suite (void)
{
  Suite *suite = suite_create ("classify_calibrated");
  TCase *tcase = tcase_create ("classify_calibrated");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_confidences_are_calibrated_unless_it_is_off);
  tcase_add_test (tcase, test_an_agreement_chooses_the_depth);
  tcase_add_test (
      tcase, test_a_target_without_calibration_is_refused_while_playing);
  tcase_add_test (
      tcase, test_a_target_without_calibration_is_an_error_at_start);
  tcase_add_test (tcase, test_a_target_needs_calibrated_confidences);
  return suite;
}

GST_CHECK_MAIN (classify_calibrated);
