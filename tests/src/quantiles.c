/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "check-main.h"

#include <glib.h>
#include <math.h>

#include "mx-quantiles.h"
#include "mx-rng.h"

static int
compare (const void *a, const void *b)
{
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

  return (x > y) - (x < y);
}

START_TEST (quantiles_are_those_of_the_sorted_values)
{
  enum { N = 500 };
  static const double fractions[] = {0, .05, .5, .95, .99, 1};
  MxQuantiles *q = g_new0 (MxQuantiles, 1);
  uint64_t values[N];
  double sum = 0;
  MxRng rng;

  mx_rng_init (&rng, _i, 0);
  for (size_t i = 0; i < N; i++) {
    values[i] = (uint64_t)exp (mx_rng_range (&rng, 0, 4 * (_i + 1)));
    sum += (double)values[i];
    mx_quantiles_add (q, values[i]);
  }
  qsort (values, N, sizeof *values, compare);
  ck_assert_uint_eq (q->min, values[0]);
  ck_assert_uint_eq (q->max, values[N - 1]);
  ck_assert_double_eq_tol (mx_quantiles_mean (q), sum / N, sum * 1e-12);
  for (size_t i = 0; i < G_N_ELEMENTS (fractions); i++) {
    size_t rank = (size_t)fmax (ceil (fractions[i] * N), 1);
    double exact = (double)values[rank - 1];
    double found = mx_quantiles_get (q, fractions[i]);

    ck_assert (found >= exact && found <= exact + exact / 32);
  }
  g_free (q);
}
END_TEST

START_TEST (the_largest_and_the_smallest_number_have_their_bins)
{
  MxQuantiles *q = g_new0 (MxQuantiles, 1);

  ck_assert (isnan (mx_quantiles_mean (q)) && isnan (mx_quantiles_get (q, .5)));
  mx_quantiles_add (q, UINT64_MAX);
  ck_assert_double_eq (mx_quantiles_get (q, .5), (double)UINT64_MAX);
  mx_quantiles_add (q, 0);
  ck_assert_double_eq (mx_quantiles_get (q, .5), 0);
  g_free (q);
}
END_TEST

START_TEST (no_quantile_is_beyond_the_values)
{
  MxQuantiles *q = g_new0 (MxQuantiles, 1);

  mx_quantiles_add (q, 1000);
  ck_assert_double_eq (mx_quantiles_get (q, 0), 1000);
  ck_assert_double_eq (mx_quantiles_get (q, 1), 1000);
  g_free (q);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, quantiles_are_those_of_the_sorted_values, 0, 10);
  tcase_add_test (tcase, no_quantile_is_beyond_the_values);
  tcase_add_test (tcase, the_largest_and_the_smallest_number_have_their_bins);
}

CHECK_MAIN ("quantiles", add_tests)
