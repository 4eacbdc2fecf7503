/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Training in tiles: products between points. */
#include "mx-layer-conv1d-tiles.h"

/* ------------------------------------------- forward, input gradient */

/* One plan over a batch: x to y. */
typedef struct {
  const MxLayer *layer;
  const MxLayerRun *run;
  MxTilePlan plan;
  const float *weights;
  const float *x; /* of row 0: the first tap of the first frame */
  size_t x_row;
  float *y;
  size_t y_row;
  ptrdiff_t y_frame; /* in floats */
  const float *bias; /* or NULL */
  bool accumulate;
} Job;

static void
frames_in (const Job *job, const MxTileBlock *block, size_t row, size_t group,
    float *points, ptrdiff_t point)
{
  const MxConv1dConfig *config = job->layer->config;
  const ptrdiff_t channels = (ptrdiff_t)job->plan.in;
  const MxTilesIn op = {.taps = config->tile_taps,
      .tiles = block->tiles,
      .channels = job->plan.in,
      .x = job->x + row * job->x_row +
           (job->plan.at[group] +
               (ptrdiff_t)(MX_TILE_FRAMES * block->tile) * job->plan.x_step) *
               channels,
      .x_frame = job->plan.x_step * channels,
      .x_tile = MX_TILE_FRAMES * job->plan.x_step * channels,
      .points = points,
      .point = point,
      .per_tile = channels};

  job->run->kernels->tiles_in (&op);
}

static void
frames_out (const Job *job, const MxTileBlock *block, size_t row,
    const float *points, ptrdiff_t point)
{
  const MxConv1dConfig *config = job->layer->config;
  const size_t first = MX_TILE_FRAMES * block->tile;
  float *y = job->y + row * job->y_row + (ptrdiff_t)first * job->y_frame;
  const MxTilesOut op = {.taps = config->tile_taps,
      .rows = MIN (MX_TILE_FRAMES * block->tiles, job->plan.frames - first),
      .channels = job->plan.out,
      .points = points,
      .point = point,
      .per_tile = (ptrdiff_t)job->plan.out,
      .y = y,
      .y_row = job->y_frame,
      .bias = job->bias,
      .add = job->accumulate ? y : NULL};

  job->run->kernels->tiles_out (&op);
}

static void
multiply_points (const Job *job, size_t tiles, const float *in, float *out)
{
  const MxTilePlan *plan = &job->plan;
  const size_t width = mx_layer_panel_width (plan->out);
  const MxMatmul op = {.groups = mx_tile_points_of (job->layer->config),
      .rows = tiles,
      .cols = plan->out,
      .depth_groups = plan->groups,
      .depth = plan->in,
      .a = in,
      .a_group = mx_tile_point_step (plan->groups * tiles, plan->in),
      .a_row = (ptrdiff_t)plan->in,
      .a_depth_group = (ptrdiff_t)(tiles * plan->in),
      .a_depth = 1,
      .b = job->weights,
      .b_group = (ptrdiff_t)mx_tile_weights (plan),
      .b_panel = (ptrdiff_t)(plan->groups * plan->in * width),
      .b_depth_group = (ptrdiff_t)(plan->in * width),
      .b_depth = (ptrdiff_t)width,
      .c = out,
      .c_group = mx_tile_point_step (tiles, plan->out),
      .c_row = (ptrdiff_t)plan->out};

  job->run->kernels->matmul (&op);
}

static float *
own_scratch (const MxLayer *layer, const MxLayerRun *run)
{
  return run->scratch + layer->scratch +
         mx_parallel_get_worker () * layer->scratch_per_thread;
}

static void
convolve_block (const Job *job, const MxTileBlock *block)
{
  const MxTilePlan *plan = &job->plan;
  const size_t tiles = block->rows * block->tiles;
  const ptrdiff_t in_step = mx_tile_point_step (plan->groups * tiles, plan->in);
  const size_t points = mx_tile_points_of (job->layer->config);
  float *in = own_scratch (job->layer, job->run);
  float *out =
      in + mx_tile_block_points (points, plan->groups * tiles, plan->in);

  for (size_t r = 0; r < block->rows; r++)
    for (size_t g = 0; g < plan->groups; g++)
      frames_in (job, block, block->row + r, g,
          in + (g * tiles + r * block->tiles) * plan->in, in_step);
  multiply_points (job, tiles, in, out);
  for (size_t r = 0; r < block->rows; r++)
    frames_out (job, block, block->row + r, out + r * block->tiles * plan->out,
        mx_tile_point_step (tiles, plan->out));
}

