/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How often mxclassify tells the application; limiter.c has the rules. */

#include "classifier.h"

static const Model audio = {8000, 1, 400, 200};

#define HOP (25 * GST_MSECOND)
#define N 8000
#define WINDOWS 39

static gboolean
is_news (const GstStructure *answer, const GstStructure *before)
{
  gboolean finite, finite_before;

  gst_structure_get_boolean (answer, "finite", &finite);
  gst_structure_get_boolean (before, "finite", &finite_before);
  return get_uint (answer, "class") != get_uint (before, "class") ||
         finite != finite_before;
}

static Classifier
limited_classifier (GstClockTime interval, gboolean on_change)
{
  Classifier c = classifier_new (&audio);

  g_object_set (c.element, "interval", interval, "on-change", on_change, NULL);
  classifier_set_caps (&c, audio.rate, audio.channels);
  return c;
}

static void
assert_sequences (const GPtrArray *messages, const gchar *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    g_string_append_printf (found, "%s%" G_GUINT64_FORMAT, i > 0 ? " " : "",
        get_uint64 (messages->pdata[i], "sequence"));
  fail_unless_equals_string (found->str, expected);
}

static const struct {
  GstClockTime interval;
  const gchar *told;
} intervals[] = {
    {10 * HOP, "0 10 20 30"},
    /* No hop is that long, so the next is. */
    {9 * HOP + 1, "0 10 20 30"},
    {1000 * GST_SECOND, "0"},
};

/* With and without timestamps alike. */
GST_START_TEST (test_interval_limits_messages_but_no_metas)
{
  g_autofree gfloat *samples = noise (N, 2);

  for (guint timed = 0; timed < 2; timed++) {
    g_autoptr (GPtrArray) messages = NULL;
    g_autoptr (GPtrArray) metas = NULL;
    Classifier c = limited_classifier (intervals[__i__].interval, FALSE);

    classifier_push_all (&c, &audio, samples, N, 150,
        timed ? 7 * GST_SECOND : GST_CLOCK_TIME_NONE);
    messages = classifier_messages (&c);
    metas = classifier_metas (&c);
    assert_sequences (messages, intervals[__i__].told);
    fail_unless_equals_int (metas->len, WINDOWS);
    classifier_free (&c);
  }
}
GST_END_TEST;

/* At twice the rate a window every 25 ms is one every 12.5 ms. */
GST_START_TEST (test_interval_is_running_time)
{
  g_autofree gfloat *samples = noise (N, 2);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = limited_classifier (10 * HOP, FALSE);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = 2;
  gst_harness_push_event (c.harness, gst_event_new_segment (&segment));
  classifier_push_all (&c, &audio, samples, N, 150, 0);
  messages = classifier_messages (&c);
  assert_sequences (messages, "0 20");
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_on_change_tells_each_change_and_nothing_else)
{
  g_autofree gfloat *samples = noise (N, 2);
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GPtrArray) metas = NULL;
  Classifier c = limited_classifier (0, TRUE);
  guint told = 1;

  /* Levels that the model tells apart, and one sample that it cannot hear. */
  for (guint i = 0; i < N; i++)
    samples[i] = .1f * samples[i] + (i / 1000 % 2 ? 2 : -2);
  samples[N / 2 + 100] = NAN;
  classifier_push_all (&c, &audio, samples, N, 150, 0);
  messages = classifier_messages (&c);
  metas = classifier_metas (&c);
  fail_unless_equals_int (metas->len, WINDOWS);
  fail_unless (messages->len > 4 && messages->len < WINDOWS - 4);
  assert_fields_equal (messages->pdata[0], metas->pdata[0]);
  for (guint i = 1; i < metas->len; i++)
    if (is_news (metas->pdata[i], metas->pdata[i - 1]))
      assert_fields_equal (messages->pdata[told++], metas->pdata[i]);
  fail_unless_equals_int (messages->len, told);
  classifier_free (&c);
}
GST_END_TEST;

