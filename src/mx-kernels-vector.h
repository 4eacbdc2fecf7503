/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mx-kernels-simd.c needs of an instruction set beyond GCC's vectors:
 * fused multiplications and additions, floats out of halves, and the first
 * lanes of a vector, for each that has them. */
#pragma once

#include "mx-half.h"

#include <stdint.h>

#define ALWAYS_INLINE inline __attribute__ ((always_inline))
#ifdef __clang__
#  define UNROLL _Pragma ("clang loop unroll(full)")
#else
#  define UNROLL _Pragma ("GCC unroll 32")
#endif

/* x y + z in one instruction, for each width of a vector: the compiler's
 * vectors are those of the instruction set. */
#if defined(__FMA__)
#  include <immintrin.h>
#  define FUSED
#  define fused16 _mm512_fmadd_ps
#  define fused8 _mm256_fmadd_ps
#  define fused4 _mm_fmadd_ps
#elif defined(__aarch64__)
#  include <arm_neon.h>
#  define FUSED
#  define fused4(x, y, z) vfmaq_f32 (z, x, y)
#endif
#define fused1 __builtin_fmaf

/* The halves of each float: first the upper ones, then the lower ones. */
#ifdef MX_PAIRS
#  undef fused16
#  define fused16(x, y, z) _mm512_dpbf16_ps (z, (__m512bh)(x), (__m512bh)(y))
#endif

/* As many halves as floats of that width, from anywhere. */
#if defined(__FMA__)
#  define widen16(from)                                                        \
    _mm512_cvtph_ps (_mm256_loadu_si256 ((const __m256i *)(from)))
#  define widen8(from)                                                         \
    _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i *)(from)))
#elif defined(__aarch64__)
#  define widen4(from)                                                         \
    vcvt_f32_f16 (vreinterpret_f16_u16 (vld1_u16 ((const MxHalf *)(from))))
#else
typedef float Floats __attribute__ ((vector_size (16)));
typedef uint32_t Words __attribute__ ((vector_size (16)));
typedef MxHalf Halves
    __attribute__ ((vector_size (8), aligned (sizeof (MxHalf)), may_alias));

/* As mx_half_to_float(), of what is finite. */
static ALWAYS_INLINE Floats
widen4 (const void *from)
{
  Words half = __builtin_convertvector(*(const Halves *)from, Words);
  Words bits = (half & 0x7fffu) << MX_HALF_SHIFT;
  Words small = (Words)(bits < 1u << 23);
  Words unit = small & MX_HALF_SMALLEST;
  Floats value = (Floats)(bits + MX_HALF_BIAS + (small & 1u << 23));

  return (Floats)((Words)(value - (Floats)unit) | (half & 0x8000u) << 16);
}
#endif
#define widen1(from) mx_half_to_float (*(const MxHalf *)(from))

/* The first lanes of a vector: columns that are left over. */
#if defined(__AVX512F__)
#  define HAVE_PART
typedef __mmask16 Mask;
#  define first_lanes(n) ((Mask)((1u << (n)) - 1))
#  define load_lanes _mm512_maskz_loadu_ps
#  define widen_lanes(mask, from)                                              \
    _mm512_cvtph_ps (_mm256_maskz_loadu_epi16 (mask, from))
#  define store_lanes(mask, to, vector) _mm512_mask_storeu_ps (to, mask, vector)
#elif defined(__AVX2__)
#  define HAVE_PART
typedef __m256i Mask;
#  define first_lanes(n)                                                       \
    _mm256_cmpgt_epi32 (_mm256_set1_epi32 ((int)(n)),                          \
        _mm256_setr_epi32 (0, 1, 2, 3, 4, 5, 6, 7))
#  define load_lanes(mask, from) _mm256_maskload_ps (from, mask)
#  define widen_lanes(mask, from) widen8 (from)
#  define store_lanes(mask, to, vector) _mm256_maskstore_ps (to, mask, vector)
#endif
