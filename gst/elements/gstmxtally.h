/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The sum of all answers of an element: its property `stats`. */
#pragma once

#include "mx-session.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  guint64 windows, skipped, limited, macs, macs_full;
  guint n_exits;               /* the most that any model had */
  guint64 exits[MX_MAX_EXITS]; /* windows computed and answered by each */
  MxTimings timings;           /* of the session that answers */
  gdouble threshold;
} GstMxTally;

void gst_mx_tally_init (GstMxTally *self, guint n_exits);
/* Another model answers too: what was counted stays. */
void gst_mx_tally_widen (GstMxTally *self, guint n_exits);
void gst_mx_tally_add (GstMxTally *self, const MxResult *result);

/* Copies what the session itself counts. */
void gst_mx_tally_read (GstMxTally *self, const MxSession *session);

/* "mxclassify-stats": windows, skipped, limited (guint64), exits
 * (GST_TYPE_ARRAY of guint64, exit 1 first), mean-cost (gdouble, fraction of
 * the full cost), mean-macs (gdouble), stage-times (GST_TYPE_ARRAY of
 * GstClockTime, mean of the runs of each stage), front-end-time (GstClockTime,
 * mean of all windows), threshold (gdouble). */
GstStructure *gst_mx_tally_to_structure (const GstMxTally *self);

G_END_DECLS
