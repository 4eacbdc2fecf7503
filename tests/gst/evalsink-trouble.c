/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Streams that cannot be evaluated, or only with a warning. */
#include "evalsink-rig.h"

#include <signal.h>
#include <sys/resource.h>

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

/* What it would say otherwise is wrong, and sure of itself. */
static void
push_no_numbers (Fixture *f)
{
  const Answer answer = {"c", 1., 1, 250};
  GstStructure *result = new_result (f->sequence++, &answer, 3);

  gst_structure_set (result, "finite", G_TYPE_BOOLEAN, FALSE, NULL);
  push_example (f, "a");
  push_structure (f, result);
  push_answer (f, (Answer){"a", .5, 1, 250});
}

/* Two mxclassify: each buffer has a result of either, with the same number. */
static void
push_two_series (Fixture *f)
{
  static const gchar *const elements[] = {"near", "far"};

  push_example (f, "a");
  for (guint i = 0; i < 4; i++) {
    const Answer answer = {i % 2 == 0 ? "a" : "c", .5 + .1 * i, 1, 250};
    GstStructure *result = new_result (i / 2, &answer, 3);

    gst_structure_set (result, "element", G_TYPE_STRING, elements[i % 2], NULL);
    push_structure (f, result);
  }
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
    {push_no_numbers, "1 results are for samples that are no finite", 1, 0},
    {push_two_series, "2 results of other elements than near", 1, 0},
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

static void
push_another_world (Fixture *f)
{
  push_example (f, "a");
  push_answer (f, (Answer){"sun", .9, 1, 250});
  push_example (f, "b");
  push_answer (f, (Answer){"moon", .9, 1, 250});
}

static const struct {
  void (*push) (Fixture *f);
  const gchar *words;
} failures[] = {
    {push_nothing, "neither examples nor results came"},
    {push_examples_only, "1 examples came, but no result. Put mxclassify"},
    {push_another_world,
        "answers such as \"sun\", the data have such as \"a\""},
};

GST_START_TEST (an_evaluation_that_says_nothing_is_an_error)
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
  const gchar *words; /* NULL: a field is missing */
} bad_fields[] = {
    {"label", G_TYPE_INVALID, NULL},
    {"label", G_TYPE_INT, "7"},
    {"sequence", G_TYPE_INVALID, NULL},
    {"probabilities", G_TYPE_INVALID, NULL},
    {"probabilities", G_TYPE_STRING, "a"},
    {"exit", G_TYPE_UINT, "0"},
    {"exit", G_TYPE_UINT, "5"},
    {"exits", G_TYPE_UINT, "1000"},
    {"confidence", G_TYPE_DOUBLE, "1.5", "probabilities that are none"},
    {"confidence", G_TYPE_DOUBLE, "nan", "probabilities that are none"},
    {"probabilities", G_TYPE_INVALID, "<nan, 0.5, 0.5>",
        "probabilities that are none"},
    {"probabilities", G_TYPE_INVALID, "<-0.5, 0.5, 0.5>",
        "probabilities that are none"},
    {"probabilities", G_TYPE_INVALID, "<(int)1, 0, 0>", NULL},
    {"exit-probabilities", G_TYPE_INVALID, "<0.5, 0.5>",
        "do not fit its exits"},
    {"macs-full", G_TYPE_UINT64, "0"},
};

/* As it would be written. */
static void
set_array (GstStructure *result, const gchar *field, const gchar *text)
{
  g_autofree gchar *all = g_strdup_printf ("x, x=%s;", text);
  g_autoptr (GstStructure) parsed = gst_structure_from_string (all, NULL);

  fail_unless (parsed != NULL, "%s", all);
  gst_structure_set_value (
      result, field, gst_structure_get_value (parsed, "x"));
}

