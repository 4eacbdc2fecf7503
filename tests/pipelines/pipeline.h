/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Pipelines as users write them, run to their end, and what came of it. */
#pragma once

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

#include "dataset-folder.h"
#include "result-fields.h"

#define PATIENCE (200 * GST_SECOND)

typedef struct {
  gchar *error;        /* text and debug text; NULL: end of stream */
  GString *warnings;   /* texts */
  GPtrArray *messages; /* of GstStructure: element messages, in order */
  GString *progress;   /* Start, continue, Complete, cAnceled, Error */

  /* What reached the element named "sink", if there is one. */
  GstCaps *caps; /* the last */
  GPtrArray *results;
  GChecksum *checksum; /* of all bytes */
  guint64 length;
} Run;

static inline GstElement *
launch (const gchar *line)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (line, &error);

  fail_unless (error == NULL, "%s: %s", line, error ? error->message : "");
  return pipeline;
}

/* --- the sink --- */

static inline void
note_buffer (Run *run, GstBuffer *buffer)
{
  GstMapInfo map;

  gst_mx_result_meta_foreach (buffer, keep_result, run->results);
  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
  g_checksum_update (run->checksum, map.data, map.size);
  run->length += map.size;
  gst_buffer_unmap (buffer, &map);
}

static inline void
note_event (Run *run, GstEvent *event)
{
  const GstStructure *result = gst_mx_result_event_parse (event);
  GstCaps *caps;

  if (result != NULL) {
    keep_result (result, run->results);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    gst_event_parse_caps (event, &caps);
    gst_caps_replace (&run->caps, caps);
  }
}

static inline GstPadProbeReturn
note (GstPad *pad, GstPadProbeInfo *info, gpointer run)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    note_buffer (run, info->data);
  else
    note_event (run, info->data);
  return GST_PAD_PROBE_OK;
}

static inline void
watch_sink (Run *run, GstElement *pipeline)
{
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_autoptr (GstPad) pad = NULL;

  if (sink == NULL)
    return;
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, note,
      run, NULL);
}

/* --- the bus --- */

static inline void
note_progress (Run *run, GstMessage *message)
{
  static const gchar letters[] = {[GST_PROGRESS_TYPE_START] = 'S',
      [GST_PROGRESS_TYPE_CONTINUE] = 'c',
      [GST_PROGRESS_TYPE_COMPLETE] = 'C',
      [GST_PROGRESS_TYPE_CANCELED] = 'A',
      [GST_PROGRESS_TYPE_ERROR] = 'E'};
  GstProgressType type;

  gst_message_parse_progress (message, &type, NULL, NULL);
  g_string_append_c (run->progress, letters[type]);
}

static inline void
note_text (Run *run, GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *debug = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, &debug);
    run->error = g_strdup_printf ("%s\n%s", error->message, debug);
  } else {
    gst_message_parse_warning (message, &error, &debug);
    g_string_append_printf (run->warnings, "%s\n", error->message);
  }
}

/* FALSE: this was the last one. */
static inline gboolean
note_message (Run *run, GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message)) {
  case GST_MESSAGE_ELEMENT:
    g_ptr_array_add (run->messages,
        gst_structure_copy (gst_message_get_structure (message)));
    return TRUE;
  case GST_MESSAGE_PROGRESS:
    note_progress (run, message);
    return TRUE;
  case GST_MESSAGE_WARNING:
    note_text (run, message);
    return TRUE;
  case GST_MESSAGE_ERROR:
    note_text (run, message);
    return FALSE;
  default:
    return FALSE;
  }
}

static inline void
wait_for_end (Run *run, GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  gboolean more = TRUE;

  while (more) {
    GstMessage *message = gst_bus_timed_pop_filtered (bus, PATIENCE,
        GST_MESSAGE_ELEMENT | GST_MESSAGE_PROGRESS | GST_MESSAGE_WARNING |
            GST_MESSAGE_ERROR | GST_MESSAGE_EOS);

    fail_unless (message != NULL, "neither end nor error");
    more = note_message (run, message);
    gst_message_unref (message);
  }
}

/* --- the whole --- */

static inline Run *
run_new (void)
{
  Run *run = g_new0 (Run, 1);

  run->warnings = g_string_new (NULL);
  run->progress = g_string_new (NULL);
  run->messages = structures_new ();
  run->results = structures_new ();
  run->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  return run;
}

/* Runs a pipeline to its end or first error; @format as for printf, the result
 * as for gst-launch-1.0. */
static inline Run *run_pipeline (const gchar *format, ...) G_GNUC_PRINTF (1, 2);

static inline Run *
run_pipeline (const gchar *format, ...)
{
  Run *run = run_new ();
  g_autofree gchar *line = NULL;
  GstElement *pipeline;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  pipeline = launch (line);
  watch_sink (run, pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for_end (run, pipeline);
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (pipeline);
  return run;
}

static inline void
run_free (Run *run)
{
  g_free (run->error);
  g_string_free (run->warnings, TRUE);
  g_string_free (run->progress, TRUE);
  g_ptr_array_unref (run->messages);
  gst_clear_caps (&run->caps);
  g_ptr_array_unref (run->results);
  g_checksum_free (run->checksum);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

/* --- what came of it --- */

static inline void
assert_ended (const Run *run)
{
  fail_unless (run->error == NULL, "%s", run->error);
}

static inline void
assert_says (const gchar *text, const gchar *words)
{
  fail_unless (text != NULL, "ended well, expected: %s", words);
  fail_unless (
      strstr (text, words) != NULL, "\"%s\" does not say \"%s\"", text, words);
}

/* The last message of that name; NULL: there is none. */
static inline const GstStructure *
last_message (const Run *run, const gchar *name)
{
  for (guint i = run->messages->len; i > 0; i--)
    if (gst_structure_has_name (run->messages->pdata[i - 1], name))
      return run->messages->pdata[i - 1];
  return NULL;
}

static inline const gchar *
label_of (const Run *run, guint i)
{
  return gst_structure_get_string (run->results->pdata[i], "label");
}

static inline gchar *
path_in (const gchar *folder, const gchar *name)
{
  return g_build_filename (folder, name, NULL);
}
