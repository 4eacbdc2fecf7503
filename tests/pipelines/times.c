/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Seeks of every kind, streams that follow each other and sources that flag
 * each buffer, in pipelines that run. */

#include "pipeline.h"
#include "stand-in.h"

#define RATE 8000

static const gchar json[] =
    "{\"name\": \"ears\","
    " \"input\": {\"rate\": 8000, \"channels\": 1, \"window\": 800},"
    " \"stages\": [{\"layers\": [{\"kind\": \"conv1d\", \"filters\": 4,"
    " \"kernel\": 3}], \"exit\": [{\"kind\": \"pool\"}, {\"kind\": "
    "\"dense\"}]}]}";
static const gchar *const labels[] = {"a", "b", NULL};

static gchar *folder, *model;

static void
set_up (void)
{
  folder = folder_new ();
  save_fresh_model (folder, "ears.safetensors", json, labels);
  model = path_in (folder, "ears.safetensors");
}

static void
tear_down (void)
{
  folder_free (folder);
  g_free (model);
}

/* --- a pipeline that is seeked --- */

typedef struct {
  GstElement *pipeline;
  GPtrArray *results;
  guint64 length; /* bytes at the sink */
} Player;

static GstPadProbeReturn
note_results (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Player *self = user_data;

  self->length += gst_buffer_get_size (info->data);
  gst_mx_result_meta_foreach (info->data, keep_result, self->results);
  return GST_PAD_PROBE_OK;
}

static void
wait_for (Player *self, GstMessageType type)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (
      bus, PATIENCE, type | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);

  fail_unless (message != NULL && GST_MESSAGE_TYPE (message) == type);
  gst_message_unref (message);
}

/* Paused, at the first buffer. */
static void
player_open (Player *self)
{
  g_autofree gchar *line =
      g_strdup_printf ("audiotestsrc wave=white-noise samplesperbuffer=500 ! "
                       "audio/x-raw,format=S16LE,rate=%u,channels=1 ! "
                       "mxclassify model-file=\"%s\" ! fakesink name=sink",
          RATE, model);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;

  self->pipeline = launch (line);
  self->results = structures_new ();
  self->length = 0;
  sink = gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
  pad = gst_element_get_static_pad (sink, "sink");
  gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
  wait_for (self, GST_MESSAGE_ASYNC_DONE);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, note_results, self, NULL);
}

static void
player_close (Player *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_ptr_array_unref (self->results);
}

static void
seek (
    Player *self, gdouble rate, GstSeekFlags flags, guint from_ms, guint to_ms)
{
  fail_unless (gst_element_seek (self->pipeline, rate, GST_FORMAT_TIME,
      flags | GST_SEEK_FLAG_ACCURATE, GST_SEEK_TYPE_SET, from_ms * GST_MSECOND,
      GST_SEEK_TYPE_SET, to_ms * GST_MSECOND));
}

/* Plays to the end, from a flushing seek on. */
static void
play (Player *self, gdouble rate, GstSeekFlags flags, guint from, guint to)
{
  g_ptr_array_set_size (self->results, 0);
  self->length = 0;
  seek (self, rate, flags | GST_SEEK_FLAG_FLUSH, from, to);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  wait_for (self, flags & GST_SEEK_FLAG_SEGMENT ? GST_MESSAGE_SEGMENT_DONE
                                                : GST_MESSAGE_EOS);
}

/* Windows of 100 ms, one behind the other. */
static void
assert_windows (const Player *self, guint skipped, guint n, guint from_ms,
    guint running_ms, gdouble rate)
{
  for (guint i = 0; i < n; i++) {
    const GstStructure *result = self->results->pdata[skipped + i];

    fail_unless_equals_uint64 (
        get_uint64 (result, "timestamp"), (from_ms + 100 * i) * GST_MSECOND);
    fail_unless_equals_uint64 (
        get_uint64 (result, "stream-time"), (from_ms + 100 * i) * GST_MSECOND);
    fail_unless_equals_uint64 (get_uint64 (result, "running-time"),
        running_ms * GST_MSECOND + (guint64)(100 * i * GST_MSECOND / rate));
  }
}

GST_START_TEST (a_seek_begins_windows_where_it_goes)
{
  static const gdouble rates[] = {1, 2, 0.5};
  gdouble rate = rates[__i__];
  Player p;

  player_open (&p);
  play (&p, rate, 0, 1230, 2230);
  fail_unless_equals_int (p.results->len, 10);
  assert_windows (&p, 0, 10, 1230, 0, rate);
  player_close (&p);
}
GST_END_TEST;

