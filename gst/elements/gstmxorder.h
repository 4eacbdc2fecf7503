/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which example of a selection is sent when.
 *
 * Plain: each once in an epoch, as listed or shuffled.  With a share of the
 * labelled ones, or balanced classes, an epoch is one pass over the unlabelled
 * examples; among them, evenly spread, come the labelled ones, which take
 * turns:
 *
 *   share s, U unlabelled   s U / (1 - s) of them (rounded, at least 1)
 *   share 1                 each of them once, and no unlabelled ones
 *   else                    each class as often as the largest has examples
 *
 * Labelled examples that do not come in one epoch come in the next: they go
 * round, class by class if balanced, in another order each time if shuffled.
 * Examples to measure with (GstMxSelection.n_valid) come behind all others, in
 * the order of the listing, once.
 *
 * Of several shards one is sent: turns shard, shard + shards, shard + 2 shards
 * ... of those to learn from, and the same of those to measure with.  All
 * shards together are the epoch, and no turn is in two.
 *
 * All follows from the seed and the number of the epoch. */
#pragma once

#include "gstmxselection.h"

G_BEGIN_DECLS

typedef struct {
  gboolean shuffle;
  guint64 seed;
  gdouble labelled_share; /* 0 to 1; 0: as many as there are */
  gboolean balance;       /* classes of the labelled ones */
  guint shards;           /* 0 or 1: all is sent */
  gint shard;             /* below shards */
} GstMxOrderSettings;

typedef struct {
  guint32 chosen; /* index into the selection */
  guint32 repeat; /* how often it came in this epoch before */
} GstMxTurn;

typedef struct _GstMxOrder GstMxOrder;

/* `selection` must outlive it. */
GstMxOrder *gst_mx_order_new (
    const GstMxSelection *selection, const GstMxOrderSettings *settings);
void gst_mx_order_free (GstMxOrder *self);

/* Turns of an epoch; all epochs have as many. */
guint gst_mx_order_get_length (const GstMxOrder *self);

/* Of these, those to learn from, which come first. */
guint gst_mx_order_get_taught (const GstMxOrder *self);

/* Examples of the first epoch: a recording that is labelled over time holds as
 * many as it has stretches. */
guint64 gst_mx_order_count (GstMxOrder *self);

/* Of these, examples of the split "valid". */
guint64 gst_mx_order_count_valid (GstMxOrder *self);

/* The turns of an epoch; valid until the next call. */
const GstMxTurn *gst_mx_order_begin (GstMxOrder *self, guint epoch);

G_END_DECLS
