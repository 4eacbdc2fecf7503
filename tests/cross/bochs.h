/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Included before all else by amx.sh: Bochs 3.0 converts the first half of what
 * vcvtne2ps2bf16 is given twice, and the second one never. */
#ifdef __AVX512BF16__
#  include <immintrin.h>

static inline __m512bh
convert_halves (__m512 second, __m512 first)
{
  return (__m512bh)_mm512_inserti64x4 (
      _mm512_castsi256_si512 ((__m256i)_mm512_cvtneps_pbh (first)),
      (__m256i)_mm512_cvtneps_pbh (second), 1);
}

#  undef _mm512_cvtne2ps_pbh
#  define _mm512_cvtne2ps_pbh convert_halves
#endif
