/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* One branch of a training pipeline: buffers and example events in, whole
 * examples out, with streamed stages when all was heard that their windows look
 * ahead to.  At most one complete example waits; until it is taken no
 * further buffer is, so that both branches stay at the same example.  Used in
 * the aggregator's thread only. */
#pragma once

#include "gstmxexcerpts.h"

#include <gst/base/gstaggregator.h>

G_BEGIN_DECLS

#define GST_TYPE_MX_TRAINER_PAD (gst_mx_trainer_pad_get_type ())
G_DECLARE_FINAL_TYPE (
    GstMxTrainerPad, gst_mx_trainer_pad, GST, MX_TRAINER_PAD, GstAggregatorPad)

struct _GstMxTrainerPad {
  GstAggregatorPad parent;

  GstMxRecording current;  /* being collected */
  GstMxRecording complete; /* the last that was whole */
  gboolean waits;          /* `complete` was not yet taken */
  gboolean hears;          /* an example event came */
  GstMxExcerpts *excerpts; /* NULL: no stage is streamed */
  gint flushed;            /* atomic: set by the thread that flushes */
  GstClockTime position;   /* running time of what was taken */
  gulong end_probe;        /* 0: open */
};

typedef enum {
  GST_MX_TAKE_OK,
  GST_MX_TAKE_NO_EXAMPLE, /* samples before the first example event */
  GST_MX_TAKE_TOO_LONG,
  GST_MX_TAKE_BAD_SIZE /* not a whole number of frames */
} GstMxTake;

/* Forgets the stream; the next one is for this description. */
void gst_mx_trainer_pad_reset (
    GstMxTrainerPad *self, MxDescription *description);

/* An example begins, so the one before is complete.  Takes what `example`
 * holds. */
void gst_mx_trainer_pad_begin (GstMxTrainerPad *self, GstMxExample *example);

/* Takes the next buffer, if no complete example waits; at the end of the
 * stream completes the last example. */
GstMxTake gst_mx_trainer_pad_take (
    GstMxTrainerPad *self, gsize channels, gsize longest);

/* From now on what comes is refused, buffers with GST_FLOW_EOS, also one that
 * waits to be let in; until the next reset. */
void gst_mx_trainer_pad_close (GstMxTrainerPad *self);

/* Nothing waits and nothing will come. */
gboolean gst_mx_trainer_pad_is_done (GstMxTrainerPad *self);

G_END_DECLS
