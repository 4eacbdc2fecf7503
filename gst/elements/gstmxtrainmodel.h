/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What is to be trained: an architecture, which may get its labels from the
 * data set, or a model to start from. */
#pragma once

#include "mx-network.h"

G_BEGIN_DECLS

typedef struct {
  gchar *name, *text; /* of an architecture, as it was when it was loaded */
  MxNetwork *loaded;  /* else: the model, as it was in the file */
  MxNetwork *start;   /* the same, with the labels it is trained for */
  MxDescription *description; /* of either; NULL: nothing is loaded.  Rate,
                               * channels and window are as they will be, the
                               * labels only once they were set */
} GstMxTrainModel;

/* One of the files, the other NULL. */
gboolean gst_mx_train_model_load (GstMxTrainModel *self,
    const gchar *architecture, const gchar *model_file, GError **error);
void gst_mx_train_model_clear (GstMxTrainModel *self);

/* @labels: of the data, NULL: it did not say.  @adapt: the exits of a model get
 * them, see mx-relabel.h; else they stay as they are. */
gboolean gst_mx_train_model_set_labels (GstMxTrainModel *self, gchar **labels,
    gboolean adapt, guint64 seed, GError **error);

G_END_DECLS
