/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Decodes whole recordings, one after another, of any format that GStreamer
 * decodes. */
#pragma once

#include "gstmxconversion.h"

G_BEGIN_DECLS

typedef struct _GstMxDecoder GstMxDecoder;

GstMxDecoder *gst_mx_decoder_new (void);
void gst_mx_decoder_free (GstMxDecoder *decoder);

/* The first audio stream of the file as interleaved 32-bit floats; 0 in
 * `format` becomes what the file has.  Errors are GStreamer's and
 * name the file, but for G_IO_ERROR_CANCELLED. */
GBytes *gst_mx_decoder_decode (GstMxDecoder *decoder, const gchar *filename,
    GstMxFormat *format, GError **error);

/* What GStreamer said of the last failure beyond its error (g_free), for those
 * who look for the cause; NULL: nothing, or it was no failure of decoding. */
gchar *gst_mx_decoder_dup_debug (GstMxDecoder *decoder);

/* That a file gave fewer frames than its header promises (g_free): the last one
 * that was decoded, once until close(); NULL: nothing to tell. */
gchar *gst_mx_decoder_steal_shortfall (GstMxDecoder *decoder);

/* TRUE ends a decode that another thread is in, and each one that follows,
 * until FALSE. */
void gst_mx_decoder_set_cancelled (GstMxDecoder *decoder, gboolean cancelled);

/* Lets go of what is kept between files, and forgets which were short. */
void gst_mx_decoder_close (GstMxDecoder *decoder);

G_END_DECLS
