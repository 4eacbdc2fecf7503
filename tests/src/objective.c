/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "objective-case.h"

#include "check-main.h"

#include <string.h>

static void
softmax (const double *z, double temperature, double *p)
{
  double sum = 0;

  for (int k = 0; k < CLASSES; k++)
    sum += p[k] = exp (z[k] / temperature);
  for (int k = 0; k < CLASSES; k++)
    p[k] /= sum;
}

static double
kl (const double *q, const double *p)
{
  double sum = 0;

  for (int k = 0; k < CLASSES; k++)
    sum += q[k] * (log (q[k]) - log (p[k]));
  return sum;
}

/* The teacher of row r for exit e, from logits that stand still. */
static void
teacher_of (const MxObjective *o, const Logits frozen, int e, int r, double *q)
{
  double p[CLASSES];

  if (o->teacher != MX_TEACHER_AVERAGE) {
    e = o->teacher == MX_TEACHER_LAST ? EXITS - 1 : e;
    softmax (frozen[e][r], o->temperature, q);
    return;
  }
  memset (q, 0, CLASSES * sizeof (double));
  for (e = 0; e < EXITS; e++) {
    softmax (frozen[e][r], o->temperature, p);
    for (int k = 0; k < CLASSES; k++)
      q[k] += p[k] / EXITS;
  }
}

static double
consistency (
    const MxObjective *o, const Logits frozen, int e, int r, const double *z)
{
  double q[CLASSES], p[CLASSES];
  int best = 0;

  teacher_of (o, frozen, e, partners[r], q);
  softmax (z, 1, p);
  for (int k = 1; k < CLASSES; k++)
    best = q[k] > q[best] ? k : best;
  if (q[best] < o->threshold)
    return 0;
  return o->target == MX_TARGET_HARD ? -log (p[best]) : kl (q, p);
}

/* The header's formulas, term by term; teachers see only `frozen`. */
static double
reference (
    const MxObjective *o, double ramp, const Logits z, const Logits frozen)
{
  double clean = 0, perturbed = 0, distillation = 0, consistent = 0;
  double t = o->distillation_temperature, a = o->augmented_weight;

  for (int e = 0; e < EXITS; e++) {
    for (int r = 0; r < ROWS; r++) {
      double p[CLASSES], q[CLASSES];

      softmax (z[e][r], 1, p);
      if (partners[r] >= 0)
        consistent += consistency (o, frozen, e, r, z[e][r]) / (EXITS * 3);
      if (labels[r] < 0)
        continue;
      if (partners[r] >= 0) {
        perturbed -= log (p[labels[r]]) / (EXITS * 2);
        continue;
      }
      clean -= log (p[labels[r]]) / (EXITS * 3);
      softmax (frozen[EXITS - 1][r], t, q);
      softmax (z[e][r], t, p);
      if (e < EXITS - 1)
        distillation += t * t * kl (q, p) / ((EXITS - 1) * 3);
    }
  }
  return (clean + a * perturbed) / (1 + a) +
         o->distillation_weight * distillation +
         o->consistency_weight * ramp * consistent;
}

START_TEST (test_each_objective_is_the_sum_of_its_formulas)
{
  const MxObjective *o = &objectives[_i].objective;
  float ramp = objectives[_i].ramp;
  Case c;

  for (uint64_t seed = 1; seed <= 5; seed++) {
    draw (&c, seed);
    ck_assert_double_eq_tol (evaluate (o, ramp, &batch, &c).total,
        reference (o, ramp, c.exact, c.exact), 1e-12);
  }
}
END_TEST

START_TEST (test_each_gradient_is_the_slope_of_its_loss_with_teachers_frozen)
{
  const MxObjective *o = &objectives[_i].objective;
  float ramp = objectives[_i].ramp;
  const double h = 1e-5;
  Logits moved;
  Case c;

  draw (&c, 7);
  evaluate (o, ramp, &batch, &c);
  memcpy (moved, c.exact, sizeof (moved));
  for (int i = 0; i < EXITS * ROWS * CLASSES; i++) {
    double *z = &moved[0][0][0] + i, keep = *z, slope;

    *z = keep + h;
    slope = reference (o, ramp, moved, c.exact);
    *z = keep - h;
    slope = (slope - reference (o, ramp, moved, c.exact)) / (2 * h);
    *z = keep;
    ck_assert_double_eq_tol ((&c.g[0][0][0])[i], slope, 1e-7);
  }
}
END_TEST

