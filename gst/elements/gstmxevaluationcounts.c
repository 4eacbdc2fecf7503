/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxevaluationprivate.h"

void
gst_mx_counts_init (GstMxCounts *self, GstClockTime tolerance)
{
  *self = (GstMxCounts){
      .curve = mx_curve_new (),
      .events = mx_events_new (tolerance),
  };
  mx_scoreboard_init (&self->examples);
  mx_scoreboard_init (&self->windows);
  mx_scoreboard_init (&self->gaps);
  gst_mx_subjects_init (&self->subjects);
  gst_mx_hardest_init (&self->hardest);
}

void
gst_mx_counts_copy (const GstMxCounts *self, GstMxCounts *to)
{
  *to = *self;
  to->curve = mx_curve_copy (self->curve);
  to->events = mx_events_copy (self->events);
  mx_scoreboard_copy (&self->examples, &to->examples);
  mx_scoreboard_copy (&self->windows, &to->windows);
  mx_scoreboard_copy (&self->gaps, &to->gaps);
  gst_mx_subjects_copy (&self->subjects, &to->subjects);
  gst_mx_hardest_copy (&self->hardest, &to->hardest);
}

void
gst_mx_counts_clear (GstMxCounts *self)
{
  mx_curve_free (self->curve);
  mx_events_free (self->events);
  mx_scoreboard_clear (&self->examples);
  mx_scoreboard_clear (&self->windows);
  mx_scoreboard_clear (&self->gaps);
  gst_mx_subjects_clear (&self->subjects);
  gst_mx_hardest_clear (&self->hardest);
}

void
gst_mx_counts_set_classes (GstMxCounts *self, gsize n)
{
  mx_scoreboard_set_classes (&self->examples, n);
  mx_scoreboard_set_classes (&self->windows, n);
  mx_scoreboard_set_classes (&self->gaps, n);
}

void
gst_mx_counts_add_example (GstMxCounts *self, const MxVerdict *verdict,
    const GstMxExample *example, GstClockTime begin)
{
  mx_scoreboard_add (&self->examples, verdict);
  if (example != NULL && example->subject != NULL)
    gst_mx_subjects_add (&self->subjects, example->subject, &verdict->answer);
  if (verdict->answer.truth >= 0)
    gst_mx_hardest_add (&self->hardest, &verdict->answer, example, begin);
}

void
gst_mx_counts_add_window (GstMxCounts *self, const MxVerdict *verdict)
{
  MxCurveExit exits[MX_MAX_EXITS];

  mx_scoreboard_add (&self->windows, verdict);
  if (verdict->n_exits == 0 || verdict->answer.truth < 0)
    return;
  for (guint e = 0; e < verdict->n_exits; e++) {
    const MxOutcome *outcome = &verdict->exits[e];

    exits[e] = (MxCurveExit){
        .confidence = (gfloat)outcome->confidence,
        .cost = (gfloat)outcome->cost,
        .correct = (gsize)outcome->truth == outcome->answer,
    };
  }
  if (!mx_curve_add (self->curve, exits, verdict->n_exits))
    self->n_uncurved++;
}
