/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "trainsink-rig.h"

#include "mx-model-file.h"

#define EXAMPLES 20
#define EPOCHS 6

/* --------------------------------------------------------- whole trainings */

/* How the branches' data arrive. */
typedef enum { ALTERNATING, CLEAN_FIRST, PERTURBED_FIRST } Order;

static void
push_all (Rig *rig, Order order, gsize chunk)
{
  GstPad *first = order == PERTURBED_FIRST ? rig->perturbed : rig->clean;
  GstPad *second = order == PERTURBED_FIRST ? rig->clean : rig->perturbed;
  guint n = EXAMPLES * EPOCHS;

  rig_begin (rig->clean, RATE, rig_labels, EXAMPLES, EPOCHS);
  if (rig->perturbed != NULL)
    rig_begin (rig->perturbed, RATE, rig_labels, EXAMPLES, EPOCHS);
  for (guint i = 0; i < 2 * n; i++) {
    gboolean alternates = order == ALTERNATING;
    guint at = alternates ? i / 2 : i % n;
    gboolean is_first = alternates ? i % 2 == 0 : i < n;
    Example example = example_of (at % EXAMPLES, at / EXAMPLES);
    GstPad *pad = is_first ? first : second;

    if (pad != NULL)
      rig_push (pad, &example, chunk);
  }
  gst_pad_push_event (first, gst_event_new_eos ());
  if (second != NULL)
    gst_pad_push_event (second, gst_event_new_eos ());
}

static GBytes *
train (const gchar *properties, gboolean pairs, Order order, gsize chunk)
{
  gchar *contents;
  gsize size;
  Rig rig;

  rig_init (&rig, properties, pairs);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  push_all (&rig, order, chunk);
  rig_expect_end (&rig);
  fail_unless (g_file_get_contents (rig.location, &contents, &size, NULL));
  rig_clear (&rig);
  return g_bytes_new_take (contents, size);
}

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
  fail_unless_equals_int64 (steps, EXAMPLES * EPOCHS / 8);
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

/* ------------------------------------------------------------------- trouble
 */

static void
push_pair (Rig *rig, const Example *clean, const Example *perturbed)
{
  rig_push (rig->clean, clean, 1000);
  rig_push (rig->perturbed, perturbed, 1000);
}

static void
begin_both (Rig *rig)
{
  rig_begin (rig->clean, RATE, rig_labels, 4, 1);
  rig_begin (rig->perturbed, RATE, rig_labels, 4, 1);
}

static void
end_both (Rig *rig)
{
  gst_pad_push_event (rig->clean, gst_event_new_eos ());
  gst_pad_push_event (rig->perturbed, gst_event_new_eos ());
}

static void
lose_an_example (Rig *rig)
{
  Example a = example_of (0, 0), b = example_of (1, 0), c = example_of (2, 0);

  begin_both (rig);
  push_pair (rig, &a, &a);
  push_pair (rig, &b, &c);
  end_both (rig);
}

static void
end_perturbed_early (Rig *rig)
{
  Example a = example_of (0, 0), b = example_of (1, 0);

  begin_both (rig);
  push_pair (rig, &a, &a);
  rig_push (rig->clean, &b, 1000);
  end_both (rig);
}

static void
end_clean_early (Rig *rig)
{
  Example a = example_of (0, 0), b = example_of (1, 0);

  begin_both (rig);
  push_pair (rig, &a, &a);
  rig_push (rig->perturbed, &b, 1000);
  end_both (rig);
}

static void
shorten_perturbed (Rig *rig)
{
  Example a = {.label = "slow", .length = 80}, b = a;

  b.length = 40;
  begin_both (rig);
  push_pair (rig, &a, &b);
  end_both (rig);
}

static void
say_nothing (Rig *rig)
{
  Example a = example_of (0, 0);

  rig_begin (rig->clean, RATE, NULL, 0, 0);
  rig_begin (rig->perturbed, RATE, NULL, 0, 0);
  rig_push_samples (rig->clean, &a, 1, 1000);
  rig_push_samples (rig->perturbed, &a, 1, 1000);
}

