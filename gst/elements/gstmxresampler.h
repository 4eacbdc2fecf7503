/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* GStreamer's resampler, set up for sensors as for sound: below 1 kHz cubic, as
 * a long filter would delay a slow signal by seconds, from there on Kaiser. */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

/* For interleaved F32 frames of `channels`; gst_audio_resampler_free(). */
GstAudioResampler *gst_mx_resampler_new (guint from, guint to, guint channels);

G_END_DECLS
