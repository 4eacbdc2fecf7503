/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <json-glib/json-glib.h>
#include <math.h>

#include "gst/gstmxexample.h"
#include "gst/gstmxresult.h"

#define EXITS 4
#define FULL 1000

typedef struct {
  GstHarness *harness;
  GstBus *bus;
  guint64 sequence; /* of the next result */
} Fixture;

static void
begin (Fixture *f)
{
  static const gchar *const labels[] = {"a", "b", "c", NULL};
  const GstMxDataset dataset = {(gchar **)labels, 6, 1};

  f->harness = gst_harness_new ("mxevalsink");
  f->bus = gst_bus_new ();
  f->sequence = 0;
  gst_element_set_bus (f->harness->element, f->bus);
  gst_harness_set_src_caps_str (f->harness, "audio/x-raw");
  gst_harness_push_event (f->harness, gst_mx_dataset_event_new (&dataset));
}

static void
end (Fixture *f)
{
  gst_element_set_bus (f->harness->element, NULL);
  gst_harness_teardown (f->harness);
  gst_object_unref (f->bus);
}

static void
push_example (Fixture *f, const gchar *label)
{
  const GstMxExample example = {.label = (gchar *)label};

  fail_unless (
      gst_harness_push_event (f->harness, gst_mx_example_event_new (&example)));
}

typedef struct {
  const gchar *label;
  gdouble confidence;
  guint exit;
  guint64 macs;
} Answer;

static GstStructure *
new_result (guint64 sequence, const Answer *answer, guint classes)
{
  GstStructure *result = gst_structure_new ("mxclassify", "sequence",
      G_TYPE_UINT64, sequence, "label", G_TYPE_STRING, answer->label,
      "confidence", G_TYPE_DOUBLE, answer->confidence, "exit", G_TYPE_UINT,
      answer->exit, "exits", G_TYPE_UINT, EXITS, "macs", G_TYPE_UINT64,
      answer->macs, "macs-full", G_TYPE_UINT64, (guint64)FULL, NULL);
  GValue probabilities = G_VALUE_INIT;

  gst_value_array_init (&probabilities, classes);
  for (guint i = 0; i < classes; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_DOUBLE);
    gst_value_array_append_and_take_value (&probabilities, &value);
  }
  gst_structure_take_value (result, "probabilities", &probabilities);
  return result;
}

static GstFlowReturn
push_structure (Fixture *f, GstStructure *result)
{
  GstBuffer *buffer = gst_buffer_new ();

  gst_mx_result_meta_add (buffer, result);
  gst_structure_free (result);
  return gst_harness_push (f->harness, buffer);
}

static void
push_answer (Fixture *f, Answer answer)
{
  fail_unless_equals_int (
      push_structure (f, new_result (f->sequence++, &answer, 3)), GST_FLOW_OK);
}

static GstMessage *
pop (Fixture *f, GstMessageType type)
{
  return gst_bus_pop_filtered (f->bus, type);
}

/* Ends the stream; its report (transfer full). */
static GstStructure *
finish (Fixture *f)
{
  GstMessage *message;
  GstStructure *report;

  gst_harness_push_event (f->harness, gst_event_new_eos ());
  message = pop (f, GST_MESSAGE_ELEMENT);
  fail_unless (message != NULL);
  report = gst_structure_copy (gst_message_get_structure (message));
  gst_message_unref (message);
  return report;
}

static void
assert_count (const GstStructure *report, const gchar *field, guint64 expected)
{
  guint64 found = G_MAXUINT64;

  fail_unless (gst_structure_get_uint64 (report, field, &found), "%s", field);
  fail_unless (found == expected,
      "%s: %" G_GUINT64_FORMAT ", expected %" G_GUINT64_FORMAT, field, found,
      expected);
}

static void
assert_number (const GstStructure *report, const gchar *field, gdouble expected)
{
  gdouble found = -1;

  fail_unless (gst_structure_get_double (report, field, &found), "%s", field);
  fail_unless (fabs (found - expected) < 1e-9, "%s: %g, expected %g", field,
      found, expected);
}

