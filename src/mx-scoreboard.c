/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-scoreboard.h"

#include <glib.h>

void
mx_verdict_set_truth (MxVerdict *verdict, int truth)
{
  verdict->answer.truth = truth;
  for (unsigned e = 0; e < verdict->n_exits; e++)
    verdict->exits[e].truth = truth;
}

void
mx_scoreboard_init (MxScoreboard *self)
{
  *self = (MxScoreboard){.answers = mx_metrics_new ()};
}

void
mx_scoreboard_copy (const MxScoreboard *self, MxScoreboard *to)
{
  *to = (MxScoreboard){.answers = mx_metrics_copy (self->answers)};
  for (unsigned e = 0; e < MX_MAX_EXITS; e++)
    if (self->exits[e])
      to->exits[e] = mx_metrics_copy (self->exits[e]);
}

void
mx_scoreboard_clear (MxScoreboard *self)
{
  g_clear_pointer (&self->answers, mx_metrics_free);
  for (unsigned e = 0; e < MX_MAX_EXITS; e++)
    g_clear_pointer (&self->exits[e], mx_metrics_free);
}

void
mx_scoreboard_add (MxScoreboard *self, const MxVerdict *verdict)
{
  mx_metrics_add (self->answers, &verdict->answer);
  for (unsigned e = 0; e < verdict->n_exits; e++) {
    if (!self->exits[e]) {
      self->exits[e] = mx_metrics_new ();
      mx_metrics_set_classes (
          self->exits[e], mx_metrics_get_classes (self->answers));
    }
    mx_metrics_add (self->exits[e], &verdict->exits[e]);
  }
}

void
mx_scoreboard_set_classes (MxScoreboard *self, size_t n)
{
  mx_metrics_set_classes (self->answers, n);
  for (unsigned e = 0; e < MX_MAX_EXITS; e++)
    if (self->exits[e])
      mx_metrics_set_classes (self->exits[e], n);
}
