/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A network's layers laid out in the order they run: no nesting, every value
 * numbered, every shape known.  Immutable once made, reference-counted.
 *
 * Value 0 is the input, value i + 1 what layer i writes.  A stage is a run of
 * layers followed by the layers of its exit:
 *
 *   stage s:  layers [first, exit_first)  body, ends in value `output`
 *             layers [exit_first, end)    exit, ends in the logits
 */
#pragma once

#include "mx-layer.h"

typedef struct {
  size_t first, exit_first, end;
  size_t output; /* value the next stage reads */
  size_t logits; /* value [1][classes] */
  uint64_t macs; /* of the body and the exit */
} MxStage;

/* A value: its shape, and the zero frames its readers want around it. */
typedef struct {
  MxShape shape;
  size_t pad_left, pad_right;
  size_t gradient_pad_left, gradient_pad_right;
} MxValue;

typedef struct {
  size_t n_layers, n_stages, n_values;
  MxLayer **layers;
  MxStage *stages;
  MxValue *values;
  size_t classes;
  size_t n_weights;   /* floats of the flat block */
  size_t n_trainable; /* the first so many; the rest are statistics */
  uint64_t macs;      /* of all stages and exits */
} MxProgram;

/* Most that a program may have: hostile descriptions end here. */
#define MX_MAX_LAYERS 4096
#define MX_MAX_VALUE_FLOATS (1u << 24)
#define MX_MAX_PROGRAM_FLOATS (1u << 26) /* all values, padding included */
#define MX_MAX_WEIGHTS (1u << 27)        /* in kernel order */

/* Reads the member "stages" of a description.  @input: shape of the network's
 * input; @classes: number of labels.  NULL: an error was set in `json`. */
MxProgram *mx_program_parse (MxJson *json, MxShape input, size_t classes);
MxProgram *mx_program_ref (MxProgram *self);
void mx_program_unref (MxProgram *self);

/* MACs spent when a window leaves at `exit` (from 1): all stages and exits on
 * the way. */
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
