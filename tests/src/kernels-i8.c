/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Products of numbers of 8 bits: the plain kernel is right, and those of every
 * instruction set give its bits. */

#include "mx-kernels-i8.h"

#include "check-main.h"
#include "kernels-common.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static const MxCpuLevel levels_i8[] = {
    MX_CPU_BASELINE,
    MX_CPU_NEON,
    MX_CPU_NEON_DOTPROD,
    MX_CPU_X86_64_V2,
    MX_CPU_X86_64_V3,
    MX_CPU_X86_64_V4,
    MX_CPU_X86_64_V4_VNNI,
};

static const MxKernelsI8 *specified;

static const MxKernelsI8 *
kernels_i8_of (int index)
{
  specified = mx_kernels_i8_get_for_level (MX_CPU_BASELINE);
  mx_rng_init (&rng, 11, 0);
  return mx_kernels_i8_get_for_level (levels_i8[index]);
}

typedef struct {
  size_t rows, cols, depth_groups, depth, row, group; /* strides of a */
  int zero;
  bool add, bias, extreme;
} Size;

/* What is multiplied, the same for all kernels. */
typedef struct {
  Floats x, scale, bias, add;
  int8_t *b;
  size_t n; /* of x */
} Factors;

static size_t
numbers (const Size *size)
{
  return (size->rows - 1) * size->row + (size->depth_groups - 1) * size->group +
         size->depth;
}

static void
factors_init (Factors *self, const Size *size)
{
  const size_t n_b = size->depth_groups * size->depth * size->cols;

  self->n = numbers (size);
  self->x = floats_new (self->n);
  self->scale = floats_new (size->cols);
  self->bias = floats_new (size->cols);
  self->add = floats_new (size->rows * size->cols);
  self->b = g_new (int8_t, n_b);
  for (size_t i = 0; i < n_b; i++)
    self->b[i] = size->extreme ? (i % 3 == 1 ? 127 : -128)
                               : (int8_t)(int)mx_rng_range (&rng, -128, 128);
  if (size->extreme)
    floats_fill (&self->x, 2);
}

static void
factors_clear (Factors *self)
{
  floats_clear (&self->x);
  floats_clear (&self->scale);
  floats_clear (&self->bias);
  floats_clear (&self->add);
  g_free (self->b);
}

#define FACTOR 120.0f

/* Bytes that end where a page is not accessible. */
static void *
bytes_of (Floats *memory, size_t bytes)
{
  *memory = floats_new ((bytes + 3) / 4);
  return (char *)(memory->data + memory->n) - bytes;
}

static MxI8Weights
weights_of (const Factors *factors, const Size *size)
{
  return (MxI8Weights){.depth_groups = size->depth_groups,
      .depth = size->depth,
      .cols = size->cols,
      .b = factors->b,
      .scale = factors->scale.data,
      .bias = size->bias ? factors->bias.data : NULL,
      .zero = size->zero};
}

/* c [rows][cols], and a canary behind each row. */
static Floats
multiply (const MxKernelsI8 *kernels, const Factors *factors, const Size *size)
{
  const MxI8Weights weights = weights_of (factors, size);
  size_t packed_size =
      kernels->packed_size (size->depth_groups, size->depth, size->cols);
  Floats c = floats_new (size->rows * (size->cols + 1)), a, b;
  MxI8Matmul op = {.rows = size->rows,
      .cols = size->cols,
      .depth_groups = size->depth_groups,
      .depth = size->depth,
      .a_row = (ptrdiff_t)size->row,
      .a_depth_group = (ptrdiff_t)size->group,
      .c = c.data,
      .c_row = (ptrdiff_t)size->cols + 1,
      .activation = size->rows % 2 ? MX_ACTIVATION_RELU : MX_ACTIVATION_NONE};
  void *q = bytes_of (&a, factors->n * kernels->number + kernels->behind);
  void *packed = bytes_of (&b, packed_size);
  g_autofree float *add = g_new0 (float, c.n);

  for (size_t i = 0; i < size->rows; i++)
    memcpy (add + i * (size->cols + 1), factors->add.data + i * size->cols,
        size->cols * sizeof *add);
  floats_fill (&c, CANARY);
  kernels->quantise (factors->n, factors->x.data, FACTOR, size->zero, q);
  kernels->pack (&weights, packed);
  op.a = q;
  op.b = packed;
  op.add = size->add ? add : NULL;
  kernels->matmul (&op);
  floats_clear (&a);
  floats_clear (&b);
  return c;
}

static void
check_size (const MxKernelsI8 *kernels, const Size *size)
{
  Factors factors;
  Floats wanted, found;

  factors_init (&factors, size);
  wanted = multiply (specified, &factors, size);
  found = multiply (kernels, &factors, size);
  for (size_t i = 0; i < wanted.n; i++)
    ck_assert_msg (
        memcmp (&wanted.data[i], &found.data[i], sizeof (float)) == 0,
        "%zu x %zu of %zu x %zu, element %zu: %.9g instead of %.9g", size->rows,
        size->cols, size->depth_groups, size->depth, i, found.data[i],
        wanted.data[i]);
  for (size_t i = 0; i < size->rows; i++)
    ck_assert_float_eq (found.data[i * (size->cols + 1) + size->cols], CANARY);
  factors_clear (&factors);
  floats_clear (&wanted);
  floats_clear (&found);
}

