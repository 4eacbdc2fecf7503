/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-temperature.h"

#include "mx-policy.h"
#include "mx-rng.h"

#include <math.h>

#include "calibration-golden.h"
#include "check-main.h"

#define CLASSES 5
#define ROWS 4000

START_TEST (it_is_where_another_search_finds_it)
{
  Golden golden;

  golden_load (&golden);
  for (size_t e = 0; e < GOLDEN_EXITS; e++) {
    float found =
        mx_temperature_fit (golden.logits[0][e], GOLDEN_EXITS * GOLDEN_CLASSES,
            GOLDEN_WINDOWS, GOLDEN_CLASSES, golden.truths);

    ck_assert_double_eq_tol (found, golden.temperatures[e], 1e-5);
  }
  golden_clear (&golden);
}
END_TEST

/* Logits, and classes drawn from softmax (logits / temperature): so that
 * temperature makes them calibrated. */
static void
draw (uint64_t seed, float temperature, float *logits, int *truth)
{
  MxRng rng;

  mx_rng_init (&rng, seed, 0);
  for (size_t i = 0; i < ROWS; i++) {
    float *z = logits + i * CLASSES, p[CLASSES];
    double u = mx_rng_uniform (&rng);

    for (size_t k = 0; k < CLASSES; k++)
      z[k] = 3 * (float)mx_rng_normal (&rng);
    mx_softmax (z, CLASSES, temperature, p);
    truth[i] = CLASSES - 1;
    for (int k = CLASSES - 2; k >= 0; k--) {
      double below = 0;

      for (int j = 0; j <= k; j++)
        below += p[j];
      if (u < below)
        truth[i] = k;
    }
  }
}

static const float scales[] = {.3f, .5f, 1, 1.7f, 3, 4.5f};

START_TEST (a_known_scale_is_found_again)
{
  float *logits = g_new (float, ROWS *CLASSES);
  int *truth = g_new (int, ROWS);

  for (uint64_t seed = 1; seed <= 3; seed++) {
    float found;

    draw (seed, scales[_i], logits, truth);
    found = mx_temperature_fit (logits, CLASSES, ROWS, CLASSES, truth);
    ck_assert_double_eq_tol (found / scales[_i], 1, .08);
  }
  g_free (logits);
  g_free (truth);
}
END_TEST

START_TEST (logits_that_are_scaled_scale_it)
{
  float *logits = g_new (float, ROWS *CLASSES);
  int *truth = g_new (int, ROWS);
  float before, after;

  draw (7, 1, logits, truth);
  before = mx_temperature_fit (logits, CLASSES, ROWS, CLASSES, truth);
  for (size_t i = 0; i < ROWS * CLASSES; i++)
    logits[i] = 2.5f * logits[i] - 40; /* a constant changes nothing */
  after = mx_temperature_fit (logits, CLASSES, ROWS, CLASSES, truth);
  ck_assert_double_eq_tol (after / before, 2.5, 1e-4);
  g_free (logits);
  g_free (truth);
}
END_TEST

/* Two classes; the second row's truth decides. */
static const struct {
  float logits[4];
  int truth[2];
  float expected;
} limits[] = {
    {{3, 0, 0, 3}, {0, 1}, MX_MIN_TEMPERATURE}, /* never wrong */
    {{3, 0, 0, 3}, {1, 0}, MX_MAX_TEMPERATURE}, /* always */
    {{3, 0, 0, 3}, {0, 0}, MX_MAX_TEMPERATURE}, /* as often as not */
    {{3, 0, 0, 3}, {-1, -1}, 1},                /* nobody knows */
    {{2, 2, 2, 2}, {0, 1}, 1},                  /* says nothing */
    {{1e30f, 0, 0, 1e30f}, {0, 1}, 1},          /* as sure as can be */
};

START_TEST (it_is_bounded)
{
  ck_assert_float_eq (
      mx_temperature_fit (limits[_i].logits, 2, 2, 2, limits[_i].truth),
      limits[_i].expected);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, it_is_where_another_search_finds_it);
  tcase_add_loop_test (
      tcase, a_known_scale_is_found_again, 0, G_N_ELEMENTS (scales));
  tcase_add_test (tcase, logits_that_are_scaled_scale_it);
  tcase_add_loop_test (tcase, it_is_bounded, 0, G_N_ELEMENTS (limits));
}

CHECK_MAIN ("temperature", add_tests)
