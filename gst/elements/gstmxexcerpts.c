/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxexcerpts.h"

static void
clear_recording (gpointer recording)
{
  gst_mx_recording_clear (recording);
}

GstMxExcerpts *
gst_mx_excerpts_new (MxDescription *description)
{
  GstMxExcerpts *self = g_new0 (GstMxExcerpts, 1);

  self->history = mx_history_new (description);
  self->step = mx_frontend_config_hop (&description->frontend);
  self->window = description->window;
  self->waiting = gst_queue_array_new_for_struct (sizeof (GstMxRecording), 4);
  gst_queue_array_set_clear_func (self->waiting, clear_recording);
  mx_segment_plan_of (&self->plan, description);
  return self;
}

void
gst_mx_excerpts_free (GstMxExcerpts *self)
{
  if (self == NULL)
    return;
  mx_history_free (self->history);
  gst_queue_array_free (self->waiting);
  g_free (self);
}

void
gst_mx_excerpts_reset (GstMxExcerpts *self)
{
  mx_history_reset (self->history);
  gst_queue_array_clear (self->waiting);
  self->ended = FALSE;
}

void
gst_mx_excerpts_hear (GstMxExcerpts *self, GstMxRecording *recording,
    const gfloat *samples, gsize frames, gsize own, gsize channels)
{
  if (recording->frames == 0)
    recording->begin = mx_history_get_samples (self->history);
  mx_history_hear (self->history, samples, frames);
  recording->frames += own;
  gst_mx_recording_inspect (recording, samples, own * channels);
}

void
gst_mx_excerpts_push (GstMxExcerpts *self, GstMxRecording *recording)
{
  GstMxRecording item = {.example = recording->example,
      .begin = recording->begin,
      .frames = recording->frames,
      .odd = recording->odd};

  recording->example = (GstMxExample){NULL};
  gst_queue_array_push_tail_struct (self->waiting, &item);
}

/* Frames before a window in its segment, at least. */
static gsize
least_past (const GstMxExcerpts *self)
{
  return self->plan.past + 1 - self->plan.phases;
}

/* A segment ends so many frames behind its window's beginning, at most. */
static gsize
frames_from (const GstMxExcerpts *self, gsize window)
{
  return self->plan.frames - MIN (window, least_past (self));
}

void
gst_mx_excerpts_end (GstMxExcerpts *self)
{
  if (self->ended)
    return;
  mx_history_hear_silence (
      self->history, self->window + (self->plan.frames + 1) * self->step);
  self->ended = TRUE;
}

/* No window begins later than half of one before the example's end, but for
 * what it may be moved beyond. */
static gboolean
is_heard (const GstMxExcerpts *self, const GstMxRecording *recording)
{
  guint64 end = recording->begin + recording->frames +
                gst_mx_windows_slack (self->window);
  guint64 last = end - MIN (end, self->window / 2);
  gsize window = (gsize)(last / self->step + 1);

  return window + frames_from (self, window) <=
         mx_history_get_frames (self->history);
}

gboolean
gst_mx_excerpts_pop (GstMxExcerpts *self, GstMxRecording *recording)
{
  GstMxRecording *next = gst_queue_array_peek_head_struct (self->waiting);
  guint64 kept;

  if (next == NULL || !(self->ended || is_heard (self, next)))
    return FALSE;
  kept = next->begin / self->step;
  kept -= MIN (kept, self->window / self->step + self->plan.past);
  mx_history_drop (self->history, kept);
  gst_mx_recording_clear (recording);
  *recording =
      *(GstMxRecording *)gst_queue_array_pop_head_struct (self->waiting);
  return TRUE;
}

MxSegment
gst_mx_excerpts_get (const GstMxExcerpts *self, const GstMxWindowing *windowing,
    const GstMxRecording *recording, guint branch, gsize i)
{
  gint64 start = (gint64)recording->begin +
                 gst_mx_windows_begin (windowing, recording, branch, i);
  gsize window = ((gsize)MAX (start, 0) + self->step - 1) / self->step;
  gsize past = self->plan.past - gst_mx_windows_phase (windowing, recording,
                                     branch, i, self->plan.phases);

  past = MIN (past, window);
  return (MxSegment){mx_history_get (self->history, window - past), past};
}
