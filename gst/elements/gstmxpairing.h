/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What the branches of a training pipeline bring, paired by the examples it
 * belongs to, never by when it comes.  Functions that fail have posted an
 * error. */
#pragma once

#include "gstmxtrainerpad.h"
#include "gstmxtrainrun.h"

G_BEGIN_DECLS

/* The longest example. */
#define GST_MX_LONGEST_EXAMPLE (10 * 60) /* s */

typedef struct {
  GstMxTrainRun *run; /* not owned */
  GstMxWindowing windowing;
  gsize longest;   /* frames */
  gfloat *room[2]; /* [window][channels], one for each branch */
  gboolean warned; /* of samples that are no numbers */
} GstMxPairing;

/* For the description and the seed of the run. */
void gst_mx_pairing_init (GstMxPairing *self, GstMxTrainRun *run);
void gst_mx_pairing_clear (GstMxPairing *self);

/* The next buffer of a branch. */
gboolean gst_mx_pairing_collect (GstMxPairing *self, GstMxTrainerPad *pad);

/* Whether the branches have what the next example needs, or so little that it
 * will never come; @perturbed: NULL: none. */
gboolean gst_mx_pairing_is_ready (
    GstMxTrainerPad *clean, GstMxTrainerPad *perturbed);

/* Trains on the example that waits, or measures with it; stops between two
 * windows when `source` flushes.  GST_FLOW_EOS: training is over before the
 * stream is. */
GstFlowReturn gst_mx_pairing_train (GstMxPairing *self, GstMxTrainerPad *clean,
    GstMxTrainerPad *perturbed, GstPad *source);

G_END_DECLS
