/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* bfloat16: the upper 16 bits of a float, that is its sign, its exponent and 8
 * of its digits.  The nearest one is within 2^-8 of a number.  Those smaller
 * than a float's normal numbers (2^-126) are zeros: processors know no others.
 */
#pragma once

#include <stdint.h>
#include <string.h>

/* The nearest, of two the even one, as a float.  What is not a number stays
 * none. */
static inline float
mx_bf16_round (float value)
{
  uint32_t bits, magnitude, rounded;

  memcpy (&bits, &value, sizeof bits);
  magnitude = bits & 0x7fffffffu;
  rounded = bits + 0x7fffu + (bits >> 16 & 1);
  rounded = magnitude > 0xffu << 23 ? bits | 1u << 22 : rounded;
  rounded = magnitude < 1u << 23 ? bits & 1u << 31 : rounded;
  rounded &= 0xffff0000u;
  memcpy (&value, &rounded, sizeof value);
  return value;
}
