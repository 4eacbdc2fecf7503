/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* One training from its first example to the file: joins data set,
 * architecture and trainer, plans, reports, saves.  Knows nothing of pads.
 * Functions that return FALSE have posted an error. */
#pragma once

#include "gstmxexample.h"
#include "gstmxtrainmodel.h"
#include "gstmxtrainreport.h"

G_BEGIN_DECLS

typedef struct {
  GstElement *owner; /* not owned: posts the messages */
  MxTrainerConfig config;
  GstMxTrainModel model;
  gchar *location;
  gchar *background; /* label of windows that lie in gaps, NULL: none */

  gchar **labels; /* of the data set, NULL: not announced */
  guint64 examples;
  gint epochs; /* -1: unknown or for ever */

  MxTrainer *trainer;      /* from the first example on */
  guint64 heard, labelled; /* examples */
  guint64 windows;         /* of the examples heard, and of gaps */
  guint64 in_gaps;         /* of these windows */
  GstMxTrainReport report;
} GstMxTrainRun;

/* Everything of one run but the model; @owner stays. */
void gst_mx_train_run_reset (GstMxTrainRun *self);

/* Whether a model can be written to the location. */
gboolean gst_mx_train_run_check_location (GstMxTrainRun *self);

gboolean gst_mx_train_run_set_dataset (
    GstMxTrainRun *self, const GstMxDataset *dataset);

/* The next example, of so many windows, or the next gap, of which as many are
 * left as shall be trained on; @label: class or -1. */
gboolean gst_mx_train_run_example (GstMxTrainRun *self,
    const GstMxExample *example, gsize *windows, gint32 *label);

/* One of its windows and the perturbed copy (NULL: none); a full batch makes a
 * step. */
gboolean gst_mx_train_run_window (GstMxTrainRun *self, const gfloat *clean,
    const gfloat *perturbed, gint32 label);

/* The same of a network with streamed stages. */
gboolean gst_mx_train_run_segment (GstMxTrainRun *self, const MxSegment *clean,
    const MxSegment *perturbed, gint32 label);

/* The stream ended: the last batch, the file, the last words. */
gboolean gst_mx_train_run_end (GstMxTrainRun *self);

/* No model will come of it: says so, if training had begun. */
void gst_mx_train_run_stop (GstMxTrainRun *self, GstProgressType type);

G_END_DECLS
