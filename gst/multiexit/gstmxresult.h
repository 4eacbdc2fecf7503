/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The answer for one window, as a GstStructure: on the buffer that completes
 * the window (custom meta "GstMxResult", without tags, so that it survives
 * audio filters) and as the element message "mxclassify".  What is complete
 * only when a recording has ended and its buffers are gone, such as one shorter
 * than a window, comes as a serialized custom downstream event "GstMxResult".
 *
 *   element        string, the name of the element that answers
 *   sequence       guint64, counts the answers of one element
 *   timestamp      GstClockTime of the window's first sample
 *   stream-time, running-time, duration    GstClockTime
 *   finite         gboolean, FALSE: the window has samples that are no finite
 *                  numbers, or too large for the model; all labels are equally
 *                  probable, and `class` is the first
 *   skipped        gboolean, TRUE: nothing was computed, because the input did
 *                  not change; the answer is the previous one's
 *   limited        gboolean, TRUE: time ran out before the policy was content
 *   exit, exits    guint, the exit that answered (from 1), and how many
 *   class          guint, index of the label
 *   label          string
 *   confidence     gdouble, 0..1
 *   entropy        gdouble, nats
 *   probabilities  GST_TYPE_ARRAY of gdouble, in class order
 *   macs, macs-full    guint64, multiply-accumulates done, and to the last exit
 *   latency        GstClockTime, computing time of this answer
 *   skipped        gboolean, TRUE: nothing was computed, because the input did
 *                  not change; the answer, its exit too, is the last one
 *   limited        gboolean, TRUE: the policy would have gone deeper, but there
 *                  was no time
 *
 * With the property `all-exits` of mxclassify also:
 *
 *   exit-labels    GST_TYPE_ARRAY of string: what each exit would have answered
 *   exit-probabilities  GST_TYPE_ARRAY of gdouble: exits times classes, those
 *                  of exit 1 first, each exit's in class order
 *   exit-temperatures  GST_TYPE_ARRAY of gdouble: for each exit, what its
 * logits were divided by; 1 where nothing is calibrated exit-macs
 * GST_TYPE_ARRAY of guint64: for each exit, multiply-accumulates to it, had all
 * windows gone there; the last is `macs-full`
 *
 * Elements downstream may put one meta on several buffers: `sequence` tells
 * them apart, with `element` if there are several mxclassify in a row.
 *
 * These functions give and take the structure, for elements.  To read its
 * fields see gstmxprediction.h. */
#pragma once

#include <gst/multiexit/multiexit-prelude.h>

G_BEGIN_DECLS

#define GST_MX_RESULT_META_NAME "GstMxResult"
#define GST_MX_RESULT_MESSAGE_NAME "mxclassify"

/**
 * gst_mx_result_meta_get_info:
 *
 * Registers the meta. Any thread, any number of times; the plugin and all that
 * link this library get the same.
 *
 * Returns: (transfer none): information about the meta `GstMxResult`
 */
GST_MULTIEXIT_API
const GstMetaInfo *gst_mx_result_meta_get_info (void);

/**
 * gst_mx_result_meta_add:
 * @buffer: (transfer none): a writable buffer
 * @result: a structure of any name; its fields are copied
 *
 * Attaches a result to a buffer, behind those that are there.
 *
 * Returns: (transfer none): the meta, which belongs to the buffer
 */
GST_MULTIEXIT_API
GstCustomMeta *gst_mx_result_meta_add (
    GstBuffer *buffer, const GstStructure *result);

/**
 * gst_mx_result_meta_take:
 * @buffer: (transfer none): a writable buffer
 * @result: (transfer full): a structure of any name
 *
 * As gst_mx_result_meta_add(), for who needs the structure no more: nothing is
 * copied.
 *
 * Returns: (transfer none): the meta, which belongs to the buffer
 */
GST_MULTIEXIT_API
GstCustomMeta *gst_mx_result_meta_take (
    GstBuffer *buffer, GstStructure *result);

/**
 * GstMxResultFunc:
 * @result: valid until the function returns
 * @user_data: what was given to gst_mx_result_meta_foreach()
 *
 * Returns: %FALSE to see no more
 */
typedef gboolean (*GstMxResultFunc) (
    const GstStructure *result, gpointer user_data);

/**
 * gst_mx_result_meta_foreach:
 * @buffer: (transfer none): a buffer
 * @func: (scope call) (closure user_data): what to call
 * @user_data: what to give it
 *
 * Calls a function for each result on the buffer, in order, until it returns
 * %FALSE. It neither allocates nor copies; a result that is there twice is seen
 * twice.
 */
GST_MULTIEXIT_API
void gst_mx_result_meta_foreach (
    GstBuffer *buffer, GstMxResultFunc func, gpointer user_data);

/**
 * gst_mx_result_event_new:
 * @result: a structure of any name; its fields are copied
 *
 * Returns: (transfer full): a serialized downstream event with the result of a
 *   recording that is over
 */
GST_MULTIEXIT_API
GstEvent *gst_mx_result_event_new (const GstStructure *result);

/**
 * gst_mx_result_event_parse:
 * @event: (transfer none): any event
 *
 * Returns: (transfer none) (nullable): the result, valid as long as the event;
 *   %NULL if it is another event
 */
GST_MULTIEXIT_API
const GstStructure *gst_mx_result_event_parse (GstEvent *event);

G_END_DECLS
