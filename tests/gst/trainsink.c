/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "trainsink-train.h"

#include "mx-model-file.h"

/* --------------------------------------------------------- whole trainings */

static const gchar *const objectives[] = {"", "objective=augmented",
    "objective=supervised", "objective=self-distillation",
    "consistency-target=hard confidence-threshold=.8 teacher=average",
    "optimizer=sgd learning-rate=.05 momentum=.8 weight-decay=1e-4"};

GST_START_TEST (test_training_ends_by_eos_with_a_model_that_loads)
{
  gboolean pairs = __i__ != 2;
  GBytes *bytes = train (objectives[__i__], pairs, ALTERNATING, 7);
  GError *error = NULL;
  MxNetwork *network = mx_model_file_read (bytes, "trained", &error);

  fail_unless (network != NULL, "%s", error ? error->message : "");
  fail_unless_equals_string (network->description->labels[1], "fast");
  mx_network_unref (network);
  g_bytes_unref (bytes);
}
GST_END_TEST;

/* The first row is what all others are compared to. */
static const struct {
  const gchar *properties;
  Order order;
  gsize chunk;
  gboolean same;
} arrivals[] = {
    {"seed=5", ALTERNATING, 7, TRUE},
    {"seed=5", ALTERNATING, 7, TRUE},
    {"seed=5", ALTERNATING, 1, TRUE},
    {"seed=5", ALTERNATING, 1000, TRUE},
    {"seed=5", CLEAN_FIRST, 3, TRUE},
    {"seed=5", PERTURBED_FIRST, 1000, TRUE},
    {"seed=5 threads=2", ALTERNATING, 7, TRUE},
    {"seed=5", GAPPED, 7, TRUE}, /* a gap teaches nothing */
    {"seed=5", GAPPED_FOR_LONG, 7, TRUE},
    {"seed=6", ALTERNATING, 7, FALSE},
};

GST_START_TEST (test_the_model_depends_on_the_seed_and_not_on_arrival)
{
  GBytes *a = train (
      arrivals[0].properties, TRUE, arrivals[0].order, arrivals[0].chunk);
  GBytes *b = train (arrivals[__i__].properties, TRUE, arrivals[__i__].order,
      arrivals[__i__].chunk);

  fail_unless_equals_int (g_bytes_equal (a, b), arrivals[__i__].same);
  g_bytes_unref (a);
  g_bytes_unref (b);
}
GST_END_TEST;

GST_START_TEST (test_training_goes_on_from_a_model)
{
  gchar *started;
  gboolean same;
  GBytes *bytes;
  GBytes *fresh = train ("learning-rate=0", TRUE, ALTERNATING, 7);
  gchar *file = g_build_filename (g_get_tmp_dir (), "mxtrainsink-start", NULL);

  bytes = train ("", TRUE, ALTERNATING, 7);
  fail_unless (g_file_set_contents (file, g_bytes_get_data (bytes, NULL),
      (gssize)g_bytes_get_size (bytes), NULL));
  g_bytes_unref (bytes);
  /* An empty architecture is none. */
  started =
      g_strdup_printf ("learning-rate=0 architecture=\"\" model-file=%s", file);
  bytes = train (started, TRUE, ALTERNATING, 7);
  same = g_bytes_equal (bytes, fresh);
  fail_if (same);
  g_unlink (file);
  g_free (file);
  g_free (started);
  g_bytes_unref (bytes);
  g_bytes_unref (fresh);
}
GST_END_TEST;

/* ---------------------------------------------------------------- messages */

static gdouble
accuracy_of (const GstStructure *s, guint exit)
{
  const GValue *array = gst_structure_get_value (s, "accuracy");

  return g_value_get_double (gst_value_array_get_value (array, exit));
}

