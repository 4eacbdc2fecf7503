/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-class-balance.h"

#include "check-main.h"

START_TEST (classes_weigh_alike_before_the_first_window)
{
  MxClassBalance *balance = mx_class_balance_new (3);

  for (int k = 0; k < 3; k++)
    ck_assert_float_eq (mx_class_balance_compute (balance)[k], 1);
  mx_class_balance_free (balance);
}
END_TEST

START_TEST (each_class_gets_the_same_share_of_all_weight)
{
  static const int n[3] = {9999, 999, 99};
  MxClassBalance *balance = mx_class_balance_new (3);
  const float *weights;

  for (int k = 0; k < 3; k++)
    mx_class_balance_count (balance, k, n[k]);
  weights = mx_class_balance_compute (balance);
  for (int k = 0; k < 3; k++)
    ck_assert_double_eq_tol (weights[k] * (n[k] + 1), 11100. / 3, 1e-2);
  mx_class_balance_free (balance);
}
END_TEST

START_TEST (a_class_that_never_came_has_a_bounded_weight)
{
  MxClassBalance *balance = mx_class_balance_new (2);

  mx_class_balance_count (balance, 0, 98);
  ck_assert_float_eq (mx_class_balance_compute (balance)[1], 50);
  mx_class_balance_free (balance);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, classes_weigh_alike_before_the_first_window);
  tcase_add_test (tcase, each_class_gets_the_same_share_of_all_weight);
  tcase_add_test (tcase, a_class_that_never_came_has_a_bounded_weight);
}

CHECK_MAIN ("class-balance", add_tests)