static void
send_no_labels (Rig *rig)
{
  Example a = example_of (0, 0);

  rig_begin (rig->clean, RATE, NULL, 0, 0);
  rig_begin (rig->perturbed, RATE, NULL, 0, 0);
  push_pair (rig, &a, &a);
  end_both (rig);
}

static void
send_unknown_label (Rig *rig)
{
  Example a = {.label = "cat", .length = 20};

  begin_both (rig);
  push_pair (rig, &a, &a);
  end_both (rig);
}

static void
send_one_class (Rig *rig)
{
  static const gchar *const one[] = {"slow", NULL};

  rig_begin (rig->clean, RATE, one, 4, 1);
  rig_begin (rig->perturbed, RATE, one, 4, 1);
}

static void
send_wrong_rate (Rig *rig)
{
  rig_begin (rig->clean, 100, rig_labels, 4, 1);
  rig_begin (rig->perturbed, 100, rig_labels, 4, 1);
}

static void
send_an_hour (Rig *rig)
{
  Example a = {.label = "slow", .length = 3600 * RATE};

  begin_both (rig);
  push_pair (rig, &a, &a);
}

static void
send_half_a_frame (Rig *rig)
{
  Example a = {.label = "slow", .length = 20};

  begin_both (rig);
  rig_announce (rig->clean, &a);
  gst_pad_push (rig->clean, gst_buffer_new_allocate (NULL, 6, NULL));
  rig_push (rig->perturbed, &a, 1000);
}

static void
send_only_unlabelled (Rig *rig)
{
  begin_both (rig);
  for (guint i = 0; i < 10; i++) {
    Example a = {.index = i, .length = 20};

    push_pair (rig, &a, &a);
  }
  end_both (rig);
}

static void
send_huge_samples (Rig *rig)
{
  begin_both (rig);
  for (guint i = 0; i < 10; i++) {
    Example a = example_of (i, 0);

    rig_announce (rig->clean, &a);
    rig_announce (rig->perturbed, &a);
    rig_push_samples (rig->clean, &a, 1e38f, 1000);
    rig_push_samples (rig->perturbed, &a, 1e38f, 1000);
  }
  end_both (rig);
}

static void
send_nothing (Rig *rig)
{
  begin_both (rig);
  end_both (rig);
}

/* Beyond the longest example and what the queues hold besides. */
static void
starve_perturbed (Rig *rig)
{
  begin_both (rig);
  for (guint i = 0; i < 30; i++) {
    Example a = {.index = i, .label = "slow", .length = 500 * RATE};

    rig_push (rig->clean, &a, 1000);
  }
}

static const struct {
  void (*stream) (Rig *rig);
  const gchar *error;
} troubles[] = {
    {lose_an_example, "pad \"perturbed\" has example 2 of epoch 0, expected "
                      "example 1 of epoch 0"},
    {end_perturbed_early, "pad \"perturbed\" ended, expected example 1"},
    {end_clean_early, "pad \"clean\" ended, expected example 1"},
    {shorten_perturbed, "40 samples on pad \"perturbed\", expected about 80"},
    {say_nothing, "training needs example events"},
    {send_no_labels, "labels: none"},
    {send_unknown_label, "The label \"cat\""},
    {send_one_class, "The data set has 1 class: slow; training needs at least"},
    {send_wrong_rate, "got 100 Hz and 2 channel(s), the model needs 50 Hz"},
    {send_an_hour, "longer than 10 minutes"},
    {send_half_a_frame, "does not hold whole frames of 2 channel(s)"},
    {send_only_unlabelled, "None of the 10 examples had a label"},
    {send_huge_samples, "Training diverged at step"},
    {send_nothing, "ended before a single training step"},
    {starve_perturbed, "Nothing arrives on pad \"perturbed\""},
};

