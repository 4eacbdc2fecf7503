/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "layer-cases.h"

#include "mx-layer-norm.h"

#include "check-main.h"

/* The loss whose gradient at the output is dy. */
static double
loss (Fixture *f)
{
  double sum = 0;
  fixture_forward (f);
  for (size_t row = 0; row < f->run.rows; row++) {
    const float *y = mx_tensor_row (&f->run.y, row);
    const float *dy = mx_tensor_row (&f->run.dy, row);
    for (size_t i = 0; i < guarded_row_size (&f->y); i++)
      sum += (double)y[i] * dy[i];
  }
  return sum;
}

static double
finite_difference (Fixture *f, float *value, float step)
{
  const float saved = *value, high = saved + step, low = saved - step;
  double difference;
  *value = high;
  difference = loss (f);
  *value = low;
  difference -= loss (f);
  *value = saved;
  return difference / ((double)high - low);
}

typedef struct {
  double largest, error;
} Comparison;

/* All of few values, some of many. */
static void
compare_gradient (Fixture *f, float step, float *values, const float *gradient,
    size_t n, Comparison *comparison)
{
  size_t stride = 1 + n / 97;
  for (size_t i = 0; i < n; i += stride) {
    double expected = finite_difference (f, values + i, step);
    double error = fabs (gradient[i] - expected);
    comparison->largest = fmax (comparison->largest, fabs (expected));
    if (!(error <= comparison->error)) /* also if it is not a number */
      comparison->error = error;
  }
}

static void
compare_rows (Fixture *f, float step, const Guarded *values,
    const Guarded *gradient, Comparison *comparison)
{
  for (size_t row = 0; row < f->run.rows; row++)
    compare_gradient (f, step, mx_tensor_row (&values->tensor, row),
        mx_tensor_row (&gradient->tensor, row), guarded_row_size (values),
        comparison);
}

static void
assert_same_gradient (
    const Comparison *comparison, const char *json, const char *what)
{
  ck_assert_msg (comparison->largest > .01 &&
                     comparison->error <= 1e-3 * comparison->largest,
      "%s: gradient of %s is off by %g where the largest is %g", json, what,
      comparison->error, comparison->largest);
}

START_TEST (gradients_are_finite_differences)
{
  const float step = layers[_i].step;
  Fixture f;
  Comparison x = {0}, x2 = {0};
  fixture_init (&f, layer_number (_i), 3, true, _i);
  fixture_forward (&f);
  fixture_backward (&f);
  compare_rows (&f, step, &f.x, &f.dx, &x);
  assert_same_gradient (&x, layers[_i].json, "the input");
  if (f.layer->inputs[1] >= 0) {
    compare_rows (&f, step, &f.x2, &f.dx2, &x2);
    assert_same_gradient (&x2, layers[_i].json, "the second input");
  }
  for (size_t p = 0; p < f.layer->n_parameters; p++) {
    const MxParameter *parameter = &f.layer->parameters[p];
    Comparison comparison = {0};
    if (!parameter->trainable)
      continue;
    compare_gradient (&f, step, f.weights + parameter->offset,
        f.gradients + parameter->offset, parameter->size, &comparison);
    assert_same_gradient (&comparison, layers[_i].json, parameter->name);
  }
  fixture_clear (&f);
}
END_TEST

START_TEST (gradients_add_to_what_is_there_if_told_to)
{
  Fixture plain, adding;
  fixture_init (&plain, layer_number (_i), 3, true, _i);
  fixture_init (&adding, layer_number (_i), 3, true, _i);
  guarded_fill (&adding.dx, &adding.run.rng);
  guarded_fill (&adding.dx2, &adding.run.rng);
  mx_rng_init (&adding.run.rng, _i, 1);
  Guarded *const sums[] = {&adding.dx, &adding.dx2};
  const Guarded *const parts[] = {&plain.dx, &plain.dx2};
  bool second = plain.layer->inputs[1] >= 0;

  for (int k = 0; k < (second ? 2 : 1); k++) {
    size_t size = sums[k]->size;
    g_autofree float *before =
        g_memdup2 (sums[k]->memory, size * sizeof (float));
    MxTensor *t = &sums[k]->tensor;
    adding.run.accumulate[0] = k == 0;
    adding.run.accumulate[1] = k == 1;
    fixture_forward (&plain);
    fixture_backward (&plain);
    fixture_forward (&adding);
    fixture_backward (&adding);
    for (size_t row = 0; row < 3; row++) {
      for (size_t i = 0; i < guarded_row_size (sums[k]); i++) {
        float old = before[mx_tensor_row (t, row) - sums[k]->memory + i];
        float part = mx_tensor_row (&parts[k]->tensor, row)[i];
        ck_assert_float_eq_tol (
            mx_tensor_row (t, row)[i], old + part, 1e-5 * (10 + fabsf (part)));
      }
    }
  }
  fixture_clear (&plain);
  fixture_clear (&adding);
}
END_TEST

START_TEST (gradients_of_inputs_may_be_left_out)
{
  Fixture with, without;
  fixture_init (&with, layer_number (_i), 3, true, _i);
  fixture_init (&without, layer_number (_i), 3, true, _i);
  without.run.dx.data = without.run.dx2.data = NULL;
  fixture_forward (&with);
  fixture_backward (&with);
  fixture_forward (&without);
  fixture_backward (&without);
  ck_assert_mem_eq (
      with.gradients, without.gradients, with.n_weights * sizeof (float));
  fixture_clear (&with);
  fixture_clear (&without);
}
END_TEST

