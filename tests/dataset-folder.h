/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Data sets for tests: a temporary folder, and WAV files in it. */
#pragma once

#include <glib/gstdio.h>
#include <gst/check/check.h>
#include <string.h>

static inline gchar *
folder_new (void)
{
  gchar *folder = g_dir_make_tmp ("mxdataset-XXXXXX", NULL);

  fail_unless (folder != NULL);
  return folder;
}

static inline void
folder_empty (const gchar *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir))) {
    gchar *inner = g_build_filename (folder, name, NULL);

    if (g_file_test (inner, G_FILE_TEST_IS_DIR) &&
        !g_file_test (inner, G_FILE_TEST_IS_SYMLINK))
      folder_empty (inner);
    g_remove (inner);
    g_free (inner);
  }
  g_dir_close (dir);
}

/* Takes `folder`. */
static inline void
folder_free (gchar *folder)
{
  folder_empty (folder);
  g_rmdir (folder);
  g_free (folder);
}

/* Makes the folders that `path` goes through; free the result. */
static inline gchar *
folder_path (const gchar *folder, const gchar *path)
{
  gchar *filename = g_build_filename (folder, path, NULL);
  gchar *parent = g_path_get_dirname (filename);

  fail_unless (g_mkdir_with_parents (parent, 0700) == 0);
  g_free (parent);
  return filename;
}

static inline void
folder_put (
    const gchar *folder, const gchar *path, gconstpointer data, gssize size)
{
  gchar *filename = folder_path (folder, path);

  /* No sync to disk: these files live for milliseconds.  Written in place, a
   * longer one would keep its end. */
  g_remove (filename);
  fail_unless (g_file_set_contents_full (
      filename, data, size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_free (filename);
}

static inline void
wav_append (GByteArray *wav, guint32 value, guint bytes)
{
  for (; bytes > 0; bytes--, value >>= 8) {
    guint8 byte = value & 0xff;

    g_byte_array_append (wav, &byte, 1);
  }
}

/* `tag` 1: whole numbers, 3: floats. */
static inline void
wav_put (const gchar *folder, const gchar *path, guint tag, guint rate,
    guint channels, guint bits, gconstpointer data, gsize size)
{
  GByteArray *wav = g_byte_array_new ();
  guint frame = channels * bits / 8;

  g_byte_array_append (wav, (const guint8 *)"RIFF", 4);
  wav_append (wav, 36 + size, 4);
  g_byte_array_append (wav, (const guint8 *)"WAVEfmt ", 8);
  wav_append (wav, 16, 4);
  wav_append (wav, tag, 2);
  wav_append (wav, channels, 2);
  wav_append (wav, rate, 4);
  wav_append (wav, rate * frame, 4);
  wav_append (wav, frame, 2);
  wav_append (wav, bits, 2);
  g_byte_array_append (wav, (const guint8 *)"data", 4);
  wav_append (wav, size, 4);
  g_byte_array_append (wav, data, size);
  folder_put (folder, path, wav->data, wav->len);
  g_byte_array_unref (wav);
}

/* Frame t of channel c has the value first + t + c / 16. */
static inline void
wav_put_ramp (const gchar *folder, const gchar *path, guint rate,
    guint channels, guint frames, gfloat first)
{
  gfloat *samples = g_new (gfloat, frames * channels);

  for (guint i = 0; i < frames * channels; i++)
    samples[i] = first + i / channels + (i % channels) / 16.0f;
  wav_put (folder, path, 3, rate, channels, 32, samples,
      sizeof (gfloat) * frames * channels);
  g_free (samples);
}
