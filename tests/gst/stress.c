/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Hundreds of flushes, seeks, caps and segments in a random order, while
 * another thread reads and sets properties: nothing may fail, and what comes
 * after is as if nothing had been. */

#include "classifier.h"
#include "random-properties.h"

static const gchar *formats[] = {
    "audio/x-raw,format=F32LE,layout=interleaved,rate=8000,channels=1",
    "audio/x-raw,format=F32LE,layout=interleaved,rate=11025,channels=2",
    ("audio/x-raw,format=F32LE,layout=interleaved,rate=48000,channels=6,"
     "channel-mask=(bitmask)0x0"),
    "audio/x-raw,format=S16LE,layout=interleaved,rate=16000,channels=1",
    "audio/x-raw,format=F64LE,layout=non-interleaved,rate=22050,channels=2",
    "audio/x-raw,format=S32LE,layout=interleaved,rate=4000,channels=1",
};

/* --- one thread pushes, another disturbs --- */

static const gchar *elements[] = {"mxclassify", "mxperturb recipe=speech"};

static void
push_some (GstHarness *harness, const GstAudioInfo *info, MxRng *rng)
{
  guint frames = mx_rng_below (rng, 900);
  GstBuffer *buffer =
      gst_buffer_new_allocate (NULL, frames * GST_AUDIO_INFO_BPF (info), NULL);

  gst_buffer_memset (buffer, 0, mx_rng_below (rng, 50), -1);
  if (GST_AUDIO_INFO_LAYOUT (info) == GST_AUDIO_LAYOUT_NON_INTERLEAVED)
    gst_buffer_add_audio_meta (buffer, info, frames, NULL);
  if (mx_rng_below (rng, 4) > 0)
    GST_BUFFER_PTS (buffer) = mx_rng_below (rng, 3000) * GST_MSECOND;
  if (mx_rng_below (rng, 8) == 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  if (mx_rng_below (rng, 8) == 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_OK);
}

static void
push_segment (GstHarness *harness, MxRng *rng)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.position = mx_rng_below (rng, 100) * GST_MSECOND;
  segment.time = mx_rng_below (rng, 1000) * GST_MSECOND;
  segment.base = mx_rng_below (rng, 1000) * GST_MSECOND;
  segment.rate = .5 + mx_rng_below (rng, 3);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
}

static void
flush (GstHarness *harness)
{
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
}

/* Nothing changes where the element cannot take it. */
static void
set_format (GstHarness *harness, GstAudioInfo *info, guint format)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (formats[format]);

  if (!gst_pad_peer_query_accept_caps (harness->srcpad, caps))
    return;
  fail_unless (gst_audio_info_from_caps (info, caps));
  gst_harness_push_event (harness, gst_event_new_caps (caps));
}

static void
do_something (GstHarness *harness, GstAudioInfo *info, MxRng *rng)
{
  switch (mx_rng_below (rng, 12)) {
  case 0:
    flush (harness);
    push_segment (harness, rng);
    break;
  case 1:
    push_segment (harness, rng);
    break;
  case 2:
    set_format (harness, info, mx_rng_below (rng, G_N_ELEMENTS (formats)));
    break;
  case 3:
    gst_harness_push_event (
        harness, gst_event_new_gap (mx_rng_below (rng, 3000) * GST_MSECOND,
                     mx_rng_below (rng, 2000) * GST_MSECOND));
    break;
  case 4:
    gst_harness_push_event (harness, gst_event_new_stream_start ("again"));
    set_format (harness, info, mx_rng_below (rng, G_N_ELEMENTS (formats)));
    push_segment (harness, rng);
    break;
  default:
    push_some (harness, info, rng);
  }
}

static void
assert_no_error (GstBus *bus)
{
  GstMessage *message;

  while ((message = gst_bus_pop (bus)) != NULL) {
    g_autoptr (GError) error = NULL;

    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
      gst_message_parse_error (message, &error, NULL);
    fail_unless (error == NULL, "%s", error != NULL ? error->message : "");
    gst_message_unref (message);
  }
}

