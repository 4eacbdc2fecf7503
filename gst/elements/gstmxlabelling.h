/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Labels over time: what a long recording holds from when to when.
 *
 * A file labels.csv beside the manifest, or in the folder of the data set, with
 * the columns path, start_s, end_s and label: seconds from the start of the
 * recording, half open.  A label may be empty: something that nobody has named.
 * What no line names is a gap. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* From when to when a recording is labelled. */
typedef struct {
  const gchar *path;  /* of the recording, as GstMxLabelled has it */
  gdouble start, end; /* seconds, start < end */
  const gchar *label; /* NULL: unlabelled */
  gint class_index;   /* among all labels; -1: unlabelled, or not numbered */
  guint line;         /* of labels.csv */
} GstMxStretch;

/* What can be labelled.  Borrowed: stretches point into it. */
typedef struct {
  const gchar *name;     /* of the data set, for messages */
  GHashTable *paths;     /* a set of strings: those of the recordings */
  GStringChunk *strings; /* where labels are kept */
} GstMxLabelled;

/* The stretches that the file in `folder` names, none if there is no file: of
 * GstMxStretch, those of one path together, in the order of time and without
 * overlap.  NULL: an error that names the file, the line, and what was found
 * and expected. */
GArray *gst_mx_labelling_read (
    const GstMxLabelled *labelled, const gchar *folder, GError **error);

/* The same for a text that is already there. */
GArray *gst_mx_labelling_parse (const GstMxLabelled *labelled,
    const gchar *text, gsize size, GError **error);

G_END_DECLS
