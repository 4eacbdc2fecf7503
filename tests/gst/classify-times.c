/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Answers lie where the buffers say, also when these disagree with the number
 * of samples. */

#include "classifier.h"

static const Model model = {8000, 1, 400, 200};

/* Windows of 4 chunks, each 2 chunks behind the one before. */
#define CHUNK 100
#define CHUNK_TIME (CHUNK * GST_SECOND / 8000)
#define WINDOW_TIME (50 * GST_MSECOND)

/* Chunk `i` of the samples. */
static void
push_chunk (Classifier *c, const gfloat *samples, guint i, GstClockTime pts)
{
  GstBuffer *buffer =
      piece (samples, 1, (guint64)i * CHUNK, CHUNK, model.rate, 0);

  GST_BUFFER_PTS (buffer) = pts;
  classifier_push (c, buffer);
}

/* --- jumps --- */

static const struct {
  GstClockTimeDiff jump;
  gboolean anew;
} jumps[] = {
    {10 * GST_SECOND, TRUE},
    {-GST_SECOND, TRUE},
    {41 * GST_MSECOND, TRUE},
    {-41 * GST_MSECOND, TRUE},
    {39 * GST_MSECOND, FALSE},
    {-39 * GST_MSECOND, FALSE},
};

GST_START_TEST (test_a_jump_in_time_begins_a_new_recording)
{
  GstClockTime origin = 3 * GST_SECOND;
  g_autofree gfloat *samples = noise (11 * CHUNK, 1);
  g_autoptr (GPtrArray) expected = NULL;
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);

  /* One window, and a chunk of the next but one, before the jump. */
  for (guint i = 0; i < 11; i++)
    push_chunk (&c, samples, i,
        origin + i * CHUNK_TIME + (i >= 5 ? jumps[__i__].jump : 0));
  messages = classifier_messages (&c);
  assert_windows_follow (&model, messages, 0, 1, origin);
  if (jumps[__i__].anew) {
    expected = expected_answers (&model, samples + 5 * CHUNK, 6 * CHUNK, FALSE);
    assert_windows_follow (
        &model, messages, 1, 2, origin + 5 * CHUNK_TIME + jumps[__i__].jump);
    g_ptr_array_remove_index (messages, 0);
  } else {
    expected = expected_answers (&model, samples, 11 * CHUNK, FALSE);
    assert_windows_follow (
        &model, messages, 1, 3, origin + 2 * CHUNK_TIME + jumps[__i__].jump);
  }
  assert_answers_match (messages, expected, 0);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_a_short_recording_before_a_jump_is_answered)
{
  g_autofree gfloat *samples = noise (3 * CHUNK, 1);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);

  push_chunk (&c, samples, 0, 0);
  push_chunk (&c, samples, 1, CHUNK_TIME);
  push_chunk (&c, samples, 2, GST_SECOND);
  fail_unless_equals_string (c.order->str, "..R.");
  messages = classifier_messages (&c);
  fail_unless_equals_uint64 (
      get_uint64 (messages->pdata[0], "duration"), 2 * CHUNK_TIME);
  classifier_free (&c);
}
GST_END_TEST;

/* --- steps that last, or do not --- */

static const struct {
  GstClockTime wait;
  GstClockTimeDiff by;
  guint lasting; /* chunks, from the fifth on */
  guint anew;    /* first chunk of another recording; 0: there is none */
} steps[] = {
    {0, 100 * GST_MSECOND, 16, 5},
    {4 * CHUNK_TIME, 100 * GST_MSECOND, 16, 9},
    {4 * CHUNK_TIME, -100 * GST_MSECOND, 16, 9},
    {4 * CHUNK_TIME, 100 * GST_MSECOND, 4, 0},
    {4 * CHUNK_TIME, -100 * GST_MSECOND, 4, 0},
    {1, 100 * GST_SECOND, 1, 0},
    {GST_CLOCK_TIME_NONE, 100 * GST_SECOND, 16, 0},
};

/* What is late for less than discont-wait has lost nothing, not even the times
 * of windows. */
GST_START_TEST (test_a_step_ends_a_recording_when_it_has_lasted)
{
  const guint n = 21, anew = steps[__i__].anew;
  const guint first = anew > 0 ? anew : n;
  GstClockTime origin = 3 * GST_SECOND;
  g_autofree gfloat *samples = noise (n * CHUNK, 1);
  g_autoptr (GPtrArray) expected = NULL;
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);
  guint before;

  g_object_set (c.harness->element, "discont-wait", steps[__i__].wait, NULL);
  for (guint i = 0; i < n; i++) {
    gboolean astray = i >= 5 && i < 5 + steps[__i__].lasting;

    push_chunk (&c, samples, i,
        origin + i * CHUNK_TIME + (astray ? steps[__i__].by : 0));
  }
  messages = classifier_messages (&c);
  expected = expected_answers (&model, samples, first * CHUNK, FALSE);
  before = expected->len;
  assert_windows_follow (&model, messages, 0, before, origin);
  if (anew > 0) {
    g_autoptr (GPtrArray) behind = expected_answers (
        &model, samples + anew * CHUNK, (n - anew) * CHUNK, FALSE);

    assert_windows_follow (&model, messages, before, behind->len,
        origin + anew * CHUNK_TIME + steps[__i__].by);
    g_ptr_array_extend_and_steal (expected, g_steal_pointer (&behind));
  }
  assert_answers_match (messages, expected, 0);
  classifier_free (&c);
}
GST_END_TEST;

