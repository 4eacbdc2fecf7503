/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Times, segments and buffers that are rare, but come. */

#include "classifier.h"

static const Model model = {8000, 1, 400, 200};
static const Model mel = {8000, 1, 400, 160, "log-mel"};

static void
push_segment (Classifier *c, GstFormat format, gdouble rate, guint64 start,
    GstSegmentFlags flags)
{
  GstSegment segment;

  gst_segment_init (&segment, format);
  segment.rate = rate;
  segment.start = segment.position = start;
  segment.stop = start + 3600 * GST_SECOND;
  segment.flags = flags;
  fail_unless (
      gst_harness_push_event (c->harness, gst_event_new_segment (&segment)));
}

static void
push_at (Classifier *c, gsize n, GstClockTime pts, gboolean discont)
{
  g_autofree gfloat *samples = noise (n, 1);
  GstBuffer *buffer = piece (samples, 1, 0, n, model.rate, 0);

  GST_BUFFER_PTS (buffer) = pts;
  if (discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  classifier_push (c, buffer);
}

static void
assert_time (const GPtrArray *answers, guint i, const gchar *field,
    GstClockTime expected)
{
  fail_unless (i < answers->len);
  fail_unless_equals_uint64 (get_uint64 (answers->pdata[i], field), expected);
}

/* Neither a warning nor another latency is announced. */
static GPtrArray *
messages_and_no_trouble (Classifier *c)
{
  const GstMessageType trouble =
      GST_MESSAGE_WARNING | GST_MESSAGE_ERROR | GST_MESSAGE_LATENCY;
  GPtrArray *found = structures_new ();
  GstMessage *message;

  while ((message = gst_bus_pop (c->bus)) != NULL) {
    fail_if (GST_MESSAGE_TYPE (message) & trouble, "%s",
        GST_MESSAGE_TYPE_NAME (message));
    if (gst_message_has_name (message, "mxclassify"))
      g_ptr_array_add (
          found, gst_structure_copy (gst_message_get_structure (message)));
    gst_message_unref (message);
  }
  return found;
}

/* --- segments --- */

GST_START_TEST (test_samples_outside_the_segment_are_heard_all_the_same)
{
  GstClockTime start = GST_SECOND;
  g_autoptr (GPtrArray) found = NULL;
  Classifier c = classifier_new_ready (&model);

  push_segment (&c, GST_FORMAT_TIME, 1, start, 0);
  push_at (&c, 800, start - 30 * GST_MSECOND, FALSE);
  found = classifier_messages (&c);
  fail_unless_equals_int (found->len, 3);
  assert_time (found, 0, "timestamp", start - 30 * GST_MSECOND);
  assert_time (found, 0, "running-time", GST_CLOCK_TIME_NONE);
  assert_time (found, 1, "stream-time", GST_CLOCK_TIME_NONE);
  assert_time (found, 2, "timestamp", start + 20 * GST_MSECOND);
  assert_time (found, 2, "running-time", 20 * GST_MSECOND);
  classifier_free (&c);
}
GST_END_TEST;

static const GstFormat other_formats[] = {GST_FORMAT_BYTES, GST_FORMAT_DEFAULT};

GST_START_TEST (test_a_segment_that_counts_no_time_gives_no_running_time)
{
  g_autoptr (GPtrArray) found = NULL;
  Classifier c = classifier_new_ready (&model);

  push_segment (&c, other_formats[__i__], 1, 0, 0);
  push_at (&c, 400, 5 * GST_SECOND, FALSE);
  found = messages_and_no_trouble (&c);
  fail_unless_equals_int (found->len, 1);
  assert_time (found, 0, "timestamp", 5 * GST_SECOND);
  assert_time (found, 0, "running-time", GST_CLOCK_TIME_NONE);
  assert_time (found, 0, "stream-time", GST_CLOCK_TIME_NONE);
  classifier_free (&c);
}
GST_END_TEST;

/* A short recording before it, pieces in reverse order, and forwards again. */
GST_START_TEST (test_nothing_is_answered_while_the_stream_runs_backwards)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) metas = NULL;
  Classifier c = classifier_new_ready (&model);

  push_at (&c, 100, 0, FALSE);
  push_segment (&c, GST_FORMAT_TIME, -1, 0, 0);
  for (guint i = 10; i > 0; i--)
    push_at (&c, 800, i * 100 * GST_MSECOND, i % 2 == 0);
  gst_harness_push_event (
      c.harness, gst_event_new_gap (50 * GST_MSECOND, 10 * GST_MSECOND));
  push_segment (&c, GST_FORMAT_TIME, 1, 0, 0);
  push_at (&c, 400, 0, FALSE);
  fail_unless_equals_string (c.order->str, ".RS..........gSr");
  found = messages_and_no_trouble (&c);
  fail_unless_equals_int (found->len, 2);
  assert_time (found, 0, "duration", 12500 * GST_USECOND);
  assert_time (found, 1, "duration", 50 * GST_MSECOND);
  metas = classifier_metas (&c);
  fail_unless_equals_int (gst_harness_buffers_received (c.harness), 12);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_trick_modes_are_answered_as_what_they_play)
{
  g_autoptr (GPtrArray) found = NULL;
  Classifier c = classifier_new_ready (&model);

  push_segment (&c, GST_FORMAT_TIME, 4, 0,
      GST_SEGMENT_FLAG_TRICKMODE | GST_SEGMENT_FLAG_TRICKMODE_KEY_UNITS |
          GST_SEGMENT_FLAG_SKIP);
  push_at (&c, 400, 0, FALSE);
  push_at (&c, 400, 8 * GST_SECOND, FALSE);
  found = messages_and_no_trouble (&c);
  fail_unless_equals_int (found->len, 2);
  assert_time (found, 1, "timestamp", 8 * GST_SECOND);
  assert_time (found, 1, "stream-time", 8 * GST_SECOND);
  assert_time (found, 1, "running-time", 2 * GST_SECOND);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_an_instant_change_of_rate_interrupts_nothing)
{
  g_autoptr (GPtrArray) found = NULL;
  gboolean passed = FALSE;
  GstEvent *event;
  Classifier c = classifier_new_ready (&model);

  push_at (&c, 300, 0, FALSE);
  gst_harness_push_event (
      c.harness, gst_event_new_instant_rate_change (2, GST_SEGMENT_FLAG_NONE));
  while ((event = gst_harness_try_pull_event (c.harness)) != NULL) {
    passed = passed || GST_EVENT_TYPE (event) == GST_EVENT_INSTANT_RATE_CHANGE;
    gst_event_unref (event);
  }
  fail_unless (passed);
  push_at (&c, 100, 37500 * GST_USECOND, FALSE);
  fail_unless_equals_string (c.order->str, ".r");
  found = messages_and_no_trouble (&c);
  assert_time (found, 0, "timestamp", 0);
  classifier_free (&c);
}
GST_END_TEST;

