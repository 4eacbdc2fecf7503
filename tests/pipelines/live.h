/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A pipeline that is fed while it runs, and what its results must be. */
#pragma once

#include <gst/check/gstharness.h>

#include "pipeline.h"

/* The element "listener" is what is tried. */
typedef struct {
  Run *run; /* its `results` and bytes: those behind the listener */
  GstElement *pipeline;
  GstElement *listener;

  /* before it */
  GChecksum *checksum;
  GstCaps *caps;
  GPtrArray *buffers; /* copies */

  GAsyncQueue *arrived; /* a size for each buffer behind it */
} Live;

static inline GstPadProbeReturn
note_before (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Live *self = user_data;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    GstBuffer *copy = gst_buffer_copy_deep (info->data);
    GstMapInfo map;

    fail_unless (gst_buffer_map (copy, &map, GST_MAP_READ));
    g_checksum_update (self->checksum, map.data, map.size);
    gst_buffer_unmap (copy, &map);
    g_ptr_array_add (self->buffers, copy);
  } else if (GST_EVENT_TYPE (info->data) == GST_EVENT_CAPS) {
    GstCaps *caps;

    gst_event_parse_caps (info->data, &caps);
    gst_caps_replace (&self->caps, caps);
  }
  return GST_PAD_PROBE_OK;
}

static inline GstPadProbeReturn
note_after (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  gsize size = gst_buffer_get_size (info->data);

  g_async_queue_push (
      ((Live *)user_data)->arrived, GSIZE_TO_POINTER (size + 1));
  return GST_PAD_PROBE_OK;
}

static inline void
live_watch (Live *self)
{
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
  g_autoptr (GstPad) before =
      gst_element_get_static_pad (self->listener, "sink");
  g_autoptr (GstPad) after = gst_element_get_static_pad (sink, "sink");

  watch_sink (self->run, self->pipeline);
  gst_pad_add_probe (before,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      note_before, self, NULL);
  gst_pad_add_probe (after, GST_PAD_PROBE_TYPE_BUFFER, note_after, self, NULL);
}

/* @line: with an element "listener" and one "sink"; it does not run yet. */
static inline Live *
live_new (const gchar *line)
{
  Live *self = g_new0 (Live, 1);

  self->run = run_new ();
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  self->buffers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)gst_mini_object_unref);
  self->arrived = g_async_queue_new ();
  self->pipeline = launch (line);
  self->listener = gst_bin_get_by_name (GST_BIN (self->pipeline), "listener");
  live_watch (self);
  return self;
}

/* When this returns, sockets are bound. */
static inline void
live_start (Live *self)
{
  fail_if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) ==
           GST_STATE_CHANGE_FAILURE);
}

static inline void
live_stop (Live *self)
{
  fail_unless_equals_int (
      gst_element_set_state (self->pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
}

static inline void
live_free (Live *self)
{
  live_stop (self);
  run_free (self->run);
  g_checksum_free (self->checksum);
  gst_clear_caps (&self->caps);
  g_ptr_array_unref (self->buffers);
  g_async_queue_unref (self->arrived);
  gst_object_unref (self->listener);
  gst_object_unref (self->pipeline);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Live, live_free)

static inline void
await_bytes (Live *self, gsize n)
{
  while (n > 0) {
    gpointer size =
        g_async_queue_timeout_pop (self->arrived, PATIENCE / GST_USECOND);

    fail_unless (size != NULL, "%" G_GSIZE_FORMAT " bytes did not arrive", n);
    fail_unless (GPOINTER_TO_SIZE (size) - 1 <= n);
    n -= GPOINTER_TO_SIZE (size) - 1;
  }
}

/* Until there are so many messages from the listener in all. */
static inline void
await_answers (Live *self, guint n)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  while (self->run->messages->len < n) {
    GstMessage *message = gst_bus_timed_pop_filtered (bus, PATIENCE,
        GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR | GST_MESSAGE_EOS);

    fail_unless (message != NULL, "answer %u does not come", n);
    if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ELEMENT ||
        gst_message_has_name (message, "mxclassify"))
      fail_unless (note_message (self->run, message), "ended: %s",
          self->run->error ? self->run->error : "end of stream");
    gst_message_unref (message);
  }
}

/* As Ctrl-C with gst-launch-1.0 -e. */
static inline void
live_end (Live *self)
{
  gst_element_send_event (self->pipeline, gst_event_new_eos ());
  wait_for_end (self->run, self->pipeline);
  assert_ended (self->run);
}

/* --- what came of it --- */

/* All but who answered, and how long that took. */
static inline void
assert_same_results (const GPtrArray *found, const GPtrArray *expected)
{
  fail_unless_equals_int (found->len, expected->len);
  for (guint i = 0; i < found->len; i++) {
    g_autoptr (GstStructure) a = gst_structure_copy (found->pdata[i]);
    g_autoptr (GstStructure) b = gst_structure_copy (expected->pdata[i]);

    gst_structure_remove_fields (a, "latency", "element", NULL);
    gst_structure_remove_fields (b, "latency", "element", NULL);
    assert_fields_equal (a, b);
  }
}

static inline void
assert_untouched (const Live *self)
{
  fail_unless (self->run->length > 0);
  fail_unless_equals_string (g_checksum_get_string (self->run->checksum),
      g_checksum_get_string (self->checksum));
  fail_unless (gst_caps_is_equal (self->run->caps, self->caps));
}

static inline void
take_results (GstHarness *harness, GPtrArray *results)
{
  GstBuffer *buffer;
  GstEvent *event;

  while ((event = gst_harness_try_pull_event (harness)) != NULL) {
    if (gst_mx_result_event_parse (event) != NULL)
      keep_result (gst_mx_result_event_parse (event), results);
    gst_event_unref (event);
  }
  while ((buffer = gst_harness_try_pull (harness)) != NULL) {
    gst_mx_result_meta_foreach (buffer, keep_result, results);
    gst_buffer_unref (buffer);
  }
}

/* The same buffers once more, without a clock or a thread: the same results
 * from the built-in model. */
static inline void
assert_repeatable (Live *self)
{
  GstHarness *harness = gst_harness_new ("mxclassify");
  g_autoptr (GPtrArray) results = structures_new ();

  gst_harness_set_src_caps (harness, gst_caps_ref (self->caps));
  for (guint i = 0; i < self->buffers->len; i++) {
    fail_unless_equals_int (
        gst_harness_push (harness, gst_buffer_ref (self->buffers->pdata[i])),
        GST_FLOW_OK);
    take_results (harness, results);
  }
  gst_harness_push_event (harness, gst_event_new_eos ());
  take_results (harness, results);
  assert_same_results (self->run->results, results);
  gst_harness_teardown (harness);
}
