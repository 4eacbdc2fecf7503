/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Into the points of a fast convolution and back: loops over channels, which
 * the compiler turns into vectors.  Built once for each instruction set. */

#include "mx-kernels.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define TILES_IN JOIN (mx_kernels_tiles_in_, MX_KERNELS_SUFFIX)
#define TILES_OUT JOIN (mx_kernels_tiles_out_, MX_KERNELS_SUFFIX)

#define A MX_TILE_A
#define B MX_TILE_B

/* What is written is nowhere read in the loop. */
#ifdef __clang__
#  define INDEPENDENT _Pragma ("clang loop vectorize(assume_safety)")
#else
#  define INDEPENDENT _Pragma ("GCC ivdep")
#endif

#define MAX_CHANNELS 64 /* of the output at a time */

void TILES_IN (const MxTilesIn *op);
void TILES_OUT (const MxTilesOut *op);

/* @x: six frames, `frame` apart; @y: six points, `point` apart. */
static void
tile_in (size_t channels, const float *x, ptrdiff_t frame, float *restrict y,
    ptrdiff_t point)
{
  INDEPENDENT
  for (size_t c = 0; c < channels; c++) {
    float x0 = x[c], x1 = (x + frame)[c], x2 = (x + 2 * frame)[c];
    float x3 = (x + 3 * frame)[c], x4 = (x + 4 * frame)[c];
    float x5 = (x + 5 * frame)[c];
    float even_a = x4 - B * B * x2, odd_a = A * (x3 - B * B * x1);
    float even_b = x4 - A * A * x2, odd_b = B * (x3 - A * A * x1);

    y[c] = A * A * B * B * x0 - (A * A + B * B) * x2 + x4;
    (y + point)[c] = even_a + odd_a;
    (y + 2 * point)[c] = even_a - odd_a;
    (y + 3 * point)[c] = even_b + odd_b;
    (y + 4 * point)[c] = even_b - odd_b;
    (y + 5 * point)[c] = A * A * B * B * x1 - (A * A + B * B) * x3 + x5;
  }
}

void
TILES_IN (const MxTilesIn *op)
{
  for (size_t t = 0; t < op->tiles; t++)
    tile_in (op->channels, op->x + (ptrdiff_t)t * op->x_tile, op->x_frame,
        op->points + (ptrdiff_t)t * op->per_tile, op->point);
}

/* @x: six points; @y: four frames, MAX_CHANNELS apart. */
static void
tile_out (size_t channels, const float *x, ptrdiff_t point, float *restrict y)
{
  INDEPENDENT
  for (size_t c = 0; c < channels; c++) {
    float x1 = (x + point)[c], x2 = (x + 2 * point)[c];
    float x3 = (x + 3 * point)[c], x4 = (x + 4 * point)[c];
    float sum_a = x1 + x2, difference_a = x1 - x2;
    float sum_b = x3 + x4, difference_b = x3 - x4;

    y[c] = x[c] + sum_a + sum_b;
    y[MAX_CHANNELS + c] = A * difference_a + B * difference_b;
    y[2 * MAX_CHANNELS + c] = A * A * sum_a + B * B * sum_b;
    y[3 * MAX_CHANNELS + c] = A * A * A * difference_a +
                              B * B * B * difference_b + (x + 5 * point)[c];
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

void
TILES_OUT (const MxTilesOut *op)
{
  float frames[MX_TILE_FRAMES * MAX_CHANNELS];

  for (size_t i = 0; i < op->rows; i += MX_TILE_FRAMES) {
    for (size_t c = 0; c < op->channels; c += MAX_CHANNELS) {
      const size_t left = op->channels - c;
      const size_t n = left < MAX_CHANNELS ? left : MAX_CHANNELS;

      tile_out (n,
          op->points + (ptrdiff_t)(i / MX_TILE_FRAMES) * op->per_tile +
              (ptrdiff_t)c,
          op->point, frames);
      for (size_t f = 0; f < MX_TILE_FRAMES && i + f < op->rows; f++) {
        ptrdiff_t at = (ptrdiff_t)(i + f) * op->y_row + (ptrdiff_t)c;

        finish_row (n, frames + f * MAX_CHANNELS,
            op->bias != NULL ? op->bias + c : NULL,
            op->add != NULL ? op->add + at : NULL, op->activation, op->y + at);
      }
    }
  }
}
