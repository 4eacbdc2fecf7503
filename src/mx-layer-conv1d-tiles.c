/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Training in tiles (MxTilesIn): the taps of each phase of the stride in groups
 * of three or five, and forward, gradient of the input and gradient of the
 * weights as products between points.  Nine taps take 2 x 8 products for four
 * frames instead of 4 x 9.
 *
 * Tiles are computed in blocks, which depend on shapes alone. */
#include "mx-layer-conv1d-tiles.h"

#define MIN_CHANNELS 32

/* ------------------------------------------------------------- plans */

static void
add_group (MxTilePlan *plan, size_t taps, ptrdiff_t first, ptrdiff_t at)
{
  plan->first[plan->groups] = first;
  plan->taps[plan->groups] = taps;
  plan->at[plan->groups] = at;
  plan->groups++;
}

MxTilePlan
mx_tile_plan_forward (const MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  const size_t stride = config->stride, width = config->tile_taps * stride;
  MxTilePlan plan = {.step = (ptrdiff_t)stride,
      .x_step = (ptrdiff_t)stride,
      .in = layer->in.channels,
      .out = config->filters,
      .frames = layer->out.time};

  for (size_t phase = 0; phase < MIN (stride, config->kernel); phase++)
    for (size_t j = phase; j < config->kernel; j += width)
      add_group (&plan,
          MIN (config->tile_taps, mx_tile_divide (config->kernel - j, stride)),
          (ptrdiff_t)j, (ptrdiff_t)j);
  return plan;
}

MxTilePlan
mx_tile_plan_backward (const MxLayer *layer, const MxConv1dPhase *phase)
{
  const MxConv1dConfig *config = layer->config;
  MxTilePlan plan = {.step = -(ptrdiff_t)phase->tap_step,
      .x_step = 1,
      .in = config->filters,
      .out = layer->in.channels,
      .frames = phase->frames};

  for (size_t v = 0; v < phase->taps; v += config->tile_taps)
    add_group (&plan, MIN (config->tile_taps, phase->taps - v),
        (ptrdiff_t)(phase->tap + (phase->taps - 1 - v) * phase->tap_step),
        (ptrdiff_t)v);
  return plan;
}

/* Behind the first frame of all that tiles read. */
static ptrdiff_t
last_frame (const MxTilePlan *plan, size_t points)
{
  const ptrdiff_t tiles =
      (ptrdiff_t)mx_tile_divide (plan->frames, MX_TILE_FRAMES);
  ptrdiff_t last = 0;

  for (size_t g = 0; g < plan->groups; g++)
    last = MAX (last, plan->at[g]);
  return last +
         plan->x_step * (MX_TILE_FRAMES * (tiles - 1) + (ptrdiff_t)points - 1);
}

/* ------------------------------------------------------------ blocks */

size_t
mx_tile_rows_of_block (size_t tiles)
{
  return MAX (1, MX_TILE_BLOCK / tiles);
}

static size_t
blocks_of_row (size_t tiles)
{
  return mx_tile_divide (tiles, MX_TILE_BLOCK);
}

size_t
mx_tile_count_blocks (size_t rows, size_t tiles)
{
  return mx_tile_divide (rows, mx_tile_rows_of_block (tiles)) *
         blocks_of_row (tiles);
}

MxTileBlock
mx_tile_block (size_t index, size_t rows, size_t tiles)
{
  const size_t parts = blocks_of_row (tiles);
  const size_t part = index % parts;
  MxTileBlock block = {.row = index / parts * mx_tile_rows_of_block (tiles),
      .tile = part * MX_TILE_BLOCK,
      .tiles = MIN (MX_TILE_BLOCK, tiles - part * MX_TILE_BLOCK)};

  block.rows = MIN (mx_tile_rows_of_block (tiles), rows - block.row);
  return block;
}

/* ------------------------------------------------------------- setup */

/* Products for each pair of channels. */
static size_t
count_products (const MxLayer *layer, size_t taps)
{
  const MxConv1dConfig *config = layer->config;
  size_t groups = 0;

  for (size_t phase = 0; phase < MIN (config->stride, config->kernel); phase++)
    groups += mx_tile_divide (
        mx_tile_divide (config->kernel - phase, config->stride), taps);
  if (groups > MX_TILE_MAX_GROUPS)
    return SIZE_MAX;
  return groups * (taps + MX_TILE_FRAMES - 1) *
         mx_tile_divide (layer->out.time, MX_TILE_FRAMES);
}

static void
set_padding (MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  const MxTilePlan forward = mx_tile_plan_forward (layer);
  ptrdiff_t behind = last_frame (&forward, mx_tile_points_of (config)) -
                     config->pad_left - (ptrdiff_t)(layer->in.time - 1);
  /* Of tiles of the gradient itself. */
  ptrdiff_t behind_dy = MX_TILE_FRAMES - 1;
  ptrdiff_t before_dy = 0;

  for (size_t t = 0; t < MIN (config->stride, layer->in.time); t++) {
    const MxConv1dPhase phase = mx_conv1d_phase (config, t, layer->in.time);
    const MxTilePlan plan = mx_tile_plan_backward (layer, &phase);

    if (phase.taps == 0)
      continue;
    before_dy = MAX (before_dy, -mx_tile_first_frame (&phase));
    behind_dy =
        MAX (behind_dy, mx_tile_first_frame (&phase) +
                            last_frame (&plan, mx_tile_points_of (config)) -
                            (ptrdiff_t)(layer->out.time - 1));
  }
  layer->x_pad_right = MAX (layer->x_pad_right, (size_t)MAX (behind, 0));
  layer->dy_pad_left = MAX (layer->dy_pad_left, (size_t)before_dy);
  layer->dy_pad_right = MAX (layer->dy_pad_right, (size_t)behind_dy);
}

