/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Into the points of a fast convolution and back. */

#include "kernels-common.h"

#include "check-main.h"

#include <glib.h>
#include <math.h>

static const size_t channel_counts[] = {1, 3, 16, 31, 64, 65, 130};

static void
assert_near (const MxKernels *kernels, size_t channels, const Floats *found,
    const Floats *wanted)
{
  for (size_t i = 0; i < found->n; i++)
    ck_assert_msg (fabsf (found->data[i] - wanted->data[i]) <= 4e-6f,
        "%s: %zu channels, place %zu: found %g, expected %g", kernels->name,
        channels, i, found->data[i], wanted->data[i]);
}

START_TEST (tiles_come_in_as_the_formula_says)
{
  const MxKernels *kernels = kernels_of (_i);

  for (size_t k = 0; kernels && k < 2 * G_N_ELEMENTS (channel_counts); k++) {
    const size_t channels = channel_counts[k / 2], tiles = 5, gap = 3;
    const size_t taps = k % 2 ? 3 : 5, points = mx_tile_points (taps);
    const ptrdiff_t frame = (ptrdiff_t)(2 * channels + 1);
    Floats x = floats_new (
        (size_t)frame * (MX_TILE_FRAMES * (tiles - 1) + points - 1) + channels);
    Floats found = floats_new (points * tiles * (channels + gap));
    Floats wanted = floats_new (found.n);
    MxTilesIn op = {.taps = taps,
        .tiles = tiles,
        .channels = channels,
        .x = x.data,
        .x_frame = frame,
        .x_tile = MX_TILE_FRAMES * frame,
        .point = (ptrdiff_t)(tiles * (channels + gap)),
        .per_tile = (ptrdiff_t)(channels + gap)};

    floats_fill (&found, CANARY);
    floats_fill (&wanted, CANARY);
    op.points = wanted.data;
    plain->tiles_in (&op);
    op.points = found.data;
    kernels->tiles_in (&op);
    assert_near (kernels, channels, &found, &wanted);
    floats_clear (&x);
    floats_clear (&found);
    floats_clear (&wanted);
  }
}
END_TEST

static void
assert_tiles_go_out (const MxKernels *kernels, size_t taps, size_t channels,
    size_t rows, bool bias, bool add, MxActivation activation)
{
  const size_t tiles = (rows + MX_TILE_FRAMES - 1) / MX_TILE_FRAMES, gap = 3;
  Floats points = floats_new (mx_tile_points (taps) * tiles * channels);
  Floats biases = floats_new (channels);
  Floats adds = floats_new (rows * (channels + gap));
  Floats found = floats_new (adds.n), wanted = floats_new (adds.n);
  MxTilesOut op = {.taps = taps,
      .rows = rows,
      .channels = channels,
      .points = points.data,
      .point = (ptrdiff_t)(tiles * channels),
      .per_tile = (ptrdiff_t)channels,
      .y_row = (ptrdiff_t)(channels + gap),
      .bias = bias ? biases.data : NULL,
      .add = add ? adds.data : NULL,
      .activation = activation};

  floats_fill (&found, CANARY);
  floats_fill (&wanted, CANARY);
  op.y = wanted.data;
  plain->tiles_out (&op);
  op.y = found.data;
  kernels->tiles_out (&op);
  assert_near (kernels, channels, &found, &wanted);
  floats_clear (&points);
  floats_clear (&biases);
  floats_clear (&adds);
  floats_clear (&found);
  floats_clear (&wanted);
}

START_TEST (tiles_go_out_as_the_formula_says)
{
  const MxKernels *kernels = kernels_of (_i);

  for (size_t k = 0; kernels && k < G_N_ELEMENTS (channel_counts); k++)
    for (size_t rows = 1; rows <= 10; rows++)
      for (size_t taps = 3; taps <= 5; taps += 2)
        assert_tiles_go_out (kernels, taps, channel_counts[k], rows, rows % 2,
            rows % 3, rows % 4 ? MX_ACTIVATION_RELU : MX_ACTIVATION_NONE);
}
END_TEST

/* Points of tiles for training, and the convolution that they make: a sum over
 * points of products is taken here, in double. */
typedef struct {
  size_t taps;
  double at[7]; /* the points but infinity */
  void (*in) (const MxTilesIn *op);
  void (*out) (const MxTilesOut *op);
  void (*back) (const MxTilesIn *op);
} Family;

static Family
family_of (const MxKernels *kernels, int number)
{
  const double a = MX_TILE_A, b = MX_TILE_B;
  const Family wide = {5, {0, .5, -.5, 1, -1, 2, -2}, kernels->tiles_in,
      kernels->tiles_out, kernels->tiles_back};
  const Family tiles = {3, {0, a, -a, b, -b}, kernels->tiles_in,
      kernels->tiles_out, kernels->tiles_back};

  return number > 0 ? wide : tiles;
}

/* TAPS of tap v, at point k. */
static double
tap_at (const Family *family, size_t k, size_t v)
{
  const size_t finite = family->taps + MX_TILE_FRAMES - 2;
  double value = 1;

  if (k == finite)
    return v == family->taps - 1;
  for (size_t i = 0; i < finite; i++)
    value /= i == k ? 1 : family->at[k] - family->at[i];
  return value * pow (family->at[k], (double)v);
}

#define TILES 3

