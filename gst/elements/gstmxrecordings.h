/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The samples of a selection's examples, decoded when asked for and kept as
 * far as memory is allowed. */
#pragma once

#include "gstmxdecoder.h"
#include "gstmxselection.h"

G_BEGIN_DECLS

typedef struct _GstMxRecordings GstMxRecordings;

/* `selection` and `decoder` must outlive it; up to `memory` bytes are kept. */
GstMxRecordings *gst_mx_recordings_new (
    const GstMxSelection *selection, GstMxDecoder *decoder, guint64 memory);
void gst_mx_recordings_free (GstMxRecordings *recordings);

/* What the first example is: what the rest becomes, if nobody wishes
 * otherwise. */
gboolean gst_mx_recordings_peek_format (
    GstMxRecordings *recordings, GstMxFormat *format, GError **error);

/* Before the first get; another format forgets what was decoded. */
void gst_mx_recordings_set_format (
    GstMxRecordings *recordings, const GstMxFormat *format);

GBytes *gst_mx_recordings_get (
    GstMxRecordings *recordings, guint index, GError **error);

G_END_DECLS
