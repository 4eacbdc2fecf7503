/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Plans of a convolution that trains in tiles, between mx-layer-conv1d-tiles.c
 * (plans, prepared weights) and mx-layer-conv1d-tiles-run.c (products). */
#pragma once

#include "mx-layer-conv1d-private.h"

/* Tiles of a block: enough that its weights are worth fetching, few enough
 * that its points stay in L2. */
#define MX_TILE_BLOCK 64
/* Parts of the batch whose weight gradients are summed apart, at most. */
#define MX_TILE_SECTIONS 4
/* Of all phases together. */
#define MX_TILE_MAX_GROUPS 16

/* A convolution of some taps, `step` apart: a phase of the stride as the output
 * sees it, or as the input does.  Its groups begin at tap `first[g]`. */
typedef struct {
  size_t groups;
  ptrdiff_t first[MX_TILE_MAX_GROUPS], step;
  size_t taps[MX_TILE_MAX_GROUPS]; /* of a group; those that lack are zero */
  ptrdiff_t
      at[MX_TILE_MAX_GROUPS]; /* frames from the first tap of all to a group */
  ptrdiff_t x_step;           /* frames of x from frame to frame */
  size_t in, out, frames;     /* of an output */
} MxTilePlan;

/* Some rows, and some tiles of each. */
typedef struct {
  size_t row, rows, tile, tiles; /* tiles: of a row */
} MxTileBlock;

static inline size_t
mx_tile_divide (size_t a, size_t b)
{
  return (a + b - 1) / b;
}

static inline size_t
mx_tile_points_of (const MxConv1dConfig *config)
{
  return config->tile_taps + MX_TILE_FRAMES - 1;
}

MxTilePlan mx_tile_plan_forward (const MxLayer *layer);

/* From the last tap back, so that frames of the output come in order.  `at` is
 * counted from the frame that meets the last tap. */
MxTilePlan mx_tile_plan_backward (
    const MxLayer *layer, const MxConv1dPhase *phase);

/* The frame of the output that the first one of the phase meets there. */
static inline ptrdiff_t
mx_tile_first_frame (const MxConv1dPhase *phase)
{
  return phase->frame - (ptrdiff_t)(phase->taps - 1) * phase->frame_step;
}

/* Floats of the weights of a point. */
static inline size_t
mx_tile_weights (const MxTilePlan *plan)
{
  return mx_layer_packed_size (plan->groups * plan->in, plan->out);
}

/* Blocks depend on shapes alone.  @tiles: of a row. */
size_t mx_tile_rows_of_block (size_t tiles);
size_t mx_tile_count_blocks (size_t rows, size_t tiles);
MxTileBlock mx_tile_block (size_t index, size_t rows, size_t tiles);

/* From point to point: some cache lines more than a point is long, as powers of
 * two fall into one set of the cache. */
static inline ptrdiff_t
mx_tile_point_step (size_t vectors, size_t channels)
{
  return (ptrdiff_t)(vectors * channels + 16);
}

static inline size_t
mx_tile_block_points (size_t points, size_t vectors, size_t channels)
{
  return points * (size_t)mx_tile_point_step (vectors, channels);
}

/* TAPS, [points][taps] */
void mx_tile_taps_matrix (size_t taps, float *matrix);
