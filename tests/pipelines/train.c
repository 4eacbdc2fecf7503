/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* From a folder of recordings to a model that hears others right. */

#include "pipeline.h"
#include "tones.h"

#define RECORDINGS 40
#define FRESH 30
#define ENOUGH .85 /* of the fresh ones; a guess has .33 */

#define MXPERTURB "mxperturb seed=1"
#define ECHO                                                                   \
  "audioecho max-delay=100000000 delay=40000000 intensity=0.5 feedback=0.3"
#define LOW_PASS "audiocheblimit mode=low-pass cutoff=3000"

static gchar *folder, *architecture, *model;

static void
set_up (void)
{
  folder = folder_new ();
  put_tones (folder, "train", 1, RECORDINGS);
  put_tones (folder, "fresh", 2, FRESH);
  folder_put (folder, "tones.json", tones_json, -1);
  architecture = path_in (folder, "tones.json");
  model = path_in (folder, "tones.safetensors");
}

static void
tear_down (void)
{
  folder_free (folder);
  g_free (architecture);
  g_free (model);
}

/* --- training and evaluation --- */

#define EPOCHS 8
#define DATA "epochs=8 shuffle=true "

/* @data, @sink: properties of mxdatasetsrc and mxtrainsink; @perturbation:
 * elements, NULL: no second branch. */
static gchar *
training (const gchar *data, const gchar *perturbation, const gchar *sink)
{
  g_autofree gchar *branch = NULL;

  if (perturbation != NULL)
    branch =
        g_strdup_printf ("t. ! queue ! %s ! train.perturbed", perturbation);
  return g_strdup_printf (
      "mxdatasetsrc location=\"%s/train\" %s ! "
      "tee name=t t. ! queue ! train.clean %s "
      "mxtrainsink name=train architecture=\"%s\" location=\"%s\" "
      "batch-size=16 learning-rate=0.01 warm-up=3 %s",
      folder, data, branch ? branch : "", architecture, model, sink);
}

static Run *
train (const gchar *data, const gchar *perturbation, const gchar *sink)
{
  g_autofree gchar *line = training (data, perturbation, sink);

  return run_pipeline ("%s", line);
}

static GstStructure *
evaluate (const gchar *name, const gchar *data)
{
  g_autoptr (Run) run = run_pipeline (
      "mxdatasetsrc location=\"%s/%s\" %s ! "
      "mxclassify model-file=\"%s\" policy=last post-messages=false ! "
      "mxevalsink",
      folder, name, data, model);
  const GstStructure *report;

  assert_ended (run);
  report = last_message (run, "mxevalsink");
  fail_unless (report != NULL);
  return gst_structure_copy (report);
}

static void
assert_model_is_good (void)
{
  g_autoptr (GstStructure) report = evaluate ("fresh", "");
  gdouble accuracy = 0;

  fail_unless_equals_uint64 (get_uint64 (report, "labelled"), FRESH);
  fail_unless_equals_int (get_uint (report, "exits"), 2);
  gst_structure_get_double (report, "accuracy", &accuracy);
  fail_unless (accuracy >= ENOUGH, "accuracy %g", accuracy);
}

static GBytes *
model_bytes (void)
{
  gchar *contents;
  gsize size;

  fail_unless (g_file_get_contents (model, &contents, &size, NULL));
  return g_bytes_new_take (contents, size);
}

static GBytes *
trained_bytes (const gchar *data, const gchar *sink)
{
  g_autoptr (Run) run = train (data, MXPERTURB, sink);

  assert_ended (run);
  return model_bytes ();
}

/* --- what a training is --- */

GST_START_TEST (training_ends_by_eos_and_says_how_it_went)
{
  g_autoptr (Run) run = train (DATA "seed=1", MXPERTURB, "seed=1");
  const GstStructure *last;
  guint epoch = 0;

  assert_ended (run);
  fail_unless_equals_int (run->progress->str[0], 'S');
  fail_unless_equals_int (run->progress->str[run->progress->len - 1], 'C');
  fail_unless_equals_int (run->messages->len, EPOCHS + 1);
  for (guint i = 0; i < EPOCHS; i++) {
    epoch = get_uint (run->messages->pdata[i], "epoch");
    fail_unless_equals_int (epoch, i + 1);
  }
  last = last_message (run, "mxtrainsink");
  fail_unless_equals_string (
      gst_structure_get_string (last, "location"), model);
  fail_unless_equals_uint64 (
      get_uint64 (last, "step"), RECORDINGS * EPOCHS / 16);
  fail_unless_equals_uint64 (
      get_uint64 (last, "steps"), get_uint64 (last, "step"));
}
GST_END_TEST;

