/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mxtrainsink does with examples that are there to measure with. */

#include "trainsink-rig.h"

#include "gstmxwindows.h"
#include "mx-evaluator.h"
#include "mx-model-file.h"
#include "mx-validation.h"

#define TRAIN 18
#define VALID 12
#define EPOCHS 6
#define QUICK "learning-rate=.02 warm-up=0 "

/* What the labels of a stream are: true, false, or none. */
typedef enum { TRUE_LABELS, FALSE_LABELS, NO_LABELS } Truth;

typedef struct {
  guint train, valid, epochs; /* examples; epochs */
  Truth train_labels, valid_labels;
  gboolean interleaved; /* else valid ones come last in each epoch */
} Stream;

static const Stream usual = {TRAIN, VALID, EPOCHS};

static Example
pick (const Stream *stream, guint at, guint epoch)
{
  guint n = stream->train + stream->valid;
  gboolean valid =
      stream->interleaved ? at % (n / stream->valid) == 0 : at >= stream->train;
  Truth truth = valid ? stream->valid_labels : stream->train_labels;
  Example example = example_of (at, epoch);

  if (valid)
    example.split = GST_MX_SPLIT_VALID;
  if (truth == FALSE_LABELS)
    example.label = rig_labels[1 - at % 2];
  else if (truth == NO_LABELS)
    example.label = NULL;
  return example;
}

/* What is measured with sounds the same in each epoch. */
static GstFlowReturn
push_one (GstPad *pad, const Example *example)
{
  Example sound = *example;

  if (example->split != NULL)
    sound.epoch = 0;
  rig_announce (pad, example);
  return rig_push_samples (pad, &sound, 1, 1000);
}

/* Returns how many examples were taken before the sink wanted no more. */
static guint
push_stream (Rig *rig, const Stream *stream)
{
  guint n = stream->train + stream->valid, taken = 0;
  GstFlowReturn flow = GST_FLOW_OK;
  GstMxDataset dataset = {
      (gchar **)rig_labels, n, (gint)stream->epochs, stream->valid};

  rig_begin (rig->clean, RATE, NULL, 0, 0);
  rig_begin (rig->perturbed, RATE, NULL, 0, 0);
  gst_pad_push_event (rig->clean, gst_mx_dataset_event_new (&dataset));
  gst_pad_push_event (rig->perturbed, gst_mx_dataset_event_new (&dataset));
  for (; taken < n * stream->epochs && flow == GST_FLOW_OK; taken++) {
    Example example = pick (stream, taken % n, taken / n);

    flow = push_one (rig->clean, &example);
    if (flow == GST_FLOW_OK)
      flow = push_one (rig->perturbed, &example);
  }
  if (flow == GST_FLOW_OK)
    rig_end_both (rig);
  else
    fail_unless_equals_int (flow, GST_FLOW_EOS);
  return taken;
}

/* ---------------------------------------------------------------- outcome */

typedef struct {
  GPtrArray *messages; /* of GstStructure */
  GString *warnings;
  MxNetwork *network; /* that was written */
  GBytes *bytes;
  guint taken;
} Outcome;

static void
note_message (Outcome *outcome, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT) {
    g_ptr_array_add (outcome->messages,
        gst_structure_copy (gst_message_get_structure (message)));
    return;
  }
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING) {
    gst_message_parse_warning (message, &error, NULL);
    g_string_append (outcome->warnings, error->message);
  }
}

static void
wait_for_eos (Rig *rig, Outcome *outcome)
{
  GstMessageType type = GST_MESSAGE_ELEMENT;

  while (type != GST_MESSAGE_EOS) {
    GstMessage *message = gst_bus_timed_pop_filtered (rig->bus, RIG_PATIENCE,
        GST_MESSAGE_EOS | GST_MESSAGE_ELEMENT | GST_MESSAGE_WARNING |
            GST_MESSAGE_ERROR);

    fail_unless (message != NULL, "no end");
    type = GST_MESSAGE_TYPE (message);
    fail_unless (type != GST_MESSAGE_ERROR);
    note_message (outcome, message);
    gst_message_unref (message);
  }
}