/* The same step, twice. */
GST_START_TEST (test_the_threshold_of_a_step_may_change_while_playing)
{
  g_autofree gfloat *samples = noise (12 * CHUNK, 1);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);

  g_object_set (
      c.harness->element, "alignment-threshold", 500 * GST_MSECOND, NULL);
  for (guint i = 0; i < 12; i++) {
    if (i == 7)
      g_object_set (
          c.harness->element, "alignment-threshold", 400 * GST_MSECOND, NULL);
    push_chunk (&c, samples, i,
        i * CHUNK_TIME + ((i >= 5) + (i >= 7)) * 450 * GST_MSECOND);
  }
  messages = classifier_messages (&c);
  /* Of chunks 0 to 3 and, its times already those behind the first step, of 2
   * to 5; of 7 to 10. */
  fail_unless_equals_int (messages->len, 3);
  assert_windows_follow (&model, messages, 0, 1, 0);
  assert_windows_follow (
      &model, messages, 1, 1, 2 * CHUNK_TIME + 450 * GST_MSECOND);
  assert_windows_follow (
      &model, messages, 2, 1, 7 * CHUNK_TIME + 900 * GST_MSECOND);
  classifier_free (&c);
}
GST_END_TEST;

/* A gap that is late is as long as it says, and lies where the count is. */
GST_START_TEST (test_a_gap_behind_a_step_keeps_its_length)
{
  g_autofree gfloat *samples = noise (8 * CHUNK, 1);
  g_autoptr (GPtrArray) expected = NULL;
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);

  g_object_set (c.harness->element, "discont-wait", GST_SECOND, NULL);
  push_chunk (&c, samples, 0, GST_SECOND);
  fail_unless (gst_harness_push_event (
      c.harness, gst_event_new_gap (GST_SECOND + CHUNK_TIME + 90 * GST_MSECOND,
                     2 * CHUNK_TIME)));
  for (guint i = 3; i < 8; i++)
    push_chunk (&c, samples, i, GST_SECOND + i * CHUNK_TIME);
  memset (samples + CHUNK, 0, 2 * CHUNK * sizeof (gfloat));
  messages = classifier_messages (&c);
  expected = expected_answers (&model, samples, 8 * CHUNK, FALSE);
  assert_windows_follow (&model, messages, 0, 3, GST_SECOND);
  assert_answers_match (messages, expected, 0);
  classifier_free (&c);
}
GST_END_TEST;

/* --- drift and jitter --- */

/* The clock that stamps the buffers runs faster or slower by 0.1 %. */
GST_START_TEST (test_drift_is_followed_and_interrupts_nothing)
{
  const guint n = 10000;
  const GstClockTime sample = GST_SECOND / 8000;
  guint permille = __i__ == 0 ? 1001 : 999;
  g_autofree gfloat *samples = noise (n * CHUNK, 1);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);

  for (guint i = 0; i < n; i++) {
    push_chunk (&c, samples, i, GST_SECOND + i * CHUNK_TIME * permille / 1000);
    gst_buffer_unref (gst_harness_pull (c.harness));
  }
  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, n / 2 - 1);
  for (guint i = 0; i < messages->len; i++) {
    GstClockTime true_time = GST_SECOND + 2 * i * CHUNK_TIME * permille / 1000;
    GstClockTime found = get_uint64 (messages->pdata[i], "timestamp");

    fail_unless (ABS (GST_CLOCK_DIFF (true_time, found)) <=
                 (GstClockTimeDiff)(sample + WINDOW_TIME / 1000));
  }
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_jitter_below_a_sample_moves_nothing)
{
  g_autofree gfloat *samples = noise (100 * CHUNK, 1);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);

  push_chunk (&c, samples, 0, GST_SECOND);
  for (guint i = 1; i < 100; i++)
    push_chunk (&c, samples, i,
        GST_SECOND + i * CHUNK_TIME + (i % 2 == 0 ? 124000 : -124000));
  messages = classifier_messages (&c);
  assert_windows_follow (&model, messages, 0, 49, GST_SECOND);
  classifier_free (&c);
}
GST_END_TEST;