START_TEST (every_number_of_rows_and_columns)
{
  const MxKernelsI8 *kernels = kernels_i8_of (_i);

  for (size_t rows = 1; kernels != NULL && rows <= 29; rows++)
    for (size_t cols = 1; cols <= 67; cols += 1 + cols / 5)
      check_size (kernels, &(Size){.rows = rows,
                               .cols = cols,
                               .depth_groups = 1,
                               .depth = 13,
                               .row = 5,
                               .zero = (int)(rows * 9),
                               .add = cols % 2,
                               .bias = rows % 3});
}
END_TEST

START_TEST (every_depth_in_one_group_and_in_several)
{
  const MxKernelsI8 *kernels = kernels_i8_of (_i);

  for (size_t depth = 1; kernels != NULL && depth <= 40; depth++)
    for (size_t groups = 1; groups <= 5; groups += 2)
      check_size (kernels, &(Size){.rows = 3,
                               .cols = 33,
                               .depth_groups = groups,
                               .depth = depth,
                               .row = depth,
                               .group = 2 * depth + 1,
                               .zero = 128,
                               .bias = true});
}
END_TEST

/* The largest sums there are: 65536 products of 255 and -128. */
START_TEST (the_longest_sums_do_not_overflow)
{
  const MxKernelsI8 *kernels = kernels_i8_of (_i);
  const int zeros[] = {0, 255};

  for (size_t i = 0; kernels != NULL && i < G_N_ELEMENTS (zeros); i++)
    check_size (kernels, &(Size){.rows = 2,
                             .cols = 3,
                             .depth_groups = 1,
                             .depth = MX_I8_MAX_DEPTH,
                             .row = 1,
                             .zero = zeros[i],
                             .extreme = true});
}
END_TEST

/* In double precision, with numbers that have no rounding to argue about. */
START_TEST (the_plain_product_is_right)
{
  const Size size = {.rows = 3,
      .cols = 5,
      .depth_groups = 2,
      .depth = 7,
      .row = 3,
      .group = 10,
      .zero = 100,
      .add = true,
      .bias = true};
  Factors factors;
  Floats c;

  kernels_i8_of (0);
  factors_init (&factors, &size);
  for (size_t i = 0; i < factors.n; i++)
    factors.x.data[i] = (float)((int)(i * 37 % 256) - size.zero) / FACTOR;
  c = multiply (specified, &factors, &size);
  for (size_t i = 0; i < size.rows; i++)
    for (size_t j = 0; j < size.cols; j++) {
      double sum = 0;

      for (size_t o = 0; o < size.depth_groups; o++)
        for (size_t p = 0; p < size.depth; p++)
          sum += ((int)((i * size.row + o * size.group + p) * 37 % 256) - 100) *
                 factors.b[(o * size.depth + p) * size.cols + j];
      sum = sum * (double)factors.scale.data[j] + (double)factors.bias.data[j] +
            (double)factors.add.data[i * size.cols + j];
      ck_assert_double_eq_tol (
          c.data[i * (size.cols + 1) + j], fmax (sum, 0), 2e-2);
    }
  factors_clear (&factors);
  floats_clear (&c);
}
END_TEST

/* Read back through a product by 1. */
START_TEST (numbers_are_rounded_and_limited)
{
  const MxKernelsI8 *kernels = kernels_i8_of (_i);
  static const struct {
    float x, q;
  } cases[] = {{0, 100}, {1, 101}, {-1, 99}, {.49f, 100}, {.5f, 101},
      {-.49f, 100}, {-.51f, 99}, {154.6f, 255}, {155, 255}, {1e30f, 255},
      {INFINITY, 255}, {-100, 0}, {-100.7f, 0}, {-1e30f, 0}, {-INFINITY, 0},
      {NAN, 0}, {-0.0f, 100}, {17.2f, 117}, {1e-40f, 100}, {2, 102}};
  const Size size = {.rows = G_N_ELEMENTS (cases),
      .cols = 1,
      .depth_groups = 1,
      .depth = 1,
      .row = 1,
      .zero = 100};
  Factors factors;
  Floats c;

  if (kernels == NULL)
    return;
  factors_init (&factors, &size);
  factors.b[0] = 1;
  factors.scale.data[0] = 1;
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    factors.x.data[i] = cases[i].x / FACTOR;
  c = multiply (kernels, &factors, &size);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    ck_assert_float_eq (c.data[2 * i], cases[i].q - 100);
  factors_clear (&factors);
  floats_clear (&c);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  const int n = G_N_ELEMENTS (levels_i8);

  tcase_add_loop_test (tcase, every_number_of_rows_and_columns, 0, n);
  tcase_add_loop_test (tcase, every_depth_in_one_group_and_in_several, 0, n);
  tcase_add_loop_test (tcase, the_longest_sums_do_not_overflow, 0, n);
  tcase_add_loop_test (tcase, numbers_are_rounded_and_limited, 0, n);
  tcase_add_test (tcase, the_plain_product_is_right);
}

CHECK_MAIN ("kernels-i8", add_tests)
