/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The page of mxevalsink.  What stands on it: tests/pipelines/report.py. */
#include "evalsink-rig.h"

#include <string.h>

static gchar *folder, *json, *page;

static void
setup (void)
{
  folder = g_dir_make_tmp ("evalsink-XXXXXX", NULL);
  json = g_build_filename (folder, "first.json", NULL);
  page = g_build_filename (folder, "second.html", NULL);
}

static void
teardown (void)
{
  g_unlink (json);
  g_unlink (page);
  fail_unless_equals_int (g_rmdir (folder), 0);
  g_free (page);
  g_free (json);
  g_free (folder);
}

static void
set_compare_with (GstElement *element, const gchar *filename)
{
  GValue array = G_VALUE_INIT, value = G_VALUE_INIT;

  gst_value_array_init (&array, 1);
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, filename);
  gst_value_array_append_and_take_value (&array, &value);
  g_object_set_property (G_OBJECT (element), "compare-with", &array);
  g_value_unset (&array);
}

/* In the state NULL, where files may be named. */
static void
begin_anew (Fixture *f)
{
  begin (f);
  gst_element_set_state (f->harness->element, GST_STATE_NULL);
}

static void
evaluate (Fixture *f, const gchar *label)
{
  fail_unless_equals_int (
      gst_element_set_state (f->harness->element, GST_STATE_PLAYING),
      GST_STATE_CHANGE_SUCCESS);
  gst_harness_push_event (f->harness, gst_event_new_stream_start ("again"));
  push_example (f, label);
  push_answer (f, (Answer){label, .9, 1, 250});
  push_example (f, "b");
  push_answer (f, (Answer){label, .6, 4, 1000});
  gst_structure_free (finish_with_message (f));
}

static void
assert_page (const gchar *words, gboolean expected)
{
  gchar *text;

  fail_unless (g_file_get_contents (page, &text, NULL, NULL));
  fail_unless (
      (strstr (text, words) != NULL) == expected, "%s in %s", words, text);
  g_free (text);
}

GST_START_TEST (a_page_shows_one_report_beside_others)
{
  Fixture f;

  begin_anew (&f);
  g_object_set (f.harness->element, "location", json, NULL);
  evaluate (&f, "a");
  end (&f);

  begin_anew (&f);
  g_object_set (f.harness->element, "report", page, NULL);
  set_compare_with (f.harness->element, json);
  evaluate (&f, "<i>c</i>");
  end (&f);
  assert_page ("<h2>first</h2>", TRUE);
  assert_page ("<h2>second</h2>", TRUE);
  assert_page ("<td>50.0\302\240%</td>", TRUE);
  assert_page ("&lt;i&gt;c", TRUE);
  assert_page ("<i>", FALSE);
  assert_page ("</html>", TRUE);
}
GST_END_TEST;

