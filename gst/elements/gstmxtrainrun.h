/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What one training is made of: settings, files, data set, network, trainer and
 * what was counted so far.  Functions that return FALSE have posted an error.
 */
#pragma once

#include "gstmxcheckpoints.h"
#include "gstmxexample.h"
#include "gstmxnormaliser.h"
#include "gstmxtrainfiles.h"
#include "gstmxtraingroup.h"
#include "gstmxtrainmodel.h"
#include "gstmxtrainreport.h"
#include "gstmxtrainsettings.h"

G_BEGIN_DECLS

typedef struct {
  GstElement *owner; /* not owned: posts the messages */
  MxTrainerConfig config;
  GstMxTrainModel model;
  GstMxTrainFiles files;
  GstMxCheckpoints checkpoints;
  GstMxTrainGroup group;
  GstMxTrainLog log;
  gboolean adapt_labels; /* of a model to those of the data set */
  gchar *background;     /* label of windows that lie in gaps, NULL: none */

  gchar **labels; /* of the data set, NULL: not announced */
  guint64 examples;
  guint64 valid; /* of these, to measure with */
  gint epochs;   /* -1: unknown or for ever */

  MxTrainer *trainer; /* from the first example on */
  GstMxNormaliser normaliser;
  gboolean catches_up;                  /* learns from what was held back */
  guint64 heard, labelled;              /* examples to learn from */
  guint64 windows;                      /* of the examples heard, and of gaps */
  guint64 in_gaps;                      /* of these windows */
  guint64 valid_heard;                  /* examples to measure with */
  guint64 valid_windows, valid_in_gaps; /* the same, of this epoch */
  gboolean is_valid; /* the present example is one of these */
  gboolean measures; /* in this epoch nothing more is learnt */
  gboolean over;     /* patience ran out: the stream is no longer heard */
  GstMxValidation validation;
  GstMxTrainReport report;
} GstMxTrainRun;

void gst_mx_train_run_init (GstMxTrainRun *self, GstElement *owner);
void gst_mx_train_run_clear (GstMxTrainRun *self);

/* Before the next run. */
void gst_mx_train_run_configure (
    GstMxTrainRun *self, const GstMxTrainSettings *settings);

/* Everything of one run but the model and the files; @owner stays. */
void gst_mx_train_run_reset (GstMxTrainRun *self);

/* Makes sure that the files can be written, and by nobody else, until they are
 * closed. */
gboolean gst_mx_train_run_open (GstMxTrainRun *self);
void gst_mx_train_run_close (GstMxTrainRun *self);

/* The network is to be another, of the same program: takes @description.
 * Training begins anew. */
void gst_mx_train_run_take_description (
    GstMxTrainRun *self, MxDescription *description);

gboolean gst_mx_train_run_set_dataset (
    GstMxTrainRun *self, const GstMxDataset *dataset);

/* The file is written: the last words. */
void gst_mx_train_run_finish (GstMxTrainRun *self);

/* No model will come of it: says so, if training had begun. */
void gst_mx_train_run_stop (GstMxTrainRun *self, GstProgressType type);

G_END_DECLS
