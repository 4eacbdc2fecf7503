/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "perturb-signal.h"

static bool
is_silent (const MxSignal *signal, size_t frame)
{
  return power_of (signal->samples + frame * signal->channels, signal->channels,
             1) == 0.0;
}

static MxActive
active_of (const MxSignal *signal)
{
  MxActive active = {0, signal->n};

  while (active.end > 0 && is_silent (signal, active.end - 1))
    active.end--;
  while (active.first < active.end && is_silent (signal, active.first))
    active.first++;
  return active;
}

START_TEST (test_speed_changes_the_active_length_by_its_factor)
{
  static const struct {
    size_t n, first, end;
    double low, high;
  } cases[] = {
      {1000, 300, 700, 0.85, 1.18},
      {1000, 0, 400, 0.85, 1.18},
      {1000, 600, 1000, 0.85, 1.18},
      {1000, 500, 501, 0.5, 4.0},
      {1000, 300, 700, 0.1, 2.4},
  };
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.speed_probability = 1.0;
  for (size_t k = 0; k < G_N_ELEMENTS (cases); k++) {
    size_t length = cases[k].end - cases[k].first;

    p.speed_low = cases[k].low;
    p.speed_high = cases[k].high;
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
      MxSignal signal =
          signal_new (cases[k].n, 2, cases[k].first, cases[k].end);
      MxPerturbed done = apply (&p, seed, &signal);
      MxActive active = active_of (&signal);
      double expected = fmax (1.0, round (done.speed * (double)length));

      ck_assert (done.speed >= p.speed_low && done.speed < p.speed_high);
      ck_assert_uint_eq (active.end - active.first, (size_t)expected);
      g_free (signal.samples);
    }
  }
}
END_TEST

START_TEST (test_speed_divides_the_frequency_by_its_factor)
{
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.speed_probability = 1.0;
  for (int k = 0; k < 2; k++) {
    MxSignal signal = signal_new (2000, 1, 0, 0);
    size_t crossings = 0;

    for (size_t i = 0; i < 1000; i++)
      signal.samples[500 + i] =
          (float)sin (2.0 * G_PI * 40.0 * ((double)i + 0.5) / 1000.0);
    p.speed_low = p.speed_high = k ? 1.25 : 0.8;
    apply (&p, 1, &signal);
    for (size_t i = 1; i < signal.n; i++)
      crossings += (signal.samples[i - 1] < 0.0f) != (signal.samples[i] < 0.0f);
    /* The same forty periods, in 1250 or 800 samples. */
    ck_assert_uint_ge (crossings, 79);
    ck_assert_uint_le (crossings, 80);
    g_free (signal.samples);
  }
}
END_TEST

START_TEST (test_speed_crops_both_ends_alike_what_does_not_fit)
{
  MxSignal signal = signal_new (1001, 1, 0, 0);
  MxPerturbation p;

  for (size_t i = 0; i < signal.n; i++)
    signal.samples[i] = (float)i - 500.0f;
  mx_perturbation_init (&p);
  p.speed_probability = 1.0;
  p.speed_low = p.speed_high = 2.0;
  apply (&p, 1, &signal);
  ck_assert_float_eq_tol (signal.samples[500], 0.0f, 0.5f);
  ck_assert_float_eq_tol (signal.samples[0], -250.0f, 1.0f);
  ck_assert_float_eq_tol (signal.samples[1000], 250.0f, 1.0f);
  g_free (signal.samples);
}
END_TEST

START_TEST (test_warp_keeps_ends_order_and_length)
{
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.warp_probability = 1.0;
  p.warp_low = 0.75;
  p.warp_high = 1.3;
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxSignal signal = signal_new (128, 3, 0, 0);
    double furthest = 0.0;

    for (size_t i = 0; i < signal.n * 3; i++)
      signal.samples[i] = (float)(i / 3 + 1);
    ck_assert (apply (&p, seed, &signal).warped);
    ck_assert (signal.samples[0] == 1.0f);
    ck_assert (signal.samples[127 * 3] == 128.0f);
    for (size_t i = 1; i < signal.n; i++) {
      double step = signal.samples[i * 3] - signal.samples[i * 3 - 3];

      /* Speeds differ by 1.3 / .75 at most from their mean. */
      ck_assert (step > 0.75 / 1.3 - 1e-4 && step < 1.3 / 0.75 + 1e-4);
      ck_assert (signal.samples[i * 3] == signal.samples[i * 3 + 2]);
      furthest = fmax (furthest, fabs (signal.samples[i * 3] - (double)i - 1));
    }
    ck_assert (furthest > 0.01 && furthest < 32.0);
    g_free (signal.samples);
  }
}
END_TEST

