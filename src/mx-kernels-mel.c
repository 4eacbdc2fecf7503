/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Mel power in GCC vector extensions: one source, built once for each
 * instruction set.
 *
 * Frames lie side by side in the lanes of a vector, so a transform of several
 * frames is the scalar transform of one, written with vectors: no shuffles but
 * on the way in and out, and no lane knows of another.  The transform is
 * Stockham's self-sorting one (W. Cochran et al., "What is the fast Fourier
 * transform?", 1967) in radices 2, 3, 4, 5 and 8; of real samples taken as half
 * as many complex ones.  The first step takes samples as they come in, the last
 * goes on to the power: between, frames pass through memory as rarely as can
 * be. */

#include "mx-kernels-mel.h"

#include <string.h>

#if defined(__AVX2__) || defined(__AVX512F__)
#  define LANES 8
#else
#  define LANES 4
#endif
#define QUARTET 4
#define MAX_RADIX 8

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define NAMED(name) JOIN (JOIN (mx_kernels_##name, _), MX_KERNELS_SUFFIX)

#ifdef __clang__
#  define UNROLL _Pragma ("clang loop unroll(full)")
#else
#  define UNROLL _Pragma ("GCC unroll 8")
#endif
#define ALWAYS_INLINE inline __attribute__ ((always_inline))

typedef float V __attribute__ ((vector_size (LANES * 4)));
typedef int Mask __attribute__ ((vector_size (LANES * 4)));
typedef float Four
    __attribute__ ((vector_size (QUARTET * 4), aligned (4), may_alias));

#include "mx-kernels-butterflies.h"

/* --- samples into lanes --- */

#if LANES == 8
#  define PAIR(low, high)                                                      \
    __builtin_shufflevector (low, high, 0, 1, 2, 3, 4, 5, 6, 7)
#  define INTERLEAVE_LOW(a, b)                                                 \
    __builtin_shufflevector (a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#  define INTERLEAVE_HIGH(a, b)                                                \
    __builtin_shufflevector (a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#  define JOIN_LOW(a, b)                                                       \
    __builtin_shufflevector (a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#  define JOIN_HIGH(a, b)                                                      \
    __builtin_shufflevector (a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#else
#  define INTERLEAVE_LOW(a, b) __builtin_shufflevector (a, b, 0, 4, 1, 5)
#  define INTERLEAVE_HIGH(a, b) __builtin_shufflevector (a, b, 2, 6, 3, 7)
#  define JOIN_LOW(a, b) __builtin_shufflevector (a, b, 0, 1, 4, 5)
#  define JOIN_HIGH(a, b) __builtin_shufflevector (a, b, 2, 3, 6, 7)
#endif

/* Rows of four numbers become columns, in each half of wide vectors. */
static ALWAYS_INLINE void
transpose (V x[QUARTET])
{
  V ab = INTERLEAVE_LOW (x[0], x[1]), cd = INTERLEAVE_LOW (x[2], x[3]);
  V ab_high = INTERLEAVE_HIGH (x[0], x[1]);
  V cd_high = INTERLEAVE_HIGH (x[2], x[3]);

  x[0] = JOIN_LOW (ab, cd);
  x[1] = JOIN_HIGH (ab, cd);
  x[2] = JOIN_LOW (ab_high, cd_high);
  x[3] = JOIN_HIGH (ab_high, cd_high);
}

/* Four samples of frame k and, in wide vectors, of frame k + 4. */
static ALWAYS_INLINE V
load_quartets (const float *const *frames, size_t k, size_t i)
{
  Four low = *(const Four *)(frames[k] + i);
#if LANES == 8
  Four high = *(const Four *)(frames[k + 4] + i);

  return PAIR (low, high);
#else
  return low;
#endif
}

/* Some of the samples i to i + 3 are there. */
static void __attribute__ ((noinline)) load_part (
    const MxMelPlan *plan, const float *const *frames, size_t i, V x[QUARTET])
{
  UNROLL
  for (size_t k = 0; k < QUARTET; k++) {
    x[k] = (V){0};
    for (size_t lane = 0; lane < LANES && i + k < plan->frame; lane++)
      x[k][lane] = frames[lane][i + k] * plan->window[i + k];
  }
}

/* Samples i to i + 3 of all frames, in the window, as two complex numbers. */
static ALWAYS_INLINE void
load (const MxMelPlan *plan, const float *const *frames, size_t i, Complex z[2])
{
  V x[QUARTET] = {0};

  if (i + QUARTET <= plan->frame) {
    UNROLL
    for (size_t k = 0; k < QUARTET; k++)
      x[k] = load_quartets (frames, k, i);
    transpose (x);
    UNROLL
    for (size_t k = 0; k < QUARTET; k++)
      x[k] *= plan->window[i + k];
  } else if (i < plan->frame) {
    load_part (plan, frames, i, x);
  }
  z[0] = (Complex){x[0], x[1]};
  z[1] = (Complex){x[2], x[3]};
}

/* --- transform --- */

typedef void Butterfly (Complex *x);

/* Points of a transform, w its twiddles, NULL if they are 1. */
static ALWAYS_INLINE void
combine (size_t radix, Butterfly *butterfly, const float *w, Complex *z,
    size_t stride, Complex *y)
{
  butterfly (z);
  UNROLL
  for (size_t k = 0; k < radix; k++)
    y[stride * k] =
        w == NULL || k == 0 ? z[k] : multiply (z[k], w + 2 * (k - 1));
}

/* The first step, of samples as they come in. */
static ALWAYS_INLINE void
begin (size_t radix, Butterfly *butterfly, const MxMelPlan *plan,
    const float *const *frames, Complex *y)
{
  const size_t m = plan->fft / 2 / radix;

  for (size_t p = 0; p < m; p += 2) {
    const float *w = plan->twiddles + p * 2 * (radix - 1);
    Complex pairs[MAX_RADIX][2], z[MAX_RADIX];

    UNROLL
    for (size_t j = 0; j < radix; j++)
      load (plan, frames, 2 * (p + m * j), pairs[j]);
    UNROLL
    for (size_t j = 0; j < radix; j++)
      z[j] = pairs[j][0];
    combine (radix, butterfly, w, z, 1, y + radix * p);
    if (p + 1 == m)
      break;
    UNROLL
    for (size_t j = 0; j < radix; j++)
      z[j] = pairs[j][1];
    combine (radix, butterfly, w + 2 * (radix - 1), z, 1, y + radix * (p + 1));
  }
}

/* `stride` interleaved transforms of n points each become `radix` times as many
 * of n / radix. */
static ALWAYS_INLINE void
step (size_t radix, Butterfly *butterfly, size_t n, size_t stride,
    const float *twiddles, const Complex *x, Complex *y)
{
  const size_t m = n / radix;

  for (size_t p = 0; p < m; p++) {
    const float *w = p == 0 ? NULL : twiddles + p * 2 * (radix - 1);

    for (size_t q = 0; q < stride; q++) {
      Complex z[MAX_RADIX];

      UNROLL
      for (size_t j = 0; j < radix; j++)
        z[j] = x[q + stride * (p + m * j)];
      combine (radix, butterfly, w, z, stride, y + q + stride * radix * p);
    }
  }
}

/* --- power --- */

static ALWAYS_INLINE V
power_of (Complex a)
{
  return a.re * a.re + a.im * a.im;
}

/* Four times the power of the real samples' spectrum, from the complex ones',
 * two bins at a time:
 *   2 X[k] = E - i w O,   2 X*[m - k] = E + i w O
 *   E = Z[k] + Z*[m - k],  O = Z[k] - Z*[m - k],  w = e^(-2 pi i k / fft)
 *   m = fft / 2,  Z[m] = Z[0] */
static ALWAYS_INLINE void
store_power (const MxMelPlan *plan, size_t k, Complex a, Complex b, V *power)
{
  Complex even = {a.re + b.re, a.im - b.im};
  Complex odd = {a.re - b.re, a.im + b.im};

  odd = turn (multiply (odd, plan->rotation + 2 * k));
  power[k] = power_of (add (even, odd));
  power[plan->fft / 2 - k] = power_of (subtract (even, odd));
}

/* The last step, and the power of its points: those of transform q meet those
 * of stride - q, those of 0 each other. */
static ALWAYS_INLINE void
end (size_t radix, Butterfly *butterfly, const MxMelPlan *plan,
    const Complex *x, V *power)
{
  const size_t stride = plan->fft / 2 / radix;
  Complex a[MAX_RADIX], b[MAX_RADIX];

  UNROLL
  for (size_t j = 0; j < radix; j++)
    a[j] = x[stride * j];
  butterfly (a);
  UNROLL
  for (size_t k = 0; k <= radix / 2; k++)
    store_power (plan, stride * k, a[k], a[(radix - k) % radix], power);
  for (size_t q = 1; q <= stride / 2; q++) {
    UNROLL
    for (size_t j = 0; j < radix; j++) {
      a[j] = x[stride * j + q];
      b[j] = x[stride * j + stride - q];
    }
    butterfly (a);
    butterfly (b);
    UNROLL
    for (size_t k = 0; k < radix; k++)
      store_power (plan, stride * k + q, a[k], b[radix - 1 - k], power);
  }
}

/* Bands m to m + n - 1, side by side as far as all of them go. */
static ALWAYS_INLINE void
add_bands (const MxMelPlan *plan, size_t m, size_t n, const V *power, V *sums)
{
  const MxBand *band = &plan->bands[m];
  size_t common = band->n;

  UNROLL
  for (size_t k = 0; k < n; k++) {
    common = band[k].n < common ? band[k].n : common;
    sums[k] = (V){0};
  }
  for (size_t i = 0; i < common; i++) {
    UNROLL
    for (size_t k = 0; k < n; k++)
      sums[k] += power[band[k].first + i] * plan->weights[band[k].offset + i];
  }
  UNROLL
  for (size_t k = 0; k < n; k++) {
    for (size_t i = common; i < band[k].n; i++)
      sums[k] += power[band[k].first + i] * plan->weights[band[k].offset + i];
    sums[k] *= .25f;
  }
}

static void
sum_bands (const MxMelPlan *plan, const V *power, size_t frames, float *out)
{
  const size_t bands = plan->n_bands;
  Mask good = ~(Mask){0};
  size_t m = 0;

  for (; m + QUARTET <= bands; m += QUARTET) {
    V sums[QUARTET];

    add_bands (plan, m, QUARTET, power, sums);
    UNROLL
    for (size_t k = 0; k < QUARTET; k++)
      good &= sums[k] <= MX_MEL_MAX_POWER; /* false if it is no number */
    transpose (sums);
    for (size_t lane = 0; lane < frames; lane++)
      memcpy (out + lane * bands + m,
          (const float *)&sums[lane % QUARTET] + lane / QUARTET * QUARTET,
          QUARTET * sizeof *out);
  }
  for (; m < bands; m++) {
    V sum;

    add_bands (plan, m, 1, power, &sum);
    good &= sum <= MX_MEL_MAX_POWER;
    for (size_t lane = 0; lane < frames; lane++)
      out[lane * bands + m] = sum[lane];
  }
  for (size_t lane = 0; lane < frames; lane++)
    if (!good[lane])
      memset (out + lane * bands, 0, bands * sizeof *out);
}

#define SWITCH(radix, function, ...)                                           \
  switch (radix) {                                                             \
  case 2:                                                                      \
    function (2, butterfly2, __VA_ARGS__);                                     \
    break;                                                                     \
  case 3:                                                                      \
    function (3, butterfly3, __VA_ARGS__);                                     \
    break;                                                                     \
  case 4:                                                                      \
    function (4, butterfly4, __VA_ARGS__);                                     \
    break;                                                                     \
  case 5:                                                                      \
    function (5, butterfly5, __VA_ARGS__);                                     \
    break;                                                                     \
  case 8:                                                                      \
    function (8, butterfly8, __VA_ARGS__);                                     \
    break;                                                                     \
  default:                                                                     \
    function (1, butterfly1, __VA_ARGS__);                                     \
  }

/* Returns where the power is, x or y. */
static const V *
transform (
    const MxMelPlan *plan, const float *const *frames, Complex *x, Complex *y)
{
  const unsigned char *next = plan->radices;
  size_t radix = next[0] > 0 && next[1] > 0 ? *next++ : 1;
  size_t n = plan->fft / 2 / radix, stride = radix;
  const float *twiddles = plan->twiddles + 2 * (radix - 1) * n;

  SWITCH (radix, begin, plan, frames, x);
  while (next[0] > 0 && next[1] > 0) {
    Complex *done = y;

    radix = *next++;
    SWITCH (radix, step, n, stride, twiddles, x, y);
    y = x;
    x = done;
    n /= radix;
    stride *= radix;
    twiddles += 2 * (radix - 1) * n;
  }
  SWITCH (*next, end, plan, x, (V *)y);
  return (const V *)y;
}

void NAMED (mel) (const MxMelOp *op);

void
NAMED (mel) (const MxMelOp *op)
{
  V *x = op->scratch;

  for (size_t t = 0; t < op->n; t += LANES) {
    const size_t n = op->n - t < LANES ? op->n - t : LANES;
    const float *frames[LANES];
    const V *power;

    /* Lanes without a frame of their own repeat the last. */
    for (size_t lane = 0; lane < LANES; lane++)
      frames[lane] = op->samples + (t + (lane < n ? lane : n - 1)) * op->hop;
    power = transform (
        op->plan, frames, (Complex *)x, (Complex *)(x + op->plan->fft));
    sum_bands (op->plan, power, n, op->power + t * op->plan->n_bands);
  }
}
