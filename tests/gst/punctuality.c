/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The part of mxclassify that looks at the clock, on an element that does
 * nothing else. */

#include "punctuality-rig.h"

/* 2 s behind the base time it is running time 2 s, PTS 3 s. */
static const struct {
  GstClockTime clock, pts, latency;
  GstClockTimeDiff late;
} arrivals[] = {
    {7 * GST_SECOND, 3 * GST_SECOND, 0, 0},
    {7 * GST_SECOND + 20 * MS, 3 * GST_SECOND, 20 * MS, 0},
    {7 * GST_SECOND + 21 * MS, 3 * GST_SECOND, 20 * MS, 1 * MS},
    {7 * GST_SECOND, 3 * GST_SECOND, 20 * MS, 0}, /* early */
    {7 * GST_SECOND, 3 * GST_SECOND - 70 * MS, 20 * MS, 50 * MS},
    {9 * GST_SECOND, 3 * GST_SECOND, 20 * MS, 1980 * MS},
};

GST_START_TEST (test_lateness_is_what_the_clock_says)
{
  Rig rig;

  set_up (&rig);
  rig.latency = arrivals[__i__].latency;
  set_clock (&rig, arrivals[__i__].clock);
  measure (&rig, arrivals[__i__].pts);
  fail_unless_equals_uint64 (gst_mx_punctuality_get_due (&rig.part),
      steady_time - arrivals[__i__].late);
  tear_down (&rig);
}
GST_END_TEST;

/* The steady clock began after the buffer was due. */
GST_START_TEST (test_what_is_later_than_time_is_late)
{
  Rig rig;

  set_up (&rig);
  set_clock (&rig, G_GUINT64_CONSTANT (1000000) * GST_SECOND);
  measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_uint64 (gst_mx_punctuality_get_due (&rig.part), 1);
  tear_down (&rig);
}
GST_END_TEST;

static void
stop_living (Rig *rig)
{
  rig->live = FALSE;
}

static void
know_nothing (Rig *rig)
{
  rig->knows = FALSE;
}

static void
take_the_clock (Rig *rig)
{
  gst_element_set_clock (rig->harness->element, NULL);
}

static void
set_no_deadline (Rig *rig)
{
  set_policy (rig, 0, 1, 0);
}

static void
count_in_bytes (Rig *rig)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (rig->harness, gst_event_new_segment (&segment));
}

static void (*const circumstances[]) (Rig *rig) = {
    stop_living,
    know_nothing,
    take_the_clock,
    set_no_deadline,
    count_in_bytes,
};

GST_START_TEST (test_without_a_clock_nothing_is_due)
{
  Rig rig;

  set_up (&rig);
  circumstances[__i__](&rig);
  set_clock (&rig, 9 * GST_SECOND);
  measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_uint64 (gst_mx_punctuality_get_due (&rig.part), 0);
  tear_down (&rig);
}
GST_END_TEST;

GST_START_TEST (test_a_buffer_without_time_is_not_due)
{
  Rig rig;

  set_up (&rig);
  set_clock (&rig, 9 * GST_SECOND);
  measure (&rig, 3 * GST_SECOND);
  fail_unless (gst_mx_punctuality_get_due (&rig.part) > 0);
  measure (&rig, GST_CLOCK_TIME_NONE);
  fail_unless_equals_uint64 (gst_mx_punctuality_get_due (&rig.part), 0);
  /* Nor one outside the segment. */
  measure (&rig, GST_SECOND / 2);
  fail_unless_equals_uint64 (gst_mx_punctuality_get_due (&rig.part), 0);
  tear_down (&rig);
}
GST_END_TEST;

