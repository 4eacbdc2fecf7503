/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The trained models that come with the project, on the recordings that come
 * with it.  Skipped, with the reason, where a build has none of them. */

#include "recordings.h"

#define SKIPPED 77 /* to meson */
#define RIGHT 8    /* of WORDS, at least: voices it never heard */

static gchar *folder;

static void
set_up (void)
{
  folder = folder_new ();
  put_motion (folder);
}

static void
tear_down (void)
{
  folder_free (folder);
}

static void
assert_same_labels (const Run *run, const Run *expected)
{
  fail_unless_equals_int (run->results->len, expected->results->len);
  for (guint i = 0; i < run->results->len; i++)
    fail_unless_equals_string (label_of (run, i), label_of (expected, i));
}

/* --- digits, a window for each --- */

static gchar *
property_of (const gchar *model)
{
  g_autofree gchar *path = path_in (g_getenv ("MX_MODELS"), model);

  return g_strdup_printf ("model-file=\"%s\"", path);
}

GST_START_TEST (the_digits_model_hears_the_same_words_in_all_formats)
{
  g_autofree gchar *model = property_of ("digits.safetensors");
  g_autoptr (Run) expected = hear_words (folder, 0, model);
  g_autoptr (Run) run = hear_words (folder, __i__, model);

  fail_unless_equals_int (run->results->len, WORDS);
  assert_same_labels (run, expected);
}
GST_END_TEST;

static const gchar *const depths[] = {"", "policy=last"};

static void
assert_right (guint right)
{
  fail_unless (right >= RIGHT, "%u words of %u are right", right, WORDS);
}

GST_START_TEST (the_digits_model_hears_what_was_said)
{
  g_autofree gchar *model = property_of ("digits.safetensors");
  g_autofree gchar *properties =
      g_strdup_printf ("%s %s", model, depths[__i__]);
  g_autoptr (Run) run = hear_words (folder, 0, properties);
  g_auto (GStrv) words = spoken_words ();
  guint right = 0;

  for (guint i = 0; i < WORDS; i++)
    right += g_str_equal (label_of (run, i), words[i]);
  assert_right (right);
}
GST_END_TEST;

/* --- the built-in model: a window each tenth of a second --- */

#define HOPS 10    /* in a second, which is a window */
#define SPACING 20 /* hops from word to word; the first window of one at 5 */
#define STREAM (SPACING * WORDS - HOPS + 1)

static Run *
hear_stream (guint format, const gchar *properties)
{
  Run *run = hear_recording (folder, format, "words.wav", properties);

  fail_unless_equals_int (run->results->len, STREAM);
  return run;
}

GST_START_TEST (the_built_in_model_hears_what_was_said)
{
  g_autoptr (Run) run = hear_stream (0, depths[__i__]);
  g_auto (GStrv) words = spoken_words ();
  guint right = 0;

  for (guint i = 0; i < WORDS; i++)
    right += g_str_equal (label_of (run, SPACING * i + 5), words[i]);
  assert_right (right);
}
GST_END_TEST;

GST_START_TEST (the_built_in_model_hears_nothing_between_the_words)
{
  g_autoptr (Run) run = hear_stream (0, depths[__i__]);

  for (guint i = 1; i < WORDS; i++)
    fail_unless_equals_string (label_of (run, SPACING * i - 5), "nothing");
}
GST_END_TEST;

GST_START_TEST (the_built_in_model_hears_the_same_words_in_all_formats)
{
  g_autoptr (Run) expected = hear_stream (0, "");
  g_autoptr (Run) run = hear_stream (__i__, "");

  assert_same_labels (run, expected);
}
GST_END_TEST;

static const struct {
  const gchar *wave;
  gdouble volume;
  const gchar *caps;
} idle[] = {
    {"silence", 1, "rate=8000,channels=1"},
    {"silence", 1, "rate=48000,channels=2"},
    {"white-noise", .1, "rate=8000,channels=1"},
    {"white-noise", .001, "rate=8000,channels=1"},
    {"white-noise", .01, "rate=48000,channels=2"},
    {"pink-noise", .1, "rate=8000,channels=1"},
    {"pink-noise", .01, "rate=44100,channels=2"},
};

