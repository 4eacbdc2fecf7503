/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Rounding into pairs, by AVX512-BF16.  Its products, of mx-kernels-simd.c, add
 * the upper half of a float first: so the first number of a pair is there. */

#include "mx-kernels-bf16-pairs.h"

#include <immintrin.h>
#include <math.h>

#define PAIRS 16 /* of a vector */

/* A vector of numbers, and the next one. */
typedef struct {
  __m512 first, second;
} Numbers;

static inline __m512i
pair_up (Numbers x)
{
  return _mm512_rol_epi32 (
      (__m512i)_mm512_cvtne2ps_pbh (x.second, x.first), 16);
}

/* x less the nearest bfloat16; 0, unless that is finite. */
static inline __m512
rest_of (__m512 x)
{
  const __m512i bits = _mm512_cvtepu16_epi32 ((__m256i)_mm512_cvtneps_pbh (x));
  const __m512 nearest = (__m512)_mm512_slli_epi32 (bits, 16);
  const __mmask16 finite = _mm512_cmp_ps_mask (
      _mm512_abs_ps (nearest), _mm512_set1_ps (INFINITY), _CMP_LT_OQ);

  return _mm512_maskz_sub_ps (finite, x, nearest);
}

static inline Numbers
rests_of (Numbers x)
{
  return (Numbers){rest_of (x.first), rest_of (x.second)};
}

static inline __mmask16
first_lanes (size_t n)
{
  return n < PAIRS ? (__mmask16)((1u << n) - 1) : (__mmask16)-1;
}

/* @low: NULL, or where what rounding left goes, rounded, too. */
static inline void
split_row (size_t n, const float *x, float *high, float *low)
{
  size_t i = 0;

  for (; i + 2 * PAIRS <= n; i += 2 * PAIRS) {
    const Numbers numbers = {
        _mm512_loadu_ps (x + i), _mm512_loadu_ps (x + i + PAIRS)};

    _mm512_storeu_si512 (high + i / 2, pair_up (numbers));
    if (low != NULL)
      _mm512_storeu_si512 (low + i / 2, pair_up (rests_of (numbers)));
  }
  if (i < n) {
    const size_t left = n - i, second = left > PAIRS ? left - PAIRS : 0;
    const __mmask16 pairs = first_lanes ((left + 1) / 2);
    const Numbers numbers = {_mm512_maskz_loadu_ps (first_lanes (left), x + i),
        _mm512_maskz_loadu_ps (
            first_lanes (second), x + i + (second > 0 ? PAIRS : 0))};

    _mm512_mask_storeu_epi32 (high + i / 2, pairs, pair_up (numbers));
    if (low != NULL)
      _mm512_mask_storeu_epi32 (
          low + i / 2, pairs, pair_up (rests_of (numbers)));
  }
}

static inline void
split_rows (size_t rows, size_t n, const float *x, float *high, float *low)
{
  /* Without gaps they are one. */
  if (n % 2 == 0) {
    split_row (rows * n, x, high, low);
    return;
  }
  for (size_t row = 0; row < rows; row++) {
    const size_t at = row * ((n + 1) / 2);

    split_row (n, x + row * n, high + at, low != NULL ? low + at : NULL);
  }
}

void
mx_kernels_pairs_round (size_t rows, size_t n, const float *x, float *rounded)
{
  split_rows (rows, n, x, rounded, NULL);
}

void
mx_kernels_pairs_split (
    size_t rows, size_t n, const float *x, float *high, float *low)
{
  split_rows (rows, n, x, high, low);
}

extern const MxKernels mx_kernels_pairs_x86_64_v4_bf16;
extern const MxKernelsBf16 mx_kernels_bf16_x86_64_v4_bf16;

const MxKernelsBf16 mx_kernels_bf16_x86_64_v4_bf16 = {
    .name = "x86_64_v4_bf16",
    .numbers = 2,
    .round = mx_kernels_pairs_round,
    .products = &mx_kernels_pairs_x86_64_v4_bf16,
};