static void
check_numbers (const GstStructure *s, guint epoch)
{
  gdouble loss, rate;
  guint64 step, steps;
  gint epochs;
  guint ended;

  fail_unless (gst_structure_get (s, "epoch", G_TYPE_UINT, &ended, "epochs",
      G_TYPE_INT, &epochs, "step", G_TYPE_UINT64, &step, "steps", G_TYPE_UINT64,
      &steps, "loss", G_TYPE_DOUBLE, &loss, "learning-rate", G_TYPE_DOUBLE,
      &rate, NULL));
  fail_unless_equals_int (ended, epoch);
  fail_unless_equals_int (epochs, EPOCHS);
  /* Examples differ in length; after an epoch the plan knows all of them. */
  fail_unless (steps > EXAMPLES * EPOCHS / 8);
  fail_unless (epoch < EPOCHS ? step < steps : steps - step <= 1);
  fail_unless (step > 0 && loss > 0);
  fail_unless (
      gst_structure_has_field_typed (s, "consistency-loss", G_TYPE_DOUBLE));
  fail_unless (
      gst_structure_has_field_typed (s, "elapsed", GST_TYPE_CLOCK_TIME));
  fail_unless (
      gst_structure_has_field_typed (s, "remaining", GST_TYPE_CLOCK_TIME));
}

/* One character for each message: S(tart) c(ontinue) C(omplete), (e)poch,
 * F(inal), E(OS). */
static void
note_message (GstMessage *message, GString *seen)
{
  GstProgressType type;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS) {
    g_string_append_c (seen, 'E');
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT) {
    const GstStructure *s = gst_message_get_structure (message);
    gboolean final = gst_structure_has_field (s, "location");

    g_string_append_c (seen, final ? 'F' : 'e');
    if (final)
      fail_unless (accuracy_of (s, 0) > .8 && accuracy_of (s, 1) > .8);
  } else {
    gst_message_parse_progress (message, &type, NULL, NULL);
    g_string_append_c (seen, "ScCXx"[type]);
  }
}

GST_START_TEST (test_messages_tell_of_each_epoch_and_the_file_before_eos)
{
  GString *seen = g_string_new (NULL);
  guint epoch = 0;
  GstMessage *message;
  Rig rig;

  rig_init (&rig, "learning-rate=.02 warm-up=0", TRUE);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  push_all (&rig, ALTERNATING, 7);
  do {
    message = gst_bus_timed_pop_filtered (rig.bus, RIG_PATIENCE,
        GST_MESSAGE_EOS | GST_MESSAGE_ELEMENT | GST_MESSAGE_PROGRESS);
    fail_unless (message != NULL);
    note_message (message, seen);
    if (g_str_has_suffix (seen->str, "e"))
      check_numbers (gst_message_get_structure (message), ++epoch);
    gst_message_unref (message);
  } while (!g_str_has_suffix (seen->str, "E"));
  fail_unless_equals_string (seen->str, "ScecececececeFCE");
  g_string_free (seen, TRUE);
  rig_clear (&rig);
}
GST_END_TEST;

/* A pipeline that prerolls waits for progress to end before it plays. */
GST_START_TEST (test_nothing_is_trained_before_playing)
{
  Example a = example_of (0, 0), b = example_of (1, 0);
  GstMessage *message;
  Rig rig;

  rig_init (&rig, "objective=supervised batch-size=1", FALSE);
  gst_element_set_state (rig.pipeline, GST_STATE_PAUSED);
  rig_begin (rig.clean, RATE, rig_labels, 2, 1);
  rig_push (rig.clean, &a, 7);
  rig_push (rig.clean, &b, 1000);
  fail_unless_equals_int (
      gst_element_get_state (rig.pipeline, NULL, NULL, RIG_PATIENCE),
      GST_STATE_CHANGE_SUCCESS);
  message = gst_bus_timed_pop_filtered (
      rig.bus, GST_SECOND / 5, GST_MESSAGE_PROGRESS);
  fail_unless (message == NULL);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  message =
      gst_bus_timed_pop_filtered (rig.bus, RIG_PATIENCE, GST_MESSAGE_PROGRESS);
  fail_unless (message != NULL);
  gst_message_unref (message);
  rig_clear (&rig);
}
GST_END_TEST;

/* -------------------------------------------------------------------- caps */

