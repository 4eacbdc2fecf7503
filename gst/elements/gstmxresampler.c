/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxresampler.h"

/* Hz.  The aliases of a sensor's slow signal are less harmful than the wait. */
#define SENSOR_RATE 1000
/* Frames: twice what a vector of the inner products holds. */
#define READ_BEYOND 16

GstAudioResampler *
gst_mx_resampler_new (guint from, guint to, guint channels)
{
  GstAudioResamplerMethod method = MIN (from, to) < SENSOR_RATE
                                       ? GST_AUDIO_RESAMPLER_METHOD_CUBIC
                                       : GST_AUDIO_RESAMPLER_METHOD_KAISER;
  GstStructure *options = gst_structure_new_empty ("resampler-options");
  GstAudioResampler *resampler;

  gst_audio_resampler_options_set_quality (
      method, GST_AUDIO_RESAMPLER_QUALITY_DEFAULT, from, to, options);
  resampler = gst_audio_resampler_new (method, GST_AUDIO_RESAMPLER_FLAG_NONE,
      GST_AUDIO_FORMAT_F32, channels, from, to, options);
  gst_structure_free (options);
  return resampler;
}

void
gst_mx_resampler_reserve (GstAudioResampler *resampler, gsize frames)
{
  gpointer nowhere[] = {NULL};
  /* What may be left from the call before: less than the filter's length. */
  gsize left = 2 * gst_audio_resampler_get_max_latency (resampler) + 2;

  gst_audio_resampler_resample (
      resampler, NULL, frames + left + READ_BEYOND, nowhere, 0);
  gst_audio_resampler_reset (resampler);
}
