/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-layer-conv1d-private.h"

#include <string.h>

/* Part of the weight gradient that makes a task; it is summed on the stack.
 * Where these are less than FEW_TILES, with fewer rows: a cache line of dy. */
#define TILE_ROWS 48
#define LEAST_ROWS 16
#define FEW_TILES 4
#define TILE_COLS 64

/* ------------------------------------------------------------ phases */

static size_t
greatest_common_divisor (size_t a, size_t b)
{
  while (b) {
    size_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

MxConv1dPhase
mx_conv1d_phase (const MxConv1dConfig *config, size_t first, size_t time)
{
  ptrdiff_t stride = config->stride, dilation = config->dilation;
  size_t common = greatest_common_divisor (stride, dilation);
  ptrdiff_t place = (ptrdiff_t)first + config->pad_left;
  MxConv1dPhase phase = {.first = first,
      .frames = (time - first - 1) / stride + 1,
      .tap_step = stride / common,
      .frame_step = dilation / common};

  /* Output frame n meets input frame `first` at tap j where
   * stride n + dilation j = place; j repeats every tap_step. */
  for (size_t j = 0; j < MIN (config->kernel, phase.tap_step); j++) {
    ptrdiff_t distance = place - (ptrdiff_t)j * dilation;

    if (distance % stride)
      continue;
    phase.tap = j;
    phase.taps = (config->kernel - 1 - j) / phase.tap_step + 1;
    phase.frame = distance / stride;
    break;
  }
  return phase;
}

void
mx_conv1d_clear_phase (const MxConv1dConfig *config, const MxLayerRun *run,
    const MxConv1dPhase *phase, size_t row)
{
  const MxTensor *dx = &run->dx;
  float *frame = mx_tensor_row (dx, row) + phase->first * dx->channels;

  if (run->accumulate[0])
    return;
  for (size_t i = 0; i < phase->frames; i++) {
    memset (frame, 0, dx->channels * sizeof (float));
    frame += config->stride * dx->channels;
  }
}

/* ---------------------------------------------------- input gradient */

static void
input_gradient_phase (const MxLayer *layer, const MxLayerRun *run,
    const MxConv1dPhase *phase, size_t row, size_t n)
{
  const MxConv1dConfig *config = layer->config;
  const MxTensor *dx = &run->dx, *dy = &run->dy;
  size_t in = mx_conv1d_group_in (layer), out = mx_conv1d_group_out (layer);
  size_t width = mx_layer_panel_width (in);
  ptrdiff_t filters = dy->channels;
  MxMatmul op = {.groups = n,
      .rows = phase->frames,
      .cols = in,
      .depth_groups = phase->taps,
      .depth = out,
      .a_group = dy->row_stride,
      .a_row = filters,
      .a_depth_group = -phase->frame_step * filters,
      .a_depth = 1,
      .b_panel = config->kernel * out * width,
      .b_depth_group = phase->tap_step * out * width,
      .b_depth = width,
      .c_group = dx->row_stride,
      .c_row = config->stride * dx->channels,
      .accumulate = run->accumulate[0]};

  for (size_t g = 0; g < config->groups; g++) {
    op.a = mx_tensor_row (dy, row) + phase->frame * filters + g * out;
    op.b = run->prepared + layer->prepared +
           g * mx_layer_packed_size (config->kernel * out, in) +
           phase->tap * out * width;
    op.c = mx_tensor_row (dx, row) + phase->first * dx->channels + g * in;
    mx_layer_matmul (run, &op);
  }
}

/* Gathered, so that every frame is written once and no pad ever. */
void
mx_conv1d_input_gradient_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxConv1dConfig *config = layer->config;
  size_t time = run->dx.time;

  for (size_t t = 0; t < MIN (config->stride, time); t++) {
    MxConv1dPhase phase = mx_conv1d_phase (config, t, time);

    if (phase.taps) {
      input_gradient_phase (layer, run, &phase, first, n);
      continue;
    }
    for (size_t row = first; row < first + n; row++)
      mx_conv1d_clear_phase (config, run, &phase, row);
  }
}

/* --------------------------------------------------- weight gradient */

/* The gradient as products [filters of a group][cols] = dy^T x.  Columns are
 * [kernel][in], or, where taps lie apart, [in] of one tap for each product. */
typedef struct {
  const MxLayer *layer;
  const MxLayerRun *run;
  size_t rows, cols;
  size_t tile_rows;
  size_t row_tiles, col_tiles; /* of a product */
  size_t taps;                 /* products of a group */
} WeightJob;

/* Where a tile lies; rows and cols also at the edges of the product. */
typedef struct {
  size_t group, tap, row, rows, col, cols;
} Tile;

static Tile
get_tile (const WeightJob *job, size_t index)
{
  size_t row = index % job->row_tiles * job->tile_rows;
  size_t rest = index / job->row_tiles;
  size_t col = rest % job->col_tiles * TILE_COLS;
  size_t product = rest / job->col_tiles;

  return (Tile){.group = product / job->taps,
      .tap = product % job->taps,
      .row = row,
      .rows = MIN (job->tile_rows, job->rows - row),
      .col = col,
      .cols = MIN (TILE_COLS, job->cols - col)};
}

/* Into the order of the file, [filters][in][kernel]. */
static void
store_tile (const WeightJob *job, const Tile *tile, const float *sums)
{
  const MxConv1dConfig *config = job->layer->config;
  size_t in = mx_conv1d_group_in (job->layer), kernel = config->kernel;
  float *gradient =
      job->run->gradients + job->layer->parameters[MX_CONV1D_WEIGHT].offset;

  for (size_t r = 0; r < tile->rows; r++) {
    size_t filter = tile->group * job->rows + tile->row + r;

    for (size_t c = 0; c < tile->cols; c++) {
      size_t j = tile->tap + (tile->col + c) / in;
      size_t i = (tile->col + c) % in;

      gradient[(filter * in + i) * kernel + j] = sums[r * TILE_COLS + c];
    }
  }
}

static void
weight_gradient_tile (void *data, size_t index)
{
  const WeightJob *job = data;
  const MxConv1dConfig *config = job->layer->config;
  const MxTensor *x = &job->run->x, *dy = &job->run->dy;
  Tile tile = get_tile (job, index);
  float sums[TILE_ROWS * TILE_COLS];
  const MxMatmul op = {.groups = 1,
      .rows = tile.rows,
      .cols = tile.cols,
      .depth_groups = job->run->rows,
      .depth = dy->time,
      .a = dy->data + tile.group * job->rows + tile.row,
      .a_row = 1,
      .a_depth_group = dy->row_stride,
      .a_depth = dy->channels,
      .b = mx_conv1d_first_tap (job->layer, x, 0) +
           tile.tap * config->dilation * x->channels + tile.group * job->cols +
           tile.col,
      .b_panel = MX_PANEL,
      .b_depth_group = x->row_stride,
      .b_depth = config->stride * x->channels,
      .c = sums,
      .c_row = TILE_COLS};

  mx_layer_matmul_long (job->run, &op);
  store_tile (job, &tile, sums);
}

void
mx_conv1d_weight_gradient (const MxLayer *layer, const MxLayerRun *run)
{
  const MxConv1dConfig *config = layer->config;
  size_t in = mx_conv1d_group_in (layer);
  bool touch = mx_conv1d_taps_touch (config);
  size_t products;
  WeightJob job = {.layer = layer,
      .run = run,
      .rows = mx_conv1d_group_out (layer),
      .cols = touch ? config->kernel * in : in,
      .taps = touch ? 1 : config->kernel};

  job.col_tiles = (job.cols + TILE_COLS - 1) / TILE_COLS;
  products = config->groups * job.taps * job.col_tiles;
  job.tile_rows =
      products * (job.rows / TILE_ROWS) < FEW_TILES ? LEAST_ROWS : TILE_ROWS;
  job.row_tiles = (job.rows + job.tile_rows - 1) / job.tile_rows;
  mx_parallel_run (
      run->parallel, products * job.row_tiles, weight_gradient_tile, &job);
}