/* Buffer after buffer it is the same; these events may change it. */
GST_START_TEST (test_upstream_is_asked_when_its_latency_may_change)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string ("audio/x-raw");
  GstSegment segment;
  Rig rig;

  set_up (&rig);
  set_clock (&rig, 7 * GST_SECOND + 30 * MS);
  for (guint i = 0; i < 3; i++)
    measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_int (rig.asked, 1);
  fail_unless_equals_uint64 (
      gst_mx_punctuality_get_due (&rig.part), steady_time - 10 * MS);

  rig.latency = 25 * MS;
  see (&rig, gst_event_new_latency (25 * MS));
  fail_unless_equals_int (rig.asked, 1);
  for (guint i = 0; i < 3; i++)
    measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_int (rig.asked, 2);
  fail_unless_equals_uint64 (
      gst_mx_punctuality_get_due (&rig.part), steady_time - 5 * MS);

  see (&rig, gst_event_new_caps (caps));
  measure (&rig, 3 * GST_SECOND);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  see (&rig, gst_event_new_segment (&segment));
  measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_int (rig.asked, 4);
  see (&rig, gst_event_new_eos ());
  measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_int (rig.asked, 4);
  tear_down (&rig);
}
GST_END_TEST;

/* The pipeline's latency is 50 ms: a sink plays the buffer before, 10 ms long,
 * 50 ms behind its time, and 40 ms behind that of this one. */
GST_START_TEST (test_what_a_sink_holds_up_is_not_late)
{
  Rig rig;

  set_up (&rig);
  see (&rig, gst_event_new_latency (50 * MS));
  measure (&rig, 3 * GST_SECOND - DURATION);
  set_clock (&rig, 7 * GST_SECOND + 40 * MS);
  measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_uint64 (
      gst_mx_punctuality_get_due (&rig.part), steady_time);
  set_clock (&rig, 7 * GST_SECOND + 43 * MS);
  measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_uint64 (
      gst_mx_punctuality_get_due (&rig.part), steady_time - 3 * MS);
  tear_down (&rig);
}
GST_END_TEST;

static guint
count_latency_messages (Rig *rig)
{
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop_filtered (rig->bus, GST_MESSAGE_LATENCY))) {
    gst_message_unref (message);
    n++;
  }
  return n;
}

/* As one that was put into a playing pipeline. */
GST_START_TEST (test_who_was_not_told_the_latency_asks_once)
{
  Rig rig;

  set_up (&rig);
  for (guint i = 0; i < 3; i++)
    measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_int (count_latency_messages (&rig), 1);

  gst_mx_punctuality_start (&rig.part);
  see (&rig, gst_event_new_latency (50 * MS));
  measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_int (count_latency_messages (&rig), 0);

  gst_mx_punctuality_start (&rig.part);
  rig.live = FALSE;
  measure (&rig, 3 * GST_SECOND);
  rig.live = TRUE;
  gst_mx_punctuality_start (&rig.part);
  set_policy (&rig, 0, 1, 0);
  measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_int (count_latency_messages (&rig), 0);
  tear_down (&rig);
}
GST_END_TEST;

GST_START_TEST (test_nobody_is_asked_without_need)
{
  Rig rig;

  set_up (&rig);
  set_policy (&rig, 0, 1, 0);
  measure (&rig, 3 * GST_SECOND);
  fail_unless_equals_int (rig.asked, 0);
  tear_down (&rig);
}
GST_END_TEST;

/* --- what sinks say --- */

static const struct {
  GstQOSType type;
  GstClockTimeDiff jitter;
  GstClockTime timestamp, running_time;
  gboolean hurried;
} events[] = {
    {GST_QOS_TYPE_UNDERFLOW, 10 * MS, 500 * MS, 500 * MS, TRUE},
    {GST_QOS_TYPE_UNDERFLOW, 10 * MS, 500 * MS, 519 * MS, TRUE},
    {GST_QOS_TYPE_UNDERFLOW, 10 * MS, 500 * MS, 520 * MS, FALSE},
    {GST_QOS_TYPE_OVERFLOW, -10 * MS, 500 * MS, 480 * MS, FALSE},
    {GST_QOS_TYPE_THROTTLE, 10 * MS, 500 * MS, 500 * MS, FALSE},
    {GST_QOS_TYPE_UNDERFLOW, 10 * MS, GST_CLOCK_TIME_NONE, 0, FALSE},
    {GST_QOS_TYPE_UNDERFLOW, G_MAXINT64, 500 * MS, 900 * MS, TRUE},
};

