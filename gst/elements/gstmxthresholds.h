/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The property `exit-thresholds` of mxclassify: a threshold for each exit. */
#pragma once

#include "mx-policy.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  guint n; /* 0: none is set, `exit-threshold` holds everywhere */
  gdouble values[MX_MAX_EXITS];
} GstMxThresholds;

GParamSpec *gst_mx_thresholds_param_spec (GParamFlags flags);

/* @value: that the param spec has let pass.  NULL: set.  Else what is wrong
 * with it, a sentence (g_free), and nothing has changed. */
gchar *gst_mx_thresholds_set (GstMxThresholds *self, const GValue *value);
void gst_mx_thresholds_get (const GstMxThresholds *self, GValue *value);

/* None, or one for each exit of a model, or for each but the last, which always
 * answers. */
gboolean gst_mx_thresholds_fit (const GstMxThresholds *self, guint n_exits);

/* @policy: all its thresholds are set. */
void gst_mx_thresholds_apply (
    const GstMxThresholds *self, gdouble exit_threshold, MxPolicy *policy);

G_END_DECLS
