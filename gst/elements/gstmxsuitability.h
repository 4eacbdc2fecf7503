/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whether a stream suits a model of such a rate and number of channels. */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

/* FALSE: a GST_STREAM_ERROR that says what was found and what expected. */
gboolean gst_mx_suitability_check (
    const GstAudioInfo *from, guint rate, guint channels, GError **error);

/* How many channels, the first ones, to read so that `channels` come out. */
guint gst_mx_suitability_channels (const GstAudioInfo *from, guint channels);

/* See gst_mx_converter_doubt(). */
gchar *gst_mx_suitability_doubt (
    const GstAudioInfo *from, guint rate, guint channels);

G_END_DECLS