START_TEST (test_shift_moves_the_active_part_whole_to_anywhere_it_fits)
{
  MxSignal original = signal_new (1000, 2, 300, 700);
  bool reached_start = false, reached_end = false;
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.shift_probability = 1.0;
  p.shift_low = -10.0;
  p.shift_high = 10.0;
  for (uint64_t seed = 0; seed < 2000; seed++) {
    MxSignal signal = signal_copy (&original);
    long shift = lround (apply (&p, seed, &signal).shift * RATE);
    MxActive active = active_of (&signal);

    ck_assert_int_eq ((long)active.first, 300 + shift);
    ck_assert_int_eq ((long)active.end, 700 + shift);
    ck_assert (memcmp (signal.samples + active.first * 2,
                   original.samples + 600, 800 * sizeof (float)) == 0);
    reached_start = reached_start || active.first == 0;
    reached_end = reached_end || active.end == 1000;
    g_free (signal.samples);
  }
  ck_assert (reached_start && reached_end);
  g_free (original.samples);
}
END_TEST

START_TEST (test_shift_stays_in_its_range)
{
  static const struct {
    double low, high, strength;
    long least, most;
  } cases[] = {
      {-0.1, 0.1, 1.0, -100, 100},
      {0.05, 0.1, 1.0, 50, 100},
      {0.1, 0.05, 1.0, 50, 100},
      {-0.1, 0.1, 0.5, -50, 50},
      {-10.0, 10.0, 0.5, -150, 150},
      {5.0, 6.0, 1.0, 300, 300},
  };
  MxSignal signal;
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.shift_probability = 1.0;
  for (size_t k = 0; k < G_N_ELEMENTS (cases); k++) {
    long least = G_MAXLONG, most = G_MINLONG;

    p.shift_low = cases[k].low;
    p.shift_high = cases[k].high;
    p.strength = cases[k].strength;
    for (uint64_t seed = 0; seed < 3000; seed++) {
      long shift;

      signal = signal_new (1000, 1, 300, 700);
      shift = lround (apply (&p, seed, &signal).shift * RATE);
      least = MIN (least, shift);
      most = MAX (most, shift);
      g_free (signal.samples);
    }
    ck_assert_int_eq (least, cases[k].least);
    ck_assert_int_eq (most, cases[k].most);
  }
}
END_TEST

START_TEST (test_circular_shift_rotates_all)
{
  MxSignal original = signal_new (128, 6, 0, 128);
  bool seen[128] = {false};
  MxPerturbation p;

  mx_perturbation_init (&p);
  p.shift_probability = 1.0;
  p.shift_circular = true;
  p.shift_low = -10.0;
  p.shift_high = 10.0;
  for (uint64_t seed = 0; seed < 2000; seed++) {
    MxSignal signal = signal_copy (&original);
    long shift = lround (apply (&p, seed, &signal).shift * RATE);
    size_t by = (size_t)((shift + 128) % 128);

    for (size_t i = 0; i < 128 * 6; i++)
      ck_assert (
          signal.samples[(i + by * 6) % (128 * 6)] == original.samples[i]);
    seen[by] = true;
    g_free (signal.samples);
  }
  for (size_t i = 0; i < 128; i++)
    ck_assert_msg (seen[i], "no shift by %zu", i);
  g_free (original.samples);
}
END_TEST

int
main (void)
{
  TCase *tc = tcase_create ("general");

  tcase_add_test (tc, test_speed_changes_the_active_length_by_its_factor);
  tcase_add_test (tc, test_speed_divides_the_frequency_by_its_factor);
  tcase_add_test (tc, test_speed_crops_both_ends_alike_what_does_not_fit);
  tcase_add_test (tc, test_warp_keeps_ends_order_and_length);
  tcase_add_test (
      tc, test_shift_moves_the_active_part_whole_to_anywhere_it_fits);
  tcase_add_test (tc, test_shift_stays_in_its_range);
  tcase_add_test (tc, test_circular_shift_rotates_all);
  return run (suite_create ("perturb-time"), tc);
}
