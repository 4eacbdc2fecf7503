/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
fail (GError **error, int saved_errno, const char *doing, const char *filename)
{
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (saved_errno),
      "%s: cannot %s: %s", filename, doing, g_strerror (saved_errno));
  return false;
}

GBytes *
mx_file_read (const char *filename, GError **error)
{
  /* Looked at before it is opened: opening a FIFO would wait for a writer. */
  GStatBuf status;
  if (g_stat (filename, &status) != 0) {
    fail (error, errno, "read", filename);
    return NULL;
  }
  if (!S_ISREG (status.st_mode)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "%s: found no regular file", filename);
    return NULL;
  }
  if ((guint64)status.st_size > MX_FILE_MAX_SIZE) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOMEM,
        "%s: found %" G_GUINT64_FORMAT
        " bytes, expected at most %" G_GUINT64_FORMAT,
        filename, (guint64)status.st_size, (guint64)MX_FILE_MAX_SIZE);
    return NULL;
  }

  char *contents;
  gsize length;
  if (!g_file_get_contents (filename, &contents, &length, error))
    return NULL;
  return g_bytes_new_take (contents, length);
}

static bool
write_all (int fd, const char *data, gsize size)
{
  while (size > 0) {
    const gssize n = write (fd, data, size);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return false;
    data += n;
    size -= n;
  }
  return true;
}

/* A rename lasts only once its folder is on the disk. */
static void
sync_folder (const char *filename)
{
  g_autofree char *folder = g_path_get_dirname (filename);
  const int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0)
    return;
  /* Some file systems cannot: then the rename is as lasting as it gets. */
  if (fsync (fd) != 0)
    g_debug ("%s: %s", folder, g_strerror (errno));
  close (fd);
}

/* Returns the file, open; -1: error. */
static int
make_temporary (const char *filename, char **temporary, GError **error)
{
  *temporary = g_strconcat (filename, ".XXXXXX", NULL);
  /* Mode 0666 less the umask, as any program's new file. */
  const int fd = g_mkstemp_full (*temporary, O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0)
    fail (error, errno, "write beside it", filename);
  return fd;
}

gboolean
mx_file_check_writable (const char *filename, GError **error)
{
  GStatBuf status;
  if (g_stat (filename, &status) == 0 && !S_ISREG (status.st_mode)) {
    g_set_error (error, G_FILE_ERROR,
        S_ISDIR (status.st_mode) ? G_FILE_ERROR_ISDIR : G_FILE_ERROR_INVAL,
        "%s: found %s, expected a regular file or none", filename,
        S_ISDIR (status.st_mode) ? "a folder" : "no regular file");
    return false;
  }

  g_autofree char *temporary = NULL;
  const int fd = make_temporary (filename, &temporary, error);
  if (fd < 0)
    return false;
  close (fd);
  g_unlink (temporary);
  return true;
}

/* --- piece by piece --- */

/* Pieces are gathered up to so many bytes. */
#define GATHERED 65536

struct _MxFileWriter {
  char *filename, *temporary;
  int fd;
  GString *gathered;
};

/* Takes the name and, if it is not negative, the open file. */
static MxFileWriter *
writer_on (const char *filename, char *temporary, int fd)
{
  MxFileWriter *self;

  if (fd < 0) {
    g_free (temporary);
    return NULL;
  }
  self = g_new (MxFileWriter, 1);
  *self = (MxFileWriter){
      .filename = g_strdup (filename),
      .temporary = temporary,
      .fd = fd,
      .gathered = g_string_sized_new (GATHERED),
  };
  return self;
}

MxFileWriter *
mx_file_writer_new (const char *filename, GError **error)
{
  char *temporary = NULL;
  const int fd = make_temporary (filename, &temporary, error);

  return writer_on (filename, temporary, fd);
}

static bool
flush (MxFileWriter *self, GError **error)
{
  if (!write_all (self->fd, self->gathered->str, self->gathered->len))
    return fail (error, errno, "write", self->filename);
  g_string_truncate (self->gathered, 0);
  return true;
}

gboolean
mx_file_writer_add (
    MxFileWriter *self, const char *data, gsize size, GError **error)
{
  if (self->gathered->len + size > GATHERED && !flush (self, error))
    return false;
  if (size <= GATHERED) {
    g_string_append_len (self->gathered, data, (gssize)size);
    return true;
  }
  return write_all (self->fd, data, size) ||
         fail (error, errno, "write", self->filename);
}

static void
free_writer (MxFileWriter *self)
{
  g_free (self->filename);
  g_free (self->temporary);
  g_string_free (self->gathered, TRUE);
  g_free (self);
}

void
mx_file_writer_discard (MxFileWriter *self)
{
  if (self == NULL)
    return;
  close (self->fd);
  g_unlink (self->temporary);
  free_writer (self);
}

static bool
settle (MxFileWriter *self, GError **error)
{
  bool written = flush (self, error);

  if (written && fsync (self->fd) != 0)
    written = fail (error, errno, "write", self->filename);
  if (close (self->fd) != 0 && written)
    written = fail (error, errno, "write", self->filename);
  return written;
}

gboolean
mx_file_writer_commit (MxFileWriter *self, GError **error)
{
  bool done = settle (self, error);

  if (done && g_rename (self->temporary, self->filename) != 0)
    done = fail (error, errno, "replace", self->filename);
  if (done)
    sync_folder (self->filename);
  else
    g_unlink (self->temporary);
  free_writer (self);
  return done;
}

/* --- all at once --- */

static bool
replace_by (MxFileWriter *writer, GBytes *bytes, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (!mx_file_writer_add (writer, data, size, error)) {
    mx_file_writer_discard (writer);
    return false;
  }
  return mx_file_writer_commit (writer, error);
}

gboolean
mx_file_replace (const char *filename, GBytes *bytes, GError **error)
{
  MxFileWriter *writer = mx_file_writer_new (filename, error);

  return writer != NULL && replace_by (writer, bytes, error);
}

gboolean
mx_file_replace_locked (const char *filename, GBytes *bytes, GError **error)
{
  char *temporary = g_strconcat (filename, ".part", NULL);
  const int fd = g_open (
      temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);

  if (fd < 0)
    fail (error, errno, "write beside it", filename);
  MxFileWriter *writer = writer_on (filename, temporary, fd);
  return writer != NULL && replace_by (writer, bytes, error);
}
