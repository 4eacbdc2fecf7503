/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Tells the world what mxclassify hears: a meta or an event, a message, the
 * statistics.  Part of the element; the streaming thread's, but for the
 * tally. */
#pragma once

#include "gstmxanswer.h"
#include "gstmxclassifysettings.h"
#include "gstmxlimiter.h"
#include "gstmxtally.h"

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

typedef struct {
  GstBaseTransform *element;
  gboolean attach, post; /* the settings, for the present buffer */
  gboolean analytics;    /* likewise */
  GstMxLimiter limiter;  /* its settings too */
  GstBuffer *buffer;     /* being heard: takes the results; or NULL */
  guint64 sequence;
  gboolean warned; /* of bad samples in this stream */
  guint loud; /* windows in a row, in this stream, beyond any training data */
  GstMxTally tally; /* since _start(); under the element's object lock */
} GstMxAnnouncer;

/* @element: borrowed, and the one whose part this is. */
void gst_mx_announcer_init (GstMxAnnouncer *self, GstBaseTransform *element);

/* In any thread, when the settings have changed: results need buffers that can
 * be written. */
void gst_mx_announcer_follow (
    GstMxAnnouncer *self, const GstMxClassifySettings *settings);

/* For the buffer that comes next.  Under the element's object lock. */
void gst_mx_announcer_set (GstMxAnnouncer *self,
    const GstMxClassifySettings *settings, GstBuffer *buffer);

/* The element begins to answer, with a model of so many exits. */
void gst_mx_announcer_start (GstMxAnnouncer *self, guint n_exits);

/* Another model answers too. */
void gst_mx_announcer_widen (GstMxAnnouncer *self, guint n_exits);

/* Another stream: what was said of the last one may be said again. */
void gst_mx_announcer_forget_stream (GstMxAnnouncer *self);

/* The stream was flushed. */
void gst_mx_announcer_forget_results (GstMxAnnouncer *self);

/* A GstMxListenerFunc. */
void gst_mx_announcer_tell (const MxDescription *description,
    const MxResult *result, const GstMxTimes *times, gpointer self);

G_END_DECLS
