/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a user asks of mxdatasetsrc: its properties, apart from the element. */
#pragma once

#include "gstmxsender.h"

G_BEGIN_DECLS

typedef struct {
  gchar *location;
  GstMxChoice choice;
  GstMxSenderSettings sending;
  guint64 cache_size; /* bytes */
} GstMxDatasetSettings;

void gst_mx_dataset_settings_install (GObjectClass *klass);

/* The id of the property `labels`: while running, its value is not the one
 * that was set. */
extern const guint gst_mx_dataset_settings_labels_id;

void gst_mx_dataset_settings_set (
    GstMxDatasetSettings *settings, guint id, const GValue *value);
void gst_mx_dataset_settings_get (
    const GstMxDatasetSettings *settings, guint id, GValue *value);

/* `to` is overwritten, not cleared. */
void gst_mx_dataset_settings_copy (
    const GstMxDatasetSettings *settings, GstMxDatasetSettings *to);
void gst_mx_dataset_settings_clear (GstMxDatasetSettings *settings);

G_END_DECLS
