/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxpromise.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#define CHUNK 8 /* bytes of name and size */
#define FORMAT 16
#define MOST_CHUNKS 1000 /* ahead of the samples */

/* What writers put for a length that they cannot know: 0xffffffff, 0x80000000,
 * 0x7fff0000 (wavenc), 0x7ffff000 (sox).  Nobody holds so much in memory. */
#define UNKNOWN 0x7fff0000u

static gboolean
take (FILE *file, guint8 *bytes, gsize size)
{
  return fread (bytes, 1, size, file) == size;
}

/* ------------------------------------------------------------------- WAV */

/* Bytes of a frame; 0: it cannot be told without decoding. */
static guint
read_frame_size (const guint8 format[FORMAT])
{
  switch (GST_READ_UINT16_LE (format)) {
  case 1:      /* integers */
  case 3:      /* floats */
  case 6:      /* A-law */
  case 7:      /* mu-law */
  case 0xfffe: /* one of them, with more channels or bits */
    return GST_READ_UINT16_LE (format + 12);
  default:
    return 0;
  }
}

static guint64
read_wav (FILE *file)
{
  guint8 chunk[CHUNK], format[FORMAT] = {0};

  for (guint i = 0; i < MOST_CHUNKS && take (file, chunk, CHUNK); i++) {
    guint32 size = GST_READ_UINT32_LE (chunk + 4), taken = 0;

    if (memcmp (chunk, "data", 4) == 0) {
      guint frame = read_frame_size (format);

      return frame > 0 && size < UNKNOWN ? size / frame : 0;
    }
    if (memcmp (chunk, "fmt ", 4) == 0 && size >= FORMAT) {
      if (!take (file, format, FORMAT))
        return 0;
      taken = FORMAT;
    }
    /* Chunks begin at even places. */
    if (size >= UNKNOWN || fseek (file, size - taken + size % 2, SEEK_CUR) != 0)
      return 0;
  }
  return 0;
}

/* ------------------------------------------------------------------ FLAC */

/* Its first block describes the stream; 36 bits of it count the frames, 0 if
 * they were not known. */
static guint64
read_flac (FILE *file)
{
  guint8 block[4 + 18];

  if (!take (file, block, sizeof block) || (block[0] & 0x7f) != 0)
    return 0;
  return (guint64)(block[4 + 13] & 0xf) << 32 |
         GST_READ_UINT32_BE (block + 4 + 14);
}

guint64
gst_mx_promise_read (const gchar *filename)
{
  FILE *file = g_fopen (filename, "rb");
  guint8 magic[4], riff[8];
  guint64 frames = 0;

  if (file == NULL)
    return 0;
  if (!take (file, magic, sizeof magic))
    frames = 0;
  else if (memcmp (magic, "fLaC", 4) == 0)
    frames = read_flac (file);
  else if (memcmp (magic, "RIFF", 4) == 0 && take (file, riff, sizeof riff) &&
           memcmp (riff + 4, "WAVE", 4) == 0)
    frames = read_wav (file);
  fclose (file);
  return frames;
}
