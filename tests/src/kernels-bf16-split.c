/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Split numbers, and products in tiles: near enough to exact ones, nothing is
 * read or written beyond them, and an element does not depend on others. */

#include "mx-bf16.h"
#include "mx-kernels-bf16.h"

#include "check-main.h"
#include "emulated.h"
#include "kernels-common.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* Of this processor those that split, and tiles in plain C. */
static const MxKernelsBf16 *
kernels_of_case (int index)
{
  mx_rng_init (&rng, 13, 0);
  switch (index) {
  case 0:
    return mx_kernels_bf16_get_for_level (MX_CPU_BASELINE);
  case 1:
    return mx_kernels_bf16_get_for_level (MX_CPU_X86_64_V4_AMX);
  default:
    return emulated_tiles ();
  }
}

#define CASES 3

typedef struct {
  size_t groups, rows, cols, depth_groups, depth; /* depth in numbers */
  bool bias, add, accumulate, relu;
  bool whole; /* numbers are rounded, not split */
  bool apart; /* numbers that follow each other do not touch */
} Size;

/* Two ways of the same factors: as kernels take them, in parts one behind the
 * other, and as floats. */
typedef struct {
  MxMatmul op;
  Floats a, b, x, y, bias, add,
      c; /* x: [a.n / parts][numbers], y: [depth][cols] */
  float *before;
  size_t stored; /* floats of a row of `depth` numbers */
} Product;

static size_t
panels (const Size *size)
{
  return (size->cols + MX_PANEL - 1) / MX_PANEL;
}

static void
split (const MxKernelsBf16 *kernels, const Size *size, size_t n, const float *x,
    float *high, float *low)
{
  if (size->whole)
    kernels->round (1, n, x, high);
  else
    kernels->split (1, n, x, high, low);
}

/* Numbers of a: a row is 3 stored floats on from the last one, a depth group
 * one more than it is long. */
static void
store_rows (Product *self, const MxKernelsBf16 *kernels, const Size *size)
{
  const size_t n = 5 * (size->groups - 1) + 3 * (size->rows - 1) +
                   (size->depth_groups - 1) * (self->stored + 1) + self->stored;
  const size_t parts = size->whole ? 1 : 2;

  self->x = floats_new (n * kernels->numbers);
  self->a = floats_new (parts * n);
  split (
      kernels, size, self->x.n, self->x.data, self->a.data, self->a.data + n);
  self->op.a = self->a.data;
  self->op.a_low = size->whole ? 0 : (ptrdiff_t)n;
}

static void
store_columns (Product *self, const MxKernelsBf16 *kernels, const Size *size)
{
  const size_t all = size->depth_groups * self->stored;
  const size_t width = MIN (size->cols, MX_PANEL), parts = size->whole ? 1 : 2;
  const size_t last = size->cols - (panels (size) - 1) * MX_PANEL;
  const size_t n = ((panels (size) - 1) * all + all - 1) * width + last;
  const size_t numbers = kernels->numbers;

  self->y = floats_new (all * numbers * size->cols);
  self->b = floats_new (parts * n);
  for (size_t j = 0; j < size->cols; j++)
    for (size_t p = 0; p < all; p++) {
      float *at =
          self->b.data + (j / MX_PANEL * all + p) * width + j % MX_PANEL;
      const float *from = self->y.data + numbers * p * size->cols + j;

      split (kernels, size, numbers,
          (const float[]){from[0], numbers > 1 ? from[size->cols] : 0}, at,
          at + n);
    }
  self->op.b = self->b.data;
  self->op.b_panel = (ptrdiff_t)(all * width);
  self->op.b_depth_group = (ptrdiff_t)(self->stored * width);
  self->op.b_depth = (ptrdiff_t)width;
  self->op.b_low = size->whole ? 0 : (ptrdiff_t)n;
}

