/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The numeric primitives, as a struct of functions.
 *
 * mx-kernels-c.c is the specification in plain C; mx-kernels-simd.c is one
 * source in GCC vector extensions, built once for each instruction set.
 * mx_kernels_get() picks the best one for this processor, once per process. */
#pragma once

#include "mx-half.h"
#include "mx-kernels-mel.h"

#include <stdbool.h>

typedef enum { MX_ACTIVATION_NONE, MX_ACTIVATION_RELU } MxActivation;

/* Columns of a packed right-hand side: see MxMatmul. */
#define MX_PANEL 32

/* Halves that must be there behind the last one of MxMatmul.b_half. */
#define MX_HALF_BEHIND 7

/* A matrix product over rows that may overlap, its depth in two levels:
 *
 *   c[g][i][j] = act (start + sum_o sum_p a[g][o][i][p] * b[g][o][p][j] + add)
 *
 *   g < groups, i < rows, j < cols, o < depth_groups, p < depth
 *   start = bias[j], or c[g][i][j] if accumulate, or 0
 *   add   = add[g][i][j], same strides as c, or 0
 *
 * All strides are in floats and may be negative or smaller than a row is long:
 * a convolution is such a product whose rows start `stride * channels` apart,
 * so nothing is copied (no im2col).  The same product serves the gradients:
 *
 *   forward          rows = time,       depth = taps x channels
 *   input gradient   rows = time,       depth = taps (backwards) x filters
 *   weight gradient  rows = channels,   depth = examples x time
 *
 * b is row-major within a panel of MX_PANEL columns; panel q starts at
 * b + q * b_panel (plain row-major matrix: b_panel = MX_PANEL).  All groups
 * share it, unless b_group says how far it is from one's to the next one's.  No
 * alignment is required; b at 64 bytes is fastest.  Nothing is read of b past
 * column `cols` of a row.
 *
 * b may be stored in halves, all finite: b_half, with the same strides.  They
 * are made floats as they are read, and all else is as with these floats in b,
 * to the bit.  Of halves, up to MX_HALF_BEHIND more are read past column `cols`
 * of a row, whatever they are.
 *
 * Each element is summed in the order of o and p, whatever is computed with it:
 * one set of kernels gives the same bits for a row alone and in any group.
 *
 * Long sums are less exact.  With `chain`, so many products of a depth group at
 * a time are summed by themselves, and then these sums; without add and
 * activation. */
typedef struct {
  size_t groups, rows, cols, depth_groups, depth;
  const float *a;
  ptrdiff_t a_group, a_row, a_depth_group, a_depth;
  const float *b;
  const MxHalf *b_half; /* or NULL; then in place of b */
  ptrdiff_t b_group, b_panel, b_depth_group, b_depth;
  size_t chain; /* or 0: one sum */
  /* From a number to the low part of it, not 0: of split numbers alone, see
   * mx-kernels-bf16.h. */
  ptrdiff_t a_low, b_low;
  float *c;
  ptrdiff_t c_group, c_row;
  const float *bias; /* [cols] or NULL; not together with accumulate */
  const float *add;  /* laid out as c, or NULL */
  bool accumulate;
  MxActivation activation;
} MxMatmul;

/* One filter per channel (depthwise convolution):
 *
 *   y[i][c] = act (bias[c] + sum_j w[j][c] * x[i * x_row + j * x_tap + c])
 *
 * i < rows, j < taps, c < channels; rows of y lie y_row apart. */
typedef struct {
  size_t rows, channels, taps;
  const float *x;
  ptrdiff_t x_row, x_tap;
  const float *w; /* [taps][channels] */
  float *y;
  ptrdiff_t y_row;
  const float *bias; /* [channels] or NULL */
  MxActivation activation;
} MxDepthwise;

/* Fast convolution, F(4,3) and F(4,5) of S. Winograd (Arithmetic Complexity of
 * Computations, 1980; for networks A. Lavin and S. Gray, arXiv:1509.09308):
 * four frames of a convolution of three (five) taps come from six (eight)
 * products instead of twelve (twenty).  A tile is so many frames of the input,
 * four on from tile to tile, or the four frames of the output; between them it
 * is as many points.  With p_k = 0, a, -a, b, -b and infinity; a = 3/4, b =
 * 3/2:
 *
 *        | aabb   0   -aa-bb   0    1  0 |
 *        |  0   -abb   -bb     a    1  0 |
 *   IN = |  0    abb   -bb    -a    1  0 |
 *        |  0   -aab   -aa     b    1  0 |
 *        |  0    aab   -aa    -b    1  0 |
 *        |  0   aabb    0   -aa-bb  0  1 |
 *
 *   TAPS: row k is (1, p_k, p_k p_k) / prod_i (p_k - p_i), i not k, p_i finite;
 *   of infinity (0, 0, 1)
 *
 *         | 1   1    1   1    1   0 |
 *   OUT = | 0   a   -a   b   -b   0 |
 *         | 0  aa   aa  bb   bb   0 |
 *         | 0 aaa -aaa bbb -bbb   1 |
 *
 *   frames of the output = OUT (TAPS taps * IN frames of the input)
 *
 * With five taps p_k = 0, 1/2, -1/2, 1, -1, 2, -2 and infinity.  In general row
 * k of IN holds the coefficients of prod_i (x - p_i), i not k, p_i finite,
 * lowest power first, and row f of OUT (p_0^f, p_1^f ...), of infinity 0 but in
 * the last row.
 *
 * Sums over channels, and over groups of taps, are taken between points.
 *
 * The gradient of the taps comes in points, too: it is TAPS transposed times
 * the sum over all tiles of (IN frames of the input) * (OUT transposed times
 * four frames of the gradient of the output). */
