/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "layer-cases.h"
#include "layer-reference.h"

#include "check-main.h"

static void
assert_forward_is_the_formula (Fixture *f, const char *what)
{
  g_autofree float *before =
      g_memdup2 (f->weights, (f->n_weights + 1) * sizeof (float));
  const MxShape out = f->layer->out;

  fixture_forward (f);
  for (size_t row = 0; row < f->run.rows; row++) {
    for (size_t i = 0; i < out.time * out.channels; i++) {
      size_t t = i / out.channels, c = i % out.channels;
      double expected = reference (f, before, row, t, c);
      double found = mx_tensor_row (&f->run.y, row)[i];
      /* written so that not a number fails */
      ck_assert_msg (fabs (found - expected) <= 2e-5 * (20 + fabs (expected)),
          "%s: row %zu frame %zu channel %zu: found %g, expected %g", what, row,
          t, c, found, expected);
    }
  }
}

START_TEST (inference_is_the_formula)
{
  Fixture f;
  fixture_init (&f, layer_number (_i), 3, false, _i);
  assert_forward_is_the_formula (&f, layers[_i].json);
  fixture_clear (&f);
}
END_TEST

START_TEST (training_is_the_formula)
{
  Fixture f;
  fixture_init (&f, layer_number (_i), 3, true, _i);
  if (f.layer->kind != &mx_layer_dropout)
    assert_forward_is_the_formula (&f, layers[_i].json);
  fixture_clear (&f);
}
END_TEST

START_TEST (a_folded_convolution_adds_then_activates)
{
  Fixture f;
  MxLayer *layer = layer_number (_i);
  MxConv1dConfig *config = layer->config;
  if (layer->kind == &mx_layer_conv1d) {
    config->activation = MX_ACTIVATION_RELU;
    ck_assert (mx_layer_conv1d_setup (layer));
    for (int k = 0; k < 3; k++) {
      MxLayer *copy = mx_layer_copy (layer);
      copy->inputs[1] = k - 1;
      fixture_init (&f, copy, 3, false, _i);
      if (k == 2) { /* the second input laid out as the output */
        guarded_check_and_free (&f.x2);
        f.x2 = guarded_new (3, layer->out, 1, 2);
        guarded_fill (&f.x2, &f.run.rng);
        f.run.x2 = f.x2.tensor;
      }
      assert_forward_is_the_formula (&f, layers[_i].json);
      fixture_clear (&f);
    }
  }
  mx_layer_free (layer);
}
END_TEST

/* ------------------------------------------------- single properties */

START_TEST (statistics_move_towards_the_batch)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  MxLayer *layer = read_layer ("{\"kind\":\"batch-norm\",\"momentum\":0.25}",
      (MxShape){9, 6}, 2, &error);
  fixture_init (&f, layer, 20, true, 3);
  g_autofree float *before =
      g_memdup2 (f.weights, f.n_weights * sizeof (float));
  fixture_forward (&f);
  for (size_t c = 0; c < 6; c++) {
    double mean, variance, unbiased;
    batch_moments (&f, c, &mean, &variance);
    unbiased = variance * 180 / 179;
    ck_assert_double_eq_tol (weight_at (&f, f.weights, 2, c),
        .75 * weight_at (&f, before, 2, c) + .25 * mean, 1e-6);
    ck_assert_double_eq_tol (weight_at (&f, f.weights, 3, c),
        .75 * weight_at (&f, before, 3, c) + .25 * unbiased, 1e-6);
  }
  ck_assert_mem_eq (f.weights, before, 12 * sizeof (float));
  fixture_clear (&f);
}
END_TEST

START_TEST (inference_leaves_statistics_alone)
{
  Fixture f;
  MxLayer *layer =
      read_layer ("{\"kind\":\"batch-norm\"}", (MxShape){9, 6}, 2, NULL);
  fixture_init (&f, layer, 4, false, 3);
  g_autofree float *before =
      g_memdup2 (f.weights, f.n_weights * sizeof (float));
  fixture_forward (&f);
  ck_assert_mem_eq (f.weights, before, f.n_weights * sizeof (float));
  fixture_clear (&f);
}
END_TEST

