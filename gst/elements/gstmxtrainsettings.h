/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The properties of mxtrainsink, and what they mean for the trainer.  Their
 * defaults are those of mx_trainer_config_init(). */
#pragma once

#include "gstmxproperties.h"
#include "gstmxtrainoptions.h"
#include "mx-trainer.h"
#include "mx-validation.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  gchar *model_file, *architecture, *location, *background_label;
  gboolean unloaded; /* model_file or architecture was set since its loading */
  MxObjectiveKind objective;
  gfloat temperature; /* 0: the objective's own */
  GstMxTrainOptions options;
  MxTrainerConfig config; /* with everything else about steps */

  /* of a long run */
  MxValidationMetric valid_metric;
  guint patience;             /* epochs; 0: any number */
  gchar *checkpoint_location; /* NULL: beside location */
  GstClockTime checkpoint_interval;
  gboolean resume;
  gchar *log_location;
  guint log_interval; /* steps */
  gboolean mpi;
} GstMxTrainSettings;

void gst_mx_train_settings_init (GstMxTrainSettings *self);
void gst_mx_train_settings_clear (GstMxTrainSettings *self);

/* For class_init: installs all properties. */
void gst_mx_train_settings_install (GObjectClass *klass);

/* For G_IMPLEMENT_INTERFACE of GST_TYPE_PRESET: presets hold what is learnt and
 * how, not from what, where to or for how long. */
void gst_mx_train_settings_init_presets (gpointer iface, gpointer data);

/* FALSE: no property of ours.  Under the element's lock. */
gboolean gst_mx_train_settings_set (
    GstMxTrainSettings *self, GParamSpec *pspec, const GValue *value);
gboolean gst_mx_train_settings_get (
    const GstMxTrainSettings *self, GParamSpec *pspec, GValue *value);

/* Where checkpoints are; NULL: none are written or read (g_free). */
gchar *gst_mx_train_settings_dup_checkpoint (const GstMxTrainSettings *self);

/* The configuration of a trainer: the weights of the named objective, with the
 * properties that concern it. */
void gst_mx_train_settings_resolve (
    const GstMxTrainSettings *self, MxTrainerConfig *config);

G_END_DECLS
