/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which layers of a network training leaves as they are: those of the bodies of
 * the first stages, and of their exits, too.
 *
 * A frozen layer keeps its weights and its statistics, byte for byte, and
 * computes as after training: batch-norm with what was collected, no dropout.
 * Frozen bodies come first, so no gradient has to go through them. */
#pragma once

#include "mx-layout.h"

typedef struct {
  size_t stages; /* the first so many; at most those of the program */
  bool exits;    /* theirs as well */
} MxFreeze;

/* For each layer whether it is frozen: [n_layers] (g_free); NULL: none is. */
bool *mx_freeze_list (const MxFreeze *self, const MxProgram *program);

/* Parameters that follow each other in the flat block of weights. */
typedef struct {
  size_t first, n;
} MxSpan;

/* The parameters that are learnt, in order, as few spans as possible (g_free).
 * @frozen: as from mx_freeze_list(). */
MxSpan *mx_freeze_spans (
    const bool *frozen, const MxProgram *program, size_t *n_spans);
