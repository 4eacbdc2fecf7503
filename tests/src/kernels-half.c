/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The matrix product with columns stored in halves: right in double precision
 * for the numbers that are stored, and the same bits as with these numbers in
 * floats. */

#include "check-main.h"
#include "kernels-common.h"

#include <glib.h>
#include <math.h>
#include <string.h>

typedef struct {
  size_t groups, rows, cols, depth_groups, depth;
  bool scattered; /* steps of the depth lie apart in a */
} Size;

/* Panels one after the other, as layers pack them; halves beside floats of the
 * same numbers. */
typedef struct {
  MxMatmul op;
  Floats a, b, bias, c;
  Floats halves; /* memory of the halves, MX_HALF_BEHIND and their page */
  MxHalf *half;
} Product;

/* Of every kind: subnormal ones and zero, too. */
static float
draw_weight (size_t i)
{
  static const float scales[] = {1, 3e-5f, 1e-6f, 0, 900};

  return (float)mx_rng_range (&rng, -1, 1) *
         scales[i % 29 < 4 ? i % 29 + 1 : 0];
}

static void
store (Product *self, size_t n)
{
  const size_t memory = n + MX_HALF_BEHIND;

  self->b = floats_new (n);
  self->halves = floats_new ((memory + 1) / 2);
  self->half = (MxHalf *)(self->halves.data + self->halves.n) - memory;
  for (size_t i = 0; i < n; i++) {
    self->half[i] = mx_half_from_float (draw_weight (i));
    self->b.data[i] = mx_half_to_float (self->half[i]);
  }
  /* Not numbers: whoever uses them shows it. */
  memset (self->half + n, 0xff, MX_HALF_BEHIND * sizeof (MxHalf));
}

static Product
product_new (const Size *size)
{
  const size_t total = size->depth * size->depth_groups;
  const size_t width = MIN (size->cols, MX_PANEL);
  const size_t panels = (size->cols + MX_PANEL - 1) / MX_PANEL;
  const ptrdiff_t step = size->scattered ? (ptrdiff_t)size->rows + 2 : 1;
  /* Of more than two groups, all have the same b. */
  const size_t own = size->groups == 2 ? panels * total * width : 0;
  Product self = {.op = {
                      .groups = size->groups,
                      .rows = size->rows,
                      .cols = size->cols,
                      .depth_groups = size->depth_groups,
                      .depth = size->depth,
                      .a_group = 5,
                      .a_row = size->scattered ? 1 : 3,
                      .a_depth_group = step * (ptrdiff_t)size->depth,
                      .a_depth = step,
                      .b_group = (ptrdiff_t)own,
                      .b_panel = (ptrdiff_t)(total * width),
                      .b_depth_group = (ptrdiff_t)(size->depth * width),
                      .b_depth = (ptrdiff_t)width,
                      .c_group = (ptrdiff_t)(size->rows * size->cols),
                      .c_row = (ptrdiff_t)size->cols,
                      .activation = MX_ACTIVATION_RELU,
                  }};

  self.a =
      floats_new (5 * size->groups + 3 * size->rows + (size_t)step * total);
  self.bias = floats_new (size->cols);
  self.c = floats_new (size->groups * size->rows * size->cols);
  /* The last panel may be narrower than it has room. */
  store (&self, own + ((panels - 1) * total + total - 1) * width + size->cols -
                    (panels - 1) * MX_PANEL);
  self.op.a = self.a.data;
  self.op.bias = self.bias.data;
  self.op.c = self.c.data;
  return self;
}

static void
product_clear (Product *self)
{
  floats_clear (&self->a);
  floats_clear (&self->b);
  floats_clear (&self->bias);
  floats_clear (&self->c);
  floats_clear (&self->halves);
}

/* The sum, and in *scale that of all magnitudes in it. */
static double
wanted_at (const Product *self, size_t g, size_t i, size_t j, double *scale)
{
  const MxMatmul *op = &self->op;
  const float *a =
      op->a + (ptrdiff_t)g * op->a_group + (ptrdiff_t)i * op->a_row;
  const float *b = self->b.data + (ptrdiff_t)g * op->b_group +
                   (ptrdiff_t)(j / MX_PANEL) * op->b_panel +
                   (ptrdiff_t)(j % MX_PANEL);
  double sum = op->bias[j];

  *scale = fabs (sum);
  for (size_t p = 0; p < op->depth * op->depth_groups; p++) {
    double term =
        (double)a[(ptrdiff_t)p * op->a_depth] * b[(ptrdiff_t)p * op->b_depth];

    sum += term;
    *scale += fabs (term);
  }
  return fmax (sum, 0);
}

