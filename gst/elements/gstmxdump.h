/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What an evaluation heard, one JSON object a line, for whoever counts
 * otherwise: the fields are listed in the page of mxevalsink.  The file is
 * there when it is whole. */
#pragma once

#include <gst/gst.h>

#include "gstmxexample.h"

G_BEGIN_DECLS

typedef struct _GstMxDump GstMxDump;

GstMxDump *gst_mx_dump_new (const gchar *filename, GError **error);

/* @begin: of its first buffer, GST_CLOCK_TIME_NONE: none came, or nobody asked.
 * FALSE: it cannot be written. */
gboolean gst_mx_dump_add_example (GstMxDump *self, const GstMxExample *example,
    GstClockTime begin, GError **error);
gboolean gst_mx_dump_add_result (
    GstMxDump *self, const GstStructure *result, GError **error);
/* A recording ends: windows behind it have other times. */
gboolean gst_mx_dump_add_break (GstMxDump *self, GError **error);

/* Both free it; NULL may be discarded. */
gboolean gst_mx_dump_commit (GstMxDump *self, GError **error);
void gst_mx_dump_discard (GstMxDump *self);

G_END_DECLS
