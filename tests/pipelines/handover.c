/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A running pipeline gets another model, as an application gives it one whose
 * trainer has just written a file. */

#include "mx-model-file.h"
#include "pipeline.h"

static gchar *folder, *file;

static void
write_model (const gchar *path, const gchar *name, const gchar *label)
{
  g_autofree gchar *json = g_strdup_printf (
      "{\"name\": \"%s\", \"labels\": [\"a\", \"%s\"], \"input\":"
      " {\"rate\": 8000, \"channels\": 1, \"window\": 400}, \"stages\": ["
      "{\"layers\": [{\"kind\": \"conv1d\", \"filters\": 4, \"kernel\": 3}],"
      " \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}",
      name, label);
  g_autoptr (GError) error = NULL;
  g_autoptr (MxDescription) description =
      mx_description_new (json, -1, "test", NULL, &error);
  g_autofree gfloat *weights = NULL;
  g_autoptr (MxNetwork) network = NULL;

  g_assert_no_error (error);
  weights = g_new0 (gfloat, description->program->n_weights);
  network = mx_network_new (description, weights);
  /* Beside the old one, then renamed. */
  fail_unless (mx_model_file_save (network, path, &error));
}

static void
set_up (void)
{
  folder = folder_new ();
  file = path_in (folder, "model.safetensors");
  write_model (file, "first", "b");
}

static void
tear_down (void)
{
  folder_free (folder);
  g_free (file);
}

/* Waits for it; other messages are dropped. */
static GstMessage *
await (GstElement *pipeline, GstMessageType type, const gchar *name)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  for (;;) {
    GstMessage *message = gst_bus_timed_pop_filtered (
        bus, PATIENCE, GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR);

    fail_unless (message != NULL, "no %s", name);
    if (GST_MESSAGE_TYPE (message) == type &&
        (name == NULL || gst_message_has_name (message, name)))
      return message;
    fail_if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR, "%s failed",
        GST_MESSAGE_SRC_NAME (message));
    gst_message_unref (message);
  }
}

static GstElement *
play (const gchar *sink)
{
  g_autofree gchar *line =
      g_strdup_printf ("audiotestsrc is-live=true samplesperbuffer=160 !"
                       " audio/x-raw,format=S16LE,rate=16000,channels=2 !"
                       " mxclassify name=classifier model-file=%s ! %s",
          file, sink);
  GstElement *pipeline = launch (line);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_message_unref (await (pipeline, GST_MESSAGE_ELEMENT, "mxclassify"));
  return pipeline;
}

static void
set_again (GstElement *pipeline)
{
  g_autoptr (GstElement) classifier =
      gst_bin_get_by_name (GST_BIN (pipeline), "classifier");

  g_object_set (classifier, "model-file", file, NULL);
}

static void
stop (GstElement *pipeline)
{
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (pipeline);
}

GST_START_TEST (a_file_written_anew_takes_over_without_a_stop)
{
  GstElement *pipeline = play ("fakesink");
  GstMessage *message;
  const GstStructure *told;

  write_model (file, "second", "b");
  set_again (pipeline);
  message = await (pipeline, GST_MESSAGE_ELEMENT, "mxclassify-model");
  told = gst_message_get_structure (message);
  fail_unless_equals_string (gst_structure_get_string (told, "name"), "second");
  fail_unless_equals_string (
      gst_structure_get_string (told, "model-file"), file);
  gst_message_unref (message);
  gst_message_unref (await (pipeline, GST_MESSAGE_ELEMENT, "mxclassify"));
  stop (pipeline);
}
GST_END_TEST;

GST_START_TEST (an_evaluation_does_not_mix_models_of_other_labels)
{
  GstElement *pipeline = play ("mxevalsink");
  g_autoptr (GError) error = NULL;
  GstMessage *message;

  write_model (file, "second", "b\", \"c");
  set_again (pipeline);
  message = await (pipeline, GST_MESSAGE_ERROR, NULL);
  gst_message_parse_error (message, &error, NULL);
  assert_says (error->message, "The labels of the model changed");
  gst_message_unref (message);
  stop (pipeline);
}
GST_END_TEST;

static Suite *
handover_suite (void)
{
  Suite *suite = suite_create ("handover");
  TCase *tests = tcase_create ("handover");

  suite_add_tcase (suite, tests);
  tcase_add_checked_fixture (tests, set_up, tear_down);
  tcase_add_test (tests, a_file_written_anew_takes_over_without_a_stop);
  tcase_add_test (tests, an_evaluation_does_not_mix_models_of_other_labels);
  return suite;
}

GST_CHECK_MAIN (handover);
