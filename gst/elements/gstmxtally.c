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
  self->limited += result->limited;
  self->macs += result->macs;
  self->macs_full += result->macs_full;
  if (result->skipped)
    self->skipped++;
  else
    self->exits[result->exit - 1]++;
}

void
gst_mx_tally_read (GstMxTally *self, const MxSession *session)
{
  mx_session_get_timings (session, &self->timings);
  self->threshold = mx_session_get_threshold (session);
}

static gdouble
divide (guint64 sum, guint64 n)
{
  return n > 0 ? (gdouble)sum / n : 0;
}

static guint64
mean_time (guint64 sum, guint64 n)
{
  return n > 0 ? sum / n : 0;
}

static void
append (GValue *array, guint64 number)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_UINT64);
  g_value_set_uint64 (&value, number);
  gst_value_array_append_and_take_value (array, &value);
}

GstStructure *
gst_mx_tally_to_structure (const GstMxTally *self)
{
  const MxTimings *timings = &self->timings;
  GValue exits = G_VALUE_INIT, times = G_VALUE_INIT;
  GstStructure *stats;

  gst_value_array_init (&exits, self->n_exits);
  gst_value_array_init (&times, self->n_exits);
  for (guint i = 0; i < self->n_exits; i++) {
    append (&exits, self->exits[i]);
    append (&times, mean_time (timings->times[i], timings->runs[i]));
  }
  stats = gst_structure_new ("mxclassify-stats", "windows", G_TYPE_UINT64,
      self->windows, "skipped", G_TYPE_UINT64, self->skipped, "limited",
      G_TYPE_UINT64, self->limited, "mean-cost", G_TYPE_DOUBLE,
      divide (self->macs, self->macs_full), "mean-macs", G_TYPE_DOUBLE,
      divide (self->macs, self->windows), "front-end-time", GST_TYPE_CLOCK_TIME,
      mean_time (timings->frontend_ns, timings->windows), "threshold",
      G_TYPE_DOUBLE, self->threshold, NULL);
  gst_structure_take_value (stats, "exits", &exits);
  gst_structure_take_value (stats, "stage-times", &times);
  return stats;
}
