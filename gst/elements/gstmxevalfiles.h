/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The files of mxevalsink: found unwritable before hours of work, and there
 * when they are whole. */
#pragma once

#include "gstmxdump.h"

G_BEGIN_DECLS

/* Either file may be NULL: then there is none, nor a dump.  FALSE: an error was
 * posted. */
gboolean gst_mx_eval_files_open (GstElement *owner, const gchar *location,
    const gchar *predictions, GstMxDump **dump);

/* Writes the report, and what is not yet written of the dump; takes it.
 * @error: why there is no dump any more, or NULL; takes it.  FALSE: an error
 * was posted. */
gboolean gst_mx_eval_files_close (GstElement *owner, const gchar *location,
    const GstStructure *report, GstMxDump *dump, GError *error);

G_END_DECLS
