/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Holds the first windows of a training back until the mean and the deviation
 * of each feature are known, so that nothing is learnt from others. */
#pragma once

#include "mx-checkpoint.h"
#include "mx-normalisation.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  gfloat *clean, *perturbed; /* [window][channels]; perturbed may be NULL */
  gint32 label;
} GstMxHeld;

typedef struct {
  guint most;  /* windows that are held back; 0: normalisation stays as it is */
  gsize bytes; /* of a window */
  GArray *held; /* of GstMxHeld, NULL: nothing is held back */
  MxNormalisation *normalisation;
  MxDescription *described; /* as it was before; NULL: not begun */
  gfloat *mean, *std;       /* [features]; NULL: not known */
} GstMxNormaliser;

/* Before the first window; FALSE: this cannot be normalised.  @start: whether
 * training starts from a model. */
gboolean gst_mx_normaliser_begin (GstMxNormaliser *self,
    MxDescription *description, gboolean start, GError **error);
void gst_mx_normaliser_clear (GstMxNormaliser *self);

gboolean gst_mx_normaliser_holds (const GstMxNormaliser *self);

/* Copies a window; TRUE: that was the last one. */
gboolean gst_mx_normaliser_add (GstMxNormaliser *self, const gfloat *clean,
    const gfloat *perturbed, gint32 label);

/* Enough was heard: the description to train, and what was held back (unref
 * both).  NULL: error. */
MxDescription *gst_mx_normaliser_end (
    GstMxNormaliser *self, GArray **held, GError **error);

/* The same from a checkpoint, where nothing is held back. */
void gst_mx_normaliser_save (
    const GstMxNormaliser *self, MxCheckpoint *checkpoint);
MxDescription *gst_mx_normaliser_restore (
    GstMxNormaliser *self, const MxCheckpoint *checkpoint, GError **error);

G_END_DECLS
