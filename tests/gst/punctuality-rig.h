/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* For the test of gstmxpunctuality.c: the part on an element that does nothing
 * else, in a live pipeline whose clocks and latency are the test's. */
#pragma once

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/check/gsttestclock.h>

#include "gst/elements/gstmxpunctuality.h"
#include "steady-clock.h"

#define MS GST_MSECOND
#define RATE 8000
#define DURATION (10 * MS) /* of a buffer */

typedef struct {
  GstHarness *harness;
  GstMxPunctuality part;
  GstMxClassifySettings settings;
  GstBus *bus;
  /* What upstream answers, and how often it was asked. */
  gboolean knows, live;
  GstClockTime latency;
  guint asked;
} Rig;

static inline gboolean
answer_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  Rig *rig = gst_pad_get_element_private (pad);

  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);
  rig->asked++;
  gst_query_set_latency (query, rig->live, rig->latency, GST_CLOCK_TIME_NONE);
  return rig->knows;
}

static inline void
set_policy (Rig *rig, guint64 deadline, guint min_exit, guint max_exit)
{
  rig->settings.deadline = deadline;
  rig->settings.min_exit = min_exit;
  rig->settings.max_exit = max_exit;
  gst_mx_punctuality_set (&rig->part, &rig->settings);
}

static inline void
set_qos (Rig *rig, gboolean qos)
{
  rig->settings.qos = qos;
  gst_mx_punctuality_set (&rig->part, &rig->settings);
}

/* Live, 20 ms of latency, a segment that begins at 1 s, and a deadline. */
static inline void
set_up (Rig *rig)
{
  GstSegment segment;

  *rig = (Rig){.harness = gst_harness_new ("identity"),
      .bus = gst_bus_new (),
      .knows = TRUE,
      .live = TRUE,
      .latency = 20 * MS};
  gst_element_set_bus (rig->harness->element, rig->bus);
  gst_harness_use_testclock (rig->harness);
  gst_element_set_base_time (rig->harness->element, 5 * GST_SECOND);
  gst_pad_set_element_private (rig->harness->srcpad, rig);
  gst_pad_set_query_function (rig->harness->srcpad, answer_query);
  gst_harness_set_src_caps_str (rig->harness, "audio/x-raw");
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.position = GST_SECOND;
  gst_harness_push_event (rig->harness, gst_event_new_segment (&segment));
  gst_mx_punctuality_init (
      &rig->part, GST_BASE_TRANSFORM (rig->harness->element));
  set_policy (rig, 50 * MS, 1, 0);
  rig->asked = 0;
}

static inline void
tear_down (Rig *rig)
{
  gst_element_set_bus (rig->harness->element, NULL);
  gst_object_unref (rig->bus);
  gst_harness_teardown (rig->harness);
}

static inline void
set_clock (Rig *rig, GstClockTime time)
{
  GstTestClock *clock = gst_harness_get_testclock (rig->harness);

  gst_test_clock_set_time (clock, time);
  gst_object_unref (clock);
}

static inline void
measure (Rig *rig, GstClockTime pts)
{
  g_autoptr (GstBuffer) buffer =
      gst_buffer_new_allocate (NULL, DURATION * RATE * 4 / GST_SECOND, NULL);
  GstAudioInfo info;

  gst_audio_info_set_format (&info, GST_AUDIO_FORMAT_F32, RATE, 1, NULL);
  GST_BUFFER_PTS (buffer) = pts;
  gst_mx_punctuality_measure (&rig->part, buffer, &info);
}

static inline void
see (Rig *rig, GstEvent *event)
{
  gst_mx_punctuality_see (&rig->part, event);
  gst_event_unref (event);
}
