/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-file-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct _MxFileLock {
  char *filename; /* of the lock file */
  int fd;
};

static bool
fail (GError **error, int saved_errno, const char *filename)
{
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (saved_errno),
      "%s: cannot lock: %s", filename, g_strerror (saved_errno));
  return false;
}

static bool
fail_taken (GError **error, int fd, const char *filename)
{
  char owner[24] = "";
  ssize_t n = pread (fd, owner, sizeof owner - 1, 0);
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
      "%s: another training writes to it (process %s)", filename,
      n > 0 ? g_strstrip (owner) : "unknown");
  return false;
}

/* Whoever had it before may have removed the file that was opened. */
static bool
is_there (const char *filename, int fd)
{
  struct stat opened, named;
  return fstat (fd, &opened) == 0 && stat (filename, &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

static void
sign (int fd)
{
  g_autofree char *owner = g_strdup_printf ("%ld\n", (long)getpid ());
  if (ftruncate (fd, 0) != 0 ||
      pwrite (fd, owner, strlen (owner), 0) < 0) /* for people only */
    g_debug ("lock file not signed: %s", g_strerror (errno));
}

/* Returns the lock file, open and locked; -1: error. */
static int
take (const char *lock, const char *filename, GError **error)
{
  while (true) {
    /* No signal interrupts a lock that does not wait. */
    const int fd = g_open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
      fail (error, errno, filename);
      return -1;
    }
    if (flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      fail_taken (error, fd, filename);
      close (fd);
      return -1;
    }
    if (is_there (lock, fd))
      return fd;
    close (fd);
  }
}

MxFileLock *
mx_file_lock_new (const char *filename, GError **error)
{
  g_autofree char *lock = g_strconcat (filename, ".lock", NULL);
  const int fd = take (lock, filename, error);
  if (fd < 0)
    return NULL;
  sign (fd);
  MxFileLock *self = g_new (MxFileLock, 1);
  self->filename = g_steal_pointer (&lock);
  self->fd = fd;
  return self;
}

/* Removed while it is held: then nobody holds a file that is not there. */
void
mx_file_lock_free (MxFileLock *self)
{
  if (self == NULL)
    return;
  g_unlink (self->filename);
  close (self->fd);
  g_free (self->filename);
  g_free (self);
}
