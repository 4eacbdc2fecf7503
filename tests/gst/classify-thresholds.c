/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A threshold for each exit: the property exit-thresholds of mxclassify. */

#include "classifier.h"
#include "refusal.h"

#define STAGE                                                                  \
  "{\"layers\": [{\"kind\": \"conv1d\", \"filters\": 4, \"kernel\": 3}],"      \
  " \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}"

static const Model audio = {8000, 1, 400, 200};

/* Far from certain of anything, with three exits. */
static gchar *
model_of_three_exits (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxDescription) description = mx_description_new (
      "{\"name\": \"three\", \"labels\": [\"a\", \"b\", \"c\"],"
      " \"input\": {\"rate\": 8000, \"channels\": 1, \"window\": 400,"
      " \"hop\": 200}, \"stages\": [" STAGE "," STAGE "," STAGE "]}",
      -1, "three", NULL, &error);
  g_autofree gfloat *weights = NULL;
  g_autoptr (MxNetwork) network = NULL;
  g_autoptr (GBytes) contents = NULL;

  g_assert_no_error (error);
  weights = g_new (gfloat, description->program->n_weights);
  mx_program_init_weights (description->program, 7, weights);
  network = mx_network_new (description, weights);
  contents = mx_model_file_write (network);
  return temporary_file (contents);
}

static void
init_thresholds (GValue *value, const gchar *text)
{
  g_value_init (value, GST_TYPE_ARRAY);
  fail_unless (gst_value_deserialize (value, text), "%s", text);
}

static void
set_thresholds (GstElement *element, const gchar *text)
{
  GValue value = G_VALUE_INIT;

  init_thresholds (&value, text);
  g_object_set_property (G_OBJECT (element), "exit-thresholds", &value);
  g_value_unset (&value);
}

static void
assert_thresholds (GstElement *element, guint n, gdouble lowest)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, GST_TYPE_ARRAY);
  g_object_get_property (G_OBJECT (element), "exit-thresholds", &value);
  fail_unless_equals_int (gst_value_array_get_size (&value), n);
  if (n > 0)
    fail_unless_equals_float (
        g_value_get_double (gst_value_array_get_value (&value, 0)), lowest);
  g_value_unset (&value);
}

/* The first error or warning on the bus, without what came before it. */
static void
assert_told (GstBus *bus, GstMessageType type, const gchar *text)
{
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, type);
  g_autoptr (GError) error = NULL;

  fail_unless (message != NULL, "no message \"%s\"", text);
  if (type == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  else
    gst_message_parse_warning (message, &error, NULL);
  fail_unless (
      g_error_matches (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS));
  fail_unless (strstr (error->message, text) != NULL, "\"%s\"", error->message);
}

static GstStateChangeReturn
start_with_three_exits (GstElement *element)
{
  g_autofree gchar *file = model_of_three_exits ();
  GstStateChangeReturn change;

  gst_element_set_state (element, GST_STATE_READY);
  g_object_set (element, "model-file", file, NULL);
  change = gst_element_set_state (element, GST_STATE_PAUSED);
  if (change != GST_STATE_CHANGE_FAILURE)
    gst_element_set_state (element, GST_STATE_PLAYING);
  g_remove (file);
  return change;
}

static void
assert_all_leave_at (Classifier *c, guint exit)
{
  g_autofree gfloat *samples = noise (800, 5);
  g_autoptr (GPtrArray) messages = NULL;

  gst_bus_set_flushing (c->bus, TRUE);
  gst_bus_set_flushing (c->bus, FALSE);
  classifier_push_all (c, &audio, samples, 800, 800, GST_CLOCK_TIME_NONE);
  messages = classifier_messages (c);
  fail_unless (messages->len >= 3);
  for (guint i = 0; i < messages->len; i++)
    fail_unless_equals_int (get_uint (messages->pdata[i], "exit"), exit);
}

static const struct {
  const gchar *thresholds;
  guint exit;
} ladders[] = {
    {"< 0.0, 1.0, 1.0 >", 1}, {"< 1.0, 0.0, 1.0 >", 2},
    {"< 1.0, 1.0, 0.0 >", 3}, {"< 1.0, 1.0, 1.0 >", 3}, {"< 0.0, 1.0 >", 1},
    {"< 1.0, 0.0 >", 2}, {"< 1.0, 1.0 >", 3}, {"< >", 1}, /* exit-threshold */
};

GST_START_TEST (test_each_exit_has_its_threshold_also_while_playing)
{
  Classifier c = classifier_new (&audio);

  g_object_set (c.element, "exit-threshold", 0., NULL);
  fail_if (start_with_three_exits (c.element) == GST_STATE_CHANGE_FAILURE);
  classifier_begin_stream (&c, 8000, 1);
  for (guint i = 0; i < G_N_ELEMENTS (ladders); i++) {
    set_thresholds (c.element, ladders[i].thresholds);
    assert_all_leave_at (&c, ladders[i].exit);
  }
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_thresholds_set_before_the_start_hold_from_the_start)
{
  Classifier c = classifier_new (&audio);

  gst_element_set_state (c.element, GST_STATE_NULL);
  set_thresholds (c.element, ladders[__i__].thresholds);
  g_object_set (c.element, "exit-threshold", 0., NULL);
  fail_if (start_with_three_exits (c.element) == GST_STATE_CHANGE_FAILURE);
  classifier_begin_stream (&c, 8000, 1);
  assert_all_leave_at (&c, ladders[__i__].exit);
  classifier_free (&c);
}
GST_END_TEST;

