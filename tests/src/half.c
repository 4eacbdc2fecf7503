/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-half.h"

#include "check-main.h"

#include <math.h>

#define FINITE 0x7c00 /* as many halves are positive, or zero, and finite */

/* What the format says. */
static double
value_of (unsigned half)
{
  unsigned exponent = half >> 10 & 31, digits = half & 0x3ff;
  double magnitude = exponent == 0 ? ldexp (digits, -24)
                                   : ldexp (0x400 + digits, (int)exponent - 25);

  return half & 0x8000 ? -magnitude : magnitude;
}

START_TEST (every_half_is_the_float_that_the_format_says)
{
  for (unsigned half = 0; half < FINITE; half++)
    for (unsigned sign = 0; sign <= 0x8000; sign += 0x8000) {
      float found = mx_half_to_float ((MxHalf)(half | sign));

      ck_assert_double_eq (found, value_of (half | sign));
      ck_assert_int_eq (signbit (found) != 0, sign != 0);
    }
  ck_assert (mx_half_to_float (0x7c00) == INFINITY);
  ck_assert (mx_half_to_float (0xfc00) == -INFINITY);
  ck_assert (isnan (mx_half_to_float (0x7c01)));
}
END_TEST

START_TEST (every_half_comes_back)
{
  for (unsigned half = 0; half <= FINITE; half++)
    for (unsigned sign = 0; sign <= 0x8000; sign += 0x8000)
      ck_assert_uint_eq (
          mx_half_from_float (mx_half_to_float ((MxHalf)(half | sign))),
          half | sign);
}
END_TEST

/* Between two neighbours: at, below and above their middle, which floats hold
 * exactly. */
START_TEST (floats_become_the_nearest_half_or_the_even_one)
{
  for (unsigned half = 0; half + 1 < FINITE; half++) {
    float middle = (float)((value_of (half) + value_of (half + 1)) / 2);

    ck_assert_uint_eq (mx_half_from_float (middle), half + half % 2);
    ck_assert_uint_eq (
        mx_half_from_float (-middle), (half + half % 2) | 0x8000);
    ck_assert_uint_eq (mx_half_from_float (nextafterf (middle, 0)), half);
    ck_assert_uint_eq (
        mx_half_from_float (nextafterf (middle, INFINITY)), half + 1);
  }
}
END_TEST

START_TEST (floats_beyond_the_range_become_infinite)
{
  ck_assert_uint_eq (mx_half_from_float (65504), 0x7bff);
  ck_assert_uint_eq (mx_half_from_float (nextafterf (65520, 0)), 0x7bff);
  ck_assert_uint_eq (mx_half_from_float (65520), 0x7c00);
  ck_assert_uint_eq (mx_half_from_float (-3e38f), 0xfc00);
  ck_assert_uint_eq (mx_half_from_float (INFINITY), 0x7c00);
  ck_assert_uint_eq (mx_half_from_float (NAN) & 0x7fff, 0x7e00);
  ck_assert_uint_eq (mx_half_from_float (1e-40f), 0);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, every_half_is_the_float_that_the_format_says);
  tcase_add_test (tcase, every_half_comes_back);
  tcase_add_test (tcase, floats_become_the_nearest_half_or_the_even_one);
  tcase_add_test (tcase, floats_beyond_the_range_become_infinite);
}

CHECK_MAIN ("half", add_tests)
