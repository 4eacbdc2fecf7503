/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What counting and reporting share. */
#pragma once

#include "gstmxattribution.h"
#include "gstmxevaluation.h"
#include "gstmxhardest.h"
#include "gstmxreading.h"
#include "gstmxsubjects.h"
#include "mx-curve.h"
#include "mx-events.h"
#include "mx-quantiles.h"
#include "mx-scoreboard.h"

G_BEGIN_DECLS

typedef struct {
  gchar *name;
  gint class;        /* of the model, -1: not known */
  gboolean answered; /* so the model has it */
  gboolean told;     /* so the data have it */
  gboolean heard;    /* an example had it */
  guint64 alarms;    /* windows wholly in gaps that were answered so */
} GstMxEvaluationLabel;

/* What is counted: copied as a whole. */
typedef struct {
  MxScoreboard examples, windows, gaps;
  MxCurve *curve; /* of the windows with a truth */
  guint64 n_uncurved;
  MxQuantiles latencies; /* of all windows, ns */
  MxEvents *events;      /* of continuous streams */
  GstClockTime heard;    /* of these, examples and gaps together */
  GstMxSubjects subjects;
  GstMxHardest hardest;
} GstMxCounts;

struct _GstMxEvaluation {
  GArray *labels;       /* of GstMxEvaluationLabel; the index is the class */
  GHashTable *by_name;  /* -> class + 1 */
  guint classes, exits; /* of the model */
  guint fewest_exits;   /* of any that took over */

  GstMxCounts counts;
  guint64 n_examples, n_unlabelled, n_missing, n_strays, n_not_finite;

  GstMxEvaluationFunc func; /* NULL: nobody else looks */
  gpointer user_data;

  gchar *element; /* whose results count */
  guint64 n_foreign;
  gboolean has_sequence;
  guint64 sequence;

  GstClockTime tolerance; /* of events */

  /* The present example, if it is isolated. */
  GstMxExample *example; /* or NULL */
  gint truth;            /* -1: not known */
  gboolean answered;
  MxVerdict best; /* of each exit its own */

  /* Examples and gaps of a continuous stream. */
  GstMxAttribution attribution;
  GQueue announced; /* of GstMxExample, those that attribution has */
  gboolean continuous;

  GstMxDump *dump;         /* or NULL */
  GError *dump_error;      /* the first */
  GstMxExample *unwritten; /* announced, has not begun; or NULL */
};

void gst_mx_evaluation_append_label (
    GstMxEvaluation *self, GstMxEvaluationLabel label);
/* Its class, or -1, with an error to show to the user: one too many. */
gint gst_mx_evaluation_find_label (
    GstMxEvaluation *self, const gchar *name, GError **error);
/* The same, for a label that the data have. */
gint gst_mx_evaluation_find_truth (
    GstMxEvaluation *self, const gchar *name, GError **error);
/* FALSE: this result is of a model with other labels than those before. */
gboolean gst_mx_evaluation_check_labels_stay (const GstMxEvaluation *self,
    const GstMxReading *result, gint answer, GError **error);

void gst_mx_counts_init (GstMxCounts *self, GstClockTime tolerance);
void gst_mx_counts_copy (const GstMxCounts *self, GstMxCounts *to);
void gst_mx_counts_clear (GstMxCounts *self);
void gst_mx_counts_set_classes (GstMxCounts *self, gsize n);
/* @example: answered by this verdict; @begin: of it, NONE: isolated. */
void gst_mx_counts_add_example (GstMxCounts *self, const MxVerdict *verdict,
    const GstMxExample *example, GstClockTime begin);
/* A window that does not lie in a gap. */
void gst_mx_counts_add_window (GstMxCounts *self, const MxVerdict *verdict);

G_END_DECLS
