/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* pool: time is pooled away, per channel: mean, max, or mean and max side by
 * side; over the whole of it or in `segments` pieces.
 *
 * Piece s of S takes the frames from floor (s T / S) to ceil ((s + 1) T / S).
 * Output: one frame of [method][segment][channel]. */
#pragma once

#include "mx-layer.h"

typedef enum { MX_POOL_MEAN, MX_POOL_MAX, MX_POOL_MEAN_MAX } MxPoolMethod;

typedef struct {
  MxPoolMethod method;
  size_t segments;
} MxPoolConfig;

extern const MxLayerKind mx_layer_pool;
