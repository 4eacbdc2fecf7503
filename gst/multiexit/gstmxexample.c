/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxexample.h"

#define DATASET_NAME "GstMxDataset"
#define EXAMPLE_NAME "GstMxExample"

G_DEFINE_BOXED_TYPE (
    GstMxDataset, gst_mx_dataset, gst_mx_dataset_copy, gst_mx_dataset_free)
G_DEFINE_BOXED_TYPE (
    GstMxExample, gst_mx_example, gst_mx_example_copy, gst_mx_example_free)

/* --- as events --- */

static const GstStructure *
structure_of (GstEvent *event, const gchar *name)
{
  if (GST_EVENT_TYPE (event) != GST_EVENT_CUSTOM_DOWNSTREAM_STICKY ||
      !gst_event_has_name (event, name))
    return NULL;
  return gst_event_get_structure (event);
}

static GstEvent *
event_of (GstStructure *structure)
{
  return gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, structure);
}

static void
take_labels (GstStructure *structure, gchar *const *labels)
{
  GValue array = G_VALUE_INIT;

  g_value_init (&array, GST_TYPE_ARRAY);
  for (; labels && *labels; labels++) {
    GValue label = G_VALUE_INIT;

    g_value_init (&label, G_TYPE_STRING);
    g_value_set_string (&label, *labels);
    gst_value_array_append_and_take_value (&array, &label);
  }
  gst_structure_take_value (structure, "labels", &array);
}

/* NULL if an item is not a string. */
static gchar **
labels_of (const GValue *array)
{
  guint n = gst_value_array_get_size (array);
  gchar **labels = g_new0 (gchar *, (gsize)n + 1);

  for (guint i = 0; i < n; i++) {
    const GValue *label = gst_value_array_get_value (array, i);

    if (!G_VALUE_HOLDS_STRING (label) || !g_value_get_string (label)) {
      g_strfreev (labels);
      return NULL;
    }
    labels[i] = g_value_dup_string (label);
  }
  return labels;
}

GstEvent *
gst_mx_dataset_event_new (const GstMxDataset *dataset)
{
  GstStructure *structure;

  g_return_val_if_fail (dataset != NULL, NULL);
  g_return_val_if_fail (dataset->epochs >= -1, NULL);
  g_return_val_if_fail (dataset->valid <= dataset->examples, NULL);

  structure = gst_structure_new (DATASET_NAME, "examples", G_TYPE_UINT64,
      dataset->examples, "epochs", G_TYPE_INT, dataset->epochs, NULL);
  if (dataset->valid > 0)
    gst_structure_set (structure, "valid", G_TYPE_UINT64, dataset->valid, NULL);
  take_labels (structure, dataset->labels);
  return event_of (structure);
}

gboolean
gst_mx_dataset_event_parse (GstEvent *event, GstMxDataset *dataset)
{
  const GstStructure *structure;
  const GValue *array;
  GstMxDataset parsed = {NULL};

  g_return_val_if_fail (GST_IS_EVENT (event), FALSE);
  g_return_val_if_fail (dataset != NULL, FALSE);

  structure = structure_of (event, DATASET_NAME);
  if (!structure ||
      !gst_structure_get_uint64 (structure, "examples", &parsed.examples) ||
      !gst_structure_get_int (structure, "epochs", &parsed.epochs) ||
      parsed.epochs < -1)
    return FALSE;
  if (gst_structure_has_field (structure, "valid") &&
      (!gst_structure_get_uint64 (structure, "valid", &parsed.valid) ||
          parsed.valid > parsed.examples))
    return FALSE;
  array = gst_structure_get_value (structure, "labels");
  if (!array || !GST_VALUE_HOLDS_ARRAY (array))
    return FALSE;
  parsed.labels = labels_of (array);
  if (!parsed.labels)
    return FALSE;
  *dataset = parsed;
  return TRUE;
}

void
gst_mx_dataset_clear (GstMxDataset *dataset)
{
  g_return_if_fail (dataset != NULL);

  g_strfreev (dataset->labels);
  *dataset = (GstMxDataset){NULL};
}

static void
set_text (GstStructure *structure, const gchar *field, const gchar *text)
{
  if (text && *text)
    gst_structure_set (structure, field, G_TYPE_STRING, text, NULL);
}

/* An empty text says no more than an absent one; FALSE if there is something
 * that is no text. */
static gboolean
get_text (const GstStructure *structure, const gchar *field, gchar **text)
{
  const GValue *value = gst_structure_get_value (structure, field);

  *text = NULL;
  if (!value)
    return TRUE;
  if (!G_VALUE_HOLDS_STRING (value))
    return FALSE;
  if (g_value_get_string (value) && *g_value_get_string (value))
    *text = g_value_dup_string (value);
  return TRUE;
}

