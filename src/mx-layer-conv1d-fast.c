/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Convolution in tiles (MxTilesIn), for inference: the taps of each phase of
 * the stride, every stride-th one, in groups of three; all groups are summed
 * between points.  Nine taps take 6 / 4 x 9 products for four frames instead of
 * 4 x 9: half as many. */
#include "mx-layer-conv1d-private.h"

/* Groups that are not whole save less and are less exact.  Below these limits
 * tiles in and out cost more than products save (tests/bench/fast.c). */
#define MIN_TIME 40
#define MIN_CHANNELS 32
/* Floats of weights, which are up to twice as many as the taps: with the
 * weights of other layers they have to fit into L2. */
#define MAX_WEIGHTS (1u << 17)

typedef struct {
  size_t groups, in, out, tiles;
} Sizes;

static size_t
divide_up (size_t a, size_t b)
{
  return (a + b - 1) / b;
}

/* Groups of one phase: its taps are `phase`, phase + stride ... */
static size_t
count_groups (const MxConv1dConfig *config, size_t phase)
{
  return divide_up (
      divide_up (config->kernel - phase, config->stride), MX_TILE_TAPS);
}

static Sizes
get_sizes (const MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  Sizes sizes = {.in = layer->in.channels,
      .out = config->filters,
      .tiles = divide_up (layer->out.time, MX_TILE_FRAMES)};

  for (size_t phase = 0; phase < MIN (config->stride, config->kernel); phase++)
    sizes.groups += count_groups (config, phase);
  return sizes;
}

static size_t
weights_of_point (const Sizes *sizes)
{
  return mx_layer_packed_size (sizes->groups * sizes->in, sizes->out);
}

/* Scratch: the points of the input [point][group][tile][in], those of the
 * output [point][tile][out]. */
static size_t
points_in (const Sizes *sizes)
{
  return sizes->groups * sizes->tiles * sizes->in;
}

static size_t
points_out (const Sizes *sizes)
{
  return sizes->tiles * sizes->out;
}

/* The last frame that a tile reads: behind the last one of the output, zeros.
 */
static ptrdiff_t
last_frame (const MxLayer *layer, const Sizes *sizes)
{
  const MxConv1dConfig *config = layer->config;
  size_t last = 0;

  for (size_t phase = 0; phase < MIN (config->stride, config->kernel);
       phase++) {
    size_t frames = MX_TILE_FRAMES * (sizes->tiles - 1) +
                    MX_TILE_TAPS * (count_groups (config, phase) - 1) +
                    MX_TILE_POINTS - 1;

    last = MAX (last, config->stride * frames + phase);
  }
  return (ptrdiff_t)last - config->pad_left;
}

void
mx_layer_conv1d_make_fast (MxLayer *layer)
{
  MxConv1dConfig *config = layer->config;
  const Sizes sizes = get_sizes (layer);
  ptrdiff_t behind;

  if (config->quantised || layer->streamed || config->groups > 1 ||
      config->dilation > 1 || config->kernel % MX_TILE_TAPS != 0 ||
      layer->out.time < MIN_TIME || MIN (sizes.in, sizes.out) < MIN_CHANNELS ||
      2 * sizes.groups > config->kernel ||
      MX_TILE_POINTS * weights_of_point (&sizes) > MAX_WEIGHTS)
    return;
  config->fast = true;
  layer->may_halve = false;
  behind = last_frame (layer, &sizes) - (ptrdiff_t)(layer->in.time - 1);
  layer->x_pad_right = MAX (layer->x_pad_right, (size_t)MAX (behind, 0));
  layer->prepared = MX_TILE_POINTS * weights_of_point (&sizes);
  layer->scratch_per_row =
      MX_TILE_POINTS * (points_in (&sizes) + points_out (&sizes));
}

/* --------------------------------------------------- prepared weights */

/* TAPS times three taps of a group, `step` apart; those that are not there are
 * zero. */
static void
taps_to_points (
    const float *w, size_t n, size_t step, float points[MX_TILE_POINTS])
{
  const double a = MX_TILE_A, b = MX_TILE_B;
  const double na = 2 * a * a * (a * a - b * b);
  const double nb = 2 * b * b * (b * b - a * a);
  double w0 = w[0], w1 = n > 1 ? w[step] : 0, w2 = n > 2 ? w[2 * step] : 0;

  points[0] = w0 / (a * a * b * b);
  points[1] = (w0 + a * w1 + a * a * w2) / na;
  points[2] = (w0 - a * w1 + a * a * w2) / na;
  points[3] = (w0 + b * w1 + b * b * w2) / nb;
  points[4] = (w0 - b * w1 + b * b * w2) / nb;
  points[5] = w2;
}

