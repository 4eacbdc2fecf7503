/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-mel.h"
#include "mx-safetensors.h"

#include <check.h>
#include <math.h>
#include <string.h>

/* Golden data: tests/data/golden/make_golden.py. */
static const struct {
  const char *file;
  MxMelConfig config;
} golden[] = {
    {"logmel_8k.safetensors", {8000, 200, 80, 256, 40, 20, 4000}},
    {"logmel_16k.safetensors", {16000, 400, 160, 512, 40, 20, 8000}},
};

static MxSafetensors *
open_golden (int i)
{
  GError *error = NULL;
  g_autofree char *path = g_build_filename (
      g_getenv ("MX_TEST_DATA"), "golden", golden[i].file, NULL);
  MxSafetensors *file = mx_safetensors_new_from_file (path, &error);

  ck_assert_msg (file != NULL, "%s", error ? error->message : "no file");
  return file;
}

/* A copy: the file's data may be unaligned. */
static float *
read_floats (const MxSafetensors *file, const char *name, size_t expected)
{
  const MxTensorView *tensor = mx_safetensors_lookup (file, name);

  ck_assert_ptr_nonnull (tensor);
  ck_assert_uint_eq (tensor->size, expected);
  return g_memdup2 (tensor->data, expected * sizeof (float));
}

START_TEST (window_and_triangles_are_the_golden_ones)
{
  const MxMelConfig *config = &golden[_i].config;
  size_t bins = config->fft / 2 + 1;
  g_autoptr (MxSafetensors) file = open_golden (_i);
  g_autofree float *window = read_floats (file, "window", config->frame);
  g_autofree float *weights =
      read_floats (file, "mel_filterbank", config->bands * bins);
  MxMel *mel = mx_mel_new (config);

  for (size_t i = 0; i < config->frame; i++)
    ck_assert_float_eq_tol (mx_mel_get_plan (mel)->window[i], window[i], 1e-7);
  for (size_t m = 0; m < config->bands; m++) {
    for (size_t bin = 0; bin < bins; bin++)
      ck_assert_float_eq_tol (
          mx_mel_get_weight (mel, m, bin), weights[m * bins + bin], 1e-6);
  }
  mx_mel_free (mel);
}
END_TEST

START_TEST (logarithm_of_power_is_the_golden_one)
{
  const MxMelConfig *config = &golden[_i].config;
  size_t n_frames = 1 + (config->rate - config->frame) / config->hop;
  g_autoptr (MxSafetensors) file = open_golden (_i);
  g_autofree float *signal = read_floats (file, "signal", config->rate);
  g_autofree float *expected =
      read_floats (file, "logmel", n_frames * config->bands);
  MxMel *mel = mx_mel_new (config);
  float power[40];

  for (size_t t = 0; t < n_frames; t++) {
    mx_mel_process (mel, signal + t * config->hop, 1, power);
    for (size_t m = 0; m < config->bands; m++) {
      float value = expected[t * config->bands + m];

      /* Cancellation: little power beside much is less exact. */
      ck_assert_float_eq_tol (
          logf (power[m] + 1e-6f), value, value > -12 ? 2e-4 : 2e-3);
    }
  }
  mx_mel_free (mel);
}
END_TEST

START_TEST (a_tone_is_loudest_in_the_band_around_it)
{
  const MxMelConfig *config = &golden[0].config;
  MxMel *mel = mx_mel_new (config);

  for (size_t bin = 8; bin < 120; bin += 7) {
    float samples[200], power[40];
    size_t loudest = 0, heaviest = 0;

    for (size_t i = 0; i < 200; i++)
      samples[i] = sinf (2 * (float)G_PI * bin * i / 256);
    mx_mel_process (mel, samples, 1, power);
    for (size_t m = 0; m < 40; m++) {
      if (power[m] > power[loudest])
        loudest = m;
      if (mx_mel_get_weight (mel, m, bin) >
          mx_mel_get_weight (mel, heaviest, bin))
        heaviest = m;
    }
    /* Wider triangles collect more of the main lobe. */
    ck_assert_uint_le (loudest, heaviest + 1);
    ck_assert_uint_le (heaviest, loudest + 1);
  }
  mx_mel_free (mel);
}
END_TEST

static const float not_a_signal[] = {NAN, INFINITY, -INFINITY, 1e20f, -3e38f};

START_TEST (a_frame_that_is_not_finite_is_silent_and_forgotten)
{
  MxMel *mel = mx_mel_new (&golden[0].config);
  float samples[200], power[40], before[40];

  for (size_t i = 0; i < 200; i++)
    samples[i] = sinf (.1f * i) + .2f * cosf (2.1f * i);
  mx_mel_process (mel, samples, 1, before);

  for (size_t place = 0; place < 200; place += 1 + place / 2) {
    float kept = samples[place];

    /* The window is 0 at the first sample: only NaN and infinity show. */
    if (place == 0 && isfinite (not_a_signal[_i]))
      continue;
    samples[place] = not_a_signal[_i];
    mx_mel_process (mel, samples, 1, power);
    for (size_t m = 0; m < 40; m++)
      ck_assert_float_eq (power[m], 0);

    samples[place] = kept;
    mx_mel_process (mel, samples, 1, power);
    ck_assert_mem_eq (power, before, sizeof power);
  }
  mx_mel_free (mel);
}
END_TEST

START_TEST (more_bands_than_bins_leave_some_empty_and_none_broken)
{
  MxMelConfig config = {8000, 3, 1, 4, 64, 0, 4000};
  MxMel *mel = mx_mel_new (&config);
  const float samples[3] = {.5f, -1, .25f};
  float power[64], sum = 0;

  mx_mel_process (mel, samples, 1, power);
  for (size_t m = 0; m < 64; m++) {
    ck_assert (isfinite (power[m]) && power[m] >= 0);
    sum += power[m];
  }
  ck_assert_float_gt (sum, 0);
  mx_mel_free (mel);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("mel");
  TCase *tests = tcase_create ("mel");
  SRunner *runner;
  int failed;

  tcase_add_loop_test (tests, window_and_triangles_are_the_golden_ones, 0,
      G_N_ELEMENTS (golden));
  tcase_add_loop_test (
      tests, logarithm_of_power_is_the_golden_one, 0, G_N_ELEMENTS (golden));
  tcase_add_test (tests, a_tone_is_loudest_in_the_band_around_it);
  tcase_add_loop_test (tests,
      a_frame_that_is_not_finite_is_silent_and_forgotten, 0,
      G_N_ELEMENTS (not_a_signal));
  tcase_add_test (tests, more_bands_than_bins_leave_some_empty_and_none_broken);
  suite_add_tcase (suite, tests);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
