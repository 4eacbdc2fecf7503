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

GST_START_TEST (the_built_in_model_hears_the_same_words_in_all_formats)
{
  g_autoptr (Run) expected = hear_words (folder, 0, "");
  g_autoptr (Run) run = hear_words (folder, __i__, "");

  fail_unless_equals_int (run->results->len, WORDS);
  assert_same_labels (run, expected);
}
GST_END_TEST;

static const gchar *const depths[] = {"", "policy=last"};

GST_START_TEST (the_built_in_model_hears_what_was_said)
{
  g_autoptr (Run) run = hear_words (folder, 0, depths[__i__]);
  g_auto (GStrv) words = spoken_words ();
  guint right = 0;

  for (guint i = 0; i < WORDS; i++)
    right += g_str_equal (label_of (run, i), words[i]);
  fail_unless (right >= RIGHT, "%u words of %u are right", right, WORDS);
}
GST_END_TEST;

GST_START_TEST (the_activity_model_hears_the_same_motion_in_all_ways)
{
  g_autofree gchar *path =
      path_in (g_getenv ("MX_MODELS"), "activity.safetensors");
  g_autofree gchar *model = g_strdup_printf ("model-file=\"%s\"", path);
  g_autoptr (Run) expected = hear_motion (folder, 0, model);
  g_autoptr (Run) run = hear_motion (folder, __i__, model);
  guint frames = MOTION_SECONDS * MOTION_RATE;

  fail_unless_equals_int (run->results->len, 1 + (frames - 128) / 64);
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
shipped_suite (gboolean digits, gboolean activity)
{
  Suite *suite = suite_create ("pipelines-shipped");
  TCase *tcase = tcase_create ("shipped");

  suite_add_tcase (suite, tcase);
  tcase_add_unchecked_fixture (tcase, set_up, tear_down);
  if (digits) {
    tcase_add_loop_test (tcase,
        the_built_in_model_hears_the_same_words_in_all_formats, 1,
        G_N_ELEMENTS (word_formats));
    tcase_add_loop_test (tcase, the_built_in_model_hears_what_was_said, 0,
        G_N_ELEMENTS (depths));
  }
  if (activity)
    tcase_add_loop_test (tcase,
        the_activity_model_hears_the_same_motion_in_all_ways, 1,
        G_N_ELEMENTS (motion_ways));
  return suite;
}

int
main (int argc, char **argv)
{
  gboolean digits, activity;

  gst_check_init (&argc, &argv);
  digits = find_model ("digits.safetensors");
  activity = find_model ("activity.safetensors");
  if (!digits && !activity)
    return SKIPPED;
  return gst_check_run_suite (
      shipped_suite (digits, activity), "shipped", __FILE__);
}
