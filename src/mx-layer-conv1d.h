/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* conv1d: out[n][o] = bias[o] + sum_j sum_i w[o][i][j] in[stride n + dilation j
 * - pad_left][i], then, in folded networks, plus a second input, then the
 * activation.  Cross-correlation, as in PyTorch; weight
 * [out][in/groups][kernel].
 *
 * A quantised one has weights w = weight_scale[o] weight[o][i][j], weight whole
 * from -128 to 127, and takes of its input the nearest of 256 numbers as far
 * apart as each other, of which input_range [2] are the lowest and the highest;
 * 0, moved by less than half a step, is one of them.
 *
 * Negative padding cuts frames away. */
#pragma once

#include "mx-kernels-bf16.h"
#include "mx-layer.h"

typedef struct {
  size_t filters, kernel, stride, dilation, groups;
  ptrdiff_t pad_left, pad_right;
  bool bias;
  bool quantised; /* see mx-layer-conv1d-i8.c */
  bool edges;     /* see mx-layer-conv1d-edges.c */
  /* Set when a network is folded. */
  MxActivation activation;
  bool fast;
  const MxKernelsBf16 *bf16; /* or NULL: see mx-layer-conv1d-bf16.c */
  bool split;                /* and numbers have low parts */
  size_t rounded;            /* floats that they take, of each part */
  size_t tile_taps; /* when training: see mx-layer-conv1d-tiles.c; or 0 */
} MxConv1dConfig;

extern const MxLayerKind mx_layer_conv1d;

/* Sets shapes, parameters, padding and sizes from config and in: for parse()
 * and for folding.  False if no output frame is left. */
bool mx_layer_conv1d_setup (MxLayer *layer);

/* After setup, for inference: fewer products, where that pays.  Results differ
 * in their last bits, no more from exact ones than before. */
void mx_layer_conv1d_make_fast (MxLayer *layer);

/* When a network was folded: makes it take of its input, and of its weights,
 * the nearest numbers of mx-bf16.h; weights are to be rounded by the caller.
 * @split: the nearest two; the kernels must have a split(), and weights stay.
 * False, and nothing was done, if it gains nothing: of one channel of the
 * input for each filter, or quantised. */
bool mx_layer_conv1d_make_bf16 (
    MxLayer *layer, const MxKernelsBf16 *kernels, bool split);

/* Of one group, and not too deep for exact sums: it can be quantised. */
bool mx_layer_conv1d_may_quantise (const MxLayer *layer);
