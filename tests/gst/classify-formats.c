/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Any raw audio comes in, leaves untouched, and is heard as the model needs. */

#include "classifier.h"
#include "packed.h"

static const Model mono = {8000, 1, 400, 200};
static const Model three = {50, 3, 32, 16};

static const gchar *formats[] = {"S8", "U8", "S16LE", "S16BE", "U16LE", "S18LE",
    "S20BE", "S24LE", "S24BE", "U24LE", "S24_32LE", "S32LE", "S32BE", "F32LE",
    "F32BE", "F64LE", "F64BE"};

static void
set_format (Classifier *c, GstAudioInfo *info, const gchar *format, guint rate,
    guint channels, gboolean planar)
{
  g_autofree gchar *description = caps_of (format, rate, channels, planar);
  g_autoptr (GstCaps) caps = gst_caps_from_string (description);

  fail_unless (gst_audio_info_from_caps (info, caps));
  gst_harness_set_src_caps (c->harness, g_steal_pointer (&caps));
}

/* --- the stream passes untouched --- */

static const struct {
  guint rate, channels, frames;
} shapes[] = {
    {8000, 1, 500}, {44100, 2, 3000}, {50, 6, 9}, {48000, 100, 500}, {1, 1, 2}};

static void
mark (GstBuffer *buffer)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("timestamp/x-other");

  GST_BUFFER_PTS (buffer) = 1234567;
  GST_BUFFER_DTS (buffer) = 1234;
  GST_BUFFER_DURATION (buffer) = 99;
  GST_BUFFER_OFFSET (buffer) = 7;
  GST_BUFFER_OFFSET_END (buffer) = 8;
  GST_BUFFER_FLAG_SET (
      buffer, GST_BUFFER_FLAG_MARKER | GST_BUFFER_FLAG_DROPPABLE);
  gst_buffer_add_reference_timestamp_meta (buffer, caps, 5, 6);
}

static void
assert_untouched (GstBuffer *found, GstBuffer *sent, GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  fail_unless_equals_int (gst_buffer_get_size (found), size);
  fail_unless_equals_int (gst_buffer_memcmp (found, 0, data, size), 0);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (found), GST_BUFFER_PTS (sent));
  fail_unless_equals_uint64 (GST_BUFFER_DTS (found), GST_BUFFER_DTS (sent));
  fail_unless_equals_uint64 (
      GST_BUFFER_DURATION (found), GST_BUFFER_DURATION (sent));
  fail_unless_equals_uint64 (
      GST_BUFFER_OFFSET (found), GST_BUFFER_OFFSET (sent));
  fail_unless_equals_uint64 (
      GST_BUFFER_OFFSET_END (found), GST_BUFFER_OFFSET_END (sent));
  fail_unless_equals_int (
      GST_BUFFER_FLAGS (found) & ~GST_BUFFER_FLAG_TAG_MEMORY,
      GST_BUFFER_FLAGS (sent) & ~GST_BUFFER_FLAG_TAG_MEMORY);
  fail_unless (gst_buffer_get_reference_timestamp_meta (found, NULL) != NULL);
  fail_unless (
      !gst_buffer_get_audio_meta (found) == !gst_buffer_get_audio_meta (sent));
}

static void
pass_one (const gchar *format, guint shape, gboolean planar, gboolean attach)
{
  guint channels = shapes[shape].channels, frames = shapes[shape].frames;
  g_autofree gfloat *samples = coarse_noise (frames * channels, 1);
  g_autoptr (GstBuffer) found = NULL;
  g_autoptr (GstBuffer) sent = NULL;
  g_autoptr (GstCaps) caps = NULL, wanted = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gpointer copy;
  gsize size;
  GstAudioInfo info;
  Classifier c = classifier_new (&mono);

  g_object_set (c.element, "attach-meta", attach, NULL);
  set_format (&c, &info, format, shapes[shape].rate, channels, planar);
  sent = packed (&info, samples, frames);
  mark (sent);
  gst_buffer_extract_dup (sent, 0, -1, &copy, &size);
  bytes = g_bytes_new_take (copy, size);
  /* A second reference: the element must not write. */
  classifier_push (&c, gst_buffer_ref (sent));
  found = gst_harness_pull (c.harness);
  assert_untouched (found, sent, bytes);
  fail_unless ((found == sent) == !attach);
  fail_unless (
      gst_buffer_peek_memory (found, 0) == gst_buffer_peek_memory (sent, 0));
  caps = gst_pad_get_current_caps (c.harness->sinkpad);
  wanted = gst_pad_get_current_caps (c.harness->srcpad);
  fail_unless (gst_caps_is_equal (caps, wanted));
  classifier_free (&c);
}

GST_START_TEST (test_every_format_passes_untouched)
{
  for (guint shape = 0; shape < G_N_ELEMENTS (shapes); shape++)
    for (guint variant = 0; variant < 4; variant++)
      pass_one (formats[__i__], shape, variant & 1, variant / 2);
}
GST_END_TEST;

/* --- formats and channels --- */

