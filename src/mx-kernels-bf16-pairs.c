/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Rounding into pairs, by AVX512-BF16.  Its products, of mx-kernels-simd.c, add
 * the upper half of a float first: so the first number of a pair is there. */

#include "mx-kernels-bf16.h"

#include <immintrin.h>

#define PAIRS 16 /* of a vector */

/* @low, @high: the first half of the numbers, and the second. */
static inline __m512i
pair_up (__m512 low, __m512 high)
{
  return _mm512_rol_epi32 ((__m512i)_mm512_cvtne2ps_pbh (high, low), 16);
}

static inline __mmask16
first_lanes (size_t n)
{
  return n < PAIRS ? (__mmask16)((1u << n) - 1) : (__mmask16)-1;
}

static void
round_row (size_t n, const float *x, float *rounded)
{
  size_t i = 0;

  for (; i + 2 * PAIRS <= n; i += 2 * PAIRS)
    _mm512_storeu_si512 (rounded + i / 2,
        pair_up (_mm512_loadu_ps (x + i), _mm512_loadu_ps (x + i + PAIRS)));
  if (i < n) {
    size_t left = n - i, second = left > PAIRS ? left - PAIRS : 0;
    __m512 low = _mm512_maskz_loadu_ps (first_lanes (left), x + i);
    __m512 high = _mm512_maskz_loadu_ps (
        first_lanes (second), x + i + (second > 0 ? PAIRS : 0));

    _mm512_mask_storeu_epi32 (
        rounded + i / 2, first_lanes ((left + 1) / 2), pair_up (low, high));
  }
}

static void
round_rows (size_t rows, size_t n, const float *x, float *rounded)
{
  /* Without gaps they are one. */
  if (n % 2 == 0) {
    round_row (rows * n, x, rounded);
    return;
  }
  for (size_t row = 0; row < rows; row++)
    round_row (n, x + row * n, rounded + row * ((n + 1) / 2));
}

extern const MxKernels mx_kernels_pairs_x86_64_v4_bf16;
extern const MxKernelsBf16 mx_kernels_bf16_x86_64_v4_bf16;

const MxKernelsBf16 mx_kernels_bf16_x86_64_v4_bf16 = {
    .name = "x86_64_v4_bf16",
    .numbers = 2,
    .round = round_rows,
    .products = &mx_kernels_pairs_x86_64_v4_bf16,
};
