/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Fourier transforms of 1 to 5 and 8 points, for mx-kernels-mel.c: of vectors
 * V, each lane by itself.  Whoever includes this says what V, UNROLL and
 * ALWAYS_INLINE are. */
#pragma once

typedef struct {
  V re, im;
} Complex;

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
butterfly1 (Complex *x)
{
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

static ALWAYS_INLINE void
butterfly8 (Complex *x)
{
  const float half = .707106781186547524f; /* square root of 1/2 */
  Complex even[4] = {x[0], x[2], x[4], x[6]};
  Complex odd[4] = {x[1], x[3], x[5], x[7]};

  butterfly4 (even);
  butterfly4 (odd);
  odd[1] =
      scale ((Complex){odd[1].re + odd[1].im, odd[1].im - odd[1].re}, half);
  odd[2] = turn (odd[2]);
  odd[3] =
      scale ((Complex){odd[3].im - odd[3].re, -odd[3].im - odd[3].re}, half);
  UNROLL
  for (size_t k = 0; k < 4; k++) {
    x[k] = add (even[k], odd[k]);
    x[k + 4] = subtract (even[k], odd[k]);
  }
}
