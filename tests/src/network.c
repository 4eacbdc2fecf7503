/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-network.h"

#include "mx-kernels-bf16.h"
#include "mx-layer-conv1d.h"
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

/* A wide enough one that what is not halved does not count: panels, biases. */
#define WIDE                                                                   \
  "{" NETS_LABELS "," NETS_INPUT ",\"stages\":[{\"layers\":["                  \
  "{\"kind\":\"conv1d\",\"filters\":40,\"kernel\":5},{\"kind\":\"relu\"},"     \
  "{\"kind\":\"conv1d\",\"filters\":70,\"kernel\":4,\"groups\":2},"            \
  "{\"kind\":\"relu\"}],"                                                      \
  "\"exit\":[{\"kind\":\"pool\"},{\"kind\":\"dense\"}]}]}"

static MxNetwork *
wide_network (float first_weight)
{
  GError *error = NULL;
  MxDescription *d = mx_description_new (WIDE, -1, "wide", NULL, &error);
  ck_assert_msg (d != NULL, "%s", error ? error->message : "");
  g_autofree float *weights = nets_weights (d->program, 5);
  weights[0] = first_weight;
  MxNetwork *network = mx_network_new (d, weights);
  mx_description_unref (d);
  return network;
}

static size_t
count_halved (const MxNetwork *network)
{
  size_t n = 0;
  for (size_t i = 0; i < network->program->n_layers; i++)
    n += network->program->layers[i]->half;
  return n;
}

START_TEST (halves_take_half_the_bytes)
{
  g_autoptr (MxNetwork) floats = wide_network (1);
  g_autoptr (MxNetwork) halves = mx_network_new_stored (floats, MX_STORAGE_F16);
  g_autoptr (MxNetwork) again = mx_network_new_stored (halves, MX_STORAGE_F32);
  g_autoptr (MxNetwork) same = mx_network_new_calibrated (halves, NULL);
  size_t half = floats->prepared_bytes / 2;
  ck_assert_uint_eq (count_halved (floats), 0);
  ck_assert_uint_eq (count_halved (halves), 3);
  ck_assert_uint_ge (halves->prepared_bytes, half);
  /* Three times what may be read behind the last, and the rest of a line. */
  ck_assert_uint_le (halves->prepared_bytes, half + 3 * (14 + 64));
  ck_assert_uint_eq (same->prepared_bytes, halves->prepared_bytes);
  ck_assert_uint_eq (again->prepared_bytes, floats->prepared_bytes);
  ck_assert_mem_eq (again->prepared, floats->prepared, floats->prepared_bytes);
}
END_TEST

/* Of a layer whose other weights are about .3: what rounds to infinity, what
 * does not, and what is lost beside them. */
static const struct {
  float weight;
  size_t halved;
} ranges[] = {{65504, 3}, {-65519, 3}, {65520, 2}, {-1e9f, 2}, {1e-30f, 3}};

START_TEST (layers_that_halves_cannot_hold_stay_floats)
{
  g_autoptr (MxNetwork) floats = wide_network (ranges[_i].weight);
  g_autoptr (MxNetwork) halves = mx_network_new_stored (floats, MX_STORAGE_F16);
  ck_assert_uint_eq (count_halved (halves), ranges[_i].halved);
}
END_TEST

/* One filter so small that halves have no digits for it, the others not. */
START_TEST (a_filter_is_not_lost_beside_larger_ones)
{
  MxDescription *d = mx_description_new (WIDE, -1, "wide", NULL, NULL);
  g_autofree float *weights = nets_weights (d->program, 5);
  for (size_t i = 20; i < 40; i++)
    weights[i] *= 1e-5f;
  g_autoptr (MxNetwork) floats = mx_network_new (d, weights);
  g_autoptr (MxNetwork) halves = mx_network_new_stored (floats, MX_STORAGE_F16);
  ck_assert_uint_eq (count_halved (halves), 2);
  mx_description_unref (d);
}
END_TEST

static size_t
count_bf16 (const MxNetwork *network)
{
  size_t n = 0;
  for (size_t i = 0; i < network->program->n_layers; i++) {
    const MxLayer *layer = network->program->layers[i];
    if (layer->kind == &mx_layer_conv1d)
      n += ((const MxConv1dConfig *)layer->config)->bf16 != NULL;
  }
  return n;
}

/* In pairs; rounded to floats they are as many as ever.  Dense layers stay. */
START_TEST (bfloat16_takes_half_the_bytes_of_convolutions)
{
  g_autoptr (MxNetwork) floats = wide_network (1);
  g_autoptr (MxNetwork) bf16 = mx_network_new_stored (floats, MX_STORAGE_BF16);
  g_autoptr (MxNetwork) again = mx_network_new_stored (bf16, MX_STORAGE_F32);
  size_t dense = 4 * mx_layer_packed_size (70, 3);
  size_t most = floats->prepared_bytes;
  ck_assert_uint_eq (count_bf16 (floats), 0);
  ck_assert_uint_eq (count_bf16 (bf16), 2);
  if (mx_kernels_bf16_get ()->numbers == 2)
    most = dense + (most - dense) * 6 / 10; /* of odd rows a bit more */
  ck_assert_uint_le (bf16->prepared_bytes, most);
  ck_assert_mem_eq (again->prepared, floats->prepared, floats->prepared_bytes);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, folding_keeps_the_function, 0, N_NETS);
  tcase_add_test (tcase, a_network_does_not_depend_on_what_it_was_made_from);
  tcase_add_test (tcase, halves_take_half_the_bytes);
  tcase_add_loop_test (tcase, layers_that_halves_cannot_hold_stay_floats, 0,
      G_N_ELEMENTS (ranges));
  tcase_add_test (tcase, a_filter_is_not_lost_beside_larger_ones);
  tcase_add_test (tcase, bfloat16_takes_half_the_bytes_of_convolutions);
}

CHECK_MAIN ("network", add_tests)
