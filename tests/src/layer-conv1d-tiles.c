/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which convolutions train in tiles, and how exact that is; that they give
 * gradients is proven with those of all layers (layer-gradients.c). */

#include "layer-reference.h"

#include "check-main.h"

static const struct {
  const char *json;
  MxShape in;
  size_t taps; /* of a group; 0: not in tiles */
} cases[] = {
    {CONV ("\"filters\":64,\"kernel\":3,\"bias\":false"), {98, 40}, 3},
    {CONV ("\"filters\":64,\"kernel\":9,\"stride\":2"), {98, 64}, 5},
    {CONV ("\"filters\":64,\"kernel\":9"), {49, 64}, 5},
    {CONV ("\"filters\":160,\"kernel\":9"), {7, 160}, 5},
    {CONV ("\"filters\":32,\"kernel\":5"), {64, 32}, 5},
    {CONV ("\"filters\":96,\"kernel\":5,\"stride\":2"), {32, 64}, 3},
    /* Nothing saved, too narrow, too short, taps apart, in groups. */
    {CONV ("\"filters\":64,\"kernel\":1"), {98, 64}, 0},
    {CONV ("\"filters\":64,\"kernel\":3,\"stride\":2"), {98, 64}, 0},
    {CONV ("\"filters\":64,\"kernel\":5"), {98, 31}, 0},
    {CONV ("\"filters\":31,\"kernel\":5"), {98, 64}, 0},
    {CONV ("\"filters\":64,\"kernel\":5"), {1, 64}, 0},
    {CONV ("\"filters\":64,\"kernel\":9,\"dilation\":2"), {98, 64}, 0},
    {CONV ("\"filters\":64,\"kernel\":9,\"groups\":2"), {98, 64}, 0},
};

START_TEST (convolutions_that_gain_train_in_tiles)
{
  MxLayer *layer = read_layer (cases[_i].json, cases[_i].in, 2, NULL);
  const MxConv1dConfig *config = layer->config;

  ck_assert_uint_eq (config->tile_taps, cases[_i].taps);
  mx_layer_free (layer);
}
END_TEST

/* Networks for inference have their own way. */
START_TEST (setting_up_again_forgets_tiles)
{
  MxLayer *layer = read_layer (cases[1].json, cases[1].in, 2, NULL);
  const MxConv1dConfig *config = layer->config;
  const size_t in_tiles = layer->x_pad_right;

  ck_assert (mx_layer_conv1d_setup (layer));
  ck_assert_uint_eq (config->tile_taps, 0);
  ck_assert_uint_lt (layer->x_pad_right, in_tiles);
  mx_layer_free (layer);
}
END_TEST

/* Root of the mean square distance from the formula in double. */
static double
error_of (int number, bool tiles)
{
  Fixture f;
  double error = 0;
  size_t n;

  fixture_init (&f, read_layer (cases[number].json, cases[number].in, 2, NULL),
      2, true, number);
  n = f.layer->out.time * f.layer->out.channels;
  for (size_t row = 0; row < 2; row++)
    for (size_t i = 0; i < f.layer->in.time * f.layer->in.channels; i++)
      mx_tensor_row (&f.run.x, row)[i] = (float)mx_rng_normal (&f.run.rng);
  f.run.training = tiles;
  ((MxConv1dConfig *)f.layer->config)->edges = false; /* one sum */
  fixture_forward (&f);
  for (size_t row = 0; row < 2; row++)
    for (size_t i = 0; i < n; i++) {
      double distance =
          mx_tensor_row (&f.run.y, row)[i] - reference (&f, f.weights, row,
                                                 i / f.layer->out.channels,
                                                 i % f.layer->out.channels);

      ck_assert (fabs (distance) <= 1e-3); /* not a number fails */
      error += distance * distance;
    }
  fixture_clear (&f);
  return sqrt (error / (2.0 * (double)n));
}

START_TEST (tiles_are_nearly_as_exact)
{
  double tiles = error_of (_i, true), direct = error_of (_i, false);

  ck_assert_msg (tiles <= 3 * direct, "%s: error %g, of the direct sum %g",
      cases[_i].json, tiles, direct);
}
END_TEST

static void
add_tests (TCase *tc)
{
  const int n = G_N_ELEMENTS (cases), in_tiles = 6;

  tcase_add_loop_test (tc, convolutions_that_gain_train_in_tiles, 0, n);
  tcase_add_test (tc, setting_up_again_forgets_tiles);
  tcase_add_loop_test (tc, tiles_are_nearly_as_exact, 0, in_tiles);
}

CHECK_MAIN ("layer-conv1d-tiles", add_tests)
