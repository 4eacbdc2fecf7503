/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Two sticky custom downstream events that tell downstream what it hears.
 *
 * GstMxDataset, once, before the first example:
 *   labels      GST_TYPE_ARRAY of string, in class order
 *   examples    guint64, examples in one epoch
 *   epochs      gint, -1: for ever
 *
 * GstMxExample, before the first buffer of each example:
 *   label       string; absent: unlabelled
 *   index       guint64, of the example in its data set
 *   epoch       guint, from 0
 *   split, subject, path   string; absent: unknown
 *
 * They pass tee, queue, audioconvert and any other filter, so that both
 * branches of a training pipeline know what they hear. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  gchar **labels; /* NULL-terminated */
  guint64 examples;
  gint epochs;
} GstMxDataset;

typedef struct {
  gchar *label; /* NULL: unlabelled */
  guint64 index;
  guint epoch;
  gchar *split, *subject, *path; /* NULL: unknown */
} GstMxExample;

GstEvent *gst_mx_dataset_event_new (const GstMxDataset *dataset);
GstEvent *gst_mx_example_event_new (const GstMxExample *example);

/* FALSE if the event is another one or its fields are not as above; then
 * nothing is set.  Free what was set with the _clear function. */
gboolean gst_mx_dataset_event_parse (GstEvent *event, GstMxDataset *dataset);
gboolean gst_mx_example_event_parse (GstEvent *event, GstMxExample *example);

void gst_mx_dataset_clear (GstMxDataset *dataset);
void gst_mx_example_clear (GstMxExample *example);

G_END_DECLS
