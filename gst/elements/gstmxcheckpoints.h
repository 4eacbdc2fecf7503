/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Where a training writes its checkpoints and when, and how the next one finds
 * the place in the stream where the last stopped: what comes before it is
 * passed over, so that filters that perturb draw what they drew before.
 *
 * Streaming thread only. */
#pragma once

#include "gstmxexample.h"
#include "mx-checkpoint.h"

G_BEGIN_DECLS

/* Behind a step. */
typedef struct {
  guint64 met;          /* examples, the present one included */
  guint64 windows;      /* of the present one */
  guint64 epoch, index; /* of the present one */
  guint64 allotted;     /* windows of the present one that are heard */
} GstMxPlace;

typedef struct {
  GstElement *owner;     /* not owned: posts the messages */
  gchar *location;       /* NULL: none are written or read */
  GstClockTime interval; /* 0: none are written */
  gboolean resume;

  gint64 last;   /* monotonic time of the last one */
  guint64 step;  /* it is of; 0: there is none */
  gboolean told; /* that it could not be written */

  GstMxPlace place;  /* of the stream */
  GstMxPlace before; /* the place before the present example */
  gboolean entered;  /* the present example is in the books */
  GstMxPlace goal;   /* all before was trained on; met 0: nothing */
} GstMxCheckpoints;

/* A stream begins. */
void gst_mx_checkpoints_begin (GstMxCheckpoints *self);

/* What the last training left; NULL without an error: it left nothing, or is
 * not wanted. */
MxCheckpoint *gst_mx_checkpoints_load (GstMxCheckpoints *self, GError **error);

gboolean gst_mx_checkpoints_is_due (const GstMxCheckpoints *self);

/* @step: done.  A warning, once, if it cannot be written: training goes on, and
 * the one before is still there. */
void gst_mx_checkpoints_write (
    GstMxCheckpoints *self, const MxCheckpoint *checkpoint, guint64 step);

/* The place, into a checkpoint, and out of it as goal. */
#define GST_MX_PLACE_NUMBERS 5
void gst_mx_checkpoints_get_place (
    const GstMxCheckpoints *self, guint64 numbers[GST_MX_PLACE_NUMBERS]);
/* @numbers: out of the tensor @name, where they begin at `first`. */
gboolean gst_mx_checkpoints_set_goal (GstMxCheckpoints *self,
    const MxCheckpoint *checkpoint, const gchar *name, gsize first,
    const guint64 numbers[GST_MX_PLACE_NUMBERS], GError **error);
void gst_mx_checkpoints_put_place (
    const GstMxCheckpoints *self, MxCheckpoint *checkpoint);
gboolean gst_mx_checkpoints_get_goal (
    GstMxCheckpoints *self, const MxCheckpoint *checkpoint, GError **error);

typedef enum {
  GST_MX_PASSAGE_NEW,  /* nobody has heard it */
  GST_MX_PASSAGE_OVER, /* trained on already, at least in part */
  GST_MX_PASSAGE_WRONG /* another stream than before: an error was posted */
} GstMxPassage;

/* The next example or gap; @windows: that it has, and, if it is passed over,
 * those that were heard of it when the checkpoint stopped there. */
GstMxPassage gst_mx_checkpoints_meet (
    GstMxCheckpoints *self, const GstMxExample *example, gsize *windows);

/* The present example is in the books of whoever trains: a checkpoint from here
 * on is of a place in it, not of the place before it. */
void gst_mx_checkpoints_enter (GstMxCheckpoints *self);

/* The next of its windows: whether it is to be trained on. */
gboolean gst_mx_checkpoints_meet_window (GstMxCheckpoints *self);

/* FALSE: the stream ended before it came to where training stopped; an error
 * was posted. */
gboolean gst_mx_checkpoints_end (GstMxCheckpoints *self);

G_END_DECLS
