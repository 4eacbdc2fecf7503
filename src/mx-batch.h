/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The rows of one step of training: windows, clean and perturbed, and what they
 * become behind the front end.  With streamed stages they are not cut out of
 * the samples but, with what surrounds them, out of the frames of a stream.
 *
 * All memory is allocated when the batch is made.  Owned by one caller, one
 * thread at a time. */
#pragma once

#include "mx-description.h"
#include "mx-parallel.h"
#include "mx-segment.h"
#include "mx-tensor.h"

typedef struct _MxBatch MxBatch;

/* Room for @windows windows: up to twice as many rows. */
MxBatch *mx_batch_new (MxDescription *description, size_t windows);
void mx_batch_free (MxBatch *self);

/* Copies one window [window][channels] of samples, and its perturbed copy
 * (NULL: none); @label: class or -1.  The batch must not be full.  Samples
 * that are not finite count as 0. */
void mx_batch_add (
    MxBatch *self, const float *clean, const float *perturbed, int32_t label);
/* The same with streamed stages. */
void mx_batch_add_segments (MxBatch *self, const MxSegment *clean,
    const MxSegment *perturbed, int32_t label);
bool mx_batch_is_full (const MxBatch *self);
void mx_batch_clear (MxBatch *self);

size_t mx_batch_get_windows (const MxBatch *self); /* pairs count once */
size_t mx_batch_get_rows (const MxBatch *self);
/* [rows], valid until the batch is changed: the class, or -1; and for a
 * perturbed row the row of its clean copy, for a clean one -1. */
const int32_t *mx_batch_get_labels (const MxBatch *self);
const int32_t *mx_batch_get_partners (const MxBatch *self);
/* With streamed stages, else NULL: of each window the last frame. */
const size_t *mx_batch_get_last (const MxBatch *self);

/* The rows as the network's input, [rows][frames][features]. */
void mx_batch_compute_inputs (
    MxBatch *self, MxTensor *input, MxParallel *parallel);
