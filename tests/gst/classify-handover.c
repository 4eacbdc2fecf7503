/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Another model takes over while the stream plays: each window is one model's,
 * and the stream does not notice. */

#include "successor.h"

#define MAX_MODELS 4

/* --- any stream, any models, any moment --- */

/* The models that took over, and the frames they hear from. */
typedef struct {
  const Variant *variants[MAX_MODELS];
  guint64 origins[MAX_MODELS];
  guint n;
} Plan;

/* The rule, for equal rates: from where the next window would begin, but not
 * before the last model but one has answered.  FALSE: it has to wait. */
static gboolean
plan_next (Plan *plan, const Variant *variant, guint64 now)
{
  guint last = plan->n - 1;
  const Model *model = &plan->variants[last]->model;
  guint64 origin = plan->origins[last], heard = now > origin ? now - origin : 0;

  if (plan->n > 1) {
    const Model *before = &plan->variants[last - 1]->model;

    /* Its last window begins a hop before the successor's first. */
    if (now > 0 && origin > plan->origins[last - 1] &&
        origin - before->hop + before->window > now)
      return FALSE;
  }
  plan->variants[plan->n] = variant;
  plan->origins[plan->n++] =
      origin + (heard + model->hop - 1) / model->hop * model->hop;
  return TRUE;
}

/* Each was told of, with where it began. */
static void
assert_announced (const Plan *plan, const GPtrArray *models)
{
  /* One that came before the first sample is told of too. */
  guint early = models->len - (plan->n - 1);

  fail_unless (early <= 1, "%u of %u", models->len, plan->n);
  for (guint i = 1; i < plan->n; i++) {
    const GstStructure *told = models->pdata[early + i - 1];

    fail_unless_equals_string (
        gst_structure_get_string (told, "name"), plan->variants[i]->name);
    fail_unless_equals_int (get_uint (told, "exits"), plan->variants[i]->exits);
    fail_unless_equals_uint64 (get_uint64 (told, "running-time"),
        GST_SECOND + GST_FRAMES_TO_CLOCK_TIME (plan->origins[i], 8000));
  }
}

static GPtrArray *
expect (const Plan *plan, const gfloat *samples, gsize n)
{
  GPtrArray *all = structures_new ();

  for (guint i = 0; i < plan->n; i++) {
    const Model *model = &plan->variants[i]->model;
    guint64 origin = MIN (plan->origins[i], n);
    guint64 end = i + 1 < plan->n ? plan->origins[i + 1] : G_MAXUINT64;
    g_autoptr (MxNetwork) network = variant_network (plan->variants[i]);
    MxSession *session = mx_session_new (network);
    MxResult result;

    for (guint64 at = origin; at < n;) {
      bool answered;

      at += mx_session_push (
          session, samples + at * model->channels, n - at, &result, &answered);
      if (answered && origin + result.start < end) {
        GstStructure *answer = expected_answer (&result);

        gst_structure_set (answer, "timestamp", G_TYPE_UINT64,
            GST_FRAMES_TO_CLOCK_TIME (origin + result.start, model->rate),
            NULL);
        g_ptr_array_add (all, answer);
      }
    }
    mx_session_free (session);
  }
  return all;
}

static void
assert_same_windows (const GPtrArray *found, const GPtrArray *expected)
{
  assert_answers_match (found, expected, 0);
  for (guint i = 0; i < found->len; i++)
    fail_unless_equals_uint64 (get_uint64 (found->pdata[i], "timestamp"),
        get_uint64 (expected->pdata[i], "timestamp"));
}

/* Frames [first, first + n), in planes if the caps say so. */
static GstBuffer *
cut (const gfloat *samples, const GstAudioInfo *info, guint64 first, gsize n)
{
  gsize channels = GST_AUDIO_INFO_CHANNELS (info);
  GstBuffer *buffer = piece (
      samples, channels, first, n, GST_AUDIO_INFO_RATE (info), GST_SECOND);
  GstMapInfo map;

  if (GST_AUDIO_INFO_LAYOUT (info) == GST_AUDIO_LAYOUT_INTERLEAVED)
    return buffer;
  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (gsize i = 0; i < n * channels; i++)
    ((gfloat *)map.data)[i] = samples[(first + i % n) * channels + i / n];
  gst_buffer_unmap (buffer, &map);
  gst_buffer_add_audio_meta (buffer, info, n, NULL);
  return buffer;
}

