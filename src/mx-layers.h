/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The list of layer kinds. */
#pragma once

#include "mx-layer.h"

/* NULL if there is none of this name. */
const MxLayerKind *mx_layers_find (const char *name);

/* NULL-terminated, in the order of the documentation. */
const MxLayerKind *const *mx_layers_list (void);

/* "conv1d, batch-norm, ...": static, for messages. */
const char *mx_layers_names (void);
