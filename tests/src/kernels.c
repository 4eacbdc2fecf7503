/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The matrix product: in every shape, layout and epilogue. */

#include "kernels-common.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* Lowest and highest place of an array whose indices have these strides. */
typedef struct {
  ptrdiff_t low, high;
} Span;

static void
span_extend (Span *span, size_t n, ptrdiff_t stride)
{
  ptrdiff_t reach = (ptrdiff_t)(n - 1) * stride;

  *(reach < 0 ? &span->low : &span->high) += reach;
}

static size_t
span_size (Span span)
{
  return (size_t)(span.high - span.low + 1);
}

static Span
span_of_a (const MxMatmul *op)
{
  Span span = {0, 0};

  span_extend (&span, op->groups, op->a_group);
  span_extend (&span, op->rows, op->a_row);
  span_extend (&span, op->depth_groups, op->a_depth_group);
  span_extend (&span, op->depth, op->a_depth);
  return span;
}

static Span
span_of_b (const MxMatmul *op)
{
  size_t panels = (op->cols + MX_PANEL - 1) / MX_PANEL;
  Span span = {0, 0};

  span_extend (&span, op->groups, op->b_group);
  span_extend (&span, panels, op->b_panel);
  span_extend (&span, op->depth_groups, op->b_depth_group);
  span_extend (&span, op->depth, op->b_depth);
  span.high += (ptrdiff_t)(op->cols - (panels - 1) * MX_PANEL) - 1;
  return span;
}

static Span
span_of_c (const MxMatmul *op)
{
  Span span = {0, 0};

  span_extend (&span, op->groups, op->c_group);
  span_extend (&span, op->rows, op->c_row);
  span_extend (&span, op->cols, 1);
  return span;
}

typedef struct {
  size_t groups, rows, cols, depth_groups, depth, chain;
} Size;

typedef enum { CONVOLUTION, BACKWARDS, WEIGHTS, POINTS, N_LAYOUTS } Layout;

/* Rows that overlap and packed columns; the same with all strides turned
 * round; the sum over examples that gives the gradient of weights; and groups
 * that have columns of their own. */
static MxMatmul
layout_size (Layout layout, const Size *s)
{
  ptrdiff_t sign = layout == BACKWARDS ? -1 : 1;
  ptrdiff_t depth = (ptrdiff_t)s->depth, total = depth * s->depth_groups;
  MxMatmul op = {
      .groups = s->groups,
      .rows = s->rows,
      .cols = s->cols,
      .depth_groups = s->depth_groups,
      .depth = s->depth,
      .chain = s->chain,
      .a_group = sign * (ptrdiff_t)(s->rows * 3 + 5),
      .a_row = sign * 3,
      .a_depth_group = -sign * (depth + 2),
      .a_depth = sign,
      .b_panel = total * MX_PANEL,
      .b_depth_group = sign * depth * MX_PANEL,
      .b_depth = sign * MX_PANEL,
      .c_group = sign * (ptrdiff_t)(s->rows * (s->cols + 3) + 1),
      .c_row = sign * (ptrdiff_t)(s->cols + 3),
  };

  if (layout == WEIGHTS) {
    op.a_row = 1;
    op.a_depth = (ptrdiff_t)s->rows + 1;
    op.a_depth_group = op.a_depth * depth;
    op.b_panel = MX_PANEL;
    op.b_depth = (ptrdiff_t)s->cols;
    op.b_depth_group = op.b_depth * depth;
  }
  if (layout == POINTS)
    op.b_group = total * (ptrdiff_t)(s->cols + MX_PANEL) + 16;
  return op;
}

typedef struct {
  bool bias, accumulate, add;
  MxActivation activation;
} Epilogue;

static const Epilogue epilogues[] = {
    {false, false, false, MX_ACTIVATION_NONE},
    {true, false, false, MX_ACTIVATION_NONE},
    {true, false, false, MX_ACTIVATION_RELU},
    {true, false, true, MX_ACTIVATION_RELU},
    {false, false, true, MX_ACTIVATION_RELU},
    {false, true, false, MX_ACTIVATION_NONE},
    {false, true, true, MX_ACTIVATION_RELU},
};

