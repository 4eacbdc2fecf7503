/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A source of mxmix: what it announced, which example it is at, and what that
 * example is called in the mixed stream. */
#pragma once

#include "gstmxexample.h"

#include <gst/audio/audio.h>

G_BEGIN_DECLS

#define GST_TYPE_MX_MIX_PAD (gst_mx_mix_pad_get_type ())
G_DECLARE_FINAL_TYPE (GstMxMixPad, gst_mx_mix_pad, GST, MX_MIX_PAD, GstPad)

struct _GstMxMixPad {
  GstPad parent;

  /* under its object lock */
  guint share;
  GstClockTime example_duration; /* 0: example events say where they end */

  guint number; /* in its name */

  /* under the lock of the mix */
  gboolean announced; /* its data set, its first example or its end */
  gboolean ended, flushing;
  gboolean flushes_on; /* the flush went downstream */
  GstMxDataset dataset;
  gboolean has_dataset;
  guint position; /* among the sources, from 0 */
  gboolean mixes; /* it is one of them */

  /* of its streaming thread */
  GstAudioInfo info;
  GstEvent *event;      /* of the present example; NULL: it was cut */
  gboolean began;       /* there is a present example */
  GstMxExample example; /* this one, without its texts */
  guint repeat;         /* in the mixed stream */
  guint64 left, cut;    /* frames of the example being cut; examples cut */
  GHashTable *met;      /* index -> how often in this epoch */
  guint epoch;          /* of the mixed stream, that `met` is about */
};

/* As a stream begins. */
void gst_mx_mix_pad_reset (GstMxMixPad *self);

/* The next part is of the recording that the last one was of. */
gboolean gst_mx_mix_pad_goes_on (
    const GstMxMixPad *self, const GstMxExample *example);

/* The event of the mixed stream for an example in its turn.  @epoch: of the
 * mix; the source that leads keeps its own, and its repeats.  @sources: how
 * many there are. */
GstEvent *gst_mx_mix_pad_translate (
    GstMxMixPad *self, const GstMxExample *example, guint epoch, guint sources);

/* Whether a stream without example events is cut into examples. */
gboolean gst_mx_mix_pad_may_cut (const GstMxMixPad *self);

/* The next one to cut begins. */
void gst_mx_mix_pad_begin_cut (GstMxMixPad *self);

/* What of the buffer belongs to it, without a copy of the samples; the buffer
 * is left the rest, or taken: NULL. */
GstBuffer *gst_mx_mix_pad_split (GstMxMixPad *self, GstBuffer **buffer);

/* The names of those that others wait for (g_free): @current, whose turn it is,
 * or, if it is NULL, all of the owner's that are linked and have not spoken. */
gchar *gst_mx_mix_pad_list_silent (
    GstElement *owner, const GstMxMixPad *current);

G_END_DECLS
