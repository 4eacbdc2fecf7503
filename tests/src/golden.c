/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whole networks against an independent reference: outputs, statistics,
 * losses, gradients and optimiser steps of tests/data/golden (see its README,
 * which also gives the tolerances). */
#include "mx-gradient.h"
#include "mx-network.h"
#include "mx-objective.h"
#include "mx-optimizer.h"
#include "mx-policy.h"
#include "mx-safetensors.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 16

static const char *const files[] = {
    "tiny_same", "tiny_imu", "tiny_odd", "tiny_valid"};

typedef struct {
  MxSafetensors *golden;
  MxDescription *description;
  MxProgram *program;
  MxPass *pass;
  MxGradient *gradient;
  MxParallel *parallel;
  float *weights, *gradients, *prepared;
  size_t *prepared_offset;
  int32_t label[ROWS], partner[ROWS];
} Fixture;

/* -------------------------------------------------------- golden data */

static float *
floats (const Fixture *f, const char *name, size_t size)
{
  const MxTensorView *view = mx_safetensors_lookup (f->golden, name);
  ck_assert_msg (view != NULL, "%s is not in the golden file", name);
  ck_assert_msg (view->size == size, "%s: %zu elements, expected %zu", name,
      view->size, size);
  float *copy = g_new (float, size);
  memcpy (copy, view->data, size * sizeof *copy);
  return copy;
}

/* "stages.1.layers.0.shortcut.1" -> "stage.1.bns" */
static char *
golden_layer (const char *path)
{
  static const struct {
    const char *ours, *theirs;
  } blocks[] = {{"layers.0", "conv1"}, {"layers.1", "bn1"},
      {"layers.3", "conv2"}, {"layers.4", "bn2"}, {"shortcut.0", "short"},
      {"shortcut.1", "bns"}};
  int stage = atoi (path + strlen ("stages."));
  const char *rest = strchr (path + strlen ("stages."), '.') + 1;
  if (g_str_has_prefix (rest, "exit"))
    return g_strdup_printf ("exit.%d", stage);
  if (stage == 0 && strlen (rest) == strlen ("layers.0"))
    return g_strdup (rest[7] == '0' ? "stem_conv" : "stem_bn");
  for (size_t i = 0; i < G_N_ELEMENTS (blocks); i++)
    if (g_str_has_suffix (rest, blocks[i].ours))
      return g_strdup_printf ("stage.%d.%s", stage, blocks[i].theirs);
  ck_abort_msg ("no golden name for %s", path);
  return NULL;
}

typedef void (*ParameterFunc) (const Fixture *f, const MxParameter *parameter,
    const float *golden, void *data);

static void
foreach_parameter (const Fixture *f, const char *prefix, bool statistics,
    ParameterFunc func, void *data)
{
  for (size_t i = 0; i < f->program->n_layers; i++) {
    const MxLayer *layer = f->program->layers[i];
    for (size_t p = 0; p < layer->n_parameters; p++) {
      const MxParameter *parameter = &layer->parameters[p];
      if (!parameter->trainable && !statistics)
        continue;
      g_autofree char *theirs = golden_layer (layer->path);
      g_autofree char *name =
          g_strdup_printf ("%s%s.%s", prefix, theirs, parameter->name);
      g_autofree float *golden = floats (f, name, parameter->size);
      func (f, parameter, golden, data);
    }
  }
}

static void
copy_parameter (const Fixture *f, const MxParameter *parameter,
    const float *golden, void *data)
{
  memcpy ((float *)data + parameter->offset, golden,
      parameter->size * sizeof *golden);
}

typedef struct {
  const char *what;
  const float *ours;
  double absolute, relative;
} Compare;

static void
compare (const char *what, const char *name, const float *ours,
    const float *golden, size_t n, double absolute, double relative)
{
  for (size_t i = 0; i < n; i++) {
    double bound = absolute + relative * fabs (golden[i]);
    ck_assert_msg (fabs (ours[i] - golden[i]) <= bound,
        "%s %s[%zu]: %.8g, golden %.8g", what, name, i, ours[i], golden[i]);
  }
}

static void
compare_parameter (const Fixture *f, const MxParameter *parameter,
    const float *golden, void *data)
{
  const Compare *c = data;
  compare (c->what, parameter->name, c->ours + parameter->offset, golden,
      parameter->size, c->absolute, c->relative);
}

/* ------------------------------------------------------------ fixture */