/* One product with its memory, computed by two kernels. */
typedef struct {
  MxMatmul op;
  Floats a, b, c, bias, add;
} Product;

static Product
product_new (const Size *size, Layout layout, const Epilogue *epilogue)
{
  Product self = {.op = layout_size (layout, size)};
  MxMatmul *op = &self.op;

  self.a = floats_new (span_size (span_of_a (op)));
  self.b = floats_new (span_size (span_of_b (op)));
  self.c = floats_new (span_size (span_of_c (op)));
  self.bias = floats_new (op->cols);
  self.add = floats_new (self.c.n);
  op->a = self.a.data - span_of_a (op).low;
  op->b = self.b.data - span_of_b (op).low;
  op->bias = epilogue->bias ? self.bias.data : NULL;
  op->add = epilogue->add ? self.add.data - span_of_c (op).low : NULL;
  op->accumulate = epilogue->accumulate;
  op->activation = epilogue->activation;
  return self;
}

static void
product_clear (Product *self)
{
  floats_clear (&self->a);
  floats_clear (&self->b);
  floats_clear (&self->c);
  floats_clear (&self->bias);
  floats_clear (&self->add);
}

/* The result, among canaries (g_free). */
static float *
product_run (Product *self, const MxKernels *kernels)
{
  float *result = g_new (float, self->c.n);

  floats_fill (&self->c, CANARY);
  self->op.c = self->c.data - span_of_c (&self->op).low;
  if (self->op.accumulate) {
    for (size_t g = 0; g < self->op.groups; g++)
      for (size_t i = 0; i < self->op.rows; i++)
        for (size_t j = 0; j < self->op.cols; j++)
          self->op.c[(ptrdiff_t)g * self->op.c_group +
                     (ptrdiff_t)i * self->op.c_row + (ptrdiff_t)j] =
              0.01f * (float)(i + 2 * j + 3 * g);
  }
  kernels->matmul (&self->op);
  memcpy (result, self->c.data, self->c.n * sizeof (float));
  return result;
}

static void
assert_same_product (const MxKernels *kernels, const Size *size, Layout layout,
    const Epilogue *epilogue)
{
  Product product = product_new (size, layout, epilogue);
  float *wanted = product_run (&product, plain);
  float *found = product_run (&product, kernels);
  float tolerance = 1.2e-7f * (float)(size->depth * size->depth_groups + 8);

  for (size_t i = 0; i < product.c.n; i++) {
    float allowed = wanted[i] == CANARY ? 0 : tolerance;

    ck_assert_msg (fabsf (wanted[i] - found[i]) <= allowed,
        "%s: %zu groups, %zu rows, %zu columns, depth %zu x %zu, layout %d, "
        "epilogue %d, place %zu: found %g, expected %g",
        kernels->name, size->groups, size->rows, size->cols, size->depth_groups,
        size->depth, layout, (int)(epilogue - epilogues), i, found[i],
        wanted[i]);
  }
  g_free (wanted);
  g_free (found);
  product_clear (&product);
}

START_TEST (products_are_right_for_every_number_of_rows)
{
  const MxKernels *kernels = kernels_of (_i);

  for (size_t rows = 1; kernels != NULL && rows <= 45; rows++) {
    const Size sizes[] = {{2, rows, 32, 1, 5}, {1, rows, 63, 2, 3}};

    for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
      assert_same_product (kernels, &sizes[s], CONVOLUTION, &epilogues[3]);
  }
}
END_TEST

START_TEST (products_are_right_for_every_number_of_columns)
{
  const MxKernels *kernels = kernels_of (_i);

  for (size_t cols = 1; kernels != NULL && cols <= 100; cols++) {
    const Size sizes[] = {{1, 7, cols, 1, 9}, {3, 1, cols, 2, 4}};

    for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
      assert_same_product (kernels, &sizes[s], WEIGHTS, &epilogues[6]);
  }
}
END_TEST

