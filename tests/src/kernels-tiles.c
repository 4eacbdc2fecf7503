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

static void
add_tests (TCase *tc)
{
  const int n = G_N_ELEMENTS (levels);

  tcase_add_loop_test (tc, tiles_come_in_as_the_formula_says, 0, n);
  tcase_add_loop_test (tc, tiles_go_out_as_the_formula_says, 0, n);
}

CHECK_MAIN ("kernels-tiles", add_tests)
