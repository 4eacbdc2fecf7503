/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* relu: max (x, 0).  gelu: x Phi(x), exact (D. Hendrycks, K. Gimpel, 2016). */
#pragma once

#include "mx-layer.h"

extern const MxLayerKind mx_layer_relu;
extern const MxLayerKind mx_layer_gelu;