static void
convolve (const Job *job, size_t first, size_t n)
{
  const size_t tiles = mx_tile_divide (job->plan.frames, MX_TILE_FRAMES);

  for (size_t b = 0; b < mx_tile_count_blocks (n, tiles); b++) {
    MxTileBlock block = mx_tile_block (b, n, tiles);

    block.row += first;
    convolve_block (job, &block);
  }
}

/* As many as make a block of the output, or of a phase of the input. */
static size_t
rows_of_piece (const MxLayer *layer)
{
  const size_t stride = ((const MxConv1dConfig *)layer->config)->stride;
  const size_t frames =
      MAX (layer->out.time, mx_tile_divide (layer->in.time, stride));

  return mx_tile_rows_of_block (mx_tile_divide (frames, MX_TILE_FRAMES));
}

static void
forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxConv1dConfig *config = layer->config;
  const Job job = {.layer = layer,
      .run = run,
      .plan = mx_tile_plan_forward (layer),
      .weights = run->prepared,
      .x = mx_conv1d_first_tap (layer, &run->x, 0),
      .x_row = run->x.row_stride,
      .y = run->y.data,
      .y_row = run->y.row_stride,
      .y_frame = (ptrdiff_t)run->y.channels,
      .bias = config->bias ? mx_conv1d_bias (layer, run) : NULL};

  convolve (&job, first, n);
}

void
mx_conv1d_tiles_forward (const MxLayer *layer, const MxLayerRun *run)
{
  mx_layer_run_pieces (layer, run, forward_rows, rows_of_piece (layer));
}

static void
input_gradient_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxConv1dConfig *config = layer->config;
  const ptrdiff_t in = (ptrdiff_t)layer->in.channels;
  const ptrdiff_t filters = (ptrdiff_t)config->filters;
  const MxTilePlan forward = mx_tile_plan_forward (layer);
  const float *weights =
      run->prepared + mx_tile_points_of (config) * mx_tile_weights (&forward);

  for (size_t t = 0; t < MIN (config->stride, layer->in.time); t++) {
    const MxConv1dPhase phase = mx_conv1d_phase (config, t, layer->in.time);
    const Job job = {.layer = layer,
        .run = run,
        .plan = mx_tile_plan_backward (layer, &phase),
        .weights = weights,
        .x = run->dy.data + mx_tile_first_frame (&phase) * filters,
        .x_row = run->dy.row_stride,
        .y = run->dx.data + (ptrdiff_t)t * in,
        .y_row = run->dx.row_stride,
        .y_frame = (ptrdiff_t)config->stride * in,
        .accumulate = run->accumulate[0]};

    if (phase.taps)
      convolve (&job, first, n);
    for (size_t row = first; row < first + n && !phase.taps; row++)
      mx_conv1d_clear_phase (config, run, &phase, row);
    weights += mx_tile_points_of (config) * mx_tile_weights (&job.plan);
  }
}

void
mx_conv1d_tiles_input_gradient (const MxLayer *layer, const MxLayerRun *run)
{
  mx_layer_run_pieces (layer, run, input_gradient_rows, rows_of_piece (layer));
}

/* --------------------------------------------------- weight gradient */

/* Of a section of the blocks and a group of taps: the gradient in points,
 * [point][out][in]. */
typedef struct {
  Job job;
  size_t tiles; /* of a row */
  size_t blocks, sections;
  float matrix[MX_TILE_MOST_POINTS * MX_TILE_MOST_TAPS]; /* TAPS */
} WeightJob;

static size_t
start_of_section (const WeightJob *self, size_t section)
{
  return self->blocks * section / self->sections;
}

/* Floats of all points of a group. */
static size_t
gradient_of_group (const Job *job)
{
  return mx_tile_points_of (job->layer->config) * job->plan.in * job->plan.out;
}

static void
gradient_in (const Job *job, const MxTileBlock *block, size_t row,
    float *points, ptrdiff_t point)
{
  const MxConv1dConfig *config = job->layer->config;
  const ptrdiff_t channels = (ptrdiff_t)job->plan.out;
  const MxTilesIn op = {.taps = config->tile_taps,
      .tiles = block->tiles,
      .channels = job->plan.out,
      .x = mx_tensor_row (&job->run->dy, row) +
           (ptrdiff_t)(MX_TILE_FRAMES * block->tile) * channels,
      .x_frame = channels,
      .x_tile = MX_TILE_FRAMES * channels,
      .points = points,
      .point = point,
      .per_tile = channels};

  job->run->kernels->tiles_back (&op);
}

