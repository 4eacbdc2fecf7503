/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The trained models that come with the project, on the recordings that come
 * with it.  Skipped, with the reason, where a build has none of them. */

#include "recordings.h"

#include "mx-perturb.h"

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
  MxNoise colour;
  gfloat level; /* root mean square; 0: silence */
  guint rate, channels;
} idle[] = {
    {MX_NOISE_WHITE, 0, 8000, 1},
    {MX_NOISE_WHITE, 0, 48000, 2},
    {MX_NOISE_WHITE, .06f, 8000, 1},
    {MX_NOISE_WHITE, .0006f, 8000, 1},
    {MX_NOISE_WHITE, .006f, 48000, 2},
    {MX_NOISE_PINK, .06f, 8000, 1},
    {MX_NOISE_PINK, .006f, 44100, 2},
};

/* Twenty seconds, always the same. */
static void
put_noise (guint which)
{
  const gsize n = 20 * idle[which].rate * idle[which].channels;
  g_autofree gfloat *noise = g_new (gfloat, n);
  MxRng rng;

  mx_rng_init (&rng, 1, which);
  mx_perturb_noise_fill (idle[which].colour, &rng, noise, n);
  for (gsize i = 0; i < n; i++)
    noise[i] *= idle[which].level;
  wav_put (folder, "noise.wav", 3, idle[which].rate, idle[which].channels, 32,
      noise, n * sizeof *noise);
}

static Run *
hear_noise (guint which)
{
  put_noise (which);
  return run_pipeline ("filesrc location=\"%s/noise.wav\" ! wavparse ! "
                       "mxclassify ! fakesink name=sink",
      folder);
}

GST_START_TEST (the_built_in_model_finds_nothing_in_noise_at_its_first_exit)
{
  g_autoptr (Run) run = hear_noise (__i__);
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

GST_START_TEST (the_activity_model_hears_the_same_motion_in_all_ways)
{
  g_autofree gchar *model = property_of ("activity.safetensors");
  g_autoptr (Run) expected = hear_motion (folder, 0, model);
  g_autoptr (Run) run = hear_motion (folder, __i__, model);
  guint frames = MOTION_SECONDS * MOTION_RATE;

  fail_unless_equals_int (run->results->len, 1 + (frames - 128) / 64);
  assert_same_labels (run, expected);
}
GST_END_TEST;

/* --- each model --- */

/* What each model says of itself in its card. */
static const struct {
  const gchar *name;
  guint channels, rate, window;
  const gchar *labels; /* in class order */
} models[] = {
    {"digits", 1, 8000, 8000,
        "eight five four nine one seven six three two zero"},
    {"activity", 6, 50, 128,
        "laying sitting standing walking walking_downstairs walking_upstairs"},
    {"activity-stream", 6, 50, 128,
        "laying sitting standing walking walking_downstairs walking_upstairs"},
    {"words-stream", 1, 8000, 8000,
        "eight five four nine one seven six three two zero nothing"},
    {"speech", 1, 16000, 16000, "down go left no right stop up yes"},
    {"ecg", 2, 360, 360, "normal premature_ventricular"},
    {"ecg-stream", 2, 360, 360, "normal nothing premature_ventricular"},
    {"emg", 8, 200, 160,
        "fist radial_deviation rest ulnar_deviation wrist_extension "
        "wrist_flexion"},
};

static gchar *
model_file (guint i, const gchar *suffix)
{
  g_autofree gchar *name = g_strconcat (models[i].name, suffix, NULL);

  return path_in (g_getenv ("MX_MODELS"), name);
}

/* Space-separated (g_free). */
static gchar *
labels_of (GstElement *classifier)
{
  GValue array = G_VALUE_INIT;
  GString *labels = g_string_new (NULL);

  g_value_init (&array, GST_TYPE_ARRAY);
  g_object_get_property (G_OBJECT (classifier), "labels", &array);
  for (guint i = 0; i < gst_value_array_get_size (&array); i++)
    g_string_append_printf (labels, "%s%s", i > 0 ? " " : "",
        g_value_get_string (gst_value_array_get_value (&array, i)));
  g_value_unset (&array);
  return g_string_free (labels, FALSE);
}

GST_START_TEST (a_model_knows_the_labels_of_its_card)
{
  g_autofree gchar *path = model_file (__i__, ".safetensors");
  g_autofree gchar *line = g_strdup_printf (
      "fakesrc ! mxclassify name=classifier model-file=\"%s\" ! fakesink",
      path);
  g_autoptr (GstElement) pipeline = launch (line);
  g_autoptr (GstElement) classifier =
      gst_bin_get_by_name (GST_BIN (pipeline), "classifier");
  g_autofree gchar *labels = NULL;

  fail_unless (gst_element_set_state (classifier, GST_STATE_PAUSED) !=
               GST_STATE_CHANGE_FAILURE);
  labels = labels_of (classifier);
  fail_unless_equals_string (labels, models[__i__].labels);
  gst_element_set_state (classifier, GST_STATE_NULL);
}
GST_END_TEST;

/* Noise: what it is called does not matter, but it is called something, at
 * every exit. */
GST_START_TEST (a_model_answers_each_window_of_its_sensor)
{
  g_autofree gchar *path = model_file (__i__, ".safetensors");
  guint window = models[__i__].window;
  g_autoptr (Run) run = run_pipeline (
      "audiotestsrc wave=white-noise volume=0.2 num-buffers=3 "
      "samplesperbuffer=%u ! "
      "audio/x-raw,format=F32LE,rate=%u,channels=%u,"
      "channel-mask=(bitmask)0x0 ! mxclassify model-file=\"%s\" "
      "hop=%" G_GUINT64_FORMAT " all-exits=true ! fakesink name=sink",
      window, models[__i__].rate, models[__i__].channels, path,
      gst_util_uint64_scale (window, GST_SECOND, models[__i__].rate));

  assert_ended (run);
  fail_unless_equals_int (run->results->len, 3);
  for (guint i = 0; i < 3; i++) {
    const GstStructure *result = run->results->pdata[i];
    gdouble confidence = -1;

    fail_unless (gst_structure_get_double (result, "confidence", &confidence));
    fail_unless (confidence > 0 && confidence <= 1, "%g", confidence);
    fail_unless (strstr (models[__i__].labels, label_of (run, i)) != NULL);
  }
}
GST_END_TEST;

GST_START_TEST (a_card_names_the_file_beside_it)
{
  g_autofree gchar *path = model_file (__i__, ".safetensors");
  g_autofree gchar *card_path = model_file (__i__, ".md");
  g_autofree gchar *bytes = NULL;
  g_autofree gchar *card = NULL;
  g_autofree gchar *sum = NULL;
  gsize n;

  fail_unless (g_file_get_contents (path, &bytes, &n, NULL), "%s", path);
  fail_unless (g_file_get_contents (card_path, &card, NULL, NULL));
  sum =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)bytes, n);
  fail_unless (
      strstr (card, sum) != NULL, "%s does not name %s", card_path, sum);
}
GST_END_TEST;

