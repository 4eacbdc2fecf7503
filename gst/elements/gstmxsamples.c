/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxsamples.h"

#include <string.h>

#define BLOCK 512

/* GStreamer 1.28 takes samples of 20 bits that lie in 32 for such that lie in
 * 24, one after the other: all but the first are wrong. */
gboolean
gst_mx_samples_check (const GstAudioFormatInfo *format, GError **error)
{
  const gint32 two[] = {G_MAXINT32, G_MAXINT32};
  guint8 packed[2 * sizeof (gdouble)] = {0};
  gint32 first, second;

  if (format->unpack_format != GST_AUDIO_FORMAT_S32)
    return TRUE;
  format->pack_func (format, GST_AUDIO_PACK_FLAG_NONE, two, packed, 2);
  format->unpack_func (
      format, GST_AUDIO_PACK_FLAG_TRUNCATE_RANGE, &first, packed, 1);
  format->unpack_func (format, GST_AUDIO_PACK_FLAG_TRUNCATE_RANGE, &second,
      packed + format->width / 8, 1);
  if (first == second)
    return TRUE;
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "its samples are %s, which this version of GStreamer does not read right",
      format->name);
  return FALSE;
}

/* The flag leaves the lower bits of whole numbers zero.  Native floats are
 * copied, as what GStreamer unpacks them with may take the smallest for zero.
 */
void
gst_mx_samples_unpack (const GstAudioFormatInfo *format, const guint8 *from,
    gsize n, gfloat *to, gsize stride)
{
  union {
    gint32 whole[BLOCK];
    gdouble real[BLOCK];
  } block;
  gsize width = format->width / 8;

  if (format->format == GST_AUDIO_FORMAT_F32) {
    for (gsize i = 0; i < n; i++)
      memcpy (to + i * stride, from + i * width, width);
    return;
  }
  for (gsize at = 0; at < n; at += BLOCK) {
    gsize count = MIN (n - at, BLOCK);

    format->unpack_func (format, GST_AUDIO_PACK_FLAG_TRUNCATE_RANGE, &block,
        from + at * width, count);
    if (format->unpack_format == GST_AUDIO_FORMAT_S32)
      for (gsize i = 0; i < count; i++)
        to[(at + i) * stride] = block.whole[i] * 0x1p-31f;
    else
      for (gsize i = 0; i < count; i++)
        to[(at + i) * stride] = (gfloat)block.real[i];
  }
}
