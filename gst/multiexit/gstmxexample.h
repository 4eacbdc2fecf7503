/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Two sticky custom downstream events that tell downstream what it hears.
 *
 * GstMxDataset, once, before the first example:
 *   labels      GST_TYPE_ARRAY of string, in class order
 *   examples    guint64, examples in one epoch
 *   epochs      gint, -1: for ever
 *   valid       guint64, of these examples so many are of the split "valid";
 *               absent: none
 *
 * GstMxExample, before the first buffer of each example:
 *   label       string; absent: unlabelled
 *   index       guint64, of the example in its data set
 *   epoch       guint, from 0
 *   repeat      guint, how often the example came in this epoch before; absent:
 *               0.  So what is drawn for it is drawn anew each time
 *   split, subject, path   string; absent: unknown.  Examples of the split
 *               "valid" are there to measure with and not to learn from
 *   gap         boolean; TRUE: nothing that has a label is heard from here on:
 *               silence, background, a stretch between two labels.  There is
 *               no label then; index and epoch are those of the example that
 *               comes next or, where none does, of the one before
 *   duration    guint64, ns, of what is announced, in a stream where examples
 *               follow each other without DISCONT; absent: until the next
 *               event or DISCONT
 *
 * They pass tee, queue, audioconvert and any other filter, so that both
 * branches of a training pipeline know what they hear. */
#pragma once

#include <gst/multiexit/multiexit-prelude.h>

G_BEGIN_DECLS

/**
 * GST_MX_SPLIT_VALID:
 *
 * The split whose examples nothing is learnt from while a network is trained on
 * the others: they tell how good it is.
 */
#define GST_MX_SPLIT_VALID "valid"

/**
 * GstMxDataset:
 * @labels: (array zero-terminated=1) (nullable): in class order
 * @examples: in one epoch
 * @epochs: -1: for ever
 * @valid: so many of the examples are of the split #GST_MX_SPLIT_VALID
 *
 * What a stream will contain.
 */
typedef struct {
  gchar **labels;
  guint64 examples;
  gint epochs;
  guint64 valid;

  /*< private >*/
  gpointer _gst_reserved[GST_PADDING];
} GstMxDataset;

/**
 * GstMxExample:
 * @label: (nullable): %NULL: unlabelled
 * @index: of the example in its data set
 * @epoch: from 0
 * @split: (nullable): %NULL: unknown
 * @subject: (nullable): who or what was recorded; %NULL: unknown
 * @path: (nullable): %NULL: unknown
 * @duration: in nanoseconds; 0: until the next event or DISCONT
 * @gap: nothing that has a label is heard; @label is %NULL then
 * @repeat: how often it came in this epoch before
 *
 * What a stream contains from here on.
 */
typedef struct {
  gchar *label;
  guint64 index;
  guint epoch;
  gchar *split, *subject, *path;
  GstClockTime duration;
  gboolean gap;
  guint repeat;

  /*< private >*/
  gpointer _gst_reserved[GST_PADDING];
} GstMxExample;

#define GST_TYPE_MX_DATASET (gst_mx_dataset_get_type ())
GST_MULTIEXIT_API
GType gst_mx_dataset_get_type (void);

#define GST_TYPE_MX_EXAMPLE (gst_mx_example_get_type ())
GST_MULTIEXIT_API
GType gst_mx_example_get_type (void);

/**
 * gst_mx_dataset_event_new:
 * @dataset: with at least -1 epochs; it is copied
 *
 * Returns: (transfer full): an event to send before the first example
 */
GST_MULTIEXIT_API
GstEvent *gst_mx_dataset_event_new (const GstMxDataset *dataset);

/**
 * gst_mx_example_event_new:
 * @example: it is copied
 *
 * Returns: (transfer full): an event to send before the example's first buffer
 */
GST_MULTIEXIT_API
GstEvent *gst_mx_example_event_new (const GstMxExample *example);

/**
 * gst_mx_dataset_event_parse: (skip)
 * @event: any event
 * @dataset: free what is set with gst_mx_dataset_clear()
 *
 * Returns: %FALSE if the event is another one or its fields are not as above;
 *   then nothing is set
 */
GST_MULTIEXIT_API
gboolean gst_mx_dataset_event_parse (GstEvent *event, GstMxDataset *dataset);

/**
 * gst_mx_example_event_parse: (skip)
 * @event: any event
 * @example: free what is set with gst_mx_example_clear()
 *
 * Returns: %FALSE if the event is another one or its fields are not as above;
 *   then nothing is set
 */
GST_MULTIEXIT_API
gboolean gst_mx_example_event_parse (GstEvent *event, GstMxExample *example);

/**
 * gst_mx_dataset_clear: (skip)
 * @dataset: frees what it holds
 */
GST_MULTIEXIT_API
void gst_mx_dataset_clear (GstMxDataset *dataset);

/**
 * gst_mx_example_clear: (skip)
 * @example: frees what it holds
 */
GST_MULTIEXIT_API
void gst_mx_example_clear (GstMxExample *example);

/* On the heap, as languages other than C need them. */

/**
 * gst_mx_dataset_new:
 * @labels: (array zero-terminated=1) (nullable): in class order
 * @examples: in one epoch
 * @epochs: -1: for ever
 *
 * Returns: (transfer full): a data set
 */
GST_MULTIEXIT_API
GstMxDataset *gst_mx_dataset_new (
    const gchar *const *labels, guint64 examples, gint epochs);

/**
 * gst_mx_example_new:
 * @label: (nullable): %NULL: unlabelled
 * @index: of the example in its data set
 * @epoch: from 0
 * @split: (nullable): %NULL: unknown
 * @subject: (nullable): who or what was recorded; %NULL: unknown
 * @path: (nullable): %NULL: unknown
 *
 * Returns: (transfer full): an example
 */
GST_MULTIEXIT_API
GstMxExample *gst_mx_example_new (const gchar *label, guint64 index,
    guint epoch, const gchar *split, const gchar *subject, const gchar *path);

/**
 * gst_mx_dataset_from_event:
 * @event: (transfer none): any event
 *
 * Returns: (transfer full) (nullable): see gst_mx_dataset_event_parse()
 */
GST_MULTIEXIT_API
GstMxDataset *gst_mx_dataset_from_event (GstEvent *event);

/**
 * gst_mx_example_from_event:
 * @event: (transfer none): any event
 *
 * Returns: (transfer full) (nullable): see gst_mx_example_event_parse()
 */
GST_MULTIEXIT_API
GstMxExample *gst_mx_example_from_event (GstEvent *event);

/**
 * gst_mx_dataset_copy:
 * @dataset: a data set
 *
 * Returns: (transfer full): a copy
 */
GST_MULTIEXIT_API
GstMxDataset *gst_mx_dataset_copy (const GstMxDataset *dataset);

/**
 * gst_mx_example_copy:
 * @example: an example
 *
 * Returns: (transfer full): a copy
 */
GST_MULTIEXIT_API
GstMxExample *gst_mx_example_copy (const GstMxExample *example);

/**
 * gst_mx_dataset_free:
 * @dataset: (transfer full): one from the heap
 */
GST_MULTIEXIT_API
void gst_mx_dataset_free (GstMxDataset *dataset);

/**
 * gst_mx_example_free:
 * @example: (transfer full): one from the heap
 */
GST_MULTIEXIT_API
void gst_mx_example_free (GstMxExample *example);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstMxDataset, gst_mx_dataset_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstMxExample, gst_mx_example_free)

G_END_DECLS
