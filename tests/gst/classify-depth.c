/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How deep mxclassify goes when time or budget is short.  Both clocks are the
 * test's: that of the pipeline, and that by which computing takes time. */

#include "depth-rig.h"
#include "refusal.h"

/* --- deadline --- */

/* 0 to 60 ms behind the 20 ms that upstream holds. */
GST_START_TEST (test_late_buffers_are_answered_with_less_depth)
{
  Classifier c = deep_classifier ();

  g_object_set (c.element, "deadline", 50 * MS, NULL);
  gst_harness_use_testclock (c.harness);
  gst_harness_set_upstream_latency (c.harness, 20 * MS);
  for (GstClockTime time = GST_SECOND; time < 3 * GST_SECOND;
       time += GST_SECOND) {
    set_clock (&c, time + 20 * MS);
    assert_exit (&c, time, EXITS);
    set_clock (&c, time + 80 * MS);
    assert_exit (&c, time, 1);
    /* Nobody knows how late this one is. */
    assert_exit (&c, GST_CLOCK_TIME_NONE, EXITS);
  }
  /* The source holds more: what it sends was due later. */
  assert_exit (&c, 2 * GST_SECOND, 1);
  gst_harness_set_upstream_latency (c.harness, 80 * MS);
  gst_harness_push_upstream_event (c.harness, gst_event_new_latency (80 * MS));
  assert_exit (&c, 2 * GST_SECOND, EXITS);
  classifier_free (&c);
}
GST_END_TEST;

/* The buffers were late, but what is answered at their end is due then. */
GST_START_TEST (test_the_end_of_a_recording_is_not_late)
{
  g_autofree gfloat *samples = noise (100, 1);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = deep_classifier ();

  g_object_set (c.element, "deadline", 50 * MS, NULL);
  gst_harness_use_testclock (c.harness);
  set_clock (&c, 9 * GST_SECOND);
  assert_exit (&c, GST_SECOND, 1);
  classifier_push (&c, piece (samples, 1, 0, 100, model.rate, 2 * GST_SECOND));
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, 1);
  fail_unless_equals_int (get_uint (messages->pdata[0], "exit"), EXITS);
  classifier_free (&c);
}
GST_END_TEST;

/* Qualities of all QoS messages so far; other messages are dropped. */
static GArray *
qualities (Classifier *c)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (gint));
  GstMessage *message;

  while ((message = gst_bus_pop_filtered (c->bus, GST_MESSAGE_QOS)) != NULL) {
    gint quality;

    gst_message_parse_qos_values (message, NULL, NULL, &quality);
    g_array_append_val (found, quality);
    gst_message_unref (message);
  }
  return found;
}

static void
push_seconds (Classifier *c, guint n, GstClockTime step)
{
  g_autofree gfloat *samples = noise (N, 3);

  steady_step = step;
  for (guint i = 0; i < n; i++)
    classifier_push_all (c, &model, samples, N, 200, GST_CLOCK_TIME_NONE);
}

/* Of the windows since the last call. */
static gdouble
mean_exit (Classifier *c)
{
  g_autoptr (GstStructure) stats = stats_of (c);
  gdouble sum = 0, n = 0;

  for (guint i = 0; i < EXITS; i++) {
    guint64 windows = get_element (stats, "exits", i);

    sum += (i + 1.) * (windows - counted[i]);
    n += windows - counted[i];
    counted[i] = windows;
  }
  return sum / n;
}