/* Points of `rows` frames, [point][tile][channel]. */
static Floats
to_points (const Family *family, void (*kernel) (const MxTilesIn *op),
    const Floats *x, size_t channels)
{
  const size_t points = family->taps + MX_TILE_FRAMES - 1;
  Floats found = floats_new (points * TILES * channels);
  const MxTilesIn op = {.taps = family->taps,
      .tiles = TILES,
      .channels = channels,
      .x = x->data,
      .x_frame = (ptrdiff_t)channels,
      .x_tile = (ptrdiff_t)(MX_TILE_FRAMES * channels),
      .points = found.data,
      .point = (ptrdiff_t)(TILES * channels),
      .per_tile = (ptrdiff_t)channels};

  kernel (&op);
  return found;
}

/* Four frames a tile out of points, some rows of the last one; bias, sums and
 * activation as `way` says. */
static void
assert_convolution (const Family *family, size_t channels, size_t rows, int way)
{
  const size_t points = family->taps + MX_TILE_FRAMES - 1;
  Floats x = floats_new ((TILES * MX_TILE_FRAMES + family->taps) * channels);
  Floats y = floats_new (rows * channels), bias = floats_new (channels);
  Floats at = to_points (family, family->in, &x, channels);
  g_autofree float *before = g_memdup2 (y.data, y.n * sizeof (float));
  const double w[MX_TILE_MOST_TAPS] = {.5, -1, .25, 2, -.75};
  const MxTilesOut op = {.taps = family->taps,
      .rows = rows,
      .channels = channels,
      .points = at.data,
      .point = (ptrdiff_t)(TILES * channels),
      .per_tile = (ptrdiff_t)channels,
      .y = y.data,
      .y_row = (ptrdiff_t)channels,
      .add = way & 1 ? y.data : NULL,
      .bias = way & 2 ? bias.data : NULL,
      .activation = way & 4 ? MX_ACTIVATION_RELU : MX_ACTIVATION_NONE};

  for (size_t i = 0; i < at.n; i++) {
    double tap = 0;

    for (size_t v = 0; v < family->taps; v++)
      tap += w[v] * tap_at (family, i / (TILES * channels), v);
    at.data[i] = (float)(tap * at.data[i]);
  }
  ck_assert_uint_eq (at.n, points * TILES * channels);
  family->out (&op);
  for (size_t i = 0; i < rows * channels; i++) {
    double sum =
        (way & 1 ? before[i] : 0) + (way & 2 ? bias.data[i % channels] : 0);

    for (size_t v = 0; v < family->taps; v++)
      sum += w[v] * x.data[i + v * channels];
    ck_assert_double_eq_tol (y.data[i], way & 4 ? fmax (sum, 0) : sum, 2e-5);
  }
  floats_clear (&x);
  floats_clear (&y);
  floats_clear (&bias);
  floats_clear (&at);
}

START_TEST (tiles_make_a_convolution)
{
  const MxKernels *kernels = kernels_of (_i);

  for (int number = 0; kernels && number < 2; number++) {
    const Family family = family_of (kernels, number);

    for (size_t k = 0; k < G_N_ELEMENTS (channel_counts); k++)
      for (size_t rows = 1; rows <= TILES * MX_TILE_FRAMES; rows++)
        assert_convolution (
            &family, channel_counts[k], rows, (int)(rows + k) % 8);
  }
}
END_TEST

/* The gradient of a tap is the sum of the input, so many frames on, times the
 * gradient of the output. */
static void
assert_tap_gradients (const Family *family, size_t channels)
{
  const size_t points = family->taps + MX_TILE_FRAMES - 1;
  Floats x = floats_new ((TILES * MX_TILE_FRAMES + family->taps) * channels);
  Floats dy = floats_new (TILES * MX_TILE_FRAMES * channels);
  Floats in = to_points (family, family->in, &x, channels);
  Floats back = to_points (family, family->back, &dy, channels);

  for (size_t v = 0; v < family->taps; v++) {
    double found = 0, wanted = 0;

    for (size_t i = 0; i < points * TILES * channels; i++)
      found += tap_at (family, i / (TILES * channels), v) * in.data[i] *
               back.data[i];
    for (size_t i = 0; i < dy.n; i++)
      wanted += (double)dy.data[i] * x.data[i + v * channels];
    ck_assert_double_eq_tol (found, wanted, 1e-4);
  }
  floats_clear (&x);
  floats_clear (&dy);
  floats_clear (&in);
  floats_clear (&back);
}

START_TEST (tiles_make_the_gradient_of_taps)
{
  const MxKernels *kernels = kernels_of (_i);

  for (int number = 0; kernels && number < 2; number++) {
    const Family family = family_of (kernels, number);

    for (size_t k = 0; k < G_N_ELEMENTS (channel_counts); k++)
      assert_tap_gradients (&family, channel_counts[k]);
  }
}
END_TEST

static void
add_tests (TCase *tc)
{
  const int n = G_N_ELEMENTS (levels);

  tcase_add_loop_test (tc, tiles_come_in_as_the_formula_says, 0, n);
  tcase_add_loop_test (tc, tiles_go_out_as_the_formula_says, 0, n);
  tcase_add_loop_test (tc, tiles_make_a_convolution, 0, n);
  tcase_add_loop_test (tc, tiles_make_the_gradient_of_taps, 0, n);
}

CHECK_MAIN ("kernels-tiles", add_tests)
