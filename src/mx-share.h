/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A batch that is a share of the group's: how large the whole is, and what the
 * members found on their shares, put together.  Alone, a share is the whole.
 *
 * Owned by one trainer; all memory is allocated when it is made. */
#pragma once

#include "mx-batch.h"
#include "mx-class-balance.h"
#include "mx-objective.h"

typedef struct {
  size_t rows;
  MxObjectiveCounts counts;
} MxWhole;

typedef struct _MxShare MxShare;

/* @group: borrowed; NULL: alone. */
MxShare *mx_share_new (MxGroup *group, size_t classes);
void mx_share_free (MxShare *self);

/* Counts the rows of all members, and tells @balance (NULL: nobody) of the
 * labelled windows among them. */
MxWhole mx_share_count (
    MxShare *self, const MxBatch *batch, MxClassBalance *balance);

/* Adds up what each member found. @correct: [MX_MAX_EXITS]. */
void mx_share_add_up (
    MxShare *self, MxLoss *loss, size_t *labelled, size_t *correct);
void mx_share_add_gradients (MxShare *self, float *gradients, size_t n);

/* Chance of step @step, which every member has of its own. */
uint64_t mx_share_chance (const MxShare *self, uint64_t step);
