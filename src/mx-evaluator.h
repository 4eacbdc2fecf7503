/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Windows, or segments of streams, through all exits of a network, many at
 * once, in evaluation mode: what a session would answer at each exit, as far as
 * the past of a segment reaches.
 *
 * The result does not depend on the number of threads.  Owned by one caller,
 * one thread at a time. */
#pragma once

#include "mx-batch.h"
#include "mx-network.h"

typedef struct _MxEvaluator MxEvaluator;

/* @rows: the most a batch will have; @parallel: NULL or borrowed. */
MxEvaluator *mx_evaluator_new (
    MxNetwork *network, size_t rows, MxParallel *parallel);
void mx_evaluator_free (MxEvaluator *self);

MxNetwork *mx_evaluator_get_network (const MxEvaluator *self);

/* With room for as many windows as the evaluator has rows. */
MxBatch *mx_evaluator_new_batch (const MxEvaluator *self);

/* @batch: of the same description, with at least one row.
 * Returns [stages] arrays [rows][classes] of logits, valid until the next. */
const float *const *mx_evaluator_run (MxEvaluator *self, MxBatch *batch);
