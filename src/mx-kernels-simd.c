/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The primitives in GCC vector extensions: one source, built once for each
 * instruction set, which decides how wide a vector is and how many rows of a
 * product find room in its registers. */

#include "mx-kernels.h"

#if defined(__AVX512F__)
#  define NAME "x86-64-v4"
#  define LANES 16
#  define BLOCK_ROWS 14 /* 32 registers: 28 sums, 2 of b, 1 of a */
#elif defined(__AVX2__)
#  define NAME "x86-64-v3"
#  define LANES 8
#  define BLOCK_ROWS 6 /* 16 registers: 12 sums, 2 of b, 1 of a */
#elif defined(__aarch64__)
#  define NAME "neon"
#  define LANES 4
#  define BLOCK_ROWS 14
#else
#  define NAME "x86-64-v2"
#  define LANES 4
#  define BLOCK_ROWS 6
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define TABLE JOIN (mx_kernels_, MX_KERNELS_SUFFIX)

#define ALWAYS_INLINE inline __attribute__ ((always_inline))
#define UNROLL _Pragma ("GCC unroll 16")

/* Some rows of c, and columns within one panel of b. */
typedef struct {
  const MxMatmul *op;
  size_t rows;
  const float *a, *b;
  float *c;
  const float *bias, *add;
} Block;

#define WIDTH LANES
#define VECTORS 2
#define ROWS BLOCK_ROWS
#include "mx-kernels-block.h"
#define WIDTH LANES
#define VECTORS 1
#define ROWS BLOCK_ROWS
#include "mx-kernels-block.h"
/* Columns left over. */
#if LANES > 8
#  define WIDTH 8
#  define VECTORS 1
#  define ROWS 4
#  include "mx-kernels-block.h"
#endif
#if LANES > 4
#  define WIDTH 4
#  define VECTORS 1
#  define ROWS 4
#  include "mx-kernels-block.h"
#endif
#define WIDTH 1
#define VECTORS 1
#define ROWS 4
#include "mx-kernels-block.h"

static const struct {
  size_t cols, rows;
  void (*run) (const Block *block);
} shapes[] = {
    {2 * LANES, BLOCK_ROWS, JOIN (run2x, LANES)},
    {LANES, BLOCK_ROWS, JOIN (run1x, LANES)},
#if LANES > 8
    {8, 4, run1x8},
#endif
#if LANES > 4
    {4, 4, run1x4},
#endif
    {1, 4, run1x1},
};

/* Columns [first, first + shape's columns) of all groups and rows: one panel
 * of b is used for all of them while it is near. */
static void
run_columns (const MxMatmul *op, size_t first, size_t shape)
{
  const size_t n_blocks =
      (op->rows + shapes[shape].rows - 1) / shapes[shape].rows;
  const ptrdiff_t col = (ptrdiff_t)first;
  Block block = {
      .op = op,
      .b = op->b + col / MX_PANEL * op->b_panel + col % MX_PANEL,
      .bias = op->bias != NULL ? op->bias + col : NULL,
  };

  for (size_t g = 0; g < op->groups; g++) {
    for (size_t k = 0; k < n_blocks; k++) {
      /* As even as can be: 49 = 12 + 12 + 12 + 13. */
      size_t row = op->rows * k / n_blocks;
      ptrdiff_t c =
          (ptrdiff_t)g * op->c_group + (ptrdiff_t)row * op->c_row + col;

      block.rows = op->rows * (k + 1) / n_blocks - row;
      block.a = op->a + (ptrdiff_t)g * op->a_group + (ptrdiff_t)row * op->a_row;
      block.c = op->c + c;
      block.add = op->add != NULL ? op->add + c : NULL;
      shapes[shape].run (&block);
    }
  }
}

static void
matmul (const MxMatmul *op)
{
  MxMatmul turned = *op;
  size_t shape = 0;

  /* Groups of a single row are rows. */
  if (op->rows == 1) {
    turned.groups = 1;
    turned.rows = op->groups;
    turned.a_row = op->a_group;
    turned.c_row = op->c_group;
  }
  for (size_t first = 0; first < op->cols; first += shapes[shape].cols) {
    while (shapes[shape].cols > op->cols - first)
      shape++;
    run_columns (&turned, first, shape);
  }
}

static float
activate (MxActivation activation, float x)
{
  return activation == MX_ACTIVATION_RELU && x < 0.0f ? 0.0f : x;
}

static void
depthwise (const MxDepthwise *op)
{
  for (size_t i = 0; i < op->rows; i++) {
    const float *x = op->x + (ptrdiff_t)i * op->x_row;
    float *y = op->y + (ptrdiff_t)i * op->y_row;

    for (size_t c = 0; c < op->channels; c++) {
      float sum = op->bias != NULL ? op->bias[c] : 0.0f;

      for (size_t j = 0; j < op->taps; j++)
        sum += op->w[j * op->channels + c] *
               x[(ptrdiff_t)j * op->x_tap + (ptrdiff_t)c];
      y[c] = activate (op->activation, sum);
    }
  }
}

static void
affine (size_t n, size_t channels, const float *x, const float *scale,
    const float *shift, MxActivation activation, float *y)
{
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < channels; c++)
      y[i * channels + c] =
          activate (activation, x[i * channels + c] * scale[c] + shift[c]);
  }
}

static void
channel_sum (size_t n, size_t channels, const float *x, float *restrict sum)
{
  for (size_t c = 0; c < channels; c++)
    sum[c] = 0.0f;
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < channels; c++)
      sum[c] += x[i * channels + c];
  }
}

static void
channel_deviation (size_t n, size_t channels, const float *x, const float *mean,
    float *restrict sum)
{
  for (size_t c = 0; c < channels; c++)
    sum[c] = 0.0f;
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < channels; c++) {
      float deviation = x[i * channels + c] - mean[c];

      sum[c] += deviation * deviation;
    }
  }
}

static void
channel_dot (size_t n, size_t channels, const float *x, const float *y,
    const float *mean, float *restrict sum)
{
  for (size_t c = 0; c < channels; c++)
    sum[c] = 0.0f;
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < channels; c++)
      sum[c] += x[i * channels + c] * (y[i * channels + c] - mean[c]);
  }
}

extern const MxKernels TABLE;

const MxKernels TABLE = {
    .name = NAME,
    .matmul = matmul,
    .depthwise = depthwise,
    .affine = affine,
    .channel_sum = channel_sum,
    .channel_deviation = channel_deviation,
    .channel_dot = channel_dot,
};
