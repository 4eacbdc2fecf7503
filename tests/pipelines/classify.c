/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Recordings through decodebin and mxclassify, with models that know what they
 * must answer. */

#include "recordings.h"
#include "stand-in.h"

#define EXITS 3
#define STAGE(filters, pool)                                                   \
  "{\"layers\": [{\"kind\": \"conv1d\", \"filters\": " filters                 \
  ", \"kernel\": 5, \"stride\": 2, \"bias\": false},"                          \
  " {\"kind\": \"batch-norm\"}, {\"kind\": \"relu\"}],"                        \
  " \"exit\": [{\"kind\": \"pool\", \"method\": \"" pool                       \
  "\"}, {\"kind\": \"dense\"}]}"

static const gchar words_json[] =
    "{\"name\": \"words\","
    " \"input\": {\"rate\": 8000, \"channels\": 1, \"window\": 8000},"
    " \"front-end\": {\"kind\": \"log-mel\", \"mean\": -7, \"std\": 1.5},"
    " \"stages\": [" STAGE ("16", "mean+max") ", " STAGE (
        "16", "mean") ", " STAGE ("24", "mean") "]}";

static const gchar axes_json[] =
    "{\"name\": \"axes\","
    " \"input\": {\"rate\": 50, \"channels\": 6, \"window\": 50},"
    " \"front-end\": {\"kind\": \"raw\", \"std\": 3},"
    " \"stages\": [" STAGE ("12", "mean+max") ", " STAGE (
        "12", "mean+max") ", " STAGE ("16", "mean+max") "]}";

static const gchar *const axes[] = {
    "x", "y", "z", "roll", "pitch", "yaw", NULL};

static gchar *folder, *words_model, *axes_model;

/* --- models --- */

static void
make_words_model (void)
{
  g_autofree gchar *recording = sample_path ("digits.wav");
  g_autofree gchar *contents = NULL;
  g_autofree gfloat *samples = g_new (gfloat, WORDS * 8000);
  g_auto (GStrv) words = spoken_words ();
  const guint header = 44;
  gsize size;

  fail_unless (g_file_get_contents (recording, &contents, &size, NULL));
  fail_unless_equals_uint64 (size, header + WORDS * 8000 * 2);
  for (guint i = 0; i < WORDS * 8000; i++)
    samples[i] =
        (gint16)GST_READ_UINT16_LE (contents + header + 2 * i) / 32768.f;
  words_model = path_in (folder, "words.safetensors");
  save_stand_in (words_model, words_json, (const gchar *const *)words, samples);
}

static void
set_up (void)
{
  g_autofree gfloat *motion = new_motion ();

  folder = folder_new ();
  make_words_model ();
  axes_model = path_in (folder, "axes.safetensors");
  save_stand_in (axes_model, axes_json, axes, motion);
  put_motion (folder);
}

static void
tear_down (void)
{
  folder_free (folder);
  g_free (words_model);
  g_free (axes_model);
}

/* --- answers --- */

static void
assert_seconds_follow (const Run *run, guint seconds)
{
  fail_unless_equals_int (run->results->len, seconds);
  for (guint i = 0; i < seconds; i++) {
    const GstStructure *result = run->results->pdata[i];

    fail_unless_equals_uint64 (get_uint64 (result, "sequence"), i);
    fail_unless_equals_uint64 (
        get_uint64 (result, "timestamp"), i * GST_SECOND);
    fail_unless_equals_uint64 (get_uint64 (result, "duration"), GST_SECOND);
  }
}

static void
assert_messages_match (const Run *run)
{
  fail_unless_equals_int (run->messages->len, run->results->len);
  for (guint i = 0; i < run->results->len; i++)
    assert_fields_equal (run->messages->pdata[i], run->results->pdata[i]);
}

GST_START_TEST (each_second_is_heard_alike_in_all_formats)
{
  g_autofree gchar *model = g_strdup_printf ("model-file=\"%s\"", words_model);
  g_autoptr (Run) run = hear_words (folder, __i__, model);
  g_auto (GStrv) words = spoken_words ();

  assert_seconds_follow (run, WORDS);
  assert_messages_match (run);
  for (guint i = 0; i < WORDS; i++)
    fail_unless_equals_string (label_of (run, i), words[i]);
}
GST_END_TEST;