static const GstStructure *
get_windows (const GstStructure *report)
{
  return gst_value_get_structure (gst_structure_get_value (report, "windows"));
}

/* Five examples with a label, one without; one of them has two windows. */
static void
push_six_examples (Fixture *f)
{
  push_example (f, "a");
  push_answer (f, (Answer){"a", .9, 1, 250});
  push_example (f, "a");
  push_answer (f, (Answer){"c", .5, 4, 1000});
  push_answer (f, (Answer){"a", .8, 2, 500});
  push_example (f, "b");
  push_answer (f, (Answer){"b", 1., 1, 250});
  push_example (f, "b");
  push_answer (f, (Answer){"a", .4, 4, 1000});
  push_example (f, "c");
  push_answer (f, (Answer){"c", .7, 2, 500});
  push_example (f, NULL);
  push_answer (f, (Answer){"c", .6, 4, 1000});
}

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

GST_START_TEST (the_report_comes_before_eos_and_is_said_in_words)
{
  static const gchar *const words[] = {"4 of 5 examples right",
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

/* --- what may be wrong with a stream --- */

static void
push_one_without_result (Fixture *f)
{
  push_six_examples (f);
  push_example (f, "c");
}

static void
push_results_only (Fixture *f)
{
  push_answer (f, (Answer){"a", .9, 1, 250});
  push_answer (f, (Answer){"b", .9, 1, 250});
}

static void
push_unlabelled_only (Fixture *f)
{
  push_example (f, NULL);
  push_answer (f, (Answer){"b", .9, 1, 250});
}

static void
push_label_of_no_model (Fixture *f)
{
  push_six_examples (f);
  push_example (f, "moon");
  push_answer (f, (Answer){"b", .9, 1, 250});
}

static const struct {
  void (*push) (Fixture *f);
  const gchar *words;
  gdouble accuracy;
  guint64 strays;
} warnings[] = {
    {push_one_without_result, "1 of 6 labelled examples got no result", .8, 0},
    {push_results_only, "no labels: only depth and cost", NAN, 2},
    {push_unlabelled_only, "no labels: only depth and cost", NAN, 0},
    {push_label_of_no_model, "which it never answered: moon", 4. / 6, 0},
};

GST_START_TEST (a_doubtful_stream_is_reported_with_a_warning)
{
  GstStructure *report;
  GstMessage *message;
  GError *warning;
  gdouble accuracy;
  Fixture f;

  begin (&f);
  warnings[__i__].push (&f);
  gst_harness_push_event (f.harness, gst_event_new_eos ());
  message = pop (&f, GST_MESSAGE_WARNING | GST_MESSAGE_ELEMENT);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_WARNING);
  gst_message_parse_warning (message, &warning, NULL);
  fail_unless (
      strstr (warning->message, warnings[__i__].words), "%s", warning->message);
  g_error_free (warning);
  gst_message_unref (message);

  message = pop (&f, GST_MESSAGE_WARNING | GST_MESSAGE_ELEMENT);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_ELEMENT);
  report = gst_structure_copy (gst_message_get_structure (message));
  gst_message_unref (message);
  gst_structure_get_double (report, "accuracy", &accuracy);
  if (isnan (warnings[__i__].accuracy))
    fail_unless (isnan (accuracy));
  else
    assert_number (report, "accuracy", warnings[__i__].accuracy);
  assert_count (report, "strays", warnings[__i__].strays);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

static void
assert_error (Fixture *f, const gchar *words)
{
  GstMessage *message = pop (f, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  GError *error;

  fail_unless (message != NULL);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_ERROR);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (strstr (error->message, words), "%s", error->message);
  g_error_free (error);
  gst_message_unref (message);
}

static void
push_nothing (Fixture *f)
{
}

static void
push_examples_only (Fixture *f)
{
  push_example (f, "a");
  gst_harness_push (f->harness, gst_buffer_new ());
}

static const struct {
  void (*push) (Fixture *f);
  const gchar *words;
} failures[] = {
    {push_nothing, "neither examples nor results came"},
    {push_examples_only, "1 examples came, but no result. Put mxclassify"},
};

GST_START_TEST (an_evaluation_of_nothing_is_an_error)
{
  Fixture f;

  begin (&f);
  failures[__i__].push (&f);
  gst_harness_push_event (f.harness, gst_event_new_eos ());
  assert_error (&f, failures[__i__].words);
  end (&f);
}
GST_END_TEST;

static const struct {
  const gchar *field;
  GType type;
  const gchar *value;
} bad_fields[] = {
    {"label", G_TYPE_INVALID, NULL},
    {"label", G_TYPE_INT, "7"},
    {"sequence", G_TYPE_INVALID, NULL},
    {"probabilities", G_TYPE_INVALID, NULL},
    {"probabilities", G_TYPE_STRING, "a"},
    {"exit", G_TYPE_UINT, "0"},
    {"exit", G_TYPE_UINT, "5"},
    {"exits", G_TYPE_UINT, "1000"},
    {"confidence", G_TYPE_DOUBLE, "1.5"},
    {"confidence", G_TYPE_DOUBLE, "nan"},
    {"macs", G_TYPE_UINT64, "1001"},
    {"macs-full", G_TYPE_UINT64, "0"},
};

GST_START_TEST (a_malformed_result_is_an_error)
{
  const Answer answer = {"a", .5, 2, 500};
  GstStructure *result = new_result (0, &answer, 3);
  Fixture f;

  if (bad_fields[__i__].type == G_TYPE_INVALID) {
    gst_structure_remove_field (result, bad_fields[__i__].field);
  } else {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, bad_fields[__i__].type);
    if (g_str_equal (bad_fields[__i__].value, "nan"))
      g_value_set_double (&value, NAN);
    else
      fail_unless (gst_value_deserialize (&value, bad_fields[__i__].value));
    gst_structure_take_value (result, bad_fields[__i__].field, &value);
  }
  begin (&f);
  push_example (&f, "a");
  fail_unless_equals_int (push_structure (&f, result), GST_FLOW_ERROR);
  assert_error (&f, "without the fields it must have");
  end (&f);
}
GST_END_TEST;

