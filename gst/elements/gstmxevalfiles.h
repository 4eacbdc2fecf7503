/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The files of mxevalsink: found unwritable, or unreadable, before hours of
 * work, and there when they are whole. */
#pragma once

#include "gstmxdump.h"

G_BEGIN_DECLS

/* Those to write; NULL: none. */
typedef struct {
  gchar *location, *report, *predictions;
} GstMxEvalPaths;

void gst_mx_eval_paths_copy (GstMxEvalPaths *self, const GstMxEvalPaths *from);
void gst_mx_eval_paths_clear (GstMxEvalPaths *self);

/* @dump: NULL if there are no predictions to write.  FALSE: an error was
 * posted. */
gboolean gst_mx_eval_files_open (
    GstElement *owner, const GstMxEvalPaths *paths, GstMxDump **dump);

/* Reports of other models for the page, as GstMxReport; NULL: an error was
 * posted. */
GPtrArray *gst_mx_eval_files_load (
    GstElement *owner, const gchar *const *filenames);

/* Writes the report, the page with those it is compared with, and what is not
 * yet written of the dump; takes it.  @error: why there is no dump any more, or
 * NULL; takes it.  FALSE: an error was posted. */
gboolean gst_mx_eval_files_close (GstElement *owner,
    const GstMxEvalPaths *paths, const GstStructure *report,
    const GPtrArray *compared, GstMxDump *dump, GError *error);

G_END_DECLS
