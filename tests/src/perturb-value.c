/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "perturb-signal.h"

START_TEST (test_rotation_keeps_norms_and_is_common_to_all_groups)
{
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.rotation_probability = 1.0;
  p.rotation = 15.0;
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxSignal before = signal_new (50, 8, 0, 50), signal;
    double degrees, widest = 0.0;

    for (size_t i = 0; i < 50; i++)
      memcpy (before.samples + i * 8 + 3, before.samples + i * 8,
          3 * sizeof (float));
    signal = signal_copy (&before);
    degrees = apply (&p, seed, &signal).rotation;
    ck_assert (degrees >= 0.0 && degrees < 15.0);
    for (size_t i = 0; i < 50; i++) {
      const float *a = before.samples + i * 8, *b = signal.samples + i * 8;
      double norm = sqrt (power_of (a, 3, 1) * 3), dot = 0.0;

      ck_assert_double_eq_tol (norm, sqrt (power_of (b, 3, 1) * 3), 1e-5);
      ck_assert (memcmp (b, b + 3, 3 * sizeof (float)) == 0);
      ck_assert (memcmp (a + 6, b + 6, 2 * sizeof (float)) == 0);
      for (size_t k = 0; k < 3; k++)
        dot += (double)a[k] * b[k];
      widest = fmax (widest, acos (fmin (1.0, dot / norm / norm)));
    }
    /* Vectors across the axis turn by the whole angle, none by more. */
    ck_assert_double_le (widest * 180.0 / G_PI, degrees + 0.2);
    ck_assert_double_ge (widest * 180.0 / G_PI, degrees * 0.8 - 0.2);
    g_free (signal.samples);
    g_free (before.samples);
  }
}
END_TEST

START_TEST (test_gain_is_exact)
{
  MxSignal original = signal_new (999, 2, 0, 999);
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.gain_probability = 1.0;
  p.gain_low = -12.0;
  p.gain_high = 12.0;
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxSignal signal = signal_copy (&original);
    double gain = apply (&p, seed, &signal).gain;

    ck_assert (gain >= -12.0 && gain < 12.0);
    for (size_t i = 0; i < 999 * 2; i++)
      ck_assert_float_eq_tol (signal.samples[i],
          original.samples[i] * (float)pow (10.0, gain / 20.0), 1e-5f);
    g_free (signal.samples);
  }
  g_free (original.samples);
}
END_TEST

START_TEST (test_channel_gains_differ_and_leave_rest_alone)
{
  static const float rest[3] = {10.0f, -5.0f, 0.0f};
  MxSignal original = signal_new (101, 3, 0, 101);
  MxPerturbation p;

  for (size_t c = 0; c < 3; c++)
    original.samples[c] = rest[c];
  mx_perturbation_init (&p);
  p.channel_gain_probability = 1.0;
  p.channel_gain_low = 0.8;
  p.channel_gain_high = 1.25;
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxSignal signal = signal_copy (&original);
    double gains[3];
    apply_with (&p, rest, NULL, seed, &signal);
    for (size_t c = 0; c < 3; c++) {
      gains[c] = (signal.samples[3 + c] - rest[c]) /
                 (original.samples[3 + c] - rest[c]);
      ck_assert (gains[c] > 0.8 - 1e-5 && gains[c] < 1.25 + 1e-5);
      ck_assert_float_eq_tol (signal.samples[c], rest[c], 1e-5f);
      for (size_t i = 1; i < 101; i++)
        ck_assert_double_eq_tol (signal.samples[i * 3 + c] - rest[c],
            gains[c] * (original.samples[i * 3 + c] - rest[c]), 1e-4);
    }
    ck_assert (gains[0] != gains[1] && gains[1] != gains[2]);
    g_free (signal.samples);
  }
  g_free (original.samples);
}
END_TEST

START_TEST (test_mask_sets_one_stretch_to_rest)
{
  static const float rest[2] = {3.0f, -4.0f};
  MxPerturbation p;
  double shortest = 1.0, longest = 0.0;

  mx_perturbation_init (&p);
  p.mask_probability = 1.0;
  p.mask_high = 0.032;
  for (uint64_t seed = 0; seed < 2000; seed++) {
    MxSignal signal = signal_new (128, 2, 0, 128);
    size_t masked = 0, edges = 0;
    bool inside = false;
    MxPerturbed done = apply_with (&p, rest, NULL, seed, &signal);

    for (size_t i = 0; i < 128; i++) {
      bool hit = signal.samples[i * 2] == rest[0] &&
                 signal.samples[i * 2 + 1] == rest[1];

      masked += hit;
      edges += hit && !inside;
      inside = hit;
    }
    ck_assert_uint_eq (masked, (size_t)lround (done.mask * RATE));
    ck_assert_uint_eq (edges, masked > 0);
    shortest = fmin (shortest, done.mask);
    longest = fmax (longest, done.mask);
    g_free (signal.samples);
  }
  ck_assert (shortest == 0.0);
  ck_assert_double_eq_tol (longest, 0.032, 1e-9);
}
END_TEST

