/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which window speaks for which example, where examples follow each other in
 * one stream: the one whose centre is nearest to that of the example, if they
 * have any time in common; of equally near ones the first.
 *
 * Windows come in the order of time, and later than what they hear.  What is
 * kept is what a window still to come may touch. */
#pragma once

#include <gst/base/base.h>

#include "mx-scoreboard.h"

G_BEGIN_DECLS

typedef struct {
  gint truth; /* class, -1: not known */
  gboolean gap;
  GstClockTime begin, end; /* NONE: nothing of it has come */
  GstClockTime duration;
  gboolean answered;
  MxVerdict nearest;
  GstClockTime distance;
} GstMxHeard;

typedef enum {
  GST_MX_PLACE_EXAMPLE, /* the window's centre lies in it */
  GST_MX_PLACE_GAP,     /* the whole window does */
  GST_MX_PLACE_BETWEEN, /* neither */
} GstMxPlace;

typedef struct {
  GstQueueArray *heard; /* of GstMxHeard, in the order of time */
} GstMxAttribution;

void gst_mx_attribution_init (GstMxAttribution *self);
void gst_mx_attribution_clear (GstMxAttribution *self);

/* What the next buffer begins. */
void gst_mx_attribution_announce (
    GstMxAttribution *self, gint truth, gboolean gap, GstClockTime duration);
/* A buffer comes.  Returns what begins with it, or NULL; valid until the next
 * call. */
const GstMxHeard *gst_mx_attribution_begin (
    GstMxAttribution *self, GstClockTime time);

/* A window [start, start + duration); `verdict` gets the truth of its place. */
GstMxPlace gst_mx_attribution_add (GstMxAttribution *self, GstClockTime start,
    GstClockTime duration, MxVerdict *verdict);

/* The next that has nothing to wait for when windows begin at `start` or later,
 * NONE: when no more will come.  FALSE: there is none. */
gboolean gst_mx_attribution_pop (
    GstMxAttribution *self, GstClockTime start, GstMxHeard *heard);

G_END_DECLS
