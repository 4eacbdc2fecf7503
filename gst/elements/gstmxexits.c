/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxexits.h"

#include <float.h>
#include <math.h>

/* An array of so many values, NULL: there is none. */
static const GValue *
find_numbers (const GstStructure *result, const gchar *field, guint n)
{
  const GValue *array = gst_structure_get_value (result, field);

  if (array == NULL || !GST_VALUE_HOLDS_ARRAY (array) ||
      gst_value_array_get_size (array) != n)
    return NULL;
  return array;
}

/* NaN if it is no number. */
static gdouble
number_at (const GValue *array, guint index)
{
  const GValue *value = gst_value_array_get_value (array, index);

  if (G_VALUE_HOLDS_DOUBLE (value))
    return g_value_get_double (value);
  if (G_VALUE_HOLDS_UINT64 (value))
    return (gdouble)g_value_get_uint64 (value);
  return NAN;
}

/* Two models may give the same label the same place. */
static gboolean
has_classes (const GstStructure *result, guint exits, guint classes)
{
  return !gst_structure_has_field (result, "exit-probabilities") ||
         find_numbers (result, "exit-probabilities", exits * classes) != NULL;
}

static gboolean
is_of_model (const GstStructure *result, const MxNetwork *network)
{
  const MxDescription *description = network->description;
  const gchar *label = gst_structure_get_string (result, "label");
  guint exits = 0, class = 0;

  return gst_structure_get (result, "exits", G_TYPE_UINT, &exits, "class",
             G_TYPE_UINT, &class, NULL) &&
         exits == network->program->n_stages && class < description->n_labels &&
         label != NULL && g_str_equal (label, description->labels[class]) &&
         has_classes (result, exits, description->n_labels);
}

/* A probability that vanished counts as the smallest there is. */
static gboolean
read_logits (const GValue *probabilities, const GValue *temperatures,
    guint exits, guint classes, gfloat *logits)
{
  for (guint e = 0; e < exits; e++) {
    gdouble temperature = number_at (temperatures, e);

    for (guint k = 0; k < classes; k++) {
      gdouble p = number_at (probabilities, e * classes + k);
      gdouble logit = temperature * log (fmax (p, FLT_TRUE_MIN));

      if (!(p >= 0 && p <= 1) || !(temperature > 0) || !isfinite (logit))
        return FALSE;
      logits[e * classes + k] = (gfloat)logit;
    }
  }
  return TRUE;
}

static gboolean
read_costs (const GValue *macs, guint exits, gdouble *costs)
{
  gdouble before = 0;

  for (guint e = 0; e < exits; e++) {
    costs[e] = number_at (macs, e);
    if (!(costs[e] >= before))
      return FALSE;
    before = costs[e];
  }
  return TRUE;
}

/* FALSE: the fields are not there, or not what they must be. */
static gboolean
read_exits (const GstStructure *result, guint exits, guint classes,
    gfloat *logits, gdouble *costs)
{
  const GValue *probabilities =
      find_numbers (result, "exit-probabilities", exits * classes);
  const GValue *temperatures =
      find_numbers (result, "exit-temperatures", exits);
  const GValue *macs = find_numbers (result, "exit-macs", exits);

  return probabilities != NULL && temperatures != NULL && macs != NULL &&
         read_logits (probabilities, temperatures, exits, classes, logits) &&
         read_costs (macs, exits, costs);
}

gboolean
gst_mx_exits_add (MxCalibrator *calibrator, const MxNetwork *network,
    const GstStructure *result, gint truth, GError **error)
{
  const MxDescription *description = network->description;
  const guint exits = network->program->n_stages;
  g_autofree gfloat *logits = g_new (gfloat, exits * description->n_labels);
  gdouble costs[MX_MAX_EXITS];

  if (!is_of_model (result, network))
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "The results are not of the model \"%s\", which is to be calibrated: "
        "give mxclassify and this element the same model-file.",
        description->name);
  else if (!read_exits (result, exits, description->n_labels, logits, costs))
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "The results do not say what all exits answered: set all-exits=true on "
        "mxclassify.");
  else if (!mx_calibrator_add (calibrator, logits, costs, truth))
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "%" G_GUINT64_FORMAT " windows are all that can be kept: calibrate on "
        "fewer examples.",
        mx_calibrator_get_windows (calibrator));
  else
    return TRUE;
  return FALSE;
}
