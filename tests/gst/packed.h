/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* For tests: the same samples in any raw audio format. */
#pragma once

#include <gst/audio/audio.h>

#include "mx-rng.h"

static inline gboolean
is_float (const GstAudioInfo *info)
{
  return GST_AUDIO_FORMAT_INFO_IS_FLOAT (info->finfo);
}

/* A buffer of `info` that holds samples [n][channels], which must be multiples
 * of 1/128 in [-1, 1), so that every format can hold them. */
static inline GstBuffer *
packed (const GstAudioInfo *info, const gfloat *samples, gsize n)
{
  gsize channels = GST_AUDIO_INFO_CHANNELS (info), total = n * channels;
  gsize bytes = GST_AUDIO_INFO_WIDTH (info) / 8;
  gboolean planar = info->layout == GST_AUDIO_LAYOUT_NON_INTERLEAVED;
  g_autofree gdouble *doubles = g_new (gdouble, total);
  g_autofree gint32 *integers = g_new (gint32, total);
  guint8 *data = g_malloc (total * bytes);
  GstBuffer *buffer;

  for (gsize i = 0; i < total; i++) {
    gsize from = planar ? i % n * channels + i / n : i;

    doubles[i] = samples[from];
    integers[i] = samples[from] * 128 * (1 << 24);
  }
  info->finfo->pack_func (info->finfo, GST_AUDIO_PACK_FLAG_NONE,
      is_float (info) ? (gpointer)doubles : integers, data, total);
  buffer = gst_buffer_new_wrapped (data, total * bytes);
  if (planar)
    gst_buffer_add_audio_meta (buffer, info, n, NULL);
  return buffer;
}

/* Multiples of 1/128. */
static inline gfloat *
coarse_noise (gsize n, guint64 seed)
{
  gfloat *samples = g_new (gfloat, n);
  MxRng rng;

  mx_rng_init (&rng, seed, 0);
  for (gsize i = 0; i < n; i++)
    samples[i] = ((gint)mx_rng_below (&rng, 256) - 128) / 128.f;
  return samples;
}
