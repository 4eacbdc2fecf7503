/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Convolution in tiles (MxTilesIn), for inference: the taps of each phase of
 * the stride, every stride-th one, in groups; all groups are summed between
 * points.  Tiles of five taps take groups of four, one tile apart, so that they
 * share the points of the input, and of up to five in the end; tiles of three
 * take groups of three.  Nine taps are 8 / 4 x 2 products for four frames
 * instead of 4 x 9; less one, as at infinity there is a fifth tap or nothing.
 */
#include "mx-layer-conv1d-private.h"

#include <string.h>

/* Groups that are not whole save less and are less exact.  Beyond these limits
 * tiles in and out, or weights that come from behind L2 for few tiles, cost
 * more than products save (tests/bench/fast.c). */
#define MIN_TIME 8
#define MIN_CHANNELS 32
#define MIN_MACS (1u << 16)
/* For four frames; directly there are four for each tap. */
#define MAX_PRODUCTS_PER_TAP 3
/* Floats of weights, which are up to twice as many as the taps. */
#define MAX_WEIGHTS (1u << 18)

typedef struct {
  size_t taps, points;    /* of a tile: 3 and 6, or 5 and 8 */
  size_t phases, groups;  /* groups: of all phases */
  size_t runs, run_tiles; /* see Group */
  size_t in, out, tiles;
} Sizes;

/* Its points begin with a tile of a run of the input: so many tiles side by
 * side. */
typedef struct {
  size_t phase, first, taps; /* first: of the taps of the phase */
  size_t run, tile;
} Group;

static size_t
divide_up (size_t a, size_t b)
{
  return (a + b - 1) / b;
}

/* Of one phase: `phase`, phase + stride ... */
static size_t
count_taps (const MxConv1dConfig *config, size_t phase)
{
  return divide_up (config->kernel - phase, config->stride);
}

static size_t
taps_of_group (const MxConv1dConfig *config, size_t taps, const Group *group)
{
  size_t left = count_taps (config, group->phase) - group->first;

  return taps == 5 && left > 5 ? MX_TILE_FRAMES : MIN (left, taps);
}

static Group
first_group (const MxConv1dConfig *config, size_t taps)
{
  Group group = {0};

  group.taps = taps_of_group (config, taps, &group);
  return group;
}

/* False: it was the last one. */
static bool
next_group (const MxConv1dConfig *config, size_t taps, Group *group)
{
  group->first += group->taps;
  if (group->first < count_taps (config, group->phase) && taps == 5) {
    group->tile++;
  } else if (group->first < count_taps (config, group->phase)) {
    group->run++;
  } else {
    group->phase++;
    group->run++;
    group->first = group->tile = 0;
  }
  if (group->phase == MIN (config->stride, config->kernel))
    return false;
  group->taps = taps_of_group (config, taps, group);
  return true;
}

static Sizes
sizes_of (const MxLayer *layer, size_t taps)
{
  const MxConv1dConfig *config = layer->config;
  Group group = first_group (config, taps);
  Sizes sizes = {.taps = taps,
      .points = mx_tile_points (taps),
      .phases = MIN (config->stride, config->kernel),
      .in = layer->in.channels,
      .out = config->filters,
      .tiles = divide_up (layer->out.time, MX_TILE_FRAMES)};

  do {
    sizes.groups++;
    sizes.runs = group.run + 1;
    sizes.run_tiles = MAX (sizes.run_tiles, sizes.tiles + group.tile);
  } while (next_group (config, taps, &group));
  return sizes;
}

/* The tiles that take fewer products; but those of five taps are less exact,
 * and gain little by groups that are all shorter. */
static Sizes
get_sizes (const MxLayer *layer)
{
  Sizes three = sizes_of (layer, 3), five = sizes_of (layer, 5);

  if (count_taps (layer->config, 0) >= 5 &&
      five.groups * five.points < three.groups * three.points)
    return five;
  return three;
}

static size_t
weights_of_point (const Sizes *sizes)
{
  return mx_layer_packed_size (sizes->groups * sizes->in, sizes->out);
}

/* Points lie an odd number of cache lines apart: else all of a tile would meet
 * in a few places of the cache. */
static size_t
apart (size_t floats)
{
  const size_t line = 16;

  return (divide_up (floats, line) | 1) * line;
}

/* Scratch: the points of the input [point][run][tile][in], those of the
 * output [point][tile][out]. */
static size_t
points_in (const Sizes *sizes)
{
  return apart (sizes->runs * sizes->run_tiles * sizes->in);
}

static size_t
points_out (const Sizes *sizes)
{
  return apart (sizes->tiles * sizes->out);
}

/* The last frame that a tile reads: behind the last one of the output, zeros.
 */
