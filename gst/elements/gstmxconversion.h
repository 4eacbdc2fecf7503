/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The samples of one recording, of any format, into interleaved 32-bit floats
 * of a wanted rate and number of channels.
 *
 * Samples keep their values: sensors are not clipped to [-1, 1], and more than
 * two channels are neither mixed nor reordered.  Only mono and stereo become
 * each other (the mean; twice the same). */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

typedef struct {
  gint rate, channels; /* 0: as the recording has it */
} GstMxFormat;

/* Of `caps`, taken, what is nearest to `found`. */
GstCaps *gst_mx_format_fixate (GstCaps *caps, const GstMxFormat *found);

typedef struct _GstMxConversion GstMxConversion;

GstMxConversion *gst_mx_conversion_new (const GstMxFormat *wanted);
void gst_mx_conversion_free (GstMxConversion *conversion);

/* `info` describes `buffer` and stays the same from the first to the last. */
gboolean gst_mx_conversion_push (GstMxConversion *conversion,
    const GstAudioInfo *info, GstBuffer *buffer, GError **error);

/* All frames at once, and what they are; ends the recording and begins the
 * next.  A recording that holds no frame is an error. */
GBytes *gst_mx_conversion_finish (
    GstMxConversion *conversion, GstMxFormat *format, GError **error);

G_END_DECLS