static void
restart (Classifier *c)
{
  gst_element_set_state (c->element, GST_STATE_READY);
  set_model (c->element, &audio);
  classifier_begin_stream (c, audio.rate, audio.channels);
}

static void
begin_stream (Classifier *c)
{
  classifier_begin_stream (c, audio.rate, audio.channels);
}

static void
seek_without_flush (Classifier *c)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.position = segment.time = 100 * GST_SECOND;
  segment.base = 50 * GST_MSECOND;
  gst_harness_push_event (c->harness, gst_event_new_segment (&segment));
}

static void
change_caps (Classifier *c)
{
  g_autofree gchar *caps = caps_of ("S16LE", audio.rate, 2, FALSE);

  gst_harness_set_src_caps_str (c->harness, caps);
  classifier_set_caps (c, audio.rate, audio.channels);
}

/* The same window again, once whatever is told is told. */
static const struct {
  void (*happens) (Classifier *c);
  guint told;
} happenings[] = {
    {classifier_flush, 1},
    {begin_stream, 1},
    {restart, 1},
    {seek_without_flush, 0},
    {change_caps, 0},
};

GST_START_TEST (test_first_result_after_a_flush_or_new_stream_is_told)
{
  g_autofree gfloat *samples = noise (400, 2);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  Classifier c = limited_classifier (1000 * GST_SECOND, TRUE);

  classifier_push_all (&c, &audio, samples, 400, 400, 0);
  before = classifier_messages (&c);
  fail_unless_equals_int (before->len, 1);
  happenings[__i__].happens (&c);
  classifier_push_all (&c, &audio, samples, 400, 400, 0);
  after = classifier_messages (&c);
  fail_unless_equals_int (after->len, happenings[__i__].told);
  classifier_free (&c);
}
GST_END_TEST;

/* The old stream's last, short recording is answered when the new one begins:
 * it still belongs to the old. */
GST_START_TEST (test_a_new_stream_begins_after_the_old_ones_last_answer)
{
  g_autofree gfloat *samples = noise (700, 2);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = limited_classifier (1000 * GST_SECOND, FALSE);

  classifier_push_all (&c, &audio, samples, 400, 400, 0);
  classifier_push (&c, piece (samples, 1, 0, 300, 8000, 5 * GST_SECOND));
  begin_stream (&c);
  classifier_push_all (&c, &audio, samples, 400, 400, 0);
  messages = classifier_messages (&c);
  assert_sequences (messages, "0 2");
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_limits_change_while_playing)
{
  g_autofree gfloat *samples = noise (N, 2);
  g_autoptr (GPtrArray) limited = NULL;
  g_autoptr (GPtrArray) all = NULL;
  Classifier c = limited_classifier (1000 * GST_SECOND, FALSE);

  classifier_push (&c, piece (samples, 1, 0, 4000, 8000, 0));
  limited = classifier_messages (&c);
  fail_unless_equals_int (limited->len, 1);
  g_object_set (c.element, "interval", (guint64)0, NULL);
  classifier_push (&c, piece (samples, 1, 4000, 4000, 8000, 0));
  all = classifier_messages (&c);
  fail_unless_equals_int (all->len, 20);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_messages_suite (void)
{
  Suite *suite = suite_create ("classify-messages");
  TCase *tests = tcase_create ("classify-messages");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_interval_limits_messages_but_no_metas, 0,
      G_N_ELEMENTS (intervals));
  tcase_add_test (tests, test_interval_is_running_time);
  tcase_add_test (tests, test_on_change_tells_each_change_and_nothing_else);
  tcase_add_loop_test (tests,
      test_first_result_after_a_flush_or_new_stream_is_told, 0,
      G_N_ELEMENTS (happenings));
  tcase_add_test (
      tests, test_a_new_stream_begins_after_the_old_ones_last_answer);
  tcase_add_test (tests, test_limits_change_while_playing);
  return suite;
}

GST_CHECK_MAIN (classify_messages);
