/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* slice: out.time frames of the input, the last of them that at which or behind
 * which the window's last frame stands: floor (last / step).  Without that, the
 * last ones.
 *
 * It stands in no description: mx-program puts it where a window is cut out of
 * a stream, before what an exit or a windowed stage does with it. */
#pragma once

#include "mx-layer.h"

typedef struct {
  size_t step; /* frames of the program's input for one of the layer's */
} MxSliceConfig;

extern const MxLayerKind mx_layer_slice;
