/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxconversion.h"

#include <gst/check/check.h>
#include <math.h>
#include <string.h>

typedef struct {
  GstAudioFormat format;
  gint rate, channels;
} Sound;

static GstAudioInfo
info_of (const Sound *sound)
{
  GstAudioInfo info;

  gst_audio_info_set_format (
      &info, sound->format, sound->rate, sound->channels, NULL);
  return info;
}

/* All bytes in one buffer; NULL with the message in `error`. */
static GBytes *
convert (const Sound *sound, gconstpointer data, gsize size,
    GstMxFormat *format, GError **error)
{
  GstMxConversion *conversion = gst_mx_conversion_new (format);
  GstAudioInfo info = info_of (sound);
  GstBuffer *buffer = gst_buffer_new_memdup (data, size);
  GBytes *samples = NULL;

  if (gst_mx_conversion_push (conversion, &info, buffer, error))
    samples = gst_mx_conversion_finish (conversion, format, error);
  gst_buffer_unref (buffer);
  gst_mx_conversion_free (conversion);
  return samples;
}

static GBytes *
convert_floats (
    const Sound *sound, const gfloat *data, gsize n, GstMxFormat *format)
{
  GError *error = NULL;
  GBytes *samples = convert (sound, data, n * sizeof (gfloat), format, &error);

  fail_unless (samples != NULL, "%s", error ? error->message : "no error");
  return samples;
}

static const gfloat *
floats (GBytes *samples, gsize *n)
{
  const gfloat *data = g_bytes_get_data (samples, n);

  *n /= sizeof (gfloat);
  return data;
}

GST_START_TEST (sixteen_bits_become_value_by_32768)
{
  const Sound sound = {GST_AUDIO_FORMAT_S16, 8000, 1};
  GstMxFormat format = {0, 0};
  gint16 *values = g_new (gint16, 65536);
  const gfloat *got;
  GBytes *samples;
  gsize n;

  for (gint i = 0; i < 65536; i++)
    values[i] = i - 32768;
  samples = convert (&sound, values, 131072, &format, NULL);
  got = floats (samples, &n);
  fail_unless_equals_int (n, 65536);
  for (gint i = 0; i < 65536; i++)
    fail_unless (got[i] == values[i] / 32768.0f);
  fail_unless_equals_int (format.rate, 8000);
  fail_unless_equals_int (format.channels, 1);
  g_bytes_unref (samples);
  g_free (values);
}
GST_END_TEST;

static const struct {
  GstAudioFormat format;
  guint8 bytes[8];
  gfloat value;
} formats[] = {
    {GST_AUDIO_FORMAT_U8, {0}, -1.0f},
    {GST_AUDIO_FORMAT_U8, {129}, 1.0f / 128},
    {GST_AUDIO_FORMAT_S8, {0xff}, -1.0f / 128},
    {GST_AUDIO_FORMAT_S16BE, {0x12, 0x34}, 0x1234 / 32768.0f},
    {GST_AUDIO_FORMAT_S24LE, {0x56, 0x34, 0x12}, 0x123456 / 8388608.0f},
    {GST_AUDIO_FORMAT_S24_32LE, {0x56, 0x34, 0x12, 0}, 0x123456 / 8388608.0f},
    {GST_AUDIO_FORMAT_S32LE, {0, 0x56, 0x34, 0x12}, 0x123456 / 8388608.0f},
    {GST_AUDIO_FORMAT_F32LE, {0, 0, 0x7a, 0x44}, 1000.0f},
    {GST_AUDIO_FORMAT_F64LE, {0, 0, 0, 0, 0, 0x40, 0x8f, 0xc0}, -1000.0f},
};

GST_START_TEST (each_format_keeps_its_values)
{
  const Sound sound = {formats[__i__].format, 50, 1};
  GstMxFormat format = {50, 1};
  GstAudioInfo info = info_of (&sound);
  GBytes *samples =
      convert (&sound, formats[__i__].bytes, info.bpf, &format, NULL);
  const gfloat *got;
  gsize n;

  got = floats (samples, &n);
  fail_unless_equals_int (n, 1);
  fail_unless_equals_float (got[0], formats[__i__].value);
  g_bytes_unref (samples);
}
GST_END_TEST;

