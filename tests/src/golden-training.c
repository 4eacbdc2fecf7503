/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whole networks against an independent reference: losses, gradients and
 * optimiser steps. */
#include "golden.h"

#include "mx-objective.h"
#include "mx-optimizer.h"

#include "check-main.h"

typedef struct {
  const char *name;
  float augmented, distillation, consistency;
  MxTarget target;
  MxTeacher teacher;
} Loss;

static const Loss losses[] = {
    {"ce", 0, 0, 0, MX_TARGET_SOFT, MX_TEACHER_OWN},
    {"ce_aug", 1, 0, 0, MX_TARGET_SOFT, MX_TEACHER_OWN},
    {"self_distill", 0, .5f, 0, MX_TARGET_SOFT, MX_TEACHER_OWN},
    {"cet_soft_own", 0, 0, 1, MX_TARGET_SOFT, MX_TEACHER_OWN},
    {"cet_soft_last", 0, 0, .5f, MX_TARGET_SOFT, MX_TEACHER_LAST},
    {"cet_soft_avg", 1, 0, 2, MX_TARGET_SOFT, MX_TEACHER_AVERAGE},
    {"cet_hard_own", 0, 0, 1, MX_TARGET_HARD, MX_TEACHER_OWN},
    {"cet_hard_last", 1, 0, 1, MX_TARGET_HARD, MX_TEACHER_LAST},
    {"cet_hard_avg", 1, 0, 1, MX_TARGET_HARD, MX_TEACHER_AVERAGE},
};

static void
part (Fixture *f, const Loss *loss, const char *name, double ours)
{
  g_autofree char *full = g_strdup_printf ("loss.%s.%s", loss->name, name);
  if (mx_safetensors_lookup (f->golden, full) == NULL)
    return;
  g_autofree float *golden = floats (f, full, 1);
  ck_assert_msg (fabs (ours - golden[0]) <= 2e-6, "%s: %.8g, golden %.8g", full,
      ours, golden[0]);
}

static MxObjective
objective_of (Fixture *f, const Loss *loss)
{
  MxObjective objective;
  mx_objective_init (&objective, MX_OBJECTIVE_CONSISTENT_EXIT);
  objective.augmented_weight = loss->augmented;
  objective.distillation_weight = loss->distillation;
  objective.distillation_temperature = 2;
  objective.consistency_weight = loss->consistency;
  objective.target = loss->target;
  objective.teacher = loss->teacher;
  if (loss->target == MX_TARGET_HARD) {
    g_autofree char *name = g_strdup_printf ("loss.%s.tau", loss->name);
    g_autofree float *tau = floats (f, name, 1);
    objective.threshold = tau[0];
  }
  return objective;
}

static MxLoss
backward (Fixture *f, const MxObjective *objective)
{
  float *logits[MX_MAX_EXITS], *gradient[MX_MAX_EXITS];
  MxLoss result;
  run (f, true, logits);
  for (size_t s = 0; s < f->program->n_stages; s++)
    gradient[s] = mx_gradient_get_logits (f->gradient, s);
  MxObjectiveBatch batch = {
      ROWS, f->program->n_stages, f->program->classes, f->label, f->partner};
  mx_objective_evaluate (
      objective, 1, &batch, (const float *const *)logits, gradient, &result);
  mx_gradient_run (f->gradient, f->gradients);
  free_logits (f, logits);
  return result;
}

START_TEST (every_loss_and_its_gradients_are_golden)
{
  Fixture f = {0};
  const Loss *loss = &losses[_i % G_N_ELEMENTS (losses)];
  setup (&f, _i / G_N_ELEMENTS (losses), true);
  MxObjective objective = objective_of (&f, loss);
  MxLoss result = backward (&f, &objective);
  part (&f, loss, "total", result.total);
  part (&f, loss, "ce_clean", result.clean);
  part (&f, loss, "ce_perturbed", result.perturbed);
  part (&f, loss, "self_distill", result.distillation);
  part (&f, loss, "consistency", result.consistency);
  g_autofree char *prefix = g_strdup_printf ("grad.%s.", loss->name);
  Compare c = {loss->name, f.gradients, 1e-5, 1e-4};
  foreach_parameter (&f, prefix, false, compare_parameter, &c);
  teardown (&f);
}
END_TEST

static const struct {
  const char *name;
  MxOptimizerKind kind;
  float rate, decay;
} optimizers[] = {
    {"adam", MX_OPTIMIZER_ADAM, 1e-3f, 0},
    {"adamw", MX_OPTIMIZER_ADAMW, 1e-3f, .01f},
    {"sgdm", MX_OPTIMIZER_SGD, 1e-2f, 0},
    {"sgdm_wd", MX_OPTIMIZER_SGD, 1e-2f, 1e-3f},
};

START_TEST (three_optimiser_steps_are_golden)
{
  Fixture f = {0};
  size_t o = _i % G_N_ELEMENTS (optimizers);
  setup (&f, _i / G_N_ELEMENTS (optimizers), true);
  MxObjective objective = objective_of (&f, &losses[5]);
  MxOptimizerConfig config;
  mx_optimizer_config_init (&config, optimizers[o].kind);
  config.weight_decay = optimizers[o].decay;
  MxOptimizer *optimizer = mx_optimizer_new (&config, f.program->n_trainable);

  g_autofree char *name = g_strdup_printf ("opt.%s.losses", optimizers[o].name);
  g_autofree float *golden = floats (&f, name, 3);
  for (int step = 0; step < 3; step++) {
    MxLoss result = backward (&f, &objective);
    ck_assert_double_eq_tol (result.total, golden[step], 1e-5);
    mx_optimizer_step (optimizer, optimizers[o].rate, f.weights, f.gradients);
  }
  g_autofree char *prefix =
      g_strdup_printf ("opt.%s.after3.", optimizers[o].name);
  Compare c = {optimizers[o].name, f.weights, 1e-5, 0};
  foreach_parameter (&f, prefix, true, compare_parameter, &c);
  mx_optimizer_free (optimizer);
  teardown (&f);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  const int n = G_N_ELEMENTS (files);

  tcase_add_loop_test (tcase, every_loss_and_its_gradients_are_golden, 0,
      n * G_N_ELEMENTS (losses));
  tcase_add_loop_test (tcase, three_optimiser_steps_are_golden, 0,
      n * G_N_ELEMENTS (optimizers));
}

CHECK_MAIN ("golden-training", add_tests)
