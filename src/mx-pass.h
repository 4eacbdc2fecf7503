/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Activations of a forward pass, stage by stage: what is not asked for is not
 * computed.
 *
 * Owned by one caller; one thread at a time (it may spread its rows over a
 * MxParallel).  All memory is allocated when it is made. */
#pragma once

#include "mx-program.h"

typedef struct _MxPass MxPass;

/* @rows: the most rows a batch will have.  @training: keep what the backward
 * pass needs, use batch statistics; streamed stages then see a row by itself,
 * zeros around it, as windowed ones do.  Else streamed values have no
 * memory here, see MxStream.  @parallel: NULL or borrowed. */
MxPass *mx_pass_new (
    MxProgram *program, size_t rows, bool training, MxParallel *parallel);
/* As when training, every window by itself, but in evaluation mode; @program
 * may be folded. */
MxPass *mx_pass_new_for_windows (
    MxProgram *program, size_t rows, MxParallel *parallel);
void mx_pass_free (MxPass *self);

/* Weights [n_weights] and their prepared form to run with; borrowed.
 * A training pass updates statistics in `weights`. */
void mx_pass_set_weights (MxPass *self, float *weights, const float *prepared,
    const size_t *prepared_offset);

/* Of a training pass: for each layer [n_layers] whether it computes as after
 * training (mx-freeze.h); copied, NULL: none does.  Before weights are prepared
 * and before a MxGradient is made of the pass. */
void mx_pass_freeze (MxPass *self, const bool *frozen);
bool mx_pass_is_frozen (const MxPass *self, size_t layer);

/* When training, a ReLU that alone reads what some kinds write is computed with
 * it: the value between them has no data, nor has its gradient.  Whether layer
 * @layer is such a ReLU; the value that @layer writes. */
bool mx_pass_is_absorbed (const MxPass *self, size_t layer);
size_t mx_pass_get_output (const MxPass *self, size_t layer);

/* Layers, and stages: what goes on to the next one, and logits. */
size_t mx_pass_count_readers (const MxPass *self, size_t value);

/* Where the input of a batch goes: rows of [time][channels]; fill
 * tensor.rows = rows of them before stage 0.  Values persist until the next
 * batch. */
MxTensor mx_pass_begin (MxPass *self, size_t rows);

/* Of a program made by mx_segment_program(): the frame of the input that is
 * the last one of each row's window [rows], to be set before stage 0, borrowed
 * until the gradient was run.  NULL, and by default: the last one of all. */
void mx_pass_set_windows (MxPass *self, const size_t *last);

/* This pass is a part of a batch of so many @rows, those of the whole @group;
 * to be set before stage 0.  Where the group has rows and this pass has none,
 * it is run all the same.  By default it is all of the batch.  Borrowed. */
void mx_pass_set_group (MxPass *self, MxGroup *group, size_t rows);

/* Seeds dropout for this batch. */
void mx_pass_set_seed (MxPass *self, uint64_t seed);

/* While training, layers leave undone what nobody has asked for yet; this does
 * it.  mx_pass_run_stage() ends with it. */
void mx_pass_settle (MxPass *self);

/* Runs the body and the exit of `stage` (from 0, each once and in order).
 * Returns its logits: rows of [classes], row r at + r * row_stride. */
MxTensor mx_pass_run_stage (MxPass *self, size_t stage);

/* Runs all stages.  @logits: [stages] -> [rows][classes], filled; row r of the
 * batch goes to row @where[r], to r where that is NULL. */
void mx_pass_run (MxPass *self, const size_t *where, float *const *logits);

/* For mx-stream: a value that is elsewhere, of the present batch. */
void mx_pass_set_value (MxPass *self, size_t value, const MxTensor *tensor);

/* For mx-gradient, mx-stream and tests. */
const MxTensor *mx_pass_get_value (const MxPass *self, size_t value);
MxProgram *mx_pass_get_program (const MxPass *self);
void mx_pass_layer_run (MxPass *self, size_t layer, MxLayerRun *run);

/* Kernel-order weights of a program: sizes, and filling them. */
size_t *mx_pass_prepared_layout (
    const MxProgram *program, bool training, size_t *total);
void mx_pass_prepare (const MxProgram *program, bool training,
    const float *weights, float *prepared, const size_t *offset,
    MxParallel *parallel);
/* The same of the weights the pass has, as its layers want them: @prepared is
 * what mx_pass_set_weights() was given. */
void mx_pass_prepare_own (const MxPass *self, float *prepared);