static ptrdiff_t
last_frame (const MxLayer *layer, const Sizes *sizes)
{
  const MxConv1dConfig *config = layer->config;
  Group group = first_group (config, sizes->taps);
  size_t last = 0;

  do {
    size_t frames =
        MX_TILE_FRAMES * (sizes->tiles - 1) + group.first + sizes->points - 1;

    last = MAX (last, config->stride * frames + group.phase);
  } while (next_group (config, sizes->taps, &group));
  return (ptrdiff_t)last - config->pad_left;
}

void
mx_layer_conv1d_make_fast (MxLayer *layer)
{
  MxConv1dConfig *config = layer->config;
  const Sizes sizes = get_sizes (layer);
  ptrdiff_t behind;

  if (config->quantised || layer->streamed || config->groups > 1 ||
      config->dilation > 1 || layer->out.time < MIN_TIME ||
      MIN (sizes.in, sizes.out) < MIN_CHANNELS || layer->macs < MIN_MACS ||
      sizes.points * sizes.groups >= MAX_PRODUCTS_PER_TAP * config->kernel ||
      sizes.points * weights_of_point (&sizes) > MAX_WEIGHTS)
    return;
  config->fast = true;
  layer->may_halve = false;
  behind = last_frame (layer, &sizes) - (ptrdiff_t)(layer->in.time - 1);
  layer->x_pad_right = MAX (layer->x_pad_right, (size_t)MAX (behind, 0));
  layer->prepared = sizes.points * weights_of_point (&sizes);
  layer->scratch_per_row =
      sizes.points * (points_in (&sizes) + points_out (&sizes));
}

/* --------------------------------------------------- prepared weights */

/* TAPS times the taps of a group, `step` apart; those that are not there are
 * zero. */
static void
taps_to_points (const Sizes *sizes, const float *w, size_t n, size_t step,
    float points[MX_TILE_MOST_POINTS])
{
  static const double three[] = {
      0, MX_TILE_A, -MX_TILE_A, MX_TILE_B, -MX_TILE_B};
  static const double five[] = {0, 0.5, -0.5, 1, -1, 2, -2};
  const double *p = sizes->taps == 3 ? three : five;
  const size_t finite = sizes->points - 1;

  for (size_t k = 0; k < finite; k++) {
    double sum = 0, scale = 1;

    for (size_t j = n; j > 0; j--)
      sum = sum * p[k] + w[(j - 1) * step];
    for (size_t i = 0; i < finite; i++)
      scale *= i == k ? 1 : p[k] - p[i];
    points[k] = sum / scale;
  }
  points[finite] = n == sizes->taps ? w[(n - 1) * step] : 0;
}

/* Prepared: for each point panels of [group][in][out]. */
void
mx_conv1d_fast_prepare (
    const MxLayer *layer, const float *weights, float *prepared)
{
  const MxConv1dConfig *config = layer->config;
  const Sizes sizes = get_sizes (layer);
  const size_t of_point = weights_of_point (&sizes);
  const size_t filter = sizes.in * config->kernel;
  const float *w = weights + layer->parameters[MX_CONV1D_WEIGHT].offset;
  g_autofree float *points = g_new (float, MX_TILE_MOST_POINTS *sizes.out);
  Group group = first_group (config, sizes.taps);
  size_t row = 0;

  do {
    const float *tap = w + group.phase + group.first * config->stride;

    for (size_t i = 0; i < sizes.in; i++, row++, tap += config->kernel) {
      for (size_t o = 0; o < sizes.out; o++)
        taps_to_points (&sizes, tap + o * filter, group.taps, config->stride,
            points + o * MX_TILE_MOST_POINTS);
      for (size_t k = 0; k < sizes.points; k++)
        mx_layer_pack_row (prepared + k * of_point, sizes.groups * sizes.in,
            sizes.out, row, points + k, MX_TILE_MOST_POINTS);
    }
  } while (next_group (config, sizes.taps, &group));
}

/* ----------------------------------------------------------- forward */

/* Run by run: its first group begins with its first tile. */
static void
input_to_points (const MxLayer *layer, const MxLayerRun *run,
    const Sizes *sizes, size_t row, float *points)
{
  const MxConv1dConfig *config = layer->config;
  const ptrdiff_t frame = (ptrdiff_t)sizes->in;
  const ptrdiff_t stride = (ptrdiff_t)config->stride;
  const float *x = mx_conv1d_first_tap (layer, &run->x, row);
  Group group = first_group (config, sizes->taps), next = group;
  MxTilesIn op = {.taps = sizes->taps,
      .channels = sizes->in,
      .x_frame = stride * frame,
      .x_tile = MX_TILE_FRAMES * stride * frame,
      .point = (ptrdiff_t)points_in (sizes),
      .per_tile = frame};
  bool more;

  do {
    op.tiles = sizes->tiles;
    while ((more = next_group (config, sizes->taps, &next)) &&
           next.run == group.run)
      op.tiles++;
    op.x =
        x + ((ptrdiff_t)group.phase + (ptrdiff_t)group.first * stride) * frame;
    op.points = points + group.run * sizes->run_tiles * sizes->in;
    run->kernels->tiles_in (&op);
    group = next;
  } while (more);
}