/* Of the source tree: what is there must work. */
static gboolean
find_model (guint i)
{
  g_autofree gchar *path = model_file (i, ".safetensors");
  gboolean found = g_file_test (path, G_FILE_TEST_EXISTS);

  if (!found)
    g_print ("skipped: there is no %s\n", path);
  return found;
}

enum { DIGITS, ACTIVITY, WORDS_STREAM = 3 }; /* of models */

static Suite *
shipped_suite (const gboolean *found)
{
  Suite *suite = suite_create ("pipelines-shipped");
  TCase *tcase = tcase_create ("shipped");

  suite_add_tcase (suite, tcase);
  tcase_add_unchecked_fixture (tcase, set_up, tear_down);
  if (found[DIGITS]) {
    tcase_add_loop_test (tcase,
        the_digits_model_hears_the_same_words_in_all_formats, 1,
        G_N_ELEMENTS (word_formats));
    tcase_add_loop_test (
        tcase, the_digits_model_hears_what_was_said, 0, G_N_ELEMENTS (depths));
  }
  if (found[WORDS_STREAM]) {
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
  if (found[ACTIVITY])
    tcase_add_loop_test (tcase,
        the_activity_model_hears_the_same_motion_in_all_ways, 1,
        G_N_ELEMENTS (motion_ways));
  for (gint i = 0; i < (gint)G_N_ELEMENTS (models); i++) {
    if (!found[i])
      continue;
    tcase_add_loop_test (tcase, a_model_knows_the_labels_of_its_card, i, i + 1);
    tcase_add_loop_test (
        tcase, a_model_answers_each_window_of_its_sensor, i, i + 1);
    tcase_add_loop_test (tcase, a_card_names_the_file_beside_it, i, i + 1);
  }
  return suite;
}

int
main (int argc, char **argv)
{
  gboolean found[G_N_ELEMENTS (models)];
  gboolean any = FALSE;

  gst_check_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    any |= found[i] = find_model (i);
  if (!any)
    return SKIPPED;
  return gst_check_run_suite (shipped_suite (found), "shipped", __FILE__);
}
