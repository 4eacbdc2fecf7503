/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A result of mxclassify (see gstmxresult.h) with a function for each field.
 * It has a name of its own because GObject knows the meta as GstMxResult.
 *
 * Results come from outside, perhaps from another version or from somebody
 * else's element: a field that is missing or has another type reads as the
 * default said here.  Numbers are given as they are, whatever their range.
 *
 * Immutable and reference-counted: any thread, and longer than the buffer. */
#pragma once

#include <gst/multiexit/multiexit-prelude.h>

G_BEGIN_DECLS

/**
 * GstMxPrediction:
 *
 * What a model found in one window of a stream.
 */
typedef struct _GstMxPrediction GstMxPrediction;

#define GST_TYPE_MX_PREDICTION (gst_mx_prediction_get_type ())
GST_MULTIEXIT_API
GType gst_mx_prediction_get_type (void);

/**
 * gst_mx_prediction_list_from_buffer:
 * @buffer: (transfer none): any buffer
 *
 * The results on a buffer, in order. One that some element put there twice is
 * in the list once; it may still be on another buffer too, see
 * gst_mx_prediction_is_same().
 *
 * Returns: (transfer full) (element-type GstMxPrediction): the results; %NULL
 *   if there are none
 */
GST_MULTIEXIT_API
GList *gst_mx_prediction_list_from_buffer (GstBuffer *buffer);

/**
 * gst_mx_prediction_from_message:
 * @message: (transfer none): any message
 *
 * Returns: (transfer full) (nullable): the result; %NULL if it is another
 *   message
 */
GST_MULTIEXIT_API
GstMxPrediction *gst_mx_prediction_from_message (GstMessage *message);

/**
 * gst_mx_prediction_from_event:
 * @event: (transfer none): any event
 *
 * Returns: (transfer full) (nullable): the result; %NULL if it is another event
 */
GST_MULTIEXIT_API
GstMxPrediction *gst_mx_prediction_from_event (GstEvent *event);

/**
 * gst_mx_prediction_from_structure:
 * @result: a structure of any name and with any fields; it is copied
 *
 * Returns: (transfer full): the result
 */
GST_MULTIEXIT_API
GstMxPrediction *gst_mx_prediction_from_structure (const GstStructure *result);

/**
 * gst_mx_prediction_ref:
 * @self: a prediction
 *
 * Returns: (transfer full): @self
 */
GST_MULTIEXIT_API
GstMxPrediction *gst_mx_prediction_ref (GstMxPrediction *self);

/**
 * gst_mx_prediction_unref:
 * @self: (transfer full): a prediction
 */
GST_MULTIEXIT_API
void gst_mx_prediction_unref (GstMxPrediction *self);

/**
 * gst_mx_prediction_is_same:
 * @self: a prediction
 * @other: another
 *
 * Elements that cut or join buffers put one result on several.
 *
 * Returns: whether both have the same `element` and `sequence`: one result, met
 *   twice. %FALSE if one of them has no `sequence`.
 */
GST_MULTIEXIT_API
gboolean gst_mx_prediction_is_same (
    const GstMxPrediction *self, const GstMxPrediction *other);

/**
 * gst_mx_prediction_get_structure:
 * @self: a prediction
 *
 * Returns: (transfer none): all fields, also those that this library does not
 *   know
 */