/* In a thread: what fills a queue blocks until the pipeline stops. */
static gpointer
run_trouble (gpointer rig)
{
  troubles[((Rig *)rig)->trouble].stream (rig);
  return NULL;
}

GST_START_TEST (test_trouble_in_the_stream_is_told_and_leaves_the_old_file)
{
  gchar *contents;
  GThread *thread;
  Rig rig;

  rig_init (&rig, "", TRUE);
  rig.trouble = __i__;
  fail_unless (g_file_set_contents (rig.location, "old", -1, NULL));
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  thread = g_thread_new ("push", run_trouble, &rig);
  rig_expect_error (&rig, troubles[__i__].error);
  gst_element_set_state (rig.pipeline, GST_STATE_NULL);
  g_thread_join (thread);
  fail_unless (g_file_get_contents (rig.location, &contents, NULL, NULL));
  fail_unless_equals_string (contents, "old");
  g_free (contents);
  rig_clear (&rig);
}
GST_END_TEST;

static const struct {
  const gchar *properties;
  gboolean pairs;
  GstState state; /* that is refused */
  const gchar *error;
} refusals[] = {
    {"architecture=\"\"", TRUE, GST_STATE_READY, "Set either architecture"},
    {"model-file=x", TRUE, GST_STATE_READY, "Set either architecture"},
    {"architecture=/nowhere.json", TRUE, GST_STATE_READY, "/nowhere.json"},
    {"architecture=\"\" model-file=/nowhere", TRUE, GST_STATE_READY,
        "/nowhere"},
    {"location=/nowhere/model", TRUE, GST_STATE_PAUSED,
        "cannot be written to /nowhere/model: No such file"},
    {"location=/tmp", TRUE, GST_STATE_PAUSED, "/tmp is a folder"},
    {"location=\"\"", TRUE, GST_STATE_PAUSED, "Set location"},
    {"", FALSE, GST_STATE_PAUSED, "link a perturbed copy"},
    {"objective=augmented", FALSE, GST_STATE_PAUSED, "link a perturbed copy"},
};

GST_START_TEST (test_what_cannot_work_is_refused_before_it_starts)
{
  Rig rig;

  rig_init (&rig, refusals[__i__].properties, refusals[__i__].pairs);
  if (refusals[__i__].state == GST_STATE_PAUSED)
    fail_unless_equals_int (
        gst_element_set_state (rig.pipeline, GST_STATE_READY),
        GST_STATE_CHANGE_SUCCESS);
  fail_unless_equals_int (
      gst_element_set_state (rig.pipeline, refusals[__i__].state),
      GST_STATE_CHANGE_FAILURE);
  rig_expect_error (&rig, refusals[__i__].error);
  rig_clear (&rig);
}
GST_END_TEST;

/* ------------------------------------------------------ stops and flushes */

static gpointer
run_all (gpointer rig)
{
  push_all (rig, ALTERNATING, 7);
  return NULL;
}

static GstProgressType
next_progress (Rig *rig)
{
  GstMessage *message =
      gst_bus_timed_pop_filtered (rig->bus, RIG_PATIENCE, GST_MESSAGE_PROGRESS);
  GstProgressType type;

  fail_unless (message != NULL);
  gst_message_parse_progress (message, &type, NULL, NULL);
  gst_message_unref (message);
  return type;
}

GST_START_TEST (test_a_stopped_training_says_so_and_leaves_the_old_file)
{
  Example a = example_of (0, 0), b = example_of (1, 0);
  gchar *contents;
  Rig rig;

  rig_init (&rig, "", TRUE);
  fail_unless (g_file_set_contents (rig.location, "old", -1, NULL));
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  begin_both (&rig);
  push_pair (&rig, &a, &a);
  push_pair (&rig, &b, &b);
  fail_unless_equals_int (next_progress (&rig), GST_PROGRESS_TYPE_START);
  gst_element_set_state (rig.pipeline, GST_STATE_READY);
  /* The bus of a pipeline forgets when it stops; the last words came before
   * the state change returned. */
  fail_unless (g_file_get_contents (rig.location, &contents, NULL, NULL));
  fail_unless_equals_string (contents, "old");
  g_free (contents);
  rig_clear (&rig);
}
GST_END_TEST;

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

