/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "src/mx-ops.h"
#include "perturb-signal.h"

#define MOST_CHANNELS 9

typedef void (*Recipe) (MxPerturbation *);
static const Recipe recipes[] = {
    mx_perturbation_init_speech,
    mx_perturbation_init_motion,
};

START_TEST (test_nothing_is_on_at_first)
{
  MxSignal signal = signal_new (500, 2, 100, 400);
  MxSignal before = signal_copy (&signal);
  MxPerturbation p;
  MxPerturbed done;

  mx_perturbation_init (&p);
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    done = apply (&p, seed, &signal);
    ck_assert (is_equal (&signal, &before));
    ck_assert (done.speed == 1.0 && done.shift == 0.0 && !done.warped);
    ck_assert (done.gain == 0.0 && isinf (done.snr) && done.noise == -1);
  }
  g_free (signal.samples);
  g_free (before.samples);
}
END_TEST

START_TEST (test_strength_nought_changes_no_bit)
{
  MxPerturbation p;

  for (size_t channels = 1; channels <= MOST_CHANNELS; channels++) {
    MxSignal signal = signal_new (333, channels, 20, 300);
    MxSignal original = signal_copy (&signal);

    recipes[_i](&p);
    p.clip_probability = 1.0;
    p.clip_high = 6.0;
    p.strength = 0.0;
    for (uint64_t seed = 0; seed < 20; seed++) {
      apply (&p, seed, &signal);
      ck_assert (is_equal (&signal, &original));
    }
    g_free (signal.samples);
    g_free (original.samples);
  }
}
END_TEST

START_TEST (test_strength_scales_what_is_done)
{
  MxPerturbation p;

  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxPerturbed whole, half;
    MxSignal a = signal_new (1000, 3, 0, 1000), b = signal_copy (&a);

    recipes[_i](&p);
    whole = apply (&p, seed, &a);
    p.strength = 0.5;
    half = apply (&p, seed, &b);
    /* A stretch by less than a frame is none. */
    ck_assert_double_eq_tol (
        half.speed - 1.0, (whole.speed - 1.0) / 2, 1.0 / 1000);
    ck_assert_double_eq_tol (half.gain, whole.gain / 2, 1e-9);
    ck_assert_double_eq_tol (half.rotation, whole.rotation / 2, 1e-9);
    ck_assert_double_eq_tol (half.mask, whole.mask / 2, 1.0 / RATE);
    ck_assert (isinf (half.snr) == isinf (whole.snr));
    if (!isinf (whole.snr))
      ck_assert_double_eq_tol (half.snr, whole.snr + 6.0206, 1e-4);
    g_free (a.samples);
    g_free (b.samples);
  }
}
END_TEST

START_TEST (test_a_seed_repeats_and_another_differs)
{
  MxPerturbation p;

  recipes[_i](&p);
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxSignal a = signal_new (300, 6, 50, 250);
    MxSignal b = signal_copy (&a), c = signal_copy (&a);

    apply (&p, seed, &a);
    apply (&p, seed, &b);
    apply (&p, seed + 1, &c);
    ck_assert (is_equal (&a, &b));
    ck_assert (!is_equal (&a, &c));
    g_free (a.samples);
    g_free (b.samples);
    g_free (c.samples);
  }
}
END_TEST

START_TEST (test_switching_one_off_leaves_the_draws_of_the_others)
{
  MxPerturbation p;

  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxSignal a = signal_new (300, 6, 0, 300), b = signal_copy (&a);
    MxPerturbed all, some;

    mx_perturbation_init_motion (&p);
    all = apply (&p, seed, &a);
    p.shift_probability = p.warp_probability = 0.0;
    p.noise_pink = 1.0;
    some = apply (&p, seed, &b);
    ck_assert (all.rotation == some.rotation && all.snr == some.snr);
    ck_assert (all.mask == some.mask && all.dropped == some.dropped);
    g_free (a.samples);
    g_free (b.samples);
  }
}
END_TEST

START_TEST (test_what_is_drawn_for_one_tells_nothing_of_another)
{
  double speed_gain = 0.0, gain_snr = 0.0;
  size_t draws = 1000;
  MxPerturbation p;

  mx_perturbation_init_speech (&p);
  p.noise_probability = 1.0;
  for (uint64_t seed = 0; seed < draws; seed++) {
    MxSignal signal = signal_new (500, 1, 100, 400);
    MxPerturbed done = apply (&p, seed, &signal);

    speed_gain += (done.speed - 1.015) / 0.165 * done.gain / 12.0;
    gain_snr += done.gain / 12.0 * (done.snr - 15.0) / 15.0;
    g_free (signal.samples);
  }
  /* Of two that are one the mean is a third, of two that are not it is 0 with
   * a deviation of .01. */
  ck_assert_double_eq_tol (speed_gain / (double)draws, 0.0, 0.05);
  ck_assert_double_eq_tol (gain_snr / (double)draws, 0.0, 0.05);
}
END_TEST

