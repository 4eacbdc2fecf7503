/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A stream as recordings: where events and buffers begin and end them, and in
 * which order answers and events leave.  Part of mxclassify; the streaming
 * thread's. */
#pragma once

#include "gstmxlistener.h"

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

/* Sends the event on its way, and takes it. */
typedef gboolean (*GstMxForwardFunc) (
    GstBaseTransform *element, GstEvent *event);

typedef struct {
  GstBaseTransform *element;
  GstMxForwardFunc forward;
  GstMxListener *listener; /* the element's to set; owned */
  GQueue held;             /* events that wait for what is before them */
} GstMxHearing;

/* @element: borrowed, and the one whose part this is. */
void gst_mx_hearing_init (
    GstMxHearing *self, GstBaseTransform *element, GstMxForwardFunc forward);

/* Nothing more comes: drops listener and events. */
void gst_mx_hearing_clear (GstMxHearing *self);

/* The recording is over: its answer, then the events that waited. */
void gst_mx_hearing_finish (GstMxHearing *self);

/* Before the event goes on: does to the recording what it says.  TRUE: the
 * event was taken, and goes on later or has gone. */
gboolean gst_mx_hearing_take_event (GstMxHearing *self, GstEvent *event);

/* Before the buffer is heard: it goes on with the recording, or begins
 * another. */
void gst_mx_hearing_meet (GstMxHearing *self, GstBuffer *buffer);

G_END_DECLS
