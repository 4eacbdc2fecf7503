/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The primitives that take each channel for itself. */

#include "kernels-common.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static void
assert_near (const MxKernels *kernels, const char *what, size_t channels,
    const float *found, const float *wanted, size_t n, float tolerance)
{
  for (size_t i = 0; i < n; i++)
    ck_assert_msg (fabsf (found[i] - wanted[i]) <= tolerance,
        "%s: %s with %zu channels, place %zu: found %g, expected %g",
        kernels->name, what, channels, i, found[i], wanted[i]);
}

static const size_t channel_counts[] = {
    1, 2, 3, 5, 8, 15, 16, 17, 31, 32, 33, 40, 63, 64, 100, 160};

static void
assert_same_depthwise (const MxKernels *kernels, size_t channels,
    bool with_bias, MxActivation activation)
{
  const size_t rows = 11, taps = 5, gap = 3;
  size_t y_size = rows * (channels + gap);
  Floats x = floats_new ((2 * rows + taps) * channels);
  Floats w = floats_new (taps * channels), bias = floats_new (channels);
  float *found = g_new (float, y_size), *wanted = g_new (float, y_size);
  MxDepthwise op = {
      .rows = rows,
      .channels = channels,
      .taps = taps,
      .x = x.data + (2 * rows + taps - 1) * channels,
      .x_row = -2 * (ptrdiff_t)channels,
      .x_tap = -(ptrdiff_t)channels,
      .w = w.data,
      .y_row = (ptrdiff_t)(channels + gap),
      .bias = with_bias ? bias.data : NULL,
      .activation = activation,
  };

  for (size_t i = 0; i < y_size; i++)
    found[i] = wanted[i] = CANARY;
  op.y = wanted;
  plain->depthwise (&op);
  op.y = found;
  kernels->depthwise (&op);
  assert_near (kernels, "depthwise", channels, found, wanted, y_size, 1e-6f);
  g_free (found);
  g_free (wanted);
  floats_clear (&x);
  floats_clear (&w);
  floats_clear (&bias);
}

START_TEST (depthwise_convolutions_are_right_for_every_number_of_channels)
{
  const MxKernels *kernels = kernels_of (_i);

  for (size_t k = 0; kernels != NULL && k < G_N_ELEMENTS (channel_counts);
       k++) {
    assert_same_depthwise (
        kernels, channel_counts[k], false, MX_ACTIVATION_NONE);
    assert_same_depthwise (
        kernels, channel_counts[k], true, MX_ACTIVATION_NONE);
    assert_same_depthwise (
        kernels, channel_counts[k], true, MX_ACTIVATION_RELU);
  }
}
END_TEST

static void
assert_same_affine (
    const MxKernels *kernels, size_t channels, MxActivation activation)
{
  const size_t n = 13;
  Floats x = floats_new (n * channels), wanted = floats_new (n * channels);
  Floats scale = floats_new (channels), shift = floats_new (channels);

  plain->affine (
      n, channels, x.data, scale.data, shift.data, activation, wanted.data);
  kernels->affine (
      n, channels, x.data, scale.data, shift.data, activation, x.data);
  assert_near (kernels, "affine", channels, x.data, wanted.data, x.n, 2.5e-7f);
  floats_clear (&x);
  floats_clear (&wanted);
  floats_clear (&scale);
  floats_clear (&shift);
}

START_TEST (affine_maps_are_right_in_place_for_every_number_of_channels)
{
  const MxKernels *kernels = kernels_of (_i);

  for (size_t k = 0; kernels != NULL && k < G_N_ELEMENTS (channel_counts);
       k++) {
    assert_same_affine (kernels, channel_counts[k], MX_ACTIVATION_NONE);
    assert_same_affine (kernels, channel_counts[k], MX_ACTIVATION_RELU);
  }
}
END_TEST

/* Against sums in double, as all kernels are of one source. */
static void
assert_norm_sums (const MxKernels *kernels, size_t n, size_t channels,
    const Floats *x, const Floats *dy, const float *mean)
{
  const float tolerance = 2.5e-7f * (float)(n + 4);
  Floats sum = floats_new (channels), dot = floats_new (channels);

  kernels->norm_sums (n, channels, x->data, mean, dy->data, sum.data, dot.data);
  for (size_t c = 0; c < channels; c++) {
    double wanted = 0, wanted_dot = 0;

    for (size_t i = 0; i < n; i++) {
      const double d = dy->data[i * channels + c];

      wanted += d;
      wanted_dot += d * (x->data[i * channels + c] - mean[c]);
    }
    ck_assert_double_eq_tol (sum.data[c], wanted, tolerance);
    ck_assert_double_eq_tol (dot.data[c], wanted_dot, tolerance);
  }
  floats_clear (&sum);
  floats_clear (&dot);
}

static void
assert_norm_gradient (const MxKernels *kernels, size_t channels, bool adds)
{
  const size_t n = 5;
  Floats x = floats_new (n * channels), dy = floats_new (n * channels);
  Floats dx = floats_new (n * channels), of[4];
  g_autofree float *before = g_memdup2 (dx.data, dx.n * sizeof (float));

  for (size_t k = 0; k < 4; k++)
    of[k] = floats_new (channels);
  kernels->norm_gradient (n, channels, x.data, of[0].data, dy.data, of[1].data,
      of[2].data, of[3].data, adds, dx.data);
  for (size_t i = 0; i < n * channels; i++) {
    const size_t c = i % channels;
    const double slope = (double)of[2].data[c] * (x.data[i] - of[0].data[c]);
    const double wanted = (double)of[1].data[c] * dy.data[i] + slope +
                          of[3].data[c] + (adds ? before[i] : 0);

    ck_assert_double_eq_tol (dx.data[i], wanted, 1e-6);
  }
  for (size_t k = 0; k < 4; k++)
    floats_clear (&of[k]);
  floats_clear (&x);
  floats_clear (&dy);
  floats_clear (&dx);
}

