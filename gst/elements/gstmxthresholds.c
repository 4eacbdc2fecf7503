/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxthresholds.h"

GParamSpec *
gst_mx_thresholds_param_spec (GParamFlags flags)
{
  return gst_param_spec_array ("exit-thresholds", "Exit thresholds",
      "A threshold for each exit, in place of exit-threshold, probabilities; "
      "as many as the model has exits, or one less (the last always answers); "
      "none: exit-threshold holds for all",
      g_param_spec_double ("threshold", "Threshold", "Of one exit", 0, 1, 0,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS),
      flags);
}

gchar *
gst_mx_thresholds_set (GstMxThresholds *self, const GValue *value)
{
  GstMxThresholds found = {.n = gst_value_array_get_size (value)};

  if (found.n > MX_MAX_EXITS)
    return g_strdup_printf ("Property exit-thresholds got %u thresholds, but "
                            "no model has more than %d exits",
        found.n, MX_MAX_EXITS);
  for (guint i = 0; i < found.n; i++)
    found.values[i] = g_value_get_double (gst_value_array_get_value (value, i));
  *self = found;
  return NULL;
}

void
gst_mx_thresholds_get (const GstMxThresholds *self, GValue *value)
{
  for (guint i = 0; i < self->n; i++) {
    GValue threshold = G_VALUE_INIT;

    g_value_init (&threshold, G_TYPE_DOUBLE);
    g_value_set_double (&threshold, self->values[i]);
    gst_value_array_append_and_take_value (value, &threshold);
  }
}

gboolean
gst_mx_thresholds_fit (const GstMxThresholds *self, guint n_exits)
{
  return self->n == 0 || self->n == n_exits || self->n + 1 == n_exits;
}

void
gst_mx_thresholds_apply (
    const GstMxThresholds *self, gdouble exit_threshold, MxPolicy *policy)
{
  for (guint i = 0; i < MX_MAX_EXITS; i++)
    policy->threshold[i] = i < self->n ? self->values[i] : exit_threshold;
}
