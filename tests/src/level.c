/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-level.h"

#include "check-main.h"

#include <math.h>

static float mean[] = {1, -2}, std[] = {0.5, 2};
static const MxFrontendConfig config = {.kind = MX_FRONTEND_RAW,
    .channels = 2,
    .features = 2,
    .mean = mean,
    .std = std};

START_TEST (the_channel_farthest_off_tells_in_deviations)
{
  /* The first is off by 1 and 2 deviations, the second by 3 and 0. */
  static const float samples[] = {1.5, 4, 0, -2};
  MxLevel level;

  mx_level_init (&level, &config);
  ck_assert_float_eq (mx_level_take (&level), 0);
  mx_level_hear (&level, samples, 1);
  mx_level_hear (&level, samples + 2, 1);
  ck_assert_float_eq_tol (mx_level_take (&level), sqrtf (4.5f), 1e-6);
  /* What was taken is forgotten. */
  mx_level_hear (&level, samples + 2, 1);
  ck_assert_float_eq_tol (mx_level_take (&level), 2, 1e-6);
  mx_level_clear (&level);
}
END_TEST

START_TEST (samples_that_are_no_numbers_are_left_out)
{
  static const float samples[] = {NAN, 4, INFINITY, 4};
  MxLevel level;

  mx_level_init (&level, &config);
  mx_level_hear (&level, samples, 2);
  ck_assert_float_eq_tol (mx_level_take (&level), 3, 1e-6);
  mx_level_clear (&level);
}
END_TEST

START_TEST (without_a_unit_there_is_no_level)
{
  static const float samples[] = {1e6, 1e6};
  static float zeros[] = {0, 0}, ones[] = {1, 1};
  MxFrontendConfig configs[] = {config, config, config};

  configs[0].window_statistics = true;
  configs[1].kind = MX_FRONTEND_LOG_ENVELOPE;
  configs[2].mean = zeros;
  configs[2].std = ones;
  for (size_t i = 0; i < G_N_ELEMENTS (configs); i++) {
    MxLevel level;

    mx_level_init (&level, &configs[i]);
    mx_level_hear (&level, samples, 1);
    ck_assert_float_eq (mx_level_take (&level), 0);
    mx_level_clear (&level);
  }
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, the_channel_farthest_off_tells_in_deviations);
  tcase_add_test (tcase, samples_that_are_no_numbers_are_left_out);
  tcase_add_test (tcase, without_a_unit_there_is_no_level);
}

CHECK_MAIN ("level", add_tests)
