/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What the properties of mxclassify change, set while it plays or before. */
#include "classifier.h"

#include <gst/controller/controller.h>

static const Model audio = {8000, 1, 400, 200};

static const struct {
  const gchar *name, *value;
  guint least, most; /* exits that may answer */
} policies[] = {
    {"max-exit", "1", 1, 1},
    {"min-exit", "2", 2, 2},
    {"policy", "last", 2, 2},
    {"exit-threshold", "0", 1, 1},
    {"exit-threshold", "1", 2, 2},
    {"max-exit", "32", 1, 2},
};

static void
assert_exits (Classifier *c, guint windows, guint least, guint most)
{
  g_autoptr (GPtrArray) messages = classifier_messages (c);

  fail_unless_equals_int (messages->len, windows);
  for (guint i = 0; i < windows; i++) {
    guint exit = get_uint (messages->pdata[i], "exit");

    fail_unless (exit >= least && exit <= most, "exit %u", exit);
  }
}

/* The first five contradict their neighbours, so an ignored property shows;
 * the sixth asks for more exits than there are. */
GST_START_TEST (test_policy_changes_while_playing)
{
  g_autofree gfloat *samples = noise (800, 5);
  Classifier c = classifier_new (&audio);

  g_object_set (c.element, "exit-threshold", 0.5, NULL);
  classifier_set_caps (&c, audio.rate, audio.channels);
  for (guint i = 0; i < G_N_ELEMENTS (policies); i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, g_object_class_find_property (
                              G_OBJECT_GET_CLASS (c.element), policies[i].name)
                              ->value_type);
    g_object_get_property (G_OBJECT (c.element), policies[i].name, &value);
    gst_util_set_object_arg (
        G_OBJECT (c.element), policies[i].name, policies[i].value);
    classifier_push_all (&c, &audio, samples, 800, 800, GST_CLOCK_TIME_NONE);
    assert_exits (&c, i == 0 ? 3 : 4, policies[i].least, policies[i].most);
    g_object_set_property (G_OBJECT (c.element), policies[i].name, &value);
    g_value_unset (&value);
  }
  classifier_free (&c);
}
GST_END_TEST;

/* Stream time 0: the first policy, 1 s: the last. */
GST_START_TEST (test_a_controller_chooses_the_policy)
{
  g_autofree gfloat *samples = noise (800, 5);
  GstControlSource *source = gst_interpolation_control_source_new ();
  Classifier c = classifier_new (&audio);

  g_object_set (source, "mode", GST_INTERPOLATION_MODE_NONE, NULL);
  gst_timed_value_control_source_set (
      GST_TIMED_VALUE_CONTROL_SOURCE (source), 0, MX_POLICY_CONFIDENCE);
  gst_timed_value_control_source_set (
      GST_TIMED_VALUE_CONTROL_SOURCE (source), GST_SECOND, MX_POLICY_LAST);
  g_object_set (c.element, "exit-threshold", 0., NULL);
  fail_unless (gst_object_add_control_binding (
      GST_OBJECT (c.element), gst_direct_control_binding_new_absolute (
                                  GST_OBJECT (c.element), "policy", source)));
  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push_all (&c, &audio, samples, 800, 800, 0);
  assert_exits (&c, 3, 1, 1);
  classifier_push_all (&c, &audio, samples, 800, 800, GST_SECOND);
  assert_exits (&c, 3, EXITS, EXITS);
  gst_object_unref (source);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_hop_overrides_the_model)
{
  g_autofree gfloat *samples = noise (1000, 1);
  g_autofree gchar *file = model_file (&audio);
  g_autoptr (GPtrArray) messages = NULL;
  GstSegment segment;
  Classifier c = classifier_new (&audio);

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_element_set_state (c.element, GST_STATE_READY);
  g_object_set (
      c.element, "model-file", file, "hop", 100 * GST_SECOND / 8000, NULL);
  gst_element_set_state (c.element, GST_STATE_PLAYING);
  g_remove (file);
  gst_harness_push_event (c.harness, gst_event_new_stream_start ("again"));
  classifier_set_caps (&c, audio.rate, audio.channels);
  gst_harness_push_event (c.harness, gst_event_new_segment (&segment));
  classifier_push_all (&c, &audio, samples, 1000, 1000, 0);
  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, 7);
  fail_unless_equals_uint64 (
      get_uint64 (messages->pdata[1], "timestamp"), 100 * GST_SECOND / 8000);
  classifier_free (&c);
}
GST_END_TEST;

static guint64
windows_of (GstElement *element, GstStructure **stats)
{
  g_object_get (element, "stats", stats, NULL);
  return get_uint64 (*stats, "windows");
}

