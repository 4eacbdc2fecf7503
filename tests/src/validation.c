/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-validation.h"

#include "check-main.h"
#include "mx-rng.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define EXITS 3
#define CLASSES 4
#define ROWS 200

static const double cost[EXITS] = {.25, .5, 1};

typedef struct {
  float z[EXITS][ROWS][CLASSES];
  int32_t label[ROWS];
} Data;

/* Later exits are surer and more often right. */
static void
draw (Data *data)
{
  MxRng rng;
  mx_rng_init (&rng, 4, 2);
  for (int r = 0; r < ROWS; r++) {
    data->label[r] = (int32_t)mx_rng_below (&rng, CLASSES);
    for (int e = 0; e < EXITS; e++)
      for (int c = 0; c < CLASSES; c++)
        data->z[e][r][c] =
            (float)mx_rng_normal (&rng) + (c == data->label[r]) * (1.5f * e);
  }
}

static MxValidation *
validate (const Data *data, int rows)
{
  MxValidation *self = mx_validation_new (EXITS, CLASSES, cost);
  const float *logits[EXITS];
  for (int e = 0; e < EXITS; e++)
    logits[e] = data->z[e][0];
  for (int r = 0; r < rows; r++)
    mx_validation_add (self, logits, r, data->label[r]);
  return self;
}

static double
softmax_at (const float *z, int class)
{
  double sum = 0;
  for (int c = 0; c < CLASSES; c++)
    sum += exp (z[c] - z[class]);
  return 1 / sum;
}

START_TEST (loss_and_accuracy_are_means_over_the_labelled)
{
  Data data;
  draw (&data);
  data.label[0] = -1;
  MxValidation *self = validate (&data, ROWS);
  MxValidationScores scores;
  double loss = 0, right[EXITS] = {0};
  for (int r = 1; r < ROWS; r++)
    for (int e = 0; e < EXITS; e++) {
      loss -= log (softmax_at (data.z[e][r], data.label[r]));
      right[e] += mx_argmax (data.z[e][r], CLASSES) == (size_t)data.label[r];
    }
  mx_validation_scores (self, &scores);
  ck_assert_uint_eq (scores.windows, ROWS);
  ck_assert_uint_eq (scores.labelled, ROWS - 1);
  ck_assert_double_eq_tol (scores.loss, loss / (ROWS - 1) / EXITS, 1e-6);
  for (int e = 0; e < EXITS; e++)
    ck_assert_double_eq_tol (scores.accuracy[e], right[e] / (ROWS - 1), 1e-12);
  mx_validation_free (self);
}
END_TEST

START_TEST (macro_f1_is_the_mean_over_classes)
{
  /* Exit 1 answers 0 0 1, truth 0 1 1: F1 2/3 and 2/3; class 2, 3 do not
   * occur. */
  Data data = {.label = {0, 1, 1}};
  const int answers[] = {0, 0, 1};
  for (int e = 0; e < EXITS; e++)
    for (int r = 0; r < 3; r++)
      data.z[e][r][e == 0 ? answers[r] : data.label[r]] = 5;
  MxValidation *self = validate (&data, 3);
  MxValidationScores scores;
  mx_validation_scores (self, &scores);
  ck_assert_double_eq_tol (scores.macro_f1[0], 2. / 3, 1e-12);
  ck_assert_double_eq_tol (scores.macro_f1[2], 1, 1e-12);
  mx_validation_free (self);
}
END_TEST

typedef struct {
  double cost, accuracy;
} Point;

static Point
apply_threshold (const Data *data, double threshold)
{
  Point point = {0, 0};
  for (int r = 0; r < ROWS; r++) {
    int e = 0;
    while (e + 1 < EXITS &&
           softmax_at (data->z[e][r], (int)mx_argmax (data->z[e][r], CLASSES)) <
               threshold)
      e++;
    point.cost += cost[e] / ROWS;
    point.accuracy +=
        (mx_argmax (data->z[e][r], CLASSES) == (size_t)data->label[r]) *
        (1. / ROWS);
  }
  return point;
}

