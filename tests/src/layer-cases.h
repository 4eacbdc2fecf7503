/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The layers that all properties are proven of. */
#pragma once

#include "layer-fixture.h"

#include "mx-layer-dropout.h"
#include "mx-layer-residual.h"

/* Layers with their input, and the step of a finite difference: large where
 * the layer is linear, small where it bends. */
static const struct {
  const char *json;
  MxShape in;
  float step;
} layers[] = {
    {CONV ("\"filters\":5,\"kernel\":3"), {13, 4}, .5},
    {CONV ("\"filters\":5,\"kernel\":1"), {13, 4}, .5},
    {CONV ("\"filters\":3,\"kernel\":1,\"dilation\":7"), {6, 4}, .5},
    {CONV ("\"filters\":1,\"kernel\":4"), {12, 1}, .5},
    {CONV ("\"filters\":6,\"kernel\":9,\"bias\":false"), {5, 2}, .5},
    {CONV ("\"filters\":5,\"kernel\":3,\"stride\":2"), {13, 4}, .5},
    {CONV ("\"filters\":5,\"kernel\":4,\"stride\":2"), {14, 3}, .5},
    {CONV ("\"filters\":3,\"kernel\":2,\"stride\":5"), {17, 4}, .5},
    {CONV ("\"filters\":3,\"kernel\":1,\"stride\":3"), {11, 4}, .5},
    {CONV ("\"filters\":3,\"kernel\":5,\"stride\":40"), {11, 4}, .5},
    {CONV ("\"filters\":5,\"kernel\":3,\"dilation\":3"), {13, 4}, .5},
    {CONV ("\"filters\":4,\"kernel\":3,\"dilation\":2,\"stride\":3"), {19, 3},
        .5},
    {CONV ("\"filters\":4,\"kernel\":4,\"dilation\":4,\"stride\":6"), {31, 3},
        .5},
    {CONV ("\"filters\":4,\"kernel\":3,\"dilation\":2,\"stride\":2"), {16, 3},
        .5},
    {CONV ("\"filters\":6,\"kernel\":3,\"groups\":3"), {13, 9}, .5},
    {CONV ("\"filters\":8,\"kernel\":4,\"groups\":2,\"stride\":2,"
           "\"dilation\":3"),
        {17, 4}, .5},
    {CONV ("\"filters\":8,\"kernel\":3,\"groups\":4"), {9, 4}, .5},
    {CONV ("\"filters\":4,\"kernel\":3,\"groups\":4"), {9, 8}, .5},
    {CONV ("\"filters\":6,\"kernel\":5,\"groups\":6"), {13, 6}, .5},
    {CONV ("\"filters\":37,\"kernel\":3,\"groups\":37,\"stride\":2,"
           "\"bias\":false"),
        {12, 37}, .5},
    {CONV ("\"filters\":5,\"kernel\":7,\"groups\":5,\"stride\":3,"
           "\"dilation\":2,\"padding\":\"causal\""),
        {20, 5}, .5},
    {CONV ("\"filters\":5,\"kernel\":2,\"groups\":5,\"stride\":4"), {18, 5},
        .5},
    {CONV ("\"filters\":5,\"kernel\":3,\"padding\":\"causal\""), {13, 4}, .5},
    {CONV ("\"filters\":5,\"kernel\":3,\"padding\":\"none\""), {13, 4}, .5},
    {CONV ("\"filters\":5,\"kernel\":3,\"padding\":\"none\""), {3, 4}, .5},
    {CONV ("\"filters\":5,\"kernel\":3,\"stride\":2,\"padding\":[4,1]"),
        {13, 4}, .5},
    {CONV ("\"filters\":5,\"kernel\":3,\"padding\":[-2,-3]"), {13, 4}, .5},
    {CONV ("\"filters\":5,\"kernel\":3,\"stride\":3,\"padding\":[-4,2]"),
        {15, 4}, .5},
    {CONV ("\"filters\":5,\"kernel\":2,\"stride\":2,\"dilation\":3,"
           "\"padding\":[3,-5]"),
        {15, 4}, .5},
    {CONV ("\"filters\":5,\"kernel\":3,\"groups\":5,\"stride\":2,"
           "\"padding\":[-3,-1]"),
        {15, 5}, .5},
    {CONV ("\"filters\":2,\"kernel\":2,\"padding\":[-3,7]"), {4, 3}, .5},
    /* more than one panel, tile and stretch of everything */
    {CONV ("\"filters\":70,\"kernel\":3"), {150, 35}, .5},
    {CONV ("\"filters\":66,\"kernel\":3,\"groups\":2,\"stride\":2"), {301, 68},
        .5},
    /* in tiles: all strides and pads, of groups that are not whole, of rows
     * longer than a block */
    {CONV ("\"filters\":33,\"kernel\":3"), {21, 32}, .5},
    {CONV ("\"filters\":32,\"kernel\":5,\"bias\":false"), {8, 40}, .5},
    {CONV ("\"filters\":40,\"kernel\":9"), {7, 32}, .5},
    {CONV ("\"filters\":32,\"kernel\":9,\"stride\":2"), {14, 35}, .5},
    {CONV ("\"filters\":32,\"kernel\":5,\"stride\":2"), {15, 33}, .5},
    {CONV ("\"filters\":32,\"kernel\":4"), {13, 32}, .5},
    {CONV ("\"filters\":32,\"kernel\":14,\"stride\":3,"
           "\"padding\":\"causal\""),
        {37, 32}, .5},
    {CONV ("\"filters\":32,\"kernel\":5,\"padding\":\"none\""), {12, 32}, .5},
    {CONV ("\"filters\":32,\"kernel\":9,\"stride\":2,\"padding\":[-3,-2]"),
        {35, 32}, .5},
    {CONV ("\"filters\":32,\"kernel\":5,\"padding\":[-1,9]"), {11, 32}, .5},
    {CONV ("\"filters\":32,\"kernel\":5,\"padding\":[9,0]"), {11, 32}, .5},
    {CONV ("\"filters\":32,\"kernel\":3,\"bias\":false"), {531, 32}, .5},
    {"{\"kind\":\"batch-norm\"}", {13, 4}, .03},
    {"{\"kind\":\"batch-norm\",\"epsilon\":0.5}", {1, 5}, .03},
    {"{\"kind\":\"dense\",\"units\":6}", {1, 7}, .5},
    {"{\"kind\":\"dense\",\"units\":6}", {5, 3}, .5},
    {"{\"kind\":\"dense\",\"units\":70}", {1, 67}, .5},
    {"{\"kind\":\"dense\",\"units\":37}", {150, 35}, .5},
    {"{\"kind\":\"relu\"}", {7, 3}, .03},
    {"{\"kind\":\"gelu\"}", {7, 3}, .03},
    {POOL ("\"method\":\"mean\""), {13, 4}, .03},
    {POOL ("\"method\":\"max\""), {13, 4}, .03},
    {POOL ("\"method\":\"mean+max\""), {13, 4}, .03},
    {POOL ("\"method\":\"mean\",\"segments\":3"), {13, 4}, .03},
    {POOL ("\"method\":\"max\",\"segments\":4"), {13, 4}, .03},
    {POOL ("\"method\":\"mean+max\",\"segments\":5"), {13, 4}, .03},
    {POOL ("\"method\":\"mean+max\",\"segments\":5"), {3, 2}, .03},
    {"{\"kind\":\"dropout\",\"probability\":0.3}", {13, 4}, .5},
    {"{\"kind\":\"residual\"}", {13, 4}, .5},
};

#define N_LAYERS G_N_ELEMENTS (layers)

/* Enough rows for several pieces of work. */
#define MANY_ROWS 70

static inline MxLayer *
layer_number (int i)
{
  g_autoptr (GError) error = NULL;
  MxLayer *layer = read_layer (layers[i].json, layers[i].in, 5, &error);
  ck_assert_msg (layer != NULL, "%s", error ? error->message : "");
  if (layer->kind == &mx_layer_residual)
    layer->inputs[1] = 0;
  return layer;
}
