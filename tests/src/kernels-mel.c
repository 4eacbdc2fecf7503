/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The primitives of the front end, held against their formulas in double. */

#include "kernels-common.h"
#include "mx-mel.h"

#include <glib.h>
#include <float.h>
#include <math.h>
#include <string.h>

#define BANDS 12

/* Every radix, alone and behind every other. */
static const size_t sizes[] = {2, 4, 6, 8, 10, 12, 16, 18, 20, 24, 30, 32, 36,
    40, 50, 60, 64, 90, 128, 150, 200, 250, 256, 300, 320, 400, 480, 500, 512};

static void
transform (const MxMelPlan *plan, const float *samples, double *power)
{
  for (size_t k = 0; k <= plan->fft / 2; k++) {
    double re = 0, im = 0;

    for (size_t i = 0; i < plan->frame; i++) {
      double angle = -2 * G_PI * (double)(i * k % plan->fft) / plan->fft;

      re += plan->window[i] * samples[i] * cos (angle);
      im += plan->window[i] * samples[i] * sin (angle);
    }
    power[k] = re * re + im * im;
  }
}

static void
assert_power (const MxMelPlan *plan, const float *samples, const float *found,
    const char *name)
{
  double power[257], most = 0;

  transform (plan, samples, power);
  for (size_t k = 0; k <= plan->fft / 2; k++)
    most = fmax (most, power[k]);
  for (size_t m = 0; m < plan->n_bands; m++) {
    const MxBand *band = &plan->bands[m];
    double sum = 0;

    for (size_t i = 0; i < band->n; i++)
      sum += plan->weights[band->offset + i] * power[band->first + i];
    ck_assert_msg (fabs (found[m] - sum) <= 1e-6 * sum + 1e-6 * most,
        "%s: fft %zu, frame %zu, band %zu: found %g, expected %g", name,
        plan->fft, plan->frame, m, found[m], sum);
  }
}

/* Runs n frames of a plan, each of which must be right. */
static void
assert_mel (const MxKernels *kernels, size_t fft, size_t frame, size_t n)
{
  const MxMelConfig config = {8000, frame, 1 + frame / 3, fft, BANDS, 0, 4000};
  MxMel *mel = mx_mel_new (&config);
  const MxMelPlan *plan = mx_mel_get_plan (mel);
  Floats samples = floats_new (frame + (n - 1) * config.hop);
  g_autofree float *power = g_new (float, n *BANDS + 1);
  void *scratch = g_aligned_alloc (MX_MEL_SCRATCH (fft), sizeof (float), 64);
  const MxMelOp op = {plan, n, config.hop, samples.data, scratch, power};

  power[n * BANDS] = CANARY;
  kernels->mel (&op);
  for (size_t t = 0; t < n; t++)
    assert_power (
        plan, samples.data + t * config.hop, power + t * BANDS, kernels->name);
  ck_assert_float_eq (power[n * BANDS], CANARY);
  g_aligned_free (scratch);
  floats_clear (&samples);
  mx_mel_free (mel);
}

START_TEST (mel_power_is_the_formula_for_every_size_and_number_of_frames)
{
  const MxKernels *kernels = kernels_of (_i);

  if (kernels == NULL)
    return;
  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++) {
    size_t fft = sizes[s];

    assert_mel (kernels, fft, fft, 1 + s % 17);
    assert_mel (kernels, fft, 1 + fft / 2, 1 + (s + 7) % 17);
  }
  for (size_t n = 1; n <= 20; n++)
    assert_mel (kernels, 64, 37, n);
}
END_TEST

