/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-kernels-i8.h"
#include "mx-layer-conv1d-private.h"

#include "mx-tensor-view.h"

#include <math.h>
#include <string.h>

#define MAX_FILTERS 65536
#define MAX_KERNEL 4096
#define MAX_STEP 4096 /* stride and dilation */
#define MAX_PADDING (1 << 24)

/* ----------------------------------------------------------- parsing */

static bool
parse_padding_array (MxConv1dConfig *config, JsonArray *array)
{
  ptrdiff_t pad[2];

  if (json_array_get_length (array) != 2)
    return false;
  for (int i = 0; i < 2; i++) {
    JsonNode *node = json_array_get_element (array, i);
    int64_t value;

    if (json_node_get_value_type (node) != G_TYPE_INT64)
      return false;
    value = json_node_get_int (node);
    if (value < -MAX_PADDING || value > MAX_PADDING)
      return false;
    pad[i] = value;
  }
  config->pad_left = pad[0];
  config->pad_right = pad[1];
  return true;
}

static bool
parse_padding_name (MxConv1dConfig *config, const char *name)
{
  ptrdiff_t all = mx_conv1d_reach (config) - 1;

  if (!strcmp (name, "same"))
    config->pad_left = all / 2;
  else if (!strcmp (name, "causal"))
    config->pad_left = all;
  else if (!strcmp (name, "none"))
    all = config->pad_left = 0;
  else
    return false;
  config->pad_right = all - config->pad_left;
  return true;
}

static void
parse_padding (MxConv1dConfig *config, MxJson *json)
{
  JsonNode *node = mx_json_member (json, "padding", false);
  g_autofree char *found = NULL;

  if (!node) {
    parse_padding_name (config, "same");
    return;
  }
  if (JSON_NODE_HOLDS_ARRAY (node) &&
      parse_padding_array (config, json_node_get_array (node)))
    return;
  if (json_node_get_value_type (node) == G_TYPE_STRING &&
      parse_padding_name (config, json_node_get_string (node)))
    return;
  found = json_to_string (node, FALSE);
  g_autofree char *shown = mx_name_to_string (found);
  mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
      "padding: found %s, expected \"same\", \"causal\", \"none\" or "
      "[left, right] from %d to %d",
      shown, -MAX_PADDING, MAX_PADDING);
}

static void
parse (MxLayer *layer, MxJson *json, size_t classes)
{
  MxConv1dConfig *config = layer->config;
  size_t in = layer->in.channels;

  config->filters = mx_json_int (json, "filters", 1, MAX_FILTERS, 0);
  config->kernel = mx_json_int (json, "kernel", 1, MAX_KERNEL, 0);
  config->stride = mx_json_int (json, "stride", 1, MAX_STEP, 1);
  config->dilation = mx_json_int (json, "dilation", 1, MAX_STEP, 1);
  config->groups = mx_json_int (json, "groups", 1, MAX_FILTERS, 1);
  config->bias = mx_json_bool (json, "bias", true);
  config->quantised = mx_json_bool (json, "quantised", false);
  parse_padding (config, json);
  if (!mx_json_ok (json))
    return;
  /* A stream goes on behind the window: only where it begins are there zeros.
   */
  if (layer->streamed)
    config->pad_right =
        (ptrdiff_t)mx_conv1d_reach (config) - 1 - config->pad_left;
  if (in % config->groups || config->filters % config->groups)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_SHAPE,
        "groups: found %zu, expected a divisor of %zu input channels and of "
        "%zu filters",
        config->groups, in, config->filters);
  else if (config->quantised && !mx_layer_conv1d_may_quantise (layer))
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LAYER,
        "quantised: found %zu groups of %zu taps of %zu channels, expected one "
        "group of at most %d numbers",
        config->groups, config->kernel, in / config->groups, MX_I8_MAX_DEPTH);
  else if (!mx_layer_conv1d_setup (layer))
    mx_json_fail (json, MX_DESCRIPTION_ERROR_SHAPE,
        "kernel: found %zu frames from the first tap to the last, expected at "
        "most the %zu frames of the input with padding [%td, %td]",
        mx_conv1d_reach (config), layer->in.time, config->pad_left,
        config->pad_right);
  else
    mx_conv1d_tiles_setup (layer);
}

static size_t
size_at_least_0 (ptrdiff_t value)
{
  return MAX (value, 0);
}

/* Frames of the gradient of the output that the gradient of the input reads
 * outside of it: the first input frame meets the last tap, the last one the
 * first tap. */
static void
set_gradient_padding (MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  ptrdiff_t stride = config->stride;
  ptrdiff_t before = mx_conv1d_reach (config) - 1 - config->pad_left;
  ptrdiff_t last = layer->in.time - 1 + config->pad_left;

  layer->dy_pad_left = size_at_least_0 (before / stride);
  layer->dy_pad_right =
      size_at_least_0 (last / stride - ((ptrdiff_t)layer->out.time - 1));
}

