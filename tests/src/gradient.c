/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Gradients of whole networks by finite differences; each layer alone is
 * checked in layers.c. */
#include "mx-freeze.h"
#include "mx-gradient.h"
#include "mx-objective.h"
#include "mx-policy.h"

#include "check-main.h"
#include "nets.h"

#include <math.h>

#define ROWS 8

typedef struct {
  MxDescription *description;
  MxPass *pass;
  MxGradient *gradient;
  MxParallel *parallel;
  float *weights, *gradients, *prepared;
  size_t *offset;
  bool *frozen;
  MxObjective objective;
} Fixture;

static const int32_t label[ROWS] = {0, 0, 1, 1, 2, 2, -1, -1};
static const int32_t partner[ROWS] = {-1, 0, -1, 2, -1, 4, -1, 6};

static void
setup (Fixture *f, int net, MxObjectiveKind kind, const MxFreeze *freeze)
{
  size_t size;
  f->description = nets_describe (net);
  MxProgram *program = f->description->program;
  f->parallel = mx_parallel_new (2);
  f->weights = nets_weights (program, 3);
  f->gradients = g_new (float, program->n_weights);
  f->offset = mx_pass_prepared_layout (program, true, &size);
  f->prepared = g_new0 (float, size + 1);
  f->pass = mx_pass_new (program, ROWS, true, f->parallel);
  f->frozen = mx_freeze_list (freeze, program);
  mx_pass_freeze (f->pass, f->frozen);
  f->gradient = mx_gradient_new (f->pass, ROWS);
  mx_pass_set_weights (f->pass, f->weights, f->prepared, f->offset);
  mx_objective_init (&f->objective, kind);
}

static void
teardown (Fixture *f)
{
  mx_gradient_free (f->gradient);
  mx_pass_free (f->pass);
  mx_parallel_free (f->parallel);
  mx_description_unref (f->description);
  g_free (f->weights);
  g_free (f->gradients);
  g_free (f->prepared);
  g_free (f->offset);
  g_free (f->frozen);
}

/* Runs the batch with the weights as they are; dropout always the same. */
static double
loss (Fixture *f, bool backward)
{
  const MxProgram *program = f->description->program;
  float *logits[MX_MAX_EXITS], *gradient[MX_MAX_EXITS];
  mx_pass_prepare_own (f->pass, f->prepared);
  mx_pass_set_seed (f->pass, 7);
  MxTensor input = mx_pass_begin (f->pass, ROWS);
  nets_fill (&input, 1);
  for (size_t s = 0; s < program->n_stages; s++) {
    MxTensor t = mx_pass_run_stage (f->pass, s);
    logits[s] = g_new (float, ROWS * program->classes);
    gradient[s] = mx_gradient_get_logits (f->gradient, s);
    for (size_t r = 0; r < ROWS; r++)
      memcpy (logits[s] + r * program->classes, mx_tensor_row (&t, r),
          program->classes * sizeof (float));
  }
  MxObjectiveBatch batch = {
      ROWS, program->n_stages, program->classes, label, partner};
  MxLoss result;
  mx_objective_evaluate (&f->objective, 1, &batch, (const float *const *)logits,
      backward ? gradient : NULL, &result);
  for (size_t s = 0; s < program->n_stages; s++)
    g_free (logits[s]);
  if (backward)
    mx_gradient_run (f->gradient, f->gradients);
  return result.total;
}

/* The objectives through whose teacher a difference would also see the
 * gradient that is stopped there are left to the golden vectors. */
static const MxObjectiveKind kinds[] = {
    MX_OBJECTIVE_SUPERVISED, MX_OBJECTIVE_AUGMENTED};

/* What no gradient is computed for is 0, whatever a difference would say. */
static void
mark_frozen (const Fixture *f, bool *held)
{
  const MxProgram *program = f->description->program;
  for (size_t i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];
    for (size_t p = 0; p < layer->n_parameters; p++)
      memset (held + layer->parameters[p].offset,
          mx_pass_is_frozen (f->pass, i), layer->parameters[p].size);
  }
}

static void
check_gradients (int net, MxObjectiveKind kind, const MxFreeze *freeze)
{
  Fixture f;
  setup (&f, net, kind, freeze);
  loss (&f, true);
  const MxProgram *program = f.description->program;
  double error = 0, norm = 0;
  const float step = 2e-3f;
  g_autofree bool *held = g_new0 (bool, program->n_weights);
  mark_frozen (&f, held);
  for (size_t i = 0; i < program->n_trainable; i++) {
    if (held[i]) {
      ck_assert_float_eq (f.gradients[i], 0);
      continue;
    }
    float w = f.weights[i];
    f.weights[i] = w + step;
    double up = loss (&f, false);
    f.weights[i] = w - step;
    double down = loss (&f, false);
    f.weights[i] = w;
    double numeric = (up - down) / (2 * step);
    error += pow (numeric - f.gradients[i], 2);
    norm += pow (numeric, 2) + pow (f.gradients[i], 2);
  }
  ck_assert_double_gt (norm, 1e-4);
  /* A kink of ReLU or max within the step costs a little. */
  ck_assert_msg (
      sqrt (error / norm) < 1e-2, "relative error %g", sqrt (error / norm));
  for (size_t i = program->n_trainable; i < program->n_weights; i++)
    ck_assert_float_eq (f.gradients[i], 0);
  teardown (&f);
}

START_TEST (gradients_equal_finite_differences)
{
  check_gradients (_i / G_N_ELEMENTS (kinds), kinds[_i % G_N_ELEMENTS (kinds)],
      &(MxFreeze){0, false});
}
END_TEST

START_TEST (so_do_those_above_frozen_stages)
{
  check_gradients (_i / 3, MX_OBJECTIVE_SUPERVISED,
      (const MxFreeze[]){{1, false}, {1, true}, {2, false}} + _i % 3);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, gradients_equal_finite_differences, 0,
      N_NETS * G_N_ELEMENTS (kinds));
  tcase_add_loop_test (tcase, so_do_those_above_frozen_stages, 0, N_NETS * 3);
}

CHECK_MAIN ("gradient", add_tests)
