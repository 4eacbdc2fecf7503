/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What averaged weights answer to the clean rows of a batch: the teacher whose
 * logits MxObjectiveBatch.teacher takes.  It runs as after training, with the
 * statistics that were collected instead of the batch's own.
 *
 * All memory is allocated when it is made.  One caller, one thread at a time.
 */
#pragma once

#include "mx-pass.h"

typedef struct _MxAveragePass MxAveragePass;

/* @rows: the most rows a batch will have.  @parallel: borrowed. */
MxAveragePass *mx_average_pass_new (
    MxProgram *program, size_t rows, MxParallel *parallel);
void mx_average_pass_free (MxAveragePass *self);

/* @input: the rows of the batch; @last: as mx_pass_set_windows() takes it;
 * @partner [rows]: only rows that are somebody's partner are computed.  Returns
 * [exits] arrays [rows][classes]; the others are not set.  Valid until the next
 * call. */
const float *const *mx_average_pass_run (MxAveragePass *self, float *weights,
    const MxTensor *input, const size_t *last, const int32_t *partner);
