/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Random streams: what is sent to an element, step by step.  The same seed
 * makes the same stream. */
#pragma once

#include <gst/audio/audio.h>

#include "mx-rng.h"

#define SCRIPT_STEPS 14

typedef enum {
  STEP_SOUND = 'a',
  STEP_GAP_BUFFERS = 'z',
  STEP_GAP_EVENT = 'g',
  STEP_EMPTY_BUFFER = '0',
  STEP_EXAMPLE = 'x',
  STEP_TAG = 't',
  STEP_SEGMENT = 's',
  STEP_FLUSH = 'f',     /* and a segment */
  STEP_ALIGNMENT = 'p', /* the properties */
  STEP_CAPS = 'c',
  STEP_SAME_CAPS = '=',
  STEP_SEGMENT_DONE = 'd',
  STEP_GROUP_DONE = 'D',
  STEP_STREAM = 'S', /* stream-start, caps, segment */
  STEP_EOS = 'e'     /* and a new stream */
} StepKind;

typedef struct {
  StepKind kind;
  guint64 frames;        /* in buffers */
  GstClockTime time;     /* of the first frame; NONE: no buffer has one */
  GstClockTime duration; /* of a gap event */
  gboolean discont;
  guint64 seed; /* of samples, and of how they are cut into buffers */
  gsize cut;    /* frames in a buffer at most */

  /* What holds from here on. */
  GstClockTime threshold, wait; /* alignment-threshold, discont-wait */
  GstSegment segment;
  const gchar *format;
  guint rate, channels;
  gboolean planar;
} Step;

/* How the timestamps of a script differ from the count of its samples. */
typedef enum {
  STEADY,   /* by less than a sample */
  UNSTEADY, /* by up to 36 ms from one buffer to another */
} Clock;

typedef struct {
  guint64 seed;
  Clock clock;
  guint model_rate, model_channels, window;
  Step steps[SCRIPT_STEPS];

  /* while it is made */
  MxRng rng;
  GstClockTime origin; /* of `count` frames before now */
  guint64 count;
} Script;

static inline gint64
script_between (Script *self, gint64 low, gint64 high)
{
  return low + (gint64)mx_rng_below (&self->rng, high - low + 1);
}

static inline GstClockTime
script_now (const Script *self, const Step *step)
{
  return self->origin + GST_FRAMES_TO_CLOCK_TIME (self->count, step->rate);
}

/* --- what holds --- */

static const GstClockTime script_origins[] = {0, 1, 77777777777,
    G_GUINT64_CONSTANT (1) << 62, (G_GUINT64_CONSTANT (1) << 63) - 50000000,
    (G_GUINT64_CONSTANT (1) << 63) + 123456789};

static inline void
script_go_to (Script *self, GstClockTime time)
{
  self->origin = time;
  self->count = 0;
}

static inline void
script_choose_segment (Script *self, Step *step)
{
  static const gdouble rates[] = {1, 1, 1, 2, 0.5, 1.5, -1, -2};
  static const GstFormat formats[] = {GST_FORMAT_TIME, GST_FORMAT_TIME,
      GST_FORMAT_TIME, GST_FORMAT_BYTES, GST_FORMAT_DEFAULT};
  GstSegment *segment = &step->segment;

  gst_segment_init (segment, formats[script_between (self, 0, 4)]);
  segment->rate = rates[script_between (self, 0, 7)];
  segment->applied_rate = rates[script_between (self, 0, 4)];
  if (mx_rng_chance (&self->rng, 0.5))
    script_go_to (self, script_origins[script_between (self, 0, 5)] +
                            script_between (self, 0, GST_SECOND));
  segment->start = script_now (self, step);
  /* Some samples before the segment, or behind it. */
  if (mx_rng_chance (&self->rng, 0.3))
    segment->start += script_between (self, 0, 20 * GST_MSECOND);
  if (mx_rng_chance (&self->rng, 0.3) || segment->rate < 0)
    segment->stop =
        segment->start + script_between (self, 1, 100 * GST_MSECOND);
  segment->time = script_between (self, 0, 100 * GST_SECOND);
  segment->base = script_between (self, 0, 100 * GST_SECOND);
  segment->position = segment->start;
}

