/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxevalsink reports of each exit, of thresholds, events, people and the
 * hardest examples, against figures computed by hand. */
#include "evalsink-rig.h"

#define CLASSES 3

static const gchar *const names[CLASSES] = {"a", "b", "c"};

/* What each of the four exits answers, how surely. */
typedef struct {
  guint classes[EXITS];
  gdouble confidences[EXITS];
} Row;

static void
append (GValue *array, GType type, gconstpointer data)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, type);
  if (type == G_TYPE_STRING)
    g_value_set_string (&value, data);
  else if (type == G_TYPE_UINT64)
    g_value_set_uint64 (&value, *(const guint64 *)data);
  else
    g_value_set_double (&value, *(const gdouble *)data);
  gst_value_array_append_and_take_value (array, &value);
}

/* The answer is that of `exit`; costs are 250, 500, 750 and 1000 of 1000. */
static GstStructure *
new_full_result (Fixture *f, const Row *row, guint exit)
{
  const Answer answer = {names[row->classes[exit - 1]],
      row->confidences[exit - 1], exit, exit * 250};
  GstStructure *result = new_result (f->sequence++, &answer, CLASSES);
  GValue probabilities = G_VALUE_INIT, labels = G_VALUE_INIT,
         macs = G_VALUE_INIT;

  gst_value_array_init (&probabilities, 0);
  gst_value_array_init (&labels, 0);
  gst_value_array_init (&macs, 0);
  for (guint e = 0; e < EXITS; e++) {
    const guint64 cost = (e + 1) * 250;

    append (&labels, G_TYPE_STRING, names[row->classes[e]]);
    append (&macs, G_TYPE_UINT64, &cost);
    for (guint c = 0; c < CLASSES; c++) {
      gdouble rest = (1 - row->confidences[e]) / (CLASSES - 1);

      append (&probabilities, G_TYPE_DOUBLE,
          c == row->classes[e] ? &row->confidences[e] : &rest);
    }
  }
  gst_structure_take_value (result, "exit-probabilities", &probabilities);
  gst_structure_take_value (result, "exit-labels", &labels);
  gst_structure_take_value (result, "exit-macs", &macs);
  return result;
}

static const GstStructure *
inner (const GstStructure *report, const gchar *field)
{
  const GValue *value = gst_structure_get_value (report, field);

  fail_unless (value != NULL, "no field %s", field);
  return gst_value_get_structure (value);
}

static const GstStructure *
element_of (const GstStructure *report, const gchar *field, guint i)
{
  const GValue *array = gst_structure_get_value (report, field);

  fail_unless (array != NULL, "no field %s", field);
  fail_unless (i < gst_value_array_get_size (array));
  return gst_value_get_structure (gst_value_array_get_value (array, i));
}

/* Truth a, b, c: exit 1 is right for a alone, exit 2 for a and c; then all. */
static const Row rows[] = {
    {{0, 0, 0, 0}, {.9, .9, .9, .9}},
    {{0, 2, 1, 1}, {.5, .6, .7, .8}},
    {{1, 2, 2, 2}, {.6, .8, .8, .8}},
};

static void
push_three_examples (Fixture *f)
{
  static const gchar *const people[] = {"anna", "ben", "anna"};

  for (guint i = 0; i < 3; i++) {
    g_autofree gchar *path = g_strdup_printf ("%u.wav", i);
    const GstMxExample example = {.label = (gchar *)names[i],
        .index = i,
        .path = path,
        .subject = (gchar *)people[i]};

    gst_harness_push_event (f->harness, gst_mx_example_event_new (&example));
    fail_unless_equals_int (
        push_structure (f, new_full_result (f, &rows[i], 2)), GST_FLOW_OK);
  }
}

