/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxclassify answers, and how it says so. */

#include "classifier.h"

static const Model sensor = {50, 3, 32, 16};
static const Model audio = {8000, 1, 400, 200};

/* --- answers --- */

static const struct {
  const Model *model;
  gsize n, chunk;
} chunks[] = {
    {&sensor, 333, 1},
    {&sensor, 333, 7},
    {&sensor, 333, 32},
    {&sensor, 333, 333},
    {&audio, 5000, 1},
    {&audio, 5000, 160},
    {&audio, 5000, 400},
    {&audio, 5000, 5000},
};

GST_START_TEST (test_answers_are_those_of_a_session_whatever_the_chunks)
{
  const Model *model = chunks[__i__].model;
  gsize n = chunks[__i__].n;
  g_autofree gfloat *samples = noise (n * model->channels, 1);
  g_autoptr (GPtrArray) expected = expected_answers (model, samples, n, FALSE);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new (model);

  classifier_set_caps (&c, model->rate, model->channels);
  classifier_push_all (&c, model, samples, n, chunks[__i__].chunk, 0);
  messages = classifier_messages (&c);
  fail_unless (expected->len > 10);
  assert_answers_match (messages, expected, 0);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_message_and_meta_carry_the_same_fields)
{
  g_autofree gfloat *samples = noise (2000, 1);
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GPtrArray) metas = NULL;
  Classifier c = classifier_new (&audio);

  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push_all (&c, &audio, samples, 2000, 150, 0);
  messages = classifier_messages (&c);
  metas = classifier_metas (&c);
  fail_unless_equals_int (messages->len, 9);
  fail_unless_equals_int (metas->len, 9);
  for (guint i = 0; i < messages->len; i++)
    assert_fields_equal (messages->pdata[i], metas->pdata[i]);
  classifier_free (&c);
}
GST_END_TEST;

static void
assert_consistent (const GstStructure *answer, guint64 sequence)
{
  static const gchar *labels[] = {"a", "b", "c"};
  guint class = get_uint (answer, "class"), exit = get_uint (answer, "exit");
  gdouble confidence, entropy, sum = 0, nats = 0;

  fail_unless (gst_structure_get (answer, "confidence", G_TYPE_DOUBLE,
      &confidence, "entropy", G_TYPE_DOUBLE, &entropy, NULL));
  for (guint i = 0; i < CLASSES; i++) {
    gdouble p = get_probability (answer, i);

    fail_unless (p <= confidence);
    sum += p;
    nats -= p > 0 ? p * log (p) : 0;
  }
  fail_unless (ABS (sum - 1) < 1e-5 && ABS (nats - entropy) < 1e-5);
  fail_unless (get_probability (answer, class) == confidence);
  fail_unless_equals_string (
      gst_structure_get_string (answer, "label"), labels[class]);
  fail_unless_equals_string (
      gst_structure_get_string (answer, "element"), "ears");
  fail_unless_equals_uint64 (get_uint64 (answer, "sequence"), sequence);
  fail_unless_equals_int (get_uint (answer, "exits"), EXITS);
  fail_unless (exit >= 1 && exit <= EXITS);
  fail_unless ((get_uint64 (answer, "macs") ==
                   get_uint64 (answer, "macs-full")) == (exit == EXITS));
  fail_unless (GST_CLOCK_TIME_IS_VALID (get_uint64 (answer, "latency")));
}

GST_START_TEST (test_fields_agree_with_each_other)
{
  g_autofree gfloat *samples = noise (8000, 2);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new (&audio);

  gst_object_set_name (GST_OBJECT (c.element), "ears");
  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push_all (&c, &audio, samples, 8000, 1000, 0);
  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, 39);
  for (guint i = 0; i < messages->len; i++)
    assert_consistent (messages->pdata[i], i);
  classifier_free (&c);
}
GST_END_TEST;

/* Windows end at samples 400, 600, 800, ... */
GST_START_TEST (test_meta_rides_on_the_buffer_with_the_last_sample)
{
  g_autofree gfloat *samples = noise (1000, 1);
  Classifier c = classifier_new (&audio);

  classifier_set_caps (&c, audio.rate, audio.channels);
  g_string_truncate (c.order, 0);
  classifier_push_all (&c, &audio, samples, 1000, 100, 0);
  fail_unless_equals_string (c.order->str, "...r.r.r.r");
  classifier_free (&c);
}
GST_END_TEST;

