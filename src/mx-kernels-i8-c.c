/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The specification: what mx-kernels-i8.h says, as it says it.  Built without
 * contraction of products and sums. */

#include "mx-kernels-i8.h"

/* Packed: what weights say, then b. */
typedef struct {
  int32_t zero;
  float columns[]; /* scale [cols], bias [cols], then int8_t b */
} Packed;

static void
quantise (size_t n, const float *x, float factor, int zero, void *q)
{
  const float half = (float)zero + 0.5f;
  uint8_t *to = q;

  for (size_t i = 0; i < n; i++) {
    float v = x[i] * factor + half;

    v = v > 0.0f ? v : 0.0f;
    to[i] = (uint8_t)(v < 255.0f ? v : 255.0f);
  }
}

static size_t
packed_size (size_t depth_groups, size_t depth, size_t cols)
{
  size_t size =
      sizeof (Packed) + 2 * cols * sizeof (float) + depth_groups * depth * cols;

  return (size + 3) / 4 * 4;
}

static void
pack (const MxI8Weights *weights, void *packed)
{
  const size_t cols = weights->cols;
  Packed *to = packed;

  to->zero = weights->zero;
  for (size_t j = 0; j < cols; j++) {
    to->columns[j] = weights->scale[j];
    to->columns[cols + j] = weights->bias != NULL ? weights->bias[j] : 0.0f;
  }
  memcpy (to->columns + 2 * cols, weights->b,
      weights->depth_groups * weights->depth * cols);
}

static int32_t
sum_element (const MxI8Matmul *op, size_t i, size_t j)
{
  const Packed *packed = op->b;
  const int8_t *b = (const int8_t *)(packed->columns + 2 * op->cols);
  int32_t sum = 0;

  for (size_t o = 0; o < op->depth_groups; o++) {
    const uint8_t *a = (const uint8_t *)op->a + (ptrdiff_t)i * op->a_row +
                       (ptrdiff_t)o * op->a_depth_group;

    for (size_t p = 0; p < op->depth; p++)
      sum += (a[p] - packed->zero) * b[(o * op->depth + p) * op->cols + j];
  }
  return sum;
}

static void
matmul (const MxI8Matmul *op)
{
  const float *columns = ((const Packed *)op->b)->columns;

  for (size_t i = 0; i < op->rows; i++) {
    for (size_t j = 0; j < op->cols; j++) {
      ptrdiff_t at = (ptrdiff_t)i * op->c_row + (ptrdiff_t)j;
      float value = (float)sum_element (op, i, j) * columns[j];

      value += columns[op->cols + j];
      if (op->add != NULL)
        value += op->add[at];
      if (op->activation == MX_ACTIVATION_RELU && value < 0.0f)
        value = 0.0f;
      op->c[at] = value;
    }
  }
}

extern const MxKernelsI8 mx_kernels_i8_baseline;

const MxKernelsI8 mx_kernels_i8_baseline = {
    .name = "baseline",
    .number = sizeof (uint8_t),
    .quantise = quantise,
    .packed_size = packed_size,
    .pack = pack,
    .matmul = matmul,
};
