/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Simulated streams: how certain each exit is of each window comes from a
 * generator, the rest is the controller's. */

#include "mx-budget.h"

#include "mx-rng.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>

#include "check-main.h"

#define EXITS 4
#define SEEDS 8

static const double costs[EXITS] = {.31, .555, .793, 1};

typedef enum { SMOOTH, LUMP_AT_1, EQUAL, UNSURE } Shape;

/* Certainties in logits: `mean` and `spread` over the windows; each exit is
 * surer than the one before, with an opinion of its own. */
typedef struct {
  const char *name;
  double mean, spread;
  Shape shape;
  unsigned period; /* windows; after that hard ones for as long. 0: never */
  double wander;   /* of the threshold, most that is right; logits */
} Stream;

static const Stream streams[] = {
    {"easy", 5, 3, SMOOTH, 0, 1},
    {"hard", 1, 1.5, SMOOTH, 0, .4},
    {"broad", 6, 5, SMOOTH, 0, 3},
    {"untrained", -.5, .1, SMOOTH, 0, .3},
    {"easy-hard-easy", 6, 3, SMOOTH, 400, 4},
    {"mostly exactly 1", 2, 2, LUMP_AT_1, 0, .6},
    {"all equal", 0, 0, EQUAL, 0, .1},
    {"never certain", 0, 0, UNSURE, 0, .2},
};
static const double targets[] = {.35, .5, .8};

static void
draw (const Stream *stream, unsigned window, MxRng *rng, double *certainty)
{
  bool hard = stream->period > 0 && window / stream->period % 2 == 1;
  double z = hard ? .5 + 1.5 * mx_rng_normal (rng)
                  : stream->mean + stream->spread * mx_rng_normal (rng);

  for (unsigned e = 0; e < EXITS; e++) {
    double own = z + .7 * e + .8 * mx_rng_normal (rng);

    /* As networks say it. */
    certainty[e] = (float)(1 / (1 + exp (-own)));
    if (stream->shape == LUMP_AT_1 && own > 1)
      certainty[e] = 1;
    else if (stream->shape == EQUAL)
      certainty[e] = .5;
    else if (stream->shape == UNSURE)
      certainty[e] = 0;
  }
}

/* One window, between two exits; returns the exit, from 1. */
static unsigned
answer (MxBudget *budget, const double *certainty, double threshold,
    unsigned first, unsigned deepest)
{
  unsigned exit = first;

  mx_budget_begin (budget);
  while (exit < deepest &&
         !mx_budget_stops (budget, certainty[exit - 1], threshold))
    exit++;
  mx_budget_pay (budget, costs[exit - 1], costs[deepest - 1], false);
  return exit;
}

typedef struct {
  double error;  /* of the mean over all windows */
  double worst;  /* of the mean so far, from window 400 on */
  double wander; /* standard deviation of the threshold's logit, later half */
  double credit; /* largest */
} Outcome;

static Outcome
simulate (const Stream *stream, double target, uint64_t seed, unsigned n)
{
  Outcome outcome = {0};
  MxBudget budget;
  MxRng rng;
  double sum = 0, mean = 0, square = 0;

  mx_rng_init (&rng, seed, 0);
  mx_budget_init (&budget, target);
  for (unsigned i = 1; i <= n; i++) {
    double certainty[EXITS], threshold, logit;

    draw (stream, i - 1, &rng, certainty);
    sum += costs[answer (&budget, certainty, .8, 1, EXITS) - 1];
    outcome.error = sum / i - target;
    if (i >= 400)
      outcome.worst = fmax (outcome.worst, fabs (outcome.error));
    outcome.credit = fmax (outcome.credit, fabs (budget.credit));
    threshold = mx_budget_threshold (&budget, .8);
    logit = fmin (fmax (log (threshold / (1 - threshold)), -18), 18);
    if (i > n / 2) {
      mean += logit / (n - n / 2);
      square += logit * logit / (n - n / 2);
    }
  }
  outcome.wander = sqrt (fmax (square - mean * mean, 0));
  return outcome;
}