GST_START_TEST (a_malformed_result_is_an_error)
{
  const Answer answer = {"a", .5, 2, 500};
  GstStructure *result = new_result (0, &answer, 3);
  Fixture f;

  if (bad_fields[__i__].type == G_TYPE_INVALID &&
      bad_fields[__i__].value == NULL) {
    gst_structure_remove_field (result, bad_fields[__i__].field);
  } else if (bad_fields[__i__].type == G_TYPE_INVALID) {
    set_array (result, bad_fields[__i__].field, bad_fields[__i__].value);
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
  assert_error (&f, bad_fields[__i__].words != NULL
                        ? bad_fields[__i__].words
                        : "without the fields it must have");
  end (&f);
}
GST_END_TEST;

/* A model answers "a", class 0 of 3, and "b", class 1; then another takes
 * over. */
static const struct {
  const gchar *label;
  guint class, classes;
  const gchar *expected; /* NULL: may be the same model's */
} others[] = {
    {"a", 0, 3, NULL},
    {"c", 2, 3, NULL},
    {"x", 0, 3, "expected \"a\""},
    {"a", 1, 3, "expected class 0"},
    {"b", 2, 3, "expected class 1"},
    {"c", 2, 4, "expected 3 classes"},
};

static GstFlowReturn
push_class (Fixture *f, const gchar *label, guint class, guint classes)
{
  const Answer answer = {label, .5, 2, 500};
  GstStructure *result = new_result (f->sequence++, &answer, classes);

  gst_structure_set (result, "class", G_TYPE_UINT, class, NULL);
  return push_structure (f, result);
}

GST_START_TEST (a_model_with_other_labels_is_an_error)
{
  GstFlowReturn flow;
  Fixture f;

  begin (&f);
  push_example (&f, "a");
  fail_unless_equals_int (push_class (&f, "a", 0, 3), GST_FLOW_OK);
  fail_unless_equals_int (push_class (&f, "b", 1, 3), GST_FLOW_OK);
  flow = push_class (
      &f, others[__i__].label, others[__i__].class, others[__i__].classes);
  if (others[__i__].expected == NULL) {
    fail_unless_equals_int (flow, GST_FLOW_OK);
  } else {
    fail_unless_equals_int (flow, GST_FLOW_ERROR);
    assert_error (&f, others[__i__].expected);
  }
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

static const gchar *const unwritable[] = {
    "/no/such/folder/report.json", "/tmp", "/proc/report.json", "/dev/null"};

static const gchar *const files[] = {"location", "predictions", "report"};

GST_START_TEST (a_file_that_cannot_be_written_stops_the_start)
{
  GstElement *sink = gst_element_factory_make ("mxevalsink", NULL);

  gst_object_ref_sink (sink);
  g_object_set (sink, files[__i__ % 3], unwritable[__i__ / 3], NULL);
  fail_unless_equals_int (
      gst_element_set_state (sink, GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_object_unref (sink);
}
GST_END_TEST;

static const gchar *const pairs[][2] = {{"location", "predictions"},
    {"location", "report"}, {"report", "predictions"}};

GST_START_TEST (no_file_is_written_twice)
{
  g_autofree gchar *folder = g_dir_make_tmp ("evalsink-XXXXXX", NULL);
  g_autofree gchar *file = g_build_filename (folder, "report.json", NULL);
  const gchar *const *pair = pairs[__i__];
  g_autofree gchar *words =
      g_strdup_printf ("%s and %s must be two files", pair[0], pair[1]);
  Fixture f;

  begin (&f);
  gst_element_set_state (f.harness->element, GST_STATE_NULL);
  g_object_set (f.harness->element, pair[0], file, pair[1], file, NULL);
  fail_unless_equals_int (
      gst_element_set_state (f.harness->element, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  assert_error (&f, words);
  end (&f);
  fail_unless_equals_int (g_rmdir (folder), 0);
}
GST_END_TEST;

/* A limit on the size of files fails as a full disk does. */
GST_START_TEST (predictions_that_fill_the_disk_are_an_error)
{
  g_autofree gchar *folder = g_dir_make_tmp ("evalsink-XXXXXX", NULL);
  g_autofree gchar *file = g_build_filename (folder, "predictions", NULL);
  const guint n = __i__ == 0 ? 1 : 1000; /* found at the end, or before */
  struct rlimit limit = {10, 10};
  Fixture f;

  begin (&f);
  gst_element_set_state (f.harness->element, GST_STATE_NULL);
  g_object_set (f.harness->element, "predictions", file, NULL);
  gst_element_set_state (f.harness->element, GST_STATE_PLAYING);
  gst_harness_push_event (f.harness, gst_event_new_stream_start ("again"));
  signal (SIGXFSZ, SIG_IGN);
  fail_unless (setrlimit (RLIMIT_FSIZE, &limit) == 0);
  push_example (&f, "a");
  for (guint i = 0; i < n; i++)
    push_answer (&f, (Answer){"a", .9, 1, 250});
  gst_harness_push_event (f.harness, gst_event_new_eos ());
  assert_error (&f, "The predictions cannot be written: ");
  end (&f);
  fail_unless_equals_int (g_rmdir (folder), 0);
}
GST_END_TEST;

static Suite *
evalsink_trouble_suite (void)
{
  Suite *suite = suite_create ("evalsink_trouble");
  TCase *tcase = tcase_create ("evalsink_trouble");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, a_doubtful_stream_is_reported_with_a_warning, 0,
      G_N_ELEMENTS (warnings));
  tcase_add_loop_test (tcase, an_evaluation_that_says_nothing_is_an_error, 0,
      G_N_ELEMENTS (failures));
  tcase_add_loop_test (
      tcase, a_malformed_result_is_an_error, 0, G_N_ELEMENTS (bad_fields));
  tcase_add_loop_test (
      tcase, a_model_with_other_labels_is_an_error, 0, G_N_ELEMENTS (others));
  tcase_add_test (tcase, more_labels_than_can_be_counted_are_an_error);
  tcase_add_loop_test (tcase, a_file_that_cannot_be_written_stops_the_start, 0,
      3 * G_N_ELEMENTS (unwritable));
  tcase_add_loop_test (
      tcase, no_file_is_written_twice, 0, G_N_ELEMENTS (pairs));
  tcase_add_loop_test (
      tcase, predictions_that_fill_the_disk_are_an_error, 0, 2);
  return suite;
}

GST_CHECK_MAIN (evalsink_trouble);