static inline void
script_choose_caps (Script *self, Step *step)
{
  static const gchar *formats[] = {"F32LE", "S16LE", "U8", "F64BE", "S24_32BE"};
  static const guint ratios[][2] = {
      {1, 1}, {1, 1}, {1, 1}, {2, 1}, {1, 2}, {3, 2}, {441, 80}, {52, 100}};
  guint ratio = self->clock == STEADY ? script_between (self, 0, 7) : 0;
  GstClockTime now = step->rate > 0 ? script_now (self, step) : 0;

  step->format = formats[script_between (self, 0, 4)];
  step->rate = self->model_rate * ratios[ratio][0] / ratios[ratio][1];
  step->channels = self->model_channels + script_between (self, 0, 2);
  step->planar = mx_rng_chance (&self->rng, 0.3);
  script_go_to (self, now);
}

/* Only buffers tell how long a step lasts, so with a wait the answers would
 * depend on how the stream is cut. */
static inline void
script_choose_alignment (Script *self, Step *step)
{
  static const GstClockTime thresholds[] = {40 * GST_MSECOND, 40 * GST_MSECOND,
      0, 3 * GST_MSECOND, 500 * GST_MSECOND, GST_CLOCK_TIME_NONE};
  static const GstClockTime waits[] = {
      0, 1, 5 * GST_MSECOND, 50 * GST_MSECOND, GST_SECOND, GST_CLOCK_TIME_NONE};

  step->threshold = thresholds[script_between (self, 0, 5)];
  step->wait = self->clock == STEADY ? 0 : waits[script_between (self, 0, 5)];
}

/* --- where the next samples are --- */

/* Timestamps that go on elsewhere: further than a sample and what rounding a
 * gap to samples may add. */
static inline void
script_jump (Script *self, const Step *step)
{
  GstClockTime sample = GST_SECOND / step->rate;
  GstClockTime tolerance = MAX (MIN (step->threshold, GST_SECOND), sample);
  GstClockTime now = script_now (self, step), by;
  gdouble kind = mx_rng_uniform (&self->rng);

  if (kind < 0.4)
    by = script_between (self, sample * 8 / 5, MAX (tolerance, sample * 8 / 5));
  else if (kind < 0.7)
    by = tolerance + script_between (self, sample, 10 * sample);
  else
    by = script_between (self, tolerance + sample, 1000 * GST_SECOND);
  if (kind > 0.95)
    script_go_to (self, script_origins[script_between (self, 0, 5)]);
  else if (now > by && mx_rng_chance (&self->rng, 0.5))
    script_go_to (self, now - by);
  else
    script_go_to (self, now + by);
}

static inline void
script_choose_sound (Script *self, Step *step)
{
  guint64 window =
      gst_util_uint64_scale_ceil (self->window, step->rate, self->model_rate);
  static const gsize cuts[] = {1, 3, 50, 1000, G_MAXSIZE};

  step->frames = mx_rng_chance (&self->rng, 0.3)
                     ? script_between (self, 1, 6 * window)
                     : script_between (self, 1, 3 * window / 2);
  step->cut = cuts[script_between (self, 0, 4)];
  step->discont = mx_rng_chance (&self->rng, 0.1);
  /* Two unseen jumps might add up to less than a sample. */
  if (!mx_rng_chance (&self->rng, 0.1)) {
    if (mx_rng_chance (&self->rng, 0.15))
      script_jump (self, step);
    step->time = script_now (self, step);
  }
  self->count += step->frames;
}

