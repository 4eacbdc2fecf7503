/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Lets the threads of several sources take turns on one pad.  Each waits, in
 * what it pushes, until its example is due: nothing is queued, and the stream
 * is the same whichever thread is first.
 *
 * All functions may be called by any thread, those about samples and events by
 * the streaming thread of their pad.  A flow other than OK is for whoever
 * pushed. */
#pragma once

#include "gstmxmixplan.h"
#include "gstmxsilence.h"

G_BEGIN_DECLS

typedef struct {
  GstElement *owner; /* not owned: whose sink pads are mixed, posts errors */
  GstPad *srcpad;    /* not owned */

  GstClockTime position; /* under the owner's object lock */

  GMutex lock;
  GCond changed;
  /* under the lock */
  GstMxMixPlan *plan;   /* NULL: a source has not yet spoken */
  GstMxMixPad *current; /* whose turn it is, borrowed from the plan */
  GstFlowReturn flow;   /* other than OK: for all, for good */
  gboolean failing;     /* an error is being posted, or was */
  guint64 frames;       /* sent */
  gboolean ended;       /* EOS was sent */
  gboolean discont;     /* the next buffer of whose turn it is */
  GstMxSilence silence; /* of whose turn it is, or who has not yet spoken */

  /* of the thread whose turn it is */
  GstMxMixPad *last; /* whose samples were sent last, not owned */
  guint epoch;
  gboolean greeted;       /* stream start, caps and data set were sent */
  gboolean needs_segment; /* before the next buffer */
} GstMxMixer;

void gst_mx_mixer_init (GstMxMixer *self, GstElement *owner, GstPad *srcpad);
void gst_mx_mixer_clear (GstMxMixer *self);

/* While nothing streams. */
void gst_mx_mixer_reset (GstMxMixer *self);

/* Silence is told of in PLAYING only: live sources have nothing to say before.
 */
void gst_mx_mixer_set_playing (GstMxMixer *self, gboolean playing);

/* Takes the data set. */
void gst_mx_mixer_take_dataset (
    GstMxMixer *self, GstMxMixPad *pad, GstMxDataset *dataset);

/* FALSE: the format is not that of the others; an error was posted. */
gboolean gst_mx_mixer_check_caps (
    GstMxMixer *self, GstMxMixPad *pad, GstCaps *caps);

/* Waits for the turn of the pad.  @event: NULL: the example is cut. */
GstFlowReturn gst_mx_mixer_begin_example (GstMxMixer *self, GstMxMixPad *pad,
    GstEvent *event, const GstMxExample *example);

/* Samples of the present example; takes the buffer, of whole frames. */
GstFlowReturn gst_mx_mixer_push (
    GstMxMixer *self, GstMxMixPad *pad, GstBuffer *buffer);

/* What else belongs to the present example; without one it is dropped. */
GstFlowReturn gst_mx_mixer_pass_on (
    GstMxMixer *self, GstMxMixPad *pad, GstEvent *event);

/* Samples are missing here. */
void gst_mx_mixer_interrupt (GstMxMixer *self, GstMxMixPad *pad);

/* The source has ended. */
GstFlowReturn gst_mx_mixer_end (GstMxMixer *self, GstMxMixPad *pad);

/* Takes the event. */
void gst_mx_mixer_flush (GstMxMixer *self, GstMxMixPad *pad, GstEvent *event);

/* Nobody waits on a pad that is flushing. */
void gst_mx_mixer_set_flushing (
    GstMxMixer *self, GstMxMixPad *pad, gboolean flushing);

/* The pad is no longer the owner's. */
void gst_mx_mixer_forget (GstMxMixer *self, GstMxMixPad *pad);

/* Takes the error, and posts it unless it is a consequence of another one. */
void gst_mx_mixer_fail (GstMxMixer *self, GError *error);

/* NONE: nothing was sent. */
GstClockTime gst_mx_mixer_get_position (GstMxMixer *self);

G_END_DECLS
