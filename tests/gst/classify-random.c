/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* One result per hop, at its time, however the stream is cut: thousands of
 * random streams, each held against what its samples must be answered with.
 * A failure prints the seed and the steps; MX_SEED=n plays that one alone. */

#include "packed.h"
#include "stream-oracle.h"
#include "stream-script.h"

#include "gst/multiexit/gstmxexample.h"

#define SCRIPTS 250
#define FINELY_CUT 70 /* frames of a step, to be fast */

static const Model models[] = {
    {8000, 1, 64, 32},
    {8000, 2, 40, 100},
    {50, 3, 8, 3},
    {8000, 1, 400, 160, "log-mel"},
};

typedef struct {
  Classifier c;
  Oracle oracle;
  const Script *script;
  GstAudioInfo info;
  MxRng rng; /* of how a step is cut */
} Player;

static void
push_event (Player *self, GstEvent *event)
{
  fail_unless (gst_harness_push_event (self->c.harness, event));
}

/* --- samples --- */

/* What the model is to hear of stream samples [n][channels]. */
static gfloat *
heard (const Player *self, const Step *step, const gfloat *samples)
{
  guint channels = self->oracle.model.channels;
  gboolean mixed = channels == 1 && step->channels == 2;
  gfloat *out = g_new0 (gfloat, step->frames * channels);

  for (guint64 i = 0; i < step->frames && step->kind == STEP_SOUND; i++)
    for (guint c = 0; c < channels; c++) {
      const gfloat *frame = samples + i * step->channels;

      out[i * channels + c] = mixed ? (frame[0] + frame[1]) / 2 : frame[c];
    }
  return out;
}

static GstClockTimeDiff
jitter (Player *self, const Step *step)
{
  gdouble most = self->script->clock == STEADY ? 0.45 * GST_SECOND / step->rate
                                               : 18. * GST_MSECOND;

  return mx_rng_range (&self->rng, -most, most);
}

static GstClockTime
stamp (Player *self, const Step *step, guint64 frame)
{
  GstClockTime time;
  GstClockTimeDiff by;

  if (!GST_CLOCK_TIME_IS_VALID (step->time))
    return GST_CLOCK_TIME_NONE;
  time = step->time + GST_FRAMES_TO_CLOCK_TIME (frame, step->rate);
  if (frame == 0)
    return time;
  if (mx_rng_chance (&self->rng, 0.1))
    return GST_CLOCK_TIME_NONE;
  by = jitter (self, step);
  return by < 0 && time < (GstClockTime)-by ? time : time + by;
}

