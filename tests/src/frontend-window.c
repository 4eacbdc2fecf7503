/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Front ends that look at a window as a whole, against their formulas. */
#include "mx-frontend.h"
#include "mx-rng.h"

#include "check-main.h"

#include <math.h>
#include <string.h>

#define CHANNELS 3
#define LONGEST 400

static const float means[CHANNELS] = {-1.5f, 0, 2};
static const float stds[CHANNELS] = {1, 2, .5f};

static MxFrontendConfig
config_of (MxFrontendKind kind)
{
  return (MxFrontendConfig){.kind = kind,
      .channels = CHANNELS,
      .features = CHANNELS,
      .mean = (float *)means,
      .std = (float *)stds};
}

static void
draw (float *frames, size_t n, uint64_t seed)
{
  MxRng rng;

  mx_rng_init (&rng, seed, 0);
  for (size_t i = 0; i < n * CHANNELS; i++)
    frames[i] = (float)(5 * mx_rng_normal (&rng) + (double)(i % CHANNELS));
}

/* Windows shorter than the envelope is wide, and longer. */
static const struct {
  size_t width, frames;
} shapes[] = {{11, LONGEST}, {11, 4}, {11, 11}, {1, 7}, {2, 9}, {4, 100},
    {255, 20}, {255, LONGEST}, {11, 1}};

START_TEST (the_envelope_is_the_log_of_the_mean_magnitude_around)
{
  const size_t n = shapes[_i].frames, width = shapes[_i].width;
  MxFrontendConfig config = config_of (MX_FRONTEND_LOG_ENVELOPE);
  float frames[LONGEST * CHANNELS], x[LONGEST * CHANNELS];

  config.width = width;
  config.scale = 2.5f;
  config.floor = .05f;
  draw (frames, n, 1);
  mx_frontend_normalise (&config, frames, n, x);
  for (size_t t = 0; t < n; t++) {
    for (size_t c = 0; c < CHANNELS; c++) {
      double sum = 0, count = 0, expected;

      for (size_t i = 0; i < width; i++) {
        size_t at = t + width / 2 - i; /* wraps before the window */

        if (at < n) {
          sum += fabs (frames[at * CHANNELS + c]) / 2.5;
          count++;
        }
      }
      expected = (log (sum / count + .05f) - means[c]) / stds[c];
      ck_assert_double_eq_tol (x[t * CHANNELS + c], expected, 1e-5);
    }
  }
}
END_TEST

START_TEST (window_statistics_are_taken_out_of_each_channel)
{
  const size_t n = shapes[_i].frames;
  MxFrontendConfig config = config_of (MX_FRONTEND_RAW);
  float frames[LONGEST * CHANNELS], x[LONGEST * CHANNELS];

  config.window_statistics = true;
  config.floor = .3f;
  draw (frames, n, 2);
  mx_frontend_normalise (&config, frames, n, x);
  for (size_t c = 0; c < CHANNELS; c++) {
    double mean = 0, squares = 0;

    for (size_t t = 0; t < n; t++)
      mean += frames[t * CHANNELS + c] / (double)n;
    for (size_t t = 0; t < n; t++)
      squares += pow (frames[t * CHANNELS + c] - mean, 2) / (double)n;
    for (size_t t = 0; t < n; t++) {
      double v =
          (frames[t * CHANNELS + c] - mean) / (sqrt (squares) + (double).3f);

      ck_assert_double_eq_tol (
          x[t * CHANNELS + c], (v - means[c]) / stds[c], 1e-5);
    }
  }
}
END_TEST

/* Both kinds, at their hardest: more overlap than there are frames. */
START_TEST (a_window_may_be_normalised_in_place)
{
  const size_t n = shapes[_i].frames;

  for (int envelope = 0; envelope < 2; envelope++) {
    MxFrontendConfig config =
        config_of (envelope ? MX_FRONTEND_LOG_ENVELOPE : MX_FRONTEND_RAW);
    float frames[LONGEST * CHANNELS], x[LONGEST * CHANNELS];

    config.window_statistics = !envelope;
    config.width = shapes[_i].width;
    config.scale = 1;
    config.floor = .05f;
    draw (frames, n, 3);
    mx_frontend_normalise (&config, frames, n, x);
    mx_frontend_normalise (&config, frames, n, frames);
    ck_assert_mem_eq (frames, x, n * CHANNELS * sizeof *x);
  }
}
END_TEST

START_TEST (a_flat_window_gives_finite_numbers)
{
  for (int envelope = 0; envelope < 2; envelope++) {
    MxFrontendConfig config =
        config_of (envelope ? MX_FRONTEND_LOG_ENVELOPE : MX_FRONTEND_RAW);
    float frames[20 * CHANNELS] = {0};

    config.window_statistics = !envelope;
    config.width = 5;
    config.scale = 1;
    config.floor = 1e-6f;
    mx_frontend_normalise (&config, frames, 20, frames);
    for (size_t i = 0; i < 20 * CHANNELS; i++)
      ck_assert (isfinite (frames[i]));
  }
}
END_TEST

START_TEST (a_rule_for_whole_windows_says_its_name)
{
  MxFrontendConfig config = config_of (MX_FRONTEND_RAW);

  ck_assert_ptr_null (mx_frontend_config_get_window_rule (&config));
  config.window_statistics = true;
  ck_assert_str_eq (
      mx_frontend_config_get_window_rule (&config), "reference \"window\"");
  config = config_of (MX_FRONTEND_LOG_ENVELOPE);
  ck_assert_str_eq (
      mx_frontend_config_get_window_rule (&config), "kind \"log-envelope\"");
}
END_TEST

static void
add_tests (TCase *tcase)
{
  int n = (int)G_N_ELEMENTS (shapes);

  tcase_add_loop_test (
      tcase, the_envelope_is_the_log_of_the_mean_magnitude_around, 0, n);
  tcase_add_loop_test (
      tcase, window_statistics_are_taken_out_of_each_channel, 0, n);
  tcase_add_loop_test (tcase, a_window_may_be_normalised_in_place, 0, n);
  tcase_add_test (tcase, a_flat_window_gives_finite_numbers);
  tcase_add_test (tcase, a_rule_for_whole_windows_says_its_name);
}

CHECK_MAIN ("frontend-window", add_tests)
