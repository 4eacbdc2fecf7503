/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxevaluationtables.h"

#include <math.h>

#include "gstmxscores.h"

/* Thresholds 0, .01, ... 1. */
#define POINTS 101

static const gchar *
label_name (const GstMxEvaluation *self, gsize class)
{
  return g_array_index (self->labels, GstMxEvaluationLabel, class).name;
}

/* Takes the structure. */
static void
append (GValue *array, GstStructure *structure)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, GST_TYPE_STRUCTURE);
  g_value_take_boxed (&value, structure);
  gst_value_array_append_and_take_value (array, &value);
}

static gdouble
ratio (gdouble numerator, gdouble denominator)
{
  return denominator > 0 ? numerator / denominator : NAN;
}

void
gst_mx_tables_fill_exits (
    GstStructure *structure, const MxScoreboard *board, gchar *const *labels)
{
  GValue array = G_VALUE_INIT;

  if (board->exits[0] == NULL)
    return;
  gst_value_array_init (&array, 0);
  for (guint e = 0; e < MX_MAX_EXITS && board->exits[e] != NULL; e++) {
    GstStructure *exit = gst_structure_new_empty ("exit");

    gst_mx_scores_fill (exit, board->exits[e], labels);
    gst_structure_remove_field (exit, "per-exit");
    append (&array, exit);
  }
  gst_structure_take_value (structure, "all-exits", &array);
}

GstStructure *
gst_mx_tables_new_times (const gchar *name, const MxQuantiles *times)
{
  return gst_structure_new (name, "count", G_TYPE_UINT64, times->n, "mean",
      G_TYPE_DOUBLE, mx_quantiles_mean (times), "median", G_TYPE_DOUBLE,
      mx_quantiles_get (times, .5), "quantile-95", G_TYPE_DOUBLE,
      mx_quantiles_get (times, .95), "quantile-99", G_TYPE_DOUBLE,
      mx_quantiles_get (times, .99), "maximum", G_TYPE_DOUBLE,
      times->n > 0 ? (gdouble)times->max : NAN, NULL);
}

/* --- thresholds --- */

static GstStructure *
new_point (const gchar *name, const MxCurvePoint *point)
{
  return gst_structure_new (name, "threshold", G_TYPE_DOUBLE, point->threshold,
      "accuracy", G_TYPE_DOUBLE, point->accuracy, "mean-cost", G_TYPE_DOUBLE,
      point->cost, "mean-exit", G_TYPE_DOUBLE, point->depth, NULL);
}

GstStructure *
gst_mx_tables_new_curve (const GstMxCounts *counts, gboolean points)
{
  GValue array = G_VALUE_INIT;
  MxCurvePoint all[POINTS];
  MxCurveScores scores;
  GstStructure *curve, *last, *sufficient;

  mx_curve_solve (counts->curve, &scores, all, POINTS);
  last = new_point ("last", &scores.last);
  sufficient = new_point ("sufficient", &scores.sufficient);
  curve = gst_structure_new ("curve", "count", G_TYPE_UINT64, scores.n,
      "left-out", G_TYPE_UINT64, counts->n_uncurved, "area", G_TYPE_DOUBLE,
      scores.area, "last", GST_TYPE_STRUCTURE, last, "sufficient",
      GST_TYPE_STRUCTURE, sufficient, NULL);
  gst_structure_free (last);
  gst_structure_free (sufficient);
  if (!points)
    return curve;
  gst_value_array_init (&array, POINTS);
  for (guint i = 0; i < POINTS; i++)
    append (&array, new_point ("point", &all[i]));
  gst_structure_take_value (curve, "points", &array);
  return curve;
}

/* --- events --- */

static void
fill_event_classes (GstStructure *structure, GstMxEvaluation *self)
{
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, 0);
  for (guint i = 0; i < self->labels->len; i++) {
    const MxEventCounts counts = mx_events_get_counts (self->counts.events, i);

    if (!g_array_index (self->labels, GstMxEvaluationLabel, i).heard)
      continue;
    append (
        &array, gst_structure_new ("class", "label", G_TYPE_STRING,
                    label_name (self, i), "count", G_TYPE_UINT64, counts.events,
                    "found", G_TYPE_UINT64, counts.found, "recall",
                    G_TYPE_DOUBLE, ratio (counts.found, counts.events), "false",
                    G_TYPE_UINT64, counts.false_events, NULL));
  }
  gst_structure_take_value (structure, "classes", &array);
}

