/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* dense: out = W in + bias, at each frame; weight [units][in].  `units` left
 * out: one for each class. */
#pragma once

#include "mx-layer.h"

typedef struct {
  size_t units;
} MxDenseConfig;

extern const MxLayerKind mx_layer_dense;