static void
set_sizes (MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  const size_t points = mx_tile_points_of (config);
  const MxTilePlan forward = mx_tile_plan_forward (layer);
  const size_t of_points =
      mx_tile_block_points (points, MX_TILE_BLOCK * forward.groups,
          MAX (forward.in, forward.out)) +
      mx_tile_block_points (
          points, MX_TILE_BLOCK, MAX (forward.in, forward.out));

  layer->prepared_training = points * mx_tile_weights (&forward);
  for (size_t t = 0; t < MIN (config->stride, layer->in.time); t++) {
    const MxConv1dPhase phase = mx_conv1d_phase (config, t, layer->in.time);
    const MxTilePlan plan = mx_tile_plan_backward (layer, &phase);

    layer->prepared_training += points * mx_tile_weights (&plan);
  }
  layer->scratch =
      MX_TILE_SECTIONS * forward.groups * points * forward.in * forward.out;
  layer->scratch_per_thread = of_points;
}

void
mx_conv1d_tiles_setup (MxLayer *layer)
{
  MxConv1dConfig *config = layer->config;
  const size_t direct = config->kernel * layer->out.time;
  size_t three = count_products (layer, 3);
  size_t five = count_products (layer, 5);

  if (config->quantised || config->groups > 1 || config->dilation > 1 ||
      MIN (layer->in.channels, config->filters) < MIN_CHANNELS ||
      MIN (three, five) > direct * 3 / 4)
    return;
  config->tile_taps = three <= five ? 3 : 5;
  set_padding (layer);
  set_sizes (layer);
}

/* --------------------------------------------------- prepared weights */

void
mx_tile_taps_matrix (size_t taps, float *matrix)
{
  static const double tile[] = {
      0, MX_TILE_A, -MX_TILE_A, MX_TILE_B, -MX_TILE_B};
  static const double wide[] = {0, .5, -.5, 1, -1, 2, -2};
  const double *p = taps == 3 ? tile : wide;
  const size_t finite = taps + MX_TILE_FRAMES - 2;

  for (size_t k = 0; k < finite; k++) {
    double value = 1;

    for (size_t i = 0; i < finite; i++)
      value /= i == k ? 1 : p[k] - p[i];
    for (size_t v = 0; v < taps; v++, value *= p[k])
      matrix[k * taps + v] = (float)value;
  }
  for (size_t v = 0; v < taps; v++)
    matrix[finite * taps + v] = v == taps - 1;
}

/* Of one channel of x all taps to some of the output: @w, `step` from channel
 * to channel of the output.  @matrix: TAPS. */
static void
prepare_columns (const MxTilePlan *plan, const MxConv1dConfig *config,
    const float *matrix, size_t channel, size_t first, const float *w,
    size_t step, float *prepared)
{
  const size_t points = mx_tile_points_of (config),
               depth = plan->groups * plan->in;
  const size_t width = mx_layer_panel_width (plan->out);
  float taps[MX_PANEL * (MX_TILE_MAX_GROUPS * MX_TILE_MOST_TAPS)];
  MxMatmul op = {.groups = 1,
      .rows = points,
      .cols = MIN (width, plan->out - first),
      .depth_groups = 1,
      .a = matrix,
      .a_row = (ptrdiff_t)config->tile_taps,
      .a_depth = 1,
      .b_panel = MX_PANEL,
      .b_depth = plan->step * MX_PANEL,
      .c_row = (ptrdiff_t)mx_tile_weights (plan)};

  for (size_t o = 0; o < op.cols; o++)
    for (size_t j = 0; j < config->kernel; j++)
      taps[j * MX_PANEL + o] = w[(first + o) * step + j];
  for (size_t g = 0; g < plan->groups; g++) {
    op.depth = plan->taps[g];
    op.b = taps + plan->first[g] * MX_PANEL;
    op.c =
        prepared + (first / MX_PANEL * depth + g * plan->in + channel) * width;
    mx_kernels_get ()->matmul (&op);
  }
}

/* Prepared: for each point panels of [group][in][out]. */
static void
prepare_plan (const MxTilePlan *plan, const MxConv1dConfig *config,
    const float *w, size_t channel_step, size_t step, float *prepared)
{
  float matrix[MX_TILE_MOST_POINTS * MX_TILE_MOST_TAPS];

  mx_tile_taps_matrix (config->tile_taps, matrix);
  for (size_t first = 0; first < plan->out; first += MX_PANEL)
    for (size_t i = 0; i < plan->in; i++)
      prepare_columns (
          plan, config, matrix, i, first, w + i * channel_step, step, prepared);
}

void
mx_conv1d_tiles_prepare (
    const MxLayer *layer, const float *weights, float *prepared)
{
  const MxConv1dConfig *config = layer->config;
  const float *w = weights + layer->parameters[MX_CONV1D_WEIGHT].offset;
  const size_t filter = layer->in.channels * config->kernel;
  const MxTilePlan forward = mx_tile_plan_forward (layer);

  prepare_plan (&forward, config, w, config->kernel, filter, prepared);
  prepared += mx_tile_points_of (config) * mx_tile_weights (&forward);
  for (size_t t = 0; t < MIN (config->stride, layer->in.time); t++) {
    const MxConv1dPhase phase = mx_conv1d_phase (config, t, layer->in.time);
    const MxTilePlan plan = mx_tile_plan_backward (layer, &phase);

    prepare_plan (&plan, config, w, filter, config->kernel, prepared);
    prepared += mx_tile_points_of (config) * mx_tile_weights (&plan);
  }
}