static Product
product_new (const MxKernelsBf16 *kernels, const Size *size)
{
  const size_t n = size->groups * size->rows * size->cols;
  Product self = {.stored = mx_kernels_bf16_row (kernels, size->depth)};

  self.op = (MxMatmul){.groups = size->groups,
      .rows = size->rows,
      .cols = size->cols,
      .depth_groups = size->depth_groups,
      .depth = self.stored,
      .a_group = 5,
      .a_row = 3,
      .a_depth_group = (ptrdiff_t)self.stored + 1,
      .a_depth = 1,
      .c_group = (ptrdiff_t)(size->rows * size->cols),
      .c_row = (ptrdiff_t)size->cols,
      .accumulate = size->accumulate,
      .activation = size->relu ? MX_ACTIVATION_RELU : MX_ACTIVATION_NONE};
  store_rows (&self, kernels, size);
  store_columns (&self, kernels, size);
  /* As a layer turns groups of depth 1 into depth. */
  if (size->apart) {
    self.op.depth = self.op.depth_groups;
    self.op.depth_groups = 1;
    self.op.a_depth = self.op.a_depth_group;
    self.op.b_depth = self.op.b_depth_group;
  }
  self.bias = floats_new (size->cols);
  self.add = floats_new (n);
  self.c = floats_new (n);
  self.before = g_memdup2 (self.c.data, n * sizeof (float));
  self.op.bias = size->bias ? self.bias.data : NULL;
  self.op.add = size->add ? self.add.data : NULL;
  self.op.c = self.c.data;
  return self;
}

static void
product_clear (Product *self)
{
  floats_clear (&self->a);
  floats_clear (&self->b);
  floats_clear (&self->x);
  floats_clear (&self->y);
  floats_clear (&self->bias);
  floats_clear (&self->add);
  floats_clear (&self->c);
  g_free (self->before);
}

/* Of element k; @most: the error it may have. */
static double
wanted_at (const Product *self, const MxKernelsBf16 *kernels, const Size *size,
    size_t k, double *most)
{
  const size_t all = size->depth_groups * self->stored, n = kernels->numbers;
  const size_t g = k / (size->rows * size->cols);
  const size_t i = k / size->cols % size->rows, j = k % size->cols;
  double sum = 0, sizes = 0, value;

  for (size_t p = 0; p < all; p++)
    for (size_t half = 0; half < n; half++) {
      const size_t at = 5 * g + 3 * i + p / self->stored * (self->stored + 1) +
                        p % self->stored;
      float x = self->x.data[n * at + half];
      float y = self->y.data[(n * p + half) * size->cols + j];

      if (size->whole)
        x = mx_bf16_round (x), y = mx_bf16_round (y);
      sum += (double)x * (double)y;
      sizes += fabs ((double)x * (double)y);
    }
  /* Parts that are left out, and the rounding of sums in floats. */
  *most = sizes * ((size->whole ? 0 : 0x1p-15) +
                      0x1p-24 * sqrt ((double)(3 * n * all))) +
          4e-7;
  value = sum + (size->accumulate ? (double)self->before[k]
                    : size->bias  ? (double)self->bias.data[j]
                                  : 0);
  if (size->add)
    value += (double)self->add.data[k];
  return size->relu && value < 0 ? 0 : value;
}

static void
multiply (const MxKernelsBf16 *kernels, const Size *size, const MxMatmul *op)
{
  (size->whole ? kernels->products : kernels->split_products)->matmul (op);
}

static void
assert_right (const MxKernelsBf16 *kernels, Size size)
{
  Product product;

  for (int whole = kernels->products == NULL ? 0 : 1; whole >= 0; whole--) {
    size.whole = whole;
    product = product_new (kernels, &size);
    multiply (kernels, &size, &product.op);
    for (size_t k = 0; k < product.c.n; k++) {
      double most, wanted = wanted_at (&product, kernels, &size, k, &most);

      ck_assert_msg (fabs ((double)product.c.data[k] - wanted) <= most,
          "%s, %s: %zu groups, %zu rows, %zu columns, depth %zu x %zu, "
          "element %zu: found %.9g, expected %.9g, give or take %g",
          kernels->name, whole ? "whole" : "split", size.groups, size.rows,
          size.cols, size.depth_groups, size.depth, k,
          (double)product.c.data[k], wanted, most);
    }
    product_clear (&product);
  }
}

/* --------------------------------------------------------- splitting */

static float
number_of (const MxKernelsBf16 *kernels, const float *stored, size_t i)
{
  uint32_t bits;
  float number;

  memcpy (&bits, stored + i / kernels->numbers, sizeof bits);
  if (kernels->numbers == 2)
    bits = i % 2 ? bits << 16 : bits & 0xffff0000u;
  memcpy (&number, &bits, sizeof number);
  return number;
}

