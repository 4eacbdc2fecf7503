/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* slice: the last out.time frames of the input.
 *
 * It stands in no description: mx-program puts it where a window is cut out of
 * a stream, before what an exit or a windowed stage does with it. */
#pragma once

#include "mx-layer.h"

extern const MxLayerKind mx_layer_slice;
