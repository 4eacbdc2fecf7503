/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Properties of mxclassify that a controller moves over stream time: each
 * holds from the first buffer on that begins at its time or later. */

#include "classifier.h"

#include <gst/controller/controller.h>

static const Model audio = {8000, 1, 400, 200};

/* A buffer is a hop long: from the second on each completes a window. */
#define BUFFERS 80
#define HOP (25 * GST_MSECOND)
#define PTS (3 * GST_SECOND)
#define STREAM_TIME (10 * GST_SECOND)

static GstTimedValueControlSource *
control (GstElement *element, const gchar *property, GstControlSource *source)
{
  fail_unless (gst_object_add_control_binding (
      GST_OBJECT (element), gst_direct_control_binding_new_absolute (
                                GST_OBJECT (element), property, source)));
  return GST_TIMED_VALUE_CONTROL_SOURCE (source);
}

static GstTimedValueControlSource *
control_in_steps (GstElement *element, const gchar *property)
{
  GstControlSource *source = gst_interpolation_control_source_new ();

  g_object_set (source, "mode", GST_INTERPOLATION_MODE_NONE, NULL);
  return control (element, property, source);
}

static void
push_all (Classifier *c)
{
  g_autofree gfloat *samples = noise (BUFFERS * 200, 5);
  GstSegment segment;

  classifier_set_caps (c, audio.rate, audio.channels);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.position = PTS;
  segment.time = STREAM_TIME;
  gst_harness_push_event (c->harness, gst_event_new_segment (&segment));
  classifier_push_all (c, &audio, samples, BUFFERS * 200, 200, PTS);
}

/* Each property alone decides between exit 1 and exit 2. */
static const struct {
  const gchar *property;
  gdouble shallow, deep, threshold;
} levers[] = {
    {"policy", MX_POLICY_CONFIDENCE, MX_POLICY_LAST, 0},
    {"exit-threshold", 0, 1, 0},
    {"min-exit", 1, 2, 0},
    {"max-exit", 1, 2, 1},
};

/* Windows of the buffers `from` to `to` leave at exit 2, no others. */
static void
assert_deep (Classifier *c, guint from, guint to)
{
  g_autoptr (GPtrArray) messages = classifier_messages (c);

  fail_unless_equals_int (messages->len, BUFFERS - 1);
  for (guint buffer = 1; buffer < BUFFERS; buffer++) {
    guint exit = get_uint (messages->pdata[buffer - 1], "exit");

    fail_unless (exit == (buffer >= from && buffer <= to ? 2 : 1),
        "buffer %u: exit %u", buffer, exit);
  }
}

/* The second change falls into a buffer and so holds from the next. */
GST_START_TEST (test_a_step_holds_from_the_first_buffer_at_its_time)
{
  GstTimedValueControlSource *source;
  Classifier c = classifier_new (&audio);

  g_object_set (c.element, "exit-threshold", levers[__i__].threshold, NULL);
  source = control_in_steps (c.element, levers[__i__].property);
  gst_timed_value_control_source_set (source, 0, levers[__i__].shallow);
  gst_timed_value_control_source_set (
      source, STREAM_TIME + 20 * HOP, levers[__i__].deep);
  gst_timed_value_control_source_set (
      source, STREAM_TIME + 50 * HOP + 1, levers[__i__].shallow);
  push_all (&c);
  assert_deep (&c, 20, 50);
  gst_object_unref (source);
  classifier_free (&c);
}
GST_END_TEST;

/* A trigger speaks at its own times only; in between what it set holds. */
GST_START_TEST (test_a_trigger_holds_until_the_next)
{
  GstTimedValueControlSource *source;
  Classifier c = classifier_new (&audio);

  g_object_set (c.element, "exit-threshold", levers[__i__].threshold, NULL);
  source = control (
      c.element, levers[__i__].property, gst_trigger_control_source_new ());
  gst_timed_value_control_source_set (
      source, STREAM_TIME, levers[__i__].shallow);
  gst_timed_value_control_source_set (
      source, STREAM_TIME + 33 * HOP, levers[__i__].deep);
  gst_timed_value_control_source_set (
      source, STREAM_TIME + 34 * HOP, levers[__i__].shallow);
  push_all (&c);
  assert_deep (&c, 33, 33);
  gst_object_unref (source);
  classifier_free (&c);
}
GST_END_TEST;

