/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-range.h"

#include "check-main.h"
#include "mx-rng.h"

#include <math.h>
#include <stdbool.h>

static void
fit (const float *values, size_t n, float *low, float *high)
{
  static MxRange range;

  range = (MxRange){0};
  mx_range_add (&range, values, n);
  mx_range_fit (&range, low, high);
}

START_TEST (even_numbers_are_kept_whole)
{
  float values[1000], low, high;

  for (int i = 0; i < 1000; i++)
    values[i] = (float)(i - 250) / 100;
  fit (values, 1000, &low, &high);
  ck_assert_float_eq_tol (low, -2.5f, .05f);
  ck_assert_float_eq_tol (high, 7.49f, .1f);
}
END_TEST

/* The least of (2 - h)^2 + n (h / 255)^2 / 12. */
START_TEST (a_few_far_off_are_cut_for_the_least_error)
{
  static float values[200001];
  float low, high;
  MxRng rng;

  mx_rng_init (&rng, 1, 0);
  for (size_t i = 0; i < 200000; i++)
    values[i] = (float)mx_rng_range (&rng, 0, 1);
  values[200000] = 2;
  fit (values, 200001, &low, &high);
  ck_assert_float_eq (low, 0);
  ck_assert_float_eq_tol (high, 2 / (1 + 200000 / (255.f * 255 * 12)), .03f);
}
END_TEST

/* Negative ones alone: 0 is a number all the same, and the range not empty. */
START_TEST (zero_is_always_inside)
{
  const float below[] = {-3, -2.5f, -1}, above[] = {5, 7};
  float low, high;

  fit (below, 3, &low, &high);
  ck_assert_float_eq_tol (low, -3, .8f);
  ck_assert (high > 0 && high < 1e-3f);
  fit (above, 2, &low, &high);
  ck_assert_float_eq (low, 0);
  ck_assert_float_eq_tol (high, 7, .8f);
}
END_TEST

START_TEST (what_is_no_number_does_not_count)
{
  const float values[] = {NAN, INFINITY, -INFINITY, 1e30f, 0, -0.0f, 1e-40f};
  const float more[] = {NAN, 1, INFINITY};
  static MxRange range;
  float low, high;

  mx_range_add (&range, values, 7);
  ck_assert_uint_eq (range.n, 0);
  mx_range_add (&range, more, 3);
  ck_assert_uint_eq (range.n, 1);
  mx_range_fit (&range, &low, &high);
  ck_assert (low == 0 && high > 0 && high <= 1);
}
END_TEST

/* Bins become wider on the way. */
START_TEST (the_order_does_not_matter)
{
  float up[2000], down[2000], low[2], high[2];

  for (int i = 0; i < 2000; i++)
    up[i] = down[1999 - i] = expf ((float)i / 100) * (i % 3 == 0 ? -1 : 1);
  fit (up, 2000, &low[0], &high[0]);
  fit (down, 2000, &low[1], &high[1]);
  ck_assert_float_eq_tol (low[0], low[1], fabsf (low[0]) * .05f);
  ck_assert_float_eq_tol (high[0], high[1], high[0] * .05f);
}
END_TEST

START_TEST (a_range_of_one_absurd_number_is_told_from_others)
{
  static const float absurd = 1e6f, large = 100;
  MxRange *range = calloc (1, sizeof *range);
  float values[2000];

  for (size_t i = 0; i < 2000; i++)
    values[i] = sinf ((float)i);
  mx_range_add (range, values, 2000);
  ck_assert (!mx_range_is_swamped (range));
  mx_range_add (range, &large, 1);
  ck_assert (!mx_range_is_swamped (range));
  mx_range_add (range, &absurd, 1);
  ck_assert (mx_range_is_swamped (range));
  free (range);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, even_numbers_are_kept_whole);
  tcase_add_test (tcase, a_few_far_off_are_cut_for_the_least_error);
  tcase_add_test (tcase, zero_is_always_inside);
  tcase_add_test (tcase, what_is_no_number_does_not_count);
  tcase_add_test (tcase, the_order_does_not_matter);
  tcase_add_test (tcase, a_range_of_one_absurd_number_is_told_from_others);
}

CHECK_MAIN ("range", add_tests)
