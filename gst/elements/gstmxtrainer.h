/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The inner element of mxtrainsink: collects examples on its pads `clean` and
 * `perturbed`, pairs their windows and trains.  Its source pad gives an empty
 * buffer for each pair, so that the sink behind it prerolls, and holds training
 * back while the pipeline is paused. */
#pragma once

#include "gstmxtrainrun.h"

#include <gst/base/gstaggregator.h>

G_BEGIN_DECLS

#define GST_TYPE_MX_TRAINER (gst_mx_trainer_get_type ())
G_DECLARE_FINAL_TYPE (
    GstMxTrainer, gst_mx_trainer, GST, MX_TRAINER, GstAggregator)

/* @owner: posts the messages and outlives it. */
GstElement *gst_mx_trainer_new (GstElement *owner);

/* What will be trained, from one of the files, the other NULL; the caps of the
 * pads follow.  The description is the trainer's, until it unloads. */
const MxDescription *gst_mx_trainer_load (GstMxTrainer *self,
    const gchar *architecture, const gchar *model_file, GError **error);
void gst_mx_trainer_unload (GstMxTrainer *self);

/* Before the next start. */
void gst_mx_trainer_configure (
    GstMxTrainer *self, const GstMxTrainSettings *settings);

G_END_DECLS