static Outcome
run (const gchar *properties, const Stream *stream)
{
  Outcome outcome = {.messages = g_ptr_array_new_with_free_func (
                         (GDestroyNotify)gst_structure_free),
      .warnings = g_string_new (NULL)};
  gchar *contents;
  gsize size;
  Rig rig;

  rig_init (&rig, properties, TRUE);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  outcome.taken = push_stream (&rig, stream);
  wait_for_eos (&rig, &outcome);
  fail_unless (g_file_get_contents (rig.location, &contents, &size, NULL));
  outcome.bytes = g_bytes_new_take (contents, size);
  outcome.network = mx_model_file_read (outcome.bytes, "trained", NULL);
  fail_unless (outcome.network != NULL);
  rig_clear (&rig);
  return outcome;
}

static void
outcome_clear (Outcome *outcome)
{
  g_ptr_array_unref (outcome->messages);
  g_string_free (outcome->warnings, TRUE);
  mx_network_unref (outcome->network);
  g_bytes_unref (outcome->bytes);
}

static const GstStructure *
last_of (const Outcome *outcome)
{
  return outcome->messages->pdata[outcome->messages->len - 1];
}

static gdouble
real (const GstStructure *s, const gchar *field)
{
  gdouble value = 0;

  fail_unless (gst_structure_get_double (s, field, &value), "%s", field);
  return value;
}

static guint
best_epoch (const GstStructure *s)
{
  guint epoch = 0;

  fail_unless (gst_structure_get_uint (s, "best-epoch", &epoch));
  return epoch;
}

/* What a network is worth on the valid examples of the stream, and on how many
 * windows, by the engine alone. */
static MxValidationScores
scores_of (MxNetwork *network, const Stream *stream)
{
  static const gdouble no_cost[] = {.5, 1};
  MxValidation *validation = mx_validation_new (2, 2, no_cost);
  MxEvaluator *evaluator = mx_evaluator_new (network, 1, NULL);
  MxBatch *batch = mx_evaluator_new_batch (evaluator);
  GstMxWindowing rule = {.window = WINDOW, .channels = CHANNELS, .step = 1};
  MxValidationScores scores;

  for (guint i = stream->train; i < stream->train + stream->valid; i++) {
    Example example = pick (stream, i, 0);
    GstMxRecording recording = {
        .example = {.split = g_strdup (GST_MX_SPLIT_VALID)}};
    gfloat room[WINDOW * CHANNELS], samples[64 * CHANNELS];
    MxRng rng;

    /* As rig_push_samples() draws them. */
    mx_rng_init (&rng, 99, mx_rng_stream (example.epoch, example.index));
    for (gsize t = 0; t < example.length; t++)
      for (gsize c = 0; c < CHANNELS; c++)
        samples[t * CHANNELS + c] =
            (gfloat)(sin ((i % 2 ? 2.2 : .5) * (gdouble)t + (gdouble)c) +
                     .2 * mx_rng_normal (&rng));
    gst_mx_recording_append (&recording, samples, example.length, CHANNELS);
    for (gsize w = 0; w < gst_mx_windows_count (&rule, &recording); w++) {
      mx_batch_clear (batch);
      mx_batch_add (
          batch, gst_mx_windows_get (&rule, &recording, 0, w, room), NULL, -1);
      mx_validation_add (validation, mx_evaluator_run (evaluator, batch), 0,
          example.label == rig_labels[1]);
    }
    gst_mx_recording_clear (&recording);
  }
  mx_validation_scores (validation, &scores);
  mx_evaluator_free (evaluator);
  mx_batch_free (batch);
  mx_validation_free (validation);
  return scores;
}

/* ------------------------------------------------------------------- tests */

GST_START_TEST (test_nothing_is_learnt_from_what_is_measured_with)
{
  const Stream with = {TRAIN, VALID, 1}, without = {TRAIN, 0, 1},
               wrong = {TRAIN, VALID, 1, TRUE_LABELS, FALSE_LABELS},
               between = {TRAIN, 9, 1, TRUE_LABELS, TRUE_LABELS, TRUE};
  Outcome a = run (QUICK, &with);
  Outcome b = run (QUICK, &without);
  Outcome c = run (QUICK, &wrong);
  Outcome d = run (QUICK, &between);

  fail_unless (g_bytes_equal (a.bytes, b.bytes));
  fail_unless (g_bytes_equal (a.bytes, c.bytes));
  fail_unless (gst_structure_has_field (last_of (&d), "valid-auc"));
  fail_if (gst_structure_has_field (last_of (&b), "valid-auc"));
  outcome_clear (&a);
  outcome_clear (&b);
  outcome_clear (&c);
  outcome_clear (&d);
}
GST_END_TEST;

