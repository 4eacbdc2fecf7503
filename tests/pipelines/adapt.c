/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* An application that listens with a model and adapts it to new data at the
 * same time: what listens never stops, and goes on with the new model. */

#include "pipeline.h"
#include "tones.h"

#define KEPT 50 /* buffers behind the new model */

static gchar *folder, *architecture, *model;

static void
set_up (void)
{
  folder = folder_new ();
  architecture = path_in (folder, "tones.json");
  model = path_in (folder, "tones.safetensors");
  folder_put (folder, "tones.json", tones_json, -1);
  put_tones (folder, "first", 1, 24);
  put_tones (folder, "new", 7, 24);
}

static void
tear_down (void)
{
  folder_free (folder);
  g_free (architecture);
  g_free (model);
}

static gchar *
training (const gchar *data, const gchar *sink)
{
  return g_strdup_printf (
      "mxdatasetsrc location=\"%s/%s\" epochs=4 shuffle=true ! mxtrainsink "
      "objective=supervised batch-size=8 warm-up=3 location=\"%s\" %s",
      folder, data, model, sink);
}

static void
train_first (void)
{
  g_autofree gchar *sink =
      g_strdup_printf ("architecture=\"%s\"", architecture);
  g_autofree gchar *line = training ("first", sink);
  g_autoptr (Run) run = run_pipeline ("%s", line);

  assert_ended (run);
}

/* --- what listens --- */

typedef struct {
  GstElement *pipeline, *classifier;
  GstClockTime expected; /* time stamp of the next buffer */
  gint buffers;
  gint broken; /* of these, not where the one before ended */
} Listening;

static GstPadProbeReturn
note_time (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  Listening *self = user_data;

  if (self->buffers > 0 && GST_BUFFER_PTS (buffer) != self->expected)
    g_atomic_int_inc (&self->broken);
  self->expected = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  g_atomic_int_inc (&self->buffers);
  return GST_PAD_PROBE_OK;
}

static void
listen (Listening *self)
{
  g_autofree gchar *line = g_strdup_printf (
      "audiotestsrc is-live=true samplesperbuffer=80 !"
      " audio/x-raw,format=S16LE,rate=8000,channels=1 !"
      " mxclassify name=classifier model-file=\"%s\" ! fakesink name=end",
      model);
  g_autoptr (GstElement) end = NULL;
  g_autoptr (GstPad) pad = NULL;

  *self = (Listening){.pipeline = launch (line)};
  self->classifier =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "classifier");
  end = gst_bin_get_by_name (GST_BIN (self->pipeline), "end");
  pad = gst_element_get_static_pad (end, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, note_time, self, NULL);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

/* The first message of the name; an error, and a state it did not ask for, end
 * the test. */
static GstStructure *
await (GstElement *pipeline, const gchar *name, const gchar *field)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstStructure *found = NULL;

  while (found == NULL) {
    GstMessage *message = gst_bus_timed_pop_filtered (bus, PATIENCE,
        GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
    const GstStructure *told;

    fail_unless (message != NULL, "no %s", name);
    fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_ELEMENT);
    told = gst_message_get_structure (message);
    if (gst_structure_has_name (told, name) &&
        (field == NULL || gst_structure_has_field (told, field)))
      found = gst_structure_copy (told);
    gst_message_unref (message);
  }
  return found;
}

static void
end (GstElement *pipeline)
{
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (pipeline);
}

/* Trains from the file that is listened with, into the same file; gives it to
 * the classifier when the last message says that it is there. */
static void
adapt (Listening *listening)
{
  g_autofree gchar *sink =
      g_strdup_printf ("model-file=\"%s\" freeze-stages=1 name=train", model);
  g_autofree gchar *line = training ("new", sink);
  GstElement *pipeline = launch (line);
  g_autoptr (GstStructure) last = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  last = await (pipeline, "mxtrainsink", "location");
  g_object_set (listening->classifier, "model-file",
      gst_structure_get_string (last, "location"), NULL);
  end (pipeline);
}

GST_START_TEST (what_listens_goes_on_with_the_adapted_model)
{
  g_autoptr (GstStructure) answer = NULL, taken = NULL, next = NULL;
  Listening listening;
  gint before;

  train_first ();
  listen (&listening);
  answer = await (listening.pipeline, "mxclassify", NULL);
  adapt (&listening);
  taken = await (listening.pipeline, "mxclassify-model", NULL);
  fail_unless_equals_string (
      gst_structure_get_string (taken, "model-file"), model);
  before = g_atomic_int_get (&listening.buffers);
  while (g_atomic_int_get (&listening.buffers) < before + KEPT)
    g_usleep (1000);
  next = await (listening.pipeline, "mxclassify", NULL);
  fail_unless_equals_int (g_atomic_int_get (&listening.broken), 0);
  gst_object_unref (listening.classifier);
  end (listening.pipeline);
}
GST_END_TEST;

static Suite *
adapt_suite (void)
{
  Suite *suite = suite_create ("adapt");
  TCase *tests = tcase_create ("adapt");

  suite_add_tcase (suite, tests);
  tcase_add_checked_fixture (tests, set_up, tear_down);
  tcase_add_test (tests, what_listens_goes_on_with_the_adapted_model);
  return suite;
}

GST_CHECK_MAIN (adapt);
