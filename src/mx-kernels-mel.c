/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The front end's primitives in GCC vector extensions: one source, built once
 * for each instruction set.
 *
 * Frames lie side by side in the lanes of a vector, so a transform of several
 * frames is the scalar transform of one, written with vectors: no shuffles but
 * on the way in and out, and no lane knows of another.  The transform is
 * Stockham's self-sorting one (W. Cochran et al., "What is the fast Fourier
 * transform?", 1967) in radices 4, 2, 3 and 5; of real samples taken as half as
 * many complex ones. */

#include "mx-kernels-mel.h"

#include <string.h>

#if defined(__AVX2__) || defined(__AVX512F__)
#  define LANES 8
#else
#  define LANES 4
#endif
#define QUARTET 4

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define NAMED(name) JOIN (JOIN (mx_kernels_##name, _), MX_KERNELS_SUFFIX)

#define ALWAYS_INLINE inline __attribute__ ((always_inline))

typedef float V __attribute__ ((vector_size (LANES * 4)));
typedef float Unaligned
    __attribute__ ((vector_size (LANES * 4), aligned (4), may_alias));
typedef int Integers __attribute__ ((vector_size (LANES * 4)));
typedef float Four
    __attribute__ ((vector_size (QUARTET * 4), aligned (4), may_alias));

typedef struct {
  V re, im;
} Complex;

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

/* Samples i to i + 3 of all frames. */
static ALWAYS_INLINE void
load_transposed (const float *const *frames, size_t i, V samples[QUARTET])
{
  V a = load_quartets (frames, 0, i), b = load_quartets (frames, 1, i),
    c = load_quartets (frames, 2, i), d = load_quartets (frames, 3, i);
  V ab = INTERLEAVE_LOW (a, b), cd = INTERLEAVE_LOW (c, d);

  samples[0] = JOIN_LOW (ab, cd);
  samples[1] = JOIN_HIGH (ab, cd);
  ab = INTERLEAVE_HIGH (a, b);
  cd = INTERLEAVE_HIGH (c, d);
  samples[2] = JOIN_LOW (ab, cd);
  samples[3] = JOIN_HIGH (ab, cd);
}

static void
load (const MxMelOp *op, const float *const *frames, V *x)
{
  const MxMelPlan *plan = op->plan;
  size_t i = 0;

  for (; i + QUARTET <= plan->frame; i += QUARTET) {
    V samples[QUARTET];

    load_transposed (frames, i, samples);
    for (size_t k = 0; k < QUARTET; k++)
      x[i + k] = samples[k] * plan->window[i + k];
  }
  for (; i < plan->frame; i++) {
    for (size_t lane = 0; lane < LANES; lane++)
      x[i][lane] = frames[lane][i] * plan->window[i];
  }
  memset (x + i, 0, (plan->fft - i) * sizeof *x);
}

/* --- transform --- */

static ALWAYS_INLINE Complex
add (Complex a, Complex b)
{
  return (Complex){a.re + b.re, a.im + b.im};
}

static ALWAYS_INLINE Complex
subtract (Complex a, Complex b)
{
  return (Complex){a.re - b.re, a.im - b.im};
}

static ALWAYS_INLINE Complex
multiply (Complex a, const float *w)
{
  return (Complex){a.re * w[0] - a.im * w[1], a.re * w[1] + a.im * w[0]};
}

static ALWAYS_INLINE Complex
scale (Complex a, float factor)
{
  return (Complex){a.re * factor, a.im * factor};
}

/* -i a */
static ALWAYS_INLINE Complex
turn (Complex a)
{
  return (Complex){a.im, -a.re};
}

static ALWAYS_INLINE void
butterfly2 (Complex *x)
{
  Complex sum = add (x[0], x[1]);

  x[1] = subtract (x[0], x[1]);
  x[0] = sum;
}

static ALWAYS_INLINE void
butterfly3 (Complex *x)
{
  const float sine = .866025403784438647f; /* of 2 pi / 3 */
  Complex sum = add (x[1], x[2]);
  Complex difference = turn (scale (subtract (x[1], x[2]), sine));
  Complex middle = subtract (x[0], scale (sum, .5f));

  x[0] = add (x[0], sum);
  x[1] = add (middle, difference);
  x[2] = subtract (middle, difference);
}

static ALWAYS_INLINE void
butterfly4 (Complex *x)
{
  Complex even = add (x[0], x[2]), even_difference = subtract (x[0], x[2]);
  Complex odd = add (x[1], x[3]);
  Complex odd_difference = turn (subtract (x[1], x[3]));

  x[0] = add (even, odd);
  x[1] = add (even_difference, odd_difference);
  x[2] = subtract (even, odd);
  x[3] = subtract (even_difference, odd_difference);
}

static ALWAYS_INLINE void
butterfly5 (Complex *x)
{
  /* Of 2 pi / 5 and 4 pi / 5. */
  const float cosine1 = .309016994374947424f, cosine2 = -.809016994374947424f;
  const float sine1 = .951056516295153572f, sine2 = .587785252292473129f;
  Complex sum1 = add (x[1], x[4]), difference1 = subtract (x[1], x[4]);
  Complex sum2 = add (x[2], x[3]), difference2 = subtract (x[2], x[3]);
  Complex even1 =
      add (x[0], add (scale (sum1, cosine1), scale (sum2, cosine2)));
  Complex even2 =
      add (x[0], add (scale (sum1, cosine2), scale (sum2, cosine1)));
  Complex odd1 =
      turn (add (scale (difference1, sine1), scale (difference2, sine2)));
  Complex odd2 =
      turn (subtract (scale (difference1, sine2), scale (difference2, sine1)));

  x[0] = add (x[0], add (sum1, sum2));
  x[1] = add (even1, odd1);
  x[2] = add (even2, odd2);
  x[3] = subtract (even2, odd2);
  x[4] = subtract (even1, odd1);
}

typedef void Butterfly (Complex *x);

/* Transform p of a step: w are its twiddles, NULL if they are 1. */
static ALWAYS_INLINE void
combine (size_t radix, Butterfly *butterfly, size_t m, size_t stride,
    const float *w, const Complex *x, Complex *y)
{
  for (size_t q = 0; q < stride; q++) {
    Complex z[5];

    for (size_t j = 0; j < radix; j++)
      z[j] = x[q + stride * m * j];
    butterfly (z);
    for (size_t k = 0; k < radix; k++)
      y[q + stride * k] =
          w == NULL || k == 0 ? z[k] : multiply (z[k], w + 2 * (k - 1));
  }
}

/* `stride` interleaved transforms of n points each become `radix` times as many
 * of n / radix. */
static ALWAYS_INLINE void
step (size_t radix, Butterfly *butterfly, size_t n, size_t stride,
    const float *twiddles, const Complex *x, Complex *y)
{
  const size_t m = n / radix;

  combine (radix, butterfly, m, stride, NULL, x, y);
  for (size_t p = 1; p < m; p++)
    combine (radix, butterfly, m, stride, twiddles + p * 2 * (radix - 1),
        x + stride * p, y + stride * radix * p);
}

/* Returns which of x and y holds the outcome. */
static Complex *
transform (const MxMelPlan *plan, Complex *x, Complex *y)
{
  const float *twiddles = plan->twiddles;
  size_t n = plan->fft / 2, stride = 1;

  for (const unsigned char *radix = plan->radices; *radix > 0; radix++) {
    Complex *done = y;

    switch (*radix) {
    case 2:
      step (2, butterfly2, n, stride, twiddles, x, y);
      break;
    case 3:
      step (3, butterfly3, n, stride, twiddles, x, y);
      break;
    case 4:
      step (4, butterfly4, n, stride, twiddles, x, y);
      break;
    default:
      step (5, butterfly5, n, stride, twiddles, x, y);
    }
    y = x;
    x = done;
    twiddles += 2 * (*radix - 1) * (n / *radix);
    n /= *radix;
    stride *= *radix;
  }
  return x;
}

/* --- power --- */

static ALWAYS_INLINE V
power_of (Complex a)
{
  return (a.re * a.re + a.im * a.im) * .25f;
}

/* The spectrum of the real samples from that of the complex ones, two bins at
 * a time:
 *   X[k] = (E - i w O) / 2,   X*[m - k] = (E + i w O) / 2
 *   E = Z[k] + Z*[m - k],  O = Z[k] - Z*[m - k],  w = e^(-2 pi i k / fft)
 *   m = fft / 2,  Z[m] = Z[0] */
static void
sum_power (const MxMelPlan *plan, const Complex *z, V *power)
{
  const size_t m = plan->fft / 2;

  for (size_t k = 0; k <= m / 2; k++) {
    Complex a = z[k], b = z[k == 0 ? 0 : m - k];
    Complex even = {a.re + b.re, a.im - b.im};
    Complex odd = {a.re - b.re, a.im + b.im};

    odd = turn (multiply (odd, plan->rotation + 2 * k));
    power[k] = power_of (add (even, odd));
    power[m - k] = power_of (subtract (even, odd));
  }
}

static void
sum_bands (const MxMelOp *op, const V *power, size_t frames, float *out)
{
  const MxMelPlan *plan = op->plan;

  for (size_t m = 0; m < plan->n_bands; m++) {
    const MxBand *band = &plan->bands[m];
    const float *weights = plan->weights + band->offset;
    V sum = {0};

    for (size_t i = 0; i < band->n; i++)
      sum += power[band->first + i] * weights[i];
    for (size_t lane = 0; lane < frames; lane++)
      out[lane * plan->n_bands + m] = sum[lane];
  }
}

void NAMED (mel) (const MxMelOp *op);

void
NAMED (mel) (const MxMelOp *op)
{
  V *x = op->scratch;

  for (size_t t = 0; t < op->n; t += LANES) {
    const size_t n = op->n - t < LANES ? op->n - t : LANES;
    const float *frames[LANES];
    Complex *y = (Complex *)(x + op->plan->fft), *spectrum;

    /* Lanes without a frame of their own repeat the last. */
    for (size_t lane = 0; lane < LANES; lane++)
      frames[lane] = op->samples + (t + (lane < n ? lane : n - 1)) * op->hop;
    load (op, frames, x);
    spectrum = transform (op->plan, (Complex *)x, y);
    /* Whichever half is free. */
    y = spectrum == y ? (Complex *)x : y;
    sum_power (op->plan, spectrum, (V *)y);
    sum_bands (op, (const V *)y, n, op->power + t * op->plan->n_bands);
  }
}

/* --- logarithm, exponential --- */

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
