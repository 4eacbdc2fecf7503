/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Makes programs: reads a description's stages, lays their layers out
 * (mx-layout.h), counts their cost, draws their first weights, folds them. */
#pragma once

#include "mx-layout.h"

/* Most that a program may have: hostile descriptions end here. */
#define MX_MAX_LAYERS 4096
#define MX_MAX_VALUE_FLOATS (1u << 24)
#define MX_MAX_PROGRAM_FLOATS (1u << 26) /* all values, padding included */
#define MX_MAX_WEIGHTS (1u << 27)        /* in kernel order */

/* Reads the members "stages" and "streamed" of a description.  @input: shape of
 * the network's input; @classes: number of labels.  NULL: an error was set in
 * `json`. */
MxProgram *mx_program_parse (MxJson *json, MxShape input, size_t classes);
MxProgram *mx_program_ref (MxProgram *self);
void mx_program_unref (MxProgram *self);

/* MACs spent when a window leaves at `exit` (from 1): all stages and exits on
 * the way; of streamed stages, the frames of a window by itself. */
uint64_t mx_program_macs_to (const MxProgram *self, size_t exit);

/* Fresh weights [n_weights], as each parameter's init says; from the seed and
 * the parameter's place alone. */
void mx_program_init_weights (
    const MxProgram *self, uint64_t seed, float *weights);

/* The same function with fewer layers: batch-norm folded into the convolution
 * before it, then ReLU and residual sum into the store of that convolution.
 * @weights: of self; @folded_weights: new block (g_free). */
MxProgram *mx_program_fold (
    const MxProgram *self, const float *weights, float **folded_weights);
