/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxreading.h"

#include <math.h>

static gboolean
refuse (GError **error, const GstStructure *result, const gchar *wrong)
{
  g_autofree gchar *text = gst_structure_to_string (result);

  g_set_error (
      error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "%s: %s", wrong, text);
  return FALSE;
}

/* The field, if it is an array of `n` values of this type; else NULL. */
static const GValue *
find_array (const GstStructure *result, const gchar *field, GType type, guint n)
{
  const GValue *array = gst_structure_get_value (result, field);

  if (array == NULL || !GST_VALUE_HOLDS_ARRAY (array) ||
      gst_value_array_get_size (array) != n)
    return NULL;
  for (guint i = 0; i < n; i++)
    if (!G_VALUE_HOLDS (gst_value_array_get_value (array, i), type))
      return NULL;
  return array;
}

/* How far the sum of probabilities may be from 1: thousands of floats. */
#define TOLERANCE 1e-3

/* The largest of [first, first + n); -1: one is no probability, or they do not
 * sum to 1. */
static gdouble
largest (const GValue *array, guint first, guint n)
{
  gdouble most = 0, sum = 0;

  for (guint i = first; i < first + n; i++) {
    gdouble p = g_value_get_double (gst_value_array_get_value (array, i));

    /* NaN is not in between either. */
    if (!(p >= 0 && p <= 1 + 1e-6))
      return -1;
    most = MAX (most, p);
    sum += p;
  }
  return fabs (sum - 1) <= TOLERANCE ? MIN (most, 1) : -1;
}

static gboolean
read_fields (GstMxReading *self, const GstStructure *result)
{
  self->label = gst_structure_get_string (result, "label");
  self->element = gst_structure_get_string (result, "element");
  self->class = -1;
  gst_structure_get (result, "class", G_TYPE_UINT, &self->class, NULL);
  self->finite = TRUE;
  gst_structure_get_boolean (result, "finite", &self->finite);
  self->timestamp = self->duration = self->latency = GST_CLOCK_TIME_NONE;
  gst_structure_get_uint64 (result, "timestamp", &self->timestamp);
  gst_structure_get_uint64 (result, "duration", &self->duration);
  gst_structure_get_uint64 (result, "latency", &self->latency);
  return self->label != NULL &&
         gst_structure_get (result, "sequence", G_TYPE_UINT64, &self->sequence,
             "exit", G_TYPE_UINT, &self->exit, "exits", G_TYPE_UINT,
             &self->exits, "confidence", G_TYPE_DOUBLE, &self->confidence,
             "macs", G_TYPE_UINT64, &self->macs, "macs-full", G_TYPE_UINT64,
             &self->macs_full, NULL) &&
         self->exit >= 1 && self->exit <= self->exits &&
         self->exits <= MX_MAX_EXITS && self->macs_full > 0;
}

static gboolean
read_classes (GstMxReading *self, const GstStructure *result)
{
  const GValue *array = gst_structure_get_value (result, "probabilities");

  if (array == NULL || !GST_VALUE_HOLDS_ARRAY (array))
    return FALSE;
  self->classes = gst_value_array_get_size (array);
  return self->class < (gint)self->classes &&
         find_array (result, "probabilities", G_TYPE_DOUBLE, self->classes) !=
             NULL;
}

/* FALSE: they are there, but not as they must be. */
static gboolean
read_exits (GstMxReading *self, const GstStructure *result)
{
  const guint n = self->exits;
  const GValue *labels, *probabilities, *macs;

  if (!gst_structure_has_field (result, "exit-probabilities"))
    return TRUE;
  labels = find_array (result, "exit-labels", G_TYPE_STRING, n);
  probabilities = find_array (
      result, "exit-probabilities", G_TYPE_DOUBLE, n * self->classes);
  macs = find_array (result, "exit-macs", G_TYPE_UINT64, n);
  if (labels == NULL || probabilities == NULL || macs == NULL)
    return FALSE;
  for (guint e = 0; e < n; e++) {
    self->exit_labels[e] =
        g_value_get_string (gst_value_array_get_value (labels, e));
    self->exit_confidences[e] =
        largest (probabilities, e * self->classes, self->classes);
    self->exit_costs[e] =
        (gdouble)g_value_get_uint64 (gst_value_array_get_value (macs, e)) /
        (gdouble)self->macs_full;
    if (self->exit_labels[e] == NULL || self->exit_costs[e] <= 0)
      return FALSE;
  }
  self->n_exits = n;
  return TRUE;
}

static gboolean
has_only_probabilities (const GstMxReading *self, const GstStructure *result)
{
  if (!(self->confidence >= 0 && self->confidence <= 1) ||
      largest (gst_structure_get_value (result, "probabilities"), 0,
          self->classes) < 0)
    return FALSE;
  for (guint e = 0; e < self->n_exits; e++)
    if (self->exit_confidences[e] < 0)
      return FALSE;
  return TRUE;
}

gboolean
gst_mx_reading_parse (
    GstMxReading *self, const GstStructure *result, GError **error)
{
  *self = (GstMxReading){0};
  if (!read_fields (self, result) || !read_classes (self, result))
    return refuse (
        error, result, "A result came without the fields it must have");
  if (!read_exits (self, result))
    return refuse (error, result,
        "A result came with exit-labels, exit-probabilities and exit-macs that "
        "do not fit its exits and classes");
  if (!has_only_probabilities (self, result))
    return refuse (error, result,
        "A result came with probabilities that are none: each must be from 0 "
        "to "
        "1, and those of an exit sum to 1");
  return TRUE;
}