/* FALSE if one is there and of another type, or a gap has a label. */
static gboolean
get_stretch (const GstStructure *structure, GstMxExample *example)
{
  if (gst_structure_has_field (structure, "duration") &&
      !gst_structure_get_uint64 (structure, "duration", &example->duration))
    return FALSE;
  if (gst_structure_has_field (structure, "repeat") &&
      !gst_structure_get_uint (structure, "repeat", &example->repeat))
    return FALSE;
  if (gst_structure_has_field (structure, "gap") &&
      !gst_structure_get_boolean (structure, "gap", &example->gap))
    return FALSE;
  return !example->gap || !example->label;
}

GstEvent *
gst_mx_example_event_new (const GstMxExample *example)
{
  GstStructure *structure;

  g_return_val_if_fail (example != NULL, NULL);
  g_return_val_if_fail (!example->gap || !example->label, NULL);

  structure = gst_structure_new (EXAMPLE_NAME, "index", G_TYPE_UINT64,
      example->index, "epoch", G_TYPE_UINT, example->epoch, NULL);
  set_text (structure, "label", example->label);
  set_text (structure, "split", example->split);
  set_text (structure, "subject", example->subject);
  set_text (structure, "path", example->path);
  if (example->duration > 0)
    gst_structure_set (
        structure, "duration", G_TYPE_UINT64, example->duration, NULL);
  if (example->repeat > 0)
    gst_structure_set (structure, "repeat", G_TYPE_UINT, example->repeat, NULL);
  if (example->gap)
    gst_structure_set (structure, "gap", G_TYPE_BOOLEAN, TRUE, NULL);
  return event_of (structure);
}

gboolean
gst_mx_example_event_parse (GstEvent *event, GstMxExample *example)
{
  const GstStructure *structure;
  GstMxExample parsed = {NULL};

  g_return_val_if_fail (GST_IS_EVENT (event), FALSE);
  g_return_val_if_fail (example != NULL, FALSE);

  structure = structure_of (event, EXAMPLE_NAME);
  if (!structure ||
      !gst_structure_get_uint64 (structure, "index", &parsed.index) ||
      !gst_structure_get_uint (structure, "epoch", &parsed.epoch))
    return FALSE;
  if (!get_text (structure, "label", &parsed.label) ||
      !get_text (structure, "split", &parsed.split) ||
      !get_text (structure, "subject", &parsed.subject) ||
      !get_text (structure, "path", &parsed.path) ||
      !get_stretch (structure, &parsed)) {
    gst_mx_example_clear (&parsed);
    return FALSE;
  }
  *example = parsed;
  return TRUE;
}

void
gst_mx_example_clear (GstMxExample *example)
{
  g_return_if_fail (example != NULL);

  g_free (example->label);
  g_free (example->split);
  g_free (example->subject);
  g_free (example->path);
  *example = (GstMxExample){NULL};
}

/* --- on the heap --- */

GstMxDataset *
gst_mx_dataset_new (const gchar *const *labels, guint64 examples, gint epochs)
{
  GstMxDataset *dataset = g_new0 (GstMxDataset, 1);

  dataset->labels = g_strdupv ((gchar **)labels);
  dataset->examples = examples;
  dataset->epochs = epochs;
  return dataset;
}

GstMxDataset *
gst_mx_dataset_from_event (GstEvent *event)
{
  GstMxDataset dataset;

  return gst_mx_dataset_event_parse (event, &dataset)
             ? g_memdup2 (&dataset, sizeof dataset)
             : NULL;
}

GstMxDataset *
gst_mx_dataset_copy (const GstMxDataset *dataset)
{
  GstMxDataset *copy;

  g_return_val_if_fail (dataset != NULL, NULL);

  copy = gst_mx_dataset_new ((const gchar *const *)dataset->labels,
      dataset->examples, dataset->epochs);
  copy->valid = dataset->valid;
  return copy;
}

void
gst_mx_dataset_free (GstMxDataset *dataset)
{
  gst_mx_dataset_clear (dataset);
  g_free (dataset);
}

GstMxExample *
gst_mx_example_new (const gchar *label, guint64 index, guint epoch,
    const gchar *split, const gchar *subject, const gchar *path)
{
  GstMxExample *example = g_new0 (GstMxExample, 1);

  example->label = g_strdup (label);
  example->index = index;
  example->epoch = epoch;
  example->split = g_strdup (split);
  example->subject = g_strdup (subject);
  example->path = g_strdup (path);
  return example;
}

GstMxExample *
gst_mx_example_from_event (GstEvent *event)
{
  GstMxExample example;

  return gst_mx_example_event_parse (event, &example)
             ? g_memdup2 (&example, sizeof example)
             : NULL;
}

GstMxExample *
gst_mx_example_copy (const GstMxExample *example)
{
  GstMxExample *copy;

  g_return_val_if_fail (example != NULL, NULL);

  copy = gst_mx_example_new (example->label, example->index, example->epoch,
      example->split, example->subject, example->path);
  copy->duration = example->duration;
  copy->gap = example->gap;
  copy->repeat = example->repeat;
  return copy;
}

void
gst_mx_example_free (GstMxExample *example)
{
  gst_mx_example_clear (example);
  g_free (example);
}
