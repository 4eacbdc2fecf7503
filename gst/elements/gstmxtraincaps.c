/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtraincaps.h"

/* More than two channels need a mask, and sensors have no loudspeakers: none
 * is preferred, any is taken. */
GstCaps *
gst_mx_train_caps_new (const MxDescription *description)
{
  GstCaps *caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
      GST_AUDIO_NE (F32), "layout", G_TYPE_STRING, "interleaved", "rate",
      G_TYPE_INT, (gint)description->rate, "channels", G_TYPE_INT,
      (gint)description->channels, NULL);

  if (description->channels > 2) {
    GstStructure *any = gst_structure_copy (gst_caps_get_structure (caps, 0));

    gst_caps_set_simple (
        caps, "channel-mask", GST_TYPE_BITMASK, G_GUINT64_CONSTANT (0), NULL);
    gst_caps_append_structure (caps, any);
  }
  return caps;
}

gboolean
gst_mx_train_caps_check (const GstCaps *caps, const MxDescription *description,
    GstElement *owner, const gchar *pad)
{
  const GstStructure *structure = gst_caps_get_structure (caps, 0);
  gint rate = 0, channels = 0;

  gst_structure_get_int (structure, "rate", &rate);
  gst_structure_get_int (structure, "channels", &channels);
  if ((gsize)rate == description->rate &&
      (gsize)channels == description->channels)
    return TRUE;
  GST_ELEMENT_ERROR (owner, STREAM, FORMAT,
      ("Pad \"%s\" got %d Hz and %d channel(s), the model needs "
       "%" G_GSIZE_FORMAT " Hz and %" G_GSIZE_FORMAT
       ": put \"audioconvert ! audioresample\" before it.",
          pad, rate, channels, description->rate, description->channels),
      ("%" GST_PTR_FORMAT, caps));
  return FALSE;
}
