/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a report holds beside the scores: exits, thresholds, events, subjects,
 * the hardest examples.  Fields: the page of mxevalsink. */
#pragma once

#include "gstmxevaluationprivate.h"

G_BEGIN_DECLS

/* `all-exits`, if they are known; @labels: as gst_mx_scores_fill(). */
void gst_mx_tables_fill_exits (
    GstStructure *structure, const MxScoreboard *board, gchar *const *labels);

/* Mean, quantiles and extremes, in ns. */
GstStructure *gst_mx_tables_new_times (
    const gchar *name, const MxQuantiles *times);

/* @points: with the table of thresholds. */
GstStructure *gst_mx_tables_new_curve (
    const GstMxCounts *counts, gboolean points);

/* @classes: with the table of labels. */
GstStructure *gst_mx_tables_new_events (
    GstMxEvaluation *self, gboolean classes);

/* `subjects` and `hardest`. */
void gst_mx_tables_fill_examples (
    GstStructure *structure, GstMxEvaluation *self);

G_END_DECLS