bool
mx_layer_conv1d_setup (MxLayer *layer)
{
  MxConv1dConfig *config = layer->config;
  size_t in = mx_conv1d_group_in (layer), out = mx_conv1d_group_out (layer);
  size_t depth = config->kernel * in;
  ptrdiff_t room = (ptrdiff_t)layer->in.time + config->pad_left +
                   config->pad_right - (ptrdiff_t)mx_conv1d_reach (config);

  if (room < 0)
    return false;
  layer->out = (MxShape){room / config->stride + 1, config->filters};
  layer->x_pad_left = size_at_least_0 (config->pad_left);
  layer->x_pad_right = size_at_least_0 (config->pad_right);
  layer->stride = config->stride;
  layer->back = config->pad_left;
  layer->ahead = (ptrdiff_t)mx_conv1d_reach (config) - 1 - config->pad_left;
  set_gradient_padding (layer);

  config->tile_taps = 0;
  layer->n_parameters = 0;
  mx_layer_add_parameter (layer, "weight", 3,
      (const size_t[]){config->filters, in, config->kernel}, true,
      MX_INIT_NORMAL, sqrtf (2.0f / (out * config->kernel)));
  if (config->bias)
    mx_layer_add_parameter (
        layer, "bias", 1, &config->filters, true, MX_INIT_ZERO, 0);
  layer->macs = (uint64_t)layer->out.time * config->filters * depth;
  layer->may_halve = !mx_conv1d_is_depthwise (layer);
  config->edges = mx_conv1d_edges_pay (layer);

  if (config->quantised) {
    mx_conv1d_i8_setup (layer);
    return true;
  }
  if (mx_conv1d_is_depthwise (layer)) {
    mx_conv1d_depthwise_setup (layer);
    return true;
  }
  layer->prepared = config->groups * mx_layer_packed_size (depth, out);
  layer->prepared_training =
      layer->prepared +
      config->groups * mx_layer_packed_size (config->kernel * out, in);
  return true;
}

/* Behind the input are zeros, as many as are read. */
static void
lengthen (MxLayer *layer)
{
  MxConv1dConfig *config = layer->config;
  ptrdiff_t time = layer->in.time, stride = config->stride;

  config->pad_right = (time - 1) / stride * stride +
                      (ptrdiff_t)mx_conv1d_reach (config) - config->pad_left -
                      time;
  mx_layer_conv1d_setup (layer);
  mx_conv1d_tiles_setup (layer);
}

/* --------------------------------------------------- prepared weights */

static void
prepare (
    const MxLayer *layer, const float *weights, float *prepared, bool training)
{
  const MxConv1dConfig *config = layer->config;
  size_t in = mx_conv1d_group_in (layer), out = mx_conv1d_group_out (layer);
  size_t forwards =
      mx_layer_packed_size (config->kernel * mx_conv1d_stored_in (layer), out);
  size_t backwards = mx_layer_packed_size (config->kernel * out, in);

  if (config->quantised) {
    mx_conv1d_i8_prepare (layer, weights, prepared);
    return;
  }
  if (mx_conv1d_is_depthwise (layer)) {
    mx_conv1d_depthwise_prepare (layer, weights, prepared, training);
    return;
  }
  if (config->fast) {
    mx_conv1d_fast_prepare (layer, weights, prepared);
    return;
  }
  if (training && config->tile_taps > 0) {
    mx_conv1d_tiles_prepare (layer, weights, prepared);
    return;
  }
  for (size_t g = 0; g < config->groups; g++) {
    if (config->bf16 != NULL)
      mx_conv1d_bf16_prepare_group (layer, g, weights, prepared + g * forwards);
    else
      mx_conv1d_prepare_group (layer, g, weights, prepared + g * forwards,
          training ? prepared + layer->prepared + g * backwards : NULL);
  }
}

/* ----------------------------------------------------------- forward */

static void
forward (const MxLayer *layer, const MxLayerRun *run)
{
  const MxConv1dConfig *config = layer->config;
  MxRowsTask task = mx_conv1d_forward_rows;

  if (run->training && config->tile_taps > 0) {
    mx_conv1d_tiles_forward (layer, run);
    return;
  }
  if (config->quantised)
    task = mx_conv1d_i8_forward_rows;
  else if (config->bf16 != NULL)
    task = mx_conv1d_bf16_forward_rows;
  else if (mx_conv1d_is_depthwise (layer))
    task = mx_conv1d_depthwise_forward_rows;
  else if (config->fast)
    task = mx_conv1d_fast_forward_rows;
  mx_layer_run_rows (layer, run, task);
}

/* ---------------------------------------------------------- backward */

static void
backward (const MxLayer *layer, const MxLayerRun *run)
{
  const MxConv1dConfig *config = layer->config;
  bool depthwise = mx_conv1d_is_depthwise (layer);

  g_assert (!config->activation && layer->inputs[1] < 0);
  g_assert (!config->quantised);
  mx_layer_settle (run);
  if (depthwise)
    mx_conv1d_depthwise_weight_gradient (layer, run);
  else if (config->tile_taps > 0)
    mx_conv1d_tiles_weight_gradient (layer, run);
  else
    mx_conv1d_weight_gradient (layer, run);
  if (config->bias)
    mx_layer_bias_gradient (
        run, run->gradients + layer->parameters[MX_CONV1D_BIAS].offset);
  if (run->dx.data && config->tile_taps > 0)
    mx_conv1d_tiles_input_gradient (layer, run);
  else if (run->dx.data)
    mx_layer_run_rows (layer, run,
        depthwise ? mx_conv1d_depthwise_input_gradient_rows
                  : mx_conv1d_input_gradient_rows);
}

const MxLayerKind mx_layer_conv1d = {
    .name = "conv1d",
    .config_size = sizeof (MxConv1dConfig),
    .parse = parse,
    .lengthen = lengthen,
    .prepare = prepare,
    .forward = forward,
    .backward = backward,
};