static const struct {
  const gchar *data, *perturbation, *sink;
} recipes[] = {
    {DATA, MXPERTURB, "objective=consistent-exit"},
    {DATA, MXPERTURB, "objective=augmented"},
    {DATA, MXPERTURB, "objective=supervised"},
    {DATA, MXPERTURB, "objective=self-distillation"},
    {DATA, NULL, "objective=supervised"},
    {DATA, NULL, "objective=self-distillation"},
    {DATA, ECHO, ""},
    {DATA, LOW_PASS, ""},
    {DATA, ECHO " ! " LOW_PASS " ! " MXPERTURB, ""},
    {DATA "labelled-fraction=0.5", MXPERTURB, ""},
    {DATA "labelled-fraction=0.5", ECHO,
        "consistency-target=hard confidence-threshold=0.8"},
};

GST_START_TEST (each_recipe_gives_a_model_that_hears_fresh_recordings_right)
{
  g_autoptr (Run) run = train (
      recipes[__i__].data, recipes[__i__].perturbation, recipes[__i__].sink);

  assert_ended (run);
  assert_model_is_good ();
}
GST_END_TEST;

GST_START_TEST (half_of_the_labels_can_be_withheld)
{
  g_autoptr (GBytes) all = trained_bytes (DATA, "");
  g_autoptr (GBytes) half = trained_bytes (DATA "labelled-fraction=0.5", "");
  g_autoptr (GstStructure) report = evaluate ("train", "labelled-fraction=0.5");
  guint64 labelled = get_uint64 (report, "labelled");

  fail_unless (labelled >= RECORDINGS / 2 - 2);
  fail_unless (labelled <= RECORDINGS / 2 + 2);
  fail_unless_equals_uint64 (
      get_uint64 (report, "unlabelled"), RECORDINGS - labelled);
  fail_if (g_bytes_equal (all, half));
}
GST_END_TEST;

/* --- measuring --- */

/* For ever, if it did not end by itself. */
GST_START_TEST (a_training_that_gets_no_better_ends_with_the_best_model)
{
  g_autoptr (Run) run = NULL;
  const GstStructure *last;

  put_tones (folder, "both/train", 1, RECORDINGS);
  put_tones (folder, "both/valid", 3, FRESH);
  run = run_pipeline (
      "mxdatasetsrc location=\"%s/both\" split=train,valid epochs=-1 "
      "shuffle=true ! tee name=t t. ! queue ! train.clean "
      "t. ! queue ! " MXPERTURB " ! train.perturbed "
      "mxtrainsink name=train architecture=\"%s\" location=\"%s\" "
      "batch-size=16 learning-rate=0.01 warm-up=3 patience=2",
      folder, architecture, model);
  assert_ended (run);
  last = last_message (run, "mxtrainsink");
  fail_unless_equals_int (
      get_uint (last, "epoch"), get_uint (last, "best-epoch") + 2);
  fail_unless_equals_uint64 (get_uint64 (last, "valid-windows"), FRESH);
  assert_model_is_good ();
}
GST_END_TEST;

/* --- chance --- */

static const struct {
  const gchar *data, *sink;
  gboolean same; /* as the first */
} repetitions[] = {
    {DATA "seed=1", "seed=1 threads=1", TRUE},
    {DATA "seed=1", "seed=1 threads=1", TRUE},
    {DATA "seed=1", "seed=1 threads=2", TRUE},
    {DATA "seed=1", "seed=1 threads=0", TRUE},
    {DATA "seed=1", "seed=2 threads=1", FALSE},
    {DATA "seed=2", "seed=1 threads=1", FALSE},
};

GST_START_TEST (a_model_depends_on_its_seeds_and_on_no_thread)
{
  g_autoptr (GBytes) first =
      trained_bytes (repetitions[0].data, repetitions[0].sink);
  g_autoptr (GBytes) again = NULL;

  g_remove (model);
  again = trained_bytes (repetitions[__i__].data, repetitions[__i__].sink);
  fail_unless (g_bytes_equal (first, again) == repetitions[__i__].same);
}
GST_END_TEST;

/* --- trouble --- */

static guint
files_in_folder (void)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  g_dir_close (dir);
  return n;
}

