/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Products of numbers of 16 bits (mx-bf16.h), summed in floats:
 *
 *   MxMatmul with the nearest bfloat16 of a and of b in their place
 *
 * Products of two such numbers are exact.  They are summed in the order of
 * MxMatmul, each added product rounded to the nearest float.  Kernels whose
 * multiply-adds are fused (all but baseline and x86-64-v2) give the same bits,
 * unless what is added is smaller than a float's normal numbers (2^-126), which
 * may count as 0.
 *
 * A row of numbers takes a different number of floats in each way:
 *
 *   x86-64-v4-bf16   two numbers in the place of one float, the first one in
 *                    its upper half; of an odd row the last one is with a 0.
 *                    One instruction multiplies and adds both
 *   else             floats that were rounded, for MxKernels: nothing is faster
 *                    so, but every processor gives the same answers
 *
 *   x86-64-v4-amx    as pairs; tiles of 16 x 32 numbers by 32 x 16 (Intel AMX).
 *                    Sums are taken in another order, and differ in their last
 *                    bits
 *
 * Split numbers are nearly floats (bf16x3): of each the nearest bfloat16, high,
 * and that of what it leaves, low; low is 0 where high is not finite.
 *
 *   x y = high(x) high(y) + high(x) low(y) + low(x) high(y)
 *
 * less low times low, and what low leaves: together at most 2^-15 |x| |y|, and
 * what is below 2^-126.  So a product costs three; of all processors those with
 * AMX are faster so.  Where x or y is not finite, or beyond (2 - 2^-8) 2^127,
 * the sum is not finite, but may be NaN in place of infinite.
 *
 * mx-kernels-bf16.c, mx-kernels-bf16-c.c and mx-kernels-c.c are the
 * specification. */
#pragma once

#include "mx-kernels.h"

typedef struct {
  const char *name; /* of the instruction set, for logs: x86_64_v4 */
  size_t numbers;   /* in the place of a float: 2, or 1 */

  /* Rows of n floats, one after the other, into as many of
   * mx_kernels_bf16_row() floats. */
  void (*round) (size_t rows, size_t n, const float *x, float *rounded);
  /* Of what was rounded, its matmul alone, and without b_half; NULL: those of
   * floats. */
  const MxKernels *products;

  /* As round(), into high and low; NULL: floats are faster. */
  void (*split) (
      size_t rows, size_t n, const float *x, float *high, float *low);
  /* Of what was split, with a_low and b_low; as `products`. */
  const MxKernels *split_products;
} MxKernelsBf16;

/* As mx_kernels_get() and mx_kernels_get_for_level(). */
const MxKernelsBf16 *mx_kernels_bf16_get (void);
const MxKernelsBf16 *mx_kernels_bf16_get_for_level (int level);

/* Floats that a row of n numbers takes. */
static inline size_t
mx_kernels_bf16_row (const MxKernelsBf16 *kernels, size_t n)
{
  return (n + kernels->numbers - 1) / kernels->numbers;
}