/* --- timestamps --- */

#define HALF (G_GUINT64_CONSTANT (1) << 63)
#define LAST (GST_CLOCK_TIME_NONE - 1)

static const struct {
  GstClockTime first, second;
} far_apart[] = {
    {0, HALF},
    {0, HALF - 1},
    {0, LAST},
    {HALF, 0},
    {LAST, 0},
    {LAST, HALF - 1},
    {10 * GST_SECOND, 9 * GST_SECOND},
};

GST_START_TEST (test_no_jump_is_too_far_to_be_seen)
{
  g_autoptr (GPtrArray) found = NULL;
  Classifier c = classifier_new_ready (&model);

  push_at (&c, 300, far_apart[__i__].first, FALSE);
  push_at (&c, 300, far_apart[__i__].second, FALSE);
  fail_unless_equals_string (c.order->str, ".R.");
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  found = classifier_messages (&c);
  fail_unless_equals_int (found->len, 2);
  assert_time (found, 0, "timestamp", far_apart[__i__].first);
  assert_time (found, 1, "timestamp", far_apart[__i__].second);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_no_window_ends_after_time_does)
{
  g_autoptr (GPtrArray) found = NULL;
  Classifier c = classifier_new_ready (&model);

  push_at (&c, 800, LAST - 30 * GST_MSECOND, FALSE);
  found = classifier_messages (&c);
  fail_unless_equals_int (found->len, 3);
  assert_time (found, 0, "duration", 30 * GST_MSECOND);
  assert_time (found, 1, "duration", 5 * GST_MSECOND);
  assert_time (found, 2, "timestamp", LAST);
  assert_time (found, 2, "duration", 0);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_neither_dts_nor_offset_is_a_time)
{
  g_autofree gfloat *samples = noise (400, 1);
  g_autoptr (GPtrArray) found = NULL;
  GstBuffer *buffer = piece (samples, 1, 0, 400, 8000, GST_CLOCK_TIME_NONE);
  Classifier c = classifier_new_ready (&model);

  GST_BUFFER_DTS (buffer) = GST_SECOND;
  GST_BUFFER_OFFSET (buffer) = 8000;
  classifier_push (&c, buffer);
  found = classifier_messages (&c);
  assert_time (found, 0, "timestamp", GST_CLOCK_TIME_NONE);
  classifier_free (&c);
}
GST_END_TEST;

/* --- gaps --- */

/* 3.5 samples each: rounded one by one they would be 160. */
GST_START_TEST (test_short_gaps_do_not_add_up_to_an_error)
{
  const GstClockTime gap = 437500;
  GstClockTime now = 10 * GST_MSECOND;
  g_autoptr (GPtrArray) found = NULL;
  Classifier c = classifier_new_ready (&model);

  push_at (&c, 80, 0, FALSE);
  for (guint i = 0; i < 40; i++, now += gap)
    gst_harness_push_event (c.harness, gst_event_new_gap (now, gap));
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  found = classifier_messages (&c);
  fail_unless_equals_int (found->len, 1);
  assert_time (found, 0, "duration", now);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_a_gap_elsewhere_ends_the_recording)
{
  g_autoptr (GPtrArray) found = NULL;
  Classifier c = classifier_new_ready (&model);

  push_at (&c, 80, 0, FALSE);
  gst_harness_push_event (
      c.harness, gst_event_new_gap (GST_SECOND, 10 * GST_MSECOND));
  fail_unless_equals_string (c.order->str, ".Rg");
  found = classifier_messages (&c);
  assert_time (found, 0, "duration", 10 * GST_MSECOND);
  classifier_free (&c);
}
GST_END_TEST;

