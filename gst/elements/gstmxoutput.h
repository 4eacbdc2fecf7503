/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a sink says of the files that it writes: in time, where they cannot be
 * written, and at the end. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* FALSE: it cannot be written, and an error was posted.  @what: it is, in
 * words; @filename: NULL: none is written. */
gboolean gst_mx_output_check (
    GstElement *owner, const gchar *what, const gchar *filename);

/* FALSE: both properties name the same file, in whatever words, and an error
 * was posted.  Links are not followed. */
gboolean gst_mx_output_check_two (GstElement *owner, const gchar *property,
    const gchar *filename, const gchar *other_property, const gchar *other);

/* Posts that it cannot be written.  @code: OPEN_WRITE before there was anything
 * to write, then WRITE. */
void gst_mx_output_fail (GstElement *owner, GstResourceError code,
    const gchar *what, const GError *error);

/* Posts that all is written: as progress in words, and as an element message,
 * both by the name of the message.  Takes it. */
void gst_mx_output_announce (
    GstElement *owner, const gchar *summary, GstStructure *message);

G_END_DECLS