/* Far outside [-1, 1], tiny, signed zero, not finite: the same bits. */
GST_START_TEST (floats_pass_bit_by_bit_in_any_number_of_channels)
{
  static const gint counts[] = {1, 2, 3, 5, 6, 8, 9, 63, 64, 65, 200};
  static const gfloat odd[] = {
      9.80665f, -4096.5f, 1e30f, -1e-38f, -0.0f, INFINITY, 32768.0f};

  for (guint c = 0; c < G_N_ELEMENTS (counts); c++) {
    const Sound sound = {GST_AUDIO_FORMAT_F32, 50, counts[c]};
    GstMxFormat format = {50, counts[c]};
    gfloat data[600];
    gsize n = counts[c] * 3, size;
    GBytes *samples;

    for (gsize i = 0; i < n; i++)
      data[i] = odd[i % G_N_ELEMENTS (odd)] + i / G_N_ELEMENTS (odd);
    samples = convert_floats (&sound, data, n, &format);
    fail_unless (memcmp (g_bytes_get_data (samples, &size), data, n * 4) == 0);
    fail_unless_equals_int (size, n * 4);
    g_bytes_unref (samples);
  }
}
GST_END_TEST;

GST_START_TEST (planes_are_interleaved)
{
  const gfloat planes[] = {1, 2, 3, 10, 20, 30, 100, 200, 300};
  const gfloat expected[] = {1, 10, 100, 2, 20, 200, 3, 30, 300};
  const Sound sound = {GST_AUDIO_FORMAT_F32, 50, 3};
  GstMxFormat format = {0, 0};
  GstMxConversion *conversion = gst_mx_conversion_new (&format);
  GstAudioInfo info = info_of (&sound);
  GstBuffer *buffer = gst_buffer_new_memdup (planes, sizeof (planes));
  GBytes *samples;

  info.layout = GST_AUDIO_LAYOUT_NON_INTERLEAVED;
  gst_buffer_add_audio_meta (buffer, &info, 3, NULL);
  fail_unless (gst_mx_conversion_push (conversion, &info, buffer, NULL));
  samples = gst_mx_conversion_finish (conversion, &format, NULL);
  fail_unless (memcmp (g_bytes_get_data (samples, NULL), expected,
                   sizeof (expected)) == 0);
  g_bytes_unref (samples);
  gst_buffer_unref (buffer);
  gst_mx_conversion_free (conversion);
}
GST_END_TEST;

GST_START_TEST (mono_and_stereo_become_each_other)
{
  const gfloat data[] = {1, 3, -8, 4};
  const Sound mono = {GST_AUDIO_FORMAT_F32, 50, 1};
  const Sound stereo = {GST_AUDIO_FORMAT_F32, 50, 2};
  GstMxFormat to_mono = {50, 1}, to_stereo = {50, 2};
  GBytes *samples;
  const gfloat *got;
  gsize n;

  samples = convert_floats (&stereo, data, 4, &to_mono);
  got = floats (samples, &n);
  fail_unless (n == 2 && got[0] == 2 && got[1] == -2);
  g_bytes_unref (samples);
  samples = convert_floats (&mono, data, 2, &to_stereo);
  got = floats (samples, &n);
  fail_unless (
      n == 4 && got[0] == 1 && got[1] == 1 && got[2] == 3 && got[3] == 3);
  g_bytes_unref (samples);
}
GST_END_TEST;

static const struct {
  gint found, wanted;
} mismatches[] = {{1, 3}, {2, 6}, {6, 2}, {6, 1}, {6, 5}, {5, 6}};

