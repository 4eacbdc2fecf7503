/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "check-main.h"

#include <glib.h>
#include <math.h>

#include "mx-curve.h"
#include "mx-rng.h"

#define near(a, b) ck_assert_double_eq_tol (a, b, 1e-9)
#define WINDOWS 60
#define MOST_EXITS 5

typedef struct {
  unsigned exits;
  MxCurveExit windows[WINDOWS][MOST_EXITS];
} Data;

/* Confidences in steps of a tenth up to 1: many are equal. */
static Data
random_data (uint64_t seed)
{
  Data data = {.exits = 1 + seed % MOST_EXITS};
  MxRng rng;

  mx_rng_init (&rng, seed, 0);
  for (size_t i = 0; i < WINDOWS; i++)
    for (unsigned e = 0; e < data.exits; e++)
      data.windows[i][e] = (MxCurveExit){
          .confidence = (1 + mx_rng_below (&rng, 10)) / 10.f,
          .cost = e + 1 == data.exits ? 1 : .1f + .2f * e + .01f * (i % 3),
          .correct = mx_rng_below (&rng, 10) < 5 + e,
      };
  return data;
}

static MxCurve *
curve_of (const Data *data)
{
  MxCurve *curve = mx_curve_new ();

  for (size_t i = 0; i < WINDOWS; i++)
    ck_assert (mx_curve_add (curve, data->windows[i], data->exits));
  return curve;
}

/* As the header says it, one window after the other. */
static MxCurvePoint
point_at (const Data *data, double threshold)
{
  MxCurvePoint point = {threshold, 0, 0, 0};

  for (size_t i = 0; i < WINDOWS; i++) {
    unsigned e = 0;

    while (e + 1 < data->exits && data->windows[i][e].confidence < threshold)
      e++;
    point.accuracy += data->windows[i][e].correct;
    point.cost += data->windows[i][e].cost;
    point.depth += e + 1;
  }
  point.accuracy /= WINDOWS;
  point.cost /= WINDOWS;
  point.depth /= WINDOWS;
  return point;
}

static void
assert_points_equal (const MxCurvePoint *a, const MxCurvePoint *b)
{
  near (a->accuracy, b->accuracy);
  near (a->cost, b->cost);
  near (a->depth, b->depth);
}

START_TEST (points_are_what_each_threshold_answers_and_costs)
{
  const Data data = random_data (_i);
  MxCurve *curve = curve_of (&data);
  MxCurvePoint points[41];
  MxCurveScores scores;

  mx_curve_solve (curve, &scores, points, G_N_ELEMENTS (points));
  ck_assert_uint_eq (scores.n, WINDOWS);
  for (size_t i = 0; i < G_N_ELEMENTS (points); i++) {
    /* As the confidences are rounded. */
    const MxCurvePoint expected = point_at (&data, (float)(i / 40.));

    near (points[i].threshold, i / 40.);
    assert_points_equal (&points[i], &expected);
  }
  mx_curve_free (curve);
}
END_TEST

/* By tiny steps of the budget. */
START_TEST (area_is_the_mean_of_the_best_accuracies_that_budgets_buy)
{
  enum { STEPS = 20000 };
  const Data data = random_data (_i);
  MxCurve *curve = curve_of (&data);
  MxCurvePoint all[12];
  MxCurveScores scores;
  double sum = 0;

  for (unsigned t = 0; t < 12; t++)
    all[t] = point_at (&data, t < 11 ? t / 10.f : 2);
  for (unsigned s = 0; s < STEPS; s++) {
    double best = 0, budget;

    budget = all[0].cost + (all[11].cost - all[0].cost) * (s + .5) / STEPS;
    for (unsigned t = 0; t < 12; t++)
      if (all[t].cost <= budget + 1e-12)
        best = MAX (best, all[t].accuracy);
    sum += best;
  }
  mx_curve_solve (curve, &scores, NULL, 0);
  ck_assert_double_eq_tol (scores.area, sum / STEPS, 1e-3);
  assert_points_equal (&scores.last, &all[11]);
  for (unsigned t = 0; t < 12; t++)
    if (all[t].accuracy >= all[11].accuracy - MX_CURVE_TOLERANCE - 1e-12) {
      assert_points_equal (&scores.sufficient, &all[t]);
      /* Its threshold gives it. */
      if (!isnan (scores.sufficient.threshold))
        all[t] = point_at (&data, scores.sufficient.threshold);
      assert_points_equal (&scores.sufficient, &all[t]);
      break;
    }
  mx_curve_free (curve);
}
END_TEST