static inline void
script_choose_gap (Script *self, Step *step)
{
  GstClockTime window =
      GST_FRAMES_TO_CLOCK_TIME (self->window, self->model_rate);
  gdouble kind = mx_rng_uniform (&self->rng);

  if (mx_rng_chance (&self->rng, 0.1))
    script_jump (self, step);
  step->time = script_now (self, step);
  if (kind < 0.05) {
    step->duration = GST_CLOCK_TIME_NONE;
    return;
  }
  step->duration = kind < 0.9 ? script_between (self, 0, window)
                              : script_between (self, window + 1, 3 * window);
  script_go_to (self, step->time + step->duration);
}

/* --- the whole --- */

static inline void
script_choose_step (Script *self, Step *step)
{
  static const gchar kinds[] = "aaaaaaaaaaaaaaaaaazzzggggg00xtsfcp==dDSe";

  step->kind = kinds[script_between (self, 0, sizeof kinds - 2)];
  step->seed = mx_rng_next (&self->rng);
  switch (step->kind) {
  case STEP_SOUND:
  case STEP_GAP_BUFFERS:
    script_choose_sound (self, step);
    break;
  case STEP_EMPTY_BUFFER:
    step->discont = mx_rng_chance (&self->rng, 0.3);
    break;
  case STEP_GAP_EVENT:
    script_choose_gap (self, step);
    break;
  case STEP_CAPS:
    script_choose_caps (self, step);
    break;
  case STEP_ALIGNMENT:
    script_choose_alignment (self, step);
    break;
  case STEP_SEGMENT:
  case STEP_FLUSH:
  case STEP_STREAM:
  case STEP_EOS:
    script_choose_segment (self, step);
    break;
  default:
    break;
  }
}

/* The first step begins a stream, the last ends it. */
static inline void
script_make (Script *self)
{
  mx_rng_init (&self->rng, self->seed, 1);
  self->steps[0] = (Step){STEP_STREAM};
  script_choose_caps (self, &self->steps[0]);
  script_choose_segment (self, &self->steps[0]);
  script_choose_alignment (self, &self->steps[0]);
  for (guint i = 1; i < SCRIPT_STEPS; i++) {
    Step *step = &self->steps[i];

    *step = self->steps[i - 1];
    step->frames = 0;
    step->discont = FALSE;
    step->time = step->duration = GST_CLOCK_TIME_NONE;
    script_choose_step (self, step);
  }
  self->steps[SCRIPT_STEPS - 1].kind = STEP_EOS;
}

/* For whoever has to find out what went wrong. */
static inline gchar *
script_print (const Script *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "seed %" G_GUINT64_FORMAT ", %s clock\n",
      self->seed, self->clock == STEADY ? "steady" : "unsteady");
  for (guint i = 0; i < SCRIPT_STEPS; i++) {
    const Step *step = &self->steps[i];

    g_string_append_printf (text,
        "%2u %c %s%" G_GUINT64_FORMAT " frames by %" G_GSIZE_FORMAT
        " at %" G_GINT64_FORMAT ", gap %" G_GINT64_FORMAT
        "; %s %u Hz x %u%s; segment %s %" G_GUINT64_FORMAT "-%" G_GINT64_FORMAT
        " rate %g (%g) time %" G_GUINT64_FORMAT " base %" G_GUINT64_FORMAT
        "; threshold %" G_GINT64_FORMAT " wait %" G_GINT64_FORMAT "\n",
        i, step->kind, step->discont ? "DISCONT " : "", step->frames, step->cut,
        (gint64)step->time, (gint64)step->duration, step->format, step->rate,
        step->channels, step->planar ? " planar" : "",
        gst_format_get_name (step->segment.format), step->segment.start,
        (gint64)step->segment.stop, step->segment.rate,
        step->segment.applied_rate, step->segment.time, step->segment.base,
        (gint64)step->threshold, (gint64)step->wait);
  }
  return g_string_free (text, FALSE);
}
