/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A pass walked backwards: from gradients of all logits to gradients of all
 * weights.  Owned by one caller, made once for a training pass. */
#pragma once

#include "mx-pass.h"

typedef struct _MxGradient MxGradient;

MxGradient *mx_gradient_new (MxPass *pass, size_t rows);
void mx_gradient_free (MxGradient *self);

/* Where the gradient of the logits of `stage` goes, rows as in the pass's
 * present batch: [rows][classes], without gaps between rows. */
float *mx_gradient_get_logits (MxGradient *self, size_t stage);

/* Fills `gradients` [n_weights] (0 for statistics and frozen layers), after all
 * stages of the pass were run.  In a group: what this pass has a share in, to
 * be summed. */
void mx_gradient_run (MxGradient *self, float *gradients);
