/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What counting and reporting share. */
#pragma once

#include "gstmxattribution.h"
#include "gstmxevaluation.h"
#include "mx-metrics.h"

G_BEGIN_DECLS

typedef struct {
  gchar *name;
  gint class;        /* of the model, -1: not known */
  gboolean answered; /* so the model has it */
  gboolean told;     /* so the data have it */
  gboolean heard;    /* an example had it */
  guint64 alarms;    /* windows wholly in gaps that were answered so */
} GstMxEvaluationLabel;

struct _GstMxEvaluation {
  GArray *labels;       /* of GstMxEvaluationLabel; the index is the class */
  GHashTable *by_name;  /* -> class + 1 */
  guint classes, exits; /* of the model */

  MxMetrics *examples, *windows, *gaps;
  guint64 n_examples, n_unlabelled, n_missing, n_strays, n_not_finite;

  GstMxEvaluationFunc func; /* NULL: nobody else looks */
  gpointer user_data;

  gchar *element; /* whose results count */
  guint64 n_foreign;
  gboolean has_sequence;
  guint64 sequence;

  gboolean in_example;
  gint truth; /* of the example, -1: not known */
  gboolean answered;
  MxOutcome best;

  GstMxAttribution attribution; /* of a continuous stream */
  gboolean continuous;
};

G_END_DECLS
