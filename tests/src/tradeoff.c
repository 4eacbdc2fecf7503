/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-tradeoff.h"

#include "mx-rng.h"

#include <math.h>

#include "calibration-golden.h"
#include "check-main.h"

#define EXITS 4
#define WINDOWS 300

static const double costs[EXITS] = {.31, .555, .793, 1};

/* Windows of all difficulties; deeper exits are surer and agree more.  The kind
 * of trouble: none, confidences on a coarse grid, many of exactly 1. */
typedef enum { SMOOTH, COARSE, CERTAIN } Kind;

static void
draw (Kind kind, uint64_t seed, size_t n, MxExitAnswer *answers)
{
  MxRng rng;

  mx_rng_init (&rng, seed, kind);
  for (size_t i = 0; i < n; i++) {
    double easy = mx_rng_normal (&rng);

    for (unsigned e = 0; e < EXITS; e++) {
      double own = 1 + easy + .6 * e + .7 * mx_rng_normal (&rng);
      double confidence = 1 / (1 + exp (-own));

      if (kind == COARSE)
        confidence = round (confidence * 8) / 8;
      else if (kind == CERTAIN && own > 1.5)
        confidence = 1;
      answers[i * EXITS + e] = (MxExitAnswer){
          .confidence = (float)confidence,
          .agrees = e == EXITS - 1 || mx_rng_uniform (&rng) < .6 + .12 * own,
          .right = mx_rng_uniform (&rng) < .8,
      };
    }
  }
}

static MxExitAnswers
make (Kind kind, uint64_t seed, size_t n, MxExitAnswer *answers)
{
  draw (kind, seed, n, answers);
  return (MxExitAnswers){.exits = EXITS,
      .n = n,
      .labelled = n,
      .answers = answers,
      .costs = costs};
}

static const MxOperatingPoint *
point_at (const GArray *points, guint i)
{
  return &g_array_index (points, MxOperatingPoint, i);
}

static GArray *
points_of (const MxExitAnswers *answers, bool each)
{
  return each ? mx_tradeoff_of_each_threshold (answers)
              : mx_tradeoff_of_one_threshold (answers);
}

/* All kinds, and both ways to choose thresholds. */
#define N_CASES 6
#define CASE_KIND(i) ((Kind)((i) / 2))
#define CASE_EACH(i) ((i) % 2 == 1)

START_TEST (points_are_what_their_thresholds_give)
{
  for (uint64_t seed = 1; seed <= 5; seed++) {
    MxExitAnswer memory[WINDOWS * EXITS];
    MxExitAnswers answers = make (CASE_KIND (_i), seed, WINDOWS, memory);
    g_autoptr (GArray) points = points_of (&answers, CASE_EACH (_i));

    ck_assert_uint_ge (points->len, 1);
    for (guint p = 0; p < points->len; p++) {
      MxOperatingPoint again = *point_at (points, p);

      mx_tradeoff_evaluate (&answers, &again);
      ck_assert_double_eq_tol (again.cost, point_at (points, p)->cost, 1e-9);
      ck_assert_double_eq (again.agreement, point_at (points, p)->agreement);
      ck_assert_double_eq (again.accuracy, point_at (points, p)->accuracy);
    }
  }
}
END_TEST

START_TEST (confidences_next_to_each_other_are_told_apart)
{
  const float next = nextafterf (.5f, 1);
  const MxExitAnswer memory[] = {{.5f, true, true}, {.9f, true, true},
      {next, true, true}, {.9f, true, true}};
  const double two_costs[] = {.5, 1};
  const MxExitAnswers answers = {
      .exits = 2, .n = 2, .labelled = 2, .answers = memory, .costs = two_costs};
  g_autoptr (GArray) points = mx_tradeoff_of_one_threshold (&answers);

  ck_assert_uint_eq (points->len, 3);
  ck_assert_float_eq (point_at (points, 1)->thresholds[0], next);
  ck_assert_double_eq (point_at (points, 1)->cost, .75);
}
END_TEST

START_TEST (costs_rise_from_point_to_point)
{
  MxExitAnswer memory[WINDOWS * EXITS];
  MxExitAnswers answers = make (CASE_KIND (_i), 3, WINDOWS, memory);
  g_autoptr (GArray) points = points_of (&answers, CASE_EACH (_i));

  ck_assert_uint_le (points->len, 300);
  for (guint p = 1; p < points->len; p++)
    ck_assert_double_gt (
        point_at (points, p)->cost, point_at (points, p - 1)->cost);
}
END_TEST

