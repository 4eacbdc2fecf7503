/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a user asks of mxdatasetsrc: its properties, apart from the element. */
#pragma once

#include "gstmxproperties.h"
#include "gstmxsender.h"

G_BEGIN_DECLS

typedef struct {
  gchar *location;
  GstMxChoice choice;
  GstMxSenderSettings sending;
  guint64 cache_size; /* bytes */
} GstMxDatasetSettings;

void gst_mx_dataset_settings_install (GObjectClass *klass);

/* gst_mx_property_get() reads them; while running, the value of `labels` is not
 * the one that was set. */
void gst_mx_dataset_settings_set (
    GstMxDatasetSettings *settings, GParamSpec *pspec, const GValue *value);

/* `to` is overwritten, not cleared. */
void gst_mx_dataset_settings_copy (
    const GstMxDatasetSettings *settings, GstMxDatasetSettings *to);
/* What `shards` and `shard` mean in this process: see mx-group.h. */
gboolean gst_mx_dataset_settings_resolve_shard (
    GstMxDatasetSettings *settings, GError **error);
void gst_mx_dataset_settings_clear (GstMxDatasetSettings *settings);

G_END_DECLS
