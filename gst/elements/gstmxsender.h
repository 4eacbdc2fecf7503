/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Turns a selection into a stream: which example is next, in which silence or
 * behind which gap it lies, the events ahead of it, buffers of up to a second,
 * timestamps. */
#pragma once

#include "gstmxcontinuity.h"
#include "gstmxorder.h"
#include "gstmxrecordings.h"

G_BEGIN_DECLS

typedef enum {
  GST_MX_PAD_POSITION_RANDOM,
  GST_MX_PAD_POSITION_CENTRE,
} GstMxPadPosition;

typedef enum {
  GST_MX_MODE_ISOLATED,
  GST_MX_MODE_CONTINUOUS,
} GstMxMode;

typedef struct {
  gint epochs; /* -1: for ever */
  GstMxOrderSettings order;
  GstMxMode mode;

  /* isolated */
  GstClockTime pad_to; /* 0: examples stay as long as they are */
  GstMxPadPosition pad_position;

  GstMxContinuity continuity; /* continuous */
} GstMxSenderSettings;

typedef struct _GstMxSender GstMxSender;

/* `selection` and `recordings` must outlive it. */
GstMxSender *gst_mx_sender_new (const GstMxSelection *selection,
    GstMxRecordings *recordings, const GstMxSenderSettings *settings);
void gst_mx_sender_free (GstMxSender *sender);

/* In an epoch. */
guint64 gst_mx_sender_get_examples (const GstMxSender *sender);

/* Before the first buffer.  Later, time goes on, and an example of which a
 * part was sent in the old format comes again from its start. */
void gst_mx_sender_set_format (GstMxSender *sender, const GstMxFormat *format);

/* NULL without an error: all epochs have been sent.  After an error, the same
 * example is tried again. */
GstBuffer *gst_mx_sender_next (GstMxSender *sender, GError **error);

/* The events that belong ahead of the buffer last given; NULL: no more. */
GstEvent *gst_mx_sender_pop_event (GstMxSender *sender);

G_END_DECLS