START_TEST (a_frame_is_the_same_in_any_company)
{
  const MxMelConfig config = {8000, 200, 80, 256, BANDS, 0, 4000};
  const MxKernels *kernels = kernels_of (_i);
  MxMel *mel = mx_mel_new (&config);
  Floats samples = floats_new (200 + 16 * 80);
  float together[17][BANDS], alone[BANDS];
  void *scratch = g_aligned_alloc (MX_MEL_SCRATCH (256), sizeof (float), 64);
  MxMelOp op = {.plan = mx_mel_get_plan (mel),
      .n = 17,
      .hop = 80,
      .samples = samples.data,
      .scratch = scratch,
      .power = together[0]};

  samples.data[500] = NAN; /* in frames 4, 5 and 6 */
  if (kernels != NULL)
    kernels->mel (&op);
  op.n = 1;
  op.power = alone;
  for (size_t t = 0; kernels != NULL && t < 17; t++) {
    op.samples = samples.data + t * 80;
    kernels->mel (&op);
    if (t < 4 || t > 6)
      ck_assert_mem_eq (alone, together[t], sizeof alone);
    else
      for (size_t m = 0; m < BANDS; m++)
        ck_assert (alone[m] == 0 && together[t][m] == 0);
  }
  g_aligned_free (scratch);
  floats_clear (&samples);
  mx_mel_free (mel);
}
END_TEST

/* From the smallest normal number to 1e30, n at a time. */
START_TEST (the_logarithm_is_right_to_a_few_units_in_the_last_place)
{
  const MxKernels *kernels = kernels_of (_i);
  size_t n = 1;

  if (kernels == NULL)
    return;
  for (double x = FLT_MIN; x < 1e30; n = n % 19 + 1) {
    Floats values = floats_new (n);
    double expected[19];

    for (size_t i = 0; i < n; i++) {
      values.data[i] = (float)x;
      expected[i] = log ((double)(float)x + (double)FLT_MIN);
      x *= 1.0137;
    }
    kernels->log (n, FLT_MIN, values.data);
    for (size_t i = 0; i < n; i++)
      ck_assert_double_eq_tol (
          values.data[i], expected[i], 1e-7 + 2e-7 * fabs (expected[i]));
    floats_clear (&values);
  }
}
END_TEST

START_TEST (pcen_is_the_formula)
{
  const MxPcen pcen = {.08f, .98f, 1e-6f};
  const MxKernels *kernels = kernels_of (_i);

  for (size_t n = 1; kernels != NULL && n <= 19; n++) {
    Floats x = floats_new (n), smooth = floats_new (n);
    double m[19];

    for (size_t i = 0; i < n; i++)
      smooth.data[i] = -1;
    for (int t = 0; t < 40; t++) {
      double power[19];

      for (size_t i = 0; i < n; i++) {
        /* Silence, and from a whisper to a shout. */
        x.data[i] = t % 7 == 3 ? 0 : powf (10, mx_rng_between (&rng, -12, 8));
        power[i] = x.data[i];
        m[i] = t == 0 ? power[i] : m[i];
        m[i] = (1 - .08f) * m[i] + .08f * power[i];
      }
      kernels->pcen (&pcen, n, x.data, smooth.data);
      for (size_t i = 0; i < n; i++) {
        double expected = log1p (power[i] / pow (1e-6 + m[i], .98));

        ck_assert_double_eq_tol (x.data[i], expected, 2e-6);
      }
    }
    floats_clear (&x);
    floats_clear (&smooth);
  }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("kernels-mel");
  TCase *tcase = tcase_create ("kernels-mel");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tcase, 240);
  tcase_add_loop_test (tcase,
      mel_power_is_the_formula_for_every_size_and_number_of_frames, 0,
      G_N_ELEMENTS (levels));
  tcase_add_loop_test (
      tcase, a_frame_is_the_same_in_any_company, 0, G_N_ELEMENTS (levels));
  tcase_add_loop_test (tcase,
      the_logarithm_is_right_to_a_few_units_in_the_last_place, 0,
      G_N_ELEMENTS (levels));
  tcase_add_loop_test (tcase, pcen_is_the_formula, 0, G_N_ELEMENTS (levels));
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