/* All at once: exit 1 is allowed only where each lever says so. */
GST_START_TEST (test_properties_are_controlled_together)
{
  GstTimedValueControlSource *sources[G_N_ELEMENTS (levers)];
  Classifier c = classifier_new (&audio);

  g_object_set (c.element, "exit-threshold", 0., NULL);
  /* All but max-exit, which would forbid what the others ask for. */
  for (guint i = 0; i < G_N_ELEMENTS (levers) - 1; i++) {
    sources[i] = control_in_steps (c.element, levers[i].property);
    gst_timed_value_control_source_set (sources[i], 0, levers[i].shallow);
    gst_timed_value_control_source_set (
        sources[i], STREAM_TIME + (10 + 10 * i) * HOP, levers[i].deep);
    gst_timed_value_control_source_set (
        sources[i], STREAM_TIME + (20 + 10 * i) * HOP, levers[i].shallow);
  }
  push_all (&c);
  assert_deep (&c, 10, 39);
  for (guint i = 0; i < G_N_ELEMENTS (levers) - 1; i++)
    gst_object_unref (sources[i]);
  classifier_free (&c);
}
GST_END_TEST;

static GPtrArray *
answers_of_exit_1 (void)
{
  Classifier c = classifier_new (&audio);
  GPtrArray *answers;

  g_object_set (c.element, "max-exit", 1, NULL);
  push_all (&c);
  answers = classifier_messages (&c);
  classifier_free (&c);
  return answers;
}

/* From 0 at the first buffer to 1 at what would be the one after the last. */
GST_START_TEST (test_a_ramp_of_the_threshold_is_sampled_at_each_buffer)
{
  g_autoptr (GPtrArray) shallow = answers_of_exit_1 ();
  g_autoptr (GPtrArray) found = NULL;
  GstControlSource *ramp = gst_interpolation_control_source_new ();
  GstTimedValueControlSource *source;
  Classifier c = classifier_new (&audio);
  guint exits[EXITS] = {0};

  g_object_set (ramp, "mode", GST_INTERPOLATION_MODE_LINEAR, NULL);
  source = control (c.element, "exit-threshold", ramp);
  gst_timed_value_control_source_set (source, STREAM_TIME, 0);
  gst_timed_value_control_source_set (source, STREAM_TIME + BUFFERS * HOP, 1);
  push_all (&c);
  found = classifier_messages (&c);
  fail_unless_equals_int (found->len, shallow->len);
  for (guint i = 0; i < found->len; i++) {
    guint exit = get_uint (found->pdata[i], "exit");
    gdouble confidence;

    gst_structure_get_double (shallow->pdata[i], "confidence", &confidence);
    fail_unless_equals_int (exit, confidence >= (i + 1.) / BUFFERS ? 1 : EXITS);
    exits[exit - 1]++;
  }
  fail_unless (exits[0] > 0 && exits[EXITS - 1] > 0);
  gst_object_unref (source);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_control_suite (void)
{
  Suite *suite = suite_create ("classify-control");
  TCase *tests = tcase_create ("classify-control");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests,
      test_a_step_holds_from_the_first_buffer_at_its_time, 0,
      G_N_ELEMENTS (levers));
  tcase_add_loop_test (
      tests, test_a_trigger_holds_until_the_next, 0, G_N_ELEMENTS (levers));
  tcase_add_test (tests, test_properties_are_controlled_together);
  tcase_add_test (
      tests, test_a_ramp_of_the_threshold_is_sampled_at_each_buffer);
  return suite;
}

GST_CHECK_MAIN (classify_control);
