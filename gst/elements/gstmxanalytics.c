/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxanalytics.h"

#include <gst/analytics/analytics.h>

void
gst_mx_analytics_attach (
    GstBuffer *buffer, const MxResult *result, const MxDescription *description)
{
  gsize n = description->n_labels;
  GstAnalyticsRelationMeta *meta;
  g_autofree GQuark *labels = NULL;
  g_autofree gfloat *levels = NULL;
  GstAnalyticsClsMtd mtd;

  if (!result->finite)
    return;
  labels = g_new (GQuark, n);
  for (gsize i = 0; i < n; i++)
    labels[i] = g_quark_from_string (description->labels[i]);
  levels = g_memdup2 (result->probabilities, n * sizeof (gfloat));
  meta = gst_buffer_get_analytics_relation_meta (buffer);
  if (meta == NULL)
    meta = gst_buffer_add_analytics_relation_meta (buffer);
  gst_analytics_relation_meta_add_cls_mtd (meta, n, levels, labels, &mtd);
}
