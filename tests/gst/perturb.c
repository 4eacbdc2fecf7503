/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "perturb-stream.h"

static const Stream *streams[] = {&speech, &motion, &sound_without_examples};

GST_START_TEST (test_without_a_recipe_the_same_buffers_come_out)
{
  static const gchar *identities[] = {
      "recipe=none", "strength=0", "recipe=motion strength=0"};
  GstHarness *harness = harness_new (identities[__i__]);
  GstBuffer *in[10], *out;

  set_caps (harness, SPEECH_RATE, 1);
  push_example_event (harness, 0, 0, 0);
  for (guint i = 0; i < 10; i++) {
    in[i] = gst_buffer_ref (buffer_new (&speech, i * 100, i * 100, 100));
    GST_BUFFER_FLAG_SET (in[i], GST_BUFFER_FLAG_GAP);
    gst_harness_push (harness, in[i]);
  }
  gst_harness_push_event (harness, gst_event_new_eos ());
  for (guint i = 0; i < 10; i++) {
    out = gst_harness_pull (harness);
    fail_unless (out == in[i]);
    fail_unless (GST_BUFFER_FLAG_IS_SET (out, GST_BUFFER_FLAG_GAP));
    gst_buffer_unref (out);
    gst_buffer_unref (in[i]);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_identity_changes_no_byte)
{
  const Stream *stream = streams[__i__];

  fail_unless (take_equal (
      perturb ("recipe=none", stream), perturb ("strength=0", stream)));
  fail_if (take_equal (perturb ("recipe=none", stream), perturb ("", stream)));
}
GST_END_TEST;

GST_START_TEST (test_buffers_keep_time_size_flags_and_metas)
{
  Stream stream = *streams[__i__];
  GstCaps *reference = gst_caps_new_empty_simple ("timestamp/x-test");
  GstHarness *harness = harness_new ("noise-probability=1");
  guint frames = stream_frames (&stream), at = 0;

  stream.chunk = 333;
  set_caps (harness, stream.rate, stream.channels);
  push_example_event (harness, stream.examples[0].index, 0, 0);
  for (guint begin = 0; begin < frames; begin += stream.chunk) {
    GstBuffer *buffer =
        buffer_new (&stream, begin, begin, MIN (stream.chunk, frames - begin));

    gst_buffer_add_reference_timestamp_meta (
        buffer, reference, begin, GST_CLOCK_TIME_NONE);
    if (begin > 0 && begin / stream.chunk % 2)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_MARKER);
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
    gst_harness_push (harness, buffer);
  }
  gst_harness_push_event (harness, gst_event_new_eos ());
  while (at < frames) {
    GstBuffer *out = gst_harness_pull (harness);
    GstReferenceTimestampMeta *meta =
        gst_buffer_get_reference_timestamp_meta (out, reference);
    GstBuffer *in =
        buffer_new (&stream, at, at, MIN (stream.chunk, frames - at));

    fail_unless_equals_uint64 (GST_BUFFER_PTS (out), GST_BUFFER_PTS (in));
    fail_unless_equals_uint64 (
        GST_BUFFER_DURATION (out), GST_BUFFER_DURATION (in));
    fail_unless_equals_uint64 (GST_BUFFER_OFFSET (out), at);
    fail_unless_equals_int (
        gst_buffer_get_size (out), gst_buffer_get_size (in));
    fail_unless (meta && meta->timestamp == at);
    fail_unless_equals_int (
        GST_BUFFER_FLAG_IS_SET (out, GST_BUFFER_FLAG_MARKER),
        at / stream.chunk % 2);
    fail_unless (!GST_BUFFER_FLAG_IS_SET (out, GST_BUFFER_FLAG_DISCONT));
    /* There is noise in it now. */
    fail_unless (!GST_BUFFER_FLAG_IS_SET (out, GST_BUFFER_FLAG_GAP));
    at += stream.chunk;
    gst_buffer_unref (in);
    gst_buffer_unref (out);
  }
  fail_unless (gst_harness_try_pull (harness) == NULL);
  gst_caps_unref (reference);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static GstPadProbeReturn
note_order (GstPad *pad, GstPadProbeInfo *info, gpointer order)
{
  gchar mark = 'b';

  if (!(info->type & GST_PAD_PROBE_TYPE_BUFFER))
    switch (GST_EVENT_TYPE (info->data)) {
    case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
      mark = 'E';
      break;
    case GST_EVENT_TAG:
      mark = 't';
      break;
    case GST_EVENT_GAP:
      mark = 'g';
      break;
    case GST_EVENT_EOS:
      mark = '.';
      break;
    case GST_EVENT_FLUSH_STOP:
      mark = 'F';
      break;
    case GST_EVENT_CUSTOM_DOWNSTREAM:
      mark = 'n';
      break;
    default:
      return GST_PAD_PROBE_OK;
    }
  g_string_append_c (order, mark);
  return GST_PAD_PROBE_OK;
}

/* Noise of one level does not begin with the word. */
GST_START_TEST (test_a_gap_is_perturbed_as_what_it_leads_to)
{
  GstHarness *harness = harness_new ("recipe=none noise-probability=1 "
                                     "snr-low=-30 snr-high=60 attach-meta=true "
                                     "scale=\"<1.0>\"");
  const GstStructure *meta;
  gdouble snr[6];

  set_caps (harness, SPEECH_RATE, 1);
  for (guint i = 0; i < 6; i++) {
    GstMxExample example = {.index = i / 2, .gap = i % 2 == 0};

    gst_harness_push_event (harness, gst_mx_example_event_new (&example));
    gst_harness_push (harness, buffer_new (&speech, 0, i * 400, 400));
  }
  gst_harness_push_event (harness, gst_event_new_eos ());
  for (guint i = 0; i < 6; i++) {
    GstBuffer *out = gst_harness_pull (harness);

    meta = gst_custom_meta_get_structure (
        gst_buffer_get_custom_meta (out, "GstMxPerturbation"));
    fail_unless (gst_structure_get_double (meta, "snr", &snr[i]));
    gst_buffer_unref (out);
    fail_unless (i % 2 == 0 || snr[i] == snr[i - 1]);
    fail_unless (i % 2 == 1 || i == 0 || snr[i] != snr[i - 1]);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_all_stays_in_order)
{
  GstHarness *harness = harness_new ("");
  GString *order = g_string_new (NULL);

  gst_pad_add_probe (harness->sinkpad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      note_order, order, NULL);
  set_caps (harness, SPEECH_RATE, 1);
  push_example_event (harness, 0, 0, 0);
  gst_harness_push (harness, buffer_new (&speech, 0, 0, 100));
  gst_harness_push_event (
      harness, gst_event_new_tag (gst_tag_list_new_empty ()));
  gst_harness_push (harness, buffer_new (&speech, 100, 100, 100));
  fail_unless_equals_string (order->str, "E");
  push_example_event (harness, 1, 0, 0);
  fail_unless_equals_string (order->str, "EbtbE");
  gst_harness_push (harness, buffer_new (&speech, 0, 200, 100));
  gst_harness_push_event (harness, gst_event_new_gap (GST_SECOND, GST_SECOND));
  fail_unless_equals_string (order->str, "EbtbEbg");
  gst_harness_push (harness, buffer_new (&speech, 0, 16000, 100));
  gst_harness_push_event (harness, gst_event_new_eos ());
  fail_unless_equals_string (order->str, "EbtbEbgb.");
  gst_harness_teardown (harness);
  g_string_free (order, TRUE);
}
GST_END_TEST;

GST_START_TEST (test_a_long_example_goes_on_block_by_block)
{
  GstHarness *harness = harness_new ("max-duration=500000000 block=100000000");

  set_caps (harness, SPEECH_RATE, 1);
  push_example_event (harness, 0, 0, 0);
  for (guint i = 0; i < 20; i++) {
    guint seconds_10 = (i + 1) / 2; /* tenths gathered */

    gst_harness_push (harness, buffer_new (&speech, i * 400, i * 400, 400));
    fail_unless_equals_int (gst_harness_buffers_received (harness),
        seconds_10 < 5 ? 0 : seconds_10 * 2);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_without_examples_blocks_come_out_as_they_fill)
{
  GstHarness *harness = harness_new ("block=100000000");

  set_caps (harness, SPEECH_RATE, 1);
  /* 700 frames: buffers lie across the ends of blocks of 800. */
  for (guint i = 0; i < 8; i++) {
    gst_harness_push (harness, buffer_new (&speech, i * 700, i * 700, 700));
    fail_unless_equals_int (gst_harness_buffers_received (harness),
        (i + 1) * 700 / 800 * 800 / 700);
  }
  gst_harness_push_event (harness, gst_event_new_eos ());
  fail_unless_equals_int (gst_harness_buffers_received (harness), 8);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_latency_is_a_block_or_an_example)
{
  GstHarness *harness = harness_new ("block=100000000 max-duration=3000000000");

  gst_harness_set_upstream_latency (harness, 20 * GST_MSECOND);
  set_caps (harness, SPEECH_RATE, 1);
  fail_unless_equals_uint64 (
      gst_harness_query_latency (harness), 120 * GST_MSECOND);
  push_example_event (harness, 0, 0, 0);
  fail_unless_equals_uint64 (
      gst_harness_query_latency (harness), 3020 * GST_MSECOND);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A pad probe of a sink that has a small pool and one without an end. */
static GstPadProbeReturn
offer_pools (GstPad *pad, GstPadProbeInfo *info, gpointer pool)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;
  gst_query_add_allocation_pool (query, pool, 800, 2, 2);
  gst_query_add_allocation_pool (query, pool, 800, 2, 0);
  return GST_PAD_PROBE_HANDLED;
}

GST_START_TEST (test_a_small_pool_is_not_offered_as_its_buffers_would_wait)
{
  GstHarness *harness = harness_new ("");
  GstBufferPool *pool = gst_buffer_pool_new ();
  GstCaps *caps = gst_caps_new_empty_simple ("audio/x-raw");
  GstQuery *query = gst_query_new_allocation (caps, TRUE);
  guint most = G_MAXUINT;

  set_caps (harness, SPEECH_RATE, 1);
  gst_pad_add_probe (harness->sinkpad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
      offer_pools, pool, NULL);
  fail_unless (gst_pad_peer_query (harness->srcpad, query));
  fail_unless_equals_int (gst_query_get_n_allocation_pools (query), 1);
  gst_query_parse_nth_allocation_pool (query, 0, NULL, NULL, NULL, &most);
  fail_unless_equals_int (most, 0);
  gst_query_unref (query);
  gst_caps_unref (caps);
  gst_object_unref (pool);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_a_discontinuity_ends_a_stretch)
{
  GstHarness *harness = harness_new ("");
  GstBuffer *buffer = buffer_new (&speech, 0, 5000, 100);

  set_caps (harness, SPEECH_RATE, 1);
  gst_harness_push (harness, buffer_new (&speech, 0, 0, 100));
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_harness_push (harness, buffer);
  fail_unless_equals_int (gst_harness_buffers_received (harness), 1);
  gst_harness_push_event (harness, gst_event_new_eos ());
  gst_buffer_unref (gst_harness_pull (harness));
  buffer = gst_harness_pull (harness);
  fail_unless (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT));
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Nobody knows when anything follows them. */
GST_START_TEST (test_nothing_waits_behind_the_end_of_a_segment_or_group)
{
  GstHarness *harness = harness_new ("");
  GstEvent *end = __i__ == 0
                      ? gst_event_new_segment_done (GST_FORMAT_TIME, GST_SECOND)
                      : gst_event_new_stream_group_done (1);
  GstEventType type = GST_EVENT_TYPE (end), last = GST_EVENT_UNKNOWN;
  GstEvent *event;

  set_caps (harness, SPEECH_RATE, 1);
  push_example_event (harness, 0, 0, 0);
  gst_harness_push (harness, buffer_new (&speech, 0, 0, 100));
  gst_harness_push_event (harness, end);
  fail_unless_equals_int (gst_harness_buffers_received (harness), 1);
  while ((event = gst_harness_try_pull_event (harness)) != NULL) {
    last = GST_EVENT_TYPE (event);
    gst_event_unref (event);
  }
  fail_unless_equals_int (last, type);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_flush_drops_what_was_gathered_and_rewinds)
{
  GstHarness *harness = harness_new ("");
  GstSegment segment;

  set_caps (harness, motion.rate, motion.channels);
  push_example_event (harness, 7, 3, 0);
  gst_harness_push (harness, buffer_new (&motion, 0, 0, 60));
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  fail_unless_equals_int (gst_harness_buffers_received (harness), 0);
  push_stream (harness, &motion);
  gst_harness_push_event (harness, gst_event_new_eos ());
  fail_unless (take_equal (pull_samples (harness), perturb ("", &motion)));
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* As behind a queue: upstream sends them once. */
GST_START_TEST (test_flush_leaves_what_holds_from_now_on)
{
  GstHarness *harness = harness_new ("");
  GString *order = g_string_new (NULL);

  set_caps (harness, motion.rate, motion.channels);
  push_example_event (harness, 0, 0, 0);
  gst_harness_push (harness, buffer_new (&motion, 0, 0, 60));
  gst_harness_push_event (
      harness, gst_event_new_tag (gst_tag_list_new_empty ()));
  gst_harness_push_event (
      harness, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
                   gst_structure_new_empty ("now")));
  gst_pad_add_probe (harness->sinkpad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
          GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      note_order, order, NULL);
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  fail_unless_equals_string (order->str, "Ft");
  gst_harness_teardown (harness);
  g_string_free (order, TRUE);
}
GST_END_TEST;

GST_START_TEST (test_a_restart_forgets_and_rewinds)
{
  GstHarness *harness = harness_new ("seed=9");
  GstSegment segment;

  set_caps (harness, motion.rate, motion.channels);
  push_example_event (harness, 7, 3, 0);
  gst_harness_push (harness, buffer_new (&motion, 0, 0, 60));
  gst_element_set_state (harness->element, GST_STATE_READY);
  gst_element_set_state (harness->element, GST_STATE_PLAYING);

  gst_harness_push_event (harness, gst_event_new_stream_start ("again"));
  set_caps (harness, motion.rate, motion.channels);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  push_stream (harness, &motion);
  gst_harness_push_event (harness, gst_event_new_eos ());
  fail_unless (
      take_equal (pull_samples (harness), perturb ("seed=9", &motion)));
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_many_channels_without_positions_pass)
{
  static const gint channels[] = {1, 2, 6, 9, 70};
  Stream stream = {MOTION_RATE, 0, 10, {{0, 0, 128}}};

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++) {
    GArray *samples;

    stream.channels = channels[i];
    samples = perturb ("", &stream);
    for (guint k = 0; k < samples->len; k++)
      fail_unless (isfinite (g_array_index (samples, gfloat, k)));
    g_array_unref (samples);
  }
}
GST_END_TEST;

static Suite *
perturb_suite (void)
{
  Suite *suite = suite_create ("mxperturb");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (
      tc, test_without_a_recipe_the_same_buffers_come_out, 0, 3);
  tcase_add_loop_test (tc, test_identity_changes_no_byte, 0, 3);
  tcase_add_loop_test (tc, test_buffers_keep_time_size_flags_and_metas, 0, 3);
  tcase_add_test (tc, test_a_gap_is_perturbed_as_what_it_leads_to);
  tcase_add_test (tc, test_all_stays_in_order);
  tcase_add_test (tc, test_a_long_example_goes_on_block_by_block);
  tcase_add_test (tc, test_without_examples_blocks_come_out_as_they_fill);
  tcase_add_test (tc, test_latency_is_a_block_or_an_example);
  tcase_add_test (
      tc, test_a_small_pool_is_not_offered_as_its_buffers_would_wait);
  tcase_add_test (tc, test_a_discontinuity_ends_a_stretch);
  tcase_add_loop_test (
      tc, test_nothing_waits_behind_the_end_of_a_segment_or_group, 0, 2);
  tcase_add_test (tc, test_flush_drops_what_was_gathered_and_rewinds);
  tcase_add_test (tc, test_flush_leaves_what_holds_from_now_on);
  tcase_add_test (tc, test_a_restart_forgets_and_rewinds);
  tcase_add_test (tc, test_many_channels_without_positions_pass);
  return suite;
}

GST_CHECK_MAIN (perturb);