START_TEST (test_mask_without_rest_is_the_mean_of_each_of_several_channels)
{
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.mask_probability = 1.0;
  p.mask_low = p.mask_high = 1.0;
  for (size_t channels = 1; channels <= 2; channels++) {
    MxSignal signal = signal_new (4, channels, 0, 0);

    for (size_t i = 0; i < 4 * channels; i++)
      signal.samples[i] = (float)(i / channels + 1);
    apply (&p, 0, &signal);
    for (size_t i = 0; i < 4 * channels; i++)
      ck_assert (signal.samples[i] == (channels == 1 ? 0.0f : 2.5f));
    g_free (signal.samples);
  }
}
END_TEST

START_TEST (test_dropped_channels_rest_and_one_always_stays)
{
  static const float rest[6] = {1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f};
  size_t dropped = 0, draws = 2000;
  MxPerturbation p;

  mx_perturbation_init (&p);
  for (uint64_t seed = 0; seed < draws; seed++) {
    MxSignal signal = signal_new (20, 6, 0, 20);
    MxSignal original = signal_copy (&signal);
    size_t resting = 0;
    MxPerturbed done;

    p.drop_probability = seed % 2 ? 1.0 : 0.1;
    done = apply_with (&p, rest, NULL, seed, &signal);
    for (size_t c = 0; c < 6; c++) {
      bool rests = signal.samples[c] == rest[c];

      for (size_t i = 0; i < 20; i++)
        ck_assert (signal.samples[i * 6 + c] ==
                   (rests ? rest[c] : original.samples[i * 6 + c]));
      resting += rests;
    }
    ck_assert_uint_eq (resting, done.dropped);
    if (seed % 2)
      ck_assert_uint_eq (resting, 5);
    else
      dropped += resting;
    g_free (signal.samples);
    g_free (original.samples);
  }
  ck_assert_double_eq_tol ((double)dropped, 0.1 * 6 * 1000, 5.0 * 23.3);
}
END_TEST

START_TEST (test_clipping_is_below_the_peak_of_each_channel)
{
  MxSignal signal = signal_new (1000, 2, 0, 1000);
  MxSignal original = signal_copy (&signal);
  MxPerturbation p;
  double depth;

  for (size_t i = 0; i < 1000; i++)
    signal.samples[i * 2] = original.samples[i * 2] *= 100.0f;
  mx_perturbation_init (&p);
  p.clip_probability = 1.0;
  p.clip_low = 3.0;
  p.clip_high = 12.0;
  depth = apply (&p, 5, &signal).clip;
  ck_assert (depth >= 3.0 && depth < 12.0);
  for (size_t c = 0; c < 2; c++) {
    float peak = 0.0f, level;

    for (size_t i = 0; i < 1000; i++)
      peak = fmaxf (peak, fabsf (original.samples[i * 2 + c]));
    level = (float)(peak * pow (10.0, -depth / 20.0));
    for (size_t i = 0; i < 1000; i++)
      ck_assert_float_eq_tol (signal.samples[i * 2 + c],
          fmaxf (-level, fminf (level, original.samples[i * 2 + c])), 1e-5f);
  }
  g_free (signal.samples);
  g_free (original.samples);
}
END_TEST

int
main (void)
{
  TCase *tc = tcase_create ("general");

  tcase_add_test (tc, test_rotation_keeps_norms_and_is_common_to_all_groups);
  tcase_add_test (tc, test_gain_is_exact);
  tcase_add_test (tc, test_channel_gains_differ_and_leave_rest_alone);
  tcase_add_test (tc, test_mask_sets_one_stretch_to_rest);
  tcase_add_test (
      tc, test_mask_without_rest_is_the_mean_of_each_of_several_channels);
  tcase_add_test (tc, test_dropped_channels_rest_and_one_always_stays);
  tcase_add_test (tc, test_clipping_is_below_the_peak_of_each_channel);
  return run (suite_create ("perturb-value"), tc);
}
