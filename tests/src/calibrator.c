/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-calibrator.h"

#include <math.h>

#include "calibration-golden.h"
#include "check-main.h"

static MxCalibrator *
fill (const Golden *golden, bool labelled)
{
  MxCalibrator *self = mx_calibrator_new (GOLDEN_EXITS, GOLDEN_CLASSES);

  for (size_t i = 0; i < GOLDEN_WINDOWS; i++)
    ck_assert (mx_calibrator_add (self, golden->logits[i][0], golden->costs,
        labelled ? golden->truths[i] : -1));
  return self;
}

START_TEST (temperatures_and_points_are_those_of_its_parts)
{
  Golden golden;
  g_autoptr (MxCalibrator) calibrator = NULL;
  g_autoptr (MxCalibration) found = NULL;
  JsonArray *expected;
  uint64_t labelled = 0;

  golden_load (&golden);
  calibrator = fill (&golden, true);
  found = mx_calibrator_fit (calibrator, NULL, false, "golden");
  for (size_t i = 0; i < GOLDEN_WINDOWS; i++)
    labelled += golden.truths[i] >= 0;
  ck_assert_str_eq (found->fitted_on, "golden");
  ck_assert_uint_eq (found->windows, GOLDEN_WINDOWS);
  ck_assert_uint_eq (found->labelled, labelled);
  ck_assert_uint_lt (labelled, GOLDEN_WINDOWS);
  for (size_t e = 0; e < GOLDEN_EXITS; e++)
    ck_assert_double_eq_tol (
        found->temperatures[e], golden.temperatures[e], 1e-5);
  expected = json_object_get_array_member (golden.root, "cheapest");
  for (guint i = 0; i < json_array_get_length (expected); i++) {
    JsonObject *one = json_array_get_object_element (expected, i);
    const MxOperatingPoint *point = mx_calibration_for_agreement (
        found, json_object_get_double_member (one, "target"));

    ck_assert_double_eq_tol (
        point->cost, json_object_get_double_member (one, "cost"), 1e-6);
    ck_assert_double_eq_tol (point->agreement,
        json_object_get_double_member (one, "agreement"), 1e-6);
    ck_assert_double_eq_tol (
        point->accuracy, json_object_get_double_member (one, "accuracy"), 1e-6);
    ck_assert_double_eq_tol (point->thresholds[1],
        golden_number (json_object_get_array_member (one, "thresholds"), 1),
        1e-5);
  }
  golden_clear (&golden);
}
END_TEST

START_TEST (a_mean_cost_is_met_from_below)
{
  Golden golden;
  g_autoptr (MxCalibrator) calibrator = NULL;
  g_autoptr (MxCalibration) found = NULL;
  JsonArray *expected;

  golden_load (&golden);
  calibrator = fill (&golden, true);
  found = mx_calibrator_fit (calibrator, NULL, false, "");
  expected = json_object_get_array_member (golden.root, "for-cost");
  for (guint i = 0; i < json_array_get_length (expected); i++) {
    JsonObject *one = json_array_get_object_element (expected, i);
    double target = json_object_get_double_member (one, "target");
    double best = json_object_get_double_member (one, "cost");
    const MxOperatingPoint *point = mx_calibration_for_cost (found, target);

    ck_assert_double_le (point->cost, target + 1e-9);
    ck_assert_double_gt (point->cost, best - .02);
  }
  golden_clear (&golden);
}
END_TEST

START_TEST (without_labels_temperatures_stay)
{
  static const float known[] = {.5f, 1.5f, 2};
  Golden golden;
  g_autoptr (MxCalibrator) calibrator = NULL;
  g_autoptr (MxCalibration) first = NULL, again = NULL;

  golden_load (&golden);
  calibrator = fill (&golden, false);
  first = mx_calibrator_fit (calibrator, NULL, false, "");
  again = mx_calibrator_fit (calibrator, known, false, "");
  for (size_t e = 0; e < GOLDEN_EXITS; e++) {
    ck_assert_float_eq (first->temperatures[e], 1);
    ck_assert_float_eq (again->temperatures[e], known[e]);
  }
  ck_assert_uint_eq (again->labelled, 0);
  ck_assert_double_nan (again->points[0].accuracy);
  ck_assert (mx_calibration_for_agreement (first, .9)->thresholds[0] !=
             mx_calibration_for_agreement (again, .9)->thresholds[0]);
  golden_clear (&golden);
}
END_TEST