GST_START_TEST (other_channels_are_never_made_up_or_left_out)
{
  const Sound sound = {GST_AUDIO_FORMAT_F32, 50, mismatches[__i__].found};
  GstMxFormat format = {50, mismatches[__i__].wanted};
  gfloat data[6] = {0};
  GError *error = NULL;
  gchar *expected = g_strdup_printf ("it has %d channels, expected %d",
      mismatches[__i__].found, mismatches[__i__].wanted);

  fail_unless (convert (&sound, data, 4 * mismatches[__i__].found, &format,
                   &error) == NULL);
  fail_unless_equals_string (error->message, expected);
  g_error_free (error);
  g_free (expected);
}
GST_END_TEST;

static const struct {
  gint from, to;
  gsize frames, expected;
} rates[] = {
    {8000, 16000, 1000, 2000},
    {16000, 8000, 1001, 501},
    {44100, 48000, 441, 480},
    {48000, 44100, 4800, 4410},
    {50, 20, 128, 51},
    {20, 50, 128, 320},
    {50, 64, 128, 164},
    {100, 1, 10, 1},
    {8000, 16000, 1, 2},
};

GST_START_TEST (resampling_gives_the_length_that_the_rates_say)
{
  const Sound sound = {GST_AUDIO_FORMAT_F32, rates[__i__].from, 6};
  GstMxFormat format = {rates[__i__].to, 6};
  gfloat *data = g_new0 (gfloat, rates[__i__].frames * 6);
  GBytes *samples =
      convert_floats (&sound, data, rates[__i__].frames * 6, &format);

  fail_unless_equals_int (
      g_bytes_get_size (samples) / 24, rates[__i__].expected);
  g_bytes_unref (samples);
  g_free (data);
}
GST_END_TEST;

/* Slow enough that the first and the last frame tell what lies beyond. */
GST_START_TEST (resampling_keeps_time_and_channels)
{
  const Sound sound = {GST_AUDIO_FORMAT_F32, rates[__i__].from, 3};
  GstMxFormat format = {rates[__i__].to, 3};
  gsize frames = 40 * MAX (rates[__i__].from / 10, 8), n;
  gfloat *data = g_new (gfloat, frames * 3);
  gdouble period = 16.0 * MAX (1.0 / sound.rate, 1.0 / format.rate);
  GBytes *samples;
  const gfloat *got;

  for (gsize i = 0; i < frames; i++)
    for (gsize c = 0; c < 3; c++)
      data[3 * i + c] =
          1000 * (c + 1) + sin (2 * G_PI * i / sound.rate / period + c);
  samples = convert_floats (&sound, data, frames * 3, &format);
  got = floats (samples, &n);
  for (gsize i = n / 12; i < n / 4; i++)
    for (gsize c = 0; c < 3; c++) {
      gdouble expected =
          1000 * (c + 1) + sin (2 * G_PI * i / format.rate / period + c);

      fail_unless (fabs (got[3 * i + c] - expected) < 0.06,
          "frame %u, channel %u: %f, expected %f", (guint)i, (guint)c,
          got[3 * i + c], expected);
    }
  g_bytes_unref (samples);
  g_free (data);
}
GST_END_TEST;

GST_START_TEST (a_resting_sensor_rests_to_both_ends_when_resampled)
{
  const Sound sound = {GST_AUDIO_FORMAT_F32, rates[__i__].from, 1};
  GstMxFormat format = {rates[__i__].to, 1};
  gfloat *data = g_new (gfloat, rates[__i__].frames);
  GBytes *samples;
  const gfloat *got;
  gsize n;

  for (gsize i = 0; i < rates[__i__].frames; i++)
    data[i] = 9.80665f;
  samples = convert_floats (&sound, data, rates[__i__].frames, &format);
  got = floats (samples, &n);
  for (gsize i = 0; i < n; i++)
    fail_unless (fabs (got[i] - 9.80665) < 0.01, "frame %u of %u: %f", (guint)i,
        (guint)n, got[i]);
  g_bytes_unref (samples);
  g_free (data);
}
GST_END_TEST;