/* Of 200 windows exit 1 answers @first right, the last one @last. */
static MxCurve *
curve_of_two_exits (unsigned first, unsigned last, float confidence)
{
  MxCurve *curve = mx_curve_new ();

  for (unsigned i = 0; i < 200; i++) {
    const MxCurveExit window[] = {
        {confidence, .25f, i < first}, {confidence, 1, i < last}};

    ck_assert (mx_curve_add (curve, window, 2));
  }
  return curve;
}

/* Half a point is one window, however it is rounded. */
START_TEST (half_a_point_below_the_last_suffices)
{
  for (unsigned last = 2; last <= 200; last++)
    for (unsigned less = 1; less <= 2; less++) {
      MxCurve *curve = curve_of_two_exits (last - less, last, .5f);
      MxCurveScores scores;

      mx_curve_solve (curve, &scores, NULL, 0);
      near (scores.sufficient.cost, less == 1 ? .25 : 1);
      mx_curve_free (curve);
    }
}
END_TEST

START_TEST (no_threshold_passes_what_is_certain)
{
  MxCurve *curve = curve_of_two_exits (100, 200, 1);
  MxCurveScores scores;

  mx_curve_solve (curve, &scores, NULL, 0);
  ck_assert (isnan (scores.last.threshold));
  ck_assert (isnan (scores.sufficient.threshold));
  near (scores.sufficient.cost, 1);
  /* For all budgets but the last: exit 1. */
  near (scores.area, .5);
  mx_curve_free (curve);
}
END_TEST

START_TEST (memory_is_bounded)
{
  const MxCurveExit window[MX_MAX_EXITS] = {{.5f, .5f, true}};
  const size_t room = MX_CURVE_MAX_BYTES / (8 * MX_MAX_EXITS);
  MxCurve *curve = mx_curve_new ();

  for (size_t i = 0; i < room; i++)
    ck_assert (mx_curve_add (curve, window, MX_MAX_EXITS));
  ck_assert (!mx_curve_add (curve, window, MX_MAX_EXITS));
  mx_curve_free (curve);
}
END_TEST

START_TEST (nothing_has_no_scores)
{
  MxCurve *curve = mx_curve_new ();
  MxCurvePoint points[2];
  MxCurveScores scores;

  mx_curve_solve (curve, &scores, points, 2);
  ck_assert_uint_eq (scores.n, 0);
  ck_assert (isnan (scores.area) && isnan (scores.sufficient.cost));
  ck_assert (isnan (points[1].accuracy) && points[1].threshold == 1);
  mx_curve_free (curve);
}
END_TEST

START_TEST (a_window_with_other_exits_is_left_out)
{
  const Data data = random_data (3);
  MxCurve *curve = curve_of (&data), *copy;
  MxCurveScores scores;

  ck_assert (!mx_curve_add (curve, data.windows[0], data.exits - 1));
  copy = mx_curve_copy (curve);
  mx_curve_free (curve);
  mx_curve_solve (copy, &scores, NULL, 0);
  ck_assert_uint_eq (scores.n, WINDOWS);
  mx_curve_free (copy);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, points_are_what_each_threshold_answers_and_costs, 0, 25);
  tcase_add_loop_test (
      tcase, area_is_the_mean_of_the_best_accuracies_that_budgets_buy, 0, 25);
  tcase_add_test (tcase, half_a_point_below_the_last_suffices);
  tcase_add_test (tcase, no_threshold_passes_what_is_certain);
  tcase_add_test (tcase, memory_is_bounded);
  tcase_add_test (tcase, nothing_has_no_scores);
  tcase_add_test (tcase, a_window_with_other_exits_is_left_out);
}

CHECK_MAIN ("curve", add_tests)
