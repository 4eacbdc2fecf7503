/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Into the points of a fast convolution and back, a vector of channels at a
 * time.  Built once for each instruction set. */

#include "mx-kernels.h"

#include <string.h>

#if defined(__AVX512F__)
#  define LANES 16
#elif defined(__AVX2__)
#  define LANES 8
#else
#  define LANES 4
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define TILES_IN JOIN (mx_kernels_tiles_in_, MX_KERNELS_SUFFIX)
#define TILES_OUT JOIN (mx_kernels_tiles_out_, MX_KERNELS_SUFFIX)
#define ALWAYS_INLINE inline __attribute__ ((always_inline))
#ifdef __clang__
#  define UNROLL _Pragma ("clang loop unroll(full)")
#else
#  define UNROLL _Pragma ("GCC unroll 8")
#endif

#define A MX_TILE_A
#define B MX_TILE_B

typedef float Vector __attribute__ ((vector_size (LANES * sizeof (float))));
typedef int Bits __attribute__ ((vector_size (LANES * sizeof (int))));
/* In memory, wherever floats may lie. */
typedef float Packed __attribute__ ((
    vector_size (LANES * sizeof (float)), aligned (sizeof (float)), may_alias));

void TILES_IN (const MxTilesIn *op);
void TILES_OUT (const MxTilesOut *op);

/* Up to a vector of floats: n is LANES, as a constant, or less. */
static ALWAYS_INLINE Vector
load (const float *from, const size_t n)
{
  Vector vector = {0};

  if (n == LANES)
    return *(const Packed *)from;
  memcpy (&vector, from, n * sizeof *from);
  return vector;
}

static ALWAYS_INLINE void
store (float *to, Vector vector, const size_t n)
{
  if (n == LANES)
    *(Packed *)to = vector;
  else
    memcpy (to, &vector, n * sizeof *to);
}

/* --- in --- */

static ALWAYS_INLINE void
frames_to_points3 (const Vector x[6], Vector y[6])
{
  Vector even_a = x[4] - B * B * x[2], odd_a = A * (x[3] - B * B * x[1]);
  Vector even_b = x[4] - A * A * x[2], odd_b = B * (x[3] - A * A * x[1]);

  y[0] = A * A * B * B * x[0] - (A * A + B * B) * x[2] + x[4];
  y[1] = even_a + odd_a;
  y[2] = even_a - odd_a;
  y[3] = even_b + odd_b;
  y[4] = even_b - odd_b;
  y[5] = A * A * B * B * x[1] - (A * A + B * B) * x[3] + x[5];
}

static ALWAYS_INLINE void
frames_to_points5 (const Vector x[8], Vector y[8])
{
  Vector even_half = x[6] + 4 * x[2] - 5 * x[4];
  Vector odd_half = 2 * x[1] - 2.5f * x[3] + 0.5f * x[5];
  Vector even_1 = x[6] + x[2] - 4.25f * x[4];
  Vector odd_1 = x[5] + x[1] - 4.25f * x[3];
  Vector even_2 = x[6] + 0.25f * x[2] - 1.25f * x[4];
  Vector odd_2 = 0.5f * x[1] - 2.5f * x[3] + 2 * x[5];

  y[0] = x[6] - x[0] + 5.25f * (x[2] - x[4]);
  y[1] = even_half + odd_half;
  y[2] = even_half - odd_half;
  y[3] = even_1 + odd_1;
  y[4] = even_1 - odd_1;
  y[5] = even_2 + odd_2;
  y[6] = even_2 - odd_2;
  y[7] = x[7] - x[1] + 5.25f * (x[3] - x[5]);
}

static ALWAYS_INLINE void
tile_in (const MxTilesIn *op, const float *x, float *points, const size_t taps,
    const size_t n)
{
  Vector frames[MX_TILE_MOST_POINTS], y[MX_TILE_MOST_POINTS];
  const size_t count = taps + MX_TILE_FRAMES - 1;

  UNROLL
  for (size_t k = 0; k < count; k++)
    frames[k] = load (x + (ptrdiff_t)k * op->x_frame, n);
  if (taps == 3)
    frames_to_points3 (frames, y);
  else
    frames_to_points5 (frames, y);
  UNROLL
  for (size_t k = 0; k < count; k++)
    store (points + (ptrdiff_t)k * op->point, y[k], n);
}