static int
meta_int (const Fixture *f, const char *key)
{
  return atoi (mx_safetensors_get_metadata (f->golden, key));
}

/* All numbers in a string like "[(5, 3), (3, 3)]". */
static int
numbers (const char *text, int *values)
{
  int n = 0;
  while (*text != '\0') {
    if (g_ascii_isdigit (*text))
      values[n++] = strtol (text, (char **)&text, 10);
    else
      text++;
  }
  return n;
}

static void
append_stage (GString *json, int stage, int width, const int *kernel,
    bool valid, int stem_width, int stem_kernel)
{
  const char *padding = valid ? "none" : "same";
  int crop = valid ? 2 * (kernel[1] / 2) + kernel[0] / 2 : 0;
  g_string_append (json, stage == 0 ? "{\"layers\":[" : ",{\"layers\":[");
  if (stage == 0)
    g_string_append_printf (json,
        "{\"kind\":\"conv1d\",\"filters\":%d,\"kernel\":%d,\"padding\":\"%s\","
        "\"bias\":false},{\"kind\":\"batch-norm\"},{\"kind\":\"relu\"},",
        stem_width, stem_kernel, padding);
  g_string_append_printf (json,
      "{\"kind\":\"residual\",\"layers\":["
      "{\"kind\":\"conv1d\",\"filters\":%d,\"kernel\":%d,\"stride\":2,"
      "\"padding\":\"%s\",\"bias\":false},"
      "{\"kind\":\"batch-norm\"},{\"kind\":\"relu\"},"
      "{\"kind\":\"conv1d\",\"filters\":%d,\"kernel\":%d,\"padding\":\"%s\","
      "\"bias\":false},{\"kind\":\"batch-norm\"}],"
      "\"shortcut\":[{\"kind\":\"conv1d\",\"filters\":%d,\"kernel\":1,"
      "\"stride\":2,\"padding\":[%d,%d],\"bias\":false},"
      "{\"kind\":\"batch-norm\"}]},{\"kind\":\"relu\"}],"
      "\"exit\":[{\"kind\":\"pool\",\"method\":\"mean\"},"
      "{\"kind\":\"dense\"}]}",
      width, kernel[0], padding, width, kernel[1], padding, width, -crop,
      -crop);
}

static char *
describe (const Fixture *f)
{
  int widths[8], kernels[16];
  int n = numbers (mx_safetensors_get_metadata (f->golden, "widths"), widths);
  numbers (mx_safetensors_get_metadata (f->golden, "kernels"), kernels);
  bool valid =
      g_str_equal (mx_safetensors_get_metadata (f->golden, "valid"), "True");
  GString *json = g_string_new ("{\"labels\":[");
  for (int i = 0; i < meta_int (f, "classes"); i++)
    g_string_append_printf (json, "%s\"c%d\"", i > 0 ? "," : "", i);
  g_string_append_printf (json,
      "],\"input\":{\"rate\":100,\"channels\":%d,\"window\":%d},\"stages\":[",
      meta_int (f, "cin"), meta_int (f, "T"));
  for (int i = 0; i < n; i++)
    append_stage (json, i, widths[i], kernels + 2 * i, valid, widths[0],
        meta_int (f, "stem_kernel"));
  g_string_append (json, "]}");
  return g_string_free (json, FALSE);
}

static void
read_batch (Fixture *f)
{
  int32_t labels[4];
  const MxTensorView *view = mx_safetensors_lookup (f->golden, "input.labels");
  memcpy (labels, view->data, sizeof labels);
  for (int r = 0; r < ROWS; r++) {
    f->label[r] = r < 8 ? labels[r % 4] : -1;
    f->partner[r] = r % 8 < 4 ? -1 : r - 4;
  }
}