START_TEST (the_mean_cost_of_every_stream_is_held)
{
  const Stream *stream = &streams[_i];

  for (size_t t = 0; t < G_N_ELEMENTS (targets); t++) {
    Outcome worst = {0};

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
      Outcome outcome = simulate (stream, targets[t], seed, 2400);

      worst.error = fmax (worst.error, fabs (outcome.error));
      worst.worst = fmax (worst.worst, outcome.worst);
      worst.credit = fmax (worst.credit, outcome.credit);
      worst.wander = fmax (worst.wander, outcome.wander);
    }
    printf ("%-18s budget %.2f: off by %.4f at most from 400 on, %.4f after "
            "2400; credit %.1f, threshold wanders %.2f logits\n",
        stream->name, targets[t], worst.worst, worst.error, worst.credit,
        worst.wander);
    ck_assert_double_lt (worst.worst, .02);
    ck_assert_double_lt (worst.error, .004);
    /* In a steady stream noise must not move it far. */
    ck_assert_double_lt (worst.wander, stream->wander);
  }
}
END_TEST

START_TEST (a_budget_met_by_the_set_threshold_leaves_it_alone)
{
  /* What "hard" costs at .8. */
  MxBudget budget;
  MxRng rng;
  double cost = 0, square = 0;

  mx_rng_init (&rng, 5, 0);
  for (int i = 0; i < 20000; i++) {
    double certainty[EXITS];
    unsigned e = 1;

    draw (&streams[1], i, &rng, certainty);
    while (e < EXITS && certainty[e - 1] < .8)
      e++;
    cost += costs[e - 1] / 20000;
  }
  mx_budget_init (&budget, cost);
  ck_assert_double_eq_tol (mx_budget_threshold (&budget, .8), .8, 1e-12);
  for (int i = 0; i < 4000; i++) {
    double certainty[EXITS], threshold = mx_budget_threshold (&budget, .8);
    double moved = log (threshold / (1 - threshold)) - log (4);

    square += moved * moved / 4000;
    draw (&streams[1], i, &rng, certainty);
    answer (&budget, certainty, .8, 1, EXITS);
  }
  ck_assert_double_lt (sqrt (square), .35);
}
END_TEST

START_TEST (thresholds_of_all_exits_move_by_one_ratio_of_odds)
{
  MxBudget budget;
  double a, b;

  mx_budget_init (&budget, .9);
  for (int i = 0; i < 5; i++)
    mx_budget_pay (&budget, .31, 1, false);
  a = mx_budget_threshold (&budget, .5);
  b = mx_budget_threshold (&budget, .9);
  ck_assert_double_gt (a, .5);
  ck_assert_double_eq_tol (a / (1 - a), b / (1 - b) / 9, 1e-9);
}
END_TEST

START_TEST (a_budget_out_of_reach_does_not_wind_up)
{
  const Stream *stream = &streams[1];
  const bool above = _i;
  MxBudget budget;
  MxRng rng;
  double sum = 0;

  mx_rng_init (&rng, 9, 0);
  mx_budget_init (&budget, above ? .8 : .4);
  for (int i = 0; i < 5000; i++) {
    double certainty[EXITS];
    unsigned exit;

    draw (stream, i, &rng, certainty);
    exit = answer (
        &budget, certainty, .8, above ? 1 : 3, above ? 2 : (unsigned)EXITS);
    /* As near as it gets. */
    if (i >= 1000)
      ck_assert_uint_eq (exit, above ? 2 : 3);
  }
  /* All exits are free again: the mean is right at once, but for the account,
   * which is bounded. */
  for (int i = 0; i < 400; i++) {
    double certainty[EXITS];

    draw (stream, i, &rng, certainty);
    sum += costs[answer (&budget, certainty, .8, 1, EXITS) - 1];
  }
  ck_assert_double_eq_tol (sum / 400, budget.target, .02);
}
END_TEST

