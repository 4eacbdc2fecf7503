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
 * Elements downstream may put one meta on several buffers: `sequence` tells
 * them apart, with `element` if there are several mxclassify in a row. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_MX_RESULT_META_NAME "GstMxResult"

/* Registers the meta; any thread, any number of times. */
const GstMetaInfo *gst_mx_result_meta_get_info (void);

/* @buffer must be writable.  Takes a copy of the fields of `result` (a
 * structure of any name). */
GstCustomMeta *gst_mx_result_meta_add (
    GstBuffer *buffer, const GstStructure *result);

/* Calls `func` for each result on the buffer, in order; stops at FALSE. */
typedef gboolean (*GstMxResultFunc) (
    const GstStructure *result, gpointer user_data);
void gst_mx_result_meta_foreach (
    GstBuffer *buffer, GstMxResultFunc func, gpointer user_data);

/* The result of a recording that is over.  Takes a copy of the fields. */
GstEvent *gst_mx_result_event_new (const GstStructure *result);

/* NULL if it is another event; else valid as long as the event. */
const GstStructure *gst_mx_result_event_parse (GstEvent *event);

G_END_DECLS
