/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-pass.h"

#include "check-main.h"
#include "nets.h"

#include <math.h>

typedef struct {
  MxDescription *description;
  MxPass *pass;
  float *weights, *prepared;
  size_t *offset;
} Fixture;

static void
setup (Fixture *f, int net, size_t rows, bool training, MxParallel *parallel)
{
  size_t size;
  f->description = nets_describe (net);
  MxProgram *program = f->description->program;
  f->weights = nets_weights (program, 2);
  f->offset = mx_pass_prepared_layout (program, training, &size);
  f->prepared = g_new0 (float, size + 1);
  mx_pass_prepare (
      program, training, f->weights, f->prepared, f->offset, parallel);
  f->pass = mx_pass_new (program, rows, training, parallel);
  mx_pass_set_weights (f->pass, f->weights, f->prepared, f->offset);
}

static void
teardown (Fixture *f)
{
  mx_pass_free (f->pass);
  mx_description_unref (f->description);
  g_free (f->weights);
  g_free (f->prepared);
  g_free (f->offset);
}

START_TEST (a_stage_not_asked_for_is_not_computed)
{
  Fixture f;
  setup (&f, _i, 1, false, NULL);
  MxTensor input = mx_pass_begin (f.pass, 1);
  nets_fill (&input, 4);
  const MxProgram *program = f.description->program;
  for (size_t v = 1; v < program->n_values; v++)
    mx_pass_get_value (f.pass, v)->data[0] = 1234;
  mx_pass_run_stage (f.pass, 0);
  for (size_t i = program->stages[1].first; i < program->n_layers; i++)
    ck_assert_float_eq (mx_pass_get_value (f.pass, i + 1)->data[0], 1234);
  mx_pass_run_stage (f.pass, 1);
  ck_assert_float_ne (
      mx_pass_get_value (f.pass, program->stages[1].logits)->data[0], 1234);
  teardown (&f);
}
END_TEST

START_TEST (rows_of_a_batch_do_not_see_each_other)
{
  Fixture f;
  float alone[3];
  setup (&f, _i, 5, false, NULL);
  MxTensor input = mx_pass_begin (f.pass, 5);
  nets_fill (&input, 4);
  g_autofree float *third = g_memdup2 (
      mx_tensor_row (&input, 3), input.time * input.channels * sizeof (float));
  mx_pass_run_stage (f.pass, 0);
  MxTensor logits = mx_pass_run_stage (f.pass, 1);
  memcpy (alone, mx_tensor_row (&logits, 3), sizeof alone);

  input = mx_pass_begin (f.pass, 1);
  memcpy (mx_tensor_row (&input, 0), third,
      input.time * input.channels * sizeof (float));
  mx_pass_run_stage (f.pass, 0);
  logits = mx_pass_run_stage (f.pass, 1);
  for (int k = 0; k < 3; k++)
    ck_assert_float_eq_tol (alone[k], logits.data[k], 1e-6);
  teardown (&f);
}
END_TEST

START_TEST (padding_stays_zero_through_training_passes)
{
  Fixture f;
  MxParallel *parallel = mx_parallel_new (3);
  setup (&f, _i, 9, true, parallel);
  for (int batch = 0; batch < 2; batch++) {
    MxTensor input = mx_pass_begin (f.pass, 9);
    nets_fill (&input, batch);
    mx_pass_run_stage (f.pass, 0);
    mx_pass_run_stage (f.pass, 1);
  }
  for (size_t v = 0; v < f.description->program->n_values; v++) {
    const MxTensor *t = mx_pass_get_value (f.pass, v);
    for (size_t r = 0; r < 9; r++) {
      const float *row = mx_tensor_row (t, r);
      for (size_t i = 0; i < t->pad_left * t->channels; i++)
        ck_assert_float_eq (row[-1 - (ptrdiff_t)i], 0);
      for (size_t i = 0; i < t->pad_right * t->channels; i++)
        ck_assert_float_eq (row[t->time * t->channels + i], 0);
    }
  }
  teardown (&f);
  mx_parallel_free (parallel);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, a_stage_not_asked_for_is_not_computed, 0, N_NETS);
  tcase_add_loop_test (tcase, rows_of_a_batch_do_not_see_each_other, 0, N_NETS);
  tcase_add_loop_test (
      tcase, padding_stays_zero_through_training_passes, 0, N_NETS);
}

CHECK_MAIN ("pass", add_tests)
