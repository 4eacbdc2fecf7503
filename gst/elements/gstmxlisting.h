/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Everything a data set holds, in an order that depends on nothing but the
 * names: what `location` of mxdatasetsrc stands for.
 *
 * A folder [split/]label/file, or a manifest.csv with a header line that names
 * at least the columns path and label, and perhaps split and subject.  Paths
 * are relative to the manifest's folder.  A file labels.csv beside it may label
 * recordings over time (gstmxlabelling.h); then the label that one had before
 * no longer counts.  Immutable. */
#pragma once

#include "gstmxlabelling.h"

G_BEGIN_DECLS

typedef struct {
  const gchar *filename;        /* to open */
  const gchar *path;            /* as the data set says it, UTF-8 */
  const gchar *label;           /* NULL: unlabelled */
  const gchar *split, *subject; /* NULL: unknown */
  gint class_index;             /* among the listing's labels, or -1 */
  guint index;                  /* in the listing */
  guint line;                   /* of the manifest; 0: a folder */

  /* In the order of time, without overlap; NULL: `label` is that of the whole
   * recording, otherwise it is NULL. */
  const GstMxStretch *stretches;
  guint n_stretches;
} GstMxListingItem;

typedef struct {
  gchar *name;    /* of the folder or manifest, for messages */
  gchar **labels; /* sorted by their bytes, over all splits */
  GArray *items;  /* of GstMxListingItem */

  gboolean unlabelled; /* a folder of files alone is one, too */
  GArray *stretches;   /* of GstMxStretch */
  GStringChunk *strings;
} GstMxListing;

/* Errors tell where, and what was found and expected. */
GstMxListing *gst_mx_listing_new (const gchar *location, GError **error);

/* Where nobody wants labels: a folder that holds files and no folders is a data
 * set as well, of unlabelled examples. */
GstMxListing *gst_mx_listing_new_unlabelled (
    const gchar *location, GError **error);
void gst_mx_listing_free (GstMxListing *listing);

#define gst_mx_listing_item(listing, i)                                        \
  (&g_array_index ((listing)->items, GstMxListingItem, (i)))

#define gst_mx_listing_stretch(listing, i)                                     \
  (&g_array_index ((listing)->stretches, GstMxStretch, (i)))

/* A GCompareFunc of an array of strings, by their bytes. */
gint gst_mx_listing_compare_names (gconstpointer a, gconstpointer b);

G_END_DECLS
