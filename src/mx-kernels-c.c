/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The specification: each primitive as the formula of mx-kernels.h says it.
 * All other kernels are proven and timed against these. */

#include "mx-kernels-back.h"

/* Not a number stays not a number: a broken model must show. */
static float
activate (MxActivation activation, float x)
{
  return activation == MX_ACTIVATION_RELU && x < 0.0f ? 0.0f : x;
}

/* b, at so many elements from its first one */
static float
matmul_weight (const MxMatmul *op, ptrdiff_t at)
{
  return op->b_half != NULL ? mx_half_to_float (op->b_half[at]) : op->b[at];
}

/* Products of one depth group, from `p` on up to `end`. */
static float
matmul_sum (const MxMatmul *op, const float *a, ptrdiff_t b, size_t o, size_t p,
    size_t end, float sum)
{
  for (; p < end; p++)
    sum += a[(ptrdiff_t)o * op->a_depth_group + (ptrdiff_t)p * op->a_depth] *
           matmul_weight (op, b + (ptrdiff_t)o * op->b_depth_group +
                                  (ptrdiff_t)p * op->b_depth);
  return sum;
}

static float
matmul_element (const MxMatmul *op, size_t g, size_t i, size_t j)
{
  const float *a =
      op->a + (ptrdiff_t)g * op->a_group + (ptrdiff_t)i * op->a_row;
  ptrdiff_t b = (ptrdiff_t)g * op->b_group +
                (ptrdiff_t)(j / MX_PANEL) * op->b_panel +
                (ptrdiff_t)(j % MX_PANEL);
  float sum = 0.0f;

  for (size_t o = 0; o < op->depth_groups; o++) {
    if (op->chain == 0)
      sum = matmul_sum (op, a, b, o, 0, op->depth, sum);
    for (size_t p = 0; op->chain > 0 && p < op->depth; p += op->chain) {
      size_t left = op->depth - p;

      sum += matmul_sum (
          op, a, b, o, p, p + (left < op->chain ? left : op->chain), 0.0f);
    }
  }
  return sum;
}

static void
matmul (const MxMatmul *op)
{
  for (size_t g = 0; g < op->groups; g++) {
    for (size_t i = 0; i < op->rows; i++) {
      ptrdiff_t row = (ptrdiff_t)g * op->c_group + (ptrdiff_t)i * op->c_row;

      for (size_t j = 0; j < op->cols; j++) {
        float value = matmul_element (op, g, i, j);

        if (op->accumulate)
          value += op->c[row + (ptrdiff_t)j];
        else if (op->bias != NULL)
          value += op->bias[j];
        if (op->add != NULL)
          value += op->add[row + (ptrdiff_t)j];
        op->c[row + (ptrdiff_t)j] = activate (op->activation, value);
      }
    }
  }
}

static void
depthwise (const MxDepthwise *op)
{
  for (size_t i = 0; i < op->rows; i++) {
    const float *x = op->x + (ptrdiff_t)i * op->x_row;
    float *y = op->y + (ptrdiff_t)i * op->y_row;

    for (size_t c = 0; c < op->channels; c++) {
      float sum = op->bias != NULL ? op->bias[c] : 0.0f;

      for (size_t j = 0; j < op->taps; j++)
        sum += op->w[j * op->channels + c] *
               x[(ptrdiff_t)j * op->x_tap + (ptrdiff_t)c];
      y[c] = activate (op->activation, sum);
    }
  }
}

#define A MX_TILE_A
#define B MX_TILE_B

/* Rows of IN; those of OUT. */
static const float in3[6][6] = {
    {A * A * B * B, 0, -A *A - B *B, 0, 1, 0},
    {0, -A *B *B, -B *B, A, 1, 0},
    {0, A *B *B, -B *B, -A, 1, 0},
    {0, -A *A *B, -A *A, B, 1, 0},
    {0, A *A *B, -A *A, -B, 1, 0},
    {0, A *A *B *B, 0, -A *A - B *B, 0, 1},
};
static const float in5[8][8] = {
    {-1, 0, 5.25f, 0, -5.25f, 0, 1, 0},
    {0, 2, 4, -2.5f, -5, 0.5f, 1, 0},
    {0, -2, 4, 2.5f, -5, -0.5f, 1, 0},
    {0, 1, 1, -4.25f, -4.25f, 1, 1, 0},
    {0, -1, 1, 4.25f, -4.25f, -1, 1, 0},
    {0, 0.5f, 0.25f, -2.5f, -1.25f, 2, 1, 0},
    {0, -0.5f, 0.25f, 2.5f, -1.25f, -2, 1, 0},
    {0, -1, 0, 5.25f, 0, -5.25f, 0, 1},
};
static const float out3[MX_TILE_FRAMES][6] = {
    {1, 1, 1, 1, 1, 0},
    {0, A, -A, B, -B, 0},
    {0, A *A, A *A, B *B, B *B, 0},
    {0, A *A *A, -A *A *A, B *B *B, -B *B *B, 1},
};
static const float out5[MX_TILE_FRAMES][8] = {
    {1, 1, 1, 1, 1, 1, 1, 0},
    {0, 0.5f, -0.5f, 1, -1, 2, -2, 0},
    {0, 0.25f, 0.25f, 1, 1, 4, 4, 0},
    {0, 0.125f, -0.125f, 1, -1, 8, -8, 1},
};

