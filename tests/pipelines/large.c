/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A data set that is larger than what training may keep of it: memory does not
 * grow with the recordings heard. */

#include "pipeline.h"
#include "tones.h"

#include <malloc.h>

#define FILES 900
#define EPOCHS 4

/* What one epoch sends through one branch, in bytes, and what the heap may grow
 * by from the end of the first epoch to that of the third: queues are filled
 * by chance, and a sixth of a single epoch is far from two whole ones. */
#define EPOCH_BYTES (FILES * TONES_FRAMES * sizeof (gfloat))
#define MOST_KEPT (EPOCH_BYTES / 6)

static gchar *folder, *architecture, *model;

/* A long list of few files: the source cannot know that it has read one before.
 */
static void
put_manifest (void)
{
  GString *text = g_string_new ("path,label\n");

  for (guint i = 0; i < FILES; i++) {
    guint tone = i % 30;

    g_string_append_printf (text, "data/%s/%02u.wav,%s\n",
        tones_labels[tone % TONES_CLASSES], tone,
        tones_labels[tone % TONES_CLASSES]);
  }
  folder_put (folder, "manifest.csv", text->str, (gssize)text->len);
  g_string_free (text, TRUE);
}

static void
set_up (void)
{
  folder = folder_new ();
  architecture = path_in (folder, "tones.json");
  model = path_in (folder, "tones.safetensors");
  folder_put (folder, "tones.json", tones_json, -1);
  put_tones (folder, "data", 1, 30);
  put_manifest ();
}

static void
tear_down (void)
{
  folder_free (folder);
  g_free (architecture);
  g_free (model);
}

/* Of the whole process: what was asked for and not given back. */
static gsize
heap_in_use (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

typedef struct {
  gsize used[EPOCHS + 2]; /* when the message of the epoch came */
} Epochs;

/* In the thread that trains: nothing else of the training goes on meanwhile. */
static GstBusSyncReply
note_heap (GstBus *bus, GstMessage *message, gpointer user_data)
{
  Epochs *epochs = user_data;
  guint epoch;

  if (gst_message_has_name (message, "mxtrainsink") &&
      gst_structure_get_uint (
          gst_message_get_structure (message), "epoch", &epoch) &&
      epoch <= EPOCHS && epochs->used[epoch] == 0)
    epochs->used[epoch] = heap_in_use ();
  return GST_BUS_PASS;
}

GST_START_TEST (memory_does_not_grow_with_what_was_heard)
{
  g_autofree gchar *line = g_strdup_printf (
      "mxdatasetsrc location=\"%s/manifest.csv\" epochs=%d shuffle=true !"
      " tee name=t t. ! queue ! train.clean"
      " t. ! queue ! mxperturb ! train.perturbed"
      " mxtrainsink name=train architecture=\"%s\" location=\"%s\""
      " batch-size=16 checkpoint-interval=0",
      folder, EPOCHS, architecture, model);
  GstElement *pipeline = launch (line);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (Run) run = run_new ();
  Epochs epochs = {0};

  gst_bus_set_sync_handler (bus, note_heap, &epochs, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for_end (run, pipeline);
  assert_ended (run);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  fail_unless (epochs.used[1] > 0 && epochs.used[3] > 0);
  fail_unless (epochs.used[3] < epochs.used[1] + MOST_KEPT,
      "%" G_GSIZE_FORMAT " bytes after epoch 1, %" G_GSIZE_FORMAT " after 3",
      epochs.used[1], epochs.used[3]);
}
GST_END_TEST;

static Suite *
large_suite (void)
{
  Suite *suite = suite_create ("large");
  TCase *tests = tcase_create ("large");

  suite_add_tcase (suite, tests);
  tcase_add_checked_fixture (tests, set_up, tear_down);
  tcase_add_test (tests, memory_does_not_grow_with_what_was_heard);
  return suite;
}

GST_CHECK_MAIN (large);
