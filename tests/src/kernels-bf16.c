/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Numbers of 16 bits: the nearest ones, and products of pairs of them that sum
 * to the bits of one fused chain in the order of the depth. */

#include "mx-bf16.h"
#include "mx-kernels-bf16.h"

#include "check-main.h"
#include "kernels-common.h"

#include <float.h>
#include <glib.h>
#include <math.h>
#include <string.h>

static const MxCpuLevel levels_bf16[] = {
    MX_CPU_BASELINE,
    MX_CPU_NEON,
    MX_CPU_X86_64_V2,
    MX_CPU_X86_64_V3,
    MX_CPU_X86_64_V4,
    MX_CPU_X86_64_V4_BF16,
};

/* NULL if there are none for this level. */
static const MxKernelsBf16 *
kernels_bf16_of (int index)
{
  mx_rng_init (&rng, 13, 0);
  return mx_kernels_bf16_get_for_level (levels_bf16[index]);
}

static uint32_t
bits_of (float value)
{
  uint32_t bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static float
float_of (uint32_t bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* ---------------------------------------------------------- rounding */

/* Between each bfloat16 and the next larger one. */
START_TEST (the_nearest_and_of_two_the_even_one)
{
  static const uint32_t parts[] = {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff};

  for (uint32_t upper = 0x80; upper < 0x7f80; upper++)
    for (size_t k = 0; k < G_N_ELEMENTS (parts); k++) {
      uint32_t below = upper << 16, above = below + 0x10000;
      uint32_t wanted =
          parts[k] < 0x8000 || (parts[k] == 0x8000 && !(upper & 1)) ? below
                                                                    : above;

      ck_assert_uint_eq (
          bits_of (mx_bf16_round (float_of (below | parts[k]))), wanted);
      ck_assert_uint_eq (bits_of (mx_bf16_round (-float_of (below | parts[k]))),
          wanted | 1u << 31);
    }
}
END_TEST

START_TEST (what_is_too_small_is_zero_and_what_is_no_number_stays_none)
{
  ck_assert_uint_eq (bits_of (mx_bf16_round (float_of (0x007fffff))), 0);
  ck_assert_uint_eq (bits_of (mx_bf16_round (float_of (0x80000001))), 1u << 31);
  ck_assert_float_eq (mx_bf16_round (FLT_MIN), FLT_MIN);
  ck_assert_float_infinite (mx_bf16_round (FLT_MAX));
  ck_assert_float_infinite (mx_bf16_round (-INFINITY));
  ck_assert_float_nan (mx_bf16_round (float_of (0x7f800001)));
  ck_assert_float_nan (mx_bf16_round (NAN));
}
END_TEST

/* Number i of the rows that round() wrote. */
static float
stored_number (const MxKernelsBf16 *kernels, const float *rounded, size_t n,
    size_t row, size_t i)
{
  const float *at = rounded + row * mx_kernels_bf16_row (kernels, n);
  uint32_t pair;

  if (kernels->numbers == 1)
    return at[i];
  pair = bits_of (at[i / 2]);
  return float_of (i % 2 == 0 ? pair & 0xffff0000u : pair << 16);
}

/* Of every kind, infinite and not a number, too. */
static void
fill_with_bits (Floats *x)
{
  for (size_t i = 0; i < x->n; i++)
    x->data[i] = float_of ((uint32_t)mx_rng_below (&rng, 1u << 16) << 16 |
                           (uint32_t)mx_rng_below (&rng, 1u << 16));
}

/* Both end where memory does. */
static void
assert_rounded (const MxKernelsBf16 *kernels, size_t rows, size_t n)
{
  const size_t stored = rows * mx_kernels_bf16_row (kernels, n);
  Floats x = floats_new (rows * n), y = floats_new (stored + 3);

  fill_with_bits (&x);
  floats_fill (&y, CANARY);
  kernels->round (rows, n, x.data, y.data + 3);
  for (size_t k = 0; k < 3; k++)
    ck_assert_float_eq (y.data[k], CANARY);
  for (size_t row = 0; row < rows; row++)
    for (size_t i = 0; i < n; i++) {
      float wanted = mx_bf16_round (x.data[row * n + i]);
      float found = stored_number (kernels, y.data + 3, n, row, i);

      if (isnan (wanted))
        ck_assert_float_nan (found);
      else
        ck_assert_uint_eq (bits_of (found), bits_of (wanted));
    }
  for (size_t row = 0; row < rows && kernels->numbers == 2 && n % 2 == 1; row++)
    ck_assert_uint_eq (
        bits_of (stored_number (kernels, y.data + 3, n, row, n)), 0);
  floats_clear (&x);
  floats_clear (&y);
}

START_TEST (kernels_round_alike)
{
  const MxKernelsBf16 *kernels = kernels_bf16_of (_i);

  for (size_t n = 1; kernels != NULL && n <= 100; n++)
    for (size_t rows = 1; rows <= 4; rows++)
      assert_rounded (kernels, rows, n);
}
END_TEST

/* ---------------------------------------------------------- products */

typedef struct {
  size_t groups, rows, cols, depth_groups, pairs;
  bool bias, add, accumulate;
} Size;

/* In pairs, and as floats of the same numbers: strides of a and depths are
 * twice as many there. */
typedef struct {
  MxMatmul op;
  Floats a, b, bias, add, c;
  Floats numbers, weights; /* of a, and of b: [depth][cols], rounded */
  size_t width;
} Product;

static size_t
panels (const Size *size)
{
  return (size->cols + MX_PANEL - 1) / MX_PANEL;
}

/* Panels one after the other, as layers pack them. */
static void
store_weights (Product *self, const MxKernelsBf16 *kernels, const Size *size)
{
  const size_t depth = size->depth_groups * size->pairs, width = self->width;
  const size_t last = size->cols - (panels (size) - 1) * MX_PANEL;

  self->weights = floats_new (2 * depth * size->cols);
  for (size_t i = 0; i < self->weights.n; i++)
    self->weights.data[i] = mx_bf16_round (self->weights.data[i]);
  self->b =
      floats_new (((panels (size) - 1) * depth + depth - 1) * width + last);
  for (size_t j = 0; j < size->cols; j++)
    for (size_t p = 0; p < depth; p++) {
      const float *from = self->weights.data + 2 * p * size->cols + j;

      kernels->round (1, 2, (const float[]){from[0], from[size->cols]},
          self->b.data + (j / MX_PANEL * depth + p) * width + j % MX_PANEL);
    }
}

static Product
product_new (const MxKernelsBf16 *kernels, const Size *size)
{
  const size_t total = size->depth_groups * size->pairs;
  const size_t n = size->groups * size->rows * size->cols;
  Product self = {.width = MIN (size->cols, MX_PANEL)};

  self.op = (MxMatmul){
      .groups = size->groups,
      .rows = size->rows,
      .cols = size->cols,
      .depth_groups = size->depth_groups,
      .depth = size->pairs,
      .a_group = 5,
      .a_row = 3,
      .a_depth_group = (ptrdiff_t)size->pairs + 1,
      .a_depth = 1,
      .b_panel = (ptrdiff_t)(total * self.width),
      .b_depth_group = (ptrdiff_t)(size->pairs * self.width),
      .b_depth = (ptrdiff_t)self.width,
      .c_group = (ptrdiff_t)(size->rows * size->cols),
      .c_row = (ptrdiff_t)size->cols,
      .accumulate = size->accumulate,
      .activation = MX_ACTIVATION_RELU,
  };
  self.a =
      floats_new (5 * (size->groups - 1) + 3 * (size->rows - 1) +
                  (size->depth_groups - 1) * (size->pairs + 1) + size->pairs);
  self.numbers = floats_new (2 * self.a.n);
  kernels->round (1, self.numbers.n, self.numbers.data, self.a.data);
  store_weights (&self, kernels, size);
  self.bias = floats_new (size->cols);
  self.add = floats_new (n);
  self.c = floats_new (n);
  self.op.a = self.a.data;
  self.op.b = self.b.data;
  self.op.c = self.c.data;
  self.op.bias = size->bias ? self.bias.data : NULL;
  self.op.add = size->add ? self.add.data : NULL;
  return self;
}

static void
product_clear (Product *self)
{
  floats_clear (&self->a);
  floats_clear (&self->b);
  floats_clear (&self->bias);
  floats_clear (&self->add);
  floats_clear (&self->c);
  floats_clear (&self->numbers);
  floats_clear (&self->weights);
}

/* @before: what c was. */
static float
wanted_at (
    const Product *self, const float *before, size_t g, size_t i, size_t j)
{
  const MxMatmul *op = &self->op;
  const ptrdiff_t start =
      2 * ((ptrdiff_t)g * op->a_group + (ptrdiff_t)i * op->a_row);
  float sum = op->accumulate ? *before : op->bias != NULL ? op->bias[j] : 0;

  for (size_t p = 0; p < 2 * op->depth * op->depth_groups; p++) {
    ptrdiff_t o = (ptrdiff_t)(p / (2 * op->depth));
    ptrdiff_t at =
        start + 2 * o * op->a_depth_group + (ptrdiff_t)(p % (2 * op->depth));

    sum = fmaf (mx_bf16_round (self->numbers.data[at]),
        self->weights.data[p * op->cols + j], sum);
  }
  if (op->add != NULL)
    sum += op->add[(g * op->rows + i) * op->cols + j];
  return sum < 0 ? 0 : sum;
}

static void
assert_right (const MxKernelsBf16 *kernels, const Size *size)
{
  Product product = product_new (kernels, size);
  g_autofree float *before =
      g_memdup2 (product.c.data, product.c.n * sizeof (float));

  kernels->products->matmul (&product.op);
  for (size_t k = 0; k < product.c.n; k++) {
    size_t g = k / (size->rows * size->cols), i = k / size->cols % size->rows;
    float wanted = wanted_at (&product, before + k, g, i, k % size->cols);

    ck_assert_msg (bits_of (product.c.data[k]) == bits_of (wanted),
        "%s: %zu groups, %zu rows, %zu columns, %zu x %zu pairs, at %zu %zu "
        "%zu: found %g, expected %g",
        kernels->name, size->groups, size->rows, size->cols, size->depth_groups,
        size->pairs, g, i, k % size->cols, product.c.data[k], wanted);
  }
  product_clear (&product);
}

/* NULL: there are none, or those of floats, which have tests of their own. */
static const MxKernelsBf16 *
pairs_of (int index)
{
  const MxKernelsBf16 *kernels = kernels_bf16_of (index);

  return kernels != NULL && kernels->products != NULL ? kernels : NULL;
}

START_TEST (every_number_of_rows)
{
  const MxKernelsBf16 *kernels = pairs_of (_i);

  for (size_t rows = 1; kernels != NULL && rows <= 45; rows++) {
    assert_right (kernels, &(Size){2, rows, 32, 1, 5, .bias = true});
    assert_right (kernels, &(Size){1, rows, 63, 2, 3, .add = true});
    assert_right (kernels, &(Size){rows, 1, 40, 1, 4, .accumulate = true});
  }
}
END_TEST

START_TEST (every_number_of_columns)
{
  const MxKernelsBf16 *kernels = pairs_of (_i);

  for (size_t cols = 1; kernels != NULL && cols <= 230; cols++)
    assert_right (kernels, &(Size){1 + cols % 2, 1 + cols % 5, cols, 2, 7,
                               .bias = cols % 3, .add = cols % 2});
}
END_TEST

START_TEST (long_sums)
{
  static const Size sizes[] = {
      {1, 1, 1, 1, 1},
      {1, 1, 224, 1, 720, .bias = true},
      {1, 13, 64, 1, 600, .bias = true, .add = true},
      {1, 7, 96, 9, 96, .bias = true},
      {2, 3, 47, 5, 33, .accumulate = true, .add = true},
  };
  const MxKernelsBf16 *kernels = pairs_of (_i);

  for (size_t s = 0; kernels != NULL && s < G_N_ELEMENTS (sizes); s++)
    assert_right (kernels, &sizes[s]);
}
END_TEST

/* What is smaller than normal numbers of floats may be lost. */
START_TEST (small_sums_are_as_near_as_they_are_small)
{
  const MxKernelsBf16 *kernels = pairs_of (_i);
  const Size size = {1, 3, 32, 1, 20};

  if (kernels == NULL)
    return;
  Product product = product_new (kernels, &size);
  for (size_t i = 0; i < product.numbers.n; i++)
    product.numbers.data[i] *= 0x1p-100f * (float)(i % 3);
  for (size_t i = 0; i < product.weights.n; i++)
    product.weights.data[i] *= 0x1p-25f;
  kernels->round (1, product.numbers.n, product.numbers.data, product.a.data);
  for (size_t p = 0; p < size.pairs; p++)
    for (size_t j = 0; j < size.cols; j++) {
      const float *from = product.weights.data + 2 * p * size.cols + j;

      kernels->round (1, 2, (const float[]){from[0], from[size.cols]},
          product.b.data + p * product.width + j);
    }
  kernels->products->matmul (&product.op);
  for (size_t k = 0; k < product.c.n; k++)
    ck_assert (fabsf (product.c.data[k] - wanted_at (&product, NULL, 0,
                                              k / size.cols, k % size.cols)) <=
               (float)(2 * size.pairs) * FLT_MIN);
  product_clear (&product);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  const int n = G_N_ELEMENTS (levels_bf16);

  tcase_add_test (tcase, the_nearest_and_of_two_the_even_one);
  tcase_add_test (
      tcase, what_is_too_small_is_zero_and_what_is_no_number_stays_none);
  tcase_add_loop_test (tcase, kernels_round_alike, 0, n);
  tcase_add_loop_test (tcase, every_number_of_rows, 0, n);
  tcase_add_loop_test (tcase, every_number_of_columns, 0, n);
  tcase_add_loop_test (tcase, long_sums, 0, n);
  tcase_add_loop_test (tcase, small_sums_are_as_near_as_they_are_small, 0, n);
}

CHECK_MAIN ("kernels-bf16", add_tests)