START_TEST (test_the_loss_is_the_same_without_a_gradient)
{
  const float *logits[EXITS];
  MxLoss with, without;
  Case c;

  draw (&c, 3);
  for (int e = 0; e < EXITS; e++)
    logits[e] = &c.z[e][0][0];
  with = evaluate (&objectives[_i].objective, 1, &batch, &c);
  mx_objective_evaluate (
      &objectives[_i].objective, 1, &batch, logits, NULL, &without);
  ck_assert_mem_eq (&with, &without, sizeof (with));
}
END_TEST

START_TEST (test_a_copy_equal_to_its_clean_row_costs_nothing)
{
  MxObjective o;
  MxLoss loss;
  Case c;

  mx_objective_init (&o, MX_OBJECTIVE_CONSISTENT_EXIT);
  o.teacher = MX_TEACHER_OWN;
  draw (&c, 5);
  for (int e = 0; e < EXITS; e++) {
    for (int r = 0; r < ROWS; r++) {
      if (partners[r] >= 0)
        memcpy (c.z[e][r], c.z[e][partners[r]], sizeof (c.z[e][r]));
    }
  }
  loss = evaluate (&o, 1, &batch, &c);
  ck_assert_double_eq_tol (loss.consistency, 0, 1e-12);
  ck_assert_double_eq (loss.confident, 1);
  for (int i = 0; i < EXITS * CLASSES; i++)
    ck_assert_float_eq_tol (c.g[i / CLASSES][3][i % CLASSES], 0, 1e-8);
}
END_TEST

START_TEST (test_unlabelled_rows_do_not_enter_the_cross_entropy)
{
  MxObjective o;
  MxLoss loss;
  Case c;

  mx_objective_init (&o, MX_OBJECTIVE_AUGMENTED);
  draw (&c, 5);
  loss = evaluate (&o, 1, &batch, &c);
  for (int e = 0; e < EXITS; e++) {
    for (int k = 0; k < CLASSES; k++) {
      c.z[e][2][k] = c.z[e][5][k] = c.z[e][7][k] = (float)(10 * k);
      ck_assert_float_eq (c.g[e][2][k], 0);
      ck_assert_float_eq (c.g[e][5][k], 0);
      ck_assert_float_eq (c.g[e][7][k], 0);
    }
  }
  ck_assert_double_eq (loss.total, evaluate (&o, 1, &batch, &c).total);
}
END_TEST

START_TEST (test_no_gradient_flows_through_the_teacher)
{
  MxObjective o;
  Case c;

  mx_objective_init (&o, MX_OBJECTIVE_CONSISTENT_EXIT);
  o.target = _i / 3 ? MX_TARGET_HARD : MX_TARGET_SOFT;
  o.teacher = (MxTeacher)(_i % 3);
  draw (&c, 5);
  evaluate (&o, 1, &batch, &c);
  /* Row 2 is clean and unlabelled: all it does is teach row 5. */
  for (int e = 0; e < EXITS; e++) {
    float learnt = 0;

    for (int k = 0; k < CLASSES; k++) {
      ck_assert_float_eq (c.g[e][2][k], 0);
      learnt += fabsf (c.g[e][5][k]);
    }
    ck_assert_float_gt (learnt, .01f);
  }
}
END_TEST

/* One exit, two classes, three pairs; the teacher is .9 sure of class 0 in two
 * of them and .6 sure in the third; every copy says even odds. */