/* Three windows: thirds, and costs that differ from window to window. */
START_TEST (points_are_millionths_of_the_mean_cost)
{
  static const double costs[3][2] = {{1, 2}, {1, 2}, {2, 5}};
  static const float logits[3][4] = {{0, 1, 2, 0}, {0, 2, 0, 1}, {3, 0, 1, 0}};
  g_autoptr (MxCalibrator) calibrator = mx_calibrator_new (2, 2);
  g_autoptr (MxCalibration) found = NULL;

  for (size_t i = 0; i < 3; i++)
    ck_assert (mx_calibrator_add (calibrator, logits[i], costs[i], 1));
  found = mx_calibrator_fit (calibrator, NULL, false, "");
  ck_assert_double_eq (found->points[0].cost, .444444); /* 4 of 9 */
  ck_assert_double_eq (found->points[0].agreement, .666667);
  ck_assert_double_eq (found->points[0].accuracy, .666667);
  ck_assert_double_eq (found->points[found->n_points - 1].cost, 1);
  ck_assert_double_eq (found->points[found->n_points - 1].accuracy, .333333);
}
END_TEST

START_TEST (nothing_gives_nothing)
{
  static const double free_of_charge[] = {0, 0};
  static const float logits[] = {0, 1, 2, 0};
  g_autoptr (MxCalibrator) calibrator = mx_calibrator_new (2, 2);

  ck_assert_ptr_null (mx_calibrator_fit (calibrator, NULL, false, ""));
  ck_assert_ptr_null (mx_calibrator_fit (calibrator, NULL, true, ""));
  ck_assert (mx_calibrator_add (calibrator, logits, free_of_charge, 1));
  ck_assert_ptr_null (mx_calibrator_fit (calibrator, NULL, false, ""));
}
END_TEST

START_TEST (what_it_says_can_be_read_again)
{
  static const double costs[] = {.5, 1};
  static const float logits[] = {0, 1, 2, 0};
  g_autofree char *long_text = g_strnfill (MX_CALIBRATION_MAX_TEXT + 1, 'x');
  g_autoptr (MxCalibrator) calibrator = mx_calibrator_new (2, 2);

  ck_assert (mx_calibrator_add (calibrator, logits, costs, 1));
  /* Cut within a character. */
  memcpy (long_text + MX_CALIBRATION_MAX_TEXT - 1, "\xc3\xa9", 2);
  for (int each = 0; each <= 1; each++) {
    g_autoptr (MxCalibration) found =
        mx_calibrator_fit (calibrator, NULL, each, long_text);
    g_autofree char *json = mx_calibration_to_json (found);
    g_autoptr (GError) error = NULL;
    g_autoptr (MxCalibration) again =
        mx_calibration_from_json (json, "it", 2, &error);

    ck_assert_msg (again != NULL, "%s", error ? error->message : "");
    ck_assert_uint_eq (strlen (again->fitted_on), MX_CALIBRATION_MAX_TEXT - 1);
  }
}
END_TEST

START_TEST (memory_is_bounded)
{
  static const double costs[] = {1};
  const size_t classes = 1 << 16;
  g_autofree float *logits = g_new0 (float, classes);
  g_autoptr (MxCalibrator) calibrator = mx_calibrator_new (1, classes);

  for (size_t i = 0; i < 1 << 9; i++)
    ck_assert (mx_calibrator_add (calibrator, logits, costs, -1));
  ck_assert (!mx_calibrator_add (calibrator, logits, costs, -1));
  ck_assert_uint_eq (mx_calibrator_get_windows (calibrator), 1 << 9);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, temperatures_and_points_are_those_of_its_parts);
  tcase_add_test (tcase, a_mean_cost_is_met_from_below);
  tcase_add_test (tcase, without_labels_temperatures_stay);
  tcase_add_test (tcase, points_are_millionths_of_the_mean_cost);
  tcase_add_test (tcase, nothing_gives_nothing);
  tcase_add_test (tcase, what_it_says_can_be_read_again);
  tcase_add_test (tcase, memory_is_bounded);
}

CHECK_MAIN ("calibrator", add_tests)
