/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "evalsink-rig.h"

#include <json-glib/json-glib.h>

GST_START_TEST (the_report_holds_the_scores_computed_by_hand)
{
  static const guint64 confusion[3][3] = {{2, 0, 0}, {1, 1, 0}, {0, 0, 1}};
  static const gdouble recalls[] = {1, .5, 1};
  const GValue *rows, *classes;
  GstStructure *report;
  Fixture f;

  begin (&f);
  push_six_examples (&f);
  report = finish (&f);
  fail_unless (gst_structure_has_name (report, "mxevalsink"));
  assert_count (report, "announced", 6);
  assert_count (report, "unlabelled", 1);
  assert_count (report, "missing", 0);
  assert_count (report, "strays", 0);
  assert_count (report, "count", 6);
  assert_count (report, "labelled", 5);
  assert_count (report, "correct", 4);
  assert_number (report, "accuracy", .8);
  assert_number (report, "balanced-accuracy", 2.5 / 3);
  assert_number (report, "macro-f1", (4. / 5 + 2. / 3 + 1) / 3);
  assert_number (report, "calibration-error", (.1 + .2 + 0. + .4 + .3) / 5);
  assert_number (report, "mean-confidence", 4.4 / 6);
  assert_number (report, "mean-exit", 14. / 6);
  assert_number (report, "mean-cost", 3.5 / 6);

  rows = gst_structure_get_value (report, "confusion");
  classes = gst_structure_get_value (report, "classes");
  for (guint i = 0; i < 3; i++) {
    const GValue *row = gst_value_array_get_value (rows, i);
    const GstStructure *one =
        gst_value_get_structure (gst_value_array_get_value (classes, i));

    for (guint j = 0; j < 3; j++)
      fail_unless_equals_uint64 (
          g_value_get_uint64 (gst_value_array_get_value (row, j)),
          confusion[i][j]);
    assert_number (one, "recall", recalls[i]);
  }
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (windows_are_counted_one_by_one)
{
  static const guint64 counts[] = {2, 2, 0, 3};
  const GstStructure *windows;
  const GValue *exits;
  GstStructure *report;
  Fixture f;

  begin (&f);
  push_six_examples (&f);
  report = finish (&f);
  windows = get_windows (report);
  assert_count (windows, "count", 7);
  assert_count (windows, "labelled", 6);
  assert_count (windows, "correct", 4);
  assert_number (windows, "mean-exit", 18. / 7);
  assert_number (windows, "mean-cost", 4.5 / 7);
  exits = gst_structure_get_value (windows, "per-exit");
  fail_unless_equals_int (gst_value_array_get_size (exits), 4);
  for (guint i = 0; i < 4; i++)
    assert_count (
        gst_value_get_structure (gst_value_array_get_value (exits, i)), "count",
        counts[i]);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

/* As mxclassify tells them: the last answer, at no cost. */
GST_START_TEST (a_skipped_window_counts_and_costs_nothing)
{
  GstStructure *report;
  Fixture f;

  begin (&f);
  push_example (&f, "a");
  push_answer (&f, (Answer){"a", .9, 2, 500});
  push_answer (&f, (Answer){"a", .9, 2, 0});
  report = finish (&f);
  assert_count (get_windows (report), "count", 2);
  assert_count (get_windows (report), "correct", 2);
  assert_number (get_windows (report), "mean-cost", .25);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (a_result_on_several_buffers_counts_once)
{
  GstStructure *report;
  Fixture f;

  begin (&f);
  push_example (&f, "a");
  for (guint i = 0; i < 3; i++) {
    push_answer (&f, (Answer){"a", .9, 1, 250});
    f.sequence--;
  }
  f.sequence++;
  push_answer (&f, (Answer){"a", .9, 1, 250});
  report = finish (&f);
  assert_count (get_windows (report), "count", 2);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (an_example_event_sent_again_is_no_other_example)
{
  const GstMxExample example = {.label = (gchar *)"a"};
  GstEvent *event = gst_mx_example_event_new (&example);
  GstStructure *report;
  Fixture f;

  begin (&f);
  gst_harness_push_event (f.harness, gst_event_ref (event));
  push_answer (&f, (Answer){"a", .9, 1, 250});
  gst_harness_push_event (f.harness, event);
  push_answer (&f, (Answer){"a", .9, 1, 250});
  report = finish (&f);
  assert_count (report, "announced", 1);
  assert_count (report, "missing", 0);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (an_answer_behind_the_last_buffer_belongs_to_its_example)
{
  const Answer answer = {"b", .9, 1, 250};
  GstStructure *result = new_result (0, &answer, 3), *report;
  Fixture f;

  begin (&f);
  push_example (&f, "b");
  gst_harness_push (f.harness, gst_buffer_new ());
  gst_harness_push_event (f.harness, gst_mx_result_event_new (result));
  push_example (&f, "a");
  report = finish (&f);
  assert_count (report, "correct", 1);
  assert_count (report, "missing", 1);
  gst_structure_free (result);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (another_stream_may_count_its_results_from_the_start_again)
{
  GstStructure *report;
  Fixture f;

  begin (&f);
  for (guint i = 0; i < 2; i++) {
    gst_harness_push_event (f.harness, gst_event_new_stream_start ("again"));
    f.sequence = 0;
    push_example (&f, "a");
    push_answer (&f, (Answer){"a", .9, 1, 250});
  }
  report = finish (&f);
  assert_count (report, "correct", 2);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (a_flush_leaves_the_label_in_force)
{
  GstStructure *report;
  GstSegment segment;
  Fixture f;

  begin (&f);
  push_example (&f, "a");
  push_answer (&f, (Answer){"a", .9, 1, 250});
  gst_harness_push_event (f.harness, gst_event_new_flush_start ());
  gst_harness_push_event (f.harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (f.harness, gst_event_new_segment (&segment));
  push_answer (&f, (Answer){"a", .9, 1, 250});
  report = finish (&f);
  assert_count (report, "announced", 1);
  assert_count (report, "strays", 0);
  assert_count (get_windows (report), "correct", 2);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (the_report_comes_before_eos_and_is_said_in_words)
{
  static const gchar *const words[] = {"4 of 5 labelled examples right",
      "accuracy 80.00 %", "cost 64.29 %", "mean exit 2.57 of 4 in 7 windows"};
  GstMessage *message;
  GstStructure *report;
  gchar *text;
  Fixture f;

  begin (&f);
  push_six_examples (&f);
  report = finish (&f);
  message = pop (&f, GST_MESSAGE_EOS);
  fail_unless (message != NULL);
  gst_message_unref (message);
  gst_structure_free (report);
  end (&f);

  begin (&f);
  push_six_examples (&f);
  gst_harness_push_event (f.harness, gst_event_new_eos ());
  message = pop (&f, GST_MESSAGE_PROGRESS);
  fail_unless (message != NULL);
  gst_message_parse_progress (message, NULL, NULL, &text);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    fail_unless (strstr (text, words[i]) != NULL, "%s", text);
  g_free (text);
  gst_message_unref (message);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (stats_are_the_report_at_any_time)
{
  GstStructure *stats, *report;
  gchar *text, *expected;
  Fixture f;

  begin (&f);
  push_example (&f, "a");
  push_answer (&f, (Answer){"a", .9, 1, 250});
  push_example (&f, "b");
  g_object_get (f.harness->element, "stats", &stats, NULL);
  assert_count (stats, "announced", 1);
  assert_count (stats, "correct", 1);
  gst_structure_free (stats);
  push_answer (&f, (Answer){"b", .9, 1, 250});
  report = finish (&f);
  g_object_get (f.harness->element, "stats", &stats, NULL);
  /* As text: NaN is not equal to itself. */
  text = gst_structure_to_string (stats);
  expected = gst_structure_to_string (report);
  fail_unless_equals_string (text, expected);
  g_free (text);
  g_free (expected);
  gst_structure_free (stats);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (the_file_holds_the_report)
{
  g_autofree gchar *folder = g_dir_make_tmp ("mx-eval-XXXXXX", NULL);
  g_autofree gchar *location = g_build_filename (folder, "report.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *root, *one;
  Fixture f;

  begin (&f);
  g_object_set (f.harness->element, "location", location, NULL);
  push_six_examples (&f);
  gst_structure_free (finish (&f));
  end (&f);

  fail_unless (json_parser_load_from_file (parser, location, &error), "%s",
      error ? error->message : "");
  root = json_node_get_object (json_parser_get_root (parser));
  fail_unless_equals_int (json_object_get_int_member (root, "correct"), 4);
  fail_unless_equals_float (
      json_object_get_double_member (root, "accuracy"), .8);
  one = json_array_get_object_element (
      json_object_get_array_member (root, "classes"), 1);
  fail_unless_equals_string (json_object_get_string_member (one, "label"), "b");
  fail_unless_equals_int (
      json_array_get_int_element (
          json_array_get_array_element (
              json_object_get_array_member (root, "confusion"), 1),
          0),
      1);
  one = json_array_get_object_element (
      json_object_get_array_member (root, "calibration"), 0);
  fail_unless (json_object_get_null_member (one, "accuracy"));
  g_remove (location);
  g_rmdir (folder);
}
GST_END_TEST;

static Suite *
evalsink_suite (void)
{
  Suite *suite = suite_create ("evalsink");
  TCase *tcase = tcase_create ("evalsink");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_report_holds_the_scores_computed_by_hand);
  tcase_add_test (tcase, windows_are_counted_one_by_one);
  tcase_add_test (tcase, a_skipped_window_counts_and_costs_nothing);
  tcase_add_test (tcase, a_result_on_several_buffers_counts_once);
  tcase_add_test (tcase, an_example_event_sent_again_is_no_other_example);
  tcase_add_test (
      tcase, an_answer_behind_the_last_buffer_belongs_to_its_example);
  tcase_add_test (
      tcase, another_stream_may_count_its_results_from_the_start_again);
  tcase_add_test (tcase, a_flush_leaves_the_label_in_force);
  tcase_add_test (tcase, the_report_comes_before_eos_and_is_said_in_words);
  tcase_add_test (tcase, stats_are_the_report_at_any_time);
  tcase_add_test (tcase, the_file_holds_the_report);
  return suite;
}

GST_CHECK_MAIN (evalsink);