/* Where the points of the input for a group begin. */
static ptrdiff_t
place_of_group (const Sizes *sizes, const Group *group)
{
  return (ptrdiff_t)((group->run * sizes->run_tiles + group->tile) * sizes->in);
}

/* One product for as many groups as lie evenly: returns how many, and goes to
 * the one behind. */
static size_t
take_groups (const MxConv1dConfig *config, const Sizes *sizes, Group *group,
    ptrdiff_t *step)
{
  ptrdiff_t at = place_of_group (sizes, group);
  size_t n = 1;

  for (; next_group (config, sizes->taps, group); n++) {
    ptrdiff_t next = place_of_group (sizes, group) - at;

    if (n > 1 && next != *step)
      break;
    *step = next;
    at += next;
  }
  return n;
}

/* Its groups are points; all that is the same for each group of taps. */
static MxMatmul
product_of_points (const Sizes *sizes)
{
  const size_t width = mx_layer_panel_width (sizes->out);

  return (MxMatmul){.rows = sizes->tiles,
      .cols = sizes->out,
      .depth = sizes->in,
      .a_group = (ptrdiff_t)points_in (sizes),
      .a_row = (ptrdiff_t)sizes->in,
      .a_depth = 1,
      .b_group = (ptrdiff_t)weights_of_point (sizes),
      .b_panel = (ptrdiff_t)(sizes->groups * sizes->in * width),
      .b_depth_group = (ptrdiff_t)(sizes->in * width),
      .b_depth = (ptrdiff_t)width,
      /* Two sums of half the length are as exact as the one of all taps. */
      .chain = sizes->taps == 5 ? divide_up (sizes->groups * sizes->in, 2) : 0,
      .c_group = (ptrdiff_t)points_out (sizes),
      .c_row = (ptrdiff_t)sizes->out};
}

static void
multiply_finite (const MxLayer *layer, const MxLayerRun *run,
    const Sizes *sizes, const float *in, float *out)
{
  const MxConv1dConfig *config = layer->config;
  Group group = first_group (config, sizes->taps);
  MxMatmul op = product_of_points (sizes);
  size_t weights = 0;

  op.groups = sizes->points - 1;
  op.c = out;
  while (group.phase < sizes->phases) {
    op.a = in + place_of_group (sizes, &group);
    op.depth_groups = take_groups (config, sizes, &group, &op.a_depth_group);
    mx_layer_set_weights (layer, run, weights, &op);
    mx_layer_matmul (run, &op);
    op.accumulate = true;
    weights += op.depth_groups * (size_t)op.b_depth_group;
  }
}

/* At infinity is the last tap of a group, if it is there. */
static void
multiply_infinity (const MxLayer *layer, const MxLayerRun *run,
    const Sizes *sizes, const float *in, float *out)
{
  const MxConv1dConfig *config = layer->config;
  const size_t k = sizes->points - 1;
  Group group = first_group (config, sizes->taps);
  MxMatmul op = product_of_points (sizes);
  size_t weights = k * weights_of_point (sizes);

  op.groups = op.depth_groups = 1;
  op.c = out + k * points_out (sizes);
  do {
    if (group.taps == sizes->taps) {
      op.a = in + k * points_in (sizes) + place_of_group (sizes, &group);
      mx_layer_set_weights (layer, run, weights, &op);
      mx_layer_matmul (run, &op);
      op.accumulate = true;
    }
    weights += (size_t)op.b_depth_group;
  } while (next_group (config, sizes->taps, &group));
  if (!op.accumulate)
    memset (op.c, 0, sizes->tiles * sizes->out * sizeof *op.c);
}

void
mx_conv1d_fast_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxConv1dConfig *config = layer->config;
  const Sizes sizes = get_sizes (layer);

  for (size_t row = first; row < first + n; row++) {
    float *in = run->workspace + row * layer->scratch_per_row;
    float *out = in + sizes.points * points_in (&sizes);
    const MxTilesOut op = {.taps = sizes.taps,
        .rows = layer->out.time,
        .channels = sizes.out,
        .points = out,
        .point = (ptrdiff_t)points_out (&sizes),
        .per_tile = (ptrdiff_t)sizes.out,
        .y = mx_tensor_row (&run->y, row),
        .y_row = (ptrdiff_t)sizes.out,
        .bias = config->bias ? mx_conv1d_bias (layer, run) : NULL,
        .add = layer->inputs[1] >= 0 ? mx_tensor_row (&run->x2, row) : NULL,
        .activation = config->activation};

    input_to_points (layer, run, &sizes, row, in);
    multiply_finite (layer, run, &sizes, in, out);
    multiply_infinity (layer, run, &sizes, in, out);
    run->kernels->tiles_out (&op);
  }
}