/* The cheapest point that reaches a target, NULL: none does. */
static const MxOperatingPoint *
reaching (const GArray *points, double target)
{
  for (guint p = 0; p < points->len; p++)
    if (point_at (points, p)->agreement >= target)
      return point_at (points, p);
  return NULL;
}

START_TEST (more_agreement_never_costs_less)
{
  MxExitAnswer memory[WINDOWS * EXITS];
  MxExitAnswers answers = make (CASE_KIND (_i), 4, WINDOWS, memory);
  g_autoptr (GArray) points = points_of (&answers, CASE_EACH (_i));
  double before = 0;

  for (int percent = 50; percent <= 100; percent++) {
    const MxOperatingPoint *point = reaching (points, percent / 100.);

    if (point == NULL) {
      /* What is wholly certain cannot but leave. */
      ck_assert_int_ne (CASE_KIND (_i), SMOOTH);
      break;
    }
    ck_assert_double_ge (point->cost, before);
    before = point->cost;
  }
  ck_assert_double_gt (before, 0);
}
END_TEST

/* All thresholds there are, one by one. */
START_TEST (no_common_threshold_reaches_a_target_at_less_cost)
{
  MxExitAnswer memory[WINDOWS * EXITS];
  MxExitAnswers answers = make (_i, 5, WINDOWS, memory);
  g_autoptr (GArray) points = mx_tradeoff_of_one_threshold (&answers);

  for (size_t i = 0; i < WINDOWS * EXITS; i++) {
    MxOperatingPoint other;
    double target;

    for (unsigned e = 0; e < EXITS; e++)
      other.thresholds[e] = memory[i].confidence;
    mx_tradeoff_evaluate (&answers, &other);
    target = floor (other.agreement * 200 + 1e-9) / 200;
    ck_assert_ptr_nonnull (reaching (points, target));
    ck_assert_double_le (reaching (points, target)->cost, other.cost + 1e-9);
  }
}
END_TEST

START_TEST (costs_have_no_holes_that_a_threshold_would_fill)
{
  MxExitAnswer memory[WINDOWS * EXITS];
  MxExitAnswers answers = make (SMOOTH, 6, WINDOWS, memory);
  g_autoptr (GArray) points = mx_tradeoff_of_one_threshold (&answers);

  ck_assert_double_eq_tol (point_at (points, 0)->cost, costs[0], 1e-9);
  ck_assert_double_eq_tol (point_at (points, points->len - 1)->cost, 1, 1e-9);
  for (guint p = 1; p < points->len; p++)
    ck_assert_double_le (point_at (points, p)->cost,
        point_at (points, p - 1)->cost + .02 + 1. / WINDOWS);
}
END_TEST

static double
least_loss (const GArray *points, double price)
{
  double least = INFINITY;

  for (guint p = 0; p < points->len; p++)
    least = fmin (least, point_at (points, p)->cost +
                             price * (1 - point_at (points, p)->agreement));
  return least;
}

START_TEST (own_thresholds_are_never_worse_than_a_common_one)
{
  double gained = 0;

  for (uint64_t seed = 1; seed <= 5; seed++) {
    MxExitAnswer memory[WINDOWS * EXITS];
    MxExitAnswers answers = make (_i, seed, WINDOWS, memory);
    g_autoptr (GArray) one = mx_tradeoff_of_one_threshold (&answers);
    g_autoptr (GArray) each = mx_tradeoff_of_each_threshold (&answers);

    for (double price = .125; price <= 1024; price *= 2) {
      double gain = least_loss (one, price) - least_loss (each, price);

      ck_assert_double_ge (gain, -1e-9);
      gained += gain;
    }
  }
  ck_assert_double_gt (gained, 0);
}
END_TEST

/* --- golden --- */

static void
load_answers (const Golden *golden, MxExitAnswer *answers)
{
  JsonArray *windows = json_object_get_array_member (golden->root, "answers");

  for (guint i = 0; i < GOLDEN_WINDOWS; i++) {
    JsonArray *exits = json_array_get_array_element (windows, i);
    JsonArray *last = json_array_get_array_element (exits, GOLDEN_EXITS - 1);

    for (guint e = 0; e < GOLDEN_EXITS; e++) {
      JsonArray *exit = json_array_get_array_element (exits, e);
      int class = (int)json_array_get_int_element (exit, 1);

      answers[i * GOLDEN_EXITS + e] = (MxExitAnswer){
          .confidence = (float)golden_number (exit, 0),
          .agrees = class == json_array_get_int_element (last, 1),
          .right = class == golden->truths[i],
      };
    }
  }
}

typedef struct {
  Golden golden;
  MxExitAnswer memory[GOLDEN_WINDOWS * GOLDEN_EXITS];
  MxExitAnswers answers;
} GoldenAnswers;

