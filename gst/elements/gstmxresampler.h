/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* GStreamer's resampler, set up for sensors as for sound: below 1 kHz cubic, as
 * a long filter would delay a slow signal by seconds, from there on Kaiser. */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

/* For interleaved F32 frames of `channels`; gst_audio_resampler_free(). */
GstAudioResampler *gst_mx_resampler_new (guint from, guint to, guint channels);

/* To be called before the first frames.  A cubic filter's length is no multiple
 * of a vector's, and GStreamer multiplies what lies behind the last frame by
 * zero: where that is not its own memory it may be NaN, and so would be the
 * sample.  As long as at most `frames` come in at a time and all that is ready
 * is taken out, it is now its own, and nothing is allocated any more. */
void gst_mx_resampler_reserve (GstAudioResampler *resampler, gsize frames);

G_END_DECLS
