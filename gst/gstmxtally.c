/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtally.h"

void
gst_mx_tally_init (GstMxTally *self, guint n_exits)
{
  *self = (GstMxTally){.n_exits = n_exits};
}

void
gst_mx_tally_widen (GstMxTally *self, guint n_exits)
{
  self->n_exits = MAX (self->n_exits, n_exits);
}

void
gst_mx_tally_add (GstMxTally *self, const MxResult *result)
{
  self->windows++;
  self->macs += result->macs;
  self->macs_full += result->macs_full;
  self->exits[result->exit - 1]++;
}

GstStructure *
gst_mx_tally_to_structure (const GstMxTally *self)
{
  GValue exits = G_VALUE_INIT;
  GstStructure *stats;

  gst_value_array_init (&exits, self->n_exits);
  for (guint i = 0; i < self->n_exits; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_UINT64);
    g_value_set_uint64 (&value, self->exits[i]);
    gst_value_array_append_and_take_value (&exits, &value);
  }
  stats = gst_structure_new ("mxclassify-stats", "windows", G_TYPE_UINT64,
      self->windows, "mean-cost", G_TYPE_DOUBLE,
      self->macs_full > 0 ? (gdouble)self->macs / self->macs_full : 0,
      "mean-macs", G_TYPE_DOUBLE,
      self->windows > 0 ? (gdouble)self->macs / self->windows : 0, NULL);
  gst_structure_take_value (stats, "exits", &exits);
  return stats;
}
