/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Samples of any format as floats: whole numbers become value / 2^(bits - 1),
 * floats stay what they are. */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

/* FALSE: this GStreamer misreads the format, a GST_STREAM_ERROR. */
gboolean gst_mx_samples_check (
    const GstAudioFormatInfo *format, GError **error);

/* `n` consecutive samples to every `stride`-th float. */
void gst_mx_samples_unpack (const GstAudioFormatInfo *format,
    const guint8 *from, gsize n, gfloat *to, gsize stride);

G_END_DECLS