#define MX_TILE_A 0.75f
#define MX_TILE_B 1.5f
#define MX_TILE_FRAMES 4
#define MX_TILE_MOST_TAPS 5
#define MX_TILE_MOST_POINTS 8

static inline size_t
mx_tile_points (size_t taps)
{
  return taps + MX_TILE_FRAMES - 1;
}

/* points[k][t][c] = sum_f IN[k][f] x[t][f][c];  c < channels, t < tiles */
typedef struct {
  size_t taps; /* 3 or 5 */
  size_t tiles, channels;
  const float *x;
  ptrdiff_t x_tile, x_frame;
  float *points;
  ptrdiff_t point;    /* from point to point */
  ptrdiff_t per_tile; /* from tile to tile */
} MxTilesIn;

/* y[4 t + f][c] = act (bias[c] + sum_k OUT[f][k] points[k][t][c]
 *                      + add[4 t + f][c]);  4 t + f < rows */
typedef struct {
  size_t taps; /* 3 or 5 */
  size_t rows, channels;
  const float *points;
  ptrdiff_t point, per_tile;
  float *y;
  ptrdiff_t y_row;
  const float *bias; /* [channels] or NULL */
  const float *add;  /* laid out as y, or NULL */
  MxActivation activation;
} MxTilesOut;

typedef struct {
  const char *name; /* of the instruction set, for logs */

  void (*matmul) (const MxMatmul *op);
  void (*depthwise) (const MxDepthwise *op);
  void (*tiles_in) (const MxTilesIn *op);
  void (*tiles_out) (const MxTilesOut *op);
  /* points[k][t][c] = sum_f OUT[f][k] x[t][f][c];  f < MX_TILE_FRAMES */
  void (*tiles_back) (const MxTilesIn *op);

  /* The following take n frames of `channels` floats, without gaps. */

  /* y[i][c] = act (x[i][c] * scale[c] + shift[c]); y may be x. */
  void (*affine) (size_t n, size_t channels, const float *x, const float *scale,
      const float *shift, MxActivation activation, float *y);
  /* sum[c] = sum_i x[i][c], in the order of i */
  void (*channel_sum) (size_t n, size_t channels, const float *x, float *sum);
  /* sum[c] = sum_i (x[i][c] - mean[c])^2 */
  void (*channel_deviation) (
      size_t n, size_t channels, const float *x, const float *mean, float *sum);
  /* sum[c] = sum_i dy[i][c]; dot[c] = sum_i dy[i][c] * (x[i][c] - mean[c]) */
  void (*norm_sums) (size_t n, size_t channels, const float *x,
      const float *mean, const float *dy, float *sum, float *dot);
  /* dx[i][c] = scale[c] * dy[i][c] + slope[c] * (x[i][c] - mean[c]) + shift[c]
   *            (+ dx[i][c] if accumulate) */
  void (*norm_gradient) (size_t n, size_t channels, const float *x,
      const float *mean, const float *dy, const float *scale,
      const float *slope, const float *shift, bool accumulate, float *dx);

  /* Of n floats: y[i] = act (a[i] + b[i]) */
  void (*add) (size_t n, const float *a, const float *b,
      MxActivation activation, float *y);
  /* dx[i] = dy[i] where y[i] > 0, else 0 (+ dx[i] if accumulate); dx may be
   * dy. */
  void (*mask) (
      size_t n, const float *y, const float *dy, bool accumulate, float *dx);

  /* The front end's, see mx-kernels-mel.h; how many frames are computed with
   * one does not change its bits. */
  void (*mel) (const MxMelOp *op);
  /* x[i] = ln (x[i] + floor); x >= 0, floor >= FLT_MIN. */
  void (*log) (size_t n, float floor, float *x);
  /* One step of log-pcen: x [n] is the power, then the result; smooth [n] is M,
   * less than 0 before the first step. */
  void (*pcen) (const MxPcen *pcen, size_t n, float *x, float *smooth);
} MxKernels;

/* The best kernels for this processor (see mx-cpu.h).  Any thread. */
const MxKernels *mx_kernels_get (void);

/* The kernels built for an exact level, or NULL where this build or this
 * processor has none: for tests and benchmarks.  Include mx-cpu.h. */
const MxKernels *mx_kernels_get_for_level (int level);