START_TEST (nothing_is_saved_up_where_more_could_not_be_spent)
{
  MxBudget budget;

  mx_budget_init (&budget, .8);
  for (int i = 0; i < 1000; i++)
    mx_budget_pay (&budget, costs[1], costs[1], false);
  ck_assert_double_eq (budget.credit, 0);
}
END_TEST

START_TEST (a_window_cut_short_earns_nothing_but_may_owe)
{
  MxBudget budget;

  mx_budget_init (&budget, .5);
  for (int i = 0; i < 1000; i++)
    mx_budget_pay (&budget, costs[0], 1, true);
  ck_assert_double_eq (budget.credit, 0);
  mx_budget_pay (&budget, costs[2], 1, true);
  ck_assert_double_eq_tol (budget.credit, .5 - costs[2], 1e-12);
}
END_TEST

START_TEST (skipped_windows_pay_for_deeper_ones_within_bounds)
{
  MxBudget budget;
  double certainty[EXITS], sum = 0;
  unsigned binge = 0;
  MxRng rng;

  mx_rng_init (&rng, 3, 0);
  mx_budget_init (&budget, .5);
  for (int i = 0; i < 1000; i++) {
    mx_budget_begin (&budget);
    mx_budget_pay (&budget, 0, 1, false);
  }
  /* Hours of silence buy a dozen whole windows, and not one more. */
  for (int i = 0; i < 400; i++) {
    unsigned exit;

    draw (&streams[0], i, &rng, certainty);
    exit = answer (&budget, certainty, .8, 1, EXITS);
    binge += exit == EXITS && binge == (unsigned)i;
    sum += costs[exit - 1];
  }
  ck_assert_uint_le (binge, 14);
  /* What the account held, and what it swings below. */
  ck_assert_double_eq_tol (sum / 400, .5, 12. / 400);
}
END_TEST

START_TEST (without_a_threshold_the_account_caps_the_depth)
{
  const double target = .2 + .1 * _i;
  MxBudget budget;
  double sum = 0;

  mx_budget_init (&budget, target);
  for (int i = 1; i <= 1000; i++) {
    unsigned exit = mx_budget_deepest (&budget, costs, EXITS);

    ck_assert_uint_ge (exit, 1);
    mx_budget_begin (&budget);
    mx_budget_pay (&budget, costs[exit - 1], 1, false);
    sum += costs[exit - 1];
    if (target > costs[0])
      ck_assert_double_ge (budget.credit, -1e-9);
    else
      ck_assert_uint_eq (exit, 1);
  }
  if (target > costs[0])
    ck_assert_double_eq_tol (sum / 1000, target, .002);
}
END_TEST

START_TEST (an_answer_that_is_no_number_stops_nowhere)
{
  MxBudget budget;

  mx_budget_init (&budget, .5);
  ck_assert (!mx_budget_stops (&budget, NAN, 0));
  mx_budget_pay (&budget, 1, 1, false);
  ck_assert (isfinite (mx_budget_threshold (&budget, .8)));
  ck_assert (isfinite (mx_budget_threshold (&budget, 0)));
  ck_assert (isfinite (mx_budget_threshold (&budget, 1)));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, the_mean_cost_of_every_stream_is_held, 0, G_N_ELEMENTS (streams));
  tcase_add_test (tcase, a_budget_met_by_the_set_threshold_leaves_it_alone);
  tcase_add_test (tcase, thresholds_of_all_exits_move_by_one_ratio_of_odds);
  tcase_add_loop_test (tcase, a_budget_out_of_reach_does_not_wind_up, 0, 2);
  tcase_add_test (tcase, nothing_is_saved_up_where_more_could_not_be_spent);
  tcase_add_test (tcase, a_window_cut_short_earns_nothing_but_may_owe);
  tcase_add_test (tcase, skipped_windows_pay_for_deeper_ones_within_bounds);
  tcase_add_loop_test (
      tcase, without_a_threshold_the_account_caps_the_depth, 0, 8);
  tcase_add_test (tcase, an_answer_that_is_no_number_stops_nowhere);
}

CHECK_MAIN ("budget", add_tests)