static GstClockTime
push_buffer (Player *self, const Step *step, const gfloat *samples,
    guint64 first, gsize n)
{
  GstBuffer *buffer = packed (&self->info, samples + first * step->channels, n);
  GstClockTime time = stamp (self, step, first);

  GST_BUFFER_PTS (buffer) = time;
  if (mx_rng_chance (&self->rng, 0.2))
    split_memory (
        buffer, 1 + mx_rng_below (&self->rng, gst_buffer_get_size (buffer)));
  if (step->kind == STEP_GAP_BUFFERS)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  if (step->discont && first == 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  classifier_push (&self->c, buffer);
  return time;
}

/* On a steady clock the oracle is not told how the step was cut. */
static void
play_sound (Player *self, const Step *step)
{
  guint channels = self->oracle.model.channels;
  gboolean steady = self->script->clock == STEADY;
  g_autofree gfloat *samples =
      coarse_noise (step->frames * step->channels, step->seed);
  g_autofree gfloat *wanted = heard (self, step, samples);

  mx_rng_init (&self->rng, step->seed, 2);
  if (step->discont)
    oracle_finish (&self->oracle);
  if (steady)
    oracle_hear (&self->oracle, wanted, step->frames, step->time);
  for (guint64 first = 0, n; first < step->frames; first += n) {
    guint64 left = step->frames - first;
    GstClockTime time;

    n = step->cut == G_MAXSIZE
            ? left
            : 1 + mx_rng_below (&self->rng,
                      MIN (left, first < FINELY_CUT ? step->cut : left));
    time = push_buffer (self, step, samples, first, n);
    if (!steady)
      oracle_hear (&self->oracle, wanted + first * channels, n, time);
  }
}

static void
play_empty_buffer (Player *self, const Step *step)
{
  GstBuffer *buffer = gst_buffer_new ();

  if (step->discont) {
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    oracle_finish (&self->oracle);
  }
  classifier_push (&self->c, buffer);
}

/* --- events --- */

static void
play_segment (Player *self, const Step *step)
{
  push_event (self, gst_event_new_segment (&step->segment));
  oracle_set_segment (&self->oracle, &step->segment);
}

static void
play_caps (Player *self, const Step *step)
{
  g_autofree gchar *text =
      caps_of (step->format, step->rate, step->channels, step->planar);
  g_autoptr (GstCaps) caps =
      gst_caps_make_writable (gst_caps_from_string (text));
  GstAudioInfo info;

  fail_unless (gst_audio_info_from_caps (&info, caps));
  /* Other caps that say the same of the samples. */
  gst_caps_set_simple (caps, "x-step", G_TYPE_INT64, (gint64)step->seed, NULL);
  push_event (self, gst_event_new_caps (caps));
  if (!gst_audio_info_is_equal (&info, &self->info))
    oracle_set_rate (&self->oracle, step->rate);
  self->info = info;
}

static void
play_alignment (Player *self, const Step *step)
{
  g_object_set (self->c.harness->element, "alignment-threshold",
      step->threshold, "discont-wait", step->wait, NULL);
  self->oracle.threshold = step->threshold;
  self->oracle.wait = step->wait;
}

static void
play_stream (Player *self, const Step *step)
{
  push_event (self, gst_event_new_stream_start ("stream"));
  oracle_finish (&self->oracle);
  play_caps (self, step);
  play_segment (self, step);
}

static void
play_flush (Player *self, const Step *step)
{
  push_event (self, gst_event_new_flush_start ());
  push_event (self, gst_event_new_flush_stop (TRUE));
  oracle_forget (&self->oracle);
  play_segment (self, step);
}

static void
play_end (Player *self, GstEvent *event)
{
  push_event (self, event);
  oracle_finish (&self->oracle);
}

static void
play (Player *self, const Step *step)
{
  GstMxExample example = {.label = (gchar *)"a"};

  switch (step->kind) {
  case STEP_SOUND:
  case STEP_GAP_BUFFERS:
    play_sound (self, step);
    break;
  case STEP_EMPTY_BUFFER:
    play_empty_buffer (self, step);
    break;
  case STEP_GAP_EVENT:
    push_event (self, gst_event_new_gap (step->time, step->duration));
    oracle_hear_gap (&self->oracle, step->time, step->duration);
    break;
  case STEP_EXAMPLE:
    push_event (self, gst_mx_example_event_new (&example));
    break;
  case STEP_TAG:
    push_event (
        self, gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "t", NULL)));
    break;
  case STEP_SEGMENT:
    play_segment (self, step);
    break;
  case STEP_FLUSH:
    play_flush (self, step);
    break;
  case STEP_ALIGNMENT:
    play_alignment (self, step);
    break;
  case STEP_CAPS:
  case STEP_SAME_CAPS:
    play_caps (self, step);
    break;
  case STEP_SEGMENT_DONE:
    play_end (self, gst_event_new_segment_done (GST_FORMAT_TIME, 0));
    break;
  case STEP_GROUP_DONE:
    play_end (self, gst_event_new_stream_group_done (1));
    break;
  case STEP_STREAM:
    play_stream (self, step);
    break;
  case STEP_EOS:
    play_end (self, gst_event_new_eos ());
    play_stream (self, step);
    break;
  }
}

/* --- comparing --- */