START_TEST (results_do_not_depend_on_the_number_of_threads)
{
  MxParallel *parallel = mx_parallel_new (3);
  Fixture one, three;
  fixture_init (&one, layer_number (_i), MANY_ROWS, true, _i);
  fixture_init (&three, layer_number (_i), MANY_ROWS, true, _i);
  three.run.parallel = parallel;
  fixture_forward (&one);
  fixture_backward (&one);
  fixture_forward (&three);
  fixture_backward (&three);
  ck_assert (guarded_equal (&one.y, &three.y));
  ck_assert (guarded_equal (&one.dx, &three.dx));
  ck_assert (guarded_equal (&one.dx2, &three.dx2));
  ck_assert_mem_eq (
      one.gradients, three.gradients, one.n_weights * sizeof (float));
  ck_assert_mem_eq (one.weights, three.weights, one.n_weights * sizeof (float));
  fixture_clear (&one);
  fixture_clear (&three);
  mx_parallel_free (parallel);
}
END_TEST

/* The gradient of a batch is the sum over its rows: pieces of work lose none
 * of them. */
START_TEST (weight_gradients_add_up_over_rows)
{
  Fixture all, part;
  fixture_init (&all, layer_number (_i), MANY_ROWS, true, _i);
  fixture_init (&part, layer_number (_i), MANY_ROWS, true, _i);
  if (all.layer->kind != &mx_layer_batch_norm) {
    g_autofree double *sum = g_new0 (double, all.n_weights + 1);
    g_autofree double *size = g_new0 (double, all.n_weights + 1);
    fixture_forward (&all);
    fixture_backward (&all);
    part.run.rows = 1;
    for (size_t row = 0; row < MANY_ROWS; row++) {
      part.run.x.data = mx_tensor_row (&all.run.x, row);
      part.run.dy.data = mx_tensor_row (&all.run.dy, row);
      fixture_backward (&part);
      for (size_t i = 0; i < all.n_weights; i++) {
        sum[i] += part.gradients[i];
        size[i] += fabsf (part.gradients[i]);
      }
    }
    for (size_t i = 0; i < all.n_weights; i++)
      ck_assert_double_eq_tol (all.gradients[i], sum[i], 1e-4 * size[i] + 1e-9);
  }
  fixture_clear (&all);
  fixture_clear (&part);
}
END_TEST

static void
zero_where_not_above (Guarded *dy, const Guarded *y)
{
  for (size_t row = 0; row < y->tensor.rows; row++)
    for (size_t i = 0; i < guarded_row_size (y); i++)
      if (!(mx_tensor_row (&y->tensor, row)[i] > 0))
        mx_tensor_row (&dy->tensor, row)[i] = 0;
}

START_TEST (a_relu_is_computed_with_what_it_reads)
{
  Fixture plain, with;
  fixture_init (&plain, layer_number (_i), 3, true, _i);
  fixture_init (&with, layer_number (_i), 3, true, _i);
  if (plain.layer->kind->takes_relu) {
    with.run.activation = MX_ACTIVATION_RELU;
    fixture_forward (&plain);
    fixture_forward (&with);
    for (size_t row = 0; row < 3; row++)
      for (size_t i = 0; i < guarded_row_size (&plain.y); i++)
        ck_assert_float_eq (mx_tensor_row (&with.run.y, row)[i],
            fmaxf (mx_tensor_row (&plain.run.y, row)[i], 0));
    zero_where_not_above (&plain.dy, &plain.y);
    fixture_backward (&plain);
    fixture_backward (&with);
    ck_assert (guarded_equal (&plain.dx, &with.dx));
    ck_assert (guarded_equal (&plain.dx2, &with.dx2));
    ck_assert_mem_eq (
        plain.gradients, with.gradients, plain.n_weights * sizeof (float));
  }
  fixture_clear (&plain);
  fixture_clear (&with);
}
END_TEST

START_TEST (of_equal_maxima_the_first_takes_the_gradient)
{
  Fixture f;
  fixture_init (&f,
      read_layer (POOL ("\"method\":\"max\""), (MxShape){4, 1}, 2, NULL), 1,
      true, 1);
  memcpy (f.run.x.data, (const float[]){1, 3, 3, 2}, 4 * sizeof (float));
  f.run.dy.data[0] = 5;
  fixture_forward (&f);
  fixture_backward (&f);
  ck_assert_mem_eq (
      f.run.dx.data, ((const float[]){0, 5, 0, 0}), 4 * sizeof (float));
  fixture_clear (&f);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, gradients_are_finite_differences, 0, N_LAYERS);
  tcase_add_loop_test (
      tcase, gradients_add_to_what_is_there_if_told_to, 0, N_LAYERS);
  tcase_add_loop_test (tcase, gradients_of_inputs_may_be_left_out, 0, N_LAYERS);
  tcase_add_loop_test (
      tcase, results_do_not_depend_on_the_number_of_threads, 0, N_LAYERS);
  tcase_add_loop_test (tcase, weight_gradients_add_up_over_rows, 0, N_LAYERS);
  tcase_add_loop_test (
      tcase, a_relu_is_computed_with_what_it_reads, 0, N_LAYERS);
  tcase_add_test (tcase, of_equal_maxima_the_first_takes_the_gradient);
}

CHECK_MAIN ("layer-gradients", add_tests)