static GstEvent *
late_sink (guint i)
{
  return gst_event_new_qos (
      events[i].type, 1.5, events[i].jitter, events[i].timestamp);
}

GST_START_TEST (test_late_sinks_limit_the_depth)
{
  gboolean qos = __i__ % 2;
  guint i = __i__ / 2;
  Rig rig;

  set_up (&rig);
  set_qos (&rig, qos);
  see (&rig, late_sink (i));
  measure (&rig, GST_SECOND + events[i].running_time);
  fail_unless_equals_int (gst_mx_punctuality_get_limit (&rig.part),
      qos && events[i].hurried ? 1 : 0);
  tear_down (&rig);
}
GST_END_TEST;

static const struct {
  guint min_exit, max_exit, limit;
} exits[] = {{1, 0, 1}, {0, 0, 1}, {2, 0, 2}, {2, 3, 2}, {3, 2, 2}};

GST_START_TEST (test_the_limit_is_an_exit_that_may_answer)
{
  Rig rig;

  set_up (&rig);
  set_qos (&rig, TRUE);
  set_policy (&rig, 0, exits[__i__].min_exit, exits[__i__].max_exit);
  see (&rig, late_sink (0));
  measure (&rig, GST_SECOND + 500 * MS);
  fail_unless_equals_int (
      gst_mx_punctuality_get_limit (&rig.part), exits[__i__].limit);
  tear_down (&rig);
}
GST_END_TEST;

/* The same sink in time, a flush, another start. */
GST_START_TEST (test_late_sinks_are_forgotten)
{
  Rig rig;

  set_up (&rig);
  set_qos (&rig, TRUE);
  for (guint way = 0; way < 3; way++) {
    see (&rig, late_sink (0));
    measure (&rig, GST_SECOND + 500 * MS);
    fail_unless_equals_int (gst_mx_punctuality_get_limit (&rig.part), 1);
    if (way == 0)
      see (&rig, gst_event_new_qos (GST_QOS_TYPE_OVERFLOW, .9, 0, 500 * MS));
    else if (way == 1)
      see (&rig, gst_event_new_flush_stop (TRUE));
    else
      gst_mx_punctuality_start (&rig.part);
    measure (&rig, GST_SECOND + 500 * MS);
    fail_unless_equals_int (gst_mx_punctuality_get_limit (&rig.part), 0);
  }
  tear_down (&rig);
}
GST_END_TEST;

/* --- what is told --- */

static void
answer (Rig *rig, guint allowed, gboolean skipped)
{
  static const MxDescription description = {.rate = RATE};
  const GstMxTimes times = {.start = 3 * GST_SECOND, .end = 4 * GST_SECOND};
  const MxResult result = {.start = 0,
      .length = RATE,
      .exit = 1,
      .exits = 4,
      .allowed = allowed,
      .skipped = skipped};

  gst_mx_punctuality_tell (&rig->part, &result, &description, &times);
}

/* -1: nothing was posted. */
static gint
posted_quality (Rig *rig)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (rig->bus, GST_MESSAGE_QOS);
  gint quality = -1;

  if (message != NULL)
    gst_message_parse_qos_values (message, NULL, NULL, &quality);
  return quality;
}

static const struct {
  guint max_exit, allowed;
  gboolean skipped;
  gint quality;
} answers[] = {
    {0, 4, FALSE, -1},
    {0, 2, FALSE, 500000},
    {0, 2, FALSE, -1},
    {0, 4, TRUE, -1},
    {0, 1, FALSE, 250000},
    {0, 4, FALSE, 1000000},
    {0, 4, FALSE, -1},
    {3, 3, FALSE, -1},
    {3, 2, FALSE, 666666},
    {2, 2, FALSE, 1000000},
    {9, 3, FALSE, 750000},
};