static void
flush_both (Rig *rig)
{
  GstEvent *start = gst_event_new_flush_start ();
  GstEvent *stop = gst_event_new_flush_stop (TRUE);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (rig->clean, gst_event_ref (start));
  gst_pad_push_event (rig->perturbed, start);
  gst_pad_push_event (rig->clean, gst_event_ref (stop));
  gst_pad_push_event (rig->perturbed, stop);
  gst_pad_push_event (rig->clean, gst_event_new_segment (&segment));
  gst_pad_push_event (rig->perturbed, gst_event_new_segment (&segment));
}

/* Else the branches would be out of step: one had begun, the other not. */
GST_START_TEST (test_a_flush_forgets_the_examples_in_progress)
{
  Example cut = example_of (5, 0);
  Rig rig;

  rig_init (&rig, "", TRUE);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  begin_both (&rig);
  rig_push (rig.clean, &cut, 3);
  rig_announce (rig.perturbed, &cut);
  flush_both (&rig);
  for (guint i = 0; i < 9; i++) {
    Example example = example_of (i, 0);

    push_pair (&rig, &example, &example);
  }
  end_both (&rig);
  rig_expect_end (&rig);
  rig_clear (&rig);
}
GST_END_TEST;

/* ---------------------------------------------------------------- pipelines */

/* Announces an example every 20 buffers, of white or pink noise in turn. */
static GstPadProbeReturn
announce (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  static const GstMxDataset dataset = {(gchar **)rig_labels, 10, 1};
  guint *heard = user_data;

  if (*heard == 0)
    gst_pad_push_event (pad, gst_mx_dataset_event_new (&dataset));
  if (*heard % 20 == 0) {
    GstMxExample example = {
        .index = *heard / 20, .label = (gchar *)rig_labels[*heard / 20 % 2]};

    gst_pad_push_event (pad, gst_mx_example_event_new (&example));
  }
  ++*heard;
  return GST_PAD_PROBE_OK;
}

/* Behind a tee without queues, and with any. */
static const gchar *const branches[] = {
    "t. ! train.clean  t. ! train.perturbed",
    "t. ! volume volume=.5 ! train.perturbed  t. ! train.clean",
    "t. ! queue ! train.clean  t. ! queue ! volume volume=.5 ! "
    "train.perturbed",
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
      "audiotestsrc name=source num-buffers=200 samplesperbuffer=10 ! "
      "audioconvert ! tee name=t %s mxtrainsink name=train architecture=%s "
      "location=%s batch-size=4",
      branches[__i__], rig.architecture, rig.location);
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
  tcase_add_loop_test (tcase,
      test_trouble_in_the_stream_is_told_and_leaves_the_old_file, 0,
      G_N_ELEMENTS (troubles));
  tcase_add_loop_test (tcase, test_what_cannot_work_is_refused_before_it_starts,
      0, G_N_ELEMENTS (refusals));
  tcase_add_test (
      tcase, test_a_stopped_training_says_so_and_leaves_the_old_file);
  tcase_add_test (
      tcase, test_states_change_while_data_flow_and_training_starts_anew);
  tcase_add_test (tcase, test_a_flush_forgets_the_examples_in_progress);
  tcase_add_loop_test (tcase, test_a_tee_feeds_both_pads_with_or_without_queues,
      0, G_N_ELEMENTS (branches));
  tcase_add_test (
      tcase, test_the_perturbed_pad_can_be_released_and_taken_again);
  return suite;
}

GST_CHECK_MAIN (trainsink)
