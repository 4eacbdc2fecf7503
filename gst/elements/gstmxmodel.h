/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The models of elements, each in memory once: whoever loads the same file
 * shares its network.  The same is the same file on disk, unchanged (device,
 * inode, size, time of change in ns), stored in the same way; one that was
 * replaced or rewritten is another.  Any thread; no file is read under a lock.
 */
#pragma once

#include "mx-network.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* @filename: NULL, for the one built in.  @storage: of its weights.  To be
 * given back with gst_mx_model_unref(). */
MxNetwork *gst_mx_model_load (
    const gchar *filename, MxStorage storage, GError **error);

/* The last to do so frees it, sessions that still hear with it apart. */
void gst_mx_model_unref (MxNetwork *network);

/* Why it was not loaded, as a message of the element: an error or a warning
 * with a sentence for the user. */
void gst_mx_model_post (GstElement *element, GstMessageType type,
    const gchar *filename, const GError *error);

/* How many networks are shared now: for logs and tests. */
guint gst_mx_model_count (void);

G_END_DECLS