GST_START_TEST (test_each_epoch_tells_how_good_every_exit_is)
{
  Outcome outcome = run (QUICK, &usual);
  const gchar *const arrays[] = {"valid-accuracy", "valid-macro-f1"};

  fail_unless_equals_int (outcome.messages->len, EPOCHS + 1);
  for (guint i = 0; i < outcome.messages->len; i++) {
    const GstStructure *s = outcome.messages->pdata[i];
    guint64 windows = 0;

    for (guint a = 0; a < G_N_ELEMENTS (arrays); a++)
      fail_unless_equals_int (
          gst_value_array_get_size (gst_structure_get_value (s, arrays[a])), 2);
    fail_unless (gst_structure_get_uint64 (s, "valid-windows", &windows));
    fail_unless (windows >= VALID);
    fail_unless (real (s, "valid-loss") > 0);
    fail_unless (real (s, "valid-auc") >= 0 && real (s, "valid-auc") <= 1);
    fail_if (gst_structure_has_field (s, "start-auc"));
  }
  outcome_clear (&outcome);
}
GST_END_TEST;

/* Labels to measure with are false: the less was learnt, the better. */
static const struct {
  const gchar *metric;
  Truth valid_labels;
} choices[] = {
    {"loss", TRUE_LABELS},
    {"loss", FALSE_LABELS},
    {"auc", FALSE_LABELS},
    {"last-accuracy", FALSE_LABELS},
    {"mean-accuracy", FALSE_LABELS},
};

static gdouble
value_in (const GstStructure *s, const gchar *metric)
{
  const GValue *array = gst_structure_get_value (s, "valid-accuracy");
  gdouble first = g_value_get_double (gst_value_array_get_value (array, 0));
  gdouble second = g_value_get_double (gst_value_array_get_value (array, 1));

  if (g_str_equal (metric, "loss"))
    return -real (s, "valid-loss");
  if (g_str_equal (metric, "auc"))
    return real (s, "valid-auc");
  return g_str_equal (metric, "last-accuracy") ? second : (first + second) / 2;
}

GST_START_TEST (test_the_best_epoch_by_the_metric_is_written)
{
  const gchar *metric = choices[__i__].metric;
  const Stream stream = {
      TRAIN, VALID, EPOCHS, TRUE_LABELS, choices[__i__].valid_labels};
  gchar *properties = g_strdup_printf (QUICK "valid-metric=%s", metric);
  Outcome outcome = run (properties, &stream);
  MxValidationScores scores = scores_of (outcome.network, &stream);
  guint best = 0;

  for (guint i = 1; i < EPOCHS; i++)
    if (value_in (outcome.messages->pdata[i], metric) >
        value_in (outcome.messages->pdata[best], metric))
      best = i;
  fail_unless_equals_int (best_epoch (last_of (&outcome)), best + 1);
  fail_unless (fabs (scores.loss - real (outcome.messages->pdata[best],
                                       "valid-loss")) < 1e-9);
  g_free (properties);
  outcome_clear (&outcome);
}
GST_END_TEST;

GST_START_TEST (test_patience_ends_the_stream_early_and_well)
{
  const Stream stream = {TRAIN, VALID, 400, TRUE_LABELS, FALSE_LABELS};
  Outcome outcome = run (QUICK "patience=2 valid-metric=loss", &stream);
  const GstStructure *last = last_of (&outcome);
  guint epoch = 0;

  fail_unless (gst_structure_get_uint (last, "epoch", &epoch));
  fail_unless_equals_int (epoch, best_epoch (last) + 2);
  fail_unless (outcome.taken < 400 * (TRAIN + VALID));
  outcome_clear (&outcome);
}
GST_END_TEST;

/* ---------------------------------------------------------------- the guard */

static gchar *
write_start (const Outcome *outcome)
{
  gchar *file = g_strdup_printf (
      "%s/mxtrainsink-valid-%d", g_get_tmp_dir (), (int)getpid ());

  fail_unless (
      g_file_set_contents (file, g_bytes_get_data (outcome->bytes, NULL),
          (gssize)g_bytes_get_size (outcome->bytes), NULL));
  return file;
}

