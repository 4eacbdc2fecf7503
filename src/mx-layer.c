/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-layer.h"

#include "mx-pending.h"

#include <math.h>
#include <string.h>

/* A piece is at least so many rows, and of short rows about so many frames:
 * enough work to be worth a task, never dependent on the number of threads. */
#define PIECE_ROWS 4
#define PIECE_FRAMES 256

/* Depth of a product summed at a time: both factors stay in the first cache. */
#define STRETCH 128

MxParameter *
mx_layer_add_parameter (MxLayer *layer, const char *name, size_t n_dims,
    const size_t *dims, bool trainable, MxInit init, float spread)
{
  g_return_val_if_fail (layer->n_parameters < MX_MAX_PARAMETERS, NULL);
  g_return_val_if_fail (
      n_dims <= G_N_ELEMENTS (layer->parameters[0].dims), NULL);

  MxParameter *parameter = &layer->parameters[layer->n_parameters++];
  *parameter = (MxParameter){.name = name,
      .n_dims = n_dims,
      .size = 1,
      .trainable = trainable,
      .init = init,
      .spread = spread};
  for (size_t i = 0; i < n_dims; i++) {
    parameter->dims[i] = dims[i];
    parameter->size *= dims[i];
  }
  return parameter;
}

const MxParameter *
mx_layer_find_parameter (const MxLayer *layer, const char *name)
{
  for (size_t p = 0; p < layer->n_parameters; p++)
    if (strcmp (layer->parameters[p].name, name) == 0)
      return &layer->parameters[p];
  return NULL;
}

typedef struct {
  const MxLayer *layer;
  const MxLayerRun *run;
  MxRowsTask task;
  size_t rows; /* of a piece */
} RowsJob;

static void
run_piece (void *data, size_t index)
{
  const RowsJob *job = data;
  size_t first = index * job->rows;

  job->task (
      job->layer, job->run, first, MIN (job->rows, job->run->rows - first));
}

void
mx_layer_run_rows (const MxLayer *layer, const MxLayerRun *run, MxRowsTask task)
{
  size_t time = MAX (MAX (run->x.time, run->y.time), 1);

  mx_layer_run_pieces (layer, run, task, MAX (PIECE_ROWS, PIECE_FRAMES / time));
}

void
mx_layer_run_pieces (
    const MxLayer *layer, const MxLayerRun *run, MxRowsTask task, size_t rows)
{
  RowsJob job = {layer, run, task, rows};

  if (run->pending != NULL)
    mx_pending_add (run->pending, layer, run, task, rows);
  else
    mx_parallel_run (
        run->parallel, (run->rows + rows - 1) / rows, run_piece, &job);
}

void
mx_layer_settle (const MxLayerRun *run)
{
  if (run->pending != NULL)
    mx_pending_settle (run->pending);
}

void
mx_layer_pack_row (float *packed, size_t depth, size_t cols, size_t p,
    const float *from, size_t step)
{
  size_t width = mx_layer_panel_width (cols);

  for (size_t first = 0; first < cols; first += MX_PANEL) {
    float *row = packed + (first / MX_PANEL * depth + p) * width;
    size_t n = MIN (MX_PANEL, cols - first);

    for (size_t j = 0; j < n; j++)
      row[j] = from[(first + j) * step];
  }
}

void
mx_layer_matmul (const MxLayerRun *run, const MxMatmul *op)
{
  MxMatmul flat;

  if (op->depth == 1) {
    flat = *op;
    flat.depth = op->depth_groups;
    flat.depth_groups = 1;
    flat.a_depth = op->a_depth_group;
    flat.b_depth = op->b_depth_group;
    op = &flat;
  }
  run->kernels->matmul (op);
}

void
mx_layer_matmul_long (const MxLayerRun *run, const MxMatmul *op)
{
  size_t whole = MAX (1, STRETCH / MAX (op->depth, 1));

  g_assert (!op->bias && !op->add && !op->activation);
  for (size_t o = 0; o < op->depth_groups; o += whole) {
    for (size_t p = 0; p < op->depth; p += STRETCH) {
      ptrdiff_t so = o, sp = p;
      MxMatmul part = *op;

      part.depth_groups = MIN (whole, op->depth_groups - o);
      part.depth = MIN (STRETCH, op->depth - p);
      part.a += so * op->a_depth_group + sp * op->a_depth;
      part.b += so * op->b_depth_group + sp * op->b_depth;
      part.accumulate |= o > 0 || p > 0;
      mx_layer_matmul (run, &part);
    }
  }
}

void
mx_layer_bias_gradient (const MxLayerRun *run, float *gradient)
{
  static const float one = 1;
  const MxTensor *dy = &run->dy;
  const MxMatmul op = {.groups = 1,
      .rows = 1,
      .cols = dy->channels,
      .depth_groups = run->rows,
      .depth = dy->time,
      .a = &one,
      .b = dy->data,
      .b_panel = MX_PANEL,
      .b_depth_group = dy->row_stride,
      .b_depth = dy->channels,
      .c = gradient};

  mx_layer_matmul_long (run, &op);
}

/* So far from what a float can hold that no product of two leaves it. */
#define SMALLEST 1e-15f
#define LARGEST 1e15f

const char *
mx_parameter_expects (const MxParameter *parameter, size_t i, float w)
{
  if (g_str_equal (parameter->name, "running_var"))
    return isfinite (w) && w >= 0 ? NULL : "finite numbers from 0";
  if (g_str_equal (parameter->name, "weight_scale"))
    return w >= SMALLEST && w <= LARGEST ? NULL : "numbers from 1e-15 to 1e15";
  if (g_str_equal (parameter->name, "input_range")) {
    bool good =
        i == 0 ? w >= -LARGEST && w <= 0 : w >= SMALLEST && w <= LARGEST;
    return good ? NULL : "one from -1e15 to 0 and one from 1e-15 to 1e15";
  }
  return isfinite (w) ? NULL : "finite numbers";
}