START_TEST (auc_is_the_mean_best_accuracy_over_the_budgets)
{
  Data data;
  Point points[1002];
  double sum = 0;
  const int budgets = 3000;
  draw (&data);
  for (int i = 0; i <= 1001; i++)
    points[i] = apply_threshold (&data, i / 1000.);
  for (int b = 0; b < budgets; b++) {
    double budget = cost[0] + (1 - cost[0]) * (b + .5) / budgets, best = 0;
    for (int i = 0; i <= 1001; i++)
      if (points[i].cost <= budget)
        best = MAX (best, points[i].accuracy);
    sum += best / budgets;
  }
  MxValidation *self = validate (&data, ROWS);
  MxValidationScores scores;
  mx_validation_scores (self, &scores);
  ck_assert_double_eq_tol (scores.auc, sum, .01);
  mx_validation_free (self);
}
END_TEST

START_TEST (exits_that_are_all_right_have_auc_1_and_all_wrong_0)
{
  Data data;
  MxValidationScores scores;
  for (int right = 0; right < 2; right++) {
    memset (&data, 0, sizeof data);
    for (int e = 0; e < EXITS; e++)
      for (int r = 0; r < ROWS; r++)
        data.z[e][r][right ? 0 : 1] = 3;
    MxValidation *self = validate (&data, ROWS);
    mx_validation_scores (self, &scores);
    ck_assert_double_eq_tol (scores.auc, right, 1e-12);
    ck_assert_double_eq_tol (
        mx_validation_value (&scores, MX_VALIDATION_MEAN_ACCURACY), right,
        1e-12);
    mx_validation_free (self);
  }
}
END_TEST

START_TEST (nothing_is_known_of_nothing)
{
  MxValidation *self = mx_validation_new (EXITS, CLASSES, cost);
  MxValidationScores scores;
  mx_validation_scores (self, &scores);
  ck_assert_uint_eq (scores.labelled, 0);
  ck_assert (isnan (scores.loss) && isnan (scores.auc));
  ck_assert (isnan (scores.accuracy[0]) && isnan (scores.macro_f1[0]));
  mx_validation_free (self);
}
END_TEST

START_TEST (the_larger_value_is_the_better_one)
{
  const MxValidationScores scores = {
      .exits = 2, .loss = 3, .accuracy = {.5, .7}, .auc = .6};
  ck_assert_double_eq (mx_validation_value (&scores, MX_VALIDATION_LOSS), -3);
  ck_assert_double_eq (
      mx_validation_value (&scores, MX_VALIDATION_LAST_ACCURACY), .7);
  ck_assert_double_eq_tol (
      mx_validation_value (&scores, MX_VALIDATION_MEAN_ACCURACY), .6, 1e-12);
  ck_assert_double_eq (mx_validation_value (&scores, MX_VALIDATION_AUC), .6);
}
END_TEST

START_TEST (a_state_that_was_restored_counts_on)
{
  Data data;
  draw (&data);
  MxValidation *whole = validate (&data, ROWS);
  MxValidation *part = validate (&data, ROWS / 2);
  MxValidation *rest = mx_validation_new (EXITS, CLASSES, cost);
  const float *logits[EXITS];
  MxValidationScores a, b;
  size_t n, place;
  ck_assert_ptr_null (
      mx_validation_restore (rest, mx_validation_state (part, &n), &place));
  for (int e = 0; e < EXITS; e++)
    logits[e] = data.z[e][0];
  for (int r = ROWS / 2; r < ROWS; r++)
    mx_validation_add (rest, logits, r, data.label[r]);
  mx_validation_scores (whole, &a);
  mx_validation_scores (rest, &b);
  ck_assert_mem_eq (&a, &b, sizeof a);
  mx_validation_reset (rest);
  mx_validation_scores (rest, &b);
  ck_assert_uint_eq (b.windows, 0);
  mx_validation_free (whole);
  mx_validation_free (part);
  mx_validation_free (rest);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, loss_and_accuracy_are_means_over_the_labelled);
  tcase_add_test (tcase, macro_f1_is_the_mean_over_classes);
  tcase_add_test (tcase, auc_is_the_mean_best_accuracy_over_the_budgets);
  tcase_add_test (tcase, exits_that_are_all_right_have_auc_1_and_all_wrong_0);
  tcase_add_test (tcase, nothing_is_known_of_nothing);
  tcase_add_test (tcase, the_larger_value_is_the_better_one);
  tcase_add_test (tcase, a_state_that_was_restored_counts_on);
}

CHECK_MAIN ("validation", add_tests)
