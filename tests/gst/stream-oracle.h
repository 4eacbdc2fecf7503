/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a stream of samples must be answered with, worked out without the
 * element: from the positions of samples, exact fractions and a session that
 * hears each stretch in one piece. */
#pragma once

#include "classifier.h"
#include "gst/elements/gstmxresampler.h"

typedef __int128 Exact;

typedef struct {
  Model model;
  MxSession *session;
  gsize step;                   /* of the front end */
  GstAudioResampler *resampler; /* NULL: equal rates */
  guint rate;
  GstClockTime threshold, wait; /* alignment-threshold, discont-wait */
  GstSegment segment;
  GPtrArray *answers;

  /* the recording */
  guint64 heard, told; /* frames of the stream, samples of the model */
  guint64 windows;
  GstClockTime anchor; /* time of frame anchor_frame; NONE: unknown */
  guint64 anchor_frame;
  GstClockTime strange; /* the first of times that step away; NONE: none */
} Oracle;

static inline Oracle
oracle_new (const Model *model)
{
  g_autoptr (MxNetwork) network = model_network (model);

  return (Oracle){
      .model = *model,
      .session = mx_session_new (network),
      .step = mx_frontend_config_hop (&network->description->frontend),
      .answers = structures_new (),
      .anchor = GST_CLOCK_TIME_NONE,
      .strange = GST_CLOCK_TIME_NONE,
  };
}

/* Its reset does not forget everything. */
static inline void
oracle_renew_resampler (Oracle *self)
{
  g_clear_pointer (&self->resampler, gst_audio_resampler_free);
  if (self->rate == self->model.rate)
    return;
  self->resampler =
      gst_mx_resampler_new (self->rate, self->model.rate, self->model.channels);
  gst_mx_resampler_reserve (self->resampler, 2000);
}

static inline void
oracle_forget (Oracle *self)
{
  if (self->heard == 0)
    return;
  mx_session_reset (self->session);
  oracle_renew_resampler (self);
  self->heard = self->told = self->windows = 0;
  self->anchor = self->strange = GST_CLOCK_TIME_NONE;
  self->anchor_frame = 0;
}

/* --- times --- */

static inline Exact
oracle_clamp (Exact time)
{
  return CLAMP (time, 0, (Exact)GST_CLOCK_TIME_NONE - 1);
}

/* ns, of a sample of the model; only if there is an anchor. */
static inline Exact
oracle_time_of (const Oracle *self, guint64 sample)
{
  Exact since =
      (Exact)sample * self->rate - (Exact)self->anchor_frame * self->model.rate;

  return oracle_clamp (
      self->anchor +
      since * GST_SECOND / ((Exact)self->rate * self->model.rate));
}

static inline gboolean
oracle_in_segment (const Oracle *self, Exact time)
{
  const GstSegment *segment = &self->segment;

  return segment->format == GST_FORMAT_TIME && time >= segment->start &&
         (!GST_CLOCK_TIME_IS_VALID (segment->stop) || time <= segment->stop);
}

/* A rounding decides whether that is inside. */
static inline gboolean
oracle_at_edge (const Oracle *self, Exact time)
{
  return ABS (time - self->segment.start) <= 1 ||
         ABS (time - self->segment.stop) <= 1;
}

static inline void
oracle_expect (Oracle *self, const MxResult *result, guint64 length)
{
  guint64 start = self->windows++ * self->model.hop;
  GstStructure *answer = expected_answer (result);
  GstClockTime times[] = {
      GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE, 0};
  gboolean edge = FALSE;

  fail_unless_equals_uint64 (result->start, start);
  times[3] = GST_FRAMES_TO_CLOCK_TIME (length, self->model.rate);
  if (GST_CLOCK_TIME_IS_VALID (self->anchor)) {
    Exact from = oracle_time_of (self, start);
    const GstSegment *segment = &self->segment;

    times[0] = from;
    edge = oracle_at_edge (self, from) && self->anchor_frame > 0;
    times[3] = oracle_time_of (self, start + length) - from;
    if (oracle_in_segment (self, from)) {
      gdouble into = (gdouble)(from - segment->start);

      /* Beyond, what GStreamer says depends on its compiler. */
      edge = edge ||
             MAX (into * segment->applied_rate, into / segment->rate) >= 0x1p63;
      if (!edge) {
        times[1] = segment->time + (guint64)(into * segment->applied_rate);
        times[2] = segment->base + (guint64)(into / segment->rate);
      }
    }
  }
  gst_structure_set (answer, "timestamp", G_TYPE_UINT64, times[0],
      "stream-time", G_TYPE_UINT64, times[1], "running-time", G_TYPE_UINT64,
      times[2], "duration", G_TYPE_UINT64, times[3], "edge", G_TYPE_BOOLEAN,
      edge, NULL);
  g_ptr_array_add (self->answers, answer);
}

/* --- samples --- */