GST_START_TEST (test_another_depth_is_told_once)
{
  Rig rig;

  set_up (&rig);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    set_policy (&rig, 50 * MS, 1, answers[i].max_exit);
    answer (&rig, answers[i].allowed, answers[i].skipped);
    fail_unless_equals_int (posted_quality (&rig), answers[i].quality);
    fail_unless_equals_int (posted_quality (&rig), -1);
  }
  tear_down (&rig);
}
GST_END_TEST;

static void
assert_message (
    GstMessage *message, GstClockTimeDiff jitter, gdouble proportion)
{
  guint64 running_time, stream_time, timestamp, duration, processed, dropped;
  gint64 found_jitter;
  gdouble found_proportion;
  gboolean live;
  GstFormat format;

  gst_message_parse_qos (
      message, &live, &running_time, &stream_time, &timestamp, &duration);
  fail_unless (live);
  fail_unless_equals_uint64 (running_time, 2 * GST_SECOND);
  fail_unless_equals_uint64 (stream_time, 2 * GST_SECOND);
  fail_unless_equals_uint64 (timestamp, 3 * GST_SECOND);
  fail_unless_equals_uint64 (duration, GST_SECOND);
  gst_message_parse_qos_values (
      message, &found_jitter, &found_proportion, NULL);
  fail_unless_equals_int64 (found_jitter, jitter);
  fail_unless_equals_float (found_proportion, proportion);
  gst_message_parse_qos_stats (message, &format, &processed, &dropped);
  fail_unless_equals_int (format, GST_FORMAT_DEFAULT);
  fail_unless_equals_uint64 (processed, 2 * DURATION * RATE / GST_SECOND);
  fail_unless_equals_uint64 (dropped, 0);
}

/* How much too late is what the clock says, or a sink, if it is more. */
GST_START_TEST (test_the_message_says_what_is_known)
{
  gboolean sink = __i__;
  g_autoptr (GstMessage) message = NULL;
  Rig rig;

  set_up (&rig);
  set_qos (&rig, TRUE);
  set_clock (&rig, 7 * GST_SECOND + 27 * MS);
  if (sink)
    see (&rig, gst_event_new_qos (
                   GST_QOS_TYPE_UNDERFLOW, 1.5, 10 * MS, 2 * GST_SECOND));
  measure (&rig, 3 * GST_SECOND - 10 * MS);
  measure (&rig, 3 * GST_SECOND);
  answer (&rig, 1, FALSE);
  message = gst_bus_pop_filtered (rig.bus, GST_MESSAGE_QOS);
  fail_unless (message != NULL);
  assert_message (message, sink ? 10 * MS : 7 * MS, sink ? 1.5 : 1);
  tear_down (&rig);
}
GST_END_TEST;

static Suite *
punctuality_suite (void)
{
  Suite *suite = suite_create ("punctuality");
  TCase *tests = tcase_create ("punctuality");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (
      tests, test_lateness_is_what_the_clock_says, 0, G_N_ELEMENTS (arrivals));
  tcase_add_test (tests, test_what_is_later_than_time_is_late);
  tcase_add_loop_test (tests, test_without_a_clock_nothing_is_due, 0,
      G_N_ELEMENTS (circumstances));
  tcase_add_test (tests, test_a_buffer_without_time_is_not_due);
  tcase_add_test (tests, test_upstream_is_asked_when_its_latency_may_change);
  tcase_add_test (tests, test_what_a_sink_holds_up_is_not_late);
  tcase_add_test (tests, test_who_was_not_told_the_latency_asks_once);
  tcase_add_test (tests, test_nobody_is_asked_without_need);
  tcase_add_loop_test (
      tests, test_late_sinks_limit_the_depth, 0, 2 * G_N_ELEMENTS (events));
  tcase_add_loop_test (tests, test_the_limit_is_an_exit_that_may_answer, 0,
      G_N_ELEMENTS (exits));
  tcase_add_test (tests, test_late_sinks_are_forgotten);
  tcase_add_test (tests, test_another_depth_is_told_once);
  tcase_add_loop_test (tests, test_the_message_says_what_is_known, 0, 2);
  return suite;
}

GST_CHECK_MAIN (punctuality);