GST_START_TEST (more_labels_than_can_be_counted_are_an_error)
{
  Fixture f;
  gboolean taken = TRUE;

  begin (&f);
  for (guint i = 0; i < 2048 && taken; i++) {
    g_autofree gchar *label = g_strdup_printf ("label %u", i);
    const GstMxExample example = {.label = label};

    taken =
        gst_harness_push_event (f.harness, gst_mx_example_event_new (&example));
  }
  assert_error (&f, "More than 2048 different labels");
  end (&f);
}
GST_END_TEST;

GST_START_TEST (a_report_that_cannot_be_written_stops_the_start)
{
  GstElement *sink = gst_element_factory_make ("mxevalsink", NULL);

  gst_object_ref_sink (sink);
  g_object_set (sink, "location", "/no/such/folder/report.json", NULL);
  fail_unless_equals_int (
      gst_element_set_state (sink, GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_object_unref (sink);
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
  tcase_add_test (tcase, a_result_on_several_buffers_counts_once);
  tcase_add_test (tcase, an_example_event_sent_again_is_no_other_example);
  tcase_add_test (
      tcase, an_answer_behind_the_last_buffer_belongs_to_its_example);
  tcase_add_test (
      tcase, another_stream_may_count_its_results_from_the_start_again);
  tcase_add_test (tcase, the_report_comes_before_eos_and_is_said_in_words);
  tcase_add_test (tcase, stats_are_the_report_at_any_time);
  tcase_add_test (tcase, the_file_holds_the_report);
  tcase_add_loop_test (tcase, a_doubtful_stream_is_reported_with_a_warning, 0,
      G_N_ELEMENTS (warnings));
  tcase_add_loop_test (
      tcase, an_evaluation_of_nothing_is_an_error, 0, G_N_ELEMENTS (failures));
  tcase_add_loop_test (
      tcase, a_malformed_result_is_an_error, 0, G_N_ELEMENTS (bad_fields));
  tcase_add_test (tcase, more_labels_than_can_be_counted_are_an_error);
  tcase_add_test (tcase, a_report_that_cannot_be_written_stops_the_start);
  return suite;
}

GST_CHECK_MAIN (evalsink);
