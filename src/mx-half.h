/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Numbers of 16 bits, binary16 of IEEE 754: a sign, 5 bits of exponent, 11
 * digits.  From 2^-14 to 65504 the nearest one is within 2^-11 of a number;
 * below, within 2^-25 in all.  Only weights are stored so, never computed with.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint16_t MxHalf;

/* Where the digits of a half are in a float, what both add to the exponent,
 * and the smallest exponent of a half, in the bits of a float. */
#define MX_HALF_SHIFT 13
#define MX_HALF_BIAS (112u << 23)
#define MX_HALF_SMALLEST (113u << 23)

/* Exact.  Nothing on the way is smaller than a float's normal numbers, so it
 * holds also where a thread has those flushed to zero. */
static inline float
mx_half_to_float (MxHalf half)
{
  uint32_t bits = (half & 0x7fffu) << MX_HALF_SHIFT;
  uint32_t sign = (half & 0x8000u) << 16;
  const uint32_t smallest = MX_HALF_SMALLEST;
  float value, unit;

  if (bits >= 0x7c00u << MX_HALF_SHIFT) /* infinite, or not a number */
    bits += MX_HALF_BIAS;
  bits += bits >> 23 != 0 ? MX_HALF_BIAS : MX_HALF_SMALLEST;
  memcpy (&value, &bits, sizeof value);
  memcpy (&unit, &smallest, sizeof unit);
  if ((half & 0x7c00u) == 0)
    value -= unit;
  memcpy (&bits, &value, sizeof bits);
  bits |= sign;
  memcpy (&value, &bits, sizeof value);
  return value;
}

/* The nearest, of two the even one; infinite from 65520 on.  What is not a
 * number stays none. */
MxHalf mx_half_from_float (float value);

/* to[i] = the nearest of from[i], i < n */
void mx_half_from_floats (size_t n, const float *from, MxHalf *to);
