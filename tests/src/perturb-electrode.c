/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "perturb-signal.h"

#define SECONDS 4
#define N (SECONDS * RATE)

/* What is added to each channel, [n][channels], in units of its scale. */
static float *
added (const MxPerturbation *p, const float *scale, uint64_t seed,
    size_t channels, MxPerturbed *done)
{
  MxSignal signal = signal_new (N, channels, 0, N);
  MxSignal before = signal_copy (&signal);

  *done = apply_with (p, NULL, scale, seed, &signal);
  for (size_t i = 0; i < N * channels; i++)
    signal.samples[i] =
        (signal.samples[i] - before.samples[i]) / scale[i % channels];
  g_free (before.samples);
  return signal.samples;
}

static double
largest (const float *samples, size_t channels, size_t c)
{
  float most = 0;

  for (size_t i = 0; i < N; i++)
    most = fmaxf (most, fabsf (samples[i * channels + c]));
  return most;
}

static const float scale[2] = {10, .5f};

/* The sine's part at a frequency, amplitude. */
static double
part_at (const float *samples, size_t channels, size_t c, double frequency)
{
  double re = 0, im = 0;

  for (size_t i = 0; i < N; i++) {
    double angle = 2 * G_PI * frequency * (double)i / RATE;

    re += samples[i * channels + c] * cos (angle);
    im += samples[i * channels + c] * sin (angle);
  }
  return 2 * sqrt (re * re + im * im) / N;
}

START_TEST (test_hum_is_one_sine_of_the_mains_in_all_channels)
{
  int fifty = 0;
  double most = 0;
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.hum_probability = 1;
  p.hum = .3;
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxPerturbed done;
    float *hum = added (&p, scale, seed, 2, &done);

    ck_assert (done.hum == 50 || done.hum == 60);
    fifty += done.hum == 50;
    for (size_t c = 0; c < 2; c++) {
      double amplitude = part_at (hum, 2, c, done.hum);

      /* The peak may lie between two frames. */
      ck_assert_double_eq_tol (amplitude, largest (hum, 2, c), 6e-3);
      ck_assert_double_le (amplitude, .3 + 1e-4);
      most = fmax (most, amplitude);
    }
    g_free (hum);
  }
  ck_assert_double_gt (most, .27);
  /* 100 are expected, with a standard deviation of 7. */
  ck_assert_int_ge (fifty, 60);
  ck_assert_int_le (fifty, 140);
}
END_TEST

START_TEST (test_hum_above_half_the_rate_is_not_heard)
{
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.hum_probability = p.hum = 1;
  for (uint64_t seed = 0; seed < 20; seed++) {
    MxSignal signal = signal_new (100, 1, 0, 100), before;
    MxPerturbed done;

    signal.rate = 100;
    before = signal_copy (&signal);
    done = apply (&p, seed, &signal);
    ck_assert (done.hum == 0 && is_equal (&signal, &before));
    g_free (signal.samples);
    g_free (before.samples);
  }
}
END_TEST

/* Slow: no step from frame to frame is larger than a sine of .7 Hz and the
 * steepest line make. */
START_TEST (test_wander_is_slow_and_within_its_range)
{
  const double steepest = 2 * G_PI * .7 / RATE + 2 * .6 / (N - 1);
  double most = 0;
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.wander_probability = p.wander = 1;
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxPerturbed done;
    float *wander = added (&p, scale, seed, 2, &done);

    ck_assert (done.wander);
    for (size_t c = 0; c < 2; c++) {
      float step = 0;

      ck_assert_double_le (largest (wander, 2, c), 1.6 + 1e-4);
      most = fmax (most, largest (wander, 2, c));
      for (size_t i = 1; i < N; i++)
        step = fmaxf (step, fabsf (wander[i * 2 + c] - wander[i * 2 - 2 + c]));
      ck_assert_double_le ((double)step, steepest + 1e-4);
    }
    g_free (wander);
  }
  ck_assert_double_gt (most, 1);
}
END_TEST

START_TEST (test_motion_is_straight_between_sixteen_knots_a_second)
{
  double power = 0;
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.motion_probability = 1;
  p.motion = 3;
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxPerturbed done;
    float *motion = added (&p, (const float[]){1}, seed, 1, &done);
    int bends = 0;

    ck_assert (done.motion);
    power += power_of (motion, N, 1);
    for (size_t i = 1; i + 1 < N; i++)
      bends +=
          fabs (motion[i - 1] - 2.0 * motion[i] + motion[i + 1]) > 2e-5 * 3;
    /* A knot between two frames bends twice. */
    ck_assert_int_le (bends, 2 * 16 * SECONDS);
    g_free (motion);
  }
  /* Mean square of a uniform factor is 1/3, of a line between normals 2/3. */
  ck_assert_double_eq_tol (power / DRAWS, 9 * 1. / 3 * 2. / 3, .5);
}
END_TEST

static const struct {
  size_t probability, amplitude;
} kinds[] = {
    {offsetof (MxPerturbation, wander_probability),
        offsetof (MxPerturbation, wander)},
    {offsetof (MxPerturbation, hum_probability),
        offsetof (MxPerturbation, hum)},
    {offsetof (MxPerturbation, motion_probability),
        offsetof (MxPerturbation, motion)},
};