GST_MULTIEXIT_API
const GstStructure *gst_mx_prediction_get_structure (
    const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_element:
 * @self: a prediction
 *
 * Returns: (transfer none) (nullable): name of the element that answers; %NULL
 *   by default
 */
GST_MULTIEXIT_API
const gchar *gst_mx_prediction_get_element (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_sequence:
 * @self: a prediction
 *
 * Returns: counts the results of one element, from 0 at its start;
 *   %GST_BUFFER_OFFSET_NONE by default
 */
GST_MULTIEXIT_API
guint64 gst_mx_prediction_get_sequence (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_timestamp:
 * @self: a prediction
 *
 * Returns: timestamp of the window's first sample, in ns; %GST_CLOCK_TIME_NONE
 *   by default, and if the stream has none
 */
GST_MULTIEXIT_API
GstClockTime gst_mx_prediction_get_timestamp (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_stream_time:
 * @self: a prediction
 *
 * Returns: the timestamp as stream time, in ns; %GST_CLOCK_TIME_NONE by default
 */
GST_MULTIEXIT_API
GstClockTime gst_mx_prediction_get_stream_time (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_running_time:
 * @self: a prediction
 *
 * Returns: the timestamp as running time, in ns; %GST_CLOCK_TIME_NONE by
 *   default
 */
GST_MULTIEXIT_API
GstClockTime gst_mx_prediction_get_running_time (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_duration:
 * @self: a prediction
 *
 * Returns: duration of what was heard of the window, in ns;
 *   %GST_CLOCK_TIME_NONE by default
 */
GST_MULTIEXIT_API
GstClockTime gst_mx_prediction_get_duration (const GstMxPrediction *self);

/**
 * gst_mx_prediction_is_finite:
 * @self: a prediction
 *
 * Returns: %FALSE if the model could not answer, because samples were no finite
 *   numbers or too large; %TRUE by default
 */
GST_MULTIEXIT_API
gboolean gst_mx_prediction_is_finite (const GstMxPrediction *self);

/**
 * gst_mx_prediction_is_skipped:
 * @self: a prediction
 *
 * Returns: %TRUE if nothing was computed because the input did not change, and
 *   the answer is the previous one's; %FALSE by default
 */
GST_MULTIEXIT_API
gboolean gst_mx_prediction_is_skipped (const GstMxPrediction *self);

/**
 * gst_mx_prediction_is_limited:
 * @self: a prediction
 *
 * Returns: %TRUE if time ran out before the policy was content; %FALSE by
 *   default
 */
GST_MULTIEXIT_API
gboolean gst_mx_prediction_is_limited (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_exit:
 * @self: a prediction
 *
 * Returns: the exit that answered, counted from 1; 0 by default
 */
GST_MULTIEXIT_API
guint gst_mx_prediction_get_exit (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_exits:
 * @self: a prediction
 *
 * Returns: how many exits the model has; 0 by default
 */
GST_MULTIEXIT_API
guint gst_mx_prediction_get_exits (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_class_index:
 * @self: a prediction
 *
 * Returns: the most probable class (field `class`), counted from 0; -1 by
 *   default
 */
GST_MULTIEXIT_API
gint gst_mx_prediction_get_class_index (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_label:
 * @self: a prediction
 *
 * Returns: (transfer none) (nullable): name of the most probable class; %NULL
 *   by default
 */
GST_MULTIEXIT_API
const gchar *gst_mx_prediction_get_label (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_confidence:
 * @self: a prediction
 *
 * Returns: probability of the most probable class; NaN by default, which is
 *   never above a threshold nor below one
 */
GST_MULTIEXIT_API
gdouble gst_mx_prediction_get_confidence (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_entropy:
 * @self: a prediction
 *
 * Returns: entropy of all probabilities, in nats; NaN by default
 */
GST_MULTIEXIT_API
gdouble gst_mx_prediction_get_entropy (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_probabilities:
 * @self: a prediction
 * @n: (out) (optional): how many
 *
 * Returns: (transfer none) (nullable) (array length=n): one for each class;
 *   %NULL and 0 by default, also if a single one is no gdouble
 */
GST_MULTIEXIT_API
const gdouble *gst_mx_prediction_get_probabilities (
    const GstMxPrediction *self, gsize *n);

/**
 * gst_mx_prediction_get_exit_label:
 * @self: a prediction
 * @exit: counted from 1
 *
 * Returns: (transfer none) (nullable): what this exit would have answered,
 * where the property `all-exits` is set; %NULL by default
 */
GST_MULTIEXIT_API
const gchar *gst_mx_prediction_get_exit_label (
    const GstMxPrediction *self, guint exit);

/**
 * gst_mx_prediction_get_exit_probabilities:
 * @self: a prediction
 * @n: (out) (optional): how many
 *
 * What every exit would have answered, where `mxclassify` was asked with the
 * property `all-exits`: of exit e, counted from 1, and class c, counted from 0,
 * the element (e - 1) * classes + c, of n / exits classes.
 *
 * Returns: (transfer none) (nullable) (array length=n): one for each exit and
 *   class; %NULL and 0 by default, also if a single one is no gdouble
 */
GST_MULTIEXIT_API
const gdouble *gst_mx_prediction_get_exit_probabilities (
    const GstMxPrediction *self, gsize *n);

/**
 * gst_mx_prediction_get_exit_macs:
 * @self: a prediction
 * @n: (out) (optional): how many
 *
 * Returns: (transfer none) (nullable) (array length=n): for each exit, where
 *   the property `all-exits` is set, multiply-accumulates to it, had all
 *   windows gone there; %NULL and 0 by default, also if a single one is no
 *   guint64
 */
GST_MULTIEXIT_API
const guint64 *gst_mx_prediction_get_exit_macs (
    const GstMxPrediction *self, gsize *n);

/**
 * gst_mx_prediction_get_macs:
 * @self: a prediction
 *
 * Returns: multiply-accumulates done; 0 by default
 */
GST_MULTIEXIT_API
guint64 gst_mx_prediction_get_macs (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_macs_full:
 * @self: a prediction
 *
 * Returns: multiply-accumulates of the whole network; 0 by default
 */
GST_MULTIEXIT_API
guint64 gst_mx_prediction_get_macs_full (const GstMxPrediction *self);

/**
 * gst_mx_prediction_get_latency:
 * @self: a prediction
 *
 * Returns: time to compute the answer once the window's last samples were
 *   there, in ns; %GST_CLOCK_TIME_NONE by default
 */
GST_MULTIEXIT_API
GstClockTime gst_mx_prediction_get_latency (const GstMxPrediction *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstMxPrediction, gst_mx_prediction_unref)

G_END_DECLS