/* Exact but for what the second part rounds away. */
START_TEST (two_parts_are_nearly_the_number)
{
  const MxKernelsBf16 *kernels = kernels_of_case (_i);

  for (size_t n = 1; kernels != NULL && n <= 130; n++) {
    const size_t rows = 1 + n % 3, row = mx_kernels_bf16_row (kernels, n);
    Floats x = floats_new (rows * n), high = floats_new (rows * row);
    Floats low = floats_new (rows * row);

    kernels->split (rows, n, x.data, high.data, low.data);
    for (size_t i = 0; i < rows * n; i++) {
      const size_t at = i / n * row * kernels->numbers + i % n;
      const float first = number_of (kernels, high.data, at);
      const float second = number_of (kernels, low.data, at);

      ck_assert_float_eq (first, mx_bf16_round (x.data[i]));
      ck_assert_float_eq (second, mx_bf16_round (x.data[i] - first));
      ck_assert (
          fabsf (x.data[i] - first - second) <= 0x1p-17f * fabsf (x.data[i]));
    }
    floats_clear (&x);
    floats_clear (&high);
    floats_clear (&low);
  }
}
END_TEST

START_TEST (what_is_not_finite_has_no_second_part)
{
  const MxKernelsBf16 *kernels = kernels_of_case (_i);
  static const float x[] = {INFINITY, -INFINITY, NAN, 0x1.ffp127f, -0x1.ffp127f,
      0x1.fep127f, 0, -0.0f, 0x1p-126f, 0x1p-127f};
  float high[G_N_ELEMENTS (x)], low[G_N_ELEMENTS (x)];

  if (kernels == NULL)
    return;
  kernels->split (1, G_N_ELEMENTS (x), x, high, low);
  for (size_t i = 0; i < G_N_ELEMENTS (x); i++) {
    const float first = number_of (kernels, high, i),
                wanted = mx_bf16_round (x[i]);

    ck_assert (isnan (wanted) ? isnan (first) : first == wanted);
    ck_assert_float_eq (number_of (kernels, low, i), 0);
  }
}
END_TEST

/* ---------------------------------------------------------- products */

START_TEST (every_number_of_rows)
{
  const MxKernelsBf16 *kernels = kernels_of_case (_i);

  for (size_t rows = 1; kernels != NULL && rows <= 100; rows++) {
    assert_right (kernels, (Size){2, rows, 32, 1, 32, .bias = true});
    assert_right (kernels, (Size){1, rows, 48, 2, 40, .add = true});
    assert_right (kernels, (Size){rows, 1, 40, 1, 7, .accumulate = true});
  }
}
END_TEST

START_TEST (every_number_of_columns)
{
  const MxKernelsBf16 *kernels = kernels_of_case (_i);

  for (size_t cols = 1; kernels != NULL && cols <= 130; cols++)
    assert_right (
        kernels, (Size){1 + cols % 2, 1 + cols % 37, cols, 2, 35,
                     .bias = cols % 3, .add = cols % 2, .relu = true});
}
END_TEST

START_TEST (every_depth)
{
  const MxKernelsBf16 *kernels = kernels_of_case (_i);

  for (size_t depth = 1; kernels != NULL && depth <= 140; depth++)
    for (size_t groups = 1; groups <= 3; groups++)
      assert_right (kernels, (Size){1, 19, 33, groups, depth, .bias = true});
}
END_TEST

START_TEST (numbers_that_lie_apart)
{
  const MxKernelsBf16 *kernels = kernels_of_case (_i);

  for (size_t groups = 1; kernels != NULL && groups <= 40; groups++)
    assert_right (kernels, (Size){1, 18, 32, groups, kernels->numbers,
                               .bias = true, .apart = true});
}
END_TEST