/* Prepared: for each point panels of [group][in][out]. */
void
mx_conv1d_fast_prepare (
    const MxLayer *layer, const float *weights, float *prepared)
{
  const MxConv1dConfig *config = layer->config;
  const Sizes sizes = get_sizes (layer);
  const size_t of_point = weights_of_point (&sizes);
  const size_t step = sizes.in * config->kernel;
  const float *w = weights + layer->parameters[MX_CONV1D_WEIGHT].offset;
  g_autofree float *points = g_new (float, MX_TILE_POINTS *sizes.out);
  size_t row = 0;

  for (size_t phase = 0; phase < MIN (config->stride, config->kernel); phase++)
    for (size_t j = phase; j < config->kernel;
         j += MX_TILE_TAPS * config->stride)
      for (size_t i = 0; i < sizes.in; i++, row++) {
        for (size_t o = 0; o < sizes.out; o++)
          taps_to_points (w + o * step + i * config->kernel + j,
              divide_up (config->kernel - j, config->stride), config->stride,
              points + o * MX_TILE_POINTS);
        for (size_t k = 0; k < MX_TILE_POINTS; k++)
          mx_layer_pack_row (prepared + k * of_point, sizes.groups * sizes.in,
              sizes.out, row, points + k, MX_TILE_POINTS);
      }
}

/* ----------------------------------------------------------- forward */

static void
input_to_points (
    const MxLayer *layer, const MxLayerRun *run, size_t row, float *points)
{
  const MxConv1dConfig *config = layer->config;
  const Sizes sizes = get_sizes (layer);
  const ptrdiff_t frame = (ptrdiff_t)sizes.in;
  MxTilesIn op = {.tiles = sizes.tiles,
      .channels = sizes.in,
      .x_frame = (ptrdiff_t)config->stride * frame,
      .x_tile = MX_TILE_FRAMES * (ptrdiff_t)config->stride * frame,
      .points = points,
      .point = (ptrdiff_t)points_in (&sizes),
      .per_tile = frame};

  for (size_t phase = 0; phase < MIN (config->stride, config->kernel); phase++)
    for (size_t j = phase; j < config->kernel;
         j += MX_TILE_TAPS * config->stride) {
      op.x = mx_conv1d_first_tap (layer, &run->x, row) + (ptrdiff_t)j * frame;
      run->kernels->tiles_in (&op);
      op.points += sizes.tiles * sizes.in;
    }
}

static void
multiply_points (
    const MxLayer *layer, const MxLayerRun *run, const float *in, float *out)
{
  const Sizes sizes = get_sizes (layer);
  const size_t width = mx_layer_panel_width (sizes.out);
  MxMatmul op = {.groups = 1,
      .rows = sizes.tiles,
      .cols = sizes.out,
      .depth_groups = sizes.groups,
      .depth = sizes.in,
      .a_row = (ptrdiff_t)sizes.in,
      .a_depth_group = (ptrdiff_t)(sizes.tiles * sizes.in),
      .a_depth = 1,
      .b_panel = (ptrdiff_t)(sizes.groups * sizes.in * width),
      .b_depth_group = (ptrdiff_t)(sizes.in * width),
      .b_depth = (ptrdiff_t)width,
      .c_row = (ptrdiff_t)sizes.out};

  for (size_t k = 0; k < MX_TILE_POINTS; k++) {
    op.a = in + k * points_in (&sizes);
    mx_layer_set_weights (layer, run, k * weights_of_point (&sizes), &op);
    op.c = out + k * points_out (&sizes);
    mx_layer_matmul (run, &op);
  }
}

void
mx_conv1d_fast_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxConv1dConfig *config = layer->config;
  const Sizes sizes = get_sizes (layer);

  for (size_t row = first; row < first + n; row++) {
    float *in = run->workspace + row * layer->scratch_per_row;
    float *out = in + MX_TILE_POINTS * points_in (&sizes);
    const MxTilesOut op = {.rows = layer->out.time,
        .channels = sizes.out,
        .points = out,
        .point = (ptrdiff_t)points_out (&sizes),
        .per_tile = (ptrdiff_t)sizes.out,
        .y = mx_tensor_row (&run->y, row),
        .y_row = (ptrdiff_t)sizes.out,
        .bias = config->bias ? mx_conv1d_bias (layer, run) : NULL,
        .add = layer->inputs[1] >= 0 ? mx_tensor_row (&run->x2, row) : NULL,
        .activation = config->activation};

    input_to_points (layer, run, row, in);
    multiply_points (layer, run, in, out);
    run->kernels->tiles_out (&op);
  }
}