GST_START_TEST (test_the_sink_asks_for_what_the_network_hears)
{
  GstCaps *any, *exact, *expected;
  GstPad *pad;
  Rig rig;

  rig_init (&rig, "objective=supervised", FALSE);
  pad = gst_element_get_static_pad (rig.sink, "clean");
  any = gst_pad_query_caps (pad, NULL);
  gst_element_set_state (rig.sink, GST_STATE_READY);
  exact = gst_pad_query_caps (pad, NULL);
  expected = gst_caps_from_string ("audio/x-raw, format=F32LE, "
                                   "layout=interleaved, rate=50, channels=2");
  fail_unless (gst_caps_is_equal (exact, expected), "%" GST_PTR_FORMAT, exact);
  fail_unless (gst_caps_can_intersect (any, expected));
  fail_if (gst_caps_is_subset (any, exact));
  gst_caps_unref (any);
  gst_caps_unref (exact);
  gst_caps_unref (expected);
  gst_object_unref (pad);
  rig_clear (&rig);
}
GST_END_TEST;

/* Sensors have no loudspeakers, but some demuxers invent them. */
GST_START_TEST (test_more_than_two_channels_may_have_any_mask_best_none)
{
  gchar *file =
      g_build_filename (g_getenv ("MX_MODELS"), "activity.json", NULL);
  GstElement *sink = gst_element_factory_make ("mxtrainsink", NULL);
  GstPad *pad = gst_element_get_static_pad (sink, "clean");
  GstCaps *caps, *invented;
  guint64 mask;

  g_object_set (sink, "architecture", file, NULL);
  gst_element_set_state (sink, GST_STATE_READY);
  caps = gst_pad_query_caps (pad, NULL);
  fail_unless (gst_structure_get (gst_caps_get_structure (caps, 0),
      "channel-mask", GST_TYPE_BITMASK, &mask, NULL));
  fail_unless_equals_int64 (mask, 0);
  invented = gst_caps_from_string (
      "audio/x-raw, format=F32LE, layout=interleaved, rate=50, channels=6, "
      "channel-mask=(bitmask)0x3f");
  fail_unless (gst_caps_is_subset (invented, caps));
  gst_caps_unref (invented);
  gst_caps_unref (caps);
  gst_object_unref (pad);
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_object_unref (sink);
  g_free (file);
}
GST_END_TEST;

/* ----------------------------------------------------------------- states */

static gpointer
run_all (gpointer rig)
{
  push_all (rig, ALTERNATING, 7);
  return NULL;
}

GST_START_TEST (test_states_change_while_data_flow_and_training_starts_anew)
{
  static const GstState states[] = {GST_STATE_PLAYING, GST_STATE_PAUSED,
      GST_STATE_PLAYING, GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_NULL,
      GST_STATE_PLAYING, GST_STATE_NULL};
  Rig rig;

  rig_init (&rig, "batch-size=2", TRUE);
  for (guint i = 0; i < 5 * G_N_ELEMENTS (states); i++) {
    GstState state = states[i % G_N_ELEMENTS (states)];
    GThread *thread;

    gst_pad_set_active (rig.clean, TRUE);
    gst_pad_set_active (rig.perturbed, TRUE);
    fail_if (gst_element_set_state (rig.pipeline, state) ==
             GST_STATE_CHANGE_FAILURE);
    thread = g_thread_new ("push", run_all, &rig);
    g_usleep (3000);
    if (state == GST_STATE_PLAYING)
      gst_element_set_state (rig.pipeline, GST_STATE_PAUSED);
    gst_element_set_state (rig.pipeline, GST_STATE_READY);
    g_thread_join (thread);
    gst_pad_set_active (rig.clean, FALSE);
    gst_pad_set_active (rig.perturbed, FALSE);
  }
  rig_clear (&rig);
}
GST_END_TEST;

/* ---------------------------------------------------------------- pipelines */