static void
wait_for_an_epoch (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (
      bus, PATIENCE, GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR);

  fail_unless (message != NULL);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_ELEMENT);
  gst_message_unref (message);
}

GST_START_TEST (an_interrupted_training_leaves_the_model_before_it_whole)
{
  g_autoptr (GBytes) before = trained_bytes (DATA, "seed=1");
  g_autofree gchar *line = training ("epochs=-1", MXPERTURB, "seed=2");
  guint files = files_in_folder ();
  g_autoptr (GstElement) pipeline = launch (line);
  g_autoptr (GBytes) after = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for_an_epoch (pipeline);
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  after = model_bytes ();
  fail_unless (g_bytes_equal (before, after));
  fail_unless_equals_int (files_in_folder (), files);
}
GST_END_TEST;

static const struct {
  const gchar *contents;
  gssize size;
} undecodable[] = {
    {"", 0},
    {"This is not a recording, whatever its name says.", 48},
    {"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00", 22},
};

/* The last of its epoch: most of the data were learnt from. */
GST_START_TEST (a_recording_that_does_not_decode_is_named_and_nothing_written)
{
  g_autoptr (Run) broken = NULL;
  g_autoptr (Run) mended = NULL;
  g_autofree gchar *path = path_in (folder, "train/middle/broken.wav");

  folder_put (folder, "train/middle/broken.wav", undecodable[__i__].contents,
      undecodable[__i__].size);
  broken = train ("", MXPERTURB, "");
  assert_says (broken->error, "train/middle/broken.wav");
  fail_if (g_file_test (model, G_FILE_TEST_EXISTS));

  g_remove (path);
  mended = train ("", MXPERTURB, "");
  assert_ended (mended);
  fail_unless (g_file_test (model, G_FILE_TEST_EXISTS));
}
GST_END_TEST;

static void
empty_it (void)
{
  g_autofree gchar *train = path_in (folder, "train");

  folder_empty (train);
}

static void
leave_one_class (void)
{
  empty_it ();
  put_tones (folder, "train", 1, 1);
}

static void
take_it_away (void)
{
  g_autofree gchar *train = path_in (folder, "train");

  empty_it ();
  g_rmdir (train);
}

static const struct {
  void (*spoil) (void);
  const gchar *data, *says;
} useless[] = {
    {take_it_away, DATA, "There is no data set"},
    {empty_it, DATA, "holds no examples"},
    {leave_one_class, DATA, "training needs at least two"},
    {NULL, DATA "split=test", "has no split 'test'"},
    {NULL, DATA "stop-index=0", "is left"},
    {NULL, DATA "labelled-fraction=0", "None of the 320 examples had a label"},
    {NULL, "epochs=0", "ended before a single training step"},
};

GST_START_TEST (data_that_nothing_can_be_learnt_from_are_refused_by_name)
{
  g_autoptr (Run) run = NULL;

  if (useless[__i__].spoil != NULL)
    useless[__i__].spoil ();
  run = train (useless[__i__].data, MXPERTURB, "");
  assert_says (run->error, useless[__i__].says);
  fail_if (g_file_test (model, G_FILE_TEST_EXISTS));
}
GST_END_TEST;

static Suite *
train_suite (void)
{
  Suite *suite = suite_create ("pipelines-train");
  TCase *tcase = tcase_create ("train");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, training_ends_by_eos_and_says_how_it_went);
  tcase_add_loop_test (tcase,
      each_recipe_gives_a_model_that_hears_fresh_recordings_right, 0,
      G_N_ELEMENTS (recipes));
  tcase_add_test (tcase, half_of_the_labels_can_be_withheld);
  tcase_add_test (
      tcase, a_training_that_gets_no_better_ends_with_the_best_model);
  tcase_add_loop_test (tcase, a_model_depends_on_its_seeds_and_on_no_thread, 0,
      G_N_ELEMENTS (repetitions));
  tcase_add_test (
      tcase, an_interrupted_training_leaves_the_model_before_it_whole);
  tcase_add_loop_test (tcase,
      a_recording_that_does_not_decode_is_named_and_nothing_written, 0,
      G_N_ELEMENTS (undecodable));
  tcase_add_loop_test (tcase,
      data_that_nothing_can_be_learnt_from_are_refused_by_name, 0,
      G_N_ELEMENTS (useless));
  return suite;
}

GST_CHECK_MAIN (train);
