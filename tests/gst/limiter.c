/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which results are told as messages. */

#include <gst/check/gstcheck.h>

#include "gstmxlimiter.h"

/* A letter for each window, one every second: its class, a capital if it is not
 * finite; '|': a flush.  `told`: '!' where a message is posted. */
static const struct {
  guint64 interval; /* s */
  gboolean on_change;
  const gchar *results, *told;
} streams[] = {
    {0, FALSE, "aabbA", "!!!!!"},
    {1, FALSE, "aabbA", "!!!!!"},
    {2, FALSE, "aabbAaa", "!.!.!.!"},
    {3, FALSE, "aabbAaa", "!..!..!"},
    {G_MAXUINT64, FALSE, "aabbAaa", "!......"},
    {2, FALSE, "aa|aaa", "!.|!.!"},
    {0, TRUE, "aabbAaa", "!.!.!!."},
    {0, TRUE, "aaAAbB", "!.!.!!"},
    {0, TRUE, "aa|aab", "!.|!.!"},
    /* A change within the interval that stands is told after it ... */
    {3, TRUE, "abbbbb", "!..!.."},
    /* ... one that does not is not, nor is its end news. */
    {3, TRUE, "abbaaa", "!....."},
    {3, TRUE, "abcacb", "!...!."},
    /* After the interval a change is told at once. */
    {3, TRUE, "aaaaab", "!....!"},
    {3, TRUE, "ab|bba", "!.|!.."},
};

static void
hear (GstMxLimiter *limiter, GString *told, gchar letter, GstClockTime start,
    GstClockTime running_time)
{
  MxResult result = {.label = g_ascii_tolower (letter) - 'a',
      .finite = g_ascii_islower (letter)};

  gst_mx_limiter_hear (limiter, start, start + GST_SECOND);
  g_string_append_c (
      told, gst_mx_limiter_tell (limiter, &result, running_time) ? '!' : '.');
}

/* @timed: by running time, which runs @down or up; else by what is heard, in
 * recordings of so many windows. */
static void
check_stream (guint stream, gboolean timed, gboolean down, guint recording)
{
  const gchar *results = streams[stream].results;
  g_autoptr (GString) told = g_string_new (NULL);
  GstMxLimiter limiter = {0};

  limiter.interval = streams[stream].interval == G_MAXUINT64
                         ? G_MAXUINT64
                         : streams[stream].interval * GST_SECOND;
  limiter.on_change = streams[stream].on_change;
  for (guint i = 0; results[i] != '\0'; i++) {
    GstClockTime time = (down ? 100 - i : i) * GST_SECOND;

    if (results[i] == '|') {
      gst_mx_limiter_forget (&limiter);
      g_string_append_c (told, '|');
    } else
      hear (&limiter, told, results[i], i % recording * GST_SECOND,
          timed ? time : GST_CLOCK_TIME_NONE);
  }
  fail_unless_equals_string (told->str, streams[stream].told);
}

GST_START_TEST (test_messages_are_limited_by_running_time)
{
  check_stream (__i__, TRUE, FALSE, 1);
}
GST_END_TEST;

GST_START_TEST (test_messages_are_limited_in_reverse_too)
{
  check_stream (__i__, TRUE, TRUE, 1);
}
GST_END_TEST;

GST_START_TEST (test_messages_are_limited_by_what_is_heard)
{
  check_stream (__i__, FALSE, FALSE, 100);
}
GST_END_TEST;

/* Each begins to count at 0. */
GST_START_TEST (test_recordings_without_times_follow_each_other)
{
  check_stream (__i__, FALSE, FALSE, 1);
}
GST_END_TEST;

/* Two windows without running time, the third has some. */
GST_START_TEST (test_times_that_begin_late_are_no_gap)
{
  g_autoptr (GString) told = g_string_new (NULL);
  GstMxLimiter limiter = {.interval = 3 * GST_SECOND};

  for (guint i = 0; i < 7; i++)
    hear (&limiter, told, 'a', i * GST_SECOND,
        i < 2 ? GST_CLOCK_TIME_NONE : (1000 + i) * GST_SECOND);
  fail_unless_equals_string (told->str, "!..!..!");
}
GST_END_TEST;

static Suite *
limiter_suite (void)
{
  Suite *suite = suite_create ("limiter");
  TCase *tests = tcase_create ("limiter");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_messages_are_limited_by_running_time, 0,
      G_N_ELEMENTS (streams));
  tcase_add_loop_test (tests, test_messages_are_limited_in_reverse_too, 0,
      G_N_ELEMENTS (streams));
  tcase_add_loop_test (tests, test_messages_are_limited_by_what_is_heard, 0,
      G_N_ELEMENTS (streams));
  tcase_add_loop_test (tests, test_recordings_without_times_follow_each_other,
      0, G_N_ELEMENTS (streams));
  tcase_add_test (tests, test_times_that_begin_late_are_no_gap);
  return suite;
}

GST_CHECK_MAIN (limiter);
