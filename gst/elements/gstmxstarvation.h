/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Tells when one branch of a training waits for the other in vain: the queues
 * are full of it while the other's is empty, or it ended and the other never
 * said a word, or not a word more since a flush took its own end back.  Posts
 * one error in a run. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  GstElement *owner; /* not owned: has the pads, posts the error */
  GstClockID alarm;  /* NULL: not set.  The owner's object lock */
  gint ends[2];      /* atomic: of "clean" and "perturbed", see the source */
  gint posted;       /* atomic */
} GstMxStarvation;

/* `ghost`: a pad of the owner, "clean" or "perturbed". */
void gst_mx_starvation_watch (GstMxStarvation *self, GstPad *ghost);

/* One of the queues, the multiqueue behind these pads, is full. */
void gst_mx_starvation_check (GstMxStarvation *self, GstElement *queues);

/* The run ended; the next may start. */
void gst_mx_starvation_reset (GstMxStarvation *self);

G_END_DECLS
