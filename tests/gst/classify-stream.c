/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Where recordings end, and what becomes of everything that is not a sample. */

#include "classifier.h"

#include "gst/multiexit/gstmxexample.h"

static const Model model = {8000, 1, 400, 200};

static void
push_example (Classifier *c)
{
  GstMxExample example = {.label = (gchar *)"a"};

  fail_unless (
      gst_harness_push_event (c->harness, gst_mx_example_event_new (&example)));
}

static void
push_tag (Classifier *c)
{
  gst_harness_push_event (c->harness,
      gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "tag", NULL)));
}

static void
push_result (Classifier *c)
{
  g_autoptr (GstStructure) result = gst_structure_new_empty ("a");

  gst_harness_push_event (c->harness, gst_mx_result_event_new (result));
}

/* --- the end of a recording --- */

/* Steps: p piece of 150 samples, P one of 450 (a window is 400), d and D the
 * same with DISCONT, x example, t tag, c new caps, = the same caps, s segment,
 * r result of another classifier, f flush, g gap of 10 ms, G of a second, e end
 * of stream, n of a segment seek, u of a group of streams, S beginning of a
 * stream.
 * What must come out: see letter_of(). */
static const struct {
  const gchar *steps, *out;
} endings[] = {
    {"pe", ".RE"},
    {"ppe", "..RE"},
    {"Pe", "rE"},
    {"Ppe", "rrE"},
    {"ppp", "..r"},
    {"e", "E"},
    {"de", ".RE"},
    {"pde", ".R.RE"},
    {"pD", ".Rr"},
    {"PD", "rr"},
    {"ps", ".RS"},
    {"pc", ".RC"},
    {"p=pp", "..r"},
    {"pfe", ".FSE"},
    {"pfpe", ".FS.RE"},
    /* An example that begins with DISCONT comes behind the last one's answer;
     * one that is only said to begin interrupts nothing. */
    {"xdxdxe", "X.RX.RXE"},
    {"xpxpxp", "X.X.Xr"},
    {"xPxDe", "XrXrE"},
    {"xdxtde", "X.RXt.RE"},
    {"xdxtp", "X.Xt."},
    {"xdx=de", "X.RX.RE"},
    {"xdxc", "X.RXC"},
    {"xdxs", "X.RXS"},
    {"xdxrd", "X.RXR."},
    /* A flush loses of what waits all but what sticks to pads. */
    {"xdxfd", "X.FXS."},
    {"xdxrfd", "X.FXS."},
    {"xdxgp", "X.Xg."},
    /* A short gap is silence, a long one an end. */
    {"pggge", ".gggRE"},
    {"pgpe", ".g.RE"},
    {"ggpe", "gg.RE"},
    {"pGpe", ".Rg.RE"},
    {"xdxGp", "X.RXg."},
    /* So are the ends of a segment seek, of a group and of a stream. */
    {"pne", ".RE"},
    {"pnpe", ".R.RE"},
    {"pue", ".RE"},
    {"xdxn", "X.RX"},
    {"pS", ".R"},
    {"eSspe", "ES.RE"},
    {"peSspe", ".RES.RE"},
    {"PeSsPe", "rESrE"},
    {"pffe", ".FSFSE"},
};

static void
push_gap (Classifier *c, GstClockTime duration)
{
  gst_harness_push_event (c->harness, gst_event_new_gap (0, duration));
}

static void
push_caps (Classifier *c, guint rate)
{
  g_autofree gchar *description = caps_of (GST_AUDIO_NE (F32), rate, 1, FALSE);
  g_autoptr (GstCaps) caps = gst_caps_from_string (description);

  gst_harness_push_event (c->harness, gst_event_new_caps (caps));
}