START_TEST (gradients_of_norms_are_right_for_every_number_of_channels)
{
  const MxKernels *kernels = kernels_of (_i);

  for (size_t k = 0; kernels != NULL && k < G_N_ELEMENTS (channel_counts);
       k++) {
    assert_norm_gradient (kernels, channel_counts[k], false);
    assert_norm_gradient (kernels, channel_counts[k], true);
  }
}
END_TEST

static void
assert_masks (const MxKernels *kernels, size_t n)
{
  Floats y = floats_new (n), dy = floats_new (n), sum = floats_new (n);
  Floats dx = floats_new (n), in_place = floats_new (n);
  g_autofree float *before = g_memdup2 (dx.data, n * sizeof (float));

  memcpy (in_place.data, dy.data, n * sizeof (float));
  y.data[n / 2] = 0;
  kernels->mask (n, y.data, dy.data, true, dx.data);
  kernels->mask (n, y.data, in_place.data, false, in_place.data);
  kernels->add (n, y.data, dy.data, MX_ACTIVATION_RELU, sum.data);
  for (size_t i = 0; i < n; i++) {
    const float wanted = y.data[i] > 0 ? dy.data[i] : 0;

    ck_assert_float_eq (in_place.data[i], wanted);
    ck_assert_float_eq (dx.data[i], before[i] + wanted);
    ck_assert_float_eq (sum.data[i], fmaxf (y.data[i] + dy.data[i], 0));
  }
  dy.data[0] = NAN;
  kernels->add (n, y.data, dy.data, MX_ACTIVATION_RELU, sum.data);
  ck_assert (isnan (sum.data[0]));
  kernels->add (n, y.data, y.data, MX_ACTIVATION_NONE, sum.data);
  for (size_t i = 0; i < n; i++)
    ck_assert_float_eq (sum.data[i], 2 * y.data[i]);
  floats_clear (&y);
  floats_clear (&dy);
  floats_clear (&sum);
  floats_clear (&dx);
  floats_clear (&in_place);
}

START_TEST (masks_let_through_what_is_above_zero)
{
  const MxKernels *kernels = kernels_of (_i);

  for (size_t k = 0; kernels != NULL && k < G_N_ELEMENTS (channel_counts); k++)
    assert_masks (kernels, channel_counts[k]);
}
END_TEST

static void
assert_same_sums (const MxKernels *kernels, size_t n, size_t channels)
{
  Floats x = floats_new (n * channels), y = floats_new (n * channels);
  Floats mean = floats_new (channels);
  Floats found = floats_new (channels), wanted = floats_new (channels);
  float tolerance = 2.5e-7f * (float)(n + 4);

  plain->channel_sum (n, channels, x.data, wanted.data);
  kernels->channel_sum (n, channels, x.data, found.data);
  assert_near (kernels, "sum", channels, found.data, wanted.data, channels, 0);

  plain->channel_deviation (n, channels, x.data, mean.data, wanted.data);
  kernels->channel_deviation (n, channels, x.data, mean.data, found.data);
  assert_near (kernels, "deviation", channels, found.data, wanted.data,
      channels, tolerance);

  assert_norm_sums (kernels, n, channels, &x, &y, mean.data);
  floats_clear (&x);
  floats_clear (&y);
  floats_clear (&mean);
  floats_clear (&found);
  floats_clear (&wanted);
}

START_TEST (sums_over_frames_are_right_for_every_number_of_channels)
{
  static const size_t frames[] = {0, 1, 7, 64, 1001};
  const MxKernels *kernels = kernels_of (_i);

  for (size_t f = 0; kernels != NULL && f < G_N_ELEMENTS (frames); f++)
    for (size_t k = 0; k < G_N_ELEMENTS (channel_counts); k++)
      assert_same_sums (kernels, frames[f], channel_counts[k]);
}
END_TEST

static Suite *
kernels_channels_suite (void)
{
  const int n = G_N_ELEMENTS (levels);
  Suite *suite = suite_create ("kernels-channels");
  TCase *tc = tcase_create ("kernels-channels");

  tcase_add_loop_test (
      tc, depthwise_convolutions_are_right_for_every_number_of_channels, 0, n);
  tcase_add_loop_test (
      tc, affine_maps_are_right_in_place_for_every_number_of_channels, 0, n);
  tcase_add_loop_test (
      tc, sums_over_frames_are_right_for_every_number_of_channels, 0, n);
  tcase_add_loop_test (
      tc, gradients_of_norms_are_right_for_every_number_of_channels, 0, n);
  tcase_add_loop_test (tc, masks_let_through_what_is_above_zero, 0, n);
  suite_add_tcase (suite, tc);
  return suite;
}

int
main (void)
{
  SRunner *runner = srunner_create (kernels_channels_suite ());
  int failed;

  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? 0 : 1;
}
