/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Examples and gaps in one stream: which window speaks for which example. */
#include "evalsink-rig.h"

static Fixture f;

static void
set_up (void)
{
  begin (&f);
}

static void
tear_down (void)
{
  end (&f);
}

typedef struct {
  const gchar *label; /* "-": a gap */
  guint begin, end;   /* in ms */
} Heard;

typedef struct {
  guint start, duration; /* in ms */
  const gchar *label;
  gdouble confidence;
} Window;

/* a from 1 to 2 s, a gap, b from 2.5 to 2.7 s, something unnamed, a gap */
static const Heard stream[] = {
    {"-", 0, 1000},
    {"a", 1000, 2000},
    {"-", 2000, 2500},
    {"b", 2500, 2700},
    {NULL, 2700, 3000},
    {"-", 3000, 5000},
};

static void
push_buffer (const Heard *heard, guint at, const Window *window)
{
  GstBuffer *buffer = gst_buffer_new ();

  GST_BUFFER_PTS (buffer) = at * GST_MSECOND;
  if (at == 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  if (window) {
    const Answer answer = {window->label, window->confidence, 1, 250};
    GstStructure *result = new_result (f.sequence++, &answer, 3);

    gst_structure_set (result, "timestamp", G_TYPE_UINT64,
        window->start * GST_MSECOND, "duration", G_TYPE_UINT64,
        window->duration * GST_MSECOND, NULL);
    gst_mx_result_meta_add (buffer, result);
    gst_structure_free (result);
  }
  fail_unless_equals_int (gst_harness_push (f.harness, buffer), GST_FLOW_OK);
}

/* In buffers of 100 ms; a window's result comes `late` ms behind its end. */
static GstStructure *
play (const Window *windows, guint n, guint late)
{
  guint next = 0;

  for (guint i = 0; i < G_N_ELEMENTS (stream); i++) {
    const Heard *heard = stream + i;
    gboolean gap = g_strcmp0 (heard->label, "-") == 0;
    const GstMxExample example = {.label = gap ? NULL : (gchar *)heard->label,
        .duration = (heard->end - heard->begin) * GST_MSECOND,
        .gap = gap};

    gst_harness_push_event (f.harness, gst_mx_example_event_new (&example));
    for (guint at = heard->begin; at < heard->end; at += 100) {
      const Window *window = windows + next;
      gboolean due =
          next < n && window->start + window->duration + late <= at + 100;

      push_buffer (heard, at, due ? window : NULL);
      next += due;
    }
  }
  fail_unless_equals_int (next, n);
  return finish (&f);
}

static const GstStructure *
get_gaps (const GstStructure *report)
{
  return gst_value_get_structure (gst_structure_get_value (report, "gaps"));
}

/* The second window is nearest to the middle of a, at 1.5 s, though others are
 * surer; the fifth to that of b. */
static const Window spread[] = {
    {800, 1000, "c", .9},
    {1000, 1000, "a", .5},
    {1200, 1000, "c", .9},
    {1400, 1000, "c", .9},
    {2000, 1000, "b", .6},
    {2200, 1000, "c", .9},
    {2400, 1000, "c", .9},
    {3000, 1000, "c", .8},
    {3500, 1000, "a", .8},
};

static const guint delays[] = {0, 100, 500};

GST_START_TEST (an_example_is_answered_by_the_window_nearest_to_its_centre)
{
  GstStructure *report = play (spread, G_N_ELEMENTS (spread), delays[__i__]);

  assert_count (report, "announced", 3);
  assert_count (report, "unlabelled", 1);
  assert_count (report, "missing", 0);
  assert_count (report, "strays", 0);
  assert_count (report, "count", 3);
  assert_count (report, "labelled", 2);
  assert_count (report, "correct", 2);
  assert_number (report, "mean-confidence", (.5 + .6 + .9) / 3);
  gst_structure_free (report);
}
GST_END_TEST;

/* "c" is no label of an example: it may stand for nothing. */
GST_START_TEST (windows_wholly_in_gaps_count_apart)
{
  GstStructure *report = play (spread, G_N_ELEMENTS (spread), 0);

  assert_count (get_gaps (report), "count", 2);
  assert_count (get_gaps (report), "alarms", 1);
  assert_count (get_gaps (report), "labelled", 0);
  assert_count (get_windows (report), "count", 7);
  /* 1.3, 1.5, 1.7 and 1.9 s lie in a, 2.5 s in b, 2.7 and 2.9 s in neither */
  assert_count (get_windows (report), "labelled", 5);
  assert_count (get_windows (report), "correct", 2);
  gst_structure_free (report);
}
GST_END_TEST;

/* a is found at 2 s, b at 3 s, though it is over then; the last a is false, and
 * "c" is no event. */
GST_START_TEST (events_are_found_late_or_false)
{
  GstStructure *report = play (spread, G_N_ELEMENTS (spread), delays[__i__]);
  const GstStructure *events =
      gst_value_get_structure (gst_structure_get_value (report, "events"));

  assert_count (events, "count", 2);
  assert_count (events, "found", 2);
  assert_count (events, "false", 1);
  assert_number (events, "recall", 1);
  assert_number (events, "false-per-hour", 720);
  assert_number (
      gst_value_get_structure (gst_structure_get_value (events, "delay")),
      "mean", .75 * GST_SECOND);
  gst_structure_free (report);
}
GST_END_TEST;

/* The middle of a lies between two windows. */
static const Window both[] = {
    {900, 1000, "a", .5},
    {1100, 1000, "c", .9},
};

GST_START_TEST (of_equally_near_windows_the_first_counts)
{
  GstStructure *report = play (both, 2, 0);

  assert_count (report, "correct", 1);
  assert_count (report, "missing", 1);
  gst_structure_free (report);
}
GST_END_TEST;

/* The nearest one to b, but it hears nothing of it. */
static const Window elsewhere[] = {
    {1400, 1000, "a", .9},
    {2700, 100, "b", .9},
};

GST_START_TEST (a_window_that_hears_nothing_of_an_example_does_not_answer_it)
{
  GstStructure *report = play (elsewhere, 2, 0);

  assert_count (report, "missing", 1);
  assert_count (report, "count", 2);
  gst_structure_free (report);
}
GST_END_TEST;

GST_START_TEST (a_stream_without_results_has_only_missing_examples)
{
  GstStructure *stats;

  for (guint i = 0; i < 10000; i++) {
    const Heard heard = {"a", i * 10, i * 10 + 10};
    const GstMxExample example = {
        .label = (gchar *)"a", .duration = 10 * GST_MSECOND};

    gst_harness_push_event (f.harness, gst_mx_example_event_new (&example));
    push_buffer (&heard, heard.begin, NULL);
  }
  /* Not all: the last ones may still be answered. */
  g_object_get (f.harness->element, "stats", &stats, NULL);
  assert_count (stats, "missing", 10000 - 4096);
  gst_structure_free (stats);
}
GST_END_TEST;

GST_START_TEST (a_discontinuity_ends_what_was_heard)
{
  GstStructure *stats;
  GstBuffer *buffer;

  for (guint i = 0; i < 2; i++) {
    const GstMxExample example = {
        .label = (gchar *)"a", .duration = GST_SECOND};
    const Heard heard = {"a", i * 1000, i * 1000 + 1000};

    gst_harness_push_event (f.harness, gst_mx_example_event_new (&example));
    push_buffer (&heard, heard.begin, NULL);
  }
  buffer = gst_buffer_new ();
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  GST_BUFFER_PTS (buffer) = 500 * GST_MSECOND;
  gst_harness_push (f.harness, buffer);
  g_object_get (f.harness->element, "stats", &stats, NULL);
  assert_count (stats, "announced", 2);
  assert_count (stats, "missing", 2);
  gst_structure_free (stats);
}
GST_END_TEST;

static Suite *
evalsink_stream_suite (void)
{
  Suite *suite = suite_create ("evalsink-stream");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (tc,
      an_example_is_answered_by_the_window_nearest_to_its_centre, 0,
      G_N_ELEMENTS (delays));
  tcase_add_test (tc, windows_wholly_in_gaps_count_apart);
  tcase_add_loop_test (
      tc, events_are_found_late_or_false, 0, G_N_ELEMENTS (delays));
  tcase_add_test (tc, of_equally_near_windows_the_first_counts);
  tcase_add_test (
      tc, a_window_that_hears_nothing_of_an_example_does_not_answer_it);
  tcase_add_test (tc, a_stream_without_results_has_only_missing_examples);
  tcase_add_test (tc, a_discontinuity_ends_what_was_heard);
  return suite;
}

GST_CHECK_MAIN (evalsink_stream);