GST_START_TEST (backwards_the_stream_passes_and_nothing_is_answered)
{
  Player p;

  player_open (&p);
  play (&p, -1, 0, 0, 1000);
  fail_unless_equals_int (p.results->len, 0);
  fail_unless_equals_uint64 (p.length, RATE * 2);
  play (&p, 1, 0, 500, 1000);
  fail_unless_equals_int (p.results->len, 5);
  assert_windows (&p, 0, 5, 500, 0, 1);
  player_close (&p);
}
GST_END_TEST;

GST_START_TEST (a_segment_played_again_is_answered_again)
{
  Player p;

  player_open (&p);
  play (&p, 1, GST_SEEK_FLAG_SEGMENT, 0, 500);
  seek (&p, 1, GST_SEEK_FLAG_SEGMENT, 200, 500);
  wait_for (&p, GST_MESSAGE_SEGMENT_DONE);
  seek (&p, 1, 0, 100, 300);
  wait_for (&p, GST_MESSAGE_EOS);
  fail_unless_equals_int (p.results->len, 5 + 3 + 2);
  assert_windows (&p, 0, 5, 0, 0, 1);
  assert_windows (&p, 5, 3, 200, 500, 1);
  assert_windows (&p, 8, 2, 100, 800, 1);
  player_close (&p);
}
GST_END_TEST;

/* --- sources --- */

#define NOISE                                                                  \
  "audiotestsrc wave=white-noise samplesperbuffer=400 num-buffers=%u ! "       \
  "audio/x-raw,format=S16LE,rate=8000,channels=1"

GST_START_TEST (streams_that_follow_each_other_are_recordings_each)
{
  g_autoptr (Run) run = run_pipeline (
      "concat name=c ! mxclassify model-file=\"%s\" ! fakesink name=sink " NOISE
      " ! c. " NOISE " ! c. " NOISE " ! c.",
      model, 5, 1, 4);
  static const guint running[] = {0, 100, 250, 300, 400};
  static const guint durations[] = {100, 100, 50, 100, 100};

  assert_ended (run);
  fail_unless_equals_int (run->results->len, 5);
  for (guint i = 0; i < 5; i++) {
    fail_unless_equals_uint64 (
        get_uint64 (run->results->pdata[i], "running-time"),
        running[i] * GST_MSECOND);
    fail_unless_equals_uint64 (get_uint64 (run->results->pdata[i], "duration"),
        durations[i] * GST_MSECOND);
  }
}
GST_END_TEST;

static GstPadProbeReturn
flag_discont (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  info->data = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GST_BUFFER_FLAG_SET (info->data, GST_BUFFER_FLAG_DISCONT);
  return GST_PAD_PROBE_OK;
}

static const struct {
  const gchar *before;
  guint64 windows;
} menders[] = {{"", 20}, {"audiorate !", 10}};

/* 20 buffers of 50 ms: as they come, and as audiorate mends them. */
GST_START_TEST (audiorate_makes_one_recording_of_flagged_pieces)
{
  g_autofree gchar *line = g_strdup_printf (NOISE
      " ! identity name=source ! %s mxclassify name=ears model-file=\"%s\" ! "
      "fakesink",
      20, menders[__i__].before, model);
  Player p = {.pipeline = launch (line), .results = structures_new ()};
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (p.pipeline), "source");
  g_autoptr (GstElement) ears =
      gst_bin_get_by_name (GST_BIN (p.pipeline), "ears");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");
  g_autoptr (GstStructure) stats = NULL;

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, flag_discont, NULL, NULL);
  gst_element_set_state (p.pipeline, GST_STATE_PLAYING);
  wait_for (&p, GST_MESSAGE_EOS);
  g_object_get (ears, "stats", &stats, NULL);
  fail_unless_equals_uint64 (
      get_uint64 (stats, "windows"), menders[__i__].windows);
  player_close (&p);
}
GST_END_TEST;

static Suite *
times_suite (void)
{
  Suite *suite = suite_create ("pipelines-times");
  TCase *tcase = tcase_create ("times");

  suite_add_tcase (suite, tcase);
  tcase_add_unchecked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase, a_seek_begins_windows_where_it_goes, 0, 3);
  tcase_add_test (tcase, backwards_the_stream_passes_and_nothing_is_answered);
  tcase_add_test (tcase, a_segment_played_again_is_answered_again);
  tcase_add_test (tcase, streams_that_follow_each_other_are_recordings_each);
  tcase_add_loop_test (tcase, audiorate_makes_one_recording_of_flagged_pieces,
      0, G_N_ELEMENTS (menders));
  return suite;
}

GST_CHECK_MAIN (times);
