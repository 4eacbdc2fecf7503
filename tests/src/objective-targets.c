/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What rows learn besides their own label with the weight of all: weights of
 * exits and classes, smoothed and mixed labels, a teacher from outside. */
#include "mx-objective.h"
#include "mx-rng.h"

#include "check-main.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define EXITS 3
#define CLASSES 4
#define ROWS 7

/* Two labelled pairs, an unlabelled one, a labelled row without a copy. */
static const int32_t labels[ROWS] = {1, 1, 3, 3, -1, -1, 0};
static const int32_t partners[ROWS] = {-1, 0, -1, 2, -1, 4, -1};
static const int32_t others[ROWS] = {3, 3, 1, 1, -1, -1, 0};
static const float shares[ROWS] = {.75f, .75f, .75f, .75f, 1, 1, 1};
static const float class_weights[CLASSES] = {2, .5f, 1, 1.5f};

typedef float Logits[EXITS][ROWS][CLASSES];

/* Numbers to which a power of two is added without rounding. */
static void
draw (Logits z, uint64_t seed)
{
  MxRng rng;

  mx_rng_init (&rng, seed, 0);
  for (int i = 0; i < EXITS * ROWS * CLASSES; i++)
    (&z[0][0][0])[i] =
        (float)(round (mx_rng_range (&rng, -2, 2) * 1024) / 1024);
}

typedef struct {
  MxObjectiveKind kind;
  MxTarget target;
  float smoothing;
  size_t n_exit_weights;
  bool mixed, weighted;
} Variant;

static const Variant variants[] = {
    {MX_OBJECTIVE_SUPERVISED, MX_TARGET_SOFT, .1f, 0, false, false},
    {MX_OBJECTIVE_SUPERVISED, MX_TARGET_SOFT, 0, EXITS, false, false},
    {MX_OBJECTIVE_SUPERVISED, MX_TARGET_SOFT, 0, 0, true, false},
    {MX_OBJECTIVE_SUPERVISED, MX_TARGET_SOFT, 0, 0, false, true},
    {MX_OBJECTIVE_AUGMENTED, MX_TARGET_SOFT, .2f, EXITS, true, true},
    {MX_OBJECTIVE_SELF_DISTILLATION, MX_TARGET_SOFT, .1f, EXITS, true, true},
    {MX_OBJECTIVE_CONSISTENT_EXIT, MX_TARGET_SOFT, 0, 0, false, false},
    {MX_OBJECTIVE_CONSISTENT_EXIT, MX_TARGET_SOFT, .1f, EXITS, true, true},
    {MX_OBJECTIVE_CONSISTENT_EXIT, MX_TARGET_HARD, .1f, EXITS, true, true},
};
#define N_VARIANTS (int)G_N_ELEMENTS (variants)

typedef struct {
  MxObjective objective;
  MxObjectiveBatch batch;
  Logits z, teacher, gradient;
  const float *logits[EXITS], *teaching[EXITS];
  float *gradients[EXITS];
} Case;

static void
make (Case *c, const Variant *variant, uint64_t seed)
{
  static const float exit_weights[EXITS] = {4, 1, .5f};

  mx_objective_init (&c->objective, variant->kind);
  c->objective.target = variant->target;
  c->objective.threshold = .4f;
  c->objective.smoothing = variant->smoothing;
  c->objective.n_exit_weights = variant->n_exit_weights;
  memcpy (c->objective.exit_weights, exit_weights, sizeof exit_weights);
  draw (c->z, seed);
  draw (c->teacher, seed + 100);
  for (int e = 0; e < EXITS; e++) {
    c->logits[e] = &c->z[e][0][0];
    c->teaching[e] = &c->teacher[e][0][0];
    c->gradients[e] = &c->gradient[e][0][0];
  }
  c->batch = (MxObjectiveBatch){
      .rows = ROWS,
      .exits = EXITS,
      .classes = CLASSES,
      .label = labels,
      .partner = partners,
      .mix = variant->mixed ? shares : NULL,
      .other = variant->mixed ? others : NULL,
      .class_weights = variant->weighted ? class_weights : NULL,
      .teacher = c->teaching,
  };
}

static MxLoss
evaluate (Case *c)
{
  MxLoss loss;

  mx_objective_evaluate (
      &c->objective, .7f, &c->batch, c->logits, c->gradients, &loss);
  return loss;
}

/* Central differences, their error of second order taken out. */
static double
slope (Case *c, float *z)
{
  double difference[2];
  float keep = *z;

  for (int i = 0; i < 2; i++) {
    float h = i ? 1.f / 128 : 1.f / 64;
    double above;

    *z = keep + h;
    above = evaluate (c).total;
    *z = keep - h;
    difference[i] = (above - evaluate (c).total) / (2 * h);
    *z = keep;
  }
  return (4 * difference[1] - difference[0]) / 3;
}