/* Not live: the deadline counts from when computing begins. */
GST_START_TEST (test_load_lowers_the_depth_and_nothing_is_lost)
{
  g_autoptr (GArray) found = NULL;
  g_autoptr (GstStructure) stats = NULL;
  Classifier c = deep_classifier ();

  g_object_set (c.element, "deadline", 10 * MS, NULL);
  push_seconds (&c, 2, 10 * GST_USECOND);
  fail_unless (mean_exit (&c) == EXITS);
  push_seconds (&c, 2, 20 * MS);
  fail_unless (mean_exit (&c) < 1.2);
  push_seconds (&c, 4, 10 * GST_USECOND);
  fail_unless (mean_exit (&c) > EXITS - .2);

  found = qualities (&c);
  fail_unless_equals_int (found->len, 2);
  fail_unless_equals_int (g_array_index (found, gint, 0), 1000000 / EXITS);
  fail_unless_equals_int (g_array_index (found, gint, 1), 1000000);
  stats = stats_of (&c);
  fail_unless_equals_uint64 (
      get_uint64 (stats, "limited"), get_element (stats, "exits", 0));
  fail_unless_equals_int (
      gst_harness_buffers_received (c.harness), 8 * N / 200);
  classifier_free (&c);
}
GST_END_TEST;

/* --- sinks --- */

static void
push_qos (Classifier *c, GstQOSType type, GstClockTimeDiff jitter)
{
  g_autoptr (GstEvent) event = NULL;

  gst_harness_push_upstream_event (
      c->harness, gst_event_new_qos (type, 1.2, jitter, GST_SECOND));
  while ((event = gst_harness_pull_upstream_event (c->harness)) != NULL) {
    if (GST_EVENT_TYPE (event) == GST_EVENT_QOS)
      return;
    gst_clear_event (&event);
  }
}

GST_START_TEST (test_late_sinks_limit_the_depth)
{
  gboolean qos = __i__;
  Classifier c = deep_classifier ();

  g_object_set (c.element, "qos", qos, NULL);
  assert_exit (&c, GST_SECOND, EXITS);
  push_qos (&c, GST_QOS_TYPE_UNDERFLOW, 50 * MS);
  assert_exit (&c, GST_SECOND + 99 * MS, qos ? 1 : EXITS);
  assert_exit (&c, GST_SECOND + 100 * MS, EXITS);
  push_qos (&c, GST_QOS_TYPE_UNDERFLOW, GST_SECOND);
  assert_exit (&c, 2 * GST_SECOND, qos ? 1 : EXITS);
  push_qos (&c, GST_QOS_TYPE_OVERFLOW, -MS);
  assert_exit (&c, 2 * GST_SECOND, EXITS);
  fail_unless_equals_int (gst_harness_buffers_received (c.harness), 5);
  classifier_free (&c);
}
GST_END_TEST;

/* A sink that takes twice the time the stream has: the pipeline's real clock,
 * but however slow the machine, the sink is later. */
GST_START_TEST (test_a_slow_sink_gets_every_sample)
{
  g_autofree gchar *file = model_file (&model);
  g_autofree gchar *line = g_strdup_printf (
      "audiotestsrc wave=white-noise num-buffers=60 samplesperbuffer=80 ! "
      "audio/x-raw,format=" GST_AUDIO_NE (
          F32) ",rate=8000,channels=1 ! "
               "mxclassify name=it qos=true policy=last model-file=%s ! "
               "queue max-size-buffers=2 ! identity sleep-time=20000 ! "
               "fakesink name=sink sync=true qos=true",
      file);
  GstElement *pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstElement) it = gst_bin_get_by_name (GST_BIN (pipeline), "it");
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstStructure) stats = NULL;
  g_autoptr (GstStructure) seen = NULL;
  g_autoptr (GstMessage) end = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  end = gst_bus_timed_pop_filtered (
      bus, 100 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (end != NULL && GST_MESSAGE_TYPE (end) == GST_MESSAGE_EOS);
  g_object_get (it, "stats", &stats, NULL);
  g_object_get (sink, "stats", &seen, NULL);
  fail_unless_equals_uint64 (get_uint64 (seen, "rendered"), 60);
  fail_unless_equals_uint64 (get_uint64 (seen, "dropped"), 0);
  fail_unless_equals_uint64 (get_uint64 (stats, "windows"), 23);
  fail_unless (get_element (stats, "exits", 0) > 0);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  g_remove (file);
}
GST_END_TEST;

