/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Trainings that are killed and go on: the model is what it would have been,
 * byte for byte.
 *
 * Each training is a process of its own, this program with the arguments "run"
 * and a pipeline.  MX_KILLS=20 kills so often at random moments in place of
 * three times; MX_SEED chooses the moments. */

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mx-checkpoint.h"
#include "pipeline.h"
#include "tones.h"

#define KILLS 3
#define KILLS_A_TRAINING 4

/* Its frames do not depend on windows. */
static const gchar streamed_json[] =
    "{\"name\": \"stream\","
    " \"input\": {\"rate\": 8000, \"channels\": 1, \"window\": 2400,"
    "  \"hop\": 800},"
    " \"front-end\": {\"kind\": \"log-mel\", \"reference\": \"none\", "
    "\"bands\": 20,"
    "  \"mean\": -7, \"std\": 3},"
    " \"streamed\": 2, \"stages\": ["
    "  {\"layers\": [{\"kind\": \"conv1d\", \"filters\": 8, \"kernel\": 3},"
    "    {\"kind\": \"batch-norm\"}, {\"kind\": \"relu\"}],"
    "   \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]},"
    "  {\"layers\": [{\"kind\": \"conv1d\", \"filters\": 12, \"kernel\": 3,"
    "     \"stride\": 2}, {\"kind\": \"batch-norm\"}, {\"kind\": \"relu\"}],"
    "   \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}";

static const gchar *program;
static gchar *folder, *model, *checkpoint;

static void
set_up (void)
{
  folder = folder_new ();
  put_tones (folder, "data/train", 1, 40);
  put_tones (folder, "data/valid", 2, 15);
  folder_put (folder, "tones.json", tones_json, -1);
  folder_put (folder, "stream.json", streamed_json, -1);
  model = path_in (folder, "model");
  checkpoint = path_in (folder, "model.checkpoint");
}

static void
tear_down (void)
{
  folder_free (folder);
  g_free (model);
  g_free (checkpoint);
}

/* --- processes --- */

#define ECHO                                                                   \
  "audioecho max-delay=100000000 delay=40000000 intensity=0.5 feedback=0.3"

typedef struct {
  const gchar *data, *filter, *sink;
  gboolean starts;   /* from a model, in place of fresh weights */
  gboolean streamed; /* both stages are */
  gboolean mixed;    /* with unlabelled examples of another source */
} Training;

static const Training trainings[] = {
    {"split=train,valid", "mxperturb seed=3", "seed=1"},
    {"split=train,valid pad-to=1000000000", ECHO " ! mxperturb", "threads=2"},
    {"split=train labelled-fraction=0.5", "mxperturb",
        "consistency-target=hard confidence-threshold=0.6"},
    {"split=train,valid", "mxperturb",
        "optimizer=sgd learning-rate=0.02 gradient-clip=1 schedule=constant"},
    {"split=train,valid mode=continuous gap-high=400000000", "identity",
        "objective=augmented"},
    {"split=train,valid", "mxperturb", "valid-metric=loss learning-rate=0.1",
        TRUE},
    {"split=train,valid mode=continuous gap-low=300000000 gap-high=900000000",
        "mxperturb", "background-label=nothing average-weights=0.9", FALSE,
        TRUE},
    {"split=train,valid", "mxperturb seed=3",
        "consistency-target=hard confidence-threshold=0.6", FALSE, FALSE, TRUE},
};

#define MIXED                                                                  \
  "mix. mxdatasetsrc location=\"%s/data\" split=train labelled-fraction=0 "    \
  "epochs=-1 shuffle=true seed=9 ! mix. mxmix name=mix sink_1::share=2 ! "

static gchar *
line_of (const Training *training, const gchar *more)
{
  const gchar *kind = training->starts ? "model-file" : "architecture";
  const gchar *name = training->starts     ? "start"
                      : training->streamed ? "stream.json"
                                           : "tones.json";
  g_autofree gchar *other =
      training->mixed ? g_strdup_printf (MIXED, folder) : g_strdup ("");
  g_autofree gchar *from = g_strdup_printf ("%s=\"%s/%s\"", kind, folder, name);

  return g_strdup_printf (
      "mxdatasetsrc location=\"%s/data\" epochs=8 shuffle=true seed=5 %s ! "
      "%stee name=t t. ! queue ! train.clean t. ! queue ! %s ! "
      "train.perturbed "
      "mxtrainsink name=train %s location=\"%s\" batch-size=16 "
      "learning-rate=0.01 warm-up=3 %s %s",
      folder, training->data, other, training->filter, from, model,
      training->sink, more);
}

