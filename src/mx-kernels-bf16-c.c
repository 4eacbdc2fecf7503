/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The specification, split numbers included: what mx-kernels-bf16.h says, as it
 * says it. */

#include "mx-bf16.h"
#include "mx-kernels-bf16.h"

#include <math.h>

static void
round_rows (size_t rows, size_t n, const float *x, float *rounded)
{
  for (size_t i = 0; i < rows * n; i++)
    rounded[i] = mx_bf16_round (x[i]);
}

static void
split_rows (size_t rows, size_t n, const float *x, float *high, float *low)
{
  round_rows (rows, n, x, high);
  for (size_t i = 0; i < rows * n; i++)
    low[i] = isfinite (high[i]) ? mx_bf16_round (x[i] - high[i]) : 0;
}

/* @a, @b: of an element, its first numbers. */
static float
sum_products (const MxMatmul *op, const float *a, const float *b, float sum)
{
  for (size_t o = 0; o < op->depth_groups; o++)
    for (size_t p = 0; p < op->depth; p++) {
      const float *x =
          a + (ptrdiff_t)o * op->a_depth_group + (ptrdiff_t)p * op->a_depth;
      const float *y =
          b + (ptrdiff_t)o * op->b_depth_group + (ptrdiff_t)p * op->b_depth;

      sum += x[op->a_low] * *y;
      sum += *x * *y;
      sum += *x * y[op->b_low];
    }
  return sum;
}

static void
finish_element (const MxMatmul *op, size_t g, size_t i, size_t j)
{
  const float *a =
      op->a + (ptrdiff_t)g * op->a_group + (ptrdiff_t)i * op->a_row;
  const float *b = op->b + (ptrdiff_t)g * op->b_group +
                   (ptrdiff_t)(j / MX_PANEL) * op->b_panel + j % MX_PANEL;
  const ptrdiff_t at =
      (ptrdiff_t)g * op->c_group + (ptrdiff_t)i * op->c_row + (ptrdiff_t)j;
  float value = op->accumulate ? op->c[at] : op->bias != NULL ? op->bias[j] : 0;

  value = sum_products (op, a, b, value);
  if (op->add != NULL)
    value += op->add[at];
  if (op->activation == MX_ACTIVATION_RELU && value < 0)
    value = 0;
  op->c[at] = value;
}

static void
matmul (const MxMatmul *op)
{
  for (size_t g = 0; g < op->groups; g++)
    for (size_t i = 0; i < op->rows; i++)
      for (size_t j = 0; j < op->cols; j++)
        finish_element (op, g, i, j);
}

static const MxKernels split_products = {.name = "baseline", .matmul = matmul};

extern const MxKernelsBf16 mx_kernels_bf16_baseline;

const MxKernelsBf16 mx_kernels_bf16_baseline = {
    .name = "baseline",
    .numbers = 1,
    .round = round_rows,
    .split = split_rows,
    .split_products = &split_products,
};
