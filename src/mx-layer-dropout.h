/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* dropout: when training, each element is 0 with probability p, else divided
 * by 1 - p; otherwise the identity. */
#pragma once

#include "mx-layer.h"

typedef struct {
  float probability;
} MxDropoutConfig;

extern const MxLayerKind mx_layer_dropout;