static void
assert_start_fails (Fixture *f, const gchar *words)
{
  GstMessage *message;
  GError *error;

  fail_unless_equals_int (
      gst_element_set_state (f->harness->element, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  message = pop (f, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (strstr (error->message, words), "%s", error->message);
  g_error_free (error);
  gst_message_unref (message);
}

static const struct {
  const gchar *text; /* NULL: there is no such file */
  const gchar *words;
} foreign[] = {
    {NULL, "first.json"},
    {"", "first.json"},
    {"no JSON", "first.json"},
    {"[]", "found no version, expected a report of mxevalsink of version 1"},
    {"{\"version\": 2}", "found another version"},
    {"{\"version\": 1}", "windows: found nothing, expected an object"},
    {"{\"version\": 1, \"windows\": [], \"classes\": [], \"confusion\": []}",
        "windows: found another type"},
    {"{\"version\": 1, \"windows\": {}, \"classes\": [], \"confusion\": null}",
        "confusion: found another type, expected an array"},
};

GST_START_TEST (what_is_no_report_stops_the_start)
{
  Fixture f;

  begin_anew (&f);
  if (foreign[__i__].text != NULL)
    fail_unless (g_file_set_contents (json, foreign[__i__].text, -1, NULL));
  set_compare_with (f.harness->element, json);
  assert_start_fails (&f, foreign[__i__].words);
  end (&f);
}
GST_END_TEST;

/* A report of the right version may hold anything. */
static const gchar *const odd[] = {
    "\"classes\": [], \"confusion\": []",
    "\"classes\": [1, null, {\"label\": 3}], \"confusion\": [[], 2, {}]",
    "\"classes\": [{\"label\": \"a\"}], \"confusion\": [[-1e308]]",
    "\"classes\": [{}], \"confusion\": [[null]], \"curve\": {\"points\": [{}, "
    "7, {\"mean-cost\": -1, \"accuracy\": 1e9}]}",
    "\"classes\": [], \"confusion\": [], \"subjects\": [null, {}, [], "
    "{\"accuracy\": 1}], \"hardest\": [{}, 1], \"events\": {\"classes\": 1}",
    "\"classes\": [], \"confusion\": [], \"time-to-decision\": {\"median\": "
    "\"<b>\"}",
    "\"classes\": [{}, {}], \"confusion\": [[1e999, 1], [1e308, 1e308]]",
};

GST_START_TEST (what_a_report_lacks_is_a_dash)
{
  gchar *text = g_strdup_printf (
      "{\"version\": 1, \"windows\": {\"count\": 1, \"per-exit\": [{\"count\": "
      "5}, 1], \"all-exits\": [{}, 2, {\"mean-cost\": 7, \"accuracy\": 2}]}, "
      "%s}",
      odd[__i__]);
  Fixture f;

  fail_unless (g_file_set_contents (json, text, -1, NULL));
  begin_anew (&f);
  g_object_set (f.harness->element, "report", page, NULL);
  set_compare_with (f.harness->element, json);
  evaluate (&f, "a");
  assert_page ("<td>\342\200\223</td>", TRUE);
  assert_page ("nan", FALSE);
  assert_page ("<b>", FALSE);
  assert_page ("rgb(-", FALSE);
  end (&f);
  g_free (text);
}
GST_END_TEST;

/* Cell by cell it would take minutes. */
GST_START_TEST (labels_without_a_matrix_do_not_take_long)
{
  gchar *zeros = g_strnfill (400000, ','), *text;
  Fixture f;

  for (gchar *zero = zeros; *zero != '\0'; zero += 2)
    *zero = '0';
  text = g_strdup_printf ("{\"version\": 1, \"windows\": {}, \"classes\": "
                          "[%s0], \"confusion\": [[0, 7]]}",
      zeros);
  fail_unless (g_file_set_contents (json, text, -1, NULL));
  begin_anew (&f);
  g_object_set (f.harness->element, "report", page, NULL);
  set_compare_with (f.harness->element, json);
  evaluate (&f, "a");
  assert_page ("<td>7</td>", TRUE);
  end (&f);
  g_free (zeros);
  g_free (text);
}
GST_END_TEST;

GST_START_TEST (a_report_says_what_it_is_of)
{
  GstStructure *stats;
  gdouble level;
  Fixture f;

  begin_anew (&f);
  g_object_set (f.harness->element, "report", page, "title", "half",
      "condition", "noise, dB", "level", -2.5, NULL);
  evaluate (&f, "a");
  g_object_get (f.harness->element, "stats", &stats, NULL);
  fail_unless_equals_string (gst_structure_get_string (stats, "title"), "half");
  fail_unless_equals_string (
      gst_structure_get_string (stats, "condition"), "noise, dB");
  fail_unless (gst_structure_get_double (stats, "level", &level));
  fail_unless_equals_float (level, -2.5);
  gst_structure_free (stats);
  end (&f);
  assert_page ("<h3>noise, dB</h3>", TRUE);
  assert_page ("<td>half</td>", TRUE);
}
GST_END_TEST;

GST_START_TEST (what_is_set_can_be_read)
{
  GValue array = G_VALUE_INIT;
  Fixture f;

  begin_anew (&f);
  set_compare_with (f.harness->element, json);
  g_value_init (&array, GST_TYPE_ARRAY);
  g_object_get_property (G_OBJECT (f.harness->element), "compare-with", &array);
  fail_unless_equals_int (gst_value_array_get_size (&array), 1);
  fail_unless_equals_string (
      g_value_get_string (gst_value_array_get_value (&array, 0)), json);
  g_value_unset (&array);
  end (&f);
}
GST_END_TEST;

static Suite *
evalsink_report_suite (void)
{
  Suite *suite = suite_create ("evalsink_report");
  TCase *tcase = tcase_create ("evalsink_report");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_page_shows_one_report_beside_others);
  tcase_add_loop_test (
      tcase, what_is_no_report_stops_the_start, 0, G_N_ELEMENTS (foreign));
  tcase_add_loop_test (
      tcase, what_a_report_lacks_is_a_dash, 0, G_N_ELEMENTS (odd));
  tcase_add_test (tcase, labels_without_a_matrix_do_not_take_long);
  tcase_add_test (tcase, a_report_says_what_it_is_of);
  tcase_add_test (tcase, what_is_set_can_be_read);
  return suite;
}

GST_CHECK_MAIN (evalsink_report);
