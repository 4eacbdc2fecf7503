/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-optimizer.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N 37 /* odd, so that vector loops have a tail */
#define STEPS 25

static double
gradient_of (int step, int i)
{
  return sin (1.7 * i + .9 * step) * pow (10, i % 5 - 3);
}

/* The formulas of the header for one parameter, in double. */
static double
expected (const MxOptimizerConfig *c, double rate, double p, int i)
{
  double m = 0, v = 0;

  for (int t = 1; t <= STEPS; t++) {
    double g = (float)gradient_of (t, i);

    if (c->kind == MX_OPTIMIZER_ADAMW)
      p -= rate * c->weight_decay * p;
    else
      g += c->weight_decay * p;
    if (c->kind == MX_OPTIMIZER_SGD) {
      v = t == 1 ? g : c->momentum * v + g;
      p -= rate * v;
      continue;
    }
    m = c->beta1 * m + (1 - c->beta1) * g;
    v = c->beta2 * v + (1 - c->beta2) * g * g;
    p -= rate * (m / (1 - pow (c->beta1, t))) /
         (sqrt (v / (1 - pow (c->beta2, t))) + c->epsilon);
  }
  return p;
}

static const struct {
  MxOptimizerKind kind;
  float momentum, weight_decay, rate;
} optimizers[] = {
    {MX_OPTIMIZER_SGD, 0, 0, .1f},
    {MX_OPTIMIZER_SGD, .9f, 0, .01f},
    {MX_OPTIMIZER_SGD, .9f, .01f, .01f},
    {MX_OPTIMIZER_ADAM, .9f, 0, .01f},
    {MX_OPTIMIZER_ADAM, .9f, .1f, .01f},
    {MX_OPTIMIZER_ADAMW, .9f, 0, .01f},
    {MX_OPTIMIZER_ADAMW, .9f, .1f, .01f},
};

static MxOptimizer *
new_of_table (int row)
{
  MxOptimizerConfig config;

  mx_optimizer_config_init (&config, optimizers[row].kind);
  config.momentum = optimizers[row].momentum;
  config.weight_decay = optimizers[row].weight_decay;
  return mx_optimizer_new (&config, N);
}

static void
run (MxOptimizer *optimizer, float rate, float *p, int first, int last)
{
  float g[N];

  for (int t = first; t <= last; t++) {
    for (int i = 0; i < N; i++)
      g[i] = (float)gradient_of (t, i);
    mx_optimizer_step (optimizer, rate, p, g);
  }
}

static void
start (float *p)
{
  for (int i = 0; i < N; i++)
    p[i] = cosf ((float)i);
}

START_TEST (test_each_optimizer_follows_its_formula)
{
  MxOptimizer *optimizer = new_of_table (_i);
  MxOptimizerConfig config;
  float p[N], before[N];

  mx_optimizer_config_init (&config, optimizers[_i].kind);
  config.momentum = optimizers[_i].momentum;
  config.weight_decay = optimizers[_i].weight_decay;
  start (p);
  memcpy (before, p, sizeof (p));
  run (optimizer, optimizers[_i].rate, p, 1, STEPS);
  ck_assert_uint_eq (*mx_optimizer_steps (optimizer), STEPS);
  for (int i = 0; i < N; i++) {
    double e = expected (&config, optimizers[_i].rate, before[i], i);

    ck_assert_msg (fabs (p[i] - e) < 5e-6 * (1 + fabs (e)),
        "parameter %d is %g, expected %g", i, p[i], e);
  }
  mx_optimizer_free (optimizer);
}
END_TEST

START_TEST (test_restored_state_goes_on_byte_for_byte)
{
  MxOptimizer *whole = new_of_table (_i), *early = new_of_table (_i);
  MxOptimizer *late = new_of_table (_i);
  float rate = optimizers[_i].rate, p[N], q[N];

  start (p);
  start (q);
  run (whole, rate, p, 1, STEPS);
  run (early, rate, q, 1, 10);
  *mx_optimizer_steps (late) = *mx_optimizer_steps (early);
  memcpy (mx_optimizer_state (late), mx_optimizer_state (early),
      2 * N * sizeof (float));
  run (late, rate, q, 11, STEPS);
  ck_assert_mem_eq (p, q, sizeof (p));
  mx_optimizer_free (whole);
  mx_optimizer_free (early);
  mx_optimizer_free (late);
}
END_TEST

