/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxhardest.h"

static void
clear_hard (gpointer data)
{
  g_clear_pointer (&((GstMxHard *)data)->example, gst_mx_example_free);
}

void
gst_mx_hardest_init (GstMxHardest *self)
{
  self->all = g_array_new (FALSE, FALSE, sizeof (GstMxHard));
  g_array_set_clear_func (self->all, clear_hard);
}

void
gst_mx_hardest_copy (const GstMxHardest *self, GstMxHardest *to)
{
  gst_mx_hardest_init (to);
  for (guint i = 0; i < self->all->len; i++) {
    GstMxHard hard = g_array_index (self->all, GstMxHard, i);

    if (hard.example != NULL)
      hard.example = gst_mx_example_copy (hard.example);
    g_array_append_val (to->all, hard);
  }
}

void
gst_mx_hardest_clear (GstMxHardest *self)
{
  g_clear_pointer (&self->all, g_array_unref);
}

static gdouble
hardness (const MxOutcome *outcome)
{
  return (gsize)outcome->truth != outcome->answer ? 1 + outcome->confidence
                                                  : 1 - outcome->confidence;
}

void
gst_mx_hardest_add (GstMxHardest *self, const MxOutcome *outcome,
    const GstMxExample *example, GstClockTime begin)
{
  const gdouble value = hardness (outcome);
  GstMxHard hard = {.outcome = *outcome, .begin = begin};
  guint at = self->all->len;

  while (
      at > 0 &&
      hardness (&g_array_index (self->all, GstMxHard, at - 1).outcome) < value)
    at--;
  if (at >= GST_MX_HARDEST_MAX)
    return;
  if (example != NULL)
    hard.example = gst_mx_example_copy (example);
  g_array_insert_val (self->all, at, hard);
  if (self->all->len > GST_MX_HARDEST_MAX)
    g_array_set_size (self->all, GST_MX_HARDEST_MAX);
}
