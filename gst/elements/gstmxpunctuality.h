/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whether the stream of mxclassify keeps its time: how late its buffers come,
 * how late sinks downstream say they are; what follows for the depth of an
 * answer, and telling it in a QoS message.  Part of the element; the streaming
 * thread's, but for what is said otherwise.
 *
 * In a live pipeline the buffer with running time T is due, by the element's
 * clock, at base time + T + the least latency upstream.  Where no queue
 * follows, a sink may hold it up: it plays the buffer before at base time + its
 * running time + the latency of the pipeline, and only then lets go of the
 * thread.  Up to then none is late.  In pipelines that are not live buffers
 * come when they like. */
#pragma once

#include "mx-session.h"

#include "gstmxanswer.h"
#include "gstmxclassifysettings.h"

#include <gst/audio/audio.h>
#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

typedef struct {
  GstBaseTransform *element;
  guint min_exit, max_exit; /* as in MxPolicy */
  guint64 deadline;
  gboolean qos;

  /* under the element's object lock */
  gboolean unasked;        /* what latency lies upstream */
  gboolean told_latency;   /* or asked for it: `configured` */
  GstClockTime configured; /* latency of the whole pipeline */
  GstClockTime earliest;   /* running time before which a sink would be late */
  GstClockTimeDiff behind; /* what the last QoS event said */
  gdouble proportion;

  gboolean live; /* as upstream said */
  GstClockTime latency;

  /* Of the present buffer. */
  gboolean measured, hurried; /* hurried: by sinks */
  GstClockTimeDiff lateness, jitter;

  GstClockTime duration; /* of the buffer before */
  guint64 processed;     /* samples per channel */
  gint quality;          /* last told */
} GstMxPunctuality;

/* @element: borrowed, and the one whose part this is. */
void gst_mx_punctuality_init (
    GstMxPunctuality *self, GstBaseTransform *element);

/* The element starts: what was before is forgotten. */
void gst_mx_punctuality_start (GstMxPunctuality *self);

/* For the buffer that comes next.  Under the element's object lock. */
void gst_mx_punctuality_set (
    GstMxPunctuality *self, const GstMxClassifySettings *settings);

/* Any event that passes the element, in either direction; any thread. */
void gst_mx_punctuality_see (GstMxPunctuality *self, GstEvent *event);

/* Looks at the clock, if there is a deadline, and at what the sinks said, if
 * the setting `qos` is on.  Where a live pipeline has not told its
 * latency, posts a LATENCY message, once.  @info: what the buffer holds. */
void gst_mx_punctuality_measure (
    GstMxPunctuality *self, GstBuffer *buffer, const GstAudioInfo *info);

/* Of the measured buffer, for mx_session_set_due() and _set_limit(). */
guint64 gst_mx_punctuality_get_due (const GstMxPunctuality *self);
guint gst_mx_punctuality_get_limit (const GstMxPunctuality *self);

/* Posts a QoS message if there is time for another depth than there was. */
void gst_mx_punctuality_tell (GstMxPunctuality *self, const MxResult *result,
    const MxDescription *description, const GstMxTimes *times);

G_END_DECLS
