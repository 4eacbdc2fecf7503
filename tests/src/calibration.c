/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-calibration.h"

#include "mx-json.h"

#include <math.h>

#include "check-main.h"

#define TEMPERATURES "\"temperatures\":[0.5,1.25]"
#define COUNTS "\"windows\":10,\"labelled\":4"
#define POINT(threshold, agreement, cost)                                      \
  "{\"thresholds\":[" threshold "],\"agreement\":" agreement ",\"cost\":" cost \
  ",\"accuracy\":0.75}"
#define POINTS                                                                 \
  "\"points\":[" POINT ("0.0", "0.8", "0.25") "," POINT (                      \
      "0.7", "0.98", "0.5") "," POINT ("0.8", "0.97", "0.75") "]"
#define GOOD                                                                   \
  "{\"fitted-on\":\"two people\"," COUNTS "," TEMPERATURES "," POINTS "}"

static MxCalibration *
read_good (const char *text)
{
  g_autoptr (GError) error = NULL;
  MxCalibration *self = mx_calibration_from_json (text, "it", 2, &error);

  ck_assert_msg (self != NULL, "%s", error ? error->message : "");
  return self;
}

START_TEST (it_reads_back_as_it_was_written)
{
  g_autoptr (MxCalibration) self = read_good (GOOD);
  g_autofree char *text = mx_calibration_to_json (self);

  ck_assert_str_eq (text, GOOD);
  ck_assert_str_eq (self->fitted_on, "two people");
  ck_assert_uint_eq (self->windows, 10);
  ck_assert_uint_eq (self->labelled, 4);
  ck_assert_float_eq (self->temperatures[1], 1.25f);
  ck_assert_uint_eq (self->n_points, 3);
  ck_assert_float_eq (self->points[1].thresholds[0], .7f);
  ck_assert_double_eq (self->points[2].accuracy, .75);
}
END_TEST

START_TEST (every_float_reads_back_the_same)
{
  static const float values[] = {.1f, 1.f / 3, 0x1.fffffep-1f, 0x1.000002p-1f};

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (MxCalibration) self = read_good (GOOD), again = NULL;
    g_autofree char *text = NULL;

    self->points[1].thresholds[0] = values[i];
    text = mx_calibration_to_json (self);
    again = read_good (text);
    ck_assert_float_eq (again->points[1].thresholds[0], values[i]);
  }
}
END_TEST

START_TEST (the_search_for_a_budget_begins_in_the_mean_of_the_exits)
{
  g_autoptr (MxCalibration) self = read_good (GOOD);
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.budget = .6;
  self->exits = 3;
  self->points[1].thresholds[0] = .9f;
  self->points[1].thresholds[1] = .8f;
  /* ln 9 - ln 4, and nothing. */
  ck_assert_double_eq_tol (
      mx_calibration_get_budget_offset (self, &policy), log (9. / 4) / 2, 1e-6);
}
END_TEST

START_TEST (a_copy_is_the_same_and_its_own)
{
  MxCalibration *self = read_good (GOOD);
  g_autoptr (MxCalibration) copy = mx_calibration_copy (self);
  g_autofree char *text = NULL;

  mx_calibration_free (self);
  text = mx_calibration_to_json (copy);
  ck_assert_str_eq (text, GOOD);
}
END_TEST

static const struct {
  double target, cost;
} by_agreement[] = {
    {0, .25}, {.8, .25}, {.81, .5}, {.97, .5}, {.98, .5}, {.99, .5}, {1, .5}};

START_TEST (the_cheapest_point_that_agrees_enough_is_found)
{
  g_autoptr (MxCalibration) self = read_good (GOOD);

  ck_assert_double_eq (
      mx_calibration_for_agreement (self, by_agreement[_i].target)->cost,
      by_agreement[_i].cost);
}
END_TEST

static const struct {
  double target, cost;
} by_cost[] = {{.1, .25}, {.25, .25}, {.49, .25}, {.5, .5}, {.7, .5}, {1, .75}};

START_TEST (the_dearest_point_that_is_paid_for_is_found)
{
  g_autoptr (MxCalibration) self = read_good (GOOD);

  ck_assert_double_eq (mx_calibration_for_cost (self, by_cost[_i].target)->cost,
      by_cost[_i].cost);
}
END_TEST

#define WITH(counts, temperatures, points)                                     \
  "{" counts "," temperatures "," points "}"
#define ONE(point) "\"points\":[" point "]"