/* Whatever was: 1.25 s pushed now come out as 1.25 s. */
static void
assert_all_comes_out (GstHarness *harness, GstAudioInfo *info, MxRng *rng)
{
  GstBuffer *buffer;
  gsize frames = 0;

  flush (harness);
  while ((buffer = gst_harness_try_pull (harness)) != NULL)
    gst_buffer_unref (buffer);
  set_format (harness, info, 0);
  push_segment (harness, rng);
  for (guint i = 0; i < 25; i++) {
    buffer = gst_buffer_new_allocate (NULL, 400 * sizeof (gfloat), NULL);
    gst_buffer_memset (buffer, 0, 0, -1);
    GST_BUFFER_PTS (buffer) = GST_SECOND + i * 50 * GST_MSECOND;
    fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_OK);
  }
  gst_harness_push_event (harness, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (harness)) != NULL) {
    frames += gst_buffer_get_size (buffer) / sizeof (gfloat);
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_int (frames, 25 * 400);
}

GST_START_TEST (test_an_element_takes_any_order_of_events)
{
  GstHarness *harness = gst_harness_new_parse (elements[__i__]);
  GstElement *element = gst_harness_find_element (
      harness, __i__ == 0 ? "mxclassify" : "mxperturb");
  GstBus *bus = gst_bus_new ();
  Disturber disturber;
  GstAudioInfo info;
  MxRng rng;

  mx_rng_init (&rng, 7, __i__);
  gst_element_set_bus (element, bus);
  gst_harness_play (harness);
  gst_harness_push_event (harness, gst_event_new_stream_start ("first"));
  set_format (harness, &info, 0);
  push_segment (harness, &rng);
  disturber_start (&disturber, element, 8, FALSE);
  for (guint i = 0; i < 600; i++) {
    do_something (harness, &info, &rng);
    assert_no_error (bus);
  }
  disturber_stop (&disturber);
  assert_all_comes_out (harness, &info, &rng);
  assert_no_error (bus);
  gst_element_set_bus (element, NULL);
  gst_object_unref (bus);
  gst_object_unref (element);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* --- other caps with each buffer --- */

static void
random_info (GstAudioInfo *info, MxRng *rng)
{
  static const gint rates[] = {8000, 11025, 16000, 44100, 48000, 96000};
  GstAudioFormat format =
      GST_AUDIO_FORMAT_S8 +
      mx_rng_below (rng, GST_AUDIO_FORMAT_F64BE + 1 - GST_AUDIO_FORMAT_S8);
  gint channels = 1 + mx_rng_below (rng, 8);
  GstAudioChannelPosition none[8];

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    none[i] = GST_AUDIO_CHANNEL_POSITION_NONE;
  gst_audio_info_set_format (info, format,
      rates[mx_rng_below (rng, G_N_ELEMENTS (rates))], channels,
      channels > 2 ? none : NULL);
  if (mx_rng_below (rng, 2))
    info->layout = GST_AUDIO_LAYOUT_NON_INTERLEAVED;
}

/* 4 ms. */
static GstBuffer *
buffer_of (const GstAudioInfo *info, guint number)
{
  gsize frames = info->rate / 250;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, frames * info->bpf, NULL);

  gst_buffer_memset (buffer, 0, 0, -1);
  if (info->layout == GST_AUDIO_LAYOUT_NON_INTERLEAVED)
    gst_buffer_add_audio_meta (buffer, info, frames, NULL);
  GST_BUFFER_PTS (buffer) = number * 4 * GST_MSECOND;
  return buffer;
}

