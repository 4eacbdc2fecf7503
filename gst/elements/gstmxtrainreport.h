/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxtrainsink tells while it trains: PROGRESS messages with a line of
 * text, and element messages "mxtrainsink" with numbers (docs/mxtrainsink.md).
 */
#pragma once

#include "gstmxtrainlog.h"
#include "gstmxvalidation.h"
#include "mx-trainer.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Sums over steps. */
typedef struct {
  guint64 steps, windows, labelled;
  gdouble loss, clean, consistency;
  guint64 correct[MX_MAX_EXITS];
} GstMxTrainSums;

typedef struct {
  GstElement *owner;                 /* not owned: posts the messages */
  GstMxTrainLog *log;                /* not owned: gets the same */
  gboolean quiet;                    /* another process tells of it */
  const GstMxValidation *validation; /* not owned; NULL: nothing was measured
                                      * in the epoch that ends */
  guint exits;
  guint64 examples; /* in an epoch, 0: unknown */
  gint epochs;      /* -1: unknown or for ever */

  guint epoch;         /* of the example that came last, from 0 */
  guint64 done, heard; /* examples in this epoch, in all */
  guint64 step, steps; /* done, planned (0: unknown) */
  gfloat learning_rate;
  GstMxTrainSums recent;     /* since the last line */
  GstMxTrainSums all;        /* in this epoch */
  GstMxTrainSums last;       /* in the epoch before */
  gint64 begin, spoke, idle; /* monotonic time, us; idle: spent in pause */
} GstMxTrainReport;

/* Training begins. */
void gst_mx_train_report_begin (GstMxTrainReport *self, const gchar *text);

/* Training goes on from a checkpoint, whose numbers are here. */
void gst_mx_train_report_resume (GstMxTrainReport *self);

/* So many of so many examples were passed over; every two seconds says so. */
void gst_mx_train_report_pass (
    GstMxTrainReport *self, guint64 met, guint64 goal);

/* Training, without pauses, in us. */
gint64 gst_mx_train_report_get_elapsed (const GstMxTrainReport *self);

/* An example of this epoch comes; posts the message of the epoch before, if
 * one ends here. */
void gst_mx_train_report_example (GstMxTrainReport *self, guint epoch);

/* A step was done with so many windows; every two seconds says so. */
void gst_mx_train_report_step (
    GstMxTrainReport *self, const MxTrainerStep *step, gsize windows);

/* The stream ended and the model was written. */
void gst_mx_train_report_end (GstMxTrainReport *self, const gchar *location);

/* No model came of it; @type: ERROR or CANCELED. */
void gst_mx_train_report_stop (
    GstMxTrainReport *self, GstProgressType type, const gchar *text);

G_END_DECLS