/* --- budget --- */

static gdouble
cost_of_exit_1 (void)
{
  g_autoptr (MxNetwork) network = model_network (&model);

  return (gdouble)mx_program_macs_to (network->program, 1) /
         network->program->macs;
}

/* A fraction of the way from the cost of exit 1 to that of all. */
static const gdouble budgets[] = {.2, .5, .8};

GST_START_TEST (test_the_budget_is_held)
{
  gdouble least = cost_of_exit_1 ();
  gdouble budget = least + budgets[__i__] * (1 - least);
  g_autoptr (GstStructure) stats = NULL;
  Classifier c = deep_classifier ();

  gst_util_set_object_arg (G_OBJECT (c.element), "policy", "confidence");
  g_object_set (c.element, "budget", budget, NULL);
  push_seconds (&c, 100, 0);
  stats = stats_of (&c);
  fail_unless (get_uint64 (stats, "windows") > 3900);
  fail_unless (fabs (get_double (stats, "mean-cost") - budget) < .02 * budget,
      "budget %g: %" GST_PTR_FORMAT, budget, stats);
  fail_unless (get_double (stats, "threshold") != .8);
  classifier_free (&c);
}
GST_END_TEST;

/* While there is no time the budget cannot be spent; it is not made up for
 * afterwards, but held again. */
GST_START_TEST (test_deadline_goes_before_budget)
{
  gdouble least = cost_of_exit_1 (), budget = (1 + least) / 2;
  gdouble expected = 1 + (budget - least) / (1 - least);
  gdouble found;
  Classifier c = deep_classifier ();

  gst_util_set_object_arg (G_OBJECT (c.element), "policy", "confidence");
  g_object_set (c.element, "budget", budget, "deadline", 10 * MS, NULL);
  push_seconds (&c, 50, 10 * GST_USECOND);
  found = mean_exit (&c);
  fail_unless (fabs (found - expected) < .03, "%g, not %g", found, expected);
  push_seconds (&c, 50, 20 * MS);
  found = mean_exit (&c);
  fail_unless (found < 1.02, "%g", found);
  push_seconds (&c, 50, 10 * GST_USECOND);
  found = mean_exit (&c);
  fail_unless (fabs (found - expected) < .03, "%g, not %g", found, expected);
  classifier_free (&c);
}
GST_END_TEST;

/* --- what does not change --- */

GST_START_TEST (test_what_does_not_change_is_skipped)
{
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GstStructure) stats = NULL;
  Classifier c = deep_classifier ();

  g_object_set (c.element, "difference-threshold", 1e9, NULL);
  push_seconds (&c, 1, 0);
  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, 39);
  fail_if (get_flag (messages->pdata[0], "skipped"));
  for (guint i = 1; i < messages->len; i++) {
    const GstStructure *answer = messages->pdata[i];

    fail_unless (get_flag (answer, "skipped"));
    fail_unless_equals_uint64 (get_uint64 (answer, "macs"), 0);
    fail_unless_equals_int (get_uint (answer, "exit"), EXITS);
  }
  stats = stats_of (&c);
  fail_unless_equals_uint64 (get_uint64 (stats, "windows"), 39);
  fail_unless_equals_uint64 (get_uint64 (stats, "skipped"), 38);
  fail_unless_equals_uint64 (get_element (stats, "exits", EXITS - 1), 1);
  fail_unless (fabs (get_double (stats, "mean-cost") - 1 / 39.) < 1e-9);
  classifier_free (&c);
}
GST_END_TEST;

/* The exits of the model of digits agree about a steady tone; those of the
 * small one about nothing. */