static void
setup (Fixture *f, int file, bool training)
{
  GError *error = NULL;
  g_autofree char *path = g_strdup_printf (
      "%s/golden/%s.safetensors", g_getenv ("MX_TEST_DATA"), files[file]);
  f->golden = mx_safetensors_new_from_file (path, &error);
  ck_assert_msg (f->golden != NULL, "%s", error ? error->message : "?");
  g_autofree char *json = describe (f);
  f->description = mx_description_new (json, -1, files[file], NULL, &error);
  ck_assert_msg (f->description != NULL, "%s", error ? error->message : "?");
  f->program = f->description->program;
  read_batch (f);

  f->weights = g_new0 (float, f->program->n_weights);
  f->gradients = g_new0 (float, f->program->n_weights);
  foreach_parameter (f, "init.", true, copy_parameter, f->weights);
  f->parallel = mx_parallel_new (2);
  size_t size;
  f->prepared_offset = mx_pass_prepared_layout (f->program, training, &size);
  f->prepared = g_new0 (float, size + 1);
  f->pass = mx_pass_new (f->program, ROWS, training, f->parallel);
  mx_pass_set_weights (f->pass, f->weights, f->prepared, f->prepared_offset);
  if (training)
    f->gradient = mx_gradient_new (f->pass, ROWS);
}

static void
teardown (Fixture *f)
{
  g_clear_pointer (&f->gradient, mx_gradient_free);
  mx_pass_free (f->pass);
  mx_parallel_free (f->parallel);
  mx_description_unref (f->description);
  mx_safetensors_free (f->golden);
  g_free (f->weights);
  g_free (f->gradients);
  g_free (f->prepared);
  g_free (f->prepared_offset);
}

/* Runs the batch; logits[stage] [ROWS][classes], to be freed. */
static void
run (Fixture *f, bool training, float *logits[])
{
  const MxProgram *program = f->program;
  mx_pass_prepare (program, training, f->weights, f->prepared,
      f->prepared_offset, f->parallel);
  MxTensor input = mx_pass_begin (f->pass, ROWS);
  size_t per_row = input.time * input.channels;
  g_autofree float *batch = floats (f, "input.batch", ROWS * per_row);
  for (size_t r = 0; r < ROWS; r++)
    memcpy (mx_tensor_row (&input, r), batch + r * per_row,
        per_row * sizeof *batch);
  for (size_t s = 0; s < program->n_stages; s++) {
    MxTensor t = mx_pass_run_stage (f->pass, s);
    logits[s] = g_new (float, ROWS * program->classes);
    for (size_t r = 0; r < ROWS; r++)
      memcpy (logits[s] + r * program->classes, mx_tensor_row (&t, r),
          program->classes * sizeof (float));
  }
}

static void
free_logits (Fixture *f, float *logits[])
{
  for (size_t s = 0; s < f->program->n_stages; s++)
    g_free (logits[s]);
}

static void
compare_logits (Fixture *f, const char *name, float *logits[])
{
  size_t n = f->program->n_stages, size = ROWS * f->program->classes;
  g_autofree float *golden = floats (f, name, n * size);
  for (size_t s = 0; s < n; s++)
    compare (name, "exit", logits[s], golden + s * size, size, 1e-5, 1e-5);
}

/* Golden features are [row][channel][time]. */
static void
compare_feature (Fixture *f, const char *name, size_t value)
{
  const MxTensor *t = mx_pass_get_value (f->pass, value);
  size_t n = ROWS * t->channels * t->time;
  g_autofree float *golden = floats (f, name, n);
  for (size_t r = 0; r < ROWS; r++)
    for (size_t c = 0; c < t->channels; c++)
      for (size_t i = 0; i < t->time; i++) {
        float ours = mx_tensor_row (t, r)[i * t->channels + c];
        float theirs = golden[(r * t->channels + c) * t->time + i];
        ck_assert_msg (fabsf (ours - theirs) <= 1e-5 + 1e-5 * fabsf (theirs),
            "%s[%zu][%zu][%zu]: %g, golden %g", name, r, c, i, ours, theirs);
      }
}

static void
compare_features (Fixture *f, const char *mode)
{
  g_autofree char *stem = g_strdup_printf ("%s.feature.stem", mode);
  compare_feature (f, stem, 3);
  for (size_t s = 0; s < f->program->n_stages; s++) {
    g_autofree char *name = g_strdup_printf ("%s.feature.stage%zu", mode, s);
    compare_feature (f, name, f->program->stages[s].output);
  }
}

/* -------------------------------------------------------------- tests */

START_TEST (evaluation_gives_the_golden_outputs)
{
  Fixture f = {0};
  float *logits[MX_MAX_EXITS];
  setup (&f, _i, false);
  run (&f, false, logits);
  compare_logits (&f, "eval.logits", logits);
  compare_features (&f, "eval");
  free_logits (&f, logits);
  teardown (&f);
}
END_TEST

