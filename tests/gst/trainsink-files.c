/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The files of a training: claimed by one, kept whole on a full disk, and the
 * log. */

#include "full-disk.h"
#include "trainsink-rig.h"

#include "mx-json-text.h"

#define EXAMPLES 12
#define EPOCHS 3

static void
push_all (Rig *rig)
{
  rig_begin (rig->clean, RATE, rig_labels, EXAMPLES, EPOCHS);
  rig_begin (rig->perturbed, RATE, rig_labels, EXAMPLES, EPOCHS);
  for (guint i = 0; i < EXAMPLES * EPOCHS; i++) {
    Example example = example_of (i % EXAMPLES, i / EXAMPLES);

    rig_push_pair (rig, &example, &example);
  }
  rig_end_both (rig);
}

static void
train (Rig *rig)
{
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  push_all (rig);
}

static gchar *
beside (const Rig *rig, const gchar *suffix)
{
  return g_strconcat (rig->location, suffix, NULL);
}

static gchar *
next_warning (Rig *rig)
{
  GstMessage *message = gst_bus_timed_pop_filtered (rig->bus, RIG_PATIENCE,
      GST_MESSAGE_WARNING | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_autoptr (GError) warning = NULL;
  gchar *text = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING) {
    gst_message_parse_warning (message, &warning, NULL);
    text = g_strdup (warning->message);
  } else {
    fail_unless (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
  }
  gst_message_unref (message);
  return text;
}

/* ------------------------------------------------------------------ claims */

static void
name_same_model (Rig *rig, const Rig *first)
{
  g_object_set (rig->sink, "location", first->location, NULL);
}

static void
name_same_checkpoint (Rig *rig, const Rig *first)
{
  gchar *same = beside (first, ".checkpoint");

  g_object_set (rig->sink, "checkpoint-location", same, NULL);
  g_free (same);
}

static const struct {
  void (*name) (Rig *rig, const Rig *first);
  const gchar *error;
} claims[] = {
    {name_same_model, "The trained model cannot be written: "},
    {name_same_checkpoint, "The checkpoint cannot be written: "},
};

GST_START_TEST (test_two_trainings_never_write_one_file)
{
  Rig mine, other;

  rig_init (&mine, "", TRUE);
  rig_init (&other, "", TRUE);
  claims[__i__].name (&other, &mine);
  gst_element_set_state (mine.pipeline, GST_STATE_PLAYING);
  fail_unless_equals_int (
      gst_element_set_state (other.pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  rig_expect_error (&other, claims[__i__].error);
  gst_element_set_state (other.pipeline, GST_STATE_NULL);
  gst_element_set_state (mine.pipeline, GST_STATE_NULL);
  fail_unless (gst_element_set_state (other.pipeline, GST_STATE_PLAYING) !=
               GST_STATE_CHANGE_FAILURE);
  gst_element_set_state (other.pipeline, GST_STATE_NULL);
  rig_clear (&other);
  rig_clear (&mine);
}
GST_END_TEST;

static const struct {
  const gchar *properties, *error;
} refusals[] = {
    {"checkpoint-location=/nowhere/at/all", "The checkpoint cannot be written"},
    {"checkpoint-location=/proc/checkpoint",
        "The checkpoint cannot be written: /proc/checkpoint"},
    {"checkpoint-location=/tmp", "found a folder"},
    {"log-location=/nowhere/log", "The log cannot be written: /nowhere/log"},
    {"log-location=/tmp", "The log cannot be written: /tmp"},
};

GST_START_TEST (test_files_that_cannot_be_are_refused_before_training)
{
  Rig rig;

  rig_init (&rig, refusals[__i__].properties, TRUE);
  fail_unless_equals_int (
      gst_element_set_state (rig.pipeline, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  rig_expect_error (&rig, refusals[__i__].error);
  rig_clear (&rig);
}
GST_END_TEST;

/* The file that the property names too: the model and what is behind it. */
static const struct {
  const gchar *property, *suffix, *error;
} doubles[] = {
    {"checkpoint-location", "",
        "location and checkpoint-location must be two files"},
    {"log-location", "", "location and log-location must be two files"},
    {"log-location", ".checkpoint",
        "checkpoint-location and log-location must be two files"},
};

GST_START_TEST (test_no_file_is_two_things)
{
  Rig rig;
  gchar *file;

  rig_init (&rig, "", TRUE);
  file = beside (&rig, doubles[__i__].suffix);
  g_object_set (rig.sink, doubles[__i__].property, file, NULL);
  fail_unless_equals_int (
      gst_element_set_state (rig.pipeline, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  rig_expect_error (&rig, doubles[__i__].error);
  fail_if (g_file_test (file, G_FILE_TEST_EXISTS));
  g_free (file);
  rig_clear (&rig);
}
GST_END_TEST;

/* --------------------------------------------------------------- full disks */

#define ROOM_FOR_THE_MODEL                                                     \
  6000 /* and not for weights, moments and the rest                            \
        */

GST_START_TEST (test_a_disk_too_full_for_checkpoints_is_told_of_once)
{
  gchar *warning, *file;
  Rig rig;

  rig_init (&rig, "checkpoint-interval=1 warm-up=0", TRUE);
  limit_files (ROOM_FOR_THE_MODEL);
  train (&rig);
  warning = next_warning (&rig);
  fail_unless (warning != NULL);
  fail_unless (strstr (warning, "checkpoint could not be written"));
  fail_unless (next_warning (&rig) == NULL); /* the end */
  file = beside (&rig, ".checkpoint");
  fail_if (g_file_test (file, G_FILE_TEST_EXISTS));
  fail_unless (g_file_test (rig.location, G_FILE_TEST_EXISTS));
  g_free (file);
  g_free (warning);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (test_a_disk_too_full_for_the_model_leaves_the_old_one)
{
  gchar *contents;
  Rig rig;

  rig_init (&rig, "", TRUE);
  fail_unless (g_file_set_contents (rig.location, "old", -1, NULL));
  limit_files (1000);
  train (&rig);
  rig_expect_error (&rig, "The trained model could not be written to");
  fail_unless (g_file_get_contents (rig.location, &contents, NULL, NULL));
  fail_unless_equals_string (contents, "old");
  g_free (contents);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (test_a_log_that_is_full_costs_no_training)
{
  gchar *warning;
  Rig rig;

  rig_init (&rig, "log-location=/dev/full log-interval=1 warm-up=0", TRUE);
  train (&rig);
  warning = next_warning (&rig);
  fail_unless (strstr (warning, "The log cannot be written any more"));
  fail_unless (next_warning (&rig) == NULL);
  fail_unless (g_file_test (rig.location, G_FILE_TEST_EXISTS));
  g_free (warning);
  rig_clear (&rig);
}
GST_END_TEST;

/* ----------------------------------------------------------------------- log
 */

/* b(egin) s(tep) (e)poch E(nd) r(esume), a character for each line. */
static gchar *
events_of (const gchar *log)
{
  gchar **lines = g_strsplit (log, "\n", -1);
  GString *events = g_string_new (NULL);

  for (guint i = 0; *lines[i] != '\0'; i++) {
    g_autoptr (JsonNode) node =
        mx_json_text_parse (lines[i], strlen (lines[i]), NULL);
    const gchar *event;

    fail_unless (node != NULL, "%s", lines[i]);
    event =
        json_object_get_string_member (json_node_get_object (node), "event");
    fail_unless (json_object_has_member (json_node_get_object (node), "time"));
    g_string_append_c (events, g_str_equal (event, "end") ? 'E' : event[0]);
    if (g_str_equal (event, "epoch") || g_str_equal (event, "step"))
      fail_unless (
          json_object_has_member (json_node_get_object (node), "loss"));
  }
  g_strfreev (lines);
  return g_string_free (events, FALSE);
}

GST_START_TEST (test_the_log_has_a_line_of_json_for_all_that_happens)
{
  gchar *log, *contents, *events, *twice;
  Rig rig;

  rig_init (&rig, "", TRUE);
  log = beside (&rig, ".log");
  g_object_set (rig.sink, "log-location", log, "log-interval", 3, NULL);
  train (&rig);
  rig_expect_end (&rig);
  fail_unless (g_file_get_contents (log, &contents, NULL, NULL));
  events = events_of (contents);
  fail_unless (
      g_regex_match_simple ("^b(s*e){3}E$", events, 0, 0), "%s", events);
  fail_unless (strchr (events, 's') != NULL);
  g_free (contents);
  /* A second run adds its lines. */
  gst_element_set_state (rig.pipeline, GST_STATE_NULL);
  train (&rig);
  rig_expect_end (&rig);
  fail_unless (g_file_get_contents (log, &contents, NULL, NULL));
  twice = events_of (contents);
  fail_unless (strlen (twice) == 2 * strlen (events));
  g_unlink (log);
  g_free (contents);
  g_free (events);
  g_free (twice);
  g_free (log);
  rig_clear (&rig);
}
GST_END_TEST;

static Suite *
trainsink_files_suite (void)
{
  Suite *suite = suite_create ("trainsink-files");
  TCase *tcase = tcase_create ("trainsink-files");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (
      tcase, test_two_trainings_never_write_one_file, 0, G_N_ELEMENTS (claims));
  tcase_add_loop_test (tcase,
      test_files_that_cannot_be_are_refused_before_training, 0,
      G_N_ELEMENTS (refusals));
  tcase_add_loop_test (
      tcase, test_no_file_is_two_things, 0, G_N_ELEMENTS (doubles));
  tcase_add_test (tcase, test_a_disk_too_full_for_checkpoints_is_told_of_once);
  tcase_add_test (tcase, test_a_disk_too_full_for_the_model_leaves_the_old_one);
  tcase_add_test (tcase, test_a_log_that_is_full_costs_no_training);
  tcase_add_test (tcase, test_the_log_has_a_line_of_json_for_all_that_happens);
  return suite;
}

GST_CHECK_MAIN (trainsink_files)
