/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How trainings that mpirun started stay in step.  Each hears a stream of its
 * own and comes to steps and to ends of epochs when it likes; before anything
 * is done together all say what they want, and all draw the same conclusion.
 * Who is asked for a step takes part with what it has, be it nothing.  A
 * training alone is a group of one.
 *
 * Streaming thread, or no stream. */
#pragma once

#include "mx-group.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum {
  GST_MX_WANT_BEGIN,
  GST_MX_WANT_STEP,  /* with a full batch */
  GST_MX_WANT_LAST,  /* with what is left of one */
  GST_MX_WANT_VALID, /* to measure: nothing more to learn in this epoch */
  GST_MX_WANT_EPOCH, /* nothing more to hear in this epoch */
  GST_MX_WANT_END,   /* nothing more to hear */
  GST_MX_WANT_FAIL,  /* this one goes */
  GST_MX_N_WANTS
} GstMxWant;

typedef enum {
  GST_MX_DECISION_BEGIN,
  GST_MX_DECISION_STEP,
  GST_MX_DECISION_NO_STEP, /* there is a single row */
  GST_MX_DECISION_VALID,
  GST_MX_DECISION_SETTLE, /* the epoch ended for all */
  GST_MX_DECISION_FAIL    /* one of us goes: the others cannot go on */
} GstMxDecision;

/* What each knows, and what all know. */
typedef struct {
  guint64 rows, windows; /* that wait for a step */
  guint64 planned;       /* examples to learn from, in all epochs */
  guint64 heard;         /* of these */
  guint64 heard_windows; /* in the examples heard */
  guint64 labelled;      /* examples heard */
  guint64 due;           /* not 0: rank 0 wants a checkpoint */
} GstMxTally;

typedef struct {
  GstElement *owner; /* not owned: posts the messages */
  gboolean wanted;   /* if mpirun started this process */
  MxGroup *group;    /* NULL: alone */
  gboolean parted;   /* no member waits for another any more */
  GstMxTally tally;  /* of all, when they agreed last */
} GstMxTrainGroup;

/* FALSE: an error was posted. */
gboolean gst_mx_train_group_open (GstMxTrainGroup *self);
void gst_mx_train_group_close (GstMxTrainGroup *self);

/* The one that writes files and tells of the training. */
gboolean gst_mx_train_group_is_first (const GstMxTrainGroup *self);

/* @heeded: whether this was what is wanted here. */
GstMxDecision gst_mx_train_group_agree (GstMxTrainGroup *self, GstMxWant want,
    const GstMxTally *own, gboolean *heeded);

/* Tells the others, unless they know, that this one goes before the end. */
void gst_mx_train_group_leave (GstMxTrainGroup *self);

/* All must call it.  The same as at rank 0? */
gboolean gst_mx_train_group_is_same (GstMxTrainGroup *self, const gchar *text);

/* What rank 0 says of itself, to all. */
gint64 gst_mx_train_group_hear (GstMxTrainGroup *self, gint64 first);
GBytes *gst_mx_train_group_share (GstMxTrainGroup *self, GBytes *first);

G_END_DECLS
