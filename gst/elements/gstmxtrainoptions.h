/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The properties of mxtrainsink that are off unless asked for: weights of exits
 * and classes, smoothed and mixed labels, averages of the weights, what stays
 * of a model to start from. */
#pragma once

#include "mx-trainer.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum {
  GST_MX_CLASS_BALANCE_NONE,
  GST_MX_CLASS_BALANCE_WEIGHTS,
} GstMxClassBalance;

typedef enum {
  GST_MX_NORMALISE_DESCRIBED,
  GST_MX_NORMALISE_AUTO,
} GstMxNormalise;

typedef struct {
  GstMxClassBalance class_balance;
  gfloat smoothing;
  gdouble mixup, teacher_average, average_weights;
  gboolean adapt_labels;
  GstMxNormalise normalise;
  guint normalise_windows;
  guint freeze_stages;
  gboolean freeze_exits;
  guint n_exit_weights; /* may be more than there is room for */
  gfloat exit_weights[MX_MAX_EXITS];
} GstMxTrainOptions;

void gst_mx_train_options_init (GstMxTrainOptions *self);

/* For class_init: installs the properties; @offset: of these options in the
 * struct that gst_mx_property_set() is given. */
void gst_mx_train_options_install (GObjectClass *klass, gsize offset);

/* The one property that is no member of the struct; FALSE: another one. */
gboolean gst_mx_train_options_set (
    GstMxTrainOptions *self, GParamSpec *pspec, const GValue *value);
gboolean gst_mx_train_options_get (
    const GstMxTrainOptions *self, GParamSpec *pspec, GValue *value);

/* NULL: they fit a network of so many exits.  Else what is wrong, a sentence
 * (g_free). */
gchar *gst_mx_train_options_misfit (
    const GstMxTrainOptions *self, guint n_exits);

/* Windows to hold back until the data are normalised; 0: none. */
guint gst_mx_train_options_hold (const GstMxTrainOptions *self);

/* Only those that fit. */
void gst_mx_train_options_apply (
    const GstMxTrainOptions *self, MxTrainerConfig *config);

G_END_DECLS
