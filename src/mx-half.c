/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-half.h"

#define INFINITE 0x7c00u
#define NOT_A_NUMBER 0x7e00u
#define LARGEST_EXPONENT 142 /* of a half, as a float's */
#define LEAST_EXPONENT 102   /* of a float that is not rounded to zero */

/* x / 2^n to the nearest, of two the even one; n from 1 to 31 */
static uint32_t
shift_and_round (uint32_t x, int n)
{
  uint32_t half = 1u << (n - 1);
  uint32_t odd = x >> n & 1;

  return (x + half - 1 + odd) >> n;
}

MxHalf
mx_half_from_float (float value)
{
  uint32_t bits, sign, magnitude;
  int exponent;

  memcpy (&bits, &value, sizeof bits);
  sign = bits >> 16 & 0x8000u;
  bits &= 0x7fffffffu;
  exponent = (int)(bits >> 23);
  if (bits > 0xffu << 23)
    magnitude = NOT_A_NUMBER;
  else if (exponent > LARGEST_EXPONENT)
    magnitude = INFINITE;
  else if (bits >= MX_HALF_SMALLEST) /* a carry may make it infinite */
    magnitude = shift_and_round (bits - MX_HALF_BIAS, MX_HALF_SHIFT);
  else if (exponent >= LEAST_EXPONENT)
    magnitude = shift_and_round ((bits & 0x7fffffu) | 1u << 23, 126 - exponent);
  else
    magnitude = 0;
  return (MxHalf)(sign | magnitude);
}

void
mx_half_from_floats (size_t n, const float *from, MxHalf *to)
{
  for (size_t i = 0; i < n; i++)
    to[i] = mx_half_from_float (from[i]);
}
