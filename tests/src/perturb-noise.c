/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "perturb-signal.h"

static const struct {
  const char *name;
  double white, pink, brown;
  MxNoise colour;
} colours[] = {
    {"white", 1.0, 0.0, 0.0, MX_NOISE_WHITE},
    {"pink", 0.0, 1.0, 0.0, MX_NOISE_PINK},
    {"brown", 0.0, 0.0, 1.0, MX_NOISE_BROWN},
};

/* The level is that of the active part, the noise is everywhere. */
START_TEST (test_noise_has_the_ratio_it_says)
{
  MxSignal original = signal_new (2000, 2, 500, 1500);
  MxPerturbation p;

  for (size_t i = 0; i < 2000; i++)
    original.samples[i * 2] *= 30.0f;
  mx_perturbation_init (&p);
  p.noise_probability = 1.0;
  p.noise_white = colours[_i].white;
  p.noise_pink = colours[_i].pink;
  p.noise_brown = colours[_i].brown;
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxSignal signal = signal_copy (&original);
    MxPerturbed done = apply (&p, seed, &signal);

    ck_assert_int_eq (done.noise, colours[_i].colour);
    ck_assert (done.snr >= 0.0 && done.snr < 30.0);
    ck_assert (signal.samples[0] != 0.0f && signal.samples[3999] != 0.0f);
    for (size_t i = 0; i < 4000; i++)
      signal.samples[i] -= original.samples[i];
    for (size_t c = 0; c < 2; c++) {
      double ratio = power_of (original.samples + 1000 + c, 1000, 2) /
                     power_of (signal.samples + c, 2000, 2);

      ck_assert_double_eq_tol (10.0 * log10 (ratio), done.snr, 0.1);
    }
    g_free (signal.samples);
  }
  g_free (original.samples);
}
END_TEST

START_TEST (test_noise_refers_to_the_scale_given)
{
  static const float scale[2] = {0.5f, 20.0f};
  MxSignal signal = signal_new (5000, 2, 0, 5000);
  MxSignal original = signal_copy (&signal);
  MxPerturbation p;
  MxPerturbed done;

  mx_perturbation_init (&p);
  p.noise_probability = 1.0;
  done = apply_with (&p, NULL, scale, 3, &signal);
  for (size_t i = 0; i < 10000; i++)
    signal.samples[i] -= original.samples[i];
  for (size_t c = 0; c < 2; c++)
    ck_assert_double_eq_tol (
        10.0 * log10 (scale[c] * scale[c] /
                      power_of (signal.samples + c, 5000, 2)),
        done.snr, 0.01);
  g_free (signal.samples);
  g_free (original.samples);
}
END_TEST

START_TEST (test_colours_come_as_often_as_they_weigh)
{
  size_t count[3] = {0}, none = 0, draws = 4000;
  MxPerturbation p;

  mx_perturbation_init_speech (&p);
  for (uint64_t seed = 0; seed < draws; seed++) {
    MxSignal signal = signal_new (16, 1, 0, 16);
    MxPerturbed done = apply (&p, seed, &signal);

    if (done.noise < 0)
      none++;
    else
      count[done.noise]++;
    g_free (signal.samples);
  }
  /* Five standard deviations of a count are 140 at most. */
  ck_assert_double_eq_tol ((double)none, 0.2 * draws, 140.0);
  ck_assert_double_eq_tol ((double)count[MX_NOISE_WHITE], 0.4 * draws, 160.0);
  ck_assert_double_eq_tol ((double)count[MX_NOISE_PINK], 0.2 * draws, 140.0);
  ck_assert_double_eq_tol ((double)count[MX_NOISE_BROWN], 0.2 * draws, 140.0);
}
END_TEST

/* Power in the octave whose upper end is `top` (a part of the rate), by
 * sixteen probes at the frequencies of a transform of the whole. */
static double
octave_power (const float *x, size_t n, double top)
{
  double sum = 0.0;

  for (size_t probe = 0; probe < 16; probe++) {
    double bin = floor (n * top * (1.0 + (double)probe / 16.0) / 2.0);
    double w = 2.0 * G_PI * bin / (double)n, re = 0.0, im = 0.0;

    for (size_t i = 0; i < n; i++) {
      re += x[i] * cos (w * (double)i);
      im += x[i] * sin (w * (double)i);
    }
    sum += re * re + im * im;
  }
  return sum / 16.0;
}

/* Density falls by 0, 3 and 6 dB an octave, from an eighth of the rate down
 * over four octaves. */
START_TEST (test_colours_have_their_slopes)
{
  static const double slopes[] = {0.0, -3.01, -6.02};
  size_t n = 4096;
  double low = 0.0, high = 0.0;
  float *noise = g_new (float, n);

  for (uint64_t seed = 0; seed < 40; seed++) {
    MxRng rng;

    mx_rng_init (&rng, seed, 0);
    mx_perturb_noise_fill (colours[_i].colour, &rng, noise, n);
    ck_assert_double_eq_tol (power_of (noise, n, 1), 1.0, 1e-3);
    high += octave_power (noise, n, 1.0 / 8.0);
    low += octave_power (noise, n, 1.0 / 128.0);
  }
  ck_assert_double_eq_tol (10.0 * log10 (high / low) / 4.0, slopes[_i], 0.25);
  g_free (noise);
}
END_TEST

int
main (void)
{
  TCase *tc = tcase_create ("general");

  tcase_add_loop_test (
      tc, test_noise_has_the_ratio_it_says, 0, G_N_ELEMENTS (colours));
  tcase_add_test (tc, test_noise_refers_to_the_scale_given);
  tcase_add_test (tc, test_colours_come_as_often_as_they_weigh);
  tcase_add_loop_test (
      tc, test_colours_have_their_slopes, 0, G_N_ELEMENTS (colours));
  return run (suite_create ("perturb-noise"), tc);
}
