/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Pairs what a stream said it was (GstMxDataset, GstMxExample) with what was
 * answered (GstMxResult), and counts.
 *
 * An example is answered by the most confident of its windows; in a continuous
 * stream, by the window nearest to its centre.  Classes are labels: those of
 * the data set in its order, then others as they come. Not thread-safe. */
#pragma once

#include <gst/gst.h>

#include "gstmxdump.h"
#include "gstmxexample.h"

G_BEGIN_DECLS

typedef struct _GstMxEvaluation GstMxEvaluation;

GstMxEvaluation *gst_mx_evaluation_new (void);
void gst_mx_evaluation_free (GstMxEvaluation *self);
/* What was counted until now, to report from: the report of many classes is
 * long work that nobody should have to wait for. */
GstMxEvaluation *gst_mx_evaluation_copy (const GstMxEvaluation *self);
/* Forgets everything. */
void gst_mx_evaluation_reset (GstMxEvaluation *self);

/* For each result that is counted, with the label of what its window heard,
 * NULL: not known.  FALSE, with an error: nothing more is wanted. */
typedef gboolean (*GstMxEvaluationFunc) (const GstStructure *result,
    const gchar *label, gpointer user_data, GError **error);
void gst_mx_evaluation_set_func (
    GstMxEvaluation *self, GstMxEvaluationFunc func, gpointer user_data);

/* How long behind the end of an event a window may end that finds it; NONE, and
 * by default: as long as the window is.  A reset leaves it. */
void gst_mx_evaluation_set_tolerance (
    GstMxEvaluation *self, GstClockTime tolerance);

/* What is heard from now on goes there too; takes it.  A reset discards it. */
void gst_mx_evaluation_set_dump (GstMxEvaluation *self, GstMxDump *dump);
/* The dump (transfer full), or NULL: there is none, or, with an error, it could
 * not be written before. */
GstMxDump *gst_mx_evaluation_take_dump (GstMxEvaluation *self, GError **error);

/* FALSE, with an error to show to the user: more labels than can be counted,
 * or a result without the fields it must have. */
gboolean gst_mx_evaluation_set_labels (
    GstMxEvaluation *self, gchar *const *labels, GError **error);
/* Ends the example before, unless windows still to come may speak for it: with
 * a duration, examples and gaps make one stream, where a window's time tells
 * what it heard. */
gboolean gst_mx_evaluation_begin_example (
    GstMxEvaluation *self, const GstMxExample *example, GError **error);
/* Each buffer, ahead of its results: the first one of an example tells when it
 * began. */
void gst_mx_evaluation_hear (GstMxEvaluation *self, GstBuffer *buffer);
/* The element whose result comes first is the one that is evaluated; results of
 * others are passed over.  A `sequence` not above that of the result before is
 * the same result again: passed over too. */
gboolean gst_mx_evaluation_add_result (
    GstMxEvaluation *self, const GstStructure *result, GError **error);
/* The stream ends, or is another one: its example ends, and sequences may
 * start again. */
void gst_mx_evaluation_end_stream (GstMxEvaluation *self);

/* Whether there is something to report.  Posts an error if there is not, and a
 * warning for what makes the report doubtful. */
gboolean gst_mx_evaluation_check (GstMxEvaluation *self, GstElement *owner);

/* Everything, as the element's page lists it; without @tables only what does
 * not grow with classes, subjects and thresholds. */
GstStructure *gst_mx_evaluation_to_structure (
    GstMxEvaluation *self, gboolean tables);

/* A sentence for people (g_free). */
gchar *gst_mx_evaluation_summary (GstMxEvaluation *self);

G_END_DECLS
