/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-normalisation.h"

#include "check-main.h"
#include "nets.h"

#include <math.h>

#define NET                                                                    \
  "{\"labels\":[\"a\",\"b\"],\"input\":{\"rate\":%d,\"channels\":%d,"          \
  "\"window\":%d}%s,\"stages\":[{\"layers\":[{\"kind\":\"relu\"}],"            \
  "\"exit\":[{\"kind\":\"pool\"},{\"kind\":\"dense\"}]}]}"

static MxDescription *
describe (int rate, int channels, int window, const char *frontend)
{
  g_autofree char *json =
      g_strdup_printf (NET, rate, channels, window, frontend);
  GError *error = NULL;
  MxDescription *description =
      mx_description_new (json, -1, "net", NULL, &error);
  ck_assert_msg (description != NULL, "%s", error ? error->message : "");
  return description;
}

#define WINDOWS 50
#define FRAMES 20

/* Channel 0: mean 1000, deviation .5; 1: deviation 3; 2: constant. */
static void
draw (MxRng *rng, float *samples)
{
  for (int t = 0; t < FRAMES; t++) {
    samples[3 * t] = 1000 + .5f * mx_rng_normal (rng);
    samples[3 * t + 1] = -2 + 3 * mx_rng_normal (rng);
    samples[3 * t + 2] = 7;
  }
}

static void
measure (MxDescription *description, float *mean, float *std)
{
  MxNormalisation *self = mx_normalisation_new (description);
  float samples[FRAMES * 3];
  MxRng rng;
  mx_rng_init (&rng, 5, 0);
  for (int w = 0; w < WINDOWS; w++) {
    draw (&rng, samples);
    mx_normalisation_add (self, samples);
  }
  mx_normalisation_get (self, mean, std);
  mx_normalisation_free (self);
}

static const char *const frontends[] = {
    "", ",\"front-end\":{\"kind\":\"raw\",\"mean\":5,\"std\":9}"};

START_TEST (channels_get_their_mean_and_deviation)
{
  g_autoptr (MxDescription) description =
      describe (50, 3, FRAMES, frontends[_i]);
  float mean[3], std[3];
  measure (description, mean, std);
  ck_assert_float_eq_tol (mean[0], 1000, .1);
  ck_assert_float_eq_tol (std[0], .5, .03);
  ck_assert_float_eq_tol (mean[1], -2, .3);
  ck_assert_float_eq_tol (std[1], 3, .2);
  ck_assert_float_eq (mean[2], 7);
  ck_assert_float_eq (std[2], 1);
}
END_TEST

START_TEST (the_description_keeps_all_else)
{
  g_autoptr (MxDescription) description =
      describe (50, 3, FRAMES, frontends[_i]);
  float mean[3], std[3], again[3], ones[3];
  measure (description, mean, std);
  g_autoptr (MxDescription) set =
      mx_description_normalise (description, mean, std, NULL);
  ck_assert (set != NULL);
  ck_assert_mem_eq (set->frontend.mean, mean, sizeof mean);
  ck_assert_mem_eq (set->frontend.std, std, sizeof std);
  ck_assert_uint_eq (set->window, FRAMES);
  ck_assert_str_eq (set->labels[1], "b");
  /* What a description had before makes no difference. */
  measure (set, again, ones);
  ck_assert_mem_eq (again, mean, sizeof mean);
}
END_TEST

START_TEST (bands_of_a_mel_front_end_are_features)
{
  g_autoptr (MxDescription) description = describe (8000, 1, 2000,
      ",\"front-end\":{\"kind\":\"log-mel\",\"bands\":10,\"mean\":-7}");
  MxNormalisation *self = mx_normalisation_new (description);
  float samples[2000], mean[10], std[10];
  MxRng rng;
  mx_rng_init (&rng, 5, 0);
  for (int t = 0; t < 2000; t++)
    samples[t] = .1f * mx_rng_normal (&rng);
  samples[77] = NAN;
  mx_normalisation_add (self, samples);
  mx_normalisation_get (self, mean, std);
  mx_normalisation_free (self);
  /* Below the window's loudest, which is subtracted first. */
  for (int i = 0; i < 10; i++) {
    ck_assert (isfinite (mean[i]) && mean[i] < 0);
    ck_assert (isfinite (std[i]) && std[i] > 0 && std[i] < 5);
  }
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, channels_get_their_mean_and_deviation, 0, 2);
  tcase_add_loop_test (tcase, the_description_keeps_all_else, 0, 2);
  tcase_add_test (tcase, bands_of_a_mel_front_end_are_features);
}

CHECK_MAIN ("normalisation", add_tests)