/* Announces an example every 6 buffers. */
static GstPadProbeReturn
announce (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  static const GstMxDataset dataset = {(gchar **)rig_labels, 10, 1};
  guint *heard = user_data;

  if (*heard == 0)
    gst_pad_push_event (pad, gst_mx_dataset_event_new (&dataset));
  if (*heard % 6 == 0) {
    GstMxExample example = {
        .index = *heard / 6, .label = (gchar *)rig_labels[*heard / 6 % 2]};

    gst_pad_push_event (pad, gst_mx_example_event_new (&example));
  }
  ++*heard;
  return GST_PAD_PROBE_OK;
}

/* Behind a tee without queues and with any, and behind a live source. */
static const struct {
  gboolean live;
  const gchar *branches;
} tees[] = {
    {FALSE, "t. ! train.clean  t. ! train.perturbed"},
    {FALSE, "t. ! volume volume=.5 ! train.perturbed  t. ! train.clean"},
    {FALSE, "t. ! queue ! train.clean  t. ! queue ! volume volume=.5 ! "
            "train.perturbed"},
    {TRUE, "t. ! train.clean  t. ! train.perturbed"},
};

GST_START_TEST (test_a_tee_feeds_both_pads_with_or_without_queues)
{
  gchar *line;
  guint heard = 0;
  GstElement *source;
  GstPad *pad;
  Rig rig = {NULL};

  rig_folder (&rig);
  line = g_strdup_printf (
      "audiotestsrc name=source is-live=%d num-buffers=60 samplesperbuffer=2 ! "
      "audioconvert ! tee name=t %s mxtrainsink name=train architecture=%s "
      "location=%s batch-size=4",
      tees[__i__].live, tees[__i__].branches, rig.architecture, rig.location);
  rig.pipeline = gst_parse_launch (line, NULL);
  fail_unless (rig.pipeline != NULL);
  g_free (line);
  rig.bus = gst_element_get_bus (rig.pipeline);
  source = gst_bin_get_by_name (GST_BIN (rig.pipeline), "source");
  pad = gst_element_get_static_pad (source, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, announce, &heard, NULL);
  gst_object_unref (source);
  gst_object_unref (pad);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  rig_expect_end (&rig);
  fail_unless (g_file_test (rig.location, G_FILE_TEST_EXISTS));
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (test_the_perturbed_pad_can_be_released_and_taken_again)
{
  GstElement *sink = gst_element_factory_make ("mxtrainsink", NULL);

  gst_object_ref_sink (sink);
  for (guint i = 0; i < 3; i++) {
    GstPad *pad = gst_element_request_pad_simple (sink, "perturbed");

    fail_unless (pad != NULL);
    gst_element_release_request_pad (sink, pad);
    gst_object_unref (pad);
  }
  gst_object_unref (sink);
}
GST_END_TEST;

static Suite *
trainsink_suite (void)
{
  Suite *suite = suite_create ("trainsink");
  TCase *tcase = tcase_create ("trainsink");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, test_training_ends_by_eos_with_a_model_that_loads,
      0, G_N_ELEMENTS (objectives));
  tcase_add_loop_test (tcase,
      test_the_model_depends_on_the_seed_and_not_on_arrival, 1,
      G_N_ELEMENTS (arrivals));
  tcase_add_test (tcase, test_training_goes_on_from_a_model);
  tcase_add_test (
      tcase, test_messages_tell_of_each_epoch_and_the_file_before_eos);
  tcase_add_test (tcase, test_nothing_is_trained_before_playing);
  tcase_add_test (tcase, test_the_sink_asks_for_what_the_network_hears);
  tcase_add_test (
      tcase, test_more_than_two_channels_may_have_any_mask_best_none);
  tcase_add_test (
      tcase, test_states_change_while_data_flow_and_training_starts_anew);
  tcase_add_loop_test (tcase, test_a_tee_feeds_both_pads_with_or_without_queues,
      0, G_N_ELEMENTS (tees));
  tcase_add_test (
      tcase, test_the_perturbed_pad_can_be_released_and_taken_again);
  return suite;
}

GST_CHECK_MAIN (trainsink)
