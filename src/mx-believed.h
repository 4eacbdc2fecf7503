/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Values out of a checkpoint that are believed only if a training could have
 * left them: a checksum says who wrote them last, not what they are.  Errors
 * name file, tensor, what was found and what was expected. */
#pragma once

#include "mx-checkpoint.h"
#include "mx-program.h"

G_BEGIN_DECLS

/* No training counts as far, and doubles hold what it counts. */
#define MX_MOST_COUNT ((uint64_t)1 << 53)

/* All weights of a network: none that a model file could not have. */
const float *mx_believed_weights (const MxCheckpoint *checkpoint,
    const char *name, const MxProgram *program, GError **error);

/* Of an optimizer: [2 * n], of which the second n are squares. */
const float *mx_believed_moments (
    const MxCheckpoint *checkpoint, const char *name, gsize n, GError **error);

/* @values [n]: up to `most`; not to be read after FALSE. */
gboolean mx_believed_counts (const MxCheckpoint *checkpoint, const char *name,
    uint64_t *values, gsize n, uint64_t most, GError **error);

/* @values [n]: finite, as all that a training which goes on has met. */
gboolean mx_believed_reals (const MxCheckpoint *checkpoint, const char *name,
    double *values, gsize n, GError **error);

/* Of two values: the one counts a part of what the other counts. */
typedef struct {
  gsize part, whole;    /* their places */
  const char *expected; /* "no more labelled examples than examples" */
} MxBelievedPart;

/* @values: out of the tensor @name, where they begin at `first`. */
gboolean mx_believed_parts (const MxCheckpoint *checkpoint, const char *name,
    gsize first, const uint64_t *values, const MxBelievedPart *parts, gsize n,
    GError **error);

G_END_DECLS