static const struct {
  const char *text, *told;
} bad[] = {
    {"", "it: calibration: not JSON"},
    {"[1]", "expected an object"},
    {"{}", "\"windows\" is missing"},
    {WITH ("\"windows\":0,\"labelled\":0", TEMPERATURES, POINTS),
        "windows: found 0"},
    {WITH ("\"windows\":3,\"labelled\":4", TEMPERATURES, POINTS),
        "labelled: found 4, expected at most the 3 windows"},
    {WITH ("\"windows\":3,\"labelled\":-1", TEMPERATURES, POINTS),
        "labelled: found -1"},
    {WITH (COUNTS, "\"temperatures\":[1.0]", POINTS),
        "temperatures: found 1 numbers, expected 2"},
    {WITH (COUNTS, "\"temperatures\":[1.0,0.1]", POINTS),
        "temperatures[1]: found 0.1"},
    {WITH (COUNTS, "\"temperatures\":[1.0,1e39]", POINTS), "temperatures"},
    {WITH (COUNTS, "\"temperatures\":[1.0,-2]", POINTS),
        "temperatures[1]: found -2"},
    {WITH (COUNTS, "\"temperatures\":\"hot\"", POINTS), "temperatures: found"},
    {WITH (COUNTS, TEMPERATURES, "\"points\":[]"), "points: found 0"},
    {WITH (COUNTS, TEMPERATURES, "\"points\":{}"), "expected an array"},
    {WITH (COUNTS, TEMPERATURES, "\"points\":[3]"),
        "calibration.points[0]: found"},
    {WITH (COUNTS, TEMPERATURES, ONE (POINT ("1.5", "1.0", "1.0"))),
        "calibration.points[0]: thresholds[0]: found 1.5"},
    {WITH (COUNTS, TEMPERATURES, ONE (POINT ("0.5,0.5", "1.0", "1.0"))),
        "thresholds: found 2 numbers, expected 1"},
    {WITH (COUNTS, TEMPERATURES, ONE (POINT ("0.5", "1.01", "1.0"))),
        "agreement: found 1.01"},
    {WITH (COUNTS, TEMPERATURES, ONE (POINT ("0.5", "1.0", "1.1"))),
        "cost: found 1.1"},
    {WITH (COUNTS, TEMPERATURES, ONE (POINT ("0.5", "1.0", "0.0"))),
        "cost: found 0, expected more than 0"},
    {WITH (COUNTS, TEMPERATURES,
         ONE (POINT ("0.5", "1.0", "0.5") "," POINT ("0.6", "1.0", "0.5"))),
        "calibration.points[1]: cost: found 0.5, expected more than 0.5"},
    {WITH (COUNTS, TEMPERATURES,
         ONE (
             "{\"thresholds\":[0.5],\"agreement\":1,\"cost\":1,\"colour\":1}")),
        "\"colour\", which is no member"},
    {WITH (COUNTS ",\"colour\":1", TEMPERATURES, POINTS),
        "\"colour\", which is no member"},
    {WITH ("\"fitted-on\":7," COUNTS, TEMPERATURES, POINTS),
        "fitted-on: found 7"},
};

START_TEST (a_damaged_one_is_refused_with_its_place)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (mx_calibration_from_json (bad[_i].text, "it", 2, &error));
  ck_assert (error->domain == MX_DESCRIPTION_ERROR);
  ck_assert_msg (g_str_has_prefix (error->message, "it: calibration"), "%s",
      error->message);
  ck_assert_msg (
      strstr (error->message, bad[_i].told) != NULL, "%s", error->message);
}
END_TEST

START_TEST (too_many_points_are_refused)
{
  g_autoptr (GString) text =
      g_string_new ("{" COUNTS "," TEMPERATURES ",\"points\":[");
  g_autoptr (GError) error = NULL;

  for (int i = 0; i <= MX_CALIBRATION_MAX_POINTS; i++)
    g_string_append_printf (text,
        "%s{\"thresholds\":[0.5],\"agreement\":1,\"cost\":0.%05d}",
        i > 0 ? "," : "", i + 1);
  g_string_append (text, "]}");
  ck_assert_ptr_null (mx_calibration_from_json (text->str, "it", 2, &error));
  ck_assert (g_error_matches (
      error, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_LIMIT));
}
END_TEST

START_TEST (one_exit_needs_no_thresholds)
{
  g_autoptr (MxCalibration) self = mx_calibration_from_json (
      "{\"windows\":1,\"labelled\":0,\"temperatures\":[1.0],"
      "\"points\":[{\"agreement\":1.0,\"cost\":1.0}]}",
      "it", 1, NULL);
  g_autofree char *text = NULL;

  ck_assert_ptr_nonnull (self);
  ck_assert_double_nan (self->points[0].accuracy);
  text = mx_calibration_to_json (self);
  ck_assert_ptr_null (strstr (text, "thresholds"));
  ck_assert_ptr_null (strstr (text, "accuracy"));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, it_reads_back_as_it_was_written);
  tcase_add_test (tcase, every_float_reads_back_the_same);
  tcase_add_test (
      tcase, the_search_for_a_budget_begins_in_the_mean_of_the_exits);
  tcase_add_test (tcase, a_copy_is_the_same_and_its_own);
  tcase_add_loop_test (tcase, the_cheapest_point_that_agrees_enough_is_found, 0,
      G_N_ELEMENTS (by_agreement));
  tcase_add_loop_test (tcase, the_dearest_point_that_is_paid_for_is_found, 0,
      G_N_ELEMENTS (by_cost));
  tcase_add_loop_test (
      tcase, a_damaged_one_is_refused_with_its_place, 0, G_N_ELEMENTS (bad));
  tcase_add_test (tcase, too_many_points_are_refused);
  tcase_add_test (tcase, one_exit_needs_no_thresholds);
}

CHECK_MAIN ("calibration", add_tests)