/* What is heard of a stream with samples [n][channels]. */
static GPtrArray *
hear (const Model *model, const gchar *format, guint channels, gboolean planar,
    const gfloat *samples, gsize n)
{
  Classifier c = classifier_new (model);
  GPtrArray *messages;
  GstAudioInfo info;

  set_format (&c, &info, format, model->rate, channels, planar);
  classifier_push (&c, packed (&info, samples, n));
  messages = classifier_messages (&c);
  classifier_free (&c);
  return messages;
}

GST_START_TEST (test_all_formats_and_layouts_sound_the_same)
{
  g_autofree gfloat *samples = coarse_noise (3 * 300, 2);
  g_autoptr (GPtrArray) expected =
      expected_answers (&three, samples, 300, FALSE);

  for (guint planar = 0; planar < 2; planar++) {
    g_autoptr (GPtrArray) found =
        hear (&three, formats[__i__], 3, planar, samples, 300);

    assert_answers_match (found, expected, 0);
  }
}
GST_END_TEST;

static const guint channel_counts[] = {4, 6, 8, 63, 64, 100, 1000};

GST_START_TEST (test_channels_are_taken_by_index)
{
  guint channels = channel_counts[__i__];
  g_autofree gfloat *samples = coarse_noise (300 * channels, 3);
  g_autofree gfloat *taken = g_new (gfloat, 300 * 3);
  g_autoptr (GPtrArray) expected = NULL;

  for (guint i = 0; i < 300 * 3; i++)
    taken[i] = samples[i / 3 * channels + i % 3];
  expected = expected_answers (&three, taken, 300, FALSE);
  for (guint planar = 0; planar < 2; planar++) {
    g_autoptr (GPtrArray) found =
        hear (&three, "F32LE", channels, planar, samples, 300);

    assert_answers_match (found, expected, 0);
  }
}
GST_END_TEST;

/* wavparse invents positions for the six channels of a sensor. */
GST_START_TEST (test_invented_positions_change_nothing)
{
  g_autofree gfloat *samples = coarse_noise (300 * 6, 3);
  g_autoptr (GPtrArray) expected = hear (&three, "S16LE", 6, 0, samples, 300);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GstCaps) caps = gst_caps_from_string (
      "audio/x-raw,format=S16LE,rate=50,channels=6,layout=interleaved,"
      "channel-mask=(bitmask)0x3f");
  GstAudioInfo info;
  Classifier c = classifier_new (&three);

  fail_unless (gst_audio_info_from_caps (&info, caps));
  gst_harness_set_src_caps (c.harness, g_steal_pointer (&caps));
  classifier_push (&c, packed (&info, samples, 300));
  found = classifier_messages (&c);
  assert_answers_match (found, expected, 0);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_stereo_is_averaged_for_one_channel)
{
  g_autofree gfloat *samples = coarse_noise (2 * 1000, 4);
  g_autofree gfloat *mean = g_new (gfloat, 1000);
  g_autoptr (GPtrArray) expected = NULL;
  g_autoptr (GPtrArray) found = hear (&mono, "S16LE", 2, FALSE, samples, 1000);

  for (guint i = 0; i < 1000; i++)
    mean[i] = (samples[2 * i] + samples[2 * i + 1]) / 2;
  expected = expected_answers (&mono, mean, 1000, FALSE);
  assert_answers_match (found, expected, 0);
}
GST_END_TEST;

GST_START_TEST (test_floats_are_never_clipped)
{
  static const gchar *names[] = {"F32LE", "F64LE", "F32BE"};
  g_autofree gfloat *samples = coarse_noise (300 * 3, 5);
  g_autoptr (GPtrArray) expected = NULL;

  for (guint i = 0; i < 300 * 3; i++)
    samples[i] = samples[i] * 20 + 0.1f;
  expected = expected_answers (&three, samples, 300, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GPtrArray) found =
        hear (&three, names[i], 3, FALSE, samples, 300);

    assert_answers_match (found, expected, 0);
  }
}
GST_END_TEST;

/* --- rates --- */

/* A few tones far below any of the rates, at the sample's true time. */
static gfloat *
tones (gsize n, guint channels, guint rate, gdouble pitch)
{
  gfloat *samples = g_new (gfloat, n * channels);

  for (gsize i = 0; i < n * channels; i++) {
    gdouble t = (gdouble)(i / channels) / rate;

    samples[i] = 0.5 * sin (2 * G_PI * pitch * t * (1 + i % channels)) +
                 0.3 * cos (2 * G_PI * pitch * t / 3);
  }
  return samples;
}

static const struct {
  const Model *model;
  guint rate;
  gdouble pitch, tolerance;
} rates[] = {
    {&mono, 8000, 100, 0},
    {&mono, 16000, 100, 0.01},
    {&mono, 44100, 100, 0.01},
    {&mono, 48000, 100, 0.01},
    {&mono, 192000, 100, 0.01},
    {&mono, 11025, 100, 0.01},
    {&mono, 4000, 100, 0.01},
    {&three, 100, 0.5, 0.03},
    {&three, 26, 0.5, 0.05},
    {&three, 1000, 0.5, 0.03},
};