static void
take_step (Classifier *c, const gfloat *samples, gchar step)
{
  switch (step) {
  case 'p':
  case 'd':
    classifier_push_untimed (c, samples, 150, step == 'd');
    break;
  case 'P':
  case 'D':
    classifier_push_untimed (c, samples, 450, step == 'D');
    break;
  case 'x':
    push_example (c);
    break;
  case 't':
    push_tag (c);
    break;
  case 'c':
    push_caps (c, 2 * model.rate);
    break;
  case '=':
    push_caps (c, model.rate);
    break;
  case 's':
    classifier_push_segment (c);
    break;
  case 'r':
    push_result (c);
    break;
  case 'f':
    classifier_flush (c);
    break;
  case 'g':
    push_gap (c, 10 * GST_MSECOND);
    break;
  case 'G':
    push_gap (c, GST_SECOND);
    break;
  case 'e':
    gst_harness_push_event (c->harness, gst_event_new_eos ());
    break;
  case 'n':
    gst_harness_push_event (
        c->harness, gst_event_new_segment_done (GST_FORMAT_TIME, 0));
    break;
  case 'u':
    gst_harness_push_event (c->harness, gst_event_new_stream_group_done (1));
    break;
  case 'S':
    gst_harness_push_event (c->harness, gst_event_new_stream_start ("again"));
    break;
  default:
    g_assert_not_reached ();
  }
}

GST_START_TEST (test_short_recordings_are_answered_when_they_end)
{
  g_autofree gfloat *samples = noise (450, 1);
  Classifier c = classifier_new_ready (&model);

  for (const gchar *step = endings[__i__].steps; *step != '\0'; step++)
    take_step (&c, samples, *step);
  fail_unless (g_str_equal (c.order->str, endings[__i__].out),
      "%s: found %s, expected %s", endings[__i__].steps, c.order->str,
      endings[__i__].out);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_event_says_what_a_session_says)
{
  g_autofree gfloat *samples = noise (300, 3);
  g_autoptr (GPtrArray) expected =
      expected_answers (&model, samples, 300, TRUE);
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GPtrArray) events = NULL;
  Classifier c = classifier_new_ready (&model);

  classifier_push_all (&c, &model, samples, 300, 110, 5 * GST_SECOND);
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  messages = classifier_messages (&c);
  events = classifier_events (&c);
  assert_answers_match (messages, expected, 0);
  fail_unless_equals_int (events->len, 1);
  assert_fields_equal (messages->pdata[0], events->pdata[0]);
  fail_unless_equals_uint64 (
      get_uint64 (events->pdata[0], "timestamp"), 5 * GST_SECOND);
  fail_unless_equals_uint64 (get_uint64 (events->pdata[0], "duration"),
      GST_FRAMES_TO_CLOCK_TIME (300, model.rate));
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_answers_begin_anew_behind_a_discontinuity)
{
  g_autofree gfloat *samples = noise (1000, 1);
  g_autoptr (GPtrArray) expected =
      expected_answers (&model, samples + 450, 550, FALSE);
  g_autoptr (GPtrArray) messages = NULL;
  GstBuffer *buffer;
  Classifier c = classifier_new_ready (&model);

  classifier_push (&c, piece (samples, 1, 0, 450, model.rate, 0));
  g_ptr_array_unref (classifier_messages (&c));
  buffer = piece (samples, 1, 450, 550, model.rate, GST_SECOND);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  classifier_push (&c, buffer);
  messages = classifier_messages (&c);
  assert_answers_match (messages, expected, 0);
  fail_unless_equals_uint64 (get_uint64 (messages->pdata[0], "timestamp"),
      GST_SECOND + GST_FRAMES_TO_CLOCK_TIME (450, model.rate));
  fail_unless_equals_uint64 (get_uint64 (messages->pdata[0], "sequence"), 1);
  classifier_free (&c);
}
GST_END_TEST;

/* --- silence --- */

