/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Products of numbers of 8 bits, for quantised networks.
 *
 *   q[k]    = smaller (255, whole part of larger (0, x[k] factor + zero + 1/2))
 *   c[i][j] = act (sum[i][j] scale[j] + bias[j] + add[i][j])
 *   sum     = sum_o sum_p (q[i][o][p] - zero) b[o][p][j]
 *
 * q is from 0 to 255, b from -128 to 127, and the sum, of at most
 * MX_I8_MAX_DEPTH terms, whole and exact in 32 bits; it is rounded once, to a
 * float.  What follows is rounded at each sign, never fused.  So all kernels
 * give the same bits.  What is not a number counts as 0 in q.
 *
 * mx-kernels-i8-c.c is the specification in plain C; mx-kernels-i8-simd.c is
 * one source in vectors, built once for each instruction set:
 *
 *   x86-64-v4-vnni, neon-dotprod
 *                    four products of 8 bits into each sum by one instruction
 *   x86-64-v2 to v4, neon
 *                    both factors widened to 16 bits, two products into each
 *                    sum.  There is an instruction for factors of 8 bits, but
 *                    it saturates its sums at 16 (pmaddubsw): weights would be
 *                    left 7 bits
 *
 * How activations and weights are stored is the kernels' own. */
#pragma once

#include "mx-kernels.h"

#define MX_I8_MAX_DEPTH 65536

/* What a product multiplies by. */
typedef struct {
  size_t depth_groups, depth, cols;
  const int8_t *b;    /* [depth_groups][depth][cols] */
  const float *scale; /* [cols] */
  const float *bias;  /* [cols] or NULL */
  int zero;           /* 0 to 255, the q of a 0 */
} MxI8Weights;

/* a begins at the first number of row 0.  All strides are in numbers, and may
 * be smaller than a row is long.  Nothing is read of add, and written of c,
 * past column `cols` of a row. */
typedef struct {
  size_t rows, cols, depth_groups, depth;
  const void *a; /* as quantise() stores them */
  ptrdiff_t a_row, a_depth_group;
  const void *b; /* as pack() stores them */
  float *c;
  ptrdiff_t c_row;
  const float *add; /* laid out as c, or NULL */
  MxActivation activation;
} MxI8Matmul;

typedef struct {
  const char *name; /* of the instruction set, for logs */
  size_t number;    /* bytes of a q as it is stored */
  size_t behind;    /* bytes read behind the last q of a product, any */

  /* x [n] into q [n]. */
  void (*quantise) (size_t n, const float *x, float factor, int zero, void *q);
  /* Bytes, a multiple of 4; at 64 bytes they are fastest. */
  size_t (*packed_size) (size_t depth_groups, size_t depth, size_t cols);
  void (*pack) (const MxI8Weights *weights, void *packed);
  void (*matmul) (const MxI8Matmul *op);
} MxKernelsI8;

/* As mx_kernels_get() and mx_kernels_get_for_level(). */
const MxKernelsI8 *mx_kernels_i8_get (void);
const MxKernelsI8 *mx_kernels_i8_get_for_level (int level);
