/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Buffers that wait until their samples have been worked on, seen as one long
 * signal, and the events that wait between them.
 *
 *   gathered   [....................]   frames of all waiting buffers
 *   ready      [............]           worked on: whole buffers may leave
 *
 * For one streaming thread. */
#pragma once

#include <gst/base/gstqueuearray.h>
#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  gsize channels;         /* of interleaved floats */
  gsize frames, ready;    /* gathered, and of them worked on */
  GstQueueArray *waiting; /* in stream order */
  gfloat *samples;        /* [frames][channels] */
  gsize capacity;         /* in samples */
} GstMxGather;

void gst_mx_gather_init (GstMxGather *self);
void gst_mx_gather_clear (GstMxGather *self);
/* Drops what waits. */
void gst_mx_gather_forget (GstMxGather *self);
/* The same, but events that hold from now on, the sticky ones, are sent. */
void gst_mx_gather_flush (GstMxGather *self, GstPad *pad);

/* Takes a buffer of whole frames. */
void gst_mx_gather_buffer (GstMxGather *self, GstBuffer *buffer);
/* Takes the event and returns TRUE if there is something it has to wait for. */
gboolean gst_mx_gather_event (GstMxGather *self, GstEvent *event);

/* PTS of the buffer that leaves next. */
GstClockTime gst_mx_gather_time (const GstMxGather *self);
/* The frames to work on next, until more are gathered. */
gfloat *gst_mx_gather_next (const GstMxGather *self);
gsize gst_mx_gather_left (const GstMxGather *self);
/* A custom meta of that name and with those fields to each buffer that has
 * samples in the next @n frames. */
void gst_mx_gather_add_meta (
    GstMxGather *self, gsize n, const GstStructure *fields);
void gst_mx_gather_advance (GstMxGather *self, gsize n);

/* What is ready: with its timestamps, flags and metas.  A buffer whose samples
 * did not change is the one that came; one that did is no gap. */
GstFlowReturn gst_mx_gather_push (GstMxGather *self, GstPad *pad);

G_END_DECLS