static void
set_info (Classifier *c, GstAudioInfo *info, guint rate, guint channels,
    gboolean planar)
{
  g_autofree gchar *text = caps_of (GST_AUDIO_NE (F32), rate, channels, planar);
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);

  fail_unless (gst_audio_info_from_caps (info, caps));
  gst_harness_set_src_caps (c->harness, g_steal_pointer (&caps));
}

static void
push_untouched (Classifier *c, GstBuffer *buffer)
{
  g_autoptr (GstBuffer) sent = gst_buffer_copy_deep (buffer);
  g_autoptr (GstBuffer) found = NULL;
  GstMapInfo map;

  classifier_push (c, buffer);
  found = gst_harness_pull (c->harness);
  fail_unless (gst_buffer_map (sent, &map, GST_MAP_READ));
  fail_unless_equals_int (gst_buffer_get_size (found), map.size);
  fail_unless_equals_int (gst_buffer_memcmp (found, 0, map.data, map.size), 0);
  gst_buffer_unmap (sent, &map);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (found), GST_BUFFER_PTS (sent));
}

static void
draw_variants (MxRng *rng, Variant *variants, guint channels)
{
  static const gchar *const names[MAX_MODELS] = {"one", "two", "three", "four"};

  for (guint i = 0; i < MAX_MODELS; i++) {
    guint window = 20 + mx_rng_below (rng, 300);

    variants[i] = (Variant){
        .model = {8000, channels, window,
            1 + mx_rng_below (rng, window + window / 2)},
        .name = names[i],
        .exits = 1 + mx_rng_below (rng, 3),
    };
  }
}

typedef struct {
  MxRng rng;
  Variant variants[MAX_MODELS];
  gchar *files[MAX_MODELS];
  guint channels;
  gsize n; /* frames */
  gfloat *samples;
} Story;

static Story
story_new (guint64 seed)
{
  Story self = {.n = 2500};

  mx_rng_init (&self.rng, seed, 5);
  self.channels = 1 + mx_rng_below (&self.rng, 2);
  draw_variants (&self.rng, self.variants, self.channels);
  for (guint i = 0; i < MAX_MODELS; i++)
    self.files[i] = variant_file (&self.variants[i]);
  self.samples = noise (self.n * self.channels, seed);
  return self;
}

static void
story_clear (Story *self)
{
  for (guint i = 0; i < MAX_MODELS; i++) {
    g_remove (self->files[i]);
    g_free (self->files[i]);
  }
  g_free (self->samples);
}

/* Pushes the stream, and sets models one after the other in between. */
static Plan
play (Story *self, Classifier *c, const GstAudioInfo *info)
{
  Plan plan = {.variants = {&self->variants[0]}, .n = 1};
  const Variant *waiting = NULL;
  guint next = 1;

  for (guint64 at = 0; at < self->n;) {
    gsize n = 1 + mx_rng_below (&self->rng, 400);

    n = MIN (n, self->n - at);
    if (next < MAX_MODELS && mx_rng_below (&self->rng, 4) == 0) {
      waiting = &self->variants[next];
      g_object_set (c->element, "model-file", self->files[next++], NULL);
    }
    if (waiting != NULL && at == 0) {
      plan.variants[0] = waiting;
      waiting = NULL;
    } else if (waiting != NULL && plan_next (&plan, waiting, at)) {
      waiting = NULL;
    }
    push_untouched (c, cut (self->samples, info, at, n));
    at += n;
  }
  return plan;
}

GST_START_TEST (test_each_window_is_one_models)
{
  for (guint64 seed = __i__ * 20; seed < (guint64)__i__ * 20 + 20; seed++) {
    Story story = story_new (seed);
    Classifier c = classifier_with_file (story.files[0]);
    g_autoptr (GPtrArray) expected = NULL;
    g_autoptr (Posted) posted = NULL;
    GstAudioInfo info;
    Plan plan;

    set_info (&c, &info, 8000, story.channels, mx_rng_below (&story.rng, 2));
    plan = play (&story, &c, &info);
    gst_harness_push_event (c.harness, gst_event_new_eos ());
    posted = classifier_posted (&c);
    sort_results (posted->results);
    expected = expect (&plan, story.samples, story.n);
    for (guint i = 0; i < expected->len; i++)
      gst_structure_set (expected->pdata[i], "timestamp", G_TYPE_UINT64,
          GST_SECOND + get_uint64 (expected->pdata[i], "timestamp"), NULL);
    assert_same_windows (posted->results, expected);
    assert_announced (&plan, posted->models);
    fail_unless_equals_int (posted->errors, 0);
    fail_unless_equals_string (posted->warnings->str, "");
    classifier_free (&c);
    story_clear (&story);
  }
}
GST_END_TEST;