GST_START_TEST (six_channels_are_heard_by_index_whatever_their_mask)
{
  g_autofree gchar *model = g_strdup_printf ("model-file=\"%s\"", axes_model);
  g_autoptr (Run) run = hear_motion (folder, __i__, model);

  assert_seconds_follow (run, MOTION_SECONDS);
  assert_messages_match (run);
  for (guint i = 0; i < MOTION_SECONDS; i++)
    fail_unless_equals_string (label_of (run, i), axes[i % AXES]);
}
GST_END_TEST;

/* --- bytes --- */

static void
assert_untouched (const gchar *source, const gchar *model)
{
  g_autoptr (Run) bare = run_pipeline ("%s ! fakesink name=sink", source);
  g_autoptr (Run) heard = run_pipeline (
      "%s ! mxclassify model-file=\"%s\" ! fakesink name=sink", source, model);

  assert_ended (bare);
  assert_ended (heard);
  fail_unless (heard->results->len > 0);
  fail_unless (bare->length > 0);
  fail_unless_equals_uint64 (heard->length, bare->length);
  fail_unless_equals_string (g_checksum_get_string (heard->checksum),
      g_checksum_get_string (bare->checksum));
  fail_unless (gst_caps_is_equal (heard->caps, bare->caps));
}

GST_START_TEST (a_recording_of_any_format_passes_untouched)
{
  g_autofree gchar *recording = convert_recording (folder, __i__, "digits.wav");
  g_autofree gchar *source =
      g_strdup_printf ("filesrc location=\"%s\" ! decodebin", recording);

  assert_untouched (source, words_model);
}
GST_END_TEST;

GST_START_TEST (six_channels_pass_untouched)
{
  g_autofree gchar *source = motion_source (folder, __i__);

  assert_untouched (source, axes_model);
}
GST_END_TEST;

/* --- cost --- */

static const struct {
  const gchar *properties;
  guint exit; /* that answers; 0: any */
} policies[] = {
    {"max-exit=1", 1},
    {"max-exit=2 policy=last", 2},
    {"policy=last", 3},
    {"exit-threshold=0", 1},
    {"exit-threshold=0 min-exit=2", 2},
    {"exit-threshold=1", 0},
    {"policy=entropy exit-threshold=0.9", 0},
    {"policy=patience patience=2", 2},
};

static void
assert_cost (const MxProgram *program, const GstStructure *result)
{
  guint exit = get_uint (result, "exit");
  guint64 macs = get_uint64 (result, "macs");
  guint64 sum = 0;

  for (guint stage = 0; stage < exit; stage++)
    sum += program->stages[stage].macs;
  fail_unless_equals_uint64 (macs, sum);
  fail_unless_equals_uint64 (get_uint64 (result, "macs-full"), program->macs);
  fail_unless ((exit < EXITS) == (macs < program->macs));
}

GST_START_TEST (an_answer_costs_what_was_computed_up_to_its_exit)
{
  g_autofree gchar *properties = g_strdup_printf (
      "model-file=\"%s\" %s", words_model, policies[__i__].properties);
  g_autoptr (Run) run = hear_words (folder, 0, properties);
  g_autoptr (MxNetwork) network = mx_model_file_load (words_model, NULL);

  fail_unless_equals_int (run->results->len, WORDS);
  for (guint i = 0; i < WORDS; i++) {
    const GstStructure *result = run->results->pdata[i];

    if (policies[__i__].exit > 0)
      fail_unless_equals_int (get_uint (result, "exit"), policies[__i__].exit);
    fail_unless_equals_int (get_uint (result, "exits"), EXITS);
    assert_cost (network->program, result);
  }
}
GST_END_TEST;

static Suite *
classify_suite (void)
{
  Suite *suite = suite_create ("pipelines-classify");
  TCase *tcase = tcase_create ("classify");

  suite_add_tcase (suite, tcase);
  tcase_add_unchecked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase, each_second_is_heard_alike_in_all_formats, 0,
      G_N_ELEMENTS (word_formats));
  tcase_add_loop_test (tcase,
      six_channels_are_heard_by_index_whatever_their_mask, 0,
      G_N_ELEMENTS (motion_ways));
  tcase_add_loop_test (tcase, a_recording_of_any_format_passes_untouched, 0,
      G_N_ELEMENTS (word_formats));
  tcase_add_loop_test (
      tcase, six_channels_pass_untouched, 0, G_N_ELEMENTS (motion_ways));
  tcase_add_loop_test (tcase, an_answer_costs_what_was_computed_up_to_its_exit,
      0, G_N_ELEMENTS (policies));
  return suite;
}

GST_CHECK_MAIN (classify);
