/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Convolution as a product over rows that overlap: all taps times all channels
 * deep, once for each group. */
#include "mx-layer-conv1d-private.h"

/* Prepared, for each group: panels of [kernel][in][out]; when training, then
 * for each group: panels of [kernel][out][in]. */
void
mx_conv1d_prepare_group (const MxLayer *layer, size_t g, const float *weights,
    float *forwards, float *backwards)
{
  const MxConv1dConfig *config = layer->config;
  size_t in = mx_conv1d_group_in (layer), out = mx_conv1d_group_out (layer);
  size_t kernel = config->kernel;
  const float *w = weights + layer->parameters[MX_CONV1D_WEIGHT].offset +
                   g * out * in * kernel;

  /* Whole rows are written; the weights, which lie far apart, are read in the
   * order of the file, so that their cache lines serve again. */
  for (size_t i = 0; i < in; i++)
    for (size_t j = 0; j < kernel; j++)
      mx_layer_pack_row (forwards, kernel * in, out, j * in + i,
          w + i * kernel + j, in * kernel);
  for (size_t o = 0; o < out && backwards; o++)
    for (size_t j = 0; j < kernel; j++)
      mx_layer_pack_row (backwards, kernel * out, in, j * out + o,
          w + o * in * kernel + j, kernel);
}

/* The rows of the batch at once, unless the second input has gaps of its own
 * between its rows. */
static void
run_product (const MxLayerRun *run, MxMatmul op)
{
  const size_t n = op.groups;

  if (!op.add || run->x2.row_stride == run->y.row_stride) {
    mx_layer_matmul (run, &op);
    return;
  }
  op.groups = 1;
  for (size_t row = 0; row < n; row++) {
    mx_layer_matmul (run, &op);
    op.a += op.a_group;
    op.c += op.c_group;
    op.add += run->x2.row_stride;
  }
}

void
mx_conv1d_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n)
{
  const MxConv1dConfig *config = layer->config;
  const MxTensor *x = &run->x, *y = &run->y;
  size_t in = mx_conv1d_stored_in (layer), out = mx_conv1d_group_out (layer);
  size_t width = mx_layer_panel_width (out);
  bool touch = mx_conv1d_taps_touch (config);
  MxMatmul op = {.groups = n,
      .rows = y->time,
      .cols = out,
      .depth_groups = touch ? 1 : config->kernel,
      .depth = touch ? config->kernel * in : in,
      .a_group = x->row_stride,
      .a_row = config->stride * x->channels,
      .a_depth_group = config->dilation * x->channels,
      .a_depth = 1,
      .b_panel = config->kernel * in * width,
      .b_depth_group = in * width,
      .b_depth = width,
      .a_low = config->split ? (ptrdiff_t)config->rounded : 0,
      .b_low = config->split ? (ptrdiff_t)layer->prepared / 2 : 0,
      .c_group = y->row_stride,
      .c_row = y->channels,
      .activation = config->activation};

  for (size_t g = 0; g < config->groups; g++) {
    op.a = mx_conv1d_first_tap (layer, x, first) + g * in;
    mx_layer_set_weights (
        layer, run, g * mx_layer_packed_size (config->kernel * in, out), &op);
    op.c = mx_tensor_row (y, first) + g * out;
    op.bias = config->bias ? mx_conv1d_bias (layer, run) + g * out : NULL;
    if (layer->inputs[1] >= 0)
      op.add = mx_tensor_row (&run->x2, first) + g * out;
    /* Other sums would change in their last bits what training writes. */
    if (config->edges && !run->training)
      mx_conv1d_multiply_edges (layer, run, &op);
    run_product (run, op);
  }
}
