/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What the front end does behind mel power, in GCC vector extensions: one
 * source, built once for each instruction set. */

#include "mx-kernels-mel.h"

#include <string.h>

#if defined(__AVX2__) || defined(__AVX512F__)
#  define LANES 8
#else
#  define LANES 4
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define NAMED(name) JOIN (JOIN (mx_kernels_##name, _), MX_KERNELS_SUFFIX)

#define ALWAYS_INLINE inline __attribute__ ((always_inline))

typedef float V __attribute__ ((vector_size (LANES * 4)));
typedef float Unaligned
    __attribute__ ((vector_size (LANES * 4), aligned (4), may_alias));
typedef int Integers __attribute__ ((vector_size (LANES * 4)));

static ALWAYS_INLINE V
convert (Integers x)
{
  return __builtin_convertvector(x, V);
}

static ALWAYS_INLINE V
choose (Integers mask, V yes, V no)
{
  return (V)(((Integers)yes & mask) | ((Integers)no & ~mask));
}

/* x = 2^e m, m near 1; ln m = 2 (s + s^3 / 3 + s^5 / 5 + ...),
 * s = (m - 1) / (m + 1), |s| < .172. */
static ALWAYS_INLINE V
logarithm (V x)
{
  const int sqrt_half = 0x3f3504f3; /* bits of the float */
  Integers shifted = (Integers)x - sqrt_half;
  V e = convert (shifted >> 23);
  V m = (V)((shifted & 0x7fffff) + sqrt_half);
  V s = (m - 1) / (m + 1), t = s * s;
  V sum = 1.f / 9 * t + 1.f / 7;

  sum = sum * t + 1.f / 5;
  sum = sum * t + 1.f / 3;
  /* ln 2 in two parts, the first of which times e is exact. */
  return e * 0.693145751953125f +
         (2 * s * t * sum + (e * 1.42860682030941723e-6f + 2 * s));
}

/* e^x = 2^n e^r, |r| <= ln 2 / 2, and 0 where no normal float is as small. */
static ALWAYS_INLINE V
exponential (V x)
{
  const float round = 12582912; /* 1.5 2^23: adding it leaves an integer */
  V n = (x * 1.44269504088896341f + round) - round;
  V r = x - n * 0.693145751953125f - n * 1.42860682030941723e-6f;
  V sum = 1.f / 5040 * r + 1.f / 720;
  Integers exponent = __builtin_convertvector(n, Integers);

  sum = sum * r + 1.f / 120;
  sum = sum * r + 1.f / 24;
  sum = sum * r + 1.f / 6;
  sum = sum * r + .5f;
  sum = sum * r * r + r + 1;
  return choose (exponent > -127, sum * (V)((exponent + 127) << 23), (V){0});
}

void NAMED (log) (size_t n, float floor, float *x);

void
NAMED (log) (size_t n, float floor, float *x)
{
  size_t i = 0;

  for (; i + LANES <= n; i += LANES)
    *(Unaligned *)(x + i) = logarithm (*(Unaligned *)(x + i) + floor);
  if (i < n) {
    V rest = {0};

    memcpy (&rest, x + i, (n - i) * sizeof *x);
    rest = logarithm (rest + floor);
    memcpy (x + i, &rest, (n - i) * sizeof *x);
  }
}

static ALWAYS_INLINE V
pcen_step (const MxPcen *pcen, V e, V *smooth)
{
  V m = choose (*smooth < 0, e, *smooth);

  m = (1 - pcen->smoothing) * m + pcen->smoothing * e;
  *smooth = m;
  m = exponential (-pcen->alpha * logarithm (m + pcen->epsilon));
  return logarithm (1 + e * m);
}

void NAMED (pcen) (const MxPcen *pcen, size_t n, float *x, float *smooth);

void
NAMED (pcen) (const MxPcen *pcen, size_t n, float *x, float *smooth)
{
  size_t i = 0;

  for (; i + LANES <= n; i += LANES) {
    V m = *(Unaligned *)(smooth + i);

    *(Unaligned *)(x + i) = pcen_step (pcen, *(Unaligned *)(x + i), &m);
    *(Unaligned *)(smooth + i) = m;
  }
  if (i < n) {
    V rest = {0}, m = {0};

    memcpy (&rest, x + i, (n - i) * sizeof *x);
    memcpy (&m, smooth + i, (n - i) * sizeof *x);
    rest = pcen_step (pcen, rest, &m);
    memcpy (x + i, &rest, (n - i) * sizeof *x);
    memcpy (smooth + i, &m, (n - i) * sizeof *x);
  }
}
