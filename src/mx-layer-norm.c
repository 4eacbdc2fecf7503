/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-layer-norm.h"

#include <math.h>
#include <string.h>

enum { WEIGHT, BIAS, RUNNING_MEAN, RUNNING_VAR };

/* Workspace: totals [N_SUMS][channels] of doubles, vectors of [channels], then
 * two sums of [channels] for each row, which are added up in the order of the
 * rows.  MEAN and DEVIATION (one over it) stay from forward to backward, the
 * others are scratch. */
enum { MEAN, DEVIATION, SCALE, SHIFT, SLOPE, N_VECTORS };
enum { N_SUMS = 2, TOTALS = N_SUMS * sizeof (double) / sizeof (float) };

static void
parse (MxLayer *layer, MxJson *json, size_t classes)
{
  MxBatchNormConfig *config = layer->config;
  const size_t *channels = &layer->in.channels;

  config->epsilon = mx_json_double (json, "epsilon", 1e-12, 1, 1e-5);
  config->momentum = mx_json_double (json, "momentum", 0, 1, 0.1);
  layer->out = layer->in;
  mx_layer_add_parameter (layer, "weight", 1, channels, true, MX_INIT_ONE, 0);
  mx_layer_add_parameter (layer, "bias", 1, channels, true, MX_INIT_ZERO, 0);
  mx_layer_add_parameter (
      layer, "running_mean", 1, channels, false, MX_INIT_ZERO, 0);
  mx_layer_add_parameter (
      layer, "running_var", 1, channels, false, MX_INIT_ONE, 0);
  layer->prepared = 2 * *channels;
  layer->workspace = (TOTALS + N_VECTORS) * *channels;
  layer->workspace_per_row = N_SUMS * *channels;
}

/* Prepared: scale and shift, [channels] each. */
static void
prepare (
    const MxLayer *layer, const float *weights, float *prepared, bool training)
{
  const MxBatchNormConfig *config = layer->config;
  const MxParameter *parameters = layer->parameters;
  const float *weight = weights + parameters[WEIGHT].offset;
  const float *bias = weights + parameters[BIAS].offset;
  const float *mean = weights + parameters[RUNNING_MEAN].offset;
  const float *variance = weights + parameters[RUNNING_VAR].offset;
  size_t channels = layer->in.channels;

  if (training)
    return;
  for (size_t c = 0; c < channels; c++) {
    float scale = weight[c] / sqrtf (variance[c] + config->epsilon);

    prepared[c] = scale;
    prepared[channels + c] = bias[c] - mean[c] * scale;
  }
}

/* First, where the workspace is aligned for doubles. */
static double *
totals_of (const MxLayerRun *run)
{
  return (double *)(void *)run->workspace;
}

static float *
vector_of (const MxLayerRun *run, size_t vector)
{
  return run->workspace + (TOTALS + vector) * run->x.channels;
}

static float *
sums_of (const MxLayerRun *run, size_t row, size_t sum)
{
  return vector_of (run, N_VECTORS + row * N_SUMS + sum);
}

/* totals [n sums][channels], over the rows of this pass. */
static void
add_rows (const MxLayerRun *run, size_t n, double *totals)
{
  size_t channels = run->x.channels;

  memset (totals, 0, n * channels * sizeof *totals);
  for (size_t row = 0; row < run->rows; row++)
    for (size_t i = 0; i < n * channels; i++)
      totals[i] += vector_of (run, N_VECTORS + row * N_SUMS)[i];
}

/* Of each row the sums, and those of the squares about its own mean while it is
 * near. */
static void
sum_rows (const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const size_t channels = run->x.channels;
  g_autofree float *mean = g_new (float, channels);

  for (size_t row = first; row < first + n; row++) {
    const float *x = mx_tensor_row (&run->x, row);
    float *sum = sums_of (run, row, 0);

    run->kernels->channel_sum (run->x.time, channels, x, sum);
    for (size_t c = 0; c < channels; c++)
      mean[c] = sum[c] / (float)run->x.time;
    run->kernels->channel_deviation (
        run->x.time, channels, x, mean, sums_of (run, row, 1));
  }
}

/* totals [channels]: the squares about `mean`, over the rows of this pass. */
static void
add_squares (const MxLayerRun *run, const float *mean, double *totals)
{
  const size_t channels = run->x.channels;
  const double time = run->x.time;

  memset (totals, 0, channels * sizeof *totals);
  for (size_t row = 0; row < run->rows; row++) {
    const float *sum = sums_of (run, row, 0), *square = sums_of (run, row, 1);

    for (size_t c = 0; c < channels; c++) {
      /* The row's mean as sum_rows() had it. */
      const double apart = (double)(sum[c] / (float)run->x.time) - mean[c];
      const double rest = sum[c] - time * (double)(sum[c] / (float)run->x.time);

      totals[c] += square[c] + apart * (time * apart + 2 * rest);
    }
  }
}

static void
affine_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  size_t channels = run->x.channels;
  const float *scale = run->training ? vector_of (run, SCALE) : run->prepared;
  const float *shift =
      run->training ? vector_of (run, SHIFT) : run->prepared + channels;

  for (size_t row = first; row < first + n; row++)
    run->kernels->affine (run->x.time, channels, mx_tensor_row (&run->x, row),
        scale, shift, run->activation, mx_tensor_row (&run->y, row));
}