GstStructure *
gst_mx_tables_new_events (GstMxEvaluation *self, gboolean classes)
{
  const gdouble hours =
      (gdouble)self->counts.heard / (3600. * (gdouble)GST_SECOND);
  GstStructure *structure, *delays;
  MxEventCounts sum = {0};

  for (guint i = 0; i < self->labels->len; i++) {
    const MxEventCounts counts = mx_events_get_counts (self->counts.events, i);

    /* A label that no example has, such as one for "nothing", is no event. */
    if (!g_array_index (self->labels, GstMxEvaluationLabel, i).heard)
      continue;
    sum.events += counts.events;
    sum.found += counts.found;
    sum.false_events += counts.false_events;
  }
  delays = gst_mx_tables_new_times (
      "delay", mx_events_get_delays (self->counts.events));
  structure = gst_structure_new ("events", "count", G_TYPE_UINT64, sum.events,
      "found", G_TYPE_UINT64, sum.found, "recall", G_TYPE_DOUBLE,
      ratio (sum.found, sum.events), "false", G_TYPE_UINT64, sum.false_events,
      "hours", G_TYPE_DOUBLE, hours, "false-per-hour", G_TYPE_DOUBLE,
      ratio (sum.false_events, hours), "delay", GST_TYPE_STRUCTURE, delays,
      NULL);
  gst_structure_free (delays);
  if (classes)
    fill_event_classes (structure, self);
  return structure;
}

/* --- examples --- */

static void
fill_subjects (GstStructure *structure, const GstMxSubjects *subjects)
{
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, subjects->all->len);
  for (guint i = 0; i < subjects->all->len; i++) {
    const GstMxSubject *one = &g_array_index (subjects->all, GstMxSubject, i);

    append (
        &array, gst_structure_new ("subject", "subject", G_TYPE_STRING,
                    one->name != NULL ? one->name : "", "count", G_TYPE_UINT64,
                    one->n, "labelled", G_TYPE_UINT64, one->labelled, "correct",
                    G_TYPE_UINT64, one->correct, "accuracy", G_TYPE_DOUBLE,
                    ratio (one->correct, one->labelled), "mean-exit",
                    G_TYPE_DOUBLE, ratio (one->exit, one->n), "mean-cost",
                    G_TYPE_DOUBLE, ratio (one->cost, one->n), NULL));
  }
  gst_structure_take_value (structure, "subjects", &array);
}

static GstStructure *
new_hard (GstMxEvaluation *self, const GstMxHard *hard)
{
  const MxOutcome *outcome = &hard->outcome;
  GstStructure *structure =
      gst_structure_new ("example", "label", G_TYPE_STRING,
          label_name (self, (gsize)outcome->truth), "answer", G_TYPE_STRING,
          label_name (self, outcome->answer), "confidence", G_TYPE_DOUBLE,
          outcome->confidence, "exit", G_TYPE_UINT, outcome->exit, NULL);

  if (GST_CLOCK_TIME_IS_VALID (hard->begin))
    gst_structure_set (structure, "begin", G_TYPE_UINT64, hard->begin, NULL);
  if (hard->example == NULL)
    return structure;
  gst_structure_set (structure, "index", G_TYPE_UINT64, hard->example->index,
      "epoch", G_TYPE_UINT, hard->example->epoch, NULL);
  if (hard->example->path != NULL)
    gst_structure_set (
        structure, "path", G_TYPE_STRING, hard->example->path, NULL);
  if (hard->example->subject != NULL)
    gst_structure_set (
        structure, "subject", G_TYPE_STRING, hard->example->subject, NULL);
  return structure;
}

void
gst_mx_tables_fill_examples (GstStructure *structure, GstMxEvaluation *self)
{
  const GArray *hardest = self->counts.hardest.all;
  GValue array = G_VALUE_INIT;

  fill_subjects (structure, &self->counts.subjects);
  gst_value_array_init (&array, hardest->len);
  for (guint i = 0; i < hardest->len; i++)
    append (&array, new_hard (self, &g_array_index (hardest, GstMxHard, i)));
  gst_structure_take_value (structure, "hardest", &array);
}
