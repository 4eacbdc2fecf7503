/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Training of networks with streamed stages.  That what is trained is what a
 * live stream computes: tests/src/segment.c. */
#include "trainsink-rig.h"

#include "mx-model-file.h"
#include "mx-session.h"

#define EXAMPLES 24
#define EPOCHS 8

static const gchar architecture[] =
    "{\"name\": \"stream\","
    " \"input\": {\"rate\": 50, \"channels\": 2, \"window\": 16, \"hop\": 4},"
    " \"streamed\": 2, \"stages\": ["
    "  {\"layers\": [{\"kind\": \"conv1d\", \"filters\": 8, \"kernel\": 5,"
    "     \"stride\": 2}, {\"kind\": \"batch-norm\"}, {\"kind\": \"relu\"}],"
    "   \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]},"
    "  {\"layers\": [{\"kind\": \"conv1d\", \"filters\": 8, \"kernel\": 3,"
    "     \"stride\": 2, \"padding\": \"causal\"},"
    "    {\"kind\": \"batch-norm\"}, {\"kind\": \"relu\"}],"
    "   \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}";

typedef struct {
  gsize gap;         /* frames ahead of each example */
  gboolean isolated; /* DISCONT at each */
  gsize chunk;
  gboolean clean_first; /* all of it */
} Feed;

static void
push (GstPad *pad, gfloat *samples, gsize frames, gsize chunk, gboolean discont)
{
  for (gsize at = 0; at < frames; at += chunk) {
    gsize n = MIN (chunk, frames - at) * CHANNELS;
    GstBuffer *buffer =
        gst_buffer_new_memdup (samples + at * CHANNELS, n * sizeof (gfloat));

    if (discont && at == 0)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    gst_pad_push (pad, buffer);
  }
  g_free (samples);
}

/* Slow and fast waves, and faint noise in the gaps. */
static gfloat *
make_samples (GstPad *pad, const Example *e, gboolean gap, gsize frames)
{
  gboolean perturbed = g_str_equal (GST_PAD_NAME (pad), "perturbed");
  gdouble speed = e->index % 2 ? 2.2 : .5;
  gfloat *samples = g_new (gfloat, frames * CHANNELS);
  MxRng rng;

  mx_rng_init (&rng, 7 + perturbed, mx_rng_stream (e->epoch, e->index));
  for (gsize i = 0; i < frames * CHANNELS; i++)
    samples[i] = (gfloat)((gap ? 0 : sin (speed * (gdouble)(i / CHANNELS))) +
                          .1 * mx_rng_normal (&rng));
  return samples;
}

static void
push_example (GstPad *pad, const Feed *feed, guint at)
{
  Example e = example_of (at % EXAMPLES, at / EXAMPLES);
  GstMxExample event = {.index = e.index, .epoch = e.epoch, .gap = TRUE};

  if (feed->gap > 0) {
    gst_pad_push_event (pad, gst_mx_example_event_new (&event));
    push (pad, make_samples (pad, &e, TRUE, feed->gap), feed->gap, feed->chunk,
        feed->isolated || at == 0);
  }
  rig_announce (pad, &e);
  push (pad, make_samples (pad, &e, FALSE, e.length), e.length, feed->chunk,
      feed->gap == 0 && (feed->isolated || at == 0));
}

static void
push_all (Rig *rig, const Feed *feed)
{
  guint n = EXAMPLES * EPOCHS;

  rig_begin (rig->clean, RATE, rig_labels, EXAMPLES, EPOCHS);
  rig_begin (rig->perturbed, RATE, rig_labels, EXAMPLES, EPOCHS);
  for (guint i = 0; i < 2 * n; i++) {
    guint at = feed->clean_first ? i % n : i / 2;
    gboolean clean = feed->clean_first ? i < n : i % 2 == 0;

    push_example (clean ? rig->clean : rig->perturbed, feed, at);
  }
  rig_end_both (rig);
}

/* @step: of the last message, or NULL. */
static GBytes *
train (const gchar *properties, const Feed *feed, guint64 *step)
{
  gchar *contents;
  gsize size;
  Rig rig;

  rig_init (&rig, properties, TRUE);
  fail_unless (g_file_set_contents (rig.architecture, architecture, -1, NULL));
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  push_all (&rig, feed);
  if (step != NULL) {
    GstMessage *message;

    while ((message = gst_bus_timed_pop_filtered (rig.bus, RIG_PATIENCE,
                GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR)) != NULL) {
      const GstStructure *s = gst_message_get_structure (message);
      gboolean last = gst_structure_has_field (s, "location");

      gst_structure_get_uint64 (s, "step", step);
      gst_message_unref (message);
      if (last)
        break;
    }
  }
  rig_expect_end (&rig);
  fail_unless (g_file_get_contents (rig.location, &contents, &size, NULL));
  rig_clear (&rig);
  return g_bytes_new_take (contents, size);
}

static MxNetwork *
train_network (const gchar *properties, const Feed *feed, guint64 *step)
{
  GBytes *bytes = train (properties, feed, step);
  GError *error = NULL;
  MxNetwork *network = mx_model_file_read (bytes, "trained", &error);

  fail_unless (network != NULL, "%s", error ? error->message : "");
  g_bytes_unref (bytes);
  return network;
}

