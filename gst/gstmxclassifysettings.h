/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The properties of mxclassify, and what those that can be set mean for a
 * session. */
#pragma once

#include "mx-policy.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_MX_POLICY (gst_mx_policy_get_type ())
GType gst_mx_policy_get_type (void);

typedef struct {
  guint64 hop; /* ns, 0: the model's */
  MxPolicyKind policy;
  gdouble exit_threshold;
  guint patience, min_exit, max_exit;
  gboolean post_messages, attach_meta;
} GstMxClassifySettings;

/* No settings: the element answers for them. */
enum {
  GST_MX_CLASSIFY_PROP_LABELS = 100,
  GST_MX_CLASSIFY_PROP_STATS,
  GST_MX_CLASSIFY_PROP_MODEL_FILE
};

/* For class_init: installs all properties; settings are set at construction. */
void gst_mx_classify_settings_install (GObjectClass *klass);

/* FALSE: no property of ours.  Under the element's lock. */
gboolean gst_mx_classify_settings_set (
    GstMxClassifySettings *self, guint id, const GValue *value);
gboolean gst_mx_classify_settings_get (
    const GstMxClassifySettings *self, guint id, GValue *value);

void gst_mx_classify_settings_get_policy (
    const GstMxClassifySettings *self, MxPolicy *policy);

/* In samples of the model; 0: the model's. */
gsize gst_mx_classify_settings_get_hop (
    const GstMxClassifySettings *self, gsize rate);

G_END_DECLS