static GPid
begin (const Training *training, const gchar *more)
{
  g_autofree gchar *line = line_of (training, more);
  const gchar *const argv[] = {program, "run", line, NULL};
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_spawn_async (NULL, (gchar **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
      NULL, &pid, &error);
  fail_unless (error == NULL, "%s", error ? error->message : "");
  return pid;
}

static void
finish (const Training *training, const gchar *more)
{
  GPid pid = begin (training, more);
  int status;

  fail_unless_equals_int (waitpid (pid, &status, 0), pid);
  fail_unless (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

/* Whether it was still running. */
static gboolean
kill_it (GPid pid)
{
  int status;

  kill (pid, SIGKILL);
  fail_unless_equals_int (waitpid (pid, &status, 0), pid);
  return WIFSIGNALED (status);
}

static GBytes *
model_bytes (void)
{
  gchar *contents;
  gsize size;

  fail_unless (g_file_get_contents (model, &contents, &size, NULL));
  return g_bytes_new_take (contents, size);
}

static void
assert_same (GBytes *expected)
{
  g_autoptr (GBytes) found = model_bytes ();

  fail_unless (g_bytes_equal (expected, found), "another model");
}

#define KEPT "checkpoint-interval=1 resume=true"

/* The model that a training gives which nobody disturbs. */
static GBytes *
undisturbed (const Training *training)
{
  GBytes *bytes;

  finish (training, "checkpoint-interval=0");
  fail_if (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  bytes = model_bytes ();
  g_remove (model);
  return bytes;
}

static void
make_start (const Training *training)
{
  g_autofree gchar *start = path_in (folder, "start");
  Training first = *training;

  first.starts = FALSE;
  first.data = "split=train stop-index=32";
  first.sink = "";
  finish (&first, "checkpoint-interval=0");
  g_rename (model, start);
}

/* --- at a step --- */

static guint64
steps_kept (void)
{
  g_autoptr (MxCheckpoint) kept = mx_checkpoint_load (checkpoint, NULL);
  guint64 steps = 0;

  if (kept != NULL)
    fail_unless (
        mx_checkpoint_get_numbers (kept, "trainer.steps", &steps, 1, NULL));
  return steps;
}

static void
kill_at_step (const Training *training, guint64 step)
{
  GPid pid = begin (training, KEPT);

  while (steps_kept () < step) {
    fail_unless_equals_int (waitpid (pid, NULL, WNOHANG), 0);
    g_usleep (500);
  }
  kill_it (pid);
}

GST_START_TEST (a_training_killed_behind_a_step_goes_on_as_if_it_had_not_been)
{
  const Training *training = &trainings[__i__];
  g_autoptr (GBytes) expected = NULL;

  if (training->starts)
    make_start (training);
  expected = undisturbed (training);
  for (guint64 step = 1; step < 18; step += 8)
    kill_at_step (training, step);
  finish (training, KEPT);
  assert_same (expected);
}
GST_END_TEST;

GST_START_TEST (a_training_that_had_ended_ends_again)
{
  g_autoptr (GBytes) expected = undisturbed (&trainings[0]);

  finish (&trainings[0], KEPT);
  g_remove (model);
  finish (&trainings[0], KEPT);
  assert_same (expected);
}
GST_END_TEST;

/* --- at any moment --- */

static guint64
number_from (const gchar *variable, guint64 fallback)
{
  const gchar *text = g_getenv (variable);

  return text ? g_ascii_strtoull (text, NULL, 10) : fallback;
}

static void
assert_tidy (void)
{
  static const gchar *const rests[] = {"model.part", "model.lock",
      "model.checkpoint.part", "model.checkpoint.lock"};

  for (guint i = 0; i < G_N_ELEMENTS (rests); i++) {
    g_autofree gchar *path = path_in (folder, rests[i]);

    fail_if (g_file_test (path, G_FILE_TEST_EXISTS), "%s", path);
  }
}

GST_START_TEST (a_training_killed_at_any_moment_gives_the_same_model)
{
  const Training *training = &trainings[1];
  guint64 kills = number_from ("MX_KILLS", KILLS), killed = 0;
  gint64 begun = g_get_monotonic_time (), lasts;
  g_autoptr (GBytes) expected = undisturbed (training);
  MxRng rng;

  lasts = g_get_monotonic_time () - begun;
  mx_rng_init (&rng, number_from ("MX_SEED", 1), 0);
  for (guint64 i = 1; i <= kills; i++) {
    GPid pid = begin (training, KEPT);

    g_usleep ((gulong)mx_rng_below (&rng, (guint64)lasts));
    killed += kill_it (pid);
    if (i % KILLS_A_TRAINING != 0 && i < kills)
      continue;
    finish (training, KEPT);
    assert_same (expected);
    assert_tidy ();
    g_remove (model);
    g_remove (checkpoint);
  }
  fail_unless (killed > 0);
}
GST_END_TEST;

/* --- main --- */

static int
run (const gchar *line)
{
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  gboolean ended;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, PATIENCE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  ended = message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
  if (!ended)
    g_printerr ("%s\n", line);
  if (message != NULL && !ended) {
    g_autoptr (GError) error = NULL;

    gst_message_parse_error (message, &error, NULL);
    g_printerr ("%s\n", error->message);
  }
  gst_clear_message (&message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return ended ? EXIT_SUCCESS : EXIT_FAILURE;
}

static Suite *
resume_suite (void)
{
  Suite *suite = suite_create ("pipelines-resume");
  TCase *tcase = tcase_create ("resume");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase,
      a_training_killed_behind_a_step_goes_on_as_if_it_had_not_been, 0,
      G_N_ELEMENTS (trainings));
  tcase_add_test (tcase, a_training_that_had_ended_ends_again);
  tcase_add_test (tcase, a_training_killed_at_any_moment_gives_the_same_model);
  return suite;
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "run")) {
    gst_init (NULL, NULL);
    return run (argv[2]);
  }
  program = argv[0];
  gst_check_init (&argc, &argv);
  return gst_check_run_suite (resume_suite (), "resume", __FILE__);
}
