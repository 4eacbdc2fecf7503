/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Files read whole and replaced whole. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MX_FILE_MAX_SIZE (G_GUINT64_CONSTANT (1) << 32)

/* The contents of a regular file of at most MX_FILE_MAX_SIZE bytes, copied: a
 * mapping would take the process down if somebody shortened the file. */
GBytes *mx_file_read (const char *filename, GError **error);

/* Writes a temporary file beside `filename`, syncs it and renames it: whoever
 * reads sees the old file or the new one, whole. */
gboolean mx_file_replace (const char *filename, GBytes *bytes, GError **error);

/* The same for who has locked the file (MxFileLock) and writes it again and
 * again: the temporary file has a name of its own, ".part" behind that of the
 * file, so that a process that is killed leaves one at most, which the next
 * writes over. */
gboolean mx_file_replace_locked (
    const char *filename, GBytes *bytes, GError **error);
/* The same, for what comes piece by piece: nobody sees it before it is
 * committed.  One thread at a time. */
typedef struct _MxFileWriter MxFileWriter;

MxFileWriter *mx_file_writer_new (const char *filename, GError **error);
gboolean mx_file_writer_add (
    MxFileWriter *self, const char *data, gsize size, GError **error);
/* Both free it, whatever happens; NULL may be discarded. */
gboolean mx_file_writer_commit (MxFileWriter *self, GError **error);
void mx_file_writer_discard (MxFileWriter *self);

/* Whether mx_file_replace() could do so now, found by making such a temporary
 * file: permissions, missing folders and read-only discs show before hours of
 * work. */
gboolean mx_file_check_writable (const char *filename, GError **error);

G_END_DECLS