GST_START_TEST (test_caps_may_change_with_each_buffer)
{
  GstHarness *harness = gst_harness_new ("mxclassify");
  GstAudioInfo info;
  MxRng rng;

  mx_rng_init (&rng, 11, 0);
  for (guint i = 0; i < 2000; i++) {
    random_info (&info, &rng);
    gst_harness_set_src_caps (harness, gst_audio_info_to_caps (&info));
    fail_unless_equals_int (
        gst_harness_push (harness, buffer_of (&info, i)), GST_FLOW_OK);
  }
  fail_unless_equals_int (gst_harness_buffers_received (harness), 2000);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* --- a pipeline runs, the application seeks ---
 * Caps stay: where seeks and new caps meet, audioconvert 1.22 cuts buffers by
 * the wrong caps. */

#define END "fakesink name=end signal-handoffs=true"
static const gchar *chains[] = {
    "mxclassify name=x ! " END,
    "mxperturb recipe=speech name=x ! " END,
    "mxperturb ! mxclassify ! tee name=t ! queue ! " END
    " t. ! queue ! mxevalsink name=x",
};

static GstElement *
chain_new (guint chain)
{
  g_autofree gchar *line = g_strdup_printf (
      "audiotestsrc samplesperbuffer=200 ! %s ! %s", formats[0], chains[chain]);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (line, &error);

  g_assert_no_error (error);
  return pipeline;
}

static void
seek (GstElement *pipeline, MxRng *rng)
{
  GstSeekFlags flags = mx_rng_below (rng, 3) ? GST_SEEK_FLAG_FLUSH : 0;

  /* Without a flush it waits for the stream, which may wait for us to play. */
  if (flags == 0)
    gst_element_get_state (pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);
  fail_unless (gst_element_seek (pipeline, .5 + mx_rng_below (rng, 3),
      GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET,
      mx_rng_below (rng, 100) * GST_SECOND / 7, GST_SEEK_TYPE_NONE, 0));
}

static void
count_bytes (GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer bytes)
{
  *(gsize *)bytes += gst_buffer_get_size (buffer);
}

/* Whatever was: a second that is asked for now comes. */
static void
assert_a_second_comes_out (GstElement *pipeline, GstBus *bus)
{
  GstElement *end = gst_bin_get_by_name (GST_BIN (pipeline), "end");
  g_autoptr (GstMessage) message = NULL;
  gsize bytes = 0;

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  fail_unless (gst_element_seek (pipeline, 1, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, GST_SEEK_TYPE_SET,
      10 * GST_SECOND, GST_SEEK_TYPE_SET, 11 * GST_SECOND));
  fail_unless_equals_int (
      gst_element_get_state (pipeline, NULL, NULL, GST_CLOCK_TIME_NONE),
      GST_STATE_CHANGE_SUCCESS);
  g_signal_connect (end, "handoff", G_CALLBACK (count_bytes), &bytes);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  fail_unless_equals_int (bytes, 8000 * sizeof (gfloat));
  gst_object_unref (end);
}

GST_START_TEST (test_a_pipeline_takes_any_seek)
{
  GstElement *pipeline = chain_new (__i__);
  GstElement *element = gst_bin_get_by_name (GST_BIN (pipeline), "x");
  GstBus *bus = gst_element_get_bus (pipeline);
  Disturber disturber;
  MxRng rng;

  mx_rng_init (&rng, 9, __i__);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_element_get_state (pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);
  disturber_start (&disturber, element, 10, FALSE);
  for (guint i = 0; i < 200; i++) {
    seek (pipeline, &rng);
    g_usleep (mx_rng_below (&rng, 2000));
    assert_no_error (bus);
  }
  disturber_stop (&disturber);
  assert_a_second_comes_out (pipeline, bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (element);
  gst_check_objects_destroyed_on_unref (pipeline, element, NULL);
}
GST_END_TEST;

static Suite *
stress_suite (void)
{
  Suite *suite = suite_create ("stress");
  TCase *tests = tcase_create ("stress");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_an_element_takes_any_order_of_events, 0,
      G_N_ELEMENTS (elements));
  tcase_add_test (tests, test_caps_may_change_with_each_buffer);
  tcase_add_loop_test (
      tests, test_a_pipeline_takes_any_seek, 0, G_N_ELEMENTS (chains));
  return suite;
}

GST_CHECK_MAIN (stress);
