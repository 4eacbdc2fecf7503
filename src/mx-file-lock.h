/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A claim on a file that will be written hours later: a lock file beside it,
 * with the name of the file and ".lock", which holds the number of the process.
 * The kernel lets go of it however the process ends. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _MxFileLock MxFileLock;

/* NULL: error.  G_FILE_ERROR_EXIST: somebody else has it, in this process or
 * another; the message says who.  Where the file system knows no locks, it is
 * as if nobody else were there. */
MxFileLock *mx_file_lock_new (const char *filename, GError **error);
/* Removes the lock file.  May be NULL. */
void mx_file_lock_free (MxFileLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MxFileLock, mx_file_lock_free)

G_END_DECLS