/* --- DISCONT everywhere --- */

static const struct {
  const Model *model;
  gsize n;
  gboolean answered;
} shorts[] = {
    {&model, 1, TRUE},
    {&mel, 1, FALSE},
    {&mel, 79, FALSE}, /* a step is 10 ms */
    {&mel, 80, TRUE},
};

GST_START_TEST (test_nothing_shorter_than_a_step_is_answered)
{
  g_autoptr (GPtrArray) found = NULL;
  Classifier c = classifier_new_ready (shorts[__i__].model);

  for (guint i = 0; i < 20; i++)
    push_at (&c, shorts[__i__].n, i * GST_SECOND, TRUE);
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  found = classifier_messages (&c);
  fail_unless_equals_int (found->len, shorts[__i__].answered ? 20 : 0);
  for (guint i = 0; i < found->len; i++)
    assert_time (found, i, "duration",
        GST_FRAMES_TO_CLOCK_TIME (shorts[__i__].n, model.rate));
  classifier_free (&c);
}
GST_END_TEST;

/* --- latency --- */

typedef struct {
  gboolean live;
  GstClockTime min, max;
} Latency;

static Latency upstream;

static gboolean
answer_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);
  gst_query_set_latency (query, upstream.live, upstream.min, upstream.max);
  return TRUE;
}

static const Latency latencies[] = {
    {FALSE, 0, GST_CLOCK_TIME_NONE},
    {TRUE, 0, 0},
    {TRUE, 20 * GST_MSECOND, 200 * GST_MSECOND},
    {TRUE, 20 * GST_MSECOND, GST_CLOCK_TIME_NONE},
};

static void
assert_latency (Classifier *c, const Latency *expected)
{
  GstQuery *query = gst_query_new_latency ();
  Latency found;

  fail_unless (gst_pad_peer_query (c->harness->sinkpad, query));
  gst_query_parse_latency (query, &found.live, &found.min, &found.max);
  fail_unless_equals_int (found.live, expected->live);
  fail_unless_equals_uint64 (found.min, expected->min);
  fail_unless_equals_uint64 (found.max, expected->max);
  gst_query_unref (query);
}

/* Nor is any announced, when the rate comes to be converted. */
GST_START_TEST (test_latency_is_that_of_upstream_whatever_the_caps)
{
  g_autoptr (GPtrArray) found = NULL;
  Classifier c = classifier_new (&model);

  upstream = latencies[__i__];
  gst_pad_set_query_function (c.harness->srcpad, answer_query);
  classifier_set_caps (&c, 8000, 1);
  assert_latency (&c, &upstream);
  push_at (&c, 400, 0, FALSE);
  classifier_set_caps (&c, 44100, 1);
  push_at (&c, 400, 0, FALSE);
  assert_latency (&c, &upstream);
  found = messages_and_no_trouble (&c);
  fail_unless_equals_int (found->len, 1);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_edges_suite (void)
{
  Suite *suite = suite_create ("classify-edges");
  TCase *tests = tcase_create ("classify-edges");

  suite_add_tcase (suite, tests);
  tcase_add_test (
      tests, test_samples_outside_the_segment_are_heard_all_the_same);
  tcase_add_loop_test (tests,
      test_a_segment_that_counts_no_time_gives_no_running_time, 0,
      G_N_ELEMENTS (other_formats));
  tcase_add_test (
      tests, test_nothing_is_answered_while_the_stream_runs_backwards);
  tcase_add_test (tests, test_trick_modes_are_answered_as_what_they_play);
  tcase_add_test (tests, test_an_instant_change_of_rate_interrupts_nothing);
  tcase_add_loop_test (
      tests, test_no_jump_is_too_far_to_be_seen, 0, G_N_ELEMENTS (far_apart));
  tcase_add_test (tests, test_no_window_ends_after_time_does);
  tcase_add_test (tests, test_neither_dts_nor_offset_is_a_time);
  tcase_add_test (tests, test_short_gaps_do_not_add_up_to_an_error);
  tcase_add_test (tests, test_a_gap_elsewhere_ends_the_recording);
  tcase_add_loop_test (tests, test_nothing_shorter_than_a_step_is_answered, 0,
      G_N_ELEMENTS (shorts));
  tcase_add_loop_test (tests,
      test_latency_is_that_of_upstream_whatever_the_caps, 0,
      G_N_ELEMENTS (latencies));
  return suite;
}

GST_CHECK_MAIN (classify_edges);