/* --- other rates --- */

static const struct {
  guint stream, one, two;
} rates[] = {
    {16000, 8000, 4000},
    {44100, 8000, 11025},
    {4000, 8000, 4000},
    {8000, 8000, 6000},
    {800, 800, 100},
};

/* What a model says alone of the frames from `first` on. */
static GPtrArray *
answers_alone (const gchar *file, const gfloat *samples, guint rate,
    guint64 from, guint64 n)
{
  Classifier c = classifier_with_file (file);
  g_autoptr (Posted) posted = NULL;
  GstAudioInfo info;

  set_info (&c, &info, rate, 1, FALSE);
  classifier_push (&c, cut (samples, &info, from, n - from));
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  posted = classifier_posted (&c);
  classifier_free (&c);
  return g_ptr_array_ref (posted->results);
}

/* The first `n` windows of the first model, all of the second's. */
static void
assert_split (
    const GPtrArray *found, const GPtrArray *one, const GPtrArray *two, guint n)
{
  fail_unless_equals_int (found->len, n + two->len);
  for (guint i = 0; i < found->len; i++) {
    const GstStructure *expected = i < n ? one->pdata[i] : two->pdata[i - n];
    GstClockTimeDiff off = GST_CLOCK_DIFF (get_uint64 (expected, "timestamp"),
        get_uint64 (found->pdata[i], "timestamp"));

    fail_unless (ABS (off) <= 1, "%" G_GINT64_FORMAT " ns", off);
    for (guint k = 0; k < CLASSES; k++)
      fail_unless (get_probability (found->pdata[i], k) ==
                   get_probability (expected, k));
  }
}

GST_START_TEST (test_models_of_other_rates_begin_at_the_same_moment)
{
  guint rate = rates[__i__].stream;
  const Variant one = {{rates[__i__].one, 1, 100, 37}, "one", 2};
  const Variant two = {{rates[__i__].two, 1, 60, 30}, "two", 3};
  g_autofree gchar *file_one = variant_file (&one);
  g_autofree gchar *file_two = variant_file (&two);
  const guint64 n = rate, now = n / 3;
  g_autofree gfloat *samples = noise (n, 3);
  guint64 step = now * one.model.rate / rate / one.model.hop + 1;
  guint64 boundary =
      gst_util_uint64_scale_ceil (step * one.model.hop, rate, one.model.rate);
  Classifier c = classifier_with_file (file_one);
  g_autoptr (GPtrArray) alone_one = NULL;
  g_autoptr (GPtrArray) alone_two = NULL;
  g_autoptr (Posted) posted = NULL;
  GstAudioInfo info;

  set_info (&c, &info, rate, 1, FALSE);
  classifier_push (&c, cut (samples, &info, 0, now));
  g_object_set (c.element, "model-file", file_two, NULL);
  for (guint64 at = now; at < n; at += 77)
    classifier_push (&c, cut (samples, &info, at, MIN (77, n - at)));
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  posted = classifier_posted (&c);
  sort_results (posted->results);
  alone_one = answers_alone (file_one, samples, rate, 0, n);
  alone_two = answers_alone (file_two, samples, rate, boundary, n);
  assert_split (posted->results, alone_one, alone_two, step);
  fail_unless_equals_int (posted->models->len, 1);
  classifier_free (&c);
  g_remove (file_one);
  g_remove (file_two);
}
GST_END_TEST;

static Suite *
classify_handover_suite (void)
{
  Suite *suite = suite_create ("classify-handover");
  TCase *tests = tcase_create ("classify-handover");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_each_window_is_one_models, 0, 5);
  tcase_add_loop_test (tests,
      test_models_of_other_rates_begin_at_the_same_moment, 0,
      G_N_ELEMENTS (rates));
  return suite;
}

GST_CHECK_MAIN (classify_handover);