START_TEST (test_masked_pairs_still_count_in_the_mean)
{
  static const int32_t none[6] = {-1, -1, -1, -1, -1, -1};
  static const int32_t pair[6] = {-1, -1, -1, 0, 1, 2};
  const MxObjectiveBatch small = {6, 1, 2, none, pair};
  const float sure = logf (9), unsure = logf (1.5f);
  const float z[6][2] = {{sure, 0}, {sure, 0}, {unsure, 0}};
  const float *logits[] = {&z[0][0]};
  float g[6][2], *gradient[] = {&g[0][0]};
  MxObjective o;
  MxLoss loss;

  mx_objective_init (&o, MX_OBJECTIVE_CONSISTENT_EXIT);
  o.threshold = .8f;
  o.target = MX_TARGET_HARD;
  mx_objective_evaluate (&o, 1, &small, logits, gradient, &loss);
  ck_assert_double_eq_tol (loss.consistency, 2. / 3 * log (2), 1e-12);
  ck_assert_double_eq_tol (loss.confident, 2. / 3, 1e-12);
  ck_assert_float_eq_tol (g[3][0], -.5f / 3, 1e-7);
  ck_assert_float_eq (g[5][0], 0);
  o.target = MX_TARGET_SOFT;
  mx_objective_evaluate (&o, 1, &small, logits, gradient, &loss);
  ck_assert_double_eq_tol (
      loss.consistency, 2. / 3 * (.9 * log (1.8) + .1 * log (.2)), 1e-7);
  ck_assert_float_eq_tol (g[3][0], -.4f / 3, 1e-7);
  ck_assert_float_eq (g[5][0], 0);
}
END_TEST

START_TEST (test_ramp_0_leaves_only_the_supervised_loss_but_reports_the_rest)
{
  MxObjective o;
  MxLoss loss;
  Case c;

  mx_objective_init (&o, MX_OBJECTIVE_CONSISTENT_EXIT);
  draw (&c, 5);
  loss = evaluate (&o, 0, &batch, &c);
  ck_assert_double_eq (loss.total, loss.clean);
  ck_assert_double_gt (loss.consistency, 0);
  ck_assert_float_eq (c.g[0][5][0], 0);
}
END_TEST

START_TEST (test_init_sets_the_weights_that_make_the_named_objective)
{
  static const float weights[][3] = {
      {0, 0, 0}, {1, 0, 0}, {0, .5f, 0}, {0, 0, 1}};
  MxObjective o;

  mx_objective_init (&o, (MxObjectiveKind)_i);
  ck_assert_float_eq (o.augmented_weight, weights[_i][0]);
  ck_assert_float_eq (o.distillation_weight, weights[_i][1]);
  ck_assert_float_eq (o.consistency_weight, weights[_i][2]);
  ck_assert_float_eq (o.distillation_temperature, 2);
  ck_assert_float_eq (o.temperature, 1);
  ck_assert_float_eq (o.threshold, 0);
  ck_assert_int_eq (o.target, MX_TARGET_SOFT);
  ck_assert_int_eq (o.teacher, MX_TEACHER_LAST);
  ck_assert (mx_objective_needs_pairs (&o) == (_i == 1 || _i == 3));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, test_each_objective_is_the_sum_of_its_formulas, 0, N_OBJECTIVES);
  tcase_add_loop_test (tcase,
      test_each_gradient_is_the_slope_of_its_loss_with_teachers_frozen, 0,
      N_OBJECTIVES);
  tcase_add_loop_test (
      tcase, test_the_loss_is_the_same_without_a_gradient, 0, N_OBJECTIVES);
  tcase_add_test (tcase, test_a_copy_equal_to_its_clean_row_costs_nothing);
  tcase_add_test (tcase, test_unlabelled_rows_do_not_enter_the_cross_entropy);
  tcase_add_loop_test (tcase, test_no_gradient_flows_through_the_teacher, 0, 6);
  tcase_add_test (tcase, test_masked_pairs_still_count_in_the_mean);
  tcase_add_test (
      tcase, test_ramp_0_leaves_only_the_supervised_loss_but_reports_the_rest);
  tcase_add_loop_test (
      tcase, test_init_sets_the_weights_that_make_the_named_objective, 0, 4);
}

CHECK_MAIN ("objective", add_tests)
