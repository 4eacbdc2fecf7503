/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which results mxclassify posts as messages: the properties `interval` and
 * `on-change`.  Both must agree, so a change within the interval is told after
 * it, if it still stands then.  Windows are compared by running time; where one
 * of them has none, by how much was heard.  One thread at a time. */
#pragma once

#include "mx-session.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  GstClockTime interval; /* ns, the least between two messages */
  gboolean on_change;    /* only where class or finiteness differ */

  /* of the latest result, in what was heard of its recording; and the sum of
   * the recordings before it */
  GstClockTime start, end, past;

  /* the last message; FALSE: there is none */
  gboolean told;
  gboolean finite;
  gsize label;
  GstClockTime running_time, heard;
} GstMxLimiter;

/* The next result is told, whatever it is.  Keeps the settings. */
void gst_mx_limiter_forget (GstMxLimiter *self);

/* For each result, whether messages are wanted or not: where its window begins
 * and ends, in ns since the recording began. */
void gst_mx_limiter_hear (
    GstMxLimiter *self, GstClockTime start, GstClockTime end);

/* Then: whether it is told as a message.  @running_time: of its window's
 * start, or GST_CLOCK_TIME_NONE. */
gboolean gst_mx_limiter_tell (
    GstMxLimiter *self, const MxResult *result, GstClockTime running_time);

G_END_DECLS
