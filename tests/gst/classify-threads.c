/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* An application turns every knob and reads every dial while the stream flows:
 * no window and no buffer is lost by it.  Under the thread sanitizer: nothing
 * is touched that the streaming thread owns. */

#include "classifier.h"

static const Model model = {8000, 1, 400, 200};

#define BUFFERS 200
#define CHUNK 100

typedef struct {
  GstElement *element;
  gint stop;
} Application;

static void
turn_knobs (GstElement *element, guint turn)
{
  g_object_set (element, "policy", turn % 5, "exit-threshold",
      (turn % 10) / 10., "patience", 1 + turn % 2, "min-exit", 1 + turn % 2,
      "max-exit", turn % 3, "attach-meta", turn % 2 == 0, NULL);
}

static void
read_dials (GstElement *element)
{
  g_autoptr (GstStructure) stats = NULL;
  g_autofree gchar *file = NULL;
  gdouble threshold;

  g_object_get (element, "stats", &stats, "model-file", &file, "exit-threshold",
      &threshold, NULL);
  fail_unless (stats != NULL);
}

static gpointer
work_on_element (gpointer data)
{
  Application *application = data;

  for (guint turn = 0; !g_atomic_int_get (&application->stop); turn++) {
    turn_knobs (application->element, turn);
    read_dials (application->element);
  }
  return NULL;
}

GST_START_TEST (test_an_application_may_interfere_at_any_time)
{
  Classifier c = classifier_new (&model);
  Application application = {.element = c.element};
  gsize n = BUFFERS * CHUNK;
  g_autofree gfloat *samples = noise (n, 1);
  g_autoptr (GPtrArray) messages = NULL;
  GThread *thread;

  classifier_set_caps (&c, model.rate, model.channels);
  thread = g_thread_new ("application", work_on_element, &application);
  classifier_push_all (&c, &model, samples, n, CHUNK, 0);
  g_atomic_int_set (&application.stop, TRUE);
  g_thread_join (thread);

  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, (n - model.window) / model.hop + 1);
  fail_unless_equals_int (gst_harness_buffers_received (c.harness), BUFFERS);
  classifier_free (&c);
}
GST_END_TEST;

/* --- a source that does not wait --- */

typedef struct {
  GstPad *pad;
  gint stop;
} Source;

/* Whatever becomes of it, as live sources behind a tee or a valve do. */
static gpointer
push_regardless (gpointer data)
{
  Source *source = data;
  g_autofree gchar *text =
      caps_of (GST_AUDIO_NE (F32), model.rate, model.channels, FALSE);
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (source->pad, gst_event_new_stream_start ("source"));
  gst_pad_push_event (source->pad, gst_event_new_caps (caps));
  gst_pad_push_event (source->pad, gst_event_new_segment (&segment));
  while (!g_atomic_int_get (&source->stop)) {
    GstBuffer *buffer =
        gst_buffer_new_allocate (NULL, CHUNK * sizeof (gfloat), NULL);

    gst_buffer_memset (buffer, 0, 0, -1);
    gst_pad_push (source->pad, buffer);
  }
  return NULL;
}

static gboolean
discard (const gchar *domain, GLogLevelFlags level, const gchar *message,
    gpointer user_data)
{
  return TRUE;
}

/* GStreamer opens a sink pad first and only then tells its peer to send the
 * stream's events again: who pushes just then comes without them, into any
 * element, and is warned. */
static GstCheckLogFilter *
allow_data_without_events (void)
{
  return gst_check_add_log_filter ("GStreamer", G_LOG_LEVEL_WARNING,
      g_regex_new ("Got data flow before (stream-start|segment) event"
                   "|Sticky event misordering, got '(caps|segment)' before",
          0, 0, NULL),
      discard, NULL, NULL);
}

GST_START_TEST (test_data_may_come_before_it_has_started)
{
  GstCheckLogFilter *filter = allow_data_without_events ();
  GstElement *element = gst_element_factory_make ("mxclassify", NULL);
  g_autofree gchar *file = model_file (&model);
  g_autoptr (GstPad) sink = gst_element_get_static_pad (element, "sink");
  Source source = {.pad = gst_pad_new ("src", GST_PAD_SRC)};
  GThread *thread;

  g_object_set (element, "model-file", file, NULL);
  gst_pad_set_active (source.pad, TRUE);
  fail_unless_equals_int (gst_pad_link (source.pad, sink), GST_PAD_LINK_OK);
  thread = g_thread_new ("source", push_regardless, &source);
  for (guint i = 0; i < 50; i++) {
    fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PLAYING),
        GST_STATE_CHANGE_SUCCESS);
    gst_element_set_state (element, GST_STATE_READY);
  }
  g_atomic_int_set (&source.stop, TRUE);
  g_thread_join (thread);
  gst_element_set_state (element, GST_STATE_NULL);
  g_remove (file);
  gst_object_unref (source.pad);
  gst_object_unref (element);
  gst_check_remove_log_filter (filter);
}
GST_END_TEST;

static Suite *
classify_threads_suite (void)
{
  Suite *suite = suite_create ("classify-threads");
  TCase *tests = tcase_create ("classify-threads");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_an_application_may_interfere_at_any_time);
  tcase_add_test (tests, test_data_may_come_before_it_has_started);
  return suite;
}

GST_CHECK_MAIN (classify_threads);
