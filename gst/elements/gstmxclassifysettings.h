/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The properties of mxclassify, and what those that can be set mean for a
 * session. */
#pragma once

#include "mx-network.h"

#include "gstmxproperties.h"
#include "gstmxthresholds.h"
#include "gstmxtimeline.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_MX_POLICY (gst_mx_policy_get_type ())
GType gst_mx_policy_get_type (void);

#define GST_TYPE_MX_STORAGE (gst_mx_storage_get_type ())
GType gst_mx_storage_get_type (void);

typedef struct {
  MxStorage weights;
  guint64 hop; /* ns, 0: the model's */
  GstMxAlignment alignment;
  MxPolicyKind policy;
  gdouble exit_threshold;
  GstMxThresholds exit_thresholds;
  gboolean calibrated;
  gdouble agreement_target;
  guint patience, min_exit, max_exit;
  gdouble budget, difference_threshold;
  guint temporal_patience;
  guint64 deadline; /* ns */
  gboolean qos;
  gboolean all_exits;
  gboolean post_messages, attach_meta;
  guint64 interval; /* ns */
  gboolean on_change;
  gboolean attach_analytics; /* only in a build with analytics */
  gboolean policy_changed;   /* since it was taken */
} GstMxClassifySettings;

/* What the element answers for: read-only, or fit for its model or not. */
enum {
  GST_MX_CLASSIFY_PROP_LABELS = GST_MX_PROPERTY_OTHERS,
  GST_MX_CLASSIFY_PROP_STATS,
  GST_MX_CLASSIFY_PROP_MODEL_FILE,
  GST_MX_CLASSIFY_PROP_EXIT_THRESHOLDS
};

/* For class_init: installs all properties; settings are set at construction. */
void gst_mx_classify_settings_install (GObjectClass *klass);

/* A GInterfaceInitFunc of GstPreset: presets hold how deep to go, and neither
 * model nor stream nor where results go. */
void gst_mx_classify_settings_init_presets (gpointer iface, gpointer data);

/* FALSE: no property of ours, or one of those above.  Under the element's lock,
 * as all that follows. */
gboolean gst_mx_classify_settings_get (
    const GstMxClassifySettings *self, GParamSpec *pspec, GValue *value);

/* NULL: set (g_free).  Else why not, a sentence, and what held still holds.
 * @network: in use; NULL: there is none yet. */
gchar *gst_mx_classify_settings_set_thresholds (
    GstMxClassifySettings *self, const GValue *value, const MxNetwork *network);

/* The same for all others but those above; @known: FALSE for no property of
 * ours. */
gchar *gst_mx_classify_settings_set (GstMxClassifySettings *self,
    GParamSpec *pspec, const GValue *value, const MxNetwork *network,
    gboolean *known);

/* NULL: the network can work with these settings.  Else why not, a sentence
 * (g_free). */
gchar *gst_mx_classify_settings_misfit (
    const GstMxClassifySettings *self, const MxNetwork *network);

void gst_mx_classify_settings_get_policy (
    const GstMxClassifySettings *self, MxPolicy *policy);

/* The same; FALSE: nothing was set since it was taken last. */
gboolean gst_mx_classify_settings_take_policy (
    GstMxClassifySettings *self, MxPolicy *policy);

/* In samples of the model; 0: the model's. */
gsize gst_mx_classify_settings_get_hop (
    const GstMxClassifySettings *self, gsize rate);

G_END_DECLS