GST_START_TEST (test_gap_buffers_are_silence_and_stay_gaps)
{
  g_autofree gfloat *samples = noise (1000, 1);
  g_autofree gfloat *silenced = g_memdup2 (samples, 1000 * sizeof (gfloat));
  g_autoptr (GPtrArray) expected = NULL;
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);

  memset (silenced + 300, 0, 300 * sizeof (gfloat));
  expected = expected_answers (&model, silenced, 1000, FALSE);
  for (guint at = 0; at < 1000; at += 100) {
    GstBuffer *buffer = piece (samples, 1, at, 100, model.rate, 0);
    gboolean gap = at >= 300 && at < 600;

    if (gap)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
    classifier_push (&c, buffer);
    buffer = gst_harness_pull (c.harness);
    fail_unless_equals_int (
        GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP), gap);
    gst_check_buffer_data (buffer, samples + at, 100 * sizeof (gfloat));
    gst_buffer_unref (buffer);
  }
  messages = classifier_messages (&c);
  assert_answers_match (messages, expected, 0);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_short_gap_events_are_silence)
{
  g_autofree gfloat *samples = noise (600, 1);
  g_autoptr (GPtrArray) expected = NULL;
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);

  memset (samples + 200, 0, 200 * sizeof (gfloat));
  expected = expected_answers (&model, samples, 600, FALSE);
  classifier_push (&c, piece (samples, 1, 0, 200, model.rate, 0));
  push_gap (&c, GST_FRAMES_TO_CLOCK_TIME (200, model.rate));
  classifier_push (&c, piece (samples, 1, 400, 200, model.rate, 0));
  messages = classifier_messages (&c);
  assert_answers_match (messages, expected, 0);
  fail_unless_equals_string (c.order->str, ".Rgr");
  classifier_free (&c);
}
GST_END_TEST;

/* --- nothing is lost --- */

static GstEvent *
late_event (void)
{
  return gst_event_new_qos (
      GST_QOS_TYPE_UNDERFLOW, 10., GST_SECOND, 3600 * GST_SECOND);
}

GST_START_TEST (test_not_one_buffer_is_dropped_for_being_late)
{
  g_autofree gfloat *samples = noise (100, 1);
  gboolean passed = FALSE;
  GstEvent *event;
  Classifier c = classifier_new_ready (&model);

  g_object_set (c.element, "qos", TRUE, NULL);
  for (guint i = 0; i < 50; i++) {
    gst_harness_push_upstream_event (c.harness, late_event ());
    classifier_push (&c, piece (samples, 1, 0, 100, model.rate, i * 12500000));
  }
  fail_unless_equals_int (gst_harness_buffers_received (c.harness), 50);
  while ((event = gst_harness_try_pull_upstream_event (c.harness)) != NULL) {
    passed = passed || GST_EVENT_TYPE (event) == GST_EVENT_QOS;
    gst_event_unref (event);
  }
  fail_unless (passed);
  classifier_free (&c);
}
GST_END_TEST;

/* In a pipeline, with everything between it and a sink that keeps metas. */
static const gchar *behind[] = {
    "identity",
    "queue",
    "tee ! queue",
    "audioconvert ! capsfilter caps=audio/x-raw,format=S16LE,channels=2",
    "audioresample ! capsfilter caps=audio/x-raw,rate=16000",
};