START_TEST (test_without_a_scale_the_channels_own_deviation_counts)
{
  MxPerturbation p;
  MxPerturbed done;

  mx_perturbation_init (&p);
  *(double *)((char *)&p + kinds[_i].probability) = 1;
  *(double *)((char *)&p + kinds[_i].amplitude) = .5;
  for (uint64_t seed = 0; seed < 20; seed++) {
    /* Noise of unit power, and a hundred times as much. */
    MxSignal small = signal_new (N, 1, 0, N), large = signal_copy (&small);
    MxSignal before = signal_copy (&small);
    float off = 0;

    for (size_t i = 0; i < N; i++)
      large.samples[i] *= 100;
    done = apply (&p, seed, &small);
    done = apply (&p, seed, &large);
    for (size_t i = 0; i < N; i++)
      off = fmaxf (off, fabsf (large.samples[i] / 100 - small.samples[i]));
    ck_assert_double_le ((double)off, 1e-4);
    ck_assert (!is_equal (&small, &before));
    g_free (small.samples);
    g_free (large.samples);
    g_free (before.samples);
  }
  (void)done;
}
END_TEST

START_TEST (test_silence_stays_silence)
{
  MxSignal signal = signal_new (100, 2, 0, 0), before = signal_copy (&signal);
  MxPerturbation p;
  MxPerturbed done;

  mx_perturbation_init_ecg (&p);
  p.noise_probability = p.hum_probability = p.motion_probability = 1;
  for (uint64_t seed = 0; seed < 20; seed++) {
    done = apply_with (&p, NULL, scale, seed, &signal);
    ck_assert (is_equal (&signal, &before));
    ck_assert (!done.wander && !done.motion && done.hum == 0);
  }
  g_free (signal.samples);
  g_free (before.samples);
}
END_TEST

START_TEST (test_flips_change_signs_about_rest)
{
  static const float rest[3] = {1, -2, 0};
  size_t all = 0, some = 0;
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.flip_probability = .25;
  p.channel_flip_probability = .25;
  for (uint64_t seed = 0; seed < 2000; seed++) {
    MxSignal signal = signal_new (20, 3, 0, 20), before = signal_copy (&signal);
    MxPerturbed done = apply_with (&p, rest, NULL, seed, &signal);
    size_t flipped = 0;

    for (size_t c = 0; c < 3; c++) {
      bool flips = signal.samples[c] != before.samples[c];

      for (size_t i = c; i < 60; i += 3)
        ck_assert_float_eq_tol (signal.samples[i] - rest[c],
            (flips ? -1 : 1) * (before.samples[i] - rest[c]), 1e-5f);
      flipped += flips;
    }
    ck_assert_uint_eq (flipped, done.flipped);
    all += flipped == 3;
    some += flipped;
    g_free (signal.samples);
    g_free (before.samples);
  }
  /* Three: .25 * .75^3 + .75 * .25^3; a channel: 2 * .25 * .75. */
  ck_assert_double_eq_tol ((double)all, 2000 * .1172, 75);
  ck_assert_double_eq_tol ((double)some, 2000 * 3 * .375, 220);
}
END_TEST

/* [channels]: in the ring, of which half is the furthest. */
static const size_t rings[] = {1, 2, 3, 7, 8};

START_TEST (test_channels_move_around_their_ring)
{
  size_t channels = rings[_i], furthest = channels < 6 ? channels / 2 : 3;
  size_t draws = 2000, moved[7] = {0};
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.channel_shift_probability = 1;
  p.channel_shift = 3;
  p.strength = .5;
  for (uint64_t seed = 0; seed < draws; seed++) {
    MxSignal signal = signal_new (20, channels, 0, 20);
    MxSignal before = signal_copy (&signal);
    int by = apply (&p, seed, &signal).channel_shift;

    ck_assert_int_le (abs (by), (int)furthest);
    for (size_t i = 0; i < 20; i++)
      for (size_t c = 0; c < channels; c++)
        ck_assert (signal.samples[i * channels +
                                  (c + channels + (size_t)by) % channels] ==
                   before.samples[i * channels + c]);
    moved[3 + by]++;
    g_free (signal.samples);
    g_free (before.samples);
  }
  /* At half strength half of them move, by each distance as often. */
  if (furthest == 0)
    ck_assert_uint_eq (moved[3], draws);
  else
    ck_assert_double_eq_tol ((double)moved[3], (double)draws / 2, 112);
  for (size_t by = 1; by <= furthest; by++) {
    double expected = (double)draws / 4 / (double)furthest;

    ck_assert_double_eq_tol (
        (double)moved[3 + by], expected, 5 * sqrt (expected));
    ck_assert_double_eq_tol (
        (double)moved[3 - by], expected, 5 * sqrt (expected));
  }
}
END_TEST

START_TEST (test_channels_that_move_by_none_stay)
{
  MxSignal signal = signal_new (20, 8, 0, 20), before = signal_copy (&signal);
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.channel_shift_probability = 1;
  for (uint64_t seed = 0; seed < DRAWS; seed++)
    ck_assert_int_eq (apply (&p, seed, &signal).channel_shift, 0);
  ck_assert (is_equal (&signal, &before));
  g_free (signal.samples);
  g_free (before.samples);
}
END_TEST

int
main (void)
{
  TCase *tc = tcase_create ("general");

  tcase_add_test (tc, test_hum_is_one_sine_of_the_mains_in_all_channels);
  tcase_add_test (tc, test_hum_above_half_the_rate_is_not_heard);
  tcase_add_test (tc, test_wander_is_slow_and_within_its_range);
  tcase_add_test (tc, test_motion_is_straight_between_sixteen_knots_a_second);
  tcase_add_loop_test (
      tc, test_without_a_scale_the_channels_own_deviation_counts, 0, 3);
  tcase_add_test (tc, test_silence_stays_silence);
  tcase_add_test (tc, test_flips_change_signs_about_rest);
  tcase_add_loop_test (
      tc, test_channels_move_around_their_ring, 0, G_N_ELEMENTS (rings));
  tcase_add_test (tc, test_channels_that_move_by_none_stay);
  return run (suite_create ("perturb-electrode"), tc);
}
