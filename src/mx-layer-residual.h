/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* residual: the sum of two branches of the same shape.
 *
 * In a description it holds "layers" and "shortcut" (absent: the identity);
 * mx-program lays both branches out and ends them with this layer, which
 * only adds inputs[0] and inputs[1]. */
#pragma once

#include "mx-layer.h"

extern const MxLayerKind mx_layer_residual;