START_TEST (each_gradient_is_the_slope_of_its_loss)
{
  /* Self-distillation does not move the exit that teaches. */
  bool distils = variants[_i].kind == MX_OBJECTIVE_SELF_DISTILLATION;
  int exits = distils ? EXITS - 1 : EXITS;
  Logits gradient;
  Case c;

  for (uint64_t seed = 1; seed <= 3; seed++) {
    make (&c, &variants[_i], seed);
    evaluate (&c);
    memcpy (gradient, c.gradient, sizeof gradient);
    for (int i = 0; i < exits * ROWS * CLASSES; i++)
      ck_assert_double_eq_tol (
          (&gradient[0][0][0])[i], slope (&c, &c.z[0][0][0] + i), 1e-6);
  }
}
END_TEST

static double
log_p (const float *z, int class)
{
  double sum = 0;

  for (int k = 0; k < CLASSES; k++)
    sum += exp (z[k]);
  return z[class] - log (sum);
}

/* The header's ce, term by term. */
static double
reference (const Case *c, bool perturbed)
{
  const MxObjective *o = &c->objective;
  double sum = 0, weights = 0;
  int n = 0;

  for (int r = 0; r < ROWS; r++)
    n += labels[r] >= 0 && (partners[r] >= 0) == perturbed;
  for (int e = 0; e < EXITS; e++) {
    double weight = o->n_exit_weights ? o->exit_weights[e] : 1;

    weights += weight;
    for (int r = 0; r < ROWS; r++) {
      double m = c->batch.mix ? shares[r] : 1, v = 1;

      if (labels[r] < 0 || (partners[r] >= 0) != perturbed)
        continue;
      if (c->batch.class_weights)
        v = m * class_weights[labels[r]] + (1 - m) * class_weights[others[r]];
      for (int k = 0; k < CLASSES; k++) {
        double t = m * (k == labels[r]) + (1 - m) * (k == others[r]);

        t = (1 - o->smoothing) * t + o->smoothing / CLASSES;
        sum -= weight * v * t * log_p (c->z[e][r], k) / n;
      }
    }
  }
  return sum / weights;
}

START_TEST (the_cross_entropy_is_the_sum_of_its_formula)
{
  Case c;

  for (uint64_t seed = 1; seed <= 5; seed++) {
    MxLoss loss;

    make (&c, &variants[_i], seed);
    loss = evaluate (&c);
    ck_assert_double_eq_tol (loss.clean, reference (&c, false), 1e-7);
    if (variants[_i].kind == MX_OBJECTIVE_AUGMENTED)
      ck_assert_double_eq_tol (loss.perturbed, reference (&c, true), 1e-7);
  }
}
END_TEST

START_TEST (equal_exit_weights_are_none)
{
  MxLoss none, equal;
  Case c;

  make (&c, &variants[N_VARIANTS - 2], 1);
  c.objective.n_exit_weights = 0;
  none = evaluate (&c);
  c.objective.n_exit_weights = EXITS;
  for (int e = 0; e < EXITS; e++)
    c.objective.exit_weights[e] = 5;
  equal = evaluate (&c);
  ck_assert_double_eq_tol (none.total, equal.total, 1e-12);
}
END_TEST

/* Also the last exit, whose weight decides for what is left to distil. */
START_TEST (an_exit_without_weight_learns_nothing)
{
  Case c;

  for (int i = 0; i < N_VARIANTS; i++) {
    make (&c, &variants[i], 1);
    c.objective.n_exit_weights = EXITS;
    c.objective.exit_weights[_i] = 0;
    ck_assert (isfinite (evaluate (&c).total));
    for (int k = 0; k < ROWS * CLASSES; k++)
      ck_assert_float_eq ((&c.gradient[_i][0][0])[k], 0);
  }
}
END_TEST

START_TEST (weight_on_the_last_exit_alone_leaves_nothing_to_distil)
{
  MxLoss loss;
  Case c;

  make (&c, &variants[5], 1);
  c.objective.exit_weights[0] = c.objective.exit_weights[1] = 0;
  loss = evaluate (&c);
  ck_assert_double_eq (loss.distillation, 0);
  ck_assert_double_eq (loss.total, loss.clean);
}
END_TEST

START_TEST (a_teacher_from_outside_teaches_in_place_of_the_network)
{
  MxLoss own, outside;
  Case c;

  make (&c, &variants[6], 1);
  c.batch.teacher = NULL;
  own = evaluate (&c);
  memcpy (c.teacher, c.z, sizeof c.z);
  c.batch.teacher = c.teaching;
  outside = evaluate (&c);
  ck_assert_mem_eq (&own, &outside, sizeof own);
  draw (c.teacher, 3);
  ck_assert (evaluate (&c).consistency != own.consistency);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, each_gradient_is_the_slope_of_its_loss, 0, N_VARIANTS);
  tcase_add_loop_test (
      tcase, the_cross_entropy_is_the_sum_of_its_formula, 0, N_VARIANTS);
  tcase_add_test (tcase, equal_exit_weights_are_none);
  tcase_add_loop_test (tcase, an_exit_without_weight_learns_nothing, 0, EXITS);
  tcase_add_test (
      tcase, weight_on_the_last_exit_alone_leaves_nothing_to_distil);
  tcase_add_test (
      tcase, a_teacher_from_outside_teaches_in_place_of_the_network);
}

CHECK_MAIN ("objective-targets", add_tests)
