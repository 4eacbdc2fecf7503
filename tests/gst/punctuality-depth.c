/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What late sinks make of the depth, and how it is told. */
#include "punctuality-rig.h"

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
punctuality_depth_suite (void)
{
  Suite *suite = suite_create ("punctuality-depth");
  TCase *tests = tcase_create ("punctuality-depth");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (
      tests, test_late_sinks_limit_the_depth, 0, 2 * G_N_ELEMENTS (events));
  tcase_add_loop_test (tests, test_the_limit_is_an_exit_that_may_answer, 0,
      G_N_ELEMENTS (exits));
  tcase_add_test (tests, test_late_sinks_are_forgotten);
  tcase_add_test (tests, test_another_depth_is_told_once);
  tcase_add_loop_test (tests, test_the_message_says_what_is_known, 0, 2);
  return suite;
}

GST_CHECK_MAIN (punctuality_depth)