/* The first row is what all others are compared to. */
static const struct {
  const gchar *properties;
  Feed feed;
  gboolean same;
} arrivals[] = {
    {"seed=5", {30, FALSE, 7, FALSE}, TRUE},
    {"seed=5", {30, FALSE, 1, FALSE}, TRUE},
    {"seed=5", {30, FALSE, 1000, FALSE}, TRUE},
    {"seed=5", {30, FALSE, 7, TRUE}, TRUE},
    {"seed=5 threads=2", {30, FALSE, 7, FALSE}, TRUE},
    {"seed=6", {30, FALSE, 7, FALSE}, FALSE},
    {"seed=5", {30, TRUE, 7, FALSE}, FALSE}, /* nothing came before */
    {"seed=5", {29, FALSE, 7, FALSE}, FALSE},
    {"seed=5 background-label=none", {30, FALSE, 7, FALSE}, FALSE},
};

GST_START_TEST (test_the_model_depends_on_the_stream_and_not_on_its_buffers)
{
  GBytes *a = train (arrivals[0].properties, &arrivals[0].feed, NULL);
  GBytes *b = train (arrivals[__i__].properties, &arrivals[__i__].feed, NULL);

  fail_unless_equals_int (g_bytes_equal (a, b), arrivals[__i__].same);
  g_bytes_unref (a);
  g_bytes_unref (b);
}
GST_END_TEST;

/* Windows of the session in the middle of `frames` frames of one thing. */
static guint
count_right (MxNetwork *network, guint64 index, gboolean gap, gsize label)
{
  enum { FRAMES = 200 };
  GstPad *pad = gst_pad_new ("clean", GST_PAD_SRC);
  Example e = {index, 99};
  gfloat *samples = make_samples (pad, &e, gap, FRAMES);
  MxSession *session = mx_session_new (network);
  guint right = 0, answers = 0;

  for (gsize at = 0; at < FRAMES;) {
    MxResult result;
    bool answered;

    at += mx_session_push (
        session, samples + at * CHANNELS, FRAMES - at, &result, &answered);
    if (!answered || result.start < 40)
      continue;
    answers++;
    right += result.label == label;
  }
  mx_session_free (session);
  g_free (samples);
  gst_object_unref (pad);
  fail_unless (answers > 20);
  return 100 * right / answers;
}

static const Feed continuous = {30, FALSE, 50, FALSE};

GST_START_TEST (test_what_was_trained_on_streams_knows_them)
{
  MxNetwork *network = train_network (
      "seed=2 learning-rate=.02 background-label=nothing", &continuous, NULL);

  fail_unless_equals_int (network->description->n_labels, 3);
  fail_unless_equals_string (network->description->labels[2], "nothing");
  fail_unless (count_right (network, 0, FALSE, 0) > 90);
  fail_unless (count_right (network, 1, FALSE, 1) > 90);
  fail_unless (count_right (network, 2, TRUE, 2) > 90);
  mx_network_unref (network);
}
GST_END_TEST;

/* Each row: frames of a gap; windows in it that are wholly there; at most three
 * in ten windows of all are trained on.  The last: of eleven minutes. */
static const struct {
  gsize gap, windows;
} gaps[] = {{15, 0}, {16, 1}, {31, 1}, {160, 10}, {660 * RATE, 1875}};

GST_START_TEST (test_gaps_are_examples_of_the_background_but_not_too_many)
{
  Feed feed = {.gap = gaps[__i__].gap, .chunk = 100};
  guint64 without, with;
  gdouble words = 0, most;

  for (guint i = 0; i < EXAMPLES; i++)
    words += EPOCHS * MAX (example_of (i, 0).length / WINDOW, 1);
  most =
      MIN ((gdouble)(EXAMPLES * EPOCHS * gaps[__i__].windows), words * .3 / .7);
  mx_network_unref (train_network ("", &feed, &without));
  mx_network_unref (train_network ("background-label=nothing", &feed, &with));
  fail_unless (fabs ((gdouble)without - words / 8) <= 1);
  fail_unless (fabs ((gdouble)with - (words + most) / 8) <= 1,
      "%" G_GUINT64_FORMAT " steps, expected %g", with, (words + most) / 8);
}
GST_END_TEST;

GST_START_TEST (test_isolated_examples_are_streams_of_their_own)
{
  Feed feed = {.isolated = TRUE, .chunk = 100};
  guint64 step = 0;

  mx_network_unref (train_network ("", &feed, &step));
  fail_unless (step > EXAMPLES * EPOCHS / 8);
}
GST_END_TEST;

GST_START_TEST (test_a_background_label_must_be_one_of_the_models)
{
  gchar *labelled = g_strconcat (
      "{\"labels\": [\"slow\", \"fast\"],", architecture + 1, NULL);
  Rig rig;

  rig_init (&rig, "background-label=nothing", TRUE);
  fail_unless (g_file_set_contents (rig.architecture, labelled, -1, NULL));
  gst_element_set_state (rig.pipeline, GST_STATE_PLAYING);
  push_all (&rig, &continuous);
  rig_expect_error (&rig, "\"nothing\"");
  rig_clear (&rig);
  g_free (labelled);
}
GST_END_TEST;

static Suite *
trainsink_stream_suite (void)
{
  Suite *suite = suite_create ("trainsink-stream");
  TCase *tcase = tcase_create ("trainsink-stream");

  suite_add_tcase (suite, tcase);
  tcase_set_timeout (tcase, 200);
  tcase_add_loop_test (tcase,
      test_the_model_depends_on_the_stream_and_not_on_its_buffers, 0,
      G_N_ELEMENTS (arrivals));
  tcase_add_test (tcase, test_what_was_trained_on_streams_knows_them);
  tcase_add_loop_test (tcase,
      test_gaps_are_examples_of_the_background_but_not_too_many, 0,
      G_N_ELEMENTS (gaps));
  tcase_add_test (tcase, test_isolated_examples_are_streams_of_their_own);
  tcase_add_test (tcase, test_a_background_label_must_be_one_of_the_models);
  return suite;
}

GST_CHECK_MAIN (trainsink_stream)
