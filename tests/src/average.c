/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-average.h"

#include "check-main.h"

#include <glib.h>

START_TEST (the_average_follows_its_formula)
{
  float weights[2] = {1, -2};
  double expected[2] = {1, -2};
  MxAverage *average = mx_average_new (weights, 2);

  for (uint64_t step = 0; step < 100; step++) {
    double d = MIN (.9, (1. + step) / (10. + step));

    for (int i = 0; i < 2; i++) {
      weights[i] += i + 1;
      expected[i] = d * expected[i] + (1 - d) * weights[i];
    }
    mx_average_update (average, weights, step, .9);
    for (int i = 0; i < 2; i++)
      ck_assert_double_eq_tol (
          mx_average_get_weights (average)[i], expected[i], 1e-4);
  }
  mx_average_free (average);
}
END_TEST

START_TEST (decay_0_keeps_nothing)
{
  float weights[1] = {3}, later[1] = {5};
  MxAverage *average = mx_average_new (weights, 1);

  mx_average_update (average, later, 7, 0);
  ck_assert_float_eq (mx_average_get_weights (average)[0], 5);
  mx_average_free (average);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, the_average_follows_its_formula);
  tcase_add_test (tcase, decay_0_keeps_nothing);
}

CHECK_MAIN ("average", add_tests)