static void
add_block (const Job *job, const MxTileBlock *block, size_t group, bool first,
    float *gradient)
{
  const size_t points = mx_tile_points_of (job->layer->config);
  const size_t tiles = block->rows * block->tiles;
  const size_t in = job->plan.in, out = job->plan.out;
  float *x = own_scratch (job->layer, job->run);
  float *dy = x + mx_tile_block_points (points, tiles, in);
  const MxMatmul op = {.groups = points,
      .rows = out,
      .cols = in,
      .depth_groups = 1,
      .depth = tiles,
      .a = dy,
      .a_group = mx_tile_point_step (tiles, out),
      .a_row = 1,
      .a_depth = (ptrdiff_t)out,
      .b = x,
      .b_group = mx_tile_point_step (tiles, in),
      .b_panel = MX_PANEL,
      .b_depth = (ptrdiff_t)in,
      .c = gradient,
      .c_group = (ptrdiff_t)(in * out),
      .c_row = (ptrdiff_t)in,
      .accumulate = !first};

  for (size_t r = 0; r < block->rows; r++) {
    frames_in (job, block, block->row + r, group, x + r * block->tiles * in,
        mx_tile_point_step (tiles, in));
    gradient_in (job, block, block->row + r, dy + r * block->tiles * out,
        mx_tile_point_step (tiles, out));
  }
  mx_layer_matmul (job->run, &op);
}

static void
sum_section (void *data, size_t index)
{
  const WeightJob *self = data;
  const Job *job = &self->job;
  const size_t section = index / job->plan.groups;
  const size_t first = start_of_section (self, section);

  for (size_t b = first; b < start_of_section (self, section + 1); b++) {
    const MxTileBlock block = mx_tile_block (b, job->run->rows, self->tiles);

    add_block (job, &block, index % job->plan.groups, b == first,
        job->run->scratch + index * gradient_of_group (job));
  }
}

/* TAPS transposed times the points, of one filter, into the order of the file.
 */
static void
gradient_out (void *data, size_t filter)
{
  const WeightJob *self = data;
  const Job *job = &self->job;
  const MxConv1dConfig *config = job->layer->config;
  const size_t in = job->plan.in, taps = config->tile_taps;
  float *gradient = job->run->gradients +
                    job->layer->parameters[MX_CONV1D_WEIGHT].offset +
                    filter * in * config->kernel;
  float *sums = own_scratch (job->layer, job->run);
  MxMatmul op = {.groups = 1,
      .cols = in,
      .depth_groups = self->sections,
      .depth = mx_tile_points_of (config),
      .a = self->matrix,
      .a_row = 1,
      .a_depth = (ptrdiff_t)taps,
      .b_panel = MX_PANEL,
      .b_depth_group = (ptrdiff_t)(job->plan.groups * gradient_of_group (job)),
      .b_depth = (ptrdiff_t)(in * job->plan.out),
      .c = sums,
      .c_row = (ptrdiff_t)in};

  for (size_t g = 0; g < job->plan.groups; g++) {
    op.rows = job->plan.taps[g];
    op.b = job->run->scratch + g * gradient_of_group (job) + filter * in;
    mx_layer_matmul (job->run, &op);
    for (size_t v = 0; v < job->plan.taps[g]; v++) {
      const size_t tap =
          (size_t)(job->plan.first[g] + (ptrdiff_t)v * job->plan.step);

      for (size_t i = 0; i < in; i++)
        gradient[i * config->kernel + tap] = sums[v * in + i];
    }
  }
}

void
mx_conv1d_tiles_weight_gradient (const MxLayer *layer, const MxLayerRun *run)
{
  WeightJob self = {.job = {.layer = layer,
                        .run = run,
                        .plan = mx_tile_plan_forward (layer),
                        .x = mx_conv1d_first_tap (layer, &run->x, 0),
                        .x_row = run->x.row_stride}};

  mx_tile_taps_matrix (
      ((const MxConv1dConfig *)layer->config)->tile_taps, self.matrix);
  self.tiles = mx_tile_divide (self.job.plan.frames, MX_TILE_FRAMES);
  self.blocks = mx_tile_count_blocks (run->rows, self.tiles);
  self.sections = CLAMP (self.blocks / 2, 1, MX_TILE_SECTIONS);
  mx_parallel_run (
      run->parallel, self.sections * self.job.plan.groups, sum_section, &self);
  mx_parallel_run (run->parallel, self.job.plan.out, gradient_out, &self);
}