/* Few rows take more columns at once, and more than one panel of them. */
START_TEST (products_of_few_rows_are_right_for_every_number_of_columns)
{
  const MxKernels *kernels = kernels_of (_i);

  for (size_t cols = 1; kernels != NULL && cols <= 230; cols++) {
    const Size size = {1 + cols % 2, 1 + cols % 5, cols, 2, 7};

    assert_same_product (
        kernels, &size, (Layout)(cols % N_LAYOUTS), &epilogues[cols % 7]);
  }
}
END_TEST

START_TEST (products_are_right_in_every_layout_with_every_epilogue)
{
  static const Size sizes[] = {
      {1, 1, 1, 1, 1},
      {1, 13, 64, 1, 100},
      {4, 7, 40, 3, 17},
      {5, 1, 12, 1, 33},
      {2, 29, 33, 5, 1},
      {1, 20, 96, 16, 7},
      {2, 3, 47, 1, 600},
      {1, 1, 224, 1, 1440},
      {1, 2, 160, 2, 64},
      {3, 3, 111, 1, 129},
  };
  const MxKernels *kernels = kernels_of (_i);

  for (size_t s = 0; kernels != NULL && s < G_N_ELEMENTS (sizes); s++)
    for (int layout = 0; layout < N_LAYOUTS; layout++)
      for (size_t e = 0; e < G_N_ELEMENTS (epilogues); e++)
        assert_same_product (kernels, &sizes[s], (Layout)layout, &epilogues[e]);
}
END_TEST

START_TEST (products_in_chains_are_right)
{
  static const size_t plain_epilogues[] = {0, 1, 5};
  const MxKernels *kernels = kernels_of (_i);

  for (size_t rows = 1; kernels != NULL && rows <= 20; rows++) {
    const Size sizes[] = {{1, rows, 33, 2, 40, 33}, {2, rows, 96, 3, 16, 8},
        {1, rows, 130, 1, 9, 1}, {1, rows, 64, 1, 30, 100}};

    for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
      assert_same_product (kernels, &sizes[s], (Layout)(rows % N_LAYOUTS),
          &epilogues[plain_epilogues[rows / N_LAYOUTS % 3]]);
  }
}
END_TEST

/* 2^24 + 1 is 2^24; but 2^24 + (1 + 1) is not. */
START_TEST (chains_are_summed_by_themselves)
{
  static const Size size = {1, 9, 70, 2, 2, 2};
  const MxKernels *kernels = kernels_of (_i);
  Product product = product_new (&size, CONVOLUTION, &epilogues[0]);

  floats_fill (&product.a, 1);
  floats_fill (&product.b, 1);
  for (ptrdiff_t j = 0; j < 70; j++)
    product.b.data[j / MX_PANEL * product.op.b_panel + j % MX_PANEL] = 0x1p24f;
  for (size_t chain = 0; kernels != NULL && chain <= 2; chain += 2) {
    product.op.chain = chain;
    g_free (product_run (&product, kernels));
    for (ptrdiff_t i = 0; i < 9; i++)
      for (ptrdiff_t j = 0; j < 70; j++)
        ck_assert_float_eq (
            product.op.c[i * product.op.c_row + j], 0x1p24f + (float)chain);
  }
  product_clear (&product);
}
END_TEST

START_TEST (products_without_depth_are_their_epilogue)
{
  const MxKernels *kernels = kernels_of (_i);
  float c[40] = {0}, bias[40];
  MxMatmul op = {.groups = 1,
      .rows = 1,
      .cols = 40,
      .depth_groups = 0,
      .depth = 3,
      .c = c,
      .bias = bias};

  for (size_t j = 0; j < 40; j++)
    bias[j] = (float)j - 20;
  if (kernels != NULL)
    kernels->matmul (&op);
  for (size_t j = 0; kernels != NULL && j < 40; j++)
    ck_assert_float_eq (c[j], bias[j]);
}
END_TEST