/* Samples of the model. */
static inline void
oracle_tell (Oracle *self, const gfloat *samples, gsize n)
{
  guint64 missing = self->windows * self->model.hop + self->model.window;

  for (gsize done = 0; done < n;) {
    MxResult result;
    bool answered;

    done += mx_session_push (self->session,
        samples + done * self->model.channels, n - done, &result, &answered);
    fail_unless_equals_int (answered, self->told + done == missing);
    if (answered) {
      oracle_expect (self, &result, self->model.window);
      missing += self->model.hop;
    }
  }
  self->told += n;
}

/* @samples: of the stream; NULL: zeros. */
static inline void
oracle_resample (Oracle *self, gpointer samples, gsize n, guint64 limit)
{
  gsize ready = gst_audio_resampler_get_out_frames (self->resampler, n);
  g_autofree gfloat *out = g_new (gfloat, (ready + 1) * self->model.channels);
  gpointer planes[] = {out};

  gst_audio_resampler_resample (
      self->resampler, samples != NULL ? &samples : NULL, n, planes, ready);
  oracle_tell (self, out, MIN (ready, limit));
}

static inline void
oracle_finish (Oracle *self)
{
  MxResult result;

  if (self->heard == 0)
    return;
  if (self->resampler != NULL) {
    guint64 due =
        gst_util_uint64_scale_ceil (self->heard, self->model.rate, self->rate);

    oracle_resample (self, NULL, 1000 * (1 + self->rate / self->model.rate),
        due - self->told);
    fail_unless_equals_uint64 (self->told, due);
  }
  if (self->told < self->model.window && self->told >= self->step) {
    guint64 length = self->told;

    fail_unless (mx_session_drain (self->session, &result));
    oracle_expect (self, &result, length);
  }
  oracle_forget (self);
}

/* --- what comes --- */

static inline void
oracle_set_rate (Oracle *self, guint rate)
{
  oracle_finish (self);
  self->rate = rate;
  oracle_renew_resampler (self);
}

static inline void
oracle_set_segment (Oracle *self, const GstSegment *segment)
{
  oracle_finish (self);
  self->segment = *segment;
}

static inline Exact
oracle_due (const Oracle *self)
{
  return self->anchor +
         (Exact)(self->heard - self->anchor_frame) * GST_SECOND / self->rate;
}

static inline Exact
oracle_off (const Oracle *self, GstClockTime time)
{
  if (self->heard == 0 || !GST_CLOCK_TIME_IS_VALID (time) ||
      !GST_CLOCK_TIME_IS_VALID (self->anchor))
    return 0;
  return ABS (oracle_due (self) - (Exact)time);
}

static inline Exact
oracle_sample (const Oracle *self)
{
  return ((Exact)GST_SECOND + self->rate - 1) / self->rate;
}

/* Interrupts the recording, lets its times follow, or neither yet. */
static inline void
oracle_arrive (Oracle *self, GstClockTime time)
{
  Exact off = oracle_off (self, time);

  if (!GST_CLOCK_TIME_IS_VALID (time))
    return;
  if (off > MAX ((Exact)self->threshold, oracle_sample (self))) {
    gboolean first = !GST_CLOCK_TIME_IS_VALID (self->strange);
    Exact since = first ? 0 : ABS ((Exact)time - (Exact)self->strange);

    if (first && self->wait > 0) {
      self->strange = time;
      return;
    }
    if (since < (Exact)self->wait)
      return;
    oracle_finish (self);
  }
  self->strange = GST_CLOCK_TIME_NONE;
  if (!GST_CLOCK_TIME_IS_VALID (self->anchor) || off > oracle_sample (self)) {
    self->anchor = time;
    self->anchor_frame = self->heard;
  }
}

/* @samples: [n][channels of the model], at the stream's rate. */
static inline void
oracle_hear (Oracle *self, gfloat *samples, gsize n, GstClockTime time)
{
  if (self->segment.rate < 0 || n == 0)
    return;
  oracle_arrive (self, time);
  self->heard += n;
  if (self->resampler != NULL)
    oracle_resample (self, samples, n, G_MAXUINT64);
  else
    oracle_tell (self, samples, n);
}

static inline void
oracle_hear_gap (Oracle *self, GstClockTime time, GstClockTime duration)
{
  Exact window = (Exact)self->model.window * GST_SECOND / self->model.rate;
  g_autofree gfloat *zeros = NULL;
  Exact from = time, frames;

  if (self->heard == 0)
    return;
  if (duration > window) {
    oracle_finish (self);
    return;
  }
  oracle_arrive (self, time);
  if (self->heard == 0) { /* it was elsewhere */
    self->anchor = GST_CLOCK_TIME_NONE;
    return;
  }
  if (GST_CLOCK_TIME_IS_VALID (self->strange))
    from = oracle_due (self);
  frames = (from + duration - self->anchor) * self->rate;
  frames =
      (frames + GST_SECOND / 2) / GST_SECOND + self->anchor_frame - self->heard;
  if (frames <= 0)
    return;
  zeros = g_new0 (gfloat, frames * self->model.channels);
  oracle_hear (self, zeros, frames, GST_CLOCK_TIME_NONE);
}

static inline void
oracle_free (Oracle *self)
{
  g_clear_pointer (&self->resampler, gst_audio_resampler_free);
  mx_session_free (self->session);
  g_ptr_array_unref (self->answers);
}