GST_START_TEST (rates_too_far_apart_are_refused)
{
  static const gint far[][2] = {
      {1, 48000}, {G_MAXINT, 8000}, {1, G_MAXINT}, {G_MAXINT, G_MAXINT - 1}};

  for (guint i = 0; i < G_N_ELEMENTS (far); i++) {
    const Sound sound = {GST_AUDIO_FORMAT_F32, far[i][0], 1};
    GstMxFormat format = {far[i][1], 1};
    GError *error = NULL;

    fail_unless (convert (&sound, "\0\0\0\0", 4, &format, &error) == NULL);
    fail_unless (
        strstr (error->message, "Hz cannot become"), "%s", error->message);
    g_error_free (error);
  }
}
GST_END_TEST;

GST_START_TEST (
    a_recording_without_samples_is_an_error_and_the_next_one_is_read)
{
  const Sound sound = {GST_AUDIO_FORMAT_F32, 50, 1};
  GstMxFormat format = {0, 0};
  GstMxConversion *conversion = gst_mx_conversion_new (&format);
  GstAudioInfo info = info_of (&sound);
  GstBuffer *buffer = gst_buffer_new_memdup ("\0\0\0\0", 4);
  GError *error = NULL;
  GBytes *samples;

  fail_unless (gst_mx_conversion_finish (conversion, &format, &error) == NULL);
  fail_unless_equals_string (error->message, "it holds no samples");
  g_error_free (error);
  fail_unless (gst_mx_conversion_push (conversion, &info, buffer, NULL));
  samples = gst_mx_conversion_finish (conversion, &format, NULL);
  fail_unless_equals_int (g_bytes_get_size (samples), 4);
  g_bytes_unref (samples);
  gst_buffer_unref (buffer);
  gst_mx_conversion_free (conversion);
}
GST_END_TEST;

GST_START_TEST (a_recording_may_not_change_its_rate)
{
  const Sound slow = {GST_AUDIO_FORMAT_F32, 50, 1};
  const Sound fast = {GST_AUDIO_FORMAT_F32, 60, 1};
  GstMxFormat format = {0, 0};
  GstMxConversion *conversion = gst_mx_conversion_new (&format);
  GstAudioInfo info = info_of (&slow), other = info_of (&fast);
  GstBuffer *buffer = gst_buffer_new_memdup ("\0\0\0\0", 4);
  GError *error = NULL;

  fail_unless (gst_mx_conversion_push (conversion, &info, buffer, NULL));
  fail_if (gst_mx_conversion_push (conversion, &other, buffer, &error));
  fail_unless_equals_string (
      error->message, "it changes from 1 channels at 50 Hz to 1 at 60 Hz");
  g_error_free (error);
  gst_buffer_unref (buffer);
  gst_mx_conversion_free (conversion);
}
GST_END_TEST;

static Suite *
conversion_suite (void)
{
  Suite *suite = suite_create ("conversion");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, sixteen_bits_become_value_by_32768);
  tcase_add_loop_test (
      tc, each_format_keeps_its_values, 0, G_N_ELEMENTS (formats));
  tcase_add_test (tc, floats_pass_bit_by_bit_in_any_number_of_channels);
  tcase_add_test (tc, planes_are_interleaved);
  tcase_add_test (tc, mono_and_stereo_become_each_other);
  tcase_add_loop_test (tc, other_channels_are_never_made_up_or_left_out, 0,
      G_N_ELEMENTS (mismatches));
  tcase_add_loop_test (tc, resampling_gives_the_length_that_the_rates_say, 0,
      G_N_ELEMENTS (rates));
  tcase_add_loop_test (
      tc, resampling_keeps_time_and_channels, 0, G_N_ELEMENTS (rates));
  tcase_add_loop_test (tc, a_resting_sensor_rests_to_both_ends_when_resampled,
      0, G_N_ELEMENTS (rates));
  tcase_add_test (tc, rates_too_far_apart_are_refused);
  tcase_add_test (
      tc, a_recording_without_samples_is_an_error_and_the_next_one_is_read);
  tcase_add_test (tc, a_recording_may_not_change_its_rate);
  return suite;
}

GST_CHECK_MAIN (conversion);