static void
update_statistics (const MxLayer *layer, const MxLayerRun *run, size_t channel,
    double mean, double squares, size_t count)
{
  const MxBatchNormConfig *config = layer->config;
  float *running_mean =
      run->weights + layer->parameters[RUNNING_MEAN].offset + channel;
  float *running_var =
      run->weights + layer->parameters[RUNNING_VAR].offset + channel;
  double unbiased = squares / MAX (count - 1, 1);

  *running_mean += config->momentum * (mean - *running_mean);
  *running_var += config->momentum * (unbiased - *running_var);
}

static void
batch_statistics (const MxLayer *layer, const MxLayerRun *run)
{
  const MxBatchNormConfig *config = layer->config;
  const float *weight = run->weights + layer->parameters[WEIGHT].offset;
  const float *bias = run->weights + layer->parameters[BIAS].offset;
  float *mean = vector_of (run, MEAN), *deviation = vector_of (run, DEVIATION);
  float *scale = vector_of (run, SCALE), *shift = vector_of (run, SHIFT);
  double *totals = totals_of (run);
  size_t count = run->all_rows * run->x.time;

  mx_layer_run_rows (layer, run, sum_rows);
  mx_layer_settle (run);
  add_rows (run, 1, totals);
  mx_group_sum (run->group, totals, run->x.channels);
  for (size_t c = 0; c < run->x.channels; c++)
    mean[c] = totals[c] / count;

  add_squares (run, mean, totals);
  mx_group_sum (run->group, totals, run->x.channels);
  for (size_t c = 0; c < run->x.channels; c++) {
    double squares = totals[c];

    deviation[c] = 1 / sqrt (squares / count + config->epsilon);
    scale[c] = weight[c] * deviation[c];
    shift[c] = bias[c] - mean[c] * scale[c];
    update_statistics (layer, run, c, mean[c], squares, count);
  }
}

static void
forward (const MxLayer *layer, const MxLayerRun *run)
{
  if (run->training)
    batch_statistics (layer, run);
  mx_layer_run_rows (layer, run, affine_rows);
}

static void
gradient_sum_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const size_t time = run->dy.time, channels = run->dy.channels;

  for (size_t row = first; row < first + n; row++) {
    float *dy = mx_tensor_row (&run->dy, row);

    if (run->activation == MX_ACTIVATION_RELU)
      run->kernels->mask (
          time * channels, mx_tensor_row (&run->y, row), dy, false, dy);
    run->kernels->norm_sums (time, channels, mx_tensor_row (&run->x, row),
        vector_of (run, MEAN), dy, sums_of (run, row, 0),
        sums_of (run, row, 1));
  }
}

static void
input_gradient_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  for (size_t row = first; row < first + n; row++)
    run->kernels->norm_gradient (run->x.time, run->x.channels,
        mx_tensor_row (&run->x, row), vector_of (run, MEAN),
        mx_tensor_row (&run->dy, row), vector_of (run, SCALE),
        vector_of (run, SLOPE), vector_of (run, SHIFT), run->accumulate[0],
        mx_tensor_row (&run->dx, row));
}

static void
backward (const MxLayer *layer, const MxLayerRun *run)
{
  const float *weight = run->weights + layer->parameters[WEIGHT].offset;
  float *weight_gradient = run->gradients + layer->parameters[WEIGHT].offset;
  float *bias_gradient = run->gradients + layer->parameters[BIAS].offset;
  const float *deviation = vector_of (run, DEVIATION);
  float *scale = vector_of (run, SCALE), *slope = vector_of (run, SLOPE);
  float *shift = vector_of (run, SHIFT);
  size_t channels = run->x.channels;
  double *totals = totals_of (run);
  double count = run->all_rows * run->x.time;

  g_assert (run->training);
  mx_layer_run_rows (layer, run, gradient_sum_rows);
  mx_layer_settle (run);
  add_rows (run, N_SUMS, totals);
  for (size_t k = 0; k < channels; k++) {
    bias_gradient[k] = totals[k];
    weight_gradient[k] = totals[channels + k] * deviation[k];
  }
  mx_group_sum (run->group, totals, N_SUMS * channels);
  /* dx = weight / deviation (dy - mean (dy) - z mean (dy z)), where z is the
   * normalised input. */
  for (size_t k = 0; k < channels; k++) {
    double dot = totals[channels + k] * deviation[k];
    double whole = (double)weight[k] * deviation[k];
    double along = whole / count * deviation[k] * dot;

    scale[k] = whole;
    slope[k] = -along;
    shift[k] = -whole / count * totals[k];
  }
  if (run->dx.data)
    mx_layer_run_rows (layer, run, input_gradient_rows);
}

const MxLayerKind mx_layer_batch_norm = {
    .name = "batch-norm",
    .config_size = sizeof (MxBatchNormConfig),
    .sums_group = true,
    .takes_relu = true,
    .parse = parse,
    .prepare = prepare,
    .forward = forward,
    .backward = backward,
};