GST_START_TEST (test_while_the_answer_stays_less_depth_will_do)
{
  guint patience = __i__;
  g_autofree gfloat *samples = g_new (gfloat, 20 * N);
  g_autofree gchar *path =
      g_build_filename (g_getenv ("MX_MODELS"), "digits.safetensors", NULL);
  g_autoptr (GstStructure) stats = NULL;
  GstHarness *harness = gst_harness_new ("mxclassify");

  for (guint i = 0; i < 20 * N; i++)
    samples[i] = .1 * sin (i * G_PI / 10);
  g_object_set (harness->element, "model-file", path, "temporal-patience",
      patience, NULL);
  gst_util_set_object_arg (G_OBJECT (harness->element), "policy", "last");
  gst_harness_set_src_caps_str (
      harness, "audio/x-raw,format=" GST_AUDIO_NE (
                   F32) ",rate=8000,channels=1,layout=interleaved");
  gst_harness_push (harness, piece (samples, 1, 0, 20 * N, 8000, 0));
  g_object_get (harness->element, "stats", &stats, NULL);
  fail_unless_equals_uint64 (get_uint64 (stats, "windows"), 20);
  fail_unless_equals_uint64 (get_uint64 (stats, "limited"), 0);
  fail_unless ((get_double (stats, "mean-cost") < 1) == (patience > 0),
      "%" GST_PTR_FORMAT, stats);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* --- stats and properties --- */

/* Each look at the clock is 1 ms later than the one before. */
GST_START_TEST (test_stats_tell_what_takes_the_time)
{
  g_autoptr (GstStructure) stats = NULL;
  GstClockTime front_end;
  Classifier c = deep_classifier ();

  push_seconds (&c, 1, MS);
  stats = stats_of (&c);
  for (guint i = 0; i < EXITS; i++)
    fail_unless_equals_uint64 (get_element (stats, "stage-times", i), MS);
  fail_unless (
      gst_structure_get_clock_time (stats, "front-end-time", &front_end));
  fail_unless (front_end > 0 && front_end < 10 * MS);
  fail_unless (fabs (get_double (stats, "threshold") - .8) < 1e-6);
  classifier_free (&c);
}
GST_END_TEST;

static const struct {
  const gchar *name;
  gdouble wrong;
} properties[] = {
    {"budget", -.1},
    {"budget", 1.1},
    {"difference-threshold", -1},
    {"budget", NAN},
};

GST_START_TEST (test_values_out_of_range_are_refused)
{
  const gchar *name = properties[__i__].name;
  GValue wrong = G_VALUE_INIT;
  gdouble value;
  Classifier c = deep_classifier ();

  g_value_init (&wrong, G_TYPE_DOUBLE);
  g_value_set_double (&wrong, properties[__i__].wrong);
  g_object_set (c.element, name, .5, NULL);
  assert_refused (G_OBJECT (c.element), name, &wrong);
  g_object_get (c.element, name, &value, NULL);
  fail_unless_equals_float (value, .5);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_depth_suite (void)
{
  Suite *suite = suite_create ("classify-depth");
  TCase *tests = tcase_create ("classify-depth");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_late_buffers_are_answered_with_less_depth);
  tcase_add_test (tests, test_the_end_of_a_recording_is_not_late);
  tcase_add_test (tests, test_load_lowers_the_depth_and_nothing_is_lost);
  tcase_add_loop_test (tests, test_late_sinks_limit_the_depth, 0, 2);
  tcase_add_test (tests, test_a_slow_sink_gets_every_sample);
  tcase_add_loop_test (
      tests, test_the_budget_is_held, 0, G_N_ELEMENTS (budgets));
  tcase_add_test (tests, test_deadline_goes_before_budget);
  tcase_add_test (tests, test_what_does_not_change_is_skipped);
  tcase_add_loop_test (
      tests, test_while_the_answer_stays_less_depth_will_do, 0, 3);
  tcase_add_test (tests, test_stats_tell_what_takes_the_time);
  tcase_add_loop_test (tests, test_values_out_of_range_are_refused, 0,
      G_N_ELEMENTS (properties));
  return suite;
}

GST_CHECK_MAIN (classify_depth);