GST_START_TEST (the_built_in_model_finds_nothing_in_noise_at_its_first_exit)
{
  g_autoptr (Run) run = run_pipeline (
      "audiotestsrc wave=%s volume=%g samplesperbuffer=500 num-buffers=320 ! "
      "audio/x-raw,%s ! mxclassify ! fakesink name=sink",
      idle[__i__].wave, idle[__i__].volume, idle[__i__].caps);
  guint early = 0;

  assert_ended (run);
  for (guint i = 0; i < run->results->len; i++) {
    fail_unless_equals_string (label_of (run, i), "nothing");
    early += get_uint (run->results->pdata[i], "exit") == 1;
  }
  fail_unless (run->results->len > 0);
  fail_unless (early >= .9 * run->results->len, "%u of %u leave at exit 1",
      early, run->results->len);
}
GST_END_TEST;

/* --- activity --- */

static const struct {
  const gchar *model;
  guint hop; /* samples */
} activity_models[] = {
    {"activity.safetensors", 64}, {"activity-stream.safetensors", 13}};
#define WAYS G_N_ELEMENTS (motion_ways)

/* __i__: the model and the way. */
GST_START_TEST (the_activity_models_hear_the_same_motion_in_all_ways)
{
  guint i = __i__ / WAYS;
  g_autofree gchar *model = property_of (activity_models[i].model);
  g_autoptr (Run) expected = hear_motion (folder, 0, model);
  g_autoptr (Run) run = hear_motion (folder, __i__ % WAYS, model);
  guint frames = MOTION_SECONDS * MOTION_RATE;

  fail_unless_equals_int (
      run->results->len, 1 + (frames - 128) / activity_models[i].hop);
  assert_same_labels (run, expected);
}
GST_END_TEST;

/* Of the source tree: what is there must work. */
static gboolean
find_model (const gchar *name)
{
  g_autofree gchar *path = path_in (g_getenv ("MX_MODELS"), name);
  gboolean found = g_file_test (path, G_FILE_TEST_EXISTS);

  if (!found)
    g_print ("skipped: there is no %s\n", path);
  return found;
}

static Suite *
shipped_suite (gboolean digits, gboolean words, gboolean activity)
{
  Suite *suite = suite_create ("pipelines-shipped");
  TCase *tcase = tcase_create ("shipped");

  suite_add_tcase (suite, tcase);
  tcase_add_unchecked_fixture (tcase, set_up, tear_down);
  if (digits) {
    tcase_add_loop_test (tcase,
        the_digits_model_hears_the_same_words_in_all_formats, 1,
        G_N_ELEMENTS (word_formats));
    tcase_add_loop_test (
        tcase, the_digits_model_hears_what_was_said, 0, G_N_ELEMENTS (depths));
  }
  if (words) {
    tcase_add_loop_test (tcase, the_built_in_model_hears_what_was_said, 0,
        G_N_ELEMENTS (depths));
    tcase_add_loop_test (tcase,
        the_built_in_model_hears_nothing_between_the_words, 0,
        G_N_ELEMENTS (depths));
    tcase_add_loop_test (tcase,
        the_built_in_model_hears_the_same_words_in_all_formats, 1,
        G_N_ELEMENTS (word_formats));
    tcase_add_loop_test (tcase,
        the_built_in_model_finds_nothing_in_noise_at_its_first_exit, 0,
        G_N_ELEMENTS (idle));
  }
  if (activity)
    tcase_add_loop_test (tcase,
        the_activity_models_hear_the_same_motion_in_all_ways, 0,
        WAYS * G_N_ELEMENTS (activity_models));
  return suite;
}

int
main (int argc, char **argv)
{
  gboolean digits, words, activity;

  gst_check_init (&argc, &argv);
  digits = find_model ("digits.safetensors");
  words = find_model ("words-stream.safetensors");
  activity = find_model ("activity.safetensors") &&
             find_model ("activity-stream.safetensors");
  if (!digits && !words && !activity)
    return SKIPPED;
  return gst_check_run_suite (
      shipped_suite (digits, words, activity), "shipped", __FILE__);
}