GST_START_TEST (each_exit_and_the_answer_have_their_scores)
{
  static const guint64 correct[] = {1, 2, 3, 3};
  GstStructure *report;
  Fixture f;

  begin (&f);
  push_three_examples (&f);
  report = finish (&f);
  assert_count (report, "correct", 2);
  assert_number (report, "cohens-kappa", (2. / 3 - 1. / 3) / (1 - 1. / 3));
  for (guint e = 0; e < EXITS; e++) {
    const GstStructure *exit = element_of (report, "all-exits", e);

    assert_count (exit, "correct", correct[e]);
    assert_number (exit, "mean-exit", e + 1);
    assert_number (exit, "mean-cost", (e + 1) * .25);
    fail_unless (gst_structure_has_field (exit, "confusion"));
    assert_count (element_of (get_windows (report), "all-exits", e), "correct",
        correct[e]);
  }
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

/* From threshold   0: exits 1 1 1, 1 of 3 right, cost 1/4
 *      above      .5: exits 1 2 1, 1 right, 1/3
 *      above      .6: exits 1 3 2, 3 right, 1/2: as good as the last */
GST_START_TEST (the_curve_tries_every_threshold)
{
  const GstStructure *curve, *sufficient, *point;
  GstStructure *report;
  Fixture f;

  begin (&f);
  push_three_examples (&f);
  report = finish (&f);
  curve = inner (report, "curve");
  assert_count (curve, "count", 3);
  assert_count (curve, "left-out", 0);
  assert_number (inner (curve, "last"), "accuracy", 1);
  sufficient = inner (curve, "sufficient");
  assert_number (sufficient, "accuracy", 1);
  assert_number (sufficient, "mean-exit", 2);
  assert_number (sufficient, "mean-cost", .5);
  assert_number (curve, "area", (.25 / 3 + .5) / .75);
  point = element_of (curve, "points", 55);
  assert_number (point, "threshold", .55);
  assert_number (point, "accuracy", 1. / 3);
  assert_number (point, "mean-cost", 1. / 3);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (people_and_the_hardest_examples_have_names)
{
  const GstStructure *hard, *anna;
  GstStructure *report;
  Fixture f;

  begin (&f);
  push_three_examples (&f);
  report = finish (&f);
  anna = element_of (report, "subjects", 0);
  fail_unless_equals_string (
      gst_structure_get_string (anna, "subject"), "anna");
  assert_count (anna, "count", 2);
  assert_count (anna, "correct", 2);
  assert_number (element_of (report, "subjects", 1), "accuracy", 0);
  hard = element_of (report, "hardest", 0);
  fail_unless_equals_string (gst_structure_get_string (hard, "path"), "1.wav");
  fail_unless_equals_string (gst_structure_get_string (hard, "label"), "b");
  fail_unless_equals_string (gst_structure_get_string (hard, "answer"), "c");
  assert_number (hard, "confidence", .6);
  fail_unless_equals_string (
      gst_structure_get_string (element_of (report, "hardest", 1), "path"),
      "2.wav");
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

/* The answer by one window, exit 1 by the other. */
GST_START_TEST (each_exit_answers_an_example_by_its_surest_window)
{
  static const Row two[] = {
      {{0, 1, 1, 1}, {.9, .5, .5, .5}},
      {{1, 0, 0, 0}, {.8, .6, .6, .6}},
  };
  GstStructure *report;
  Fixture f;

  begin (&f);
  push_example (&f, "a");
  for (guint i = 0; i < 2; i++)
    push_structure (&f, new_full_result (&f, &two[i], 4));
  report = finish (&f);
  assert_count (report, "correct", 1);
  assert_number (report, "mean-confidence", .6);
  assert_count (element_of (report, "all-exits", 0), "correct", 1);
  assert_number (element_of (report, "all-exits", 0), "mean-confidence", .9);
  assert_count (
      element_of (get_windows (report), "all-exits", 0), "correct", 1);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

static gboolean
is_short (GQuark field, const GValue *value, gpointer user_data)
{
  fail_if (
      GST_VALUE_HOLDS_ARRAY (value) && gst_value_array_get_size (value) > EXITS,
      "%s", g_quark_to_string (field));
  if (GST_VALUE_HOLDS_STRUCTURE (value))
    gst_structure_foreach (gst_value_get_structure (value), is_short, NULL);
  return TRUE;
}

GST_START_TEST (the_message_has_the_figures_without_the_tables)
{
  GstStructure *message, *report;
  gdouble area = 0;
  Fixture f;

  begin (&f);
  push_three_examples (&f);
  message = finish_with_message (&f);
  g_object_get (f.harness->element, "stats", &report, NULL);
  gst_structure_foreach (message, is_short, NULL);
  fail_if (gst_structure_has_field (message, "confusion"));
  fail_if (gst_structure_has_field (message, "hardest"));
  assert_number (message, "accuracy", 2. / 3);
  gst_structure_get_double (inner (report, "curve"), "area", &area);
  assert_number (inner (message, "curve"), "area", area);
  assert_count (element_of (message, "all-exits", 3), "correct", 3);
  gst_structure_free (message);
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (of_one_label_alone_there_is_no_kappa_nor_span_of_costs)
{
  static const Row row = {{0, 0, 0, 0}, {1, 1, 1, 1}};
  gdouble kappa = 0, threshold = 0;
  GstStructure *report;
  Fixture f;

  begin (&f);
  push_example (&f, "a");
  push_structure (&f, new_full_result (&f, &row, 1));
  report = finish (&f);
  assert_number (report, "accuracy", 1);
  assert_number (report, "macro-f1", 1);
  gst_structure_get_double (report, "cohens-kappa", &kappa);
  fail_unless (isnan (kappa));
  assert_number (inner (report, "curve"), "area", 1);
  /* All leave at exit 1, whatever the threshold. */
  assert_number (
      inner (inner (report, "curve"), "sufficient"), "mean-cost", .25);
  gst_structure_get_double (
      inner (inner (report, "curve"), "last"), "threshold", &threshold);
  fail_unless (isnan (threshold));
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

GST_START_TEST (times_to_decision_are_those_of_all_results)
{
  const GstStructure *times;
  GstStructure *report;
  Fixture f;

  begin (&f);
  push_example (&f, "a");
  for (guint i = 1; i <= 3; i++) {
    const Answer answer = {"a", .9, 1, 250};
    GstStructure *result = new_result (f.sequence++, &answer, CLASSES);

    gst_structure_set (result, "latency", G_TYPE_UINT64, (guint64)i * 10, NULL);
    push_structure (&f, result);
  }
  report = finish (&f);
  times = inner (report, "time-to-decision");
  assert_count (times, "count", 3);
  assert_number (times, "mean", 20);
  assert_number (times, "median", 20);
  assert_number (times, "maximum", 30);
  fail_if (gst_structure_has_field (report, "curve"));
  fail_if (gst_structure_has_field (report, "all-exits"));
  gst_structure_free (report);
  end (&f);
}
GST_END_TEST;

static Suite *
evalsink_exits_suite (void)
{
  Suite *suite = suite_create ("evalsink_exits");
  TCase *tcase = tcase_create ("evalsink_exits");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_exit_and_the_answer_have_their_scores);
  tcase_add_test (tcase, the_curve_tries_every_threshold);
  tcase_add_test (tcase, people_and_the_hardest_examples_have_names);
  tcase_add_test (tcase, each_exit_answers_an_example_by_its_surest_window);
  tcase_add_test (tcase, the_message_has_the_figures_without_the_tables);
  tcase_add_test (
      tcase, of_one_label_alone_there_is_no_kappa_nor_span_of_costs);
  tcase_add_test (tcase, times_to_decision_are_those_of_all_results);
  return suite;
}

GST_CHECK_MAIN (evalsink_exits);
