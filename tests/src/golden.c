/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whole networks against an independent reference: outputs and statistics. */
#include "golden.h"

#include "mx-network.h"

#include "check-main.h"

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

/* Weights and inputs of convolutions by 2^-8. */
START_TEST (a_network_of_bfloat16_gives_about_the_golden_outputs)
{
  compare_folded (_i, MX_STORAGE_BF16, 2e-2);
}
END_TEST

/* By 2^-17; where kernels serve no two, not at all. */
START_TEST (a_network_of_two_bfloat16_gives_nearly_the_golden_outputs)
{
  compare_folded (_i, MX_STORAGE_BF16X3, 2e-4);
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

static void
add_tests (TCase *tcase)
{
  const int n = G_N_ELEMENTS (files);

  tcase_add_loop_test (tcase, evaluation_gives_the_golden_outputs, 0, n);
  tcase_add_loop_test (tcase, a_folded_network_gives_the_golden_outputs, 0, n);
  tcase_add_loop_test (
      tcase, a_network_of_halves_gives_about_the_golden_outputs, 0, n);
  tcase_add_loop_test (
      tcase, a_network_of_bfloat16_gives_about_the_golden_outputs, 0, n);
  tcase_add_loop_test (
      tcase, a_network_of_two_bfloat16_gives_nearly_the_golden_outputs, 0, n);
  tcase_add_loop_test (
      tcase, a_training_pass_gives_the_golden_outputs_and_statistics, 0, n);
}

CHECK_MAIN ("golden", add_tests)
