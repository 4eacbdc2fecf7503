/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Streams for the tests of mxperturb. */
#pragma once

#include <gst/audio/audio.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <math.h>
#include <string.h>

#include "gstmxexample.h"

#define SPEECH_RATE 8000
#define MOTION_RATE 50

/* A stream: examples of some lengths, cut in buffers of some size. */
typedef struct {
  gint rate, channels;
  guint chunk; /* frames of a buffer */
  struct {
    gint index; /* of the example; -1: without event */
    guint epoch;
    guint frames;
    guint repeat; /* it came before in this epoch */
  } examples[4];
} Stream;

static const Stream speech = {
    SPEECH_RATE, 1, 400, {{0, 0, 6000}, {1, 0, 5000}, {2, 0, 7001}}};
static const Stream motion = {
    MOTION_RATE, 6, 10, {{0, 0, 128}, {1, 0, 128}, {2, 0, 77}}};
static const Stream sound_without_examples = {
    SPEECH_RATE, 2, 400, {{-1, 0, 9000}}};

/* The same for the same frame of an example: what one example holds does not
 * depend on what came before. */
static inline gfloat
input_sample (guint frame, gint channel)
{
  return (gfloat)(sin (0.05 * (frame + 1) * (channel + 1)) +
                  0.3 * sin (1.1 * frame + channel));
}

static inline guint
stream_frames (const Stream *stream)
{
  guint frames = 0;

  for (guint i = 0; i < G_N_ELEMENTS (stream->examples); i++)
    frames += stream->examples[i].frames;
  return frames;
}

static inline GstHarness *
harness_new (const gchar *properties)
{
  gchar *line = g_strdup_printf ("mxperturb %s", properties);
  GstHarness *harness = gst_harness_new_parse (line);

  g_free (line);
  return harness;
}

static inline void
set_caps (GstHarness *harness, gint rate, gint channels)
{
  gst_harness_set_src_caps (
      harness, gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
                   GST_AUDIO_NE (F32), "layout", G_TYPE_STRING, "interleaved",
                   "rate", G_TYPE_INT, rate, "channels", G_TYPE_INT, channels,
                   "channel-mask", GST_TYPE_BITMASK, (guint64)0, NULL));
}

static inline GstBuffer *
buffer_new (
    const Stream *stream, guint example_frame, guint stream_frame, guint frames)
{
  gsize size = frames * stream->channels * sizeof (gfloat);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (guint i = 0; i < frames * stream->channels; i++)
    ((gfloat *)map.data)[i] = input_sample (
        example_frame + i / stream->channels, i % stream->channels);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) =
      gst_util_uint64_scale (stream_frame, GST_SECOND, stream->rate);
  GST_BUFFER_DURATION (buffer) =
      gst_util_uint64_scale (frames, GST_SECOND, stream->rate);
  GST_BUFFER_OFFSET (buffer) = stream_frame;
  return buffer;
}

static inline void
push_example_event (GstHarness *harness, gint index, guint epoch, guint repeat)
{
  GstMxExample example = {
      .index = (guint64)index, .epoch = epoch, .repeat = repeat};

  if (index >= 0)
    gst_harness_push_event (harness, gst_mx_example_event_new (&example));
}

static inline void
push_stream (GstHarness *harness, const Stream *stream)
{
  guint begun = 0;

  for (guint i = 0; i < G_N_ELEMENTS (stream->examples); i++) {
    guint frames = stream->examples[i].frames;

    if (frames == 0)
      break;
    push_example_event (harness, stream->examples[i].index,
        stream->examples[i].epoch, stream->examples[i].repeat);
    for (guint at = 0; at < frames; at += stream->chunk)
      fail_unless_equals_int (
          gst_harness_push (harness, buffer_new (stream, at, begun + at,
                                         MIN (stream->chunk, frames - at))),
          GST_FLOW_OK);
    begun += frames;
  }
}

/* All samples that came out, until now. */
static inline GArray *
pull_samples (GstHarness *harness)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
  GstBuffer *buffer;

  while ((buffer = gst_harness_try_pull (harness))) {
    GstMapInfo map;

    gst_buffer_map (buffer, &map, GST_MAP_READ);
    g_array_append_vals (samples, map.data, map.size / sizeof (gfloat));
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  return samples;
}

static inline GArray *
perturb (const gchar *properties, const Stream *stream)
{
  GstHarness *harness = harness_new (properties);
  GArray *samples;

  set_caps (harness, stream->rate, stream->channels);
  push_stream (harness, stream);
  gst_harness_push_event (harness, gst_event_new_eos ());
  samples = pull_samples (harness);
  gst_harness_teardown (harness);
  fail_unless_equals_int (
      samples->len, stream_frames (stream) * stream->channels);
  return samples;
}

/* Takes both. */
static inline gboolean
take_equal (GArray *a, GArray *b)
{
  gboolean equal =
      a->len == b->len && !memcmp (a->data, b->data, a->len * sizeof (gfloat));

  g_array_unref (a);
  g_array_unref (b);
  return equal;
}
