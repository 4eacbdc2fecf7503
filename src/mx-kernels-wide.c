/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Tiles of training: the wide ones, and frames of gradients into points.  Loops
 * over channels, which the compiler turns into vectors.  Built once for each
 * instruction set. */

#include "mx-kernels-wide.h"

#define A MX_TILE_A
#define B MX_TILE_B

/* What is written is nowhere read in the loop. */
#ifdef __clang__
#  define INDEPENDENT _Pragma ("clang loop vectorize(assume_safety)")
#else
#  define INDEPENDENT _Pragma ("GCC ivdep")
#endif

#define ALWAYS_INLINE inline __attribute__ ((always_inline))
#define FETCH 4         /* tiles ahead */
#define MAX_CHANNELS 64 /* of the output at a time */

/* @x: eight frames, `frame` apart; @y: eight points, `point` apart. */
static void
wide_in (size_t channels, const float *x, ptrdiff_t frame, float *restrict y,
    ptrdiff_t point)
{
  INDEPENDENT
  for (size_t c = 0; c < channels; c++) {
    float x1 = (x + frame)[c], x2 = (x + 2 * frame)[c];
    float x3 = (x + 3 * frame)[c], x4 = (x + 4 * frame)[c];
    float x5 = (x + 5 * frame)[c], x6 = (x + 6 * frame)[c];
    float even_half = x6 - 5 * x4 + 4 * x2;
    float odd_half = .5f * (x5 - 5 * x3 + 4 * x1);
    float even_one = x6 - 4.25f * x4 + x2, odd_one = x5 - 4.25f * x3 + x1;
    float even_two = x6 - 1.25f * x4 + .25f * x2;
    float odd_two = 2 * (x5 - 1.25f * x3 + .25f * x1);

    y[c] = 5.25f * (x2 - x4) + x6 - x[c];
    (y + point)[c] = even_half + odd_half;
    (y + 2 * point)[c] = even_half - odd_half;
    (y + 3 * point)[c] = even_one + odd_one;
    (y + 4 * point)[c] = even_one - odd_one;
    (y + 5 * point)[c] = even_two + odd_two;
    (y + 6 * point)[c] = even_two - odd_two;
    (y + 7 * point)[c] = 5.25f * (x3 - x5) + (x + 7 * frame)[c] - x1;
  }
}

/* Of the next tile what is not of this one: rows come from far away, and what
 * fetches ahead by itself does not see through the order of tiles. */
static ALWAYS_INLINE void
fetch (const MxTilesIn *op, size_t tile, ptrdiff_t shared)
{
  const float *x = op->x + (ptrdiff_t)tile * op->x_tile;

  for (ptrdiff_t f = shared; f < shared + MX_TILE_FRAMES; f++)
    for (size_t c = 0; c < op->channels; c += 16)
      __builtin_prefetch (x + f * op->x_frame + (ptrdiff_t)c);
}

void
WIDE_IN (const MxTilesIn *op)
{
  for (size_t t = 0; t < op->tiles; t++) {
    fetch (op, t + FETCH, 4);
    wide_in (op->channels, op->x + (ptrdiff_t)t * op->x_tile, op->x_frame,
        op->points + (ptrdiff_t)t * op->per_tile, op->point);
  }
}