static void
tiles_in (const MxTilesIn *op)
{
  const size_t n = mx_tile_points (op->taps);

  for (size_t k = 0; k < n; k++) {
    const float *in = op->taps == 3 ? in3[k] : in5[k];

    for (size_t t = 0; t < op->tiles; t++) {
      const float *x = op->x + (ptrdiff_t)t * op->x_tile;
      float *points =
          op->points + (ptrdiff_t)k * op->point + (ptrdiff_t)t * op->per_tile;

      for (size_t c = 0; c < op->channels; c++) {
        float sum = 0.0f;

        for (size_t f = 0; f < n; f++)
          sum += in[f] * x[(ptrdiff_t)f * op->x_frame + (ptrdiff_t)c];
        points[c] = sum;
      }
    }
  }
}

static void
tiles_out (const MxTilesOut *op)
{
  const size_t n = mx_tile_points (op->taps);

  for (size_t i = 0; i < op->rows; i++) {
    const float *points =
        op->points + (ptrdiff_t)(i / MX_TILE_FRAMES) * op->per_tile;
    const float *out =
        op->taps == 3 ? out3[i % MX_TILE_FRAMES] : out5[i % MX_TILE_FRAMES];
    ptrdiff_t row = (ptrdiff_t)i * op->y_row;

    for (size_t c = 0; c < op->channels; c++) {
      float sum = op->bias != NULL ? op->bias[c] : 0.0f;

      for (size_t k = 0; k < n; k++)
        sum += out[k] * points[(ptrdiff_t)k * op->point + (ptrdiff_t)c];
      if (op->add != NULL)
        sum += op->add[row + (ptrdiff_t)c];
      op->y[row + (ptrdiff_t)c] = activate (op->activation, sum);
    }
  }
}

static void
affine (size_t n, size_t channels, const float *x, const float *scale,
    const float *shift, MxActivation activation, float *y)
{
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < channels; c++)
      y[i * channels + c] =
          activate (activation, x[i * channels + c] * scale[c] + shift[c]);
  }
}

static void
channel_sum (size_t n, size_t channels, const float *x, float *sum)
{
  for (size_t c = 0; c < channels; c++) {
    sum[c] = 0.0f;
    for (size_t i = 0; i < n; i++)
      sum[c] += x[i * channels + c];
  }
}

static void
channel_deviation (
    size_t n, size_t channels, const float *x, const float *mean, float *sum)
{
  for (size_t c = 0; c < channels; c++) {
    sum[c] = 0.0f;
    for (size_t i = 0; i < n; i++) {
      float deviation = x[i * channels + c] - mean[c];

      sum[c] += deviation * deviation;
    }
  }
}

/* Of mx-kernels-mel.c and mx-kernels-log.c. */
void mx_kernels_mel_baseline (const MxMelOp *op);
void mx_kernels_log_baseline (size_t n, float floor, float *x);
void mx_kernels_pcen_baseline (
    const MxPcen *pcen, size_t n, float *x, float *smooth);

extern const MxKernels mx_kernels_baseline;

const MxKernels mx_kernels_baseline = {
    .name = "baseline",
    .matmul = matmul,
    .depthwise = depthwise,
    .tiles_in = tiles_in,
    .tiles_out = tiles_out,
    .tiles_back = TILES_BACK,
    .affine = affine,
    .channel_sum = channel_sum,
    .channel_deviation = channel_deviation,
    .norm_sums = NORM_SUMS,
    .norm_gradient = NORM_GRADIENT,
    .add = ADD,
    .mask = MASK,
    .mel = mx_kernels_mel_baseline,
    .log = mx_kernels_log_baseline,
    .pcen = mx_kernels_pcen_baseline,
};
