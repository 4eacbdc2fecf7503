/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Runs mxdatasetsrc to its end and writes down what it sends. */
#pragma once

#include <gst/check/check.h>

#include "gstmxexample.h"

typedef struct {
  GstMxExample is;
  GArray *samples; /* of gfloat */
  GstClockTime start, end;
  guint buffers;
} Heard;

typedef struct {
  /* stream-Start, Caps, seGment, Dataset, Example, Buffer, X: a buffer with
   * DISCONT, Q: EOS */
  GString *order;
  GstMxDataset dataset;
  GstCaps *caps;
  GArray *heard; /* of Heard */
  guint gaps;    /* buffers that do not begin where the one before ended */
  GstClockTime next;
  gchar *error, *debug; /* of the first one; NULL: EOS */
  GString *warnings;    /* a line each; NULL: they are not kept */
} Run;

#define run_heard(run, i) (&g_array_index ((run)->heard, Heard, (i)))

static inline void
run_note_event (Run *run, GstEvent *event)
{
  Heard heard = {.buffers = 0};
  GstCaps *caps;

  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_STREAM_START:
    g_string_append_c (run->order, 'S');
    break;
  case GST_EVENT_CAPS:
    g_string_append_c (run->order, 'C');
    gst_event_parse_caps (event, &caps);
    gst_caps_replace (&run->caps, caps);
    break;
  case GST_EVENT_SEGMENT:
    g_string_append_c (run->order, 'G');
    break;
  case GST_EVENT_EOS:
    g_string_append_c (run->order, 'Q');
    break;
  case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
    if (gst_mx_example_event_parse (event, &heard.is)) {
      g_string_append_c (run->order, 'E');
      heard.samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
      heard.start = GST_CLOCK_TIME_NONE;
      g_array_append_val (run->heard, heard);
    } else {
      g_string_append_c (run->order, 'D');
      fail_unless (gst_mx_dataset_event_parse (event, &run->dataset));
    }
    break;
  default:
    break;
  }
}

static inline void
run_note_buffer (Run *run, GstBuffer *buffer)
{
  gboolean discont = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  Heard *heard;
  GstMapInfo map;

  g_string_append_c (run->order, discont ? 'X' : 'B');
  fail_unless (run->heard->len > 0, "a buffer came before any example");
  heard = run_heard (run, run->heard->len - 1);
  if (heard->buffers++ == 0)
    heard->start = GST_BUFFER_PTS (buffer);
  if (GST_BUFFER_PTS (buffer) != run->next)
    run->gaps++;
  run->next = heard->end =
      GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
  g_array_append_vals (heard->samples, map.data, map.size / sizeof (gfloat));
  gst_buffer_unmap (buffer, &map);
}

static GstPadProbeReturn
run_note (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER)
    run_note_buffer (user_data, GST_PAD_PROBE_INFO_BUFFER (info));
  else
    run_note_event (user_data, GST_PAD_PROBE_INFO_EVENT (info));
  return GST_PAD_PROBE_OK;
}

/* `rest` follows the source: its properties, and perhaps "! filter".  The sink
 * is not async: flushes would take it, and the pipeline, out of PLAYING. */
static inline GstElement *
run_pipeline (const gchar *location, const gchar *rest)
{
  gchar *line = g_strdup_printf (
      "mxdatasetsrc name=src %s ! fakesink name=sink sync=false async=false",
      rest);
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (line, &error), *src;

  fail_unless (error == NULL, "%s: %s", line, error ? error->message : "");
  src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  g_object_set (src, "location", location, NULL);
  gst_object_unref (src);
  g_free (line);
  return pipeline;
}

static inline void
run_wait (Run *run, GstElement *pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  GError *error;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while ((message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
              GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING)) &&
         GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING) {
    gst_message_parse_warning (message, &error, NULL);
    if (run->warnings)
      g_string_append_printf (run->warnings, "%s\n", error->message);
    g_error_free (error);
    gst_message_unref (message);
  }
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, &run->debug);
    run->error = g_strdup (error->message);
    fail_unless (g_str_has_suffix (run->error, ".") &&
                     !g_str_has_suffix (run->error, ".."),
        "no sentence: %s", run->error);
    g_error_free (error);
  }
  gst_message_unref (message);
  gst_object_unref (bus);
}

static inline Run *
run_alloc (void)
{
  Run *run = g_new0 (Run, 1);

  run->order = g_string_new (NULL);
  run->warnings = g_string_new (NULL);
  run->heard = g_array_new (FALSE, FALSE, sizeof (Heard));
  return run;
}

static inline void
run_watch (Run *run, GstElement *pipeline)
{
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstPad *pad = gst_element_get_static_pad (sink, "sink");

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, run_note,
      run, NULL);
  gst_object_unref (pad);
  gst_object_unref (sink);
}

static inline Run *
run_new (const gchar *location, const gchar *rest)
{
  Run *run = run_alloc ();
  GstElement *pipeline = run_pipeline (location, rest);

  run_watch (run, pipeline);
  run_wait (run, pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return run;
}

static inline Run *
run_to_eos (const gchar *location, const gchar *rest)
{
  Run *run = run_new (location, rest);

  fail_unless (run->error == NULL, "%s", run->error);
  return run;
}

static inline void
run_free (Run *run)
{
  for (guint i = 0; i < run->heard->len; i++) {
    gst_mx_example_clear (&run_heard (run, i)->is);
    g_array_unref (run_heard (run, i)->samples);
  }
  g_array_unref (run->heard);
  gst_mx_dataset_clear (&run->dataset);
  g_string_free (run->order, TRUE);
  g_string_free (run->warnings, TRUE);
  gst_clear_caps (&run->caps);
  g_free (run->error);
  g_free (run->debug);
  g_free (run);
}

static inline void
run_start (GstElement *pipeline)
{
  fail_unless (gst_element_set_state (pipeline, GST_STATE_PLAYING) !=
               GST_STATE_CHANGE_FAILURE);
}

/* Whatever became of it before, it plays as at first.  Takes the pipeline. */
static inline void
run_finish (GstElement *pipeline)
{
  GstElement *src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  Run *run = run_alloc ();

  gst_element_set_state (pipeline, GST_STATE_READY);
  g_object_set (src, "num-buffers", 8, NULL);
  run_watch (run, pipeline);
  run_wait (run, pipeline);
  fail_unless (run->error == NULL, "%s", run->error);
  fail_unless (
      g_str_has_prefix (run->order->str, "SCGDEX"), "%s", run->order->str);
  fail_unless (g_str_has_suffix (run->order->str, "Q"), "%s", run->order->str);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (src);
  gst_object_unref (pipeline);
  run_free (run);
}

/* Which examples came, and every bit of them. */
static inline gboolean
run_equal (const Run *a, const Run *b)
{
  if (a->heard->len != b->heard->len)
    return FALSE;
  for (guint i = 0; i < a->heard->len; i++) {
    const Heard *x = run_heard (a, i), *y = run_heard (b, i);

    if (x->is.index != y->is.index || x->is.epoch != y->is.epoch ||
        g_strcmp0 (x->is.label, y->is.label) != 0 || x->start != y->start ||
        x->samples->len != y->samples->len ||
        memcmp (x->samples->data, y->samples->data,
            x->samples->len * sizeof (gfloat)) != 0)
      return FALSE;
  }
  return TRUE;
}
