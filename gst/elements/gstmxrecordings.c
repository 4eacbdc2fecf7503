/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxrecordings.h"

struct _GstMxRecordings {
  const GstMxSelection *selection;
  GstMxDecoder *decoder;
  GstMxFormat format;
  GBytes **kept; /* [examples], NULL: to be decoded */
  guint64 used, memory;
};

GstMxRecordings *
gst_mx_recordings_new (
    const GstMxSelection *selection, GstMxDecoder *decoder, guint64 memory)
{
  GstMxRecordings *recordings = g_new0 (GstMxRecordings, 1);

  recordings->selection = selection;
  recordings->decoder = decoder;
  recordings->memory = memory;
  recordings->kept = g_new0 (GBytes *, selection->chosen->len);
  return recordings;
}

static void
forget (GstMxRecordings *recordings)
{
  for (guint i = 0; i < recordings->selection->chosen->len; i++)
    g_clear_pointer (&recordings->kept[i], g_bytes_unref);
  recordings->used = 0;
}

void
gst_mx_recordings_free (GstMxRecordings *recordings)
{
  if (!recordings)
    return;
  forget (recordings);
  g_free (recordings->kept);
  g_free (recordings);
}

/* Nothing is ever dropped for something else: each epoch asks for each example
 * once, so that dropping the oldest would keep what is needed last. */
static void
keep (GstMxRecordings *recordings, guint index, GBytes *samples)
{
  guint64 size = g_bytes_get_size (samples);

  if (size > recordings->memory - recordings->used)
    return;
  recordings->kept[index] = g_bytes_ref (samples);
  recordings->used += size;
}

static GBytes *
decode (GstMxRecordings *recordings, guint index, GstMxFormat *format,
    GError **error)
{
  const GstMxListingItem *item =
      gst_mx_selection_chosen (recordings->selection, index)->item;

  return gst_mx_decoder_decode (
      recordings->decoder, item->filename, format, error);
}

gboolean
gst_mx_recordings_peek_format (
    GstMxRecordings *recordings, GstMxFormat *format, GError **error)
{
  GBytes *samples;

  *format = (GstMxFormat){0, 0};
  samples = decode (recordings, 0, format, error);
  if (!samples)
    return FALSE;
  if (recordings->format.rate == 0) {
    recordings->format = *format;
    keep (recordings, 0, samples);
  }
  g_bytes_unref (samples);
  return TRUE;
}

void
gst_mx_recordings_set_format (
    GstMxRecordings *recordings, const GstMxFormat *format)
{
  if (recordings->format.rate == format->rate &&
      recordings->format.channels == format->channels)
    return;
  forget (recordings);
  recordings->format = *format;
}

GBytes *
gst_mx_recordings_get (GstMxRecordings *recordings, guint index, GError **error)
{
  GBytes *samples;

  if (recordings->kept[index])
    return g_bytes_ref (recordings->kept[index]);
  samples = decode (recordings, index, &recordings->format, error);
  if (samples)
    keep (recordings, index, samples);
  return samples;
}