START_TEST (test_the_generator_advances_alike_whatever_is_done)
{
  static const double strengths[] = {0.0, 1.0};
  MxRng rng[2];
  MxPerturbation p;
  MxPerturbed done;

  for (size_t k = 0; k < 2; k++) {
    MxSignal signal = signal_new (300, 6, 0, k ? 300 : 0);

    recipes[_i](&p);
    p.strength = strengths[k];
    mx_rng_init (&rng[k], 1, 0);
    mx_perturb_apply (perturb, &p, NULL, NULL, &rng[k], &signal, &done);
    g_free (signal.samples);
  }
  ck_assert_mem_eq (&rng[0], &rng[1], sizeof (MxRng));
}
END_TEST

START_TEST (test_any_shape_stays_finite)
{
  static const size_t lengths[] = {0, 1, 2, 3, 5, 17, 128};
  MxPerturbation p;

  recipes[_i](&p);
  p.warp_probability = p.noise_probability = p.clip_probability = 1.0;
  p.clip_high = 12.0;
  for (size_t channels = 1; channels <= MOST_CHANNELS; channels++) {
    for (size_t k = 0; k < G_N_ELEMENTS (lengths); k++) {
      for (uint64_t seed = 0; seed < 30; seed++) {
        MxSignal signal = signal_new (lengths[k], channels, 0, lengths[k]);

        apply (&p, seed, &signal);
        for (size_t i = 0; i < lengths[k] * channels; i++)
          ck_assert (isfinite (signal.samples[i]));
        g_free (signal.samples);
      }
    }
  }
}
END_TEST

START_TEST (test_silence_stays_silence)
{
  MxSignal signal = signal_new (100, 3, 0, 0);
  MxSignal original = signal_copy (&signal);
  MxPerturbation p;

  recipes[_i](&p);
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    MxPerturbed done = apply (&p, seed, &signal);

    ck_assert (is_equal (&signal, &original));
    ck_assert (done.speed == 1.0 && done.shift == 0.0 && done.noise == -1);
  }
  g_free (signal.samples);
  g_free (original.samples);
}
END_TEST

/* ORC may run anything from SSE to its C backup: the same sums. */
START_TEST (test_whole_buffer_passes_equal_plain_loops)
{
  enum { MOST = 131 };

  for (int n = 0; n <= MOST; n++) {
    float x[MOST + 1], y[MOST + 1], scaled[MOST + 1], moved[MOST + 1],
        added[MOST + 1], clamped[MOST + 1];

    for (int i = 0; i <= MOST; i++) {
      x[i] = scaled[i] = moved[i] = added[i] = clamped[i] =
          (float)sin (i * 1.7);
      y[i] = (float)cos (i * 0.3);
    }
    mx_ops_scale (scaled + 1, 1.7f, n);
    mx_ops_scale_offset (moved + 1, 1.7f, 0.3f, n);
    mx_ops_add_scaled (added + 1, y + 1, 1.7f, n);
    mx_ops_clamp (clamped + 1, -0.5f, 0.25f, n);
    for (int i = 1; i <= MOST; i++) {
      bool hit = i <= n;

      ck_assert (scaled[i] == (hit ? x[i] * 1.7f : x[i]));
      ck_assert (moved[i] == (hit ? x[i] * 1.7f + 0.3f : x[i]));
      ck_assert (added[i] == (hit ? x[i] + y[i] * 1.7f : x[i]));
      ck_assert (
          clamped[i] == (hit ? fmaxf (-0.5f, fminf (0.25f, x[i])) : x[i]));
    }
  }
}
END_TEST

int
main (void)
{
  TCase *tc = tcase_create ("general");

  tcase_add_test (tc, test_nothing_is_on_at_first);
  tcase_add_loop_test (
      tc, test_strength_nought_changes_no_bit, 0, G_N_ELEMENTS (recipes));
  tcase_add_loop_test (
      tc, test_strength_scales_what_is_done, 0, G_N_ELEMENTS (recipes));
  tcase_add_loop_test (
      tc, test_a_seed_repeats_and_another_differs, 0, G_N_ELEMENTS (recipes));
  tcase_add_test (tc, test_switching_one_off_leaves_the_draws_of_the_others);
  tcase_add_test (tc, test_what_is_drawn_for_one_tells_nothing_of_another);
  tcase_add_loop_test (tc, test_the_generator_advances_alike_whatever_is_done,
      0, G_N_ELEMENTS (recipes));
  tcase_add_loop_test (
      tc, test_any_shape_stays_finite, 0, G_N_ELEMENTS (recipes));
  tcase_add_loop_test (
      tc, test_silence_stays_silence, 0, G_N_ELEMENTS (recipes));
  tcase_add_test (tc, test_whole_buffer_passes_equal_plain_loops);
  return run (suite_create ("perturb"), tc);
}