/* A sensor's sample lasts longer than the tolerance. */
GST_START_TEST (test_no_sample_is_too_long_to_be_counted)
{
  static const Model slow = {1, 3, 32, 16};
  g_autofree gfloat *samples = noise (3 * 40, 1);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new (&slow);

  classifier_set_caps (&c, 1, 3);
  for (guint i = 0; i < 40; i++) {
    GstBuffer *buffer = piece (samples, 3, i, 1, 1, GST_SECOND);

    GST_BUFFER_PTS (buffer) += i % 2 * 900 * GST_MSECOND;
    classifier_push (&c, buffer);
  }
  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, 1);
  fail_unless_equals_uint64 (
      get_uint64 (messages->pdata[0], "timestamp"), GST_SECOND);
  classifier_free (&c);
}
GST_END_TEST;

/* --- buffers without a time --- */

static const struct {
  guint timed; /* chunk with a timestamp */
  GstClockTime origin, found;
} untimed[] = {
    {1, 5 * GST_SECOND, 5 * GST_SECOND},
    {3, 5 * GST_SECOND, 5 * GST_SECOND},
    {3, 0, 0},
};

/* From the second timestamp on all chunks are without again. */
GST_START_TEST (test_the_first_timestamp_holds_for_what_was_before)
{
  guint timed = untimed[__i__].timed;
  g_autofree gfloat *samples = noise (8 * CHUNK, 1);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);

  for (guint i = 0; i < 8; i++)
    push_chunk (&c, samples, i,
        i == timed ? untimed[__i__].origin + i * CHUNK_TIME
                   : GST_CLOCK_TIME_NONE);
  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, 3);
  assert_windows_follow (&model, messages, 0, 3, untimed[__i__].found);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_no_window_begins_before_time_does)
{
  g_autofree gfloat *samples = noise (8 * CHUNK, 1);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);

  for (guint i = 0; i < 8; i++)
    push_chunk (
        &c, samples, i, i < 3 ? GST_CLOCK_TIME_NONE : (i - 2) * CHUNK_TIME);
  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, 3);
  fail_unless_equals_uint64 (get_uint64 (messages->pdata[0], "timestamp"), 0);
  fail_unless_equals_uint64 (
      get_uint64 (messages->pdata[0], "duration"), 2 * CHUNK_TIME);
  assert_windows_follow (&model, messages, 1, 2, 0);
  classifier_free (&c);
}
GST_END_TEST;

/* --- which buffer has the result --- */

static const struct {
  Model model;
  guint rate, look_ahead; /* look_ahead: samples of the slower rate */
} rides[] = {
    {{8000, 1, 400, 200}, 8000, 0},
    {{8000, 1, 400, 200}, 44100, 33},
    {{8000, 1, 400, 200}, 4000, 33},
    {{50, 3, 32, 16}, 100, 3},
    {{50, 3, 32, 16}, 26, 3},
    {{16000, 1, 8000, 8000}, 50, 3},
};

/* One sample in a buffer. */
GST_START_TEST (test_a_result_rides_no_later_than_the_resampler_looks_ahead)
{
  const Model *m = &rides[__i__].model;
  guint rate = rides[__i__].rate, slower = MIN (rate, m->rate);
  guint due = gst_util_uint64_scale_ceil (m->window, rate, m->rate);
  guint late =
      gst_util_uint64_scale_ceil (rides[__i__].look_ahead, rate, slower);
  g_autofree gfloat *samples = noise ((due + late) * m->channels, 1);
  const gchar *result;
  Classifier c = classifier_new (m);

  classifier_set_caps (&c, rate, m->channels);
  g_string_truncate (c.order, 0);
  for (guint i = 0; i < due + late; i++)
    classifier_push (&c, piece (samples, m->channels, i, 1, rate, 0));
  result = strchr (c.order->str, 'r');
  fail_unless (result != NULL);
  fail_unless (result - c.order->str + 1 >= (gssize)due);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_times_suite (void)
{
  Suite *suite = suite_create ("classify-times");
  TCase *tests = tcase_create ("classify-times");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_a_jump_in_time_begins_a_new_recording, 0,
      G_N_ELEMENTS (jumps));
  tcase_add_test (tests, test_a_short_recording_before_a_jump_is_answered);
  tcase_add_loop_test (tests, test_a_step_ends_a_recording_when_it_has_lasted,
      0, G_N_ELEMENTS (steps));
  tcase_add_test (tests, test_the_threshold_of_a_step_may_change_while_playing);
  tcase_add_test (tests, test_a_gap_behind_a_step_keeps_its_length);
  tcase_add_loop_test (
      tests, test_drift_is_followed_and_interrupts_nothing, 0, 2);
  tcase_add_test (tests, test_jitter_below_a_sample_moves_nothing);
  tcase_add_test (tests, test_no_sample_is_too_long_to_be_counted);
  tcase_add_loop_test (tests,
      test_the_first_timestamp_holds_for_what_was_before, 0,
      G_N_ELEMENTS (untimed));
  tcase_add_loop_test (tests,
      test_a_result_rides_no_later_than_the_resampler_looks_ahead, 0,
      G_N_ELEMENTS (rides));
  tcase_add_test (tests, test_no_window_begins_before_time_does);
  return suite;
}

GST_CHECK_MAIN (classify_times);
