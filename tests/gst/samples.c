/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Samples of every format become floats, every so many; formats that GStreamer
 * misreads are refused. */

#include "gstmxsamples.h"

#include <gst/check/gstcheck.h>

#include "packed.h"

#define SAMPLES 1500
#define STRIDE 3

static void
read_all (const GstAudioFormatInfo *format, const gfloat *expected)
{
  g_autofree gfloat *found = g_new0 (gfloat, SAMPLES * STRIDE);
  g_autoptr (GstBuffer) buffer = NULL;
  GstAudioInfo info;
  GstMapInfo map;

  gst_audio_info_set_format (&info, format->format, 8000, 1, NULL);
  buffer = packed (&info, expected, SAMPLES);
  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
  gst_mx_samples_unpack (format, map.data, SAMPLES, found, STRIDE);
  gst_buffer_unmap (buffer, &map);
  for (guint i = 0; i < SAMPLES; i++) {
    fail_unless (found[i * STRIDE] == expected[i], "%s, sample %u: %g for %g",
        format->name, i, found[i * STRIDE], expected[i]);
    fail_unless (found[i * STRIDE + 1] == 0);
  }
}

GST_START_TEST (test_every_format_is_read_or_refused)
{
  g_autofree gfloat *samples = coarse_noise (SAMPLES, 1);
  GValue formats = G_VALUE_INIT;
  guint read = 0;

  g_value_init (&formats, GST_TYPE_LIST);
  fail_unless (gst_value_deserialize (&formats, GST_AUDIO_FORMATS_ALL));
  for (guint i = 0; i < gst_value_list_get_size (&formats); i++) {
    const gchar *name =
        g_value_get_string (gst_value_list_get_value (&formats, i));
    const GstAudioFormatInfo *format =
        gst_audio_format_get_info (gst_audio_format_from_string (name));

    if (gst_mx_samples_check (format, NULL)) {
      read_all (format, samples);
      read++;
    } else {
      fail_unless (strstr (name, "20_32") != NULL, "%s is refused", name);
    }
  }
  fail_unless (read >= 30, "%u formats", read);
  g_value_unset (&formats);
}
GST_END_TEST;

GST_START_TEST (test_a_format_of_another_width_is_refused)
{
  GstAudioFormatInfo format =
      *gst_audio_format_get_info (GST_AUDIO_FORMAT_S20LE);
  g_autoptr (GError) error = NULL;

  fail_unless (gst_mx_samples_check (&format, &error));
  fail_unless (error == NULL);
  format.name = "S20_32LE";
  format.width = 32;
  fail_if (gst_mx_samples_check (&format, &error));
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT));
  fail_unless (g_str_has_prefix (error->message, "its samples are S20_32LE"));
}
GST_END_TEST;

static Suite *
samples_suite (void)
{
  Suite *suite = suite_create ("samples");
  TCase *tests = tcase_create ("samples");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_every_format_is_read_or_refused);
  tcase_add_test (tests, test_a_format_of_another_width_is_refused);
  return suite;
}

GST_CHECK_MAIN (samples);