GST_START_TEST (test_results_pass_other_elements)
{
  g_autofree gchar *file = model_file (&model);
  g_autofree gchar *line =
      g_strdup_printf ("mxclassify model-file=%s ! %s", file, behind[__i__]);
  g_autofree gchar *caps = caps_of (GST_AUDIO_NE (F32), 8000, 1, FALSE);
  g_autofree gfloat *samples = noise (2000, 1);
  GstHarness *h = gst_harness_new_parse (line);
  g_autoptr (GPtrArray) found = structures_new ();

  g_remove (file);
  gst_harness_set_src_caps_str (h, caps);
  gst_harness_set_sink_caps_str (h, "audio/x-raw");
  for (guint at = 0; at < 2000; at += 200)
    fail_unless_equals_int (
        gst_harness_push (h, piece (samples, 1, at, 200, 8000, 0)),
        GST_FLOW_OK);
  gst_harness_push_event (h, gst_event_new_eos ());
  for (guint i = 0; i < 10; i++) {
    GstBuffer *buffer = gst_harness_pull (h);

    gst_mx_result_meta_foreach (buffer, keep_result, found);
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_int (found->len, 9);
  for (guint i = 0; i < found->len; i++)
    fail_unless_equals_uint64 (get_uint64 (found->pdata[i], "sequence"), i);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* --- caps in mid-stream --- */

GST_START_TEST (test_new_caps_begin_a_new_recording)
{
  g_autofree gfloat *samples = noise (800, 1);
  g_autofree gfloat *stereo = g_new (gfloat, 1600);
  g_autoptr (GPtrArray) expected =
      expected_answers (&model, samples, 800, FALSE);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new_ready (&model);

  for (guint i = 0; i < 1600; i++)
    stereo[i] = samples[i / 2];
  classifier_push (&c, piece (samples, 1, 0, 450, model.rate, 0));
  g_ptr_array_unref (classifier_messages (&c));
  classifier_set_caps (&c, model.rate, 2);
  classifier_push (&c, piece (stereo, 2, 0, 800, model.rate, 0));
  messages = classifier_messages (&c);
  assert_answers_match (messages, expected, 0);
  classifier_free (&c);
}
GST_END_TEST;

/* --- flushes --- */

/* In the streaming thread, in the midst of a buffer. */
static GstBusSyncReply
flush_at_the_third (GstBus *bus, GstMessage *message, gpointer harness)
{
  const GstStructure *result = gst_message_get_structure (message);

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT &&
      get_uint64 (result, "sequence") == 2)
    gst_harness_push_event (harness, gst_event_new_flush_start ());
  return GST_BUS_PASS;
}

GST_START_TEST (test_a_flush_waits_for_no_more_windows)
{
  const gsize n = 100 * model.window;
  g_autofree gfloat *samples = noise (n, 3);
  g_autoptr (GPtrArray) before = NULL, after = NULL, expected = NULL;
  Classifier c = classifier_new (&model);

  classifier_set_caps (&c, model.rate, model.channels);
  gst_bus_set_sync_handler (c.bus, flush_at_the_third, c.harness, NULL);
  gst_harness_push (c.harness, piece (samples, 1, 0, n, model.rate, 0));
  before = classifier_messages (&c);
  fail_unless_equals_int (before->len, 3);

  gst_harness_push_event (c.harness, gst_event_new_flush_stop (TRUE));
  classifier_push_segment (&c);
  classifier_push_all (&c, &model, samples, 3 * model.window, 100, 0);
  after = classifier_messages (&c);
  expected = expected_answers (&model, samples, 3 * model.window, FALSE);
  assert_answers_match (after, expected, 0);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_stream_suite (void)
{
  Suite *suite = suite_create ("classify-stream");
  TCase *tests = tcase_create ("classify-stream");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_short_recordings_are_answered_when_they_end,
      0, G_N_ELEMENTS (endings));
  tcase_add_test (tests, test_event_says_what_a_session_says);
  tcase_add_test (tests, test_answers_begin_anew_behind_a_discontinuity);
  tcase_add_test (tests, test_gap_buffers_are_silence_and_stay_gaps);
  tcase_add_test (tests, test_short_gap_events_are_silence);
  tcase_add_test (tests, test_not_one_buffer_is_dropped_for_being_late);
  tcase_add_loop_test (
      tests, test_results_pass_other_elements, 0, G_N_ELEMENTS (behind));
  tcase_add_test (tests, test_new_caps_begin_a_new_recording);
  tcase_add_test (tests, test_a_flush_waits_for_no_more_windows);
  return suite;
}

GST_CHECK_MAIN (classify_stream);