/* Channels far from zero, as sensors give them: the variance of 1e4 +- 1. */
START_TEST (variance_survives_a_large_mean)
{
  Fixture f;
  MxLayer *layer =
      read_layer ("{\"kind\":\"batch-norm\"}", (MxShape){50, 2}, 2, NULL);
  fixture_init (&f, layer, 40, true, 3);
  for (size_t i = 0; i < 40 * 100; i++) {
    float *x = mx_tensor_row (&f.run.x, i / 100) + i % 100;
    *x = 10000 + (i / 2 % 2 ? 1 : -1);
  }
  g_autofree float *before =
      g_memdup2 (f.weights, f.n_weights * sizeof (float));
  fixture_forward (&f);
  for (size_t c = 0; c < 2; c++)
    ck_assert_double_eq_tol (weight_at (&f, f.weights, 3, c),
        .9 * weight_at (&f, before, 3, c) + .1 * 2000 / 1999, 1e-5);
  fixture_clear (&f);
}
END_TEST

static void
dropout_new (Fixture *f, double probability, size_t rows, uint64_t seed)
{
  g_autofree char *json = g_strdup_printf (
      "{\"kind\":\"dropout\",\"probability\":%g}", probability);
  MxLayer *layer = read_layer (json, (MxShape){50, 8}, 2, NULL);
  fixture_init (f, layer, rows, true, 1);
  mx_rng_init (&f->run.rng, seed, 0);
  fixture_forward (f);
}

static size_t
count_zeros (const Fixture *f, size_t first_row, size_t n_rows)
{
  size_t zeros = 0;
  for (size_t row = first_row; row < first_row + n_rows; row++)
    for (size_t i = 0; i < 400; i++)
      zeros += mx_tensor_row (&f->run.y, row)[i] == 0;
  return zeros;
}

START_TEST (dropout_drops_its_share_and_scales_the_rest)
{
  static const double probabilities[] = {0, .1, .5, .99};
  double p = probabilities[_i], n = MANY_ROWS * 400;
  Fixture f;
  dropout_new (&f, p, MANY_ROWS, 7);
  for (size_t row = 0; row < MANY_ROWS; row++) {
    const float *x = mx_tensor_row (&f.run.x, row);
    const float *y = mx_tensor_row (&f.run.y, row);
    for (size_t i = 0; i < 400; i++)
      ck_assert (y[i] == 0 || fabs (y[i] * (1 - p) - x[i]) < 1e-4);
  }
  /* within five standard deviations */
  ck_assert_double_eq_tol (
      count_zeros (&f, 0, MANY_ROWS), n * p, 5 * sqrt (n * p * (1 - p)) + .5);
  fixture_clear (&f);
}
END_TEST

START_TEST (dropout_follows_its_seed_and_differs_between_rows)
{
  Fixture a, same, other;
  dropout_new (&a, .5, 2, 7);
  dropout_new (&same, .5, 2, 7);
  dropout_new (&other, .5, 2, 8);
  size_t differ = 0;
  ck_assert (guarded_equal (&a.y, &same.y));
  ck_assert (!guarded_equal (&a.y, &other.y));
  for (size_t i = 0; i < 400; i++)
    differ += (mx_tensor_row (&a.run.y, 0)[i] == 0) !=
              (mx_tensor_row (&a.run.y, 1)[i] == 0);
  ck_assert_uint_gt (differ, 120);
  fixture_clear (&a);
  fixture_clear (&same);
  fixture_clear (&other);
}
END_TEST

START_TEST (not_a_number_is_not_hidden)
{
  static const char *const json[] = {"{\"kind\":\"relu\"}",
      "{\"kind\":\"gelu\"}", POOL ("\"method\":\"max\""),
      CONV ("\"filters\":1,\"kernel\":1")};
  Fixture f;
  fixture_init (
      &f, read_layer (json[_i], (MxShape){3, 1}, 2, NULL), 1, false, 1);
  f.run.x.data[2] = NAN;
  fixture_forward (&f);
  ck_assert (isnan (f.run.y.data[f.layer->out.time - 1]));
  fixture_clear (&f);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, inference_is_the_formula, 0, N_LAYERS);
  tcase_add_loop_test (tcase, training_is_the_formula, 0, N_LAYERS);
  tcase_add_loop_test (
      tcase, a_folded_convolution_adds_then_activates, 0, N_LAYERS);
  tcase_add_test (tcase, statistics_move_towards_the_batch);
  tcase_add_test (tcase, inference_leaves_statistics_alone);
  tcase_add_test (tcase, variance_survives_a_large_mean);
  tcase_add_loop_test (
      tcase, dropout_drops_its_share_and_scales_the_rest, 0, 4);
  tcase_add_test (tcase, dropout_follows_its_seed_and_differs_between_rows);
  tcase_add_loop_test (tcase, not_a_number_is_not_hidden, 0, 4);
}

CHECK_MAIN ("layers", add_tests)
