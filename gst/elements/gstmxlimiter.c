/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxlimiter.h"

void
gst_mx_limiter_forget (GstMxLimiter *self)
{
  self->start = self->end = self->past = 0;
  self->told = FALSE;
}

void
gst_mx_limiter_hear (GstMxLimiter *self, GstClockTime start, GstClockTime end)
{
  /* Within a recording each window begins later than the one before. */
  if (start <= self->start)
    self->past += self->end;
  self->start = start;
  self->end = end;
}

/* Backwards counts as forwards: where a stream is played in reverse, windows
 * come in any order. */
static gboolean
is_due (const GstMxLimiter *self, GstClockTime running_time)
{
  GstClockTime before = self->heard, now = self->past + self->start;

  if (GST_CLOCK_TIME_IS_VALID (self->running_time) &&
      GST_CLOCK_TIME_IS_VALID (running_time)) {
    before = self->running_time;
    now = running_time;
  }
  return MAX (before, now) - MIN (before, now) >= self->interval;
}

static gboolean
is_news (const GstMxLimiter *self, const MxResult *result)
{
  return !self->on_change || result->label != self->label ||
         result->finite != self->finite;
}

gboolean
gst_mx_limiter_tell (
    GstMxLimiter *self, const MxResult *result, GstClockTime running_time)
{
  if (self->told && !(is_due (self, running_time) && is_news (self, result)))
    return FALSE;
  self->told = TRUE;
  self->finite = result->finite;
  self->label = result->label;
  self->running_time = running_time;
  self->heard = self->past + self->start;
  return TRUE;
}
