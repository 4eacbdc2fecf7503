/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Making programs: for mx-program.c and mx-fold.c. */
#pragma once

#include "mx-program.h"

/* A program without layers and stages; filled in, then finished.
 * @streamed: stages. */
MxProgram *mx_program_new (MxShape input, size_t classes, size_t streamed);

/* Takes the layer; returns the value it writes. */
int mx_program_append (MxProgram *self, MxLayer *layer);

/* Lays out weights and padding, sums costs: after the last layer. */
void mx_program_finish (MxProgram *self);

/* A layer with zeroed configuration.  Copies path. */
MxLayer *mx_layer_new (
    const MxLayerKind *kind, const char *path, int input, MxShape in);
MxLayer *mx_layer_copy (const MxLayer *layer);
void mx_layer_free (MxLayer *layer);
