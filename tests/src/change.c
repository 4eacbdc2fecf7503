/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-change.h"

#include <glib.h>
#include <math.h>

#include "check-main.h"

START_TEST (the_measure_is_the_root_mean_square)
{
  const size_t n = _i;
  g_autofree float *x = g_new0 (float, n);
  MxChange change;

  mx_change_init (&change, n);
  mx_change_remember (&change, x);
  for (size_t i = 0; i < n; i++)
    x[i] = i % 2 ? .5f : -.5f;
  ck_assert (mx_change_is_small (&change, x, .501f));
  ck_assert (!mx_change_is_small (&change, x, .5f));
  /* All of it in one value, the last. */
  for (size_t i = 0; i < n; i++)
    x[i] = i + 1 == n ? .5f * sqrtf (n) : 0;
  ck_assert (mx_change_is_small (&change, x, .501f));
  ck_assert (!mx_change_is_small (&change, x, .499f));
  mx_change_clear (&change);
}
END_TEST

START_TEST (nothing_known_is_never_small)
{
  static const float x[3] = {1, 2, 3};
  MxChange change;

  mx_change_init (&change, 3);
  ck_assert (!mx_change_is_small (&change, x, INFINITY));
  mx_change_remember (&change, x);
  ck_assert (mx_change_is_small (&change, x, 1e-9f));
  ck_assert (!mx_change_is_small (&change, x, 0));
  mx_change_forget (&change);
  ck_assert (!mx_change_is_small (&change, x, INFINITY));
  mx_change_clear (&change);
}
END_TEST

START_TEST (values_that_are_no_numbers_are_a_change)
{
  static const float fine[2] = {1, 2}, bad[2] = {1, NAN}, far[2] = {1, 3e38f};
  MxChange change;

  mx_change_init (&change, 2);
  mx_change_remember (&change, fine);
  ck_assert (!mx_change_is_small (&change, bad, 1e9f));
  ck_assert (!mx_change_is_small (&change, far, 1e9f));
  mx_change_clear (&change);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, the_measure_is_the_root_mean_square, 1, 200);
  tcase_add_test (tcase, nothing_known_is_never_small);
  tcase_add_test (tcase, values_that_are_no_numbers_are_a_change);
}

CHECK_MAIN ("change", add_tests)
