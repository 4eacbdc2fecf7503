/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Measuring while training: windows of the split "valid" go through the network
 * as it is between two steps, in evaluation mode, and through the one that
 * training began with, once; the best network is kept.
 *
 * Streaming thread only. */
#pragma once

#include "mx-checkpoint.h"
#include "mx-evaluator.h"
#include "mx-trainer.h"
#include "mx-validation.h"

#include <glib.h>

G_BEGIN_DECLS

/* How an epoch went; epoch 0 is what training began with. */
typedef struct {
  guint epoch;   /* from 1 */
  gdouble value; /* the larger the better; NaN: not known */
} GstMxValidated;

typedef struct {
  MxValidationMetric metric;
  guint patience; /* epochs without an improvement; 0: as many as there are */

  MxParallel *parallel;
  MxBatch *batch;       /* NULL: no window came yet */
  MxEvaluator *present; /* NULL: the weights moved since, or no window came */
  MxEvaluator *start;   /* NULL: fresh weights, or measured before */
  MxValidation *counts[2]; /* of this epoch: the present one, the start */
  MxNetwork *measured;     /* what counts[0] is about, the last of them */

  GArray *history; /* of GstMxValidated */
  MxNetwork *best; /* NULL: nothing was measured yet */
  guint best_epoch;
  MxValidationScores scores, start_scores; /* of the epoch that ended last */
  gboolean has_start_scores;
} GstMxValidation;

/* metric and patience stay as they are.  @start: NULL: fresh weights. */
void gst_mx_validation_begin (GstMxValidation *self,
    const MxDescription *description, MxNetwork *start,
    const MxTrainerConfig *config);
void gst_mx_validation_clear (GstMxValidation *self);

/* Copies a window; @label: class or -1. */
void gst_mx_validation_add (GstMxValidation *self, const MxTrainer *trainer,
    const gfloat *window, gint32 label);

/* The same of a network with streamed stages. */
void gst_mx_validation_add_segment (GstMxValidation *self,
    const MxTrainer *trainer, const MxSegment *segment, gint32 label);

/* The weights are about to move. */
void gst_mx_validation_settle (GstMxValidation *self);

/* FALSE: nothing with a label was heard in this epoch; @epoch: from 1.
 * @trainer: whose weights were measured.  In a group, which may be NULL, all
 * that the members heard counts. */
gboolean gst_mx_validation_end_epoch (GstMxValidation *self,
    const MxTrainer *trainer, MxGroup *group, guint epoch);

/* Windows were heard in this epoch, but none with a label. */
gboolean gst_mx_validation_is_blind (const GstMxValidation *self);

/* Patience has run out. */
gboolean gst_mx_validation_is_over (const GstMxValidation *self);

/* Between two steps, settled; of the whole group. */
void gst_mx_validation_save (
    GstMxValidation *self, MxGroup *group, MxCheckpoint *checkpoint);
/* What the group counted is given to rank 0. */
gboolean gst_mx_validation_restore (GstMxValidation *self, MxGroup *group,
    MxDescription *description, const MxCheckpoint *checkpoint, GError **error);

G_END_DECLS