static GPtrArray *
hear_at (guint row, gsize n, gsize chunk, gboolean with_events)
{
  const Model *model = rates[row].model;
  g_autofree gfloat *samples =
      tones (n, model->channels, rates[row].rate, rates[row].pitch);
  Model stream = *model;
  GPtrArray *messages;
  Classifier c = classifier_new (model);

  stream.rate = rates[row].rate;
  classifier_set_caps (&c, stream.rate, stream.channels);
  classifier_push_all (&c, &stream, samples, n, chunk, GST_SECOND);
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  messages = classifier_messages (&c);
  if (with_events) {
    g_autoptr (GPtrArray) metas = classifier_metas (&c);
    g_autoptr (GPtrArray) events = classifier_events (&c);

    fail_unless_equals_int (metas->len + events->len, messages->len);
  }
  classifier_free (&c);
  return messages;
}

GST_START_TEST (test_other_rates_sound_the_same)
{
  const Model *model = rates[__i__].model;
  gsize n = 10 * model->window + 3;
  gsize sent = gst_util_uint64_scale_ceil (n, rates[__i__].rate, model->rate);
  g_autofree gfloat *samples =
      tones (n, model->channels, model->rate, rates[__i__].pitch);
  g_autoptr (GPtrArray) expected = expected_answers (model, samples, n, FALSE);
  g_autoptr (GPtrArray) found = hear_at (__i__, sent, 100, TRUE);

  /* At the very ends the resampler knows only one side. */
  fail_unless_equals_int (found->len, expected->len);
  g_ptr_array_remove_index (found, 0);
  g_ptr_array_remove_index (expected, 0);
  g_ptr_array_set_size (found, found->len - 1);
  g_ptr_array_set_size (expected, expected->len - 1);
  for (guint i = 0; i < found->len; i++)
    fail_unless_equals_uint64 (get_uint64 (found->pdata[i], "timestamp"),
        GST_SECOND + GST_FRAMES_TO_CLOCK_TIME (
                         (guint64)(i + 1) * model->hop, model->rate));
  assert_answers_match (found, expected, rates[__i__].tolerance);
}
GST_END_TEST;

GST_START_TEST (test_resampling_does_not_depend_on_the_chunks)
{
  gsize n = MIN (12 * rates[__i__].rate / 10, 10000) + 37;
  g_autoptr (GPtrArray) whole = hear_at (__i__, n, n, FALSE);
  static const gsize chunks[] = {1, 17, 1000};

  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++) {
    g_autoptr (GPtrArray) found = hear_at (__i__, n, chunks[i], FALSE);

    assert_answers_match (found, whole, 0);
  }
}
GST_END_TEST;

/* 50 ms at any rate is one window of the model, neither more nor less. */
GST_START_TEST (test_a_recording_of_one_window_is_one_window)
{
  g_autoptr (GPtrArray) found = hear_at (__i__,
      (gsize)rates[__i__].rate * rates[__i__].model->window /
          rates[__i__].model->rate,
      64, FALSE);

  fail_unless_equals_int (found->len, 1);
}
GST_END_TEST;

/* Behind the first one nothing is filled up: the last sample counts. */
GST_START_TEST (test_a_recording_of_two_windows_is_two_windows)
{
  const Model *model = rates[__i__].model;
  g_autoptr (GPtrArray) found = hear_at (__i__,
      gst_util_uint64_scale_ceil (
          model->window + model->hop, rates[__i__].rate, model->rate),
      64, FALSE);

  fail_unless_equals_int (found->len, 2);
}
GST_END_TEST;

static Suite *
classify_formats_suite (void)
{
  Suite *suite = suite_create ("classify-formats");
  TCase *tests = tcase_create ("classify-formats");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (
      tests, test_every_format_passes_untouched, 0, G_N_ELEMENTS (formats));
  tcase_add_loop_test (tests, test_all_formats_and_layouts_sound_the_same, 0,
      G_N_ELEMENTS (formats));
  tcase_add_loop_test (tests, test_channels_are_taken_by_index, 0,
      G_N_ELEMENTS (channel_counts));
  tcase_add_test (tests, test_invented_positions_change_nothing);
  tcase_add_test (tests, test_stereo_is_averaged_for_one_channel);
  tcase_add_test (tests, test_floats_are_never_clipped);
  tcase_add_loop_test (
      tests, test_other_rates_sound_the_same, 0, G_N_ELEMENTS (rates));
  tcase_add_loop_test (tests, test_resampling_does_not_depend_on_the_chunks, 0,
      G_N_ELEMENTS (rates));
  tcase_add_loop_test (tests, test_a_recording_of_one_window_is_one_window, 0,
      G_N_ELEMENTS (rates));
  tcase_add_loop_test (tests, test_a_recording_of_two_windows_is_two_windows, 0,
      G_N_ELEMENTS (rates));
  return suite;
}

GST_CHECK_MAIN (classify_formats);