/* Times may be a rounding apart; at other rates doubles count them. */
static gboolean
times_agree (const GstStructure *a, const GstStructure *b, const gchar *field)
{
  guint64 x = get_uint64 (a, field), y = get_uint64 (b, field);

  if (x == GST_CLOCK_TIME_NONE || y == GST_CLOCK_TIME_NONE)
    return x == y;
  return MAX (x, y) - MIN (x, y) <= 2 + (x >> 50);
}

static gboolean
answers_agree (const GstStructure *a, const GstStructure *b)
{
  gboolean edge = FALSE;

  gst_structure_get_boolean (b, "edge", &edge);
  for (guint k = 0; k < CLASSES; k++)
    if (get_probability (a, k) != get_probability (b, k))
      return FALSE;
  return get_uint (a, "exit") == get_uint (b, "exit") &&
         get_uint (a, "class") == get_uint (b, "class") &&
         times_agree (a, b, "timestamp") && times_agree (a, b, "duration") &&
         (edge || (times_agree (a, b, "stream-time") &&
                      times_agree (a, b, "running-time")));
}

static void
compare (Player *self, guint64 *sequence)
{
  g_autoptr (GPtrArray) found = classifier_messages (&self->c);
  g_autoptr (GPtrArray) metas = classifier_metas (&self->c);
  g_autoptr (GPtrArray) events = classifier_events (&self->c);
  g_autofree gchar *script = script_print (self->script);
  GPtrArray *expected = self->oracle.answers;

  for (guint i = 0; i < MIN (found->len, expected->len); i++) {
    g_autofree gchar *a = gst_structure_to_string (found->pdata[i]);
    g_autofree gchar *b = gst_structure_to_string (expected->pdata[i]);

    fail_unless (answers_agree (found->pdata[i], expected->pdata[i]),
        "%sanswer %u: found %s, expected %s", script, i, a, b);
    fail_unless_equals_uint64 (
        get_uint64 (found->pdata[i], "sequence"), (*sequence)++);
  }
  fail_unless (found->len == expected->len, "%s%u answers, expected %u", script,
      found->len, expected->len);
  fail_unless_equals_int (metas->len + events->len, found->len);
  g_ptr_array_set_size (expected, 0);
}

static guint
play_script (Player *self, const Script *script, guint64 *sequence)
{
  guint64 before = *sequence;

  self->script = script;
  play_alignment (self, &script->steps[0]);
  for (guint i = 0; i < SCRIPT_STEPS; i++)
    play (self, &script->steps[i]);
  compare (self, sequence);
  return *sequence - before;
}

/* The streams follow each other through one element. */
static guint
play_scripts (const Model *model, Clock clock, guint64 seed, guint n)
{
  Player player = {.c = classifier_new (model), .oracle = oracle_new (model)};
  guint64 sequence = 0;
  guint most = 0;

  for (guint64 i = seed; i < seed + n; i++) {
    Script script = {.seed = i,
        .clock = clock,
        .model_rate = model->rate,
        .model_channels = model->channels,
        .window = model->window};

    script_make (&script);
    most = MAX (most, play_script (&player, &script, &sequence));
  }
  oracle_free (&player.oracle);
  classifier_free (&player.c);
  return most;
}

static void
play_all (Clock clock)
{
  const gchar *only = g_getenv ("MX_SEED");

  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    if (only != NULL)
      play_scripts (&models[i], clock, g_ascii_strtoull (only, NULL, 10), 1);
    else
      fail_unless (play_scripts (&models[i], clock, 1, SCRIPTS) > 5);
  }
}

GST_START_TEST (test_answers_do_not_depend_on_how_a_stream_is_cut)
{
  play_all (STEADY);
}
GST_END_TEST;

GST_START_TEST (test_answers_follow_a_clock_that_jitters)
{
  play_all (UNSTEADY);
}
GST_END_TEST;

static Suite *
classify_random_suite (void)
{
  Suite *suite = suite_create ("classify-random");
  TCase *tests = tcase_create ("classify-random");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_answers_do_not_depend_on_how_a_stream_is_cut);
  tcase_add_test (tests, test_answers_follow_a_clock_that_jitters);
  return suite;
}

GST_CHECK_MAIN (classify_random);