static void
assert_exact (const MxKernels *kernels, const Product *self)
{
  const MxMatmul *op = &self->op;
  const double steps = (double)(op->depth * op->depth_groups + 2);

  for (size_t g = 0; g < op->groups; g++)
    for (size_t i = 0; i < op->rows; i++)
      for (size_t j = 0; j < op->cols; j++) {
        double scale, wanted = wanted_at (self, g, i, j, &scale);
        float found = op->c[(ptrdiff_t)g * op->c_group +
                            (ptrdiff_t)i * op->c_row + (ptrdiff_t)j];

        ck_assert_msg (fabs (found - wanted) <= 6e-8 * steps * scale,
            "%s: %zu groups, %zu rows, %zu columns, depth %zu x %zu, at %zu "
            "%zu %zu: found %g, expected %g",
            kernels->name, op->groups, op->rows, op->cols, op->depth_groups,
            op->depth, g, i, j, found, wanted);
      }
}

static void
assert_right (const MxKernels *kernels, const Size *size)
{
  Product product = product_new (size);
  g_autofree float *of_halves = g_new (float, product.c.n);

  product.op.b_half = product.half;
  kernels->matmul (&product.op);
  assert_exact (kernels, &product);
  memcpy (of_halves, product.c.data, product.c.n * sizeof (float));

  product.op.b_half = NULL;
  product.op.b = product.b.data;
  kernels->matmul (&product.op);
  ck_assert_mem_eq (of_halves, product.c.data, product.c.n * sizeof (float));
  product_clear (&product);
}

START_TEST (every_number_of_rows)
{
  const MxKernels *kernels = kernels_of (_i);

  for (size_t rows = 1; kernels != NULL && rows <= 45; rows++) {
    assert_right (kernels, &(Size){2, rows, 32, 1, 5, false});
    assert_right (kernels, &(Size){1, rows, 63, 2, 3, false});
  }
}
END_TEST

START_TEST (every_number_of_columns)
{
  const MxKernels *kernels = kernels_of (_i);

  for (size_t cols = 1; kernels != NULL && cols <= 230; cols++)
    assert_right (
        kernels, &(Size){1 + cols % 2, 1 + cols % 5, cols, 2, 7, false});
}
END_TEST

START_TEST (long_and_scattered_sums)
{
  static const Size sizes[] = {
      {1, 1, 1, 1, 1, false},
      {1, 1, 224, 1, 1440, false},
      {1, 13, 64, 1, 100, false},
      {5, 1, 12, 1, 33, false},
      {2, 3, 47, 1, 600, false},
      {2, 9, 35, 700, 1, true},
      {1, 7, 40, 300, 5, true},
  };
  const MxKernels *kernels = kernels_of (_i);

  for (size_t s = 0; kernels != NULL && s < G_N_ELEMENTS (sizes); s++)
    assert_right (kernels, &sizes[s]);
}
END_TEST

/* Each finite one, through every width of a vector. */
START_TEST (every_half_is_its_float)
{
  const MxKernels *kernels = kernels_of (_i);
  const float one = 1;
  MxHalf halves[230 + MX_HALF_BEHIND];
  float found[230];
  MxMatmul op = {.groups = 1,
      .rows = 1,
      .depth_groups = 1,
      .depth = 1,
      .a = &one,
      .b_half = halves,
      .b_panel = MX_PANEL,
      .c = found};

  for (unsigned first = 0; kernels != NULL && first < 0x10000; first += 229) {
    op.cols = 1 + first % 230;
    for (size_t j = 0; j < op.cols + MX_HALF_BEHIND; j++) {
      MxHalf half = (MxHalf)(first + j);

      halves[j] = (half & 0x7c00) == 0x7c00 ? half & 0x83ff : half;
    }
    kernels->matmul (&op);
    for (size_t j = 0; j < op.cols; j++)
      ck_assert_float_eq (found[j], mx_half_to_float (halves[j]));
  }
}
END_TEST

static void
add_tests (TCase *tcase)
{
  const int n = G_N_ELEMENTS (levels);

  tcase_add_loop_test (tcase, every_number_of_rows, 0, n);
  tcase_add_loop_test (tcase, every_number_of_columns, 0, n);
  tcase_add_loop_test (tcase, long_and_scattered_sums, 0, n);
  tcase_add_loop_test (tcase, every_half_is_its_float, 0, n);
}

CHECK_MAIN ("kernels-half", add_tests)
