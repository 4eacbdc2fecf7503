/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How many frames a recording should have, by its own header.
 *
 * GStreamer does not tell: wavparse takes the end of the file for that of the
 * samples, and what other elements answer may be an estimate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 0: nothing is promised.  Only WAV (samples that are not compressed) and FLAC
 * promise exactly; streams that were written into a pipe, which could not know
 * their length, do not. */
guint64 gst_mx_promise_read (const gchar *filename);

G_END_DECLS