START_TEST (test_the_first_adam_step_moves_by_the_rate_whatever_the_gradient)
{
  MxOptimizerConfig config;
  MxOptimizer *optimizer;
  float p[] = {0, 0, 0};

  mx_optimizer_config_init (&config, MX_OPTIMIZER_ADAM);
  optimizer = mx_optimizer_new (&config, 3);
  mx_optimizer_step (optimizer, .01f, p, (const float[]){1e-3f, -50, 0});
  ck_assert_float_eq_tol (p[0], -.01f, 1e-6);
  ck_assert_float_eq_tol (p[1], .01f, 1e-6);
  ck_assert_float_eq (p[2], 0);
  mx_optimizer_free (optimizer);
}
END_TEST

START_TEST (test_the_rate_warms_up_then_falls_to_0_as_a_cosine)
{
  ck_assert_float_eq_tol (mx_schedule_rate (2, 0, 10, 100), .2f, 1e-6);
  ck_assert_float_eq_tol (mx_schedule_rate (2, 50, 10, 100), 1, 1e-6);
  ck_assert_float_eq (mx_schedule_rate (2, 100, 10, 100), 0);
  ck_assert_float_eq (mx_schedule_rate (2, 500, 10, 100), 0);
  for (uint64_t s = 1; s < 9; s++)
    ck_assert (mx_schedule_rate (2, s, 10, 1000) >
               mx_schedule_rate (2, s - 1, 10, 1000));
  for (uint64_t s = 11; s <= 100; s++)
    ck_assert (mx_schedule_rate (2, s, 10, 100) <
               mx_schedule_rate (2, s - 1, 10, 100));
}
END_TEST

START_TEST (test_the_rate_stays_when_the_length_is_unknown)
{
  ck_assert_float_eq_tol (mx_schedule_rate (2, 4, 10, 0), 1, 1e-6);
  ck_assert_float_eq (mx_schedule_rate (2, 10, 10, 0), 2);
  ck_assert_float_eq (mx_schedule_rate (2, 1000000, 10, 0), 2);
  ck_assert_float_eq (mx_schedule_rate (2, 0, 0, 0), 2);
}
END_TEST

START_TEST (test_the_ramp_reaches_1_at_its_fraction_of_the_steps)
{
  ck_assert_float_eq (mx_schedule_ramp (0, .3, 100), 0);
  ck_assert_float_eq_tol (mx_schedule_ramp (15, .3, 100), .5f, 1e-6);
  ck_assert_float_eq_tol (mx_schedule_ramp (30, .3, 100), 1, 1e-6);
  ck_assert_float_eq (mx_schedule_ramp (99, .3, 100), 1);
  ck_assert_float_eq (mx_schedule_ramp (0, 0, 100), 1);
  ck_assert_float_eq (mx_schedule_ramp (0, .3, 0), 1);
}
END_TEST

START_TEST (test_clipping_shortens_what_is_too_long_and_keeps_its_direction)
{
  float g[] = {3, 0, -4}, huge[] = {3e38f, -3e38f}, bad[] = {1, NAN};

  ck_assert_double_eq_tol (mx_optimizer_clip (g, 3, 0), 5, 1e-12);
  ck_assert_double_eq_tol (mx_optimizer_clip (g, 3, 5.5f), 5, 1e-12);
  ck_assert_float_eq (g[2], -4);
  ck_assert_double_eq_tol (mx_optimizer_clip (g, 3, 1), 5, 1e-12);
  ck_assert_float_eq_tol (g[0], .6f, 1e-6);
  ck_assert_float_eq_tol (g[2], -.8f, 1e-6);
  ck_assert (isfinite (mx_optimizer_clip (huge, 2, 1)));
  ck_assert_float_eq_tol (huge[0], sqrtf (.5f), 1e-6);
  ck_assert (!isfinite (mx_optimizer_clip (bad, 2, 1)));
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("optimizer");
  TCase *tcase = tcase_create ("optimizer");
  SRunner *runner;
  int rows = sizeof (optimizers) / sizeof (optimizers[0]), failed;

  tcase_add_loop_test (tcase, test_each_optimizer_follows_its_formula, 0, rows);
  tcase_add_loop_test (
      tcase, test_restored_state_goes_on_byte_for_byte, 0, rows);
  tcase_add_test (
      tcase, test_the_first_adam_step_moves_by_the_rate_whatever_the_gradient);
  tcase_add_test (tcase, test_the_rate_warms_up_then_falls_to_0_as_a_cosine);
  tcase_add_test (tcase, test_the_rate_stays_when_the_length_is_unknown);
  tcase_add_test (tcase, test_the_ramp_reaches_1_at_its_fraction_of_the_steps);
  tcase_add_test (
      tcase, test_clipping_shortens_what_is_too_long_and_keeps_its_direction);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
