/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The part of a data set that is sent, and in which order: what the properties
 * split, subjects, labelled-fraction ... of mxdatasetsrc choose. */
#pragma once

#include "gstmxlisting.h"

G_BEGIN_DECLS

typedef struct {
  /* comma-separated names; NULL: no matter */
  gchar *splits, *subjects, *exclude_subjects, *valid_subjects;
  gchar *labels;             /* the class order; NULL: the listing's */
  gint64 start, stop;        /* of what the names leave; stop -1: its end */
  gdouble labelled_fraction; /* of each class, after the names */
  guint labelled_per_class;  /* in its place, if not 0 */
  guint64 seed;
} GstMxChoice;

typedef struct {
  const GstMxListingItem *item;
  gboolean labelled;
  gboolean valid; /* to measure with: by its split or its subject */
} GstMxChosen;

typedef struct {
  gchar **labels; /* in class order */
  GArray *chosen; /* of GstMxChosen, at least one; points into the listing */
  guint n_valid;  /* the last so many are valid */
} GstMxSelection;

/* An error names what was asked for and what there is. */
GstMxSelection *gst_mx_selection_new (
    const GstMxListing *listing, const GstMxChoice *choice, GError **error);
void gst_mx_selection_free (GstMxSelection *selection);

#define gst_mx_selection_chosen(selection, i)                                  \
  (&g_array_index ((selection)->chosen, GstMxChosen, (i)))

/* The order of an epoch: a permutation that depends on nothing but these. */
void gst_mx_selection_shuffle (
    guint32 *order, guint n, guint64 seed, guint epoch);

/* The silent frames, of `spare`, that come before an example laid at a random
 * place; depends on nothing but these.  `chance`: see gst_mx_chance(). */
guint64 gst_mx_selection_place (guint64 spare, guint64 seed, guint64 chance);

G_END_DECLS
