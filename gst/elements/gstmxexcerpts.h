/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* One branch of a training pipeline for a network with streamed stages: the
 * stream as the front end hears it, and the examples of it that wait until what
 * their windows look ahead to was heard too.
 *
 * At the end of a stream silence is heard in its place.  Used in the
 * aggregator's thread only. */
#pragma once

#include "gstmxwindows.h"
#include "mx-history.h"
#include "mx-trainer.h"

#include <gst/base/base.h>

G_BEGIN_DECLS

typedef struct {
  MxHistory *history;
  MxSegmentPlan plan;
  gsize step, window;     /* samples: of the front end, of a window */
  GstQueueArray *waiting; /* of GstMxRecording without samples */
  gboolean ended;         /* silence was heard behind the stream */
} GstMxExcerpts;

GstMxExcerpts *gst_mx_excerpts_new (MxDescription *description);
void gst_mx_excerpts_free (GstMxExcerpts *self);

/* Another stream begins; what waits is dropped. */
void gst_mx_excerpts_reset (GstMxExcerpts *self);

/* The samples of a recording go on; of these @own may be in windows of it. */
void gst_mx_excerpts_hear (GstMxExcerpts *self, GstMxRecording *recording,
    const gfloat *samples, gsize frames, gsize own, gsize channels);

/* A recording is complete: takes over what its example holds. */
void gst_mx_excerpts_push (GstMxExcerpts *self, GstMxRecording *recording);

/* The stream ended, or is interrupted. */
void gst_mx_excerpts_end (GstMxExcerpts *self);

/* The next recording all of whose windows can be cut; FALSE: none.  What lies
 * before it, and is no past of its windows, is forgotten. */
gboolean gst_mx_excerpts_pop (GstMxExcerpts *self, GstMxRecording *recording);

/* What window `i` of that recording is trained in; valid until the next call of
 * another function. */
MxSegment gst_mx_excerpts_get (const GstMxExcerpts *self,
    const GstMxWindowing *windowing, const GstMxRecording *recording,
    guint branch, gsize i);

G_END_DECLS
