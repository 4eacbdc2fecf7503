/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-layer-dense.h"

#include <math.h>

#define MAX_UNITS 65536

/* Units of the weight gradient that make a task. */
#define TILE_UNITS 16

enum { WEIGHT, BIAS };

static void
parse (MxLayer *layer, MxJson *json, size_t classes)
{
  MxDenseConfig *config = layer->config;
  size_t in = layer->in.channels;
  float spread = 1 / sqrtf (in);

  config->units = mx_json_int (json, "units", 1, MAX_UNITS, classes);
  layer->out = (MxShape){layer->in.time, config->units};
  mx_layer_add_parameter (layer, "weight", 2,
      (const size_t[]){config->units, in}, true, MX_INIT_UNIFORM, spread);
  mx_layer_add_parameter (
      layer, "bias", 1, &config->units, true, MX_INIT_UNIFORM, spread);
  layer->macs = (uint64_t)layer->in.time * in * config->units;
  layer->prepared = mx_layer_packed_size (in, config->units);
  layer->prepared_training = layer->prepared;
  layer->may_halve = true;
}

/* Prepared: panels of [in][units].  The gradient of the input takes the
 * weights as they are. */
static void
prepare (
    const MxLayer *layer, const float *weights, float *prepared, bool training)
{
  const MxDenseConfig *config = layer->config;
  const float *weight = weights + layer->parameters[WEIGHT].offset;
  size_t in = layer->in.channels;

  for (size_t i = 0; i < in; i++)
    mx_layer_pack_row (prepared, in, config->units, i, weight + i, in);
}

static void
forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxTensor *x = &run->x, *y = &run->y;
  size_t width = mx_layer_panel_width (y->channels);
  MxMatmul op = {.groups = n,
      .rows = y->time,
      .cols = y->channels,
      .depth_groups = 1,
      .depth = x->channels,
      .a = mx_tensor_row (x, first),
      .a_group = x->row_stride,
      .a_row = x->channels,
      .a_depth = 1,
      .b_panel = x->channels * width,
      .b_depth = width,
      .c = mx_tensor_row (y, first),
      .c_group = y->row_stride,
      .c_row = y->channels,
      .bias = run->weights + layer->parameters[BIAS].offset};

  mx_layer_set_weights (layer, run, 0, &op);
  mx_layer_matmul (run, &op);
}

static void
forward (const MxLayer *layer, const MxLayerRun *run)
{
  mx_layer_run_rows (layer, run, forward_rows);
}

/* dx = dy weight */
static void
input_gradient_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxTensor *dx = &run->dx, *dy = &run->dy;
  const MxMatmul op = {.groups = n,
      .rows = dy->time,
      .cols = dx->channels,
      .depth_groups = 1,
      .depth = dy->channels,
      .a = mx_tensor_row (dy, first),
      .a_group = dy->row_stride,
      .a_row = dy->channels,
      .a_depth = 1,
      .b = run->weights + layer->parameters[WEIGHT].offset,
      .b_panel = MX_PANEL,
      .b_depth = dx->channels,
      .c = mx_tensor_row (dx, first),
      .c_group = dx->row_stride,
      .c_row = dx->channels,
      .accumulate = run->accumulate[0]};

  mx_layer_matmul (run, &op);
}

typedef struct {
  const MxLayer *layer;
  const MxLayerRun *run;
} Job;

/* weight gradient = dy^T x, some units of it */
static void
weight_gradient_tile (void *data, size_t index)
{
  const Job *job = data;
  const MxTensor *x = &job->run->x, *dy = &job->run->dy;
  size_t first = index * TILE_UNITS;
  float *gradient = job->run->gradients + job->layer->parameters[WEIGHT].offset;
  const MxMatmul op = {.groups = 1,
      .rows = MIN (TILE_UNITS, dy->channels - first),
      .cols = x->channels,
      .depth_groups = job->run->rows,
      .depth = dy->time,
      .a = dy->data + first,
      .a_row = 1,
      .a_depth_group = dy->row_stride,
      .a_depth = dy->channels,
      .b = x->data,
      .b_panel = MX_PANEL,
      .b_depth_group = x->row_stride,
      .b_depth = x->channels,
      .c = gradient + first * x->channels,
      .c_row = x->channels};

  mx_layer_matmul_long (job->run, &op);
}

static void
backward (const MxLayer *layer, const MxLayerRun *run)
{
  Job job = {layer, run};

  mx_layer_settle (run);
  mx_parallel_run (run->parallel,
      (run->dy.channels + TILE_UNITS - 1) / TILE_UNITS, weight_gradient_tile,
      &job);
  mx_layer_bias_gradient (run, run->gradients + layer->parameters[BIAS].offset);
  if (run->dx.data)
    mx_layer_run_rows (layer, run, input_gradient_rows);
}

const MxLayerKind mx_layer_dense = {
    .name = "dense",
    .config_size = sizeof (MxDenseConfig),
    .parse = parse,
    .prepare = prepare,
    .forward = forward,
    .backward = backward,
};
