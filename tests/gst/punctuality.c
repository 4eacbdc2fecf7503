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
  return suite;
}

GST_CHECK_MAIN (punctuality);
