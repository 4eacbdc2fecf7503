/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The parts of conv1d: mx-layer-conv1d.c (description, and which part runs)
 * uses all others:
 *
 *   -product     all taps in one product
 *   -edges       the same without taps on padding
 *   -gradient    its backward
 *   -depthwise   both, where each channel has one filter of its own
 *   -fast        forward with fewer products, when not training
 *   -tiles       all of it with fewer products, when training
 *   -i8          forward in 8 bits
 *   -bf16        forward in 16, by -product or -fast */
#pragma once

#include "mx-layer-conv1d.h"

enum { MX_CONV1D_WEIGHT, MX_CONV1D_BIAS };

/* Frames from the first tap to the last. */
static inline size_t
mx_conv1d_reach (const MxConv1dConfig *config)
{
  return config->dilation * (config->kernel - 1) + 1;
}

static inline size_t
mx_conv1d_group_in (const MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  return layer->in.channels / config->groups;
}

static inline size_t
mx_conv1d_group_out (const MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  return config->filters / config->groups;
}

static inline bool
mx_conv1d_is_depthwise (const MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  return config->groups > 1 && config->groups == layer->in.channels &&
         config->groups == config->filters;
}

/* Taps that lie side by side in the input make one long row. */
static inline bool
mx_conv1d_taps_touch (const MxConv1dConfig *config)
{
  return config->groups == 1 && (config->dilation == 1 || config->kernel == 1);
}

static inline const float *
mx_conv1d_bias (const MxLayer *layer, const MxLayerRun *run)
{
  return run->weights + layer->parameters[MX_CONV1D_BIAS].offset;
}

/* What the first tap of the first output frame sees. */
static inline const float *
mx_conv1d_first_tap (const MxLayer *layer, const MxTensor *x, size_t row)
{
  const MxConv1dConfig *config = layer->config;
  return mx_tensor_row (x, row) - config->pad_left * (ptrdiff_t)x->channels;
}

/* Seen from the input, a strided convolution has phases: frames t, t + stride,
 * t + 2 stride ... of the input meet the same taps, and these taps meet
 * neighbouring frames of the output. */
typedef struct {
  size_t first, frames; /* of the input; one every `stride` */
  size_t tap, taps;     /* the first one, and how many; one every tap_step */
  size_t tap_step;
  /* The output frame where frame `first` meets tap `tap`.  One input frame of
   * the phase further lies + 1, one tap further - frame_step. */
  ptrdiff_t frame, frame_step;
} MxConv1dPhase;

/* @first: less than stride and than the frames of the input. */
MxConv1dPhase mx_conv1d_phase (
    const MxConv1dConfig *config, size_t first, size_t time);

/* Frames that no tap meets: zero, unless to be added to. */
void mx_conv1d_clear_phase (const MxConv1dConfig *config, const MxLayerRun *run,
    const MxConv1dPhase *phase, size_t row);

void mx_conv1d_weight_gradient (const MxLayer *layer, const MxLayerRun *run);
void mx_conv1d_input_gradient_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n);

void mx_conv1d_depthwise_setup (MxLayer *layer);
void mx_conv1d_depthwise_prepare (
    const MxLayer *layer, const float *weights, float *prepared, bool training);
void mx_conv1d_depthwise_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n);
void mx_conv1d_depthwise_weight_gradient (
    const MxLayer *layer, const MxLayerRun *run);
void mx_conv1d_depthwise_input_gradient_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n);

/* Whether so many taps lie on padding that it pays to leave them out. */
bool mx_conv1d_edges_pay (const MxLayer *layer);
/* All but the taps that all frames of the output have.  @op: the product of all
 * taps, whose groups are rows; left to do are its rest. */
void mx_conv1d_multiply_edges (
    const MxLayer *layer, const MxLayerRun *run, MxMatmul *op);

void mx_conv1d_fast_prepare (
    const MxLayer *layer, const float *weights, float *prepared);
void mx_conv1d_fast_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n);

/* Floats that an input frame of a group takes. */
static inline size_t
mx_conv1d_stored_in (const MxLayer *layer)
{
  const MxConv1dConfig *config = layer->config;
  size_t in = mx_conv1d_group_in (layer);
  return config->bf16 != NULL ? mx_kernels_bf16_row (config->bf16, in) : in;
}

/* Group g; @backwards: NULL, unless it trains. */
void mx_conv1d_prepare_group (const MxLayer *layer, size_t g,
    const float *weights, float *forwards, float *backwards);
void mx_conv1d_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n);

void mx_conv1d_bf16_prepare_group (
    const MxLayer *layer, size_t g, const float *weights, float *prepared);
void mx_conv1d_bf16_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n);

/* After the rest of the setup. */
void mx_conv1d_i8_setup (MxLayer *layer);
void mx_conv1d_i8_prepare (
    const MxLayer *layer, const float *weights, float *prepared);
void mx_conv1d_i8_forward_rows (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n);

/* In tiles, when training, where that pays: sets tile_taps and what follows
 * from it. */
void mx_conv1d_tiles_setup (MxLayer *layer);
void mx_conv1d_tiles_prepare (
    const MxLayer *layer, const float *weights, float *prepared);
void mx_conv1d_tiles_forward (const MxLayer *layer, const MxLayerRun *run);
void mx_conv1d_tiles_input_gradient (
    const MxLayer *layer, const MxLayerRun *run);
void mx_conv1d_tiles_weight_gradient (
    const MxLayer *layer, const MxLayerRun *run);
