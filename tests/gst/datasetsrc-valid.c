/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Examples that are there to measure with: the split "valid". */

#include "dataset-folder.h"
#include "dataset-run.h"

#define TRAIN 5
#define VALID 4

static gchar *folder;

static void
set_up (void)
{
  static const gchar *const splits[] = {"test", "train", "valid"};

  folder = folder_new ();
  for (guint s = 0; s < G_N_ELEMENTS (splits); s++)
    for (guint i = 0; i < (s == 2 ? VALID : TRAIN); i++) {
      g_autofree gchar *path =
          g_strdup_printf ("%s/%s/%u.wav", splits[s], i % 2 ? "a" : "b", i);

      wav_put_ramp (folder, path, 100, 1, 20 + i, 10.f * (gfloat)i);
    }
}

static void
tear_down (void)
{
  folder_free (folder);
}

static gboolean
is_valid (const Heard *heard)
{
  return g_strcmp0 (heard->is.split, GST_MX_SPLIT_VALID) == 0;
}

static gboolean
sounds_like (const Heard *a, const Heard *b)
{
  return a->is.index == b->is.index && a->samples->len == b->samples->len &&
         memcmp (a->samples->data, b->samples->data,
             a->samples->len * sizeof (gfloat)) == 0;
}

static const gchar *const ways[] = {
    "split=train,valid epochs=3",
    "split=valid,train epochs=3 shuffle=true seed=4",
    "split=train,valid epochs=3 shuffle=true pad-to=1000000000",
    "split=train,valid epochs=3 shuffle=true labelled-fraction=0",
};

GST_START_TEST (
    examples_to_measure_with_end_each_epoch_always_the_same_and_labelled)
{
  Run *run = run_to_eos (folder, ways[__i__]);

  fail_unless_equals_uint64 (run->dataset.examples, TRAIN + VALID);
  fail_unless_equals_uint64 (run->dataset.valid, VALID);
  fail_unless_equals_int (run->heard->len, 3 * (TRAIN + VALID));
  for (guint i = 0; i < run->heard->len; i++) {
    const Heard *heard = run_heard (run, i);
    guint at = i % (TRAIN + VALID);

    fail_unless_equals_int (heard->is.epoch, i / (TRAIN + VALID));
    fail_unless_equals_int (is_valid (heard), at >= TRAIN);
    if (at < TRAIN)
      continue;
    fail_unless (sounds_like (heard, run_heard (run, at)));
    fail_unless (heard->is.label != NULL);
    if (at > TRAIN)
      fail_unless (heard->is.index > (heard - 1)->is.index);
  }
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (the_others_are_shuffled_as_if_they_were_alone)
{
  Run *both =
      run_to_eos (folder, "split=train,valid epochs=2 shuffle=true seed=4");
  Run *alone = run_to_eos (folder, "split=train epochs=2 shuffle=true seed=4");

  for (guint i = 0; i < alone->heard->len; i++)
    fail_unless (sounds_like (
        run_heard (alone, i), run_heard (both, i + i / TRAIN * VALID)));
  fail_unless_equals_uint64 (alone->dataset.valid, 0);
  run_free (both);
  run_free (alone);
}
GST_END_TEST;

GST_START_TEST (in_one_stream_they_have_the_same_gaps_and_levels_in_each_epoch)
{
  Run *run = run_to_eos (folder,
      "split=train,valid epochs=2 mode=continuous level=-20 gain-low=-6 "
      "gain-high=6 gap-low=10000000 gap-high=900000000");
  const Heard *before[2 * VALID] = {NULL};
  guint found[2] = {0};

  for (guint i = 0; i < run->heard->len; i++) {
    const Heard *heard = run_heard (run, i);

    /* The gap that ends the stream belongs to no example. */
    if (!is_valid (heard) || found[heard->is.epoch] == 2 * VALID)
      continue;
    if (heard->is.epoch == 0)
      before[found[0]] = heard;
    else
      fail_unless (sounds_like (heard, before[found[1]]));
    found[heard->is.epoch]++;
  }
  fail_unless_equals_int (found[0], 2 * VALID);
  fail_unless_equals_int (found[1], 2 * VALID);
  run_free (run);
}
GST_END_TEST;

/* Two recordings of ann, the others of ben. */
static void
put_subjects (void)
{
  g_autoptr (GString) text = g_string_new ("path,label,split,subject\n");
  g_autofree gchar *filename = g_build_filename (folder, "manifest.csv", NULL);

  for (guint i = 0; i < TRAIN; i++)
    g_string_append_printf (text, "train/%s/%u.wav,%s,train,%s\n",
        i % 2 ? "a" : "b", i, i % 2 ? "a" : "b", i < 2 ? "ann" : "ben");
  fail_unless (g_file_set_contents (filename, text->str, -1, NULL));
}

GST_START_TEST (subjects_may_be_what_is_measured_with)
{
  Run *run;

  put_subjects ();
  run = run_to_eos (folder,
      "valid-subjects=ann split=train labelled-fraction=0 shuffle=true");
  fail_unless_equals_uint64 (run->dataset.valid, 2);
  fail_unless_equals_int (run->heard->len, TRAIN);
  for (guint i = 0; i < TRAIN; i++) {
    const Heard *heard = run_heard (run, i);
    gboolean last = i >= TRAIN - 2;

    fail_unless_equals_int (is_valid (heard), last);
    fail_unless_equals_string (heard->is.subject, last ? "ann" : "ben");
    fail_unless_equals_int (heard->is.label != NULL, last);
  }
  run_free (run);
}
GST_END_TEST;

static Suite *
datasetsrc_valid_suite (void)
{
  Suite *suite = suite_create ("datasetsrc-valid");
  TCase *tcase = tcase_create ("datasetsrc-valid");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase,
      examples_to_measure_with_end_each_epoch_always_the_same_and_labelled, 0,
      G_N_ELEMENTS (ways));
  tcase_add_test (tcase, the_others_are_shuffled_as_if_they_were_alone);
  tcase_add_test (
      tcase, in_one_stream_they_have_the_same_gaps_and_levels_in_each_epoch);
  tcase_add_test (tcase, subjects_may_be_what_is_measured_with);
  return suite;
}

GST_CHECK_MAIN (datasetsrc_valid)