static const struct {
  const gchar *thresholds, *text;
} misfits[] = {
    {"< 0.9 >", "exit-thresholds holds 1 threshold; model \"three\" has 3 "
                "exits and needs 3 or, as the last always answers, 2"},
    {"< 0.9, 0.9, 0.9, 0.9 >", "exit-thresholds holds 4 thresholds; model "
                               "\"three\" has 3 exits"},
};

GST_START_TEST (test_a_wrong_number_is_an_error_when_the_element_starts)
{
  Classifier c = classifier_new (&audio);

  gst_element_set_state (c.element, GST_STATE_NULL);
  set_thresholds (c.element, misfits[__i__].thresholds);
  fail_unless (start_with_three_exits (c.element) == GST_STATE_CHANGE_FAILURE);
  assert_told (c.bus, GST_MESSAGE_ERROR, misfits[__i__].text);
  /* It can be mended. */
  set_thresholds (c.element, "< 0.9, 0.9 >");
  fail_if (start_with_three_exits (c.element) == GST_STATE_CHANGE_FAILURE);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_a_wrong_number_while_playing_changes_nothing)
{
  Classifier c = classifier_new (&audio);

  fail_if (start_with_three_exits (c.element) == GST_STATE_CHANGE_FAILURE);
  classifier_begin_stream (&c, 8000, 1);
  set_thresholds (c.element, "< 1.0, 0.0 >");
  set_thresholds (c.element, misfits[__i__].thresholds);
  assert_told (c.bus, GST_MESSAGE_WARNING, misfits[__i__].text);
  assert_thresholds (c.element, 2, 1);
  assert_all_leave_at (&c, 2);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_more_thresholds_than_any_model_has_exits_change_nothing)
{
  g_autoptr (GString) many = g_string_new ("< 0.5");
  GstElement *element = gst_element_factory_make ("mxclassify", NULL);
  GstBus *bus = gst_bus_new ();

  gst_element_set_bus (element, bus);
  set_thresholds (element, "< 0.25 >");
  for (guint i = 1; i < MX_MAX_EXITS + 1; i++)
    g_string_append (many, ", 0.5");
  set_thresholds (element, g_string_append (many, " >")->str);
  assert_told (bus, GST_MESSAGE_WARNING, "got 33 thresholds");
  assert_thresholds (element, 1, .25);
  gst_element_set_bus (element, NULL);
  gst_object_unref (bus);
  gst_object_unref (element);
}
GST_END_TEST;

static const gchar *refused[] = {
    "< 0.9, 1.5 >",
    "< -0.1 >",
    "< 0.5, nan >",
    "< 0.5, inf >",
    "< a >",
    "< 1 >",
};

/* By GObject, as any value out of range. */
GST_START_TEST (test_what_is_no_probability_is_refused)
{
  GstElement *element = gst_element_factory_make ("mxclassify", NULL);
  GValue value = G_VALUE_INIT;

  init_thresholds (&value, refused[__i__]);
  set_thresholds (element, "< 0.25 >");
  assert_refused (G_OBJECT (element), "exit-thresholds", &value);
  g_value_unset (&value);
  assert_thresholds (element, 1, .25);
  gst_object_unref (element);
}
GST_END_TEST;

static const struct {
  const gchar *text;
  gint n; /* -1: no element */
  gdouble first;
} lines[] = {
    {"<0.9,0.8,0.7>", 3, .9},
    {"<1,0.8>", 2, 1},
    {"<>", 0, 0},
    {"0.5", -1, 0},
    {"<a,b>", -1, 0},
};

GST_START_TEST (test_thresholds_can_be_written_on_a_command_line)
{
  g_autofree gchar *line =
      g_strdup_printf ("mxclassify exit-thresholds=\"%s\"", lines[__i__].text);
  g_autoptr (GError) error = NULL;
  GstElement *element =
      gst_parse_launch_full (line, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);

  if (lines[__i__].n < 0) {
    fail_unless (g_error_matches (
        error, GST_PARSE_ERROR, GST_PARSE_ERROR_COULD_NOT_SET_PROPERTY));
    return;
  }
  g_assert_no_error (error);
  assert_thresholds (element, lines[__i__].n, lines[__i__].first);
  gst_object_unref (element);
}
GST_END_TEST;

static Suite *
classify_thresholds_suite (void)
{
  Suite *suite = suite_create ("classify-thresholds");
  TCase *tests = tcase_create ("classify-thresholds");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_each_exit_has_its_threshold_also_while_playing);
  tcase_add_loop_test (tests,
      test_thresholds_set_before_the_start_hold_from_the_start, 0,
      G_N_ELEMENTS (ladders));
  tcase_add_loop_test (tests,
      test_a_wrong_number_is_an_error_when_the_element_starts, 0,
      G_N_ELEMENTS (misfits));
  tcase_add_loop_test (tests, test_a_wrong_number_while_playing_changes_nothing,
      0, G_N_ELEMENTS (misfits));
  tcase_add_test (
      tests, test_more_thresholds_than_any_model_has_exits_change_nothing);
  tcase_add_loop_test (
      tests, test_what_is_no_probability_is_refused, 0, G_N_ELEMENTS (refused));
  tcase_add_loop_test (tests, test_thresholds_can_be_written_on_a_command_line,
      0, G_N_ELEMENTS (lines));
  return suite;
}

GST_CHECK_MAIN (classify_thresholds);
