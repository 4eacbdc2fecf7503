/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "fuzz.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>

static char *folder, *filename;

static void
remove_file (void)
{
  g_remove (filename);
  g_rmdir (folder);
  g_free (filename);
  g_free (folder);
}

const char *
fuzz_write (const uint8_t *data, size_t size)
{
  if (folder == NULL) {
    folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
    g_assert_nonnull (folder);
    filename = g_build_filename (folder, "file", NULL);
    atexit (remove_file);
  }
  /* Some file systems write to the disk what is truncated and filled again. */
  g_remove (filename);
  FILE *file = g_fopen (filename, "wb");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, size, file), ==, size);
  g_assert_cmpint (fclose (file), ==, 0);
  return filename;
}