static void
assert_same_bits (
    const MxKernels *kernels, const Size *size, const Epilogue *epilogue)
{
  Product product = product_new (size, CONVOLUTION, epilogue);

  for (size_t row = 0; row < size->rows; row++) {
    float *together = product_run (&product, kernels);
    MxMatmul alone = product.op;

    alone.groups = 1;
    alone.rows = 1;
    alone.a += (ptrdiff_t)row * alone.a_row + alone.a_group;
    alone.c += (ptrdiff_t)row * alone.c_row + alone.c_group;
    if (alone.add != NULL)
      alone.add += (ptrdiff_t)row * alone.c_row + alone.c_group;
    kernels->matmul (&alone);
    ck_assert_mem_eq (together, product.c.data, product.c.n * sizeof (float));
    g_free (together);
  }
  product_clear (&product);
}

/* What a window gives does not depend on the batch it came in. */
START_TEST (rows_give_the_same_bits_alone_and_among_others)
{
  static const Size plainly = {3, 31, 253, 2, 40};
  static const Size in_chains = {3, 31, 253, 2, 40, 17};
  const MxKernels *kernels = kernels_of (_i);

  if (kernels == NULL)
    return;
  assert_same_bits (kernels, &plainly, &epilogues[3]);
  assert_same_bits (kernels, &in_chains, &epilogues[1]);
}
END_TEST

START_TEST (rectifiers_pass_what_is_not_a_number)
{
  const MxKernels *kernels = kernels_of (_i);
  const float bias[] = {NAN, -1, 2, -INFINITY, INFINITY};
  float c[5] = {0};
  MxMatmul op = {.groups = 1,
      .rows = 1,
      .cols = 5,
      .c = c,
      .bias = bias,
      .activation = MX_ACTIVATION_RELU};

  if (kernels == NULL)
    return;
  kernels->matmul (&op);
  ck_assert_float_nan (c[0]);
  ck_assert_float_eq (c[1], 0);
  ck_assert_float_eq (c[2], 2);
  ck_assert_float_eq (c[3], 0);
  ck_assert_float_infinite (c[4]);
}
END_TEST

START_TEST (the_best_kernels_are_those_of_the_level_in_force)
{
  const MxKernels *best = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (levels); i++) {
    const MxKernels *kernels = mx_kernels_get_for_level (levels[i]);

    if (kernels == NULL)
      continue;
    ck_assert_int_le (levels[i], mx_cpu_level ());
    ck_assert_str_eq (kernels->name, mx_cpu_level_name (levels[i]));
    best = kernels;
  }
  ck_assert_ptr_nonnull (best);
  ck_assert_ptr_eq (mx_kernels_get (), best);
}
END_TEST

static Suite *
kernels_suite (void)
{
  const int n = G_N_ELEMENTS (levels);
  Suite *suite = suite_create ("kernels");
  TCase *tc = tcase_create ("kernels");

  tcase_add_loop_test (tc, products_are_right_for_every_number_of_rows, 0, n);
  tcase_add_loop_test (
      tc, products_are_right_for_every_number_of_columns, 0, n);
  tcase_add_loop_test (
      tc, products_of_few_rows_are_right_for_every_number_of_columns, 0, n);
  tcase_add_loop_test (
      tc, products_are_right_in_every_layout_with_every_epilogue, 0, n);
  tcase_add_loop_test (tc, products_in_chains_are_right, 0, n);
  tcase_add_loop_test (tc, chains_are_summed_by_themselves, 0, n);
  tcase_add_loop_test (tc, products_without_depth_are_their_epilogue, 0, n);
  tcase_add_loop_test (
      tc, rows_give_the_same_bits_alone_and_among_others, 0, n);
  tcase_add_loop_test (tc, rectifiers_pass_what_is_not_a_number, 0, n);
  tcase_add_test (tc, the_best_kernels_are_those_of_the_level_in_force);
  suite_add_tcase (suite, tc);
  return suite;
}

int
main (void)
{
  SRunner *runner = srunner_create (kernels_suite ());
  int failed;

  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? 0 : 1;
}
