/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxsuitability.h"

#include "gstmxsamples.h"

/* Beyond it the resampler's filters would fill the memory. */
#define MAX_RATE 768000
/* Raising the rate further than so leaves most of the band empty that the model
 * learnt to listen to. */
#define MAX_RAISE 4
/* What a frame in may become. */
#define MAX_CHUNK_SAMPLES (1u << 24)

guint
gst_mx_suitability_channels (const GstAudioInfo *from, guint channels)
{
  gboolean stereo = GST_AUDIO_INFO_CHANNELS (from) == 2 &&
                    !GST_AUDIO_INFO_IS_UNPOSITIONED (from);

  return channels == 1 && stereo ? 2 : channels;
}

gboolean
gst_mx_suitability_check (
    const GstAudioInfo *from, guint rate, guint channels, GError **error)
{
  guint found = GST_AUDIO_INFO_CHANNELS (from);
  guint found_rate = GST_AUDIO_INFO_RATE (from);

  if (!gst_mx_samples_check (from->finfo, error))
    return FALSE;
  if (found < channels) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "the stream has %u channel%s, the model needs %u", found,
        found == 1 ? "" : "s", channels);
    return FALSE;
  }
  if (found_rate != rate && MAX (found_rate, rate) > MAX_RATE) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "the stream has %u Hz, the model needs %u Hz; rates above %u Hz are "
        "not converted",
        found_rate, rate, MAX_RATE);
    return FALSE;
  }
  if ((guint64)(rate / found_rate) * channels > MAX_CHUNK_SAMPLES / 8) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "the stream has %u Hz, the model needs %u channels at %u Hz: too far "
        "apart to be converted",
        found_rate, channels, rate);
    return FALSE;
  }
  return TRUE;
}

gchar *
gst_mx_suitability_doubt (const GstAudioInfo *from, guint rate, guint channels)
{
  guint found = GST_AUDIO_INFO_CHANNELS (from);
  guint found_rate = GST_AUDIO_INFO_RATE (from);
  guint taken = gst_mx_suitability_channels (from, channels);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree gchar *first =
      taken > 1 ? g_strdup_printf (" %u", taken) : g_strdup ("");

  if (taken < found)
    g_string_append_printf (text,
        " It hears only the first%s of the stream's %u channels.", first,
        found);
  if ((guint64)found_rate * MAX_RAISE < rate)
    g_string_append_printf (text,
        " It was trained on %u Hz, the stream has %u Hz.", rate, found_rate);
  return text->len > 0 ? g_strdup (text->str + 1) : NULL;
}
