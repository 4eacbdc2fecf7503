/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Buffers of any raw audio into the samples a model listens to: float,
 * interleaved, at the model's rate, its number of channels.  The buffers are
 * only read.
 *
 * Integers become [-1, 1); floats keep their values and are never clipped: a
 * sensor's samples may be in any unit.  Channels are taken by index, whatever
 * their positions; only stereo for a model of one channel is averaged.
 *
 * The resampler looks ahead but does not shift: sample n that comes out lies
 * n / rate seconds behind the first sample that went in.  Nothing is allocated
 * after _new(); one thread at a time. */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

typedef struct _GstMxConverter GstMxConverter;

/* Hears `n` frames; valid during the call. */
typedef void (*GstMxConverterFunc) (
    const gfloat *samples, gsize n, gpointer user_data);

/* NULL: a GST_STREAM_ERROR that says what was found and what expected. */
GstMxConverter *gst_mx_converter_new (
    const GstAudioInfo *from, guint rate, guint channels, GError **error);
void gst_mx_converter_free (GstMxConverter *self);

/* Why the stream may be none that the model was made for, as sentences for the
 * user; NULL: nothing speaks for that. */
gchar *gst_mx_converter_doubt (const GstMxConverter *self);

/* The whole buffer, silence if it has the GAP flag; in however many memories it
 * lies, they stay as they are.  FALSE: it says it holds more than it does, or
 * ends within a frame, and nothing was heard; or one of its memories cannot be
 * mapped. */
gboolean gst_mx_converter_push (GstMxConverter *self, GstBuffer *buffer,
    GstMxConverterFunc func, gpointer user_data);

/* @frames: of the stream. */
void gst_mx_converter_push_silence (GstMxConverter *self, guint64 frames,
    GstMxConverterFunc func, gpointer user_data);

/* The stream ended: what the resampler still holds.  Then resets. */
void gst_mx_converter_drain (
    GstMxConverter *self, GstMxConverterFunc func, gpointer user_data);

/* Passes over the next frames, of buffers as of silence, as if they had never
 * come; until the next reset. */
void gst_mx_converter_skip (GstMxConverter *self, guint64 frames);
guint64 gst_mx_converter_get_to_skip (const GstMxConverter *self);

/* Frames of the stream since the last reset, without those skipped. */
guint64 gst_mx_converter_get_heard (const GstMxConverter *self);

/* Forgets everything heard. */
void gst_mx_converter_reset (GstMxConverter *self);

G_END_DECLS
