/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whether a recording is as long as it says itself, by what is cheap to read:
 * a header, or the end of the file.
 *
 * GStreamer does not tell: wavparse takes the end of the file for that of the
 * samples, and what other elements answer may be an estimate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NULL: nothing is missing, as far as one can see; else what was found and what
 * was expected, "found 60 frames, expected 100 as its header says" (g_free).
 * @frames: that were decoded.
 *
 * WAV (samples that are not compressed) and FLAC promise frames; AU, Matroska,
 * WebM, MP4 and MP3 with a Xing header promise bytes; Ogg marks its
 * end.  Streams that were written into a pipe, which could not know their
 * length, promise nothing; other formats neither. */
gchar *gst_mx_promise_check (const gchar *filename, guint64 frames);

G_END_DECLS