GST_START_TEST (test_stats_sum_up_the_answers)
{
  g_autofree gfloat *samples = noise (8000, 2);
  g_autoptr (GstStructure) stats = NULL;
  g_autoptr (GPtrArray) messages = NULL;
  guint64 macs = 0, macs_full = 0, exits[EXITS] = {0};
  gdouble mean_cost, mean_macs;
  const GValue *histogram;
  Classifier c = classifier_new (&audio);

  g_object_set (c.element, "exit-threshold", 0.6, NULL);
  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push_all (&c, &audio, samples, 8000, 1000, 0);
  messages = classifier_messages (&c);
  for (guint i = 0; i < messages->len; i++) {
    macs += get_uint64 (messages->pdata[i], "macs");
    macs_full += get_uint64 (messages->pdata[i], "macs-full");
    exits[get_uint (messages->pdata[i], "exit") - 1]++;
  }
  fail_unless (exits[0] > 0 && exits[1] > 0);
  fail_unless_equals_uint64 (windows_of (c.element, &stats), 39);
  fail_unless (gst_structure_get (stats, "mean-cost", G_TYPE_DOUBLE, &mean_cost,
      "mean-macs", G_TYPE_DOUBLE, &mean_macs, NULL));
  fail_unless (ABS (mean_cost - (gdouble)macs / macs_full) < 1e-12);
  fail_unless (ABS (mean_macs - macs / 39.) < 1e-6);
  histogram = gst_structure_get_value (stats, "exits");
  fail_unless_equals_int (gst_value_array_get_size (histogram), EXITS);
  for (guint i = 0; i < EXITS; i++)
    fail_unless_equals_uint64 (
        g_value_get_uint64 (gst_value_array_get_value (histogram, i)),
        exits[i]);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_labels_are_those_of_the_model)
{
  GValue labels = G_VALUE_INIT;
  Classifier c = classifier_new (&audio);

  g_value_init (&labels, GST_TYPE_ARRAY);
  g_object_get_property (G_OBJECT (c.element), "labels", &labels);
  fail_unless_equals_int (gst_value_array_get_size (&labels), CLASSES);
  fail_unless_equals_string (
      g_value_get_string (gst_value_array_get_value (&labels, 2)), "c");
  g_value_unset (&labels);
  classifier_free (&c);
}
GST_END_TEST;

static const struct {
  gboolean post, attach;
} wishes[] = {{TRUE, TRUE}, {TRUE, FALSE}, {FALSE, TRUE}, {FALSE, FALSE}};

GST_START_TEST (test_results_go_only_where_they_are_wanted)
{
  gboolean post = wishes[__i__].post, attach = wishes[__i__].attach;
  g_autofree gfloat *samples = noise (600, 1);
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GPtrArray) metas = NULL;
  g_autoptr (GstStructure) stats = NULL;
  Classifier c = classifier_new (&audio);

  g_object_set (c.element, "post-messages", post, "attach-meta", attach, NULL);
  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push_all (&c, &audio, samples, 600, 100, 0);
  messages = classifier_messages (&c);
  metas = classifier_metas (&c);
  fail_unless_equals_int (messages->len, post ? 2 : 0);
  fail_unless_equals_int (metas->len, attach ? 2 : 0);
  fail_unless_equals_uint64 (windows_of (c.element, &stats), 2);
  classifier_free (&c);
}
GST_END_TEST;

/* Windows of samples 0 to 400 (unheard of), 200 to 600, 400 to 800. */
GST_START_TEST (test_no_window_is_lost_when_results_are_wanted_again)
{
  g_autofree gfloat *samples = noise (800, 1);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new (&audio);

  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push (&c, piece (samples, 1, 0, 300, 8000, 0));
  g_object_set (c.element, "post-messages", FALSE, "attach-meta", FALSE, NULL);
  classifier_push (&c, piece (samples, 1, 300, 100, 8000, 0));
  g_object_set (c.element, "post-messages", TRUE, NULL);
  classifier_push (&c, piece (samples, 1, 400, 400, 8000, 0));
  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, 2);
  for (guint i = 0; i < 2; i++)
    fail_unless_equals_uint64 (get_uint64 (messages->pdata[i], "timestamp"),
        (i + 1) * 25 * GST_MSECOND);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_properties_suite (void)
{
  Suite *suite = suite_create ("classify-properties");
  TCase *tests = tcase_create ("classify-properties");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_policy_changes_while_playing);
  tcase_add_test (tests, test_a_controller_chooses_the_policy);
  tcase_add_test (tests, test_hop_overrides_the_model);
  tcase_add_test (tests, test_stats_sum_up_the_answers);
  tcase_add_test (tests, test_labels_are_those_of_the_model);
  tcase_add_loop_test (tests, test_results_go_only_where_they_are_wanted, 0,
      G_N_ELEMENTS (wishes));
  tcase_add_test (tests, test_no_window_is_lost_when_results_are_wanted_again);
  return suite;
}

GST_CHECK_MAIN (classify_properties)
