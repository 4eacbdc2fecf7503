/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* All properties of mxperturb.  The element guards them with its lock and
 * works with a copy. */
#pragma once

#include "gstmxperturbvalues.h"
#include "gstmxproperties.h"

G_BEGIN_DECLS

typedef struct {
  GstMxPerturbValues values;
  guint64 seed;
  GArray *rest, *scale; /* of float per channel; NULL: not set.  Never changed
                           but replaced, so copies can share them. */
  GstClockTime max_duration, block;
  gboolean attach_meta;
} GstMxPerturbSettings;

void gst_mx_perturb_settings_init (GstMxPerturbSettings *self);
void gst_mx_perturb_settings_clear (GstMxPerturbSettings *self);
GstMxPerturbSettings gst_mx_perturb_settings_copy (
    const GstMxPerturbSettings *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (
    GstMxPerturbSettings, gst_mx_perturb_settings_clear)

/* For G_IMPLEMENT_INTERFACE of GST_TYPE_PRESET: presets hold the recipe and
 * its values, not what belongs to one data set or one run. */
void gst_mx_perturb_settings_init_presets (gpointer iface, gpointer data);

void gst_mx_perturb_settings_install (GObjectClass *klass);
void gst_mx_perturb_settings_set (
    GstMxPerturbSettings *self, GParamSpec *pspec, const GValue *value);
/* @rate: as above. */
void gst_mx_perturb_settings_get (const GstMxPerturbSettings *self,
    GParamSpec *pspec, guint rate, GValue *value);

/* @stream: of chance, beside the seed.  FALSE if a property does not fit the
 * signal. */
gboolean gst_mx_perturb_settings_apply (const GstMxPerturbSettings *self,
    MxPerturb *perturb, guint64 stream, MxSignal *signal, MxPerturbed *done,
    GError **error);

G_END_DECLS