/* As a stream needs it: one row at a time, or many. */
START_TEST (an_element_does_not_depend_on_the_number_of_rows)
{
  const MxKernelsBf16 *kernels = kernels_of_case (_i);
  Size size = {1, 67, 48, 2, 70, .bias = true, .add = true, .relu = true};

  for (int whole = 0; kernels != NULL && whole <= (kernels->products != NULL);
       whole++) {
    Product product;

    size.whole = whole;
    product = product_new (kernels, &size);
    multiply (kernels, &size, &product.op);
    for (size_t i = 0; i < size.rows; i++) {
      float row[48];
      MxMatmul op = product.op;

      op.rows = 1;
      op.a += (ptrdiff_t)i * op.a_row;
      op.add += (ptrdiff_t)i * op.c_row;
      op.c = row;
      multiply (kernels, &size, &op);
      ck_assert_mem_eq (row, product.c.data + i * size.cols, sizeof row);
    }
    product_clear (&product);
  }
}
END_TEST

START_TEST (groups_may_have_a_right_hand_side_of_their_own)
{
  const MxKernelsBf16 *kernels = kernels_of_case (_i);
  const Size size = {1, 5, 40, 2, 9, .bias = true};
  Product product;
  float both[2][5][40], columns[40];
  MxMatmul op;

  if (kernels == NULL)
    return;
  product = product_new (kernels, &size);
  op = product.op;
  op.groups = 2;
  op.c = both[0][0];
  op.a_group = 0;
  op.b_group = op.b_depth; /* all a pair, or a number, further */
  op.depth_groups = 1;
  op.depth -= 1;
  kernels->split_products->matmul (&op);
  for (size_t g = 0; g < 2; g++) {
    op.groups = op.rows = 1;
    op.b = product.op.b + (ptrdiff_t)g * op.b_group;
    op.c = columns;
    kernels->split_products->matmul (&op);
    ck_assert_mem_eq (columns, both[g][0], sizeof columns);
  }
  ck_assert_mem_ne (both[0][0], both[1][0], sizeof columns);
  product_clear (&product);
}
END_TEST

/* Rows of a block may be computed twice; what they are added to is added once.
 */
START_TEST (what_is_added_may_be_where_the_result_goes)
{
  const MxKernelsBf16 *kernels = kernels_of_case (_i);
  const Size size = {1, 33, 32, 1, 64, .add = true};
  Product product;

  if (kernels == NULL)
    return;
  product = product_new (kernels, &size);
  g_autofree float *there =
      g_memdup2 (product.add.data, product.add.n * sizeof (float));
  kernels->split_products->matmul (&product.op);
  product.op.add = product.op.c = there;
  kernels->split_products->matmul (&product.op);
  ck_assert_mem_eq (there, product.c.data, product.c.n * sizeof (float));
  product_clear (&product);
}
END_TEST

START_TEST (what_is_not_a_number_stays_none)
{
  const MxKernelsBf16 *kernels = kernels_of_case (_i);
  const Size size = {1, 20, 20, 1, 20, .relu = true};
  Product product;

  if (kernels == NULL)
    return;
  product = product_new (kernels, &size);
  product.x.data[product.x.n - 1] = NAN; /* of the last row alone */
  kernels->split (1, product.x.n, product.x.data, product.a.data,
      product.a.data + product.op.a_low);
  kernels->split_products->matmul (&product.op);
  for (size_t k = 0; k < product.c.n; k++)
    ck_assert (!isnan (product.c.data[k]) == (k / size.cols < size.rows - 1));
  product_clear (&product);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, two_parts_are_nearly_the_number, 0, CASES);
  tcase_add_loop_test (tcase, what_is_not_finite_has_no_second_part, 0, CASES);
  tcase_add_loop_test (tcase, every_number_of_rows, 0, CASES);
  tcase_add_loop_test (tcase, every_number_of_columns, 0, CASES);
  tcase_add_loop_test (tcase, every_depth, 0, CASES);
  tcase_add_loop_test (tcase, numbers_that_lie_apart, 0, CASES);
  tcase_add_loop_test (
      tcase, an_element_does_not_depend_on_the_number_of_rows, 0, CASES);
  tcase_add_loop_test (
      tcase, groups_may_have_a_right_hand_side_of_their_own, 0, CASES);
  tcase_add_loop_test (
      tcase, what_is_added_may_be_where_the_result_goes, 0, CASES);
  tcase_add_loop_test (tcase, what_is_not_a_number_stays_none, 0, CASES);
}

CHECK_MAIN ("kernels-bf16-split", add_tests)
