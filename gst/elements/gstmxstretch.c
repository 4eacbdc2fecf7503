/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxstretch.h"

#include "gstmxchance.h"

static gboolean
is_of (const GstMxStretch *self, const GstMxExample *example)
{
  return self->epoch == example->epoch && self->index == example->index &&
         self->repeat == example->repeat;
}

void
gst_mx_stretch_begin_example (
    GstMxStretch *self, const GstMxExample *example, gboolean is_first)
{
  /* A long recording has one event for each change of its label: its parts
   * go on counting, or each would be perturbed alike. */
  if (is_first || !is_of (self, example))
    self->part = 0;
  /* But a gap is perturbed as what it leads to: noise does not wait for a word
   * to begin. */
  else if (self->in_gap)
    self->part = self->gap_part;
  self->in_gap = example->gap;
  self->gap_part = self->part;
  self->epoch = example->epoch;
  self->index = example->index;
  self->repeat = example->repeat;
  self->at_start = TRUE;
}

void
gst_mx_stretch_advance (GstMxStretch *self)
{
  self->at_start = FALSE;
  self->part++;
}

guint64
gst_mx_stretch_chance (const GstMxStretch *self)
{
  return mx_rng_stream (
      gst_mx_chance (self->epoch, self->index, self->repeat), self->part);
}