static void
golden_answers_load (GoldenAnswers *self)
{
  golden_load (&self->golden);
  load_answers (&self->golden, self->memory);
  self->answers = (MxExitAnswers){.exits = GOLDEN_EXITS,
      .n = GOLDEN_WINDOWS,
      .answers = self->memory,
      .costs = self->golden.costs};
  for (size_t i = 0; i < GOLDEN_WINDOWS; i++)
    self->answers.labelled += self->golden.truths[i] >= 0;
}

START_TEST (the_cheapest_common_threshold_is_found)
{
  GoldenAnswers g;
  g_autoptr (GArray) points = NULL;
  JsonArray *expected;

  golden_answers_load (&g);
  points = mx_tradeoff_of_one_threshold (&g.answers);
  expected = json_object_get_array_member (g.golden.root, "cheapest");
  for (guint i = 0; i < json_array_get_length (expected); i++) {
    JsonObject *one = json_array_get_object_element (expected, i);
    const MxOperatingPoint *found =
        reaching (points, json_object_get_double_member (one, "target") - 1e-9);

    ck_assert_ptr_nonnull (found);
    ck_assert_double_eq_tol (
        found->cost, json_object_get_double_member (one, "cost"), 1e-9);
    ck_assert_double_eq_tol (found->agreement,
        json_object_get_double_member (one, "agreement"), 1e-9);
    ck_assert_double_eq_tol (
        found->accuracy, json_object_get_double_member (one, "accuracy"), 1e-9);
    ck_assert_double_eq_tol (found->thresholds[0],
        golden_number (json_object_get_array_member (one, "thresholds"), 0),
        1e-6);
  }
  golden_clear (&g.golden);
}
END_TEST

START_TEST (descent_finds_the_least_of_all_thresholds)
{
  GoldenAnswers g;
  g_autoptr (GArray) points = NULL;
  JsonArray *expected;

  golden_answers_load (&g);
  points = mx_tradeoff_of_each_threshold (&g.answers);
  expected = json_object_get_array_member (g.golden.root, "least-loss");
  for (guint i = 0; i < json_array_get_length (expected); i++) {
    JsonObject *one = json_array_get_object_element (expected, i);
    double price = json_object_get_double_member (one, "price");

    ck_assert_double_eq_tol (least_loss (points, price),
        json_object_get_double_member (one, "loss"), 1e-9);
  }
  golden_clear (&g.golden);
}
END_TEST

START_TEST (a_network_with_one_exit_has_one_point)
{
  MxExitAnswer memory[] = {{.5f, true, true}, {.9f, true, false}};
  double all = 1;
  MxExitAnswers answers = {1, 2, 2, memory, &all};

  for (int each = 0; each <= 1; each++) {
    g_autoptr (GArray) points = points_of (&answers, each);

    ck_assert_uint_eq (points->len, 1);
    ck_assert_double_eq (point_at (points, 0)->cost, 1);
    ck_assert_double_eq (point_at (points, 0)->agreement, 1);
    ck_assert_double_eq (point_at (points, 0)->accuracy, .5);
  }
}
END_TEST

START_TEST (without_labels_accuracy_is_not_known)
{
  MxExitAnswer memory[WINDOWS * EXITS];
  MxExitAnswers answers = make (SMOOTH, 1, WINDOWS, memory);
  g_autoptr (GArray) points = NULL;

  answers.labelled = 0;
  points = mx_tradeoff_of_one_threshold (&answers);
  ck_assert_double_nan (point_at (points, 0)->accuracy);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, confidences_next_to_each_other_are_told_apart);
  tcase_add_loop_test (
      tcase, points_are_what_their_thresholds_give, 0, N_CASES);
  tcase_add_loop_test (tcase, costs_rise_from_point_to_point, 0, N_CASES);
  tcase_add_loop_test (tcase, more_agreement_never_costs_less, 0, N_CASES);
  tcase_add_loop_test (tcase, no_common_threshold_reaches_a_target_at_less_cost,
      SMOOTH, CERTAIN + 1);
  tcase_add_test (tcase, costs_have_no_holes_that_a_threshold_would_fill);
  tcase_add_loop_test (tcase, own_thresholds_are_never_worse_than_a_common_one,
      SMOOTH, CERTAIN + 1);
  tcase_add_test (tcase, the_cheapest_common_threshold_is_found);
  tcase_add_test (tcase, descent_finds_the_least_of_all_thresholds);
  tcase_add_test (tcase, a_network_with_one_exit_has_one_point);
  tcase_add_test (tcase, without_labels_accuracy_is_not_known);
}

CHECK_MAIN ("tradeoff", add_tests)