static ALWAYS_INLINE void
tiles_in (const MxTilesIn *op, const size_t taps)
{
  for (size_t t = 0; t < op->tiles; t++) {
    const float *x = op->x + (ptrdiff_t)t * op->x_tile;
    float *points = op->points + (ptrdiff_t)t * op->per_tile;
    size_t c = 0;

    for (; c + LANES <= op->channels; c += LANES)
      tile_in (op, x + c, points + c, taps, LANES);
    if (c < op->channels)
      tile_in (op, x + c, points + c, taps, op->channels - c);
  }
}

void
TILES_IN (const MxTilesIn *op)
{
  if (op->taps == 3)
    tiles_in (op, 3);
  else
    tiles_in (op, 5);
}

/* --- out --- */

static ALWAYS_INLINE void
points_to_frames3 (const Vector x[6], Vector y[MX_TILE_FRAMES])
{
  Vector sum_a = x[1] + x[2], difference_a = x[1] - x[2];
  Vector sum_b = x[3] + x[4], difference_b = x[3] - x[4];

  y[0] = x[0] + sum_a + sum_b;
  y[1] = A * difference_a + B * difference_b;
  y[2] = A * A * sum_a + B * B * sum_b;
  y[3] = A * A * A * difference_a + B * B * B * difference_b + x[5];
}

static ALWAYS_INLINE void
points_to_frames5 (const Vector x[8], Vector y[MX_TILE_FRAMES])
{
  Vector sum_half = x[1] + x[2], difference_half = x[1] - x[2];
  Vector sum_1 = x[3] + x[4], difference_1 = x[3] - x[4];
  Vector sum_2 = x[5] + x[6], difference_2 = x[5] - x[6];

  y[0] = x[0] + sum_half + sum_1 + sum_2;
  y[1] = difference_1 + 0.5f * difference_half + 2 * difference_2;
  y[2] = sum_1 + 0.25f * sum_half + 4 * sum_2;
  y[3] = difference_1 + 0.125f * difference_half + 8 * difference_2 + x[7];
}

static ALWAYS_INLINE Vector
activate (MxActivation activation, Vector x)
{
  if (activation == MX_ACTIVATION_RELU)
    x = (Vector)(~(x < 0.0f) & (Bits)x);
  return x;
}

/* @at: where its first frame begins, from y and add. */
static ALWAYS_INLINE void
tile_out (const MxTilesOut *op, const float *points, const float *bias,
    ptrdiff_t at, size_t rows, const size_t taps, const size_t n)
{
  Vector x[MX_TILE_MOST_POINTS], frames[MX_TILE_FRAMES];
  Vector start = bias != NULL ? load (bias, n) : (Vector){0};

  UNROLL
  for (size_t k = 0; k < taps + MX_TILE_FRAMES - 1; k++)
    x[k] = load (points + (ptrdiff_t)k * op->point, n);
  if (taps == 3)
    points_to_frames3 (x, frames);
  else
    points_to_frames5 (x, frames);
  UNROLL
  for (size_t f = 0; f < MX_TILE_FRAMES; f++, at += op->y_row) {
    if (f >= rows)
      break;
    frames[f] += start;
    if (op->add != NULL)
      frames[f] += load (op->add + at, n);
    store (op->y + at, activate (op->activation, frames[f]), n);
  }
}

static ALWAYS_INLINE void
tiles_out (const MxTilesOut *op, const size_t taps)
{
  for (size_t i = 0; i < op->rows; i += MX_TILE_FRAMES) {
    const float *points =
        op->points + (ptrdiff_t)(i / MX_TILE_FRAMES) * op->per_tile;
    const ptrdiff_t at = (ptrdiff_t)i * op->y_row;
    const float *bias = op->bias;
    size_t c = 0;

    for (; c + LANES <= op->channels; c += LANES)
      tile_out (op, points + c, bias != NULL ? bias + c : NULL,
          at + (ptrdiff_t)c, op->rows - i, taps, LANES);
    if (c < op->channels)
      tile_out (op, points + c, bias != NULL ? bias + c : NULL,
          at + (ptrdiff_t)c, op->rows - i, taps, op->channels - c);
  }
}

void
TILES_OUT (const MxTilesOut *op)
{
  if (op->taps == 3)
    tiles_out (op, 3);
  else
    tiles_out (op, 5);
}