static const struct {
  Truth train_labels;
  gboolean kept; /* the model that training began with */
} sequels[] = {{FALSE_LABELS, TRUE}, {TRUE_LABELS, FALSE}};

GST_START_TEST (test_no_training_ends_worse_than_it_began)
{
  const Stream little = {TRAIN, VALID, 1},
               sequel = {TRAIN, VALID, EPOCHS, sequels[__i__].train_labels};
  Outcome start = run (QUICK, &little), outcome;
  gchar *file = write_start (&start);
  gchar *properties = g_strdup_printf (
      QUICK "architecture=\"\" model-file=%s valid-metric=loss", file);
  gsize bytes =
      start.network->description->program->n_weights * sizeof (gfloat);

  outcome = run (properties, &sequel);
  fail_unless (
      gst_structure_has_field (outcome.messages->pdata[0], "start-macro-f1"));
  fail_if (gst_structure_has_field (outcome.messages->pdata[1], "start-loss"));
  fail_unless_equals_int (
      best_epoch (last_of (&outcome)) == 0, sequels[__i__].kept);
  fail_unless_equals_int (
      memcmp (outcome.network->weights, start.network->weights, bytes) == 0,
      sequels[__i__].kept);
  fail_unless_equals_int (
      strstr (outcome.warnings->str,
          "than the model that training began with") != NULL,
      sequels[__i__].kept);
  g_unlink (file);
  g_free (file);
  g_free (properties);
  outcome_clear (&start);
  outcome_clear (&outcome);
}
GST_END_TEST;

/* ------------------------------------------------------------------ trouble */

GST_START_TEST (test_examples_without_labels_measure_nothing_and_that_is_told)
{
  const Stream stream = {TRAIN, VALID, 2, TRUE_LABELS, NO_LABELS},
               none = {TRAIN, 0, 2};
  Outcome outcome = run (QUICK, &stream);
  Outcome same = run (QUICK, &none);

  fail_unless (strstr (outcome.warnings->str, "nothing is measured"));
  fail_if (gst_structure_has_field (last_of (&outcome), "valid-auc"));
  fail_unless (g_bytes_equal (outcome.bytes, same.bytes));
  outcome_clear (&outcome);
  outcome_clear (&same);
}
GST_END_TEST;

GST_START_TEST (test_a_stream_with_nothing_to_learn_from_is_an_error)
{
  const Stream stream = {0, VALID, 2};
  Rig rig;

  rig_init (&rig, "", TRUE);
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  push_stream (&rig, &stream);
  rig_expect_error (&rig, "All 24 examples are of the split valid");
  rig_clear (&rig);
}
GST_END_TEST;

/* One step of all there is, before it is measured. */
GST_START_TEST (test_a_batch_larger_than_the_data_is_one_step)
{
  const Stream stream = {6, VALID, 1};
  Outcome outcome = run (QUICK "batch-size=1000", &stream);
  guint64 step = 0;

  fail_unless (gst_structure_get_uint64 (last_of (&outcome), "step", &step));
  fail_unless_equals_uint64 (step, 1);
  fail_unless_equals_int (best_epoch (last_of (&outcome)), 1);
  outcome_clear (&outcome);
}
GST_END_TEST;

static Suite *
trainsink_valid_suite (void)
{
  Suite *suite = suite_create ("trainsink-valid");
  TCase *tcase = tcase_create ("trainsink-valid");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_nothing_is_learnt_from_what_is_measured_with);
  tcase_add_test (tcase, test_each_epoch_tells_how_good_every_exit_is);
  tcase_add_loop_test (tcase, test_the_best_epoch_by_the_metric_is_written, 0,
      G_N_ELEMENTS (choices));
  tcase_add_test (tcase, test_patience_ends_the_stream_early_and_well);
  tcase_add_loop_test (tcase, test_no_training_ends_worse_than_it_began, 0,
      G_N_ELEMENTS (sequels));
  tcase_add_test (
      tcase, test_examples_without_labels_measure_nothing_and_that_is_told);
  tcase_add_test (tcase, test_a_stream_with_nothing_to_learn_from_is_an_error);
  tcase_add_test (tcase, test_a_batch_larger_than_the_data_is_one_step);
  return suite;
}

GST_CHECK_MAIN (trainsink_valid)
