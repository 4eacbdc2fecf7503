/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxwindows.h"

#include "gstmxchance.h"

#include "mx-rng.h"

#include <math.h>
#include <string.h>

/* The branch that stands for all of them, and the first of those that are
 * drawn for each window. */
enum { SHARED = 2, PHASE = 3 };

void
gst_mx_recording_reset (GstMxRecording *self)
{
  gst_mx_example_clear (&self->example);
  self->frames = 0;
  self->odd = FALSE;
}

void
gst_mx_recording_clear (GstMxRecording *self)
{
  gst_mx_recording_reset (self);
  g_clear_pointer (&self->samples, g_free);
  self->allocated = 0;
}

void
gst_mx_recording_begin (GstMxRecording *self, GstMxExample *example)
{
  gst_mx_recording_reset (self);
  self->example = *example;
  *example = (GstMxExample){NULL};
}

void
gst_mx_recording_inspect (GstMxRecording *self, const gfloat *samples, gsize n)
{
  for (gsize i = 0; i < n && !self->odd; i++)
    self->odd = !isfinite (samples[i]);
}

void
gst_mx_recording_append (
    GstMxRecording *self, const gfloat *samples, gsize frames, gsize channels)
{
  gsize needed = self->frames + frames;

  if (needed > self->allocated) {
    self->allocated = MAX (needed, 2 * self->allocated);
    self->samples = g_realloc_n (
        self->samples, self->allocated, channels * sizeof (gfloat));
  }
  memcpy (self->samples + self->frames * channels, samples,
      frames * channels * sizeof (gfloat));
  self->frames = needed;
  gst_mx_recording_inspect (self, samples, frames * channels);
}

/* Wherever a window begins among them, rounding up keeps it inside. */
static gsize
usable (const GstMxWindowing *self, const GstMxRecording *recording)
{
  return recording->frames - MIN (recording->frames, self->step - 1);
}

gsize
gst_mx_windows_count (
    const GstMxWindowing *self, const GstMxRecording *recording)
{
  gsize whole = usable (self, recording) / self->window;

  if (recording->frames == 0 || recording->example.gap)
    return whole;
  return MAX (whole, 1);
}

static gboolean
is_valid (const GstMxRecording *recording)
{
  return g_strcmp0 (recording->example.split, GST_MX_SPLIT_VALID) == 0;
}

/* Uniform in 0..n. */
static gsize
draw (const GstMxWindowing *self, const GstMxRecording *recording,
    guint64 branch, gsize n)
{
  const GstMxExample *example = &recording->example;
  guint64 id = gst_mx_chance (example->epoch, example->index, example->repeat);
  MxRng rng;

  mx_rng_init (&rng, self->seed, mx_rng_stream (id, branch));
  return mx_rng_below (&rng, (guint64)n + 1);
}

/* @ahead: frames of zeros. */
static void
place (const GstMxWindowing *self, const GstMxRecording *recording, gsize ahead,
    gfloat *room)
{
  gsize before = ahead * self->channels;
  gsize held = recording->frames * self->channels;
  gsize all = self->window * self->channels;

  memset (room, 0, before * sizeof (gfloat));
  memcpy (room + before, recording->samples, held * sizeof (gfloat));
  memset (room + before + held, 0, (all - before - held) * sizeof (gfloat));
}

const gfloat *
gst_mx_windows_get (const GstMxWindowing *self, const GstMxRecording *recording,
    guint branch, gsize i, gfloat *room)
{
  gsize offset = 0;

  if (recording->frames < self->window) {
    gsize free = self->window - recording->frames;

    place (self, recording,
        is_valid (recording) ? free / 2 : draw (self, recording, branch, free),
        room);
    return room;
  }
  if (!is_valid (recording))
    offset = draw (self, recording, SHARED, recording->frames % self->window);
  return recording->samples + (offset + i * self->window) * self->channels;
}

gint64
gst_mx_windows_begin (const GstMxWindowing *self,
    const GstMxRecording *recording, guint branch, gsize i)
{
  gsize frames = usable (self, recording);
  gsize slack = gst_mx_windows_slack (self->window);

  if (is_valid (recording))
    return frames >= self->window
               ? (gint64)(i * self->window)
               : ((gint64)recording->frames - (gint64)self->window) / 2;
  if (frames >= self->window)
    return (gint64)(draw (self, recording, SHARED, frames % self->window) +
                    i * self->window);
  return (gint64)draw (self, recording, branch, recording->frames + 2 * slack) -
         (gint64)(slack + self->window / 2);
}

gsize
gst_mx_windows_phase (const GstMxWindowing *self,
    const GstMxRecording *recording, guint branch, gsize i, gsize phases)
{
  if (is_valid (recording))
    return 0;
  return draw (self, recording, PHASE + 2 * (guint64)i + branch, phases - 1);
}
