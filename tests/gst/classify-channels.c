/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Every format, layout and number of channels, with positions and without: the
 * model hears its channels by index, a mono model the middle of stereo, and
 * the stream passes as it is. */

#include "classifier.h"
#include "gstmxsamples.h"
#include "packed.h"

#define FRAMES 150

static const Model mono = {8000, 1, 64, 32};
static const Model three = {8000, 3, 64, 32};

typedef struct {
  const gchar *format;
  guint channels;
  gboolean planar, positioned;
} Layout;

static const guint channel_counts[] = {1, 2, 3, 6, 8, 63, 64, 65, 256, 300};

static GstCaps *
caps_for (const Layout *layout)
{
  guint64 mask = layout->positioned && layout->channels > 1
                     ? (G_GUINT64_CONSTANT (1) << layout->channels) - 1
                     : 0;

  return gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
      layout->format, "rate", G_TYPE_INT, 8000, "channels", G_TYPE_INT,
      layout->channels, "layout", G_TYPE_STRING,
      layout->planar ? "non-interleaved" : "interleaved", "channel-mask",
      GST_TYPE_BITMASK, mask, NULL);
}

/* --- what the model hears --- */

static GPtrArray *
expected_of (const Model *model, const Layout *layout, const gfloat *samples)
{
  gboolean mixed =
      model->channels == 1 && layout->channels == 2 && layout->positioned;
  g_autofree gfloat *taken = g_new (gfloat, FRAMES * model->channels);

  for (guint i = 0; i < FRAMES; i++)
    for (guint c = 0; c < model->channels; c++) {
      const gfloat *frame = samples + i * layout->channels;

      taken[i * model->channels + c] =
          mixed ? (frame[0] + frame[1]) / 2 : frame[c];
    }
  return expected_answers (model, taken, FRAMES, FALSE);
}

static void
hear (Classifier *c, const Model *model, const Layout *layout)
{
  g_autofree gfloat *samples = coarse_noise (FRAMES * layout->channels, 1);
  g_autoptr (GPtrArray) expected = expected_of (model, layout, samples);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GstBuffer) sent = NULL;
  g_autoptr (GstBuffer) passed = NULL;
  g_autoptr (GstCaps) caps = caps_for (layout);
  GstAudioInfo info;
  GstMapInfo map;

  fail_unless (gst_audio_info_from_caps (&info, caps));
  gst_harness_push_event (c->harness, gst_event_new_caps (caps));
  sent = packed (&info, samples, FRAMES);
  classifier_push (c, gst_buffer_copy (sent));
  passed = gst_harness_pull (c->harness);
  found = classifier_messages (c);
  fail_unless (found->len == 3, "%s x %u%s%s: %u answers", layout->format,
      layout->channels, layout->planar ? ", planar" : "",
      layout->positioned ? ", positioned" : "", found->len);
  assert_answers_match (found, expected, 0);
  fail_unless (gst_buffer_map (sent, &map, GST_MAP_READ));
  gst_check_buffer_data (passed, map.data, map.size);
  gst_buffer_unmap (sent, &map);
}

static void
hear_all_layouts (const Model *model, const gchar *format)
{
  Classifier c = classifier_new (model);

  /* What comes first must not be what the classifier holds already. */
  classifier_set_caps (&c, 16000, model->channels);
  for (guint i = 0; i < G_N_ELEMENTS (channel_counts); i++)
    for (guint variant = 0; variant < 4; variant++) {
      const Layout layout = {
          format, channel_counts[i], variant & 1, variant / 2};

      if (layout.channels >= model->channels &&
          (layout.channels <= 8 || !layout.positioned))
        hear (&c, model, &layout);
    }
  classifier_free (&c);
}

GST_START_TEST (test_every_layout_is_heard_by_index_and_passes)
{
  GValue formats = G_VALUE_INIT;

  g_value_init (&formats, GST_TYPE_LIST);
  fail_unless (gst_value_deserialize (&formats, GST_AUDIO_FORMATS_ALL));
  fail_unless (gst_value_list_get_size (&formats) >= 30);
  for (guint i = 0; i < gst_value_list_get_size (&formats); i++) {
    const gchar *format =
        g_value_get_string (gst_value_list_get_value (&formats, i));

    /* Those GStreamer misreads are refused: see samples. */
    if (gst_mx_samples_check (
            gst_audio_format_get_info (gst_audio_format_from_string (format)),
            NULL))
      hear_all_layouts (__i__ == 0 ? &mono : &three, format);
  }
  g_value_unset (&formats);
}
GST_END_TEST;

/* --- as many channels as the model has --- */

GST_START_TEST (test_a_model_may_have_hundreds_of_channels)
{
  guint channels = channel_counts[__i__];
  const Model model = {8000, channels, 64, 32};
  Classifier c = classifier_new (&model);

  classifier_set_caps (&c, 16000, channels);
  for (guint planar = 0; planar < 2; planar++)
    hear (&c, &model, &(Layout){"S16LE", channels, planar, FALSE});
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_channels_suite (void)
{
  Suite *suite = suite_create ("classify-channels");
  TCase *tests = tcase_create ("classify-channels");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (
      tests, test_every_layout_is_heard_by_index_and_passes, 0, 2);
  tcase_add_loop_test (tests, test_a_model_may_have_hundreds_of_channels, 0,
      G_N_ELEMENTS (channel_counts));
  return suite;
}

GST_CHECK_MAIN (classify_channels);
