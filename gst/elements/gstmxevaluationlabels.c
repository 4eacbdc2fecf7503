/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxevaluationprivate.h"

typedef GstMxEvaluationLabel Label;

void
gst_mx_evaluation_append_label (GstMxEvaluation *self, Label label)
{
  label.name = g_strdup (label.name);
  g_array_append_val (self->labels, label);
  g_hash_table_insert (
      self->by_name, label.name, GINT_TO_POINTER (self->labels->len));
}

gint
gst_mx_evaluation_find_label (
    GstMxEvaluation *self, const gchar *name, GError **error)
{
  gint known = GPOINTER_TO_INT (g_hash_table_lookup (self->by_name, name));

  if (known > 0)
    return known - 1;
  if (self->labels->len == MX_METRICS_MAX_CLASSES) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "More than %d different labels came, more than can be counted.",
        MX_METRICS_MAX_CLASSES);
    return -1;
  }
  gst_mx_evaluation_append_label (self, (Label){(gchar *)name, -1});
  gst_mx_counts_set_classes (&self->counts, self->labels->len);
  return self->labels->len - 1;
}

gint
gst_mx_evaluation_find_truth (
    GstMxEvaluation *self, const gchar *name, GError **error)
{
  gint truth = gst_mx_evaluation_find_label (self, name, error);

  if (truth >= 0)
    g_array_index (self->labels, Label, truth).told = TRUE;
  return truth;
}

gboolean
gst_mx_evaluation_set_labels (
    GstMxEvaluation *self, gchar *const *labels, GError **error)
{
  for (; *labels; labels++) {
    if (gst_mx_evaluation_find_truth (self, *labels, error) < 0)
      return FALSE;
  }
  return TRUE;
}

/* What was expected instead of this result, or NULL. */
static gchar *
find_other_label (
    const GstMxEvaluation *self, const GstMxReading *result, gint answer)
{
  gint before = g_array_index (self->labels, Label, answer).class;

  if (self->classes > 0 && result->classes != self->classes)
    return g_strdup_printf ("%u classes", self->classes);
  if (result->class < 0)
    return NULL;
  if (before >= 0 && before != result->class)
    return g_strdup_printf ("class %d", before);
  for (gint i = 0; i < (gint)self->labels->len; i++) {
    const Label *label = &g_array_index (self->labels, Label, i);

    if (label->class == result->class && i != answer)
      return g_strdup_printf ("\"%s\"", label->name);
  }
  return NULL;
}

/* A model with other labels may take over in the stream; scores of both would
 * mean nothing.  One with the same labels is welcome. */
gboolean
gst_mx_evaluation_check_labels_stay (const GstMxEvaluation *self,
    const GstMxReading *result, gint answer, GError **error)
{
  g_autofree gchar *expected = find_other_label (self, result, answer);

  if (expected == NULL)
    return TRUE;
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "The labels of the model changed in the stream: found \"%s\", class %d "
      "of "
      "%u, expected %s. Evaluate models with the same labels, or one at a "
      "time.",
      result->label, result->class, result->classes, expected);
  return FALSE;
}
