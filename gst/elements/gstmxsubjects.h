/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What was answered for each of the subjects that data come from. */
#pragma once

#include <gst/gst.h>

#include "mx-metrics.h"

G_BEGIN_DECLS

/* Further ones count as one, without a name. */
#define GST_MX_SUBJECTS_MAX 10000

typedef struct {
  gchar *name; /* NULL: all that are too many */
  guint64 n, labelled, correct;
  gdouble exit, cost; /* sums over all n */
} GstMxSubject;

typedef struct {
  GArray *all; /* of GstMxSubject, in the order they came */
  GHashTable *by_name;
} GstMxSubjects;

void gst_mx_subjects_init (GstMxSubjects *self);
void gst_mx_subjects_copy (const GstMxSubjects *self, GstMxSubjects *to);
void gst_mx_subjects_clear (GstMxSubjects *self);

void gst_mx_subjects_add (
    GstMxSubjects *self, const gchar *name, const MxOutcome *outcome);

G_END_DECLS
