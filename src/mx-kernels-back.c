/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Frames of gradients into the points of tiles.  Loops over channels, which the
 * compiler turns into vectors.  Built once for each instruction set. */

#include "mx-kernels-back.h"

#define A MX_TILE_A
#define B MX_TILE_B

/* What is written is nowhere read in the loop. */
#ifdef __clang__
#  define INDEPENDENT _Pragma ("clang loop vectorize(assume_safety)")
#else
#  define INDEPENDENT _Pragma ("GCC ivdep")
#endif

/* @x: four frames, `frame` apart; @y: six points, `point` apart. */
static void
three_back (size_t channels, const float *x, ptrdiff_t frame, float *restrict y,
    ptrdiff_t point)
{
  INDEPENDENT
  for (size_t c = 0; c < channels; c++) {
    float x0 = x[c], x1 = (x + frame)[c];
    float x2 = (x + 2 * frame)[c], x3 = (x + 3 * frame)[c];
    float even_a = x0 + A * A * x2, odd_a = A * (x1 + A * A * x3);
    float even_b = x0 + B * B * x2, odd_b = B * (x1 + B * B * x3);

    y[c] = x0;
    (y + point)[c] = even_a + odd_a;
    (y + 2 * point)[c] = even_a - odd_a;
    (y + 3 * point)[c] = even_b + odd_b;
    (y + 4 * point)[c] = even_b - odd_b;
    (y + 5 * point)[c] = x3;
  }
}

/* @x: four frames, `frame` apart; @y: eight points, `point` apart. */
static void
five_back (size_t channels, const float *x, ptrdiff_t frame, float *restrict y,
    ptrdiff_t point)
{
  INDEPENDENT
  for (size_t c = 0; c < channels; c++) {
    float x0 = x[c], x1 = (x + frame)[c];
    float x2 = (x + 2 * frame)[c], x3 = (x + 3 * frame)[c];
    float even_half = x0 + .25f * x2, odd_half = .5f * (x1 + .25f * x3);
    float even_one = x0 + x2, odd_one = x1 + x3;
    float even_two = x0 + 4 * x2, odd_two = 2 * (x1 + 4 * x3);

    y[c] = x0;
    (y + point)[c] = even_half + odd_half;
    (y + 2 * point)[c] = even_half - odd_half;
    (y + 3 * point)[c] = even_one + odd_one;
    (y + 4 * point)[c] = even_one - odd_one;
    (y + 5 * point)[c] = even_two + odd_two;
    (y + 6 * point)[c] = even_two - odd_two;
    (y + 7 * point)[c] = x3;
  }
}

void
TILES_BACK (const MxTilesIn *op)
{
  for (size_t t = 0; t < op->tiles; t++) {
    const float *x = op->x + (ptrdiff_t)t * op->x_tile;
    float *points = op->points + (ptrdiff_t)t * op->per_tile;

    if (op->taps == 3)
      three_back (op->channels, x, op->x_frame, points, op->point);
    else
      five_back (op->channels, x, op->x_frame, points, op->point);
  }
}
