/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* `queue ! mxclassify`, for a source whose thread must not compute: it waits
 * only when the queue is full, the end of the stream drains it, a flush empties
 * it.  The computing is held up here by who takes the buffers. */

#include "classifier.h"

static const Model model = {8000, 1, 400, 400};

#define CAPACITY 4
#define ROOM                                                                   \
  "queue name=queue max-size-bytes=0 max-size-time=0 "                         \
  "max-size-buffers=" G_STRINGIFY (CAPACITY)

/* The first buffer is being computed, or was just taken to be. */
#define AT_ONCE (CAPACITY + 1)

static GstPadProbeReturn
hold (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return GST_PAD_PROBE_OK;
}

typedef struct {
  GstHarness *harness;
  GstPad *pad; /* where it is held up */
  gulong probe;
  gfloat *samples;
  guint64 pushed; /* windows */
} Capture;

static Capture
capture_new (void)
{
  g_autofree gchar *file = model_file (&model);
  g_autofree gchar *line =
      g_strdup_printf (ROOM " ! mxclassify name=classify model-file=%s", file);
  g_autofree gchar *caps =
      caps_of (GST_AUDIO_NE (F32), model.rate, model.channels, FALSE);
  Capture self = {.harness = gst_harness_new_parse (line)};
  GstElement *classify =
      gst_bin_get_by_name (GST_BIN (self.harness->element), "classify");

  self.pad = gst_element_get_static_pad (classify, "src");
  gst_object_unref (classify);
  gst_harness_play (self.harness);
  gst_harness_set_src_caps_str (self.harness, caps);
  self.samples = noise (20 * model.window, 1);
  self.probe = gst_pad_add_probe (self.pad,
      GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER, hold, NULL, NULL);
  g_remove (file);
  return self;
}

static void
capture_free (Capture *self)
{
  gst_object_unref (self->pad);
  gst_harness_teardown (self->harness);
  g_free (self->samples);
}

/* A window of samples, each in its buffer. */
static void
capture (Capture *self, guint n)
{
  for (guint i = 0; i < n; i++, self->pushed++)
    fail_unless_equals_int (
        gst_harness_push (
            self->harness, piece (self->samples, 1, self->pushed * model.window,
                               model.window, model.rate, 0)),
        GST_FLOW_OK);
}

static gpointer
capture_one_more (gpointer self)
{
  capture (self, 1);
  return NULL;
}

static guint
waiting_in_queue (Capture *self)
{
  GstElement *queue =
      gst_bin_get_by_name (GST_BIN (self->harness->element), "queue");
  guint level;

  g_object_get (queue, "current-level-buffers", &level, NULL);
  gst_object_unref (queue);
  return level;
}

static void
let_go (Capture *self)
{
  gst_pad_remove_probe (self->pad, self->probe);
}

static void
await_eos (Capture *self)
{
  GstEvent *event;

  do {
    GstEventType type;

    event = gst_harness_pull_event (self->harness);
    fail_unless (event != NULL);
    type = GST_EVENT_TYPE (event);
    gst_event_unref (event);
    if (type == GST_EVENT_EOS)
      return;
  } while (TRUE);
}

/* Each of the @n windows from @begin on, once, and nothing behind them. */
static void
assert_answered (Capture *self, guint64 begin, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autoptr (GstBuffer) buffer = gst_harness_pull (self->harness);
    g_autoptr (GPtrArray) results = structures_new ();

    fail_unless (buffer != NULL);
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer),
        GST_FRAMES_TO_CLOCK_TIME ((begin + i) * model.window, model.rate));
    gst_mx_result_meta_foreach (buffer, keep_result, results);
    fail_unless_equals_int (results->len, 1);
  }
  fail_unless (gst_harness_try_pull (self->harness) == NULL);
}

GST_START_TEST (test_the_source_waits_only_for_a_full_queue)
{
  Capture c = capture_new ();
  GThread *source;

  /* None of these waits, though nothing gets through. */
  capture (&c, AT_ONCE);
  while (waiting_in_queue (&c) != CAPACITY)
    g_thread_yield ();
  fail_unless (gst_harness_try_pull (c.harness) == NULL);

  source = g_thread_new ("source", capture_one_more, &c);
  let_go (&c);
  g_thread_join (source);
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  await_eos (&c);
  assert_answered (&c, 0, AT_ONCE + 1);
  capture_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_the_end_of_the_stream_drains_it)
{
  Capture c = capture_new ();

  capture (&c, CAPACITY);
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  fail_unless (gst_harness_try_pull (c.harness) == NULL);
  let_go (&c);
  await_eos (&c);
  assert_answered (&c, 0, CAPACITY);
  capture_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_a_flush_empties_it)
{
  Capture c = capture_new ();
  GstSegment segment;

  capture (&c, CAPACITY);
  gst_harness_push_event (c.harness, gst_event_new_flush_start ());
  gst_harness_push_event (c.harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (c.harness, gst_event_new_segment (&segment));
  let_go (&c);
  capture (&c, 2);
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  await_eos (&c);
  assert_answered (&c, CAPACITY, 2);
  capture_free (&c);
}
GST_END_TEST;

static Suite *
classify_queue_suite (void)
{
  Suite *suite = suite_create ("classify-queue");
  TCase *tests = tcase_create ("classify-queue");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_the_source_waits_only_for_a_full_queue);
  tcase_add_test (tests, test_the_end_of_the_stream_drains_it);
  tcase_add_test (tests, test_a_flush_empties_it);
  return suite;
}

GST_CHECK_MAIN (classify_queue);