/* @x: eight points; @y: four frames.  @add: as y, or NULL. */
static ALWAYS_INLINE void
wide_out (size_t channels, const float *x, ptrdiff_t point, float *y,
    ptrdiff_t frame, const bool add)
{
  INDEPENDENT
  for (size_t c = 0; c < channels; c++) {
    float x1 = (x + point)[c], x2 = (x + 2 * point)[c];
    float x3 = (x + 3 * point)[c], x4 = (x + 4 * point)[c];
    float x5 = (x + 5 * point)[c], x6 = (x + 6 * point)[c];
    float sum_half = x1 + x2, difference_half = x1 - x2;
    float sum_one = x3 + x4, difference_one = x3 - x4;
    float sum_two = x5 + x6, difference_two = x5 - x6;
    float y0 = x[c] + sum_half + sum_one + sum_two;
    float y1 = .5f * difference_half + difference_one + 2 * difference_two;
    float y2 = .25f * sum_half + sum_one + 4 * sum_two;
    float y3 = .125f * difference_half + difference_one + 8 * difference_two +
               (x + 7 * point)[c];

    y[c] = add ? y[c] + y0 : y0;
    (y + frame)[c] = add ? (y + frame)[c] + y1 : y1;
    (y + 2 * frame)[c] = add ? (y + 2 * frame)[c] + y2 : y2;
    (y + 3 * frame)[c] = add ? (y + 3 * frame)[c] + y3 : y3;
  }
}

static void
finish_row (size_t channels, const float *x, const float *bias,
    const float *add, MxActivation activation, float *y)
{
  INDEPENDENT
  for (size_t c = 0; c < channels; c++) {
    float value = x[c];

    if (bias != NULL)
      value += bias[c];
    if (add != NULL)
      value += add[c];
    y[c] = activation == MX_ACTIVATION_RELU && value < 0.0f ? 0.0f : value;
  }
}

/* Some channels of some of the four frames. */
static void
finish_tile (const MxTilesOut *op, const float *x, size_t first, size_t rows)
{
  for (size_t c = 0; c < op->channels; c += MAX_CHANNELS) {
    const size_t left = op->channels - c;
    const size_t n = left < MAX_CHANNELS ? left : MAX_CHANNELS;
    float frames[MX_TILE_FRAMES * MAX_CHANNELS];

    wide_out (n, x + c, op->point, frames, MAX_CHANNELS, false);
    for (size_t f = 0; f < rows; f++) {
      ptrdiff_t at = (ptrdiff_t)(first + f) * op->y_row + (ptrdiff_t)c;

      finish_row (n, frames + f * MAX_CHANNELS,
          op->bias != NULL ? op->bias + c : NULL,
          op->add != NULL ? op->add + at : NULL, op->activation, op->y + at);
    }
  }
}

void
WIDE_OUT (const MxTilesOut *op)
{
  const bool plain = op->bias == NULL && op->activation == MX_ACTIVATION_NONE;

  for (size_t i = 0; i < op->rows; i += MX_TILE_FRAMES) {
    const float *x =
        op->points + (ptrdiff_t)(i / MX_TILE_FRAMES) * op->per_tile;
    float *y = op->y + (ptrdiff_t)i * op->y_row;
    const size_t left = op->rows - i;

    if (left < MX_TILE_FRAMES || !plain ||
        (op->add != NULL && op->add != op->y))
      finish_tile (op, x, i, left < MX_TILE_FRAMES ? left : MX_TILE_FRAMES);
    else if (op->add != NULL)
      wide_out (op->channels, x, op->point, y, op->y_row, true);
    else
      wide_out (op->channels, x, op->point, y, op->y_row, false);
  }
}

/* @x: four frames, `frame` apart; @y: six points, `point` apart. */
static void
tile_back (size_t channels, const float *x, ptrdiff_t frame, float *restrict y,
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

void
TILES_BACK (const MxTilesIn *op)
{
  for (size_t t = 0; t < op->tiles; t++)
    tile_back (op->channels, op->x + (ptrdiff_t)t * op->x_tile, op->x_frame,
        op->points + (ptrdiff_t)t * op->per_tile, op->point);
}

/* @x: four frames, `frame` apart; @y: eight points, `point` apart. */
static void
wide_back (size_t channels, const float *x, ptrdiff_t frame, float *restrict y,
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
WIDE_BACK (const MxTilesIn *op)
{
  for (size_t t = 0; t < op->tiles; t++)
    wide_back (op->channels, op->x + (ptrdiff_t)t * op->x_tile, op->x_frame,
        op->points + (ptrdiff_t)t * op->per_tile, op->point);
}
