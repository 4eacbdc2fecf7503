/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-network.h"

#include "mx-pass.h"

#include "check-main.h"
#include "nets.h"

#include <math.h>

typedef struct {
  MxPass *pass;
  float *prepared;
  size_t *offset;
} Runner;

static void
runner_init (Runner *runner, MxProgram *program, float *weights, size_t rows)
{
  size_t size;
  runner->offset = mx_pass_prepared_layout (program, false, &size);
  runner->prepared = g_new0 (float, size + 1);
  mx_pass_prepare (
      program, false, weights, runner->prepared, runner->offset, NULL);
  runner->pass = mx_pass_new (program, rows, false, NULL);
  mx_pass_set_weights (runner->pass, weights, runner->prepared, runner->offset);
}

static void
runner_clear (Runner *runner)
{
  mx_pass_free (runner->pass);
  g_free (runner->prepared);
  g_free (runner->offset);
}

START_TEST (folding_keeps_the_function)
{
  MxDescription *d = nets_describe (_i);
  g_autofree float *weights = nets_weights (d->program, 5);
  g_autoptr (MxNetwork) network = mx_network_new (d, weights);
  Runner whole, folded;
  runner_init (&whole, d->program, weights, 3);
  runner_init (&folded, network->program, network->program_weights, 3);
  ck_assert_uint_lt (network->program->n_layers, d->program->n_layers);
  ck_assert_uint_eq (network->program->macs, d->program->macs);

  MxTensor a = mx_pass_begin (whole.pass, 3);
  MxTensor b = mx_pass_begin (folded.pass, 3);
  nets_fill (&a, 3);
  nets_fill (&b, 3);
  for (size_t s = 0; s < d->program->n_stages; s++) {
    MxTensor x = mx_pass_run_stage (whole.pass, s);
    MxTensor y = mx_pass_run_stage (folded.pass, s);
    for (size_t r = 0; r < 3; r++)
      for (size_t k = 0; k < x.channels; k++)
        ck_assert_float_eq_tol (
            mx_tensor_row (&x, r)[k], mx_tensor_row (&y, r)[k], 1e-5);
  }
  runner_clear (&whole);
  runner_clear (&folded);
  mx_description_unref (d);
}
END_TEST

START_TEST (a_network_does_not_depend_on_what_it_was_made_from)
{
  MxDescription *d = nets_describe (0);
  float *weights = nets_weights (d->program, 5);
  float first = weights[0];
  MxNetwork *network = mx_network_new (d, weights);
  weights[0] = 1e9;
  g_free (weights);
  mx_description_unref (d);
  ck_assert_float_eq (network->weights[0], first);
  ck_assert_uint_eq (network->description->n_labels, 3);
  mx_network_unref (network);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, folding_keeps_the_function, 0, N_NETS);
  tcase_add_test (tcase, a_network_does_not_depend_on_what_it_was_made_from);
}

CHECK_MAIN ("network", add_tests)
