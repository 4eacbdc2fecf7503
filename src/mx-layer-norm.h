/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* batch-norm: per channel, over rows and time.
 *
 * Training: the batch is normalised with its biased variance; the running
 * statistics move by `momentum` towards the batch's mean and unbiased variance.
 * Otherwise: normalised with the running statistics.  Parameters weight, bias;
 * statistics running_mean, running_var.  (S. Ioffe, C. Szegedy, 2015.) */
#pragma once

#include "mx-layer.h"

typedef struct {
  float epsilon, momentum;
} MxBatchNormConfig;

extern const MxLayerKind mx_layer_batch_norm;
