/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How many multiplications and additions an instruction set does if nothing
 * has to be fetched: the limit that kernels are measured against. */

#include <stddef.h>

#if defined(__AVX512F__)
#  define LANES 16
#elif defined(__AVX__)
#  define LANES 8
#else
#  define LANES 4
#endif
#define CHAINS 12 /* enough to hide the latency, few enough for registers */

typedef float Vector __attribute__ ((vector_size (LANES * sizeof (float))));

size_t PROBE_NAME (size_t n);

/* Runs n rounds; returns the operations of a round. */
size_t
PROBE_NAME (size_t n)
{
  Vector sum[CHAINS] = {0}, factor = {0}, term = {0};

  for (size_t i = 0; i < n; i++) {
#pragma GCC unroll 16
    for (int k = 0; k < CHAINS; k++) {
      /* What the compiler cannot see through, it must compute. */
      __asm__ volatile("" : "+x"(factor));
      sum[k] += factor * term;
      __asm__ volatile("" : "+x"(sum[k]));
    }
  }
  return 2 * CHAINS * LANES;
}