/* --- times --- */

static void
push_segment (Classifier *c, GstClockTime start, GstClockTime time)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.position = start;
  segment.time = time;
  segment.base = 3 * GST_SECOND;
  fail_unless (
      gst_harness_push_event (c->harness, gst_event_new_segment (&segment)));
}

static const struct {
  const Model *model;
  GstClockTime origin;
} origins[] = {
    {&audio, 0},
    {&audio, 77 * GST_SECOND + 123456789},
    {&sensor, 0},
    {&sensor, GST_SECOND},
};

GST_START_TEST (test_times_are_exact_to_the_sample)
{
  const Model *model = origins[__i__].model;
  GstClockTime origin = origins[__i__].origin;
  GstClockTime start = origin / 2, time = 11 * GST_SECOND;
  g_autofree gfloat *samples = noise (3000 * model->channels, 1);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new (model);

  classifier_set_caps (&c, model->rate, model->channels);
  push_segment (&c, start, time);
  classifier_push_all (&c, model, samples, 3000, 77, origin);
  messages = classifier_messages (&c);
  fail_unless_equals_int (
      messages->len, (3000 - model->window) / model->hop + 1);
  for (guint i = 0; i < messages->len; i++) {
    const GstStructure *answer = messages->pdata[i];
    guint64 sample = (guint64)i * model->hop;
    GstClockTime begin =
        origin + GST_FRAMES_TO_CLOCK_TIME (sample, model->rate);
    GstClockTime end =
        origin + GST_FRAMES_TO_CLOCK_TIME (sample + model->window, model->rate);

    fail_unless_equals_uint64 (get_uint64 (answer, "timestamp"), begin);
    fail_unless_equals_uint64 (get_uint64 (answer, "duration"), end - begin);
    fail_unless_equals_uint64 (
        get_uint64 (answer, "stream-time"), begin - start + time);
    fail_unless_equals_uint64 (
        get_uint64 (answer, "running-time"), begin - start + 3 * GST_SECOND);
  }
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_a_stream_without_times_is_answered_without_times)
{
  g_autofree gfloat *samples = noise (400, 1);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new (&audio);

  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push_all (&c, &audio, samples, 400, 100, GST_CLOCK_TIME_NONE);
  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, 1);
  fail_unless_equals_uint64 (
      get_uint64 (messages->pdata[0], "timestamp"), GST_CLOCK_TIME_NONE);
  fail_unless_equals_uint64 (
      get_uint64 (messages->pdata[0], "running-time"), GST_CLOCK_TIME_NONE);
  fail_unless_equals_uint64 (
      get_uint64 (messages->pdata[0], "stream-time"), GST_CLOCK_TIME_NONE);
  fail_unless_equals_uint64 (
      get_uint64 (messages->pdata[0], "duration"), 50 * GST_MSECOND);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_no_latency_is_added)
{
  Classifier c = classifier_new (&audio);

  classifier_set_caps (&c, audio.rate, audio.channels);
  gst_harness_set_upstream_latency (c.harness, 20 * GST_MSECOND);
  fail_unless_equals_uint64 (
      gst_harness_query_latency (c.harness), 20 * GST_MSECOND);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_suite (void)
{
  Suite *suite = suite_create ("classify");
  TCase *tests = tcase_create ("classify");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests,
      test_answers_are_those_of_a_session_whatever_the_chunks, 0,
      G_N_ELEMENTS (chunks));
  tcase_add_test (tests, test_message_and_meta_carry_the_same_fields);
  tcase_add_test (tests, test_fields_agree_with_each_other);
  tcase_add_test (tests, test_meta_rides_on_the_buffer_with_the_last_sample);
  tcase_add_loop_test (
      tests, test_times_are_exact_to_the_sample, 0, G_N_ELEMENTS (origins));
  tcase_add_test (tests, test_a_stream_without_times_is_answered_without_times);
  tcase_add_test (tests, test_no_latency_is_added);
  return suite;
}

GST_CHECK_MAIN (classify);
