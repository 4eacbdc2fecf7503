/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The sinks that collect windows do so from READY to READY: an application that
 * stops a pipeline there and plays it again gets the result of that run, with
 * the properties as it set them in between. */

#include "dataset-folder.h"

#include <gst/check/gstcheck.h>

#define CLASSIFY "mxclassify all-exits=true post-messages=false ! "
#define MODEL " model-file=%m/words-stream.safetensors location=%s/out"

/* %s: a folder; %m: that of the models. */
static const struct {
  const gchar *name, *sink;
} sinks[] = {
    {"mxcalibratesink", CLASSIFY "mxcalibratesink name=sink" MODEL},
    {"mxquantisesink", "mxquantisesink name=sink" MODEL},
    {"mxevalsink", CLASSIFY "mxevalsink name=sink"},
};

typedef struct {
  gchar *folder;
  GstElement *pipeline, *sink;
  GstBus *bus;
} Rig;

static Rig
rig_new (guint which)
{
  g_autoptr (GString) line = g_string_new ("mxdatasetsrc location=%s ! ");
  g_autoptr (GError) error = NULL;
  Rig self = {.folder = folder_new ()};

  wav_put_ramp (self.folder, "one/1.wav", 8000, 1, 12000, 0);
  wav_put_ramp (self.folder, "two/1.wav", 8000, 1, 12000, 1);
  g_string_append (line, sinks[which].sink);
  g_string_replace (line, "%s", self.folder, 0);
  g_string_replace (line, "%m", g_getenv ("MX_MODELS"), 0);
  self.pipeline = gst_parse_launch (line->str, &error);
  g_assert_no_error (error);
  self.sink = gst_bin_get_by_name (GST_BIN (self.pipeline), "sink");
  self.bus = gst_element_get_bus (self.pipeline);
  return self;
}

static void
rig_free (Rig *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->bus);
  gst_object_unref (self->sink);
  gst_object_unref (self->pipeline);
  folder_free (self->folder);
}

/* What the sink tells of windows when the stream has ended. */
static gchar *
play (Rig *self, const gchar *name)
{
  gchar *told = NULL;

  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  for (;;) {
    g_autoptr (GstMessage) message =
        gst_bus_timed_pop_filtered (self->bus, 60 * GST_SECOND,
            GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT);

    fail_unless (message != NULL);
    fail_if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR);
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
      break;
    if (gst_message_has_name (message, name))
      told = gst_value_serialize (gst_structure_get_value (
          gst_message_get_structure (message), "windows"));
  }
  gst_element_set_state (self->pipeline, GST_STATE_READY);
  return told;
}

GST_START_TEST (test_each_run_begins_anew)
{
  Rig rig = rig_new (__i__);
  g_autofree gchar *once = play (&rig, sinks[__i__].name);
  g_autofree gchar *again = play (&rig, sinks[__i__].name);

  fail_unless (once != NULL);
  fail_unless_equals_string (again, once);
  rig_free (&rig);
}
GST_END_TEST;

GST_START_TEST (test_what_is_set_in_ready_holds)
{
  Rig rig = rig_new (__i__);
  const gchar *property =
      g_object_class_find_property (
          G_OBJECT_GET_CLASS (rig.sink), "model-file") != NULL
          ? "model-file"
          : "predictions";

  g_free (play (&rig, sinks[__i__].name));
  g_object_set (rig.sink, property, "/absent/file", NULL);
  fail_unless_equals_int (gst_element_set_state (rig.sink, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  rig_free (&rig);
}
GST_END_TEST;

static Suite *
sink_runs_suite (void)
{
  Suite *suite = suite_create ("sink-runs");
  TCase *tests = tcase_create ("sink-runs");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (
      tests, test_each_run_begins_anew, 0, G_N_ELEMENTS (sinks));
  tcase_add_loop_test (
      tests, test_what_is_set_in_ready_holds, 0, G_N_ELEMENTS (sinks));
  return suite;
}

GST_CHECK_MAIN (sink_runs);
