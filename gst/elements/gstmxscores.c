/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxscores.h"

#include <string.h>

#include "mx-file.h"
#include "mx-json-text.h"

/* --- metrics to structure --- */

static void
append_count (GValue *array, guint64 count)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_UINT64);
  g_value_set_uint64 (&value, count);
  gst_value_array_append_and_take_value (array, &value);
}

static void
append_structure (GValue *array, GstStructure *structure)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, GST_TYPE_STRUCTURE);
  g_value_take_boxed (&value, structure);
  gst_value_array_append_and_take_value (array, &value);
}

static void
fill_classes (
    GstStructure *structure, const MxMetrics *metrics, gchar *const *labels)
{
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, 0);
  for (gsize i = 0; labels[i]; i++) {
    MxClassScores scores;

    mx_metrics_class_scores (metrics, i, &scores);
    append_structure (
        &array, gst_structure_new ("class", "label", G_TYPE_STRING, labels[i],
                    "support", G_TYPE_UINT64, scores.support, "answers",
                    G_TYPE_UINT64, scores.answers, "correct", G_TYPE_UINT64,
                    scores.correct, "precision", G_TYPE_DOUBLE,
                    scores.precision, "recall", G_TYPE_DOUBLE, scores.recall,
                    "f1", G_TYPE_DOUBLE, scores.f1, NULL));
  }
  gst_structure_take_value (structure, "classes", &array);
}

static void
fill_confusion (GstStructure *structure, const MxMetrics *metrics)
{
  const gsize n = mx_metrics_get_classes (metrics);
  GValue rows = G_VALUE_INIT;

  gst_value_array_init (&rows, n);
  for (gsize truth = 0; truth < n; truth++) {
    GValue row = G_VALUE_INIT;

    gst_value_array_init (&row, n);
    for (gsize answer = 0; answer < n; answer++)
      append_count (&row, mx_metrics_get_confusion (metrics, truth, answer));
    gst_value_array_append_and_take_value (&rows, &row);
  }
  gst_structure_take_value (structure, "confusion", &rows);
}

static GstStructure *
new_group (const gchar *name, const MxGroupScores *scores)
{
  return gst_structure_new (name, "count", G_TYPE_UINT64, scores->n, "labelled",
      G_TYPE_UINT64, scores->labelled, "correct", G_TYPE_UINT64,
      scores->correct, "accuracy", G_TYPE_DOUBLE, scores->accuracy,
      "confidence", G_TYPE_DOUBLE, scores->confidence, NULL);
}

static void
fill_exits (GstStructure *structure, const MxMetrics *metrics)
{
  const guint n = mx_metrics_get_exits (metrics);
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, n);
  for (guint exit = 1; exit <= n; exit++) {
    MxGroupScores scores;

    mx_metrics_exit_scores (metrics, exit, &scores);
    append_structure (&array, new_group ("exit", &scores));
  }
  gst_structure_take_value (structure, "per-exit", &array);
}

static void
fill_calibration (GstStructure *structure, const MxMetrics *metrics)
{
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, MX_METRICS_BINS);
  for (guint bin = 0; bin < MX_METRICS_BINS; bin++) {
    MxGroupScores scores;

    mx_metrics_bin_scores (metrics, bin, &scores);
    append_structure (&array, new_group ("bin", &scores));
  }
  gst_structure_take_value (structure, "calibration", &array);
}

void
gst_mx_scores_fill (
    GstStructure *structure, const MxMetrics *metrics, gchar *const *labels)
{
  MxScores scores;

  mx_metrics_scores (metrics, &scores);
  gst_structure_set (structure, "count", G_TYPE_UINT64, scores.n, "labelled",
      G_TYPE_UINT64, scores.labelled, "correct", G_TYPE_UINT64, scores.correct,
      "accuracy", G_TYPE_DOUBLE, scores.accuracy, "balanced-accuracy",
      G_TYPE_DOUBLE, scores.balanced_accuracy, "macro-f1", G_TYPE_DOUBLE,
      scores.macro_f1, "cohens-kappa", G_TYPE_DOUBLE, scores.kappa,
      "calibration-error", G_TYPE_DOUBLE, scores.calibration_error,
      "mean-confidence", G_TYPE_DOUBLE, scores.confidence, "mean-exit",
      G_TYPE_DOUBLE, scores.exit, "mean-cost", G_TYPE_DOUBLE, scores.cost,
      NULL);
  fill_exits (structure, metrics);
  if (labels == NULL)
    return;
  fill_calibration (structure, metrics);
  fill_classes (structure, metrics, labels);
  fill_confusion (structure, metrics);
}

/* --- structure to JSON --- */

static JsonNode *
new_value_node (const GValue *value, GType type)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);
  GValue copy = G_VALUE_INIT;

  g_value_init (&copy, type);
  g_value_transform (value, &copy);
  json_node_set_value (node, &copy);
  g_value_unset (&copy);
  return node;
}

static JsonNode *
value_to_json (const GValue *value)
{
  JsonNode *node;
  gchar *text;

  if (GST_VALUE_HOLDS_STRUCTURE (value))
    return gst_mx_structure_to_json (gst_value_get_structure (value));
  if (GST_VALUE_HOLDS_ARRAY (value)) {
    JsonArray *array = json_array_new ();

    for (guint i = 0; i < gst_value_array_get_size (value); i++)
      json_array_add_element (
          array, value_to_json (gst_value_array_get_value (value, i)));
    node = json_node_new (JSON_NODE_ARRAY);
    json_node_take_array (node, array);
    return node;
  }
  if (G_VALUE_HOLDS_STRING (value) || G_VALUE_HOLDS_BOOLEAN (value))
    return new_value_node (value, G_VALUE_TYPE (value));
  if (G_VALUE_HOLDS_DOUBLE (value) || G_VALUE_HOLDS_FLOAT (value))
    return new_value_node (value, G_TYPE_DOUBLE);
  if (g_value_type_transformable (G_VALUE_TYPE (value), G_TYPE_INT64))
    return new_value_node (value, G_TYPE_INT64);
  text = gst_value_serialize (value);
  node = json_node_init_string (json_node_alloc (), text);
  g_free (text);
  return node;
}

static gboolean
add_member (GQuark field, const GValue *value, gpointer object)
{
  json_object_set_member (
      object, g_quark_to_string (field), value_to_json (value));
  return TRUE;
}

JsonNode *
gst_mx_structure_to_json (const GstStructure *structure)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  gst_structure_foreach (structure, add_member, object);
  json_node_take_object (node, object);
  return node;
}

gboolean
gst_mx_structure_write_json (
    const GstStructure *structure, const gchar *filename, GError **error)
{
  JsonNode *node = gst_mx_structure_to_json (structure);
  gchar *text = mx_json_text_write (node, TRUE);
  GBytes *bytes = g_bytes_new_take (text, strlen (text));
  gboolean written = mx_file_replace (filename, bytes, error);

  g_bytes_unref (bytes);
  json_node_unref (node);
  return written;
}
