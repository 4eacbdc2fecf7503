/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxattribution.h"

/* More than any window can hear; so that a stream without results, which
 * never lets go of anything, does not fill the memory. */
#define MAX_HEARD 4096

/* Times of frames are rounded to nanoseconds here and there. */
#define ROUNDING GST_USECOND

void
gst_mx_attribution_init (GstMxAttribution *self)
{
  self->heard = gst_queue_array_new_for_struct (sizeof (GstMxHeard), 16);
}

void
gst_mx_attribution_clear (GstMxAttribution *self)
{
  g_clear_pointer (&self->heard, gst_queue_array_free);
}

void
gst_mx_attribution_announce (
    GstMxAttribution *self, gint truth, gboolean gap, GstClockTime duration)
{
  GstMxHeard heard = {.truth = truth,
      .gap = gap,
      .begin = GST_CLOCK_TIME_NONE,
      .end = GST_CLOCK_TIME_NONE,
      .duration = duration};

  gst_queue_array_push_tail_struct (self->heard, &heard);
}

const GstMxHeard *
gst_mx_attribution_begin (GstMxAttribution *self, GstClockTime time)
{
  GstMxHeard *last = gst_queue_array_peek_tail_struct (self->heard);

  if (!last || !GST_CLOCK_TIME_IS_VALID (time) ||
      GST_CLOCK_TIME_IS_VALID (last->begin))
    return NULL;
  last->begin = time;
  last->end = time + last->duration;
  return last;
}

/* Of this example, a window around `centre`. */
static void
consider (GstMxHeard *heard, GstClockTime centre, const MxVerdict *verdict)
{
  GstClockTime middle = heard->begin + heard->duration / 2;
  GstClockTime distance = MAX (centre, middle) - MIN (centre, middle);

  if (heard->answered && heard->distance <= distance)
    return;
  heard->answered = TRUE;
  heard->distance = distance;
  heard->nearest = *verdict;
  mx_verdict_set_truth (&heard->nearest, heard->truth);
}

GstMxPlace
gst_mx_attribution_add (GstMxAttribution *self, GstClockTime start,
    GstClockTime duration, MxVerdict *verdict)
{
  GstClockTime end = start + duration, centre = start + duration / 2;
  guint n = gst_queue_array_get_length (self->heard);
  GstMxPlace place = GST_MX_PLACE_BETWEEN;
  GstClockTime in_gaps = 0;

  mx_verdict_set_truth (verdict, -1);
  for (guint i = 0; i < n; i++) {
    GstMxHeard *heard = gst_queue_array_peek_nth_struct (self->heard, i);

    if (!GST_CLOCK_TIME_IS_VALID (heard->begin) || heard->end <= start ||
        heard->begin >= end)
      continue;
    if (heard->gap) {
      in_gaps += MIN (heard->end, end) - MAX (heard->begin, start);
      continue;
    }
    if (heard->begin <= centre && centre < heard->end) {
      place = GST_MX_PLACE_EXAMPLE;
      mx_verdict_set_truth (verdict, heard->truth);
    }
    consider (heard, centre, verdict);
  }
  return in_gaps + ROUNDING >= duration ? GST_MX_PLACE_GAP : place;
}

static gboolean
is_over (GstMxAttribution *self, const GstMxHeard *heard, GstClockTime start)
{
  return !GST_CLOCK_TIME_IS_VALID (start) ||
         (GST_CLOCK_TIME_IS_VALID (heard->begin) && heard->end <= start) ||
         gst_queue_array_get_length (self->heard) > MAX_HEARD;
}

gboolean
gst_mx_attribution_pop (
    GstMxAttribution *self, GstClockTime start, GstMxHeard *heard)
{
  const GstMxHeard *first = gst_queue_array_peek_head_struct (self->heard);

  if (!first || !is_over (self, first, start))
    return FALSE;
  *heard = *(GstMxHeard *)gst_queue_array_pop_head_struct (self->heard);
  return TRUE;
}
