/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What layers do row by row, and need not do at once.
 *
 * Values between layers are larger than caches.  So tasks over rows wait until
 * somebody needs all rows, say for the statistics of a batch; then a few rows
 * at a time go through all of them, and are near when the next task reads what
 * the one before wrote.  A task may read of other tasks what they wrote of its
 * own rows only. */
#pragma once

#include "mx-layer.h"

MxPending *mx_pending_new (void);
void mx_pending_free (MxPending *self);

/* What @run holds is copied.  @piece: how many rows the task likes to have at a
 * time. */
void mx_pending_add (MxPending *self, const MxLayer *layer,
    const MxLayerRun *run, MxRowsTask task, size_t piece);

/* All that waits, in the order in which it was added. */
void mx_pending_settle (MxPending *self);