/* Within tolerance + tolerance |golden|. */
static void
compare_folded (int index, MxStorage storage, double tolerance)
{
  Fixture f = {0};
  setup (&f, index, false);
  g_autoptr (MxNetwork) floats_only = mx_network_new (f.description, f.weights);
  g_autoptr (MxNetwork) network = mx_network_new_stored (floats_only, storage);
  ck_assert_uint_lt (network->program->n_layers, f.program->n_layers / 2);
  ck_assert_uint_eq (network->program->macs, f.program->macs);

  MxPass *folded = mx_pass_new (network->program, ROWS, false, NULL);
  MxPass *unfolded = f.pass;
  mx_pass_set_weights (folded, network->program_weights, network->prepared,
      network->prepared_offset);
  MxTensor input = mx_pass_begin (folded, ROWS);
  size_t per_row = input.time * input.channels;
  g_autofree float *batch = floats (&f, "input.batch", ROWS * per_row);
  size_t size = ROWS * f.program->classes;
  g_autofree float *golden =
      floats (&f, "eval.logits", f.program->n_stages * size);
  for (size_t r = 0; r < ROWS; r++)
    memcpy (mx_tensor_row (&input, r), batch + r * per_row,
        per_row * sizeof *batch);
  for (size_t s = 0; s < f.program->n_stages; s++) {
    MxTensor t = mx_pass_run_stage (folded, s);
    for (size_t r = 0; r < ROWS; r++)
      compare ("folded", "exit", mx_tensor_row (&t, r),
          golden + s * size + r * t.channels, t.channels, tolerance, tolerance);
  }
  f.pass = unfolded;
  mx_pass_free (folded);
  teardown (&f);
}

START_TEST (a_folded_network_gives_the_golden_outputs)
{
  compare_folded (_i, MX_STORAGE_F32, 1e-5);
}
END_TEST

/* Weights are off by 2^-11 of themselves, at most. */
START_TEST (a_network_of_halves_gives_about_the_golden_outputs)
{
  compare_folded (_i, MX_STORAGE_F16, 2e-3);
}
END_TEST

/* Weights and inputs of convolutions by 2^-9. */
START_TEST (a_network_of_bfloat16_gives_about_the_golden_outputs)
{
  compare_folded (_i, MX_STORAGE_BF16, 2e-2);
}
END_TEST

START_TEST (a_training_pass_gives_the_golden_outputs_and_statistics)
{
  Fixture f = {0};
  float *logits[MX_MAX_EXITS];
  setup (&f, _i, true);
  run (&f, true, logits);
  compare_logits (&f, "train.logits", logits);
  compare_features (&f, "train");
  for (size_t i = 0; i < f.program->n_layers; i++) {
    const MxLayer *layer = f.program->layers[i];
    for (size_t p = 0; p < layer->n_parameters; p++) {
      const MxParameter *q = &layer->parameters[p];
      if (q->trainable)
        continue;
      g_autofree char *theirs = golden_layer (layer->path);
      g_autofree char *name =
          g_strdup_printf ("train.after_forward.%s.%s", theirs, q->name);
      g_autofree float *golden = floats (&f, name, q->size);
      compare ("statistics", name, f.weights + q->offset, golden, q->size, 1e-6,
          1e-5);
    }
  }
  free_logits (&f, logits);
  teardown (&f);
}
END_TEST

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

int
main (void)
{
  Suite *suite = suite_create ("golden");
  TCase *tcase = tcase_create ("networks");
  int n = G_N_ELEMENTS (files);
  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, evaluation_gives_the_golden_outputs, 0, n);
  tcase_add_loop_test (tcase, a_folded_network_gives_the_golden_outputs, 0, n);
  tcase_add_loop_test (
      tcase, a_network_of_halves_gives_about_the_golden_outputs, 0, n);
  tcase_add_loop_test (
      tcase, a_network_of_bfloat16_gives_about_the_golden_outputs, 0, n);
  tcase_add_loop_test (
      tcase, a_training_pass_gives_the_golden_outputs_and_statistics, 0, n);
  tcase_add_loop_test (tcase, every_loss_and_its_gradients_are_golden, 0,
      n * G_N_ELEMENTS (losses));
  tcase_add_loop_test (tcase, three_optimiser_steps_are_golden, 0,
      n * G_N_ELEMENTS (optimizers));
  suite_add_tcase (suite, tcase);
  SRunner *runner = srunner_create (suite);
  srunner_run_all (runner, CK_NORMAL);
  int failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
