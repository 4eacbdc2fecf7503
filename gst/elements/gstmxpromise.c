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

/* What a file says of itself; all 0: nothing. */
typedef struct {
  guint64 frames;     /* to be decoded */
  guint64 bytes;      /* of the whole file */
  gboolean lacks_end; /* the mark that each has there */
} Promise;

static gboolean
take (FILE *file, guint8 *bytes, gsize size)
{
  return fread (bytes, 1, size, file) == size;
}

static guint64
size_of (FILE *file)
{
  off_t size = fseeko (file, 0, SEEK_END) == 0 ? ftello (file) : 0;

  return (guint64)MAX (size, 0);
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

static void
read_wav (FILE *file, Promise *promise)
{
  guint8 riff[12], chunk[CHUNK], format[FORMAT] = {0};

  if (!take (file, riff, sizeof riff) || memcmp (riff + 8, "WAVE", 4) != 0)
    return;
  for (guint i = 0; i < MOST_CHUNKS && take (file, chunk, CHUNK); i++) {
    guint32 size = GST_READ_UINT32_LE (chunk + 4), taken = 0;

    if (memcmp (chunk, "data", 4) == 0) {
      guint frame = read_frame_size (format);

      promise->frames = frame > 0 && size < UNKNOWN ? size / frame : 0;
      return;
    }
    if (memcmp (chunk, "fmt ", 4) == 0 && size >= FORMAT) {
      if (!take (file, format, FORMAT))
        return;
      taken = FORMAT;
    }
    /* Chunks begin at even places. */
    if (size >= UNKNOWN || fseek (file, size - taken + size % 2, SEEK_CUR) != 0)
      return;
  }
}

/* ------------------------------------------------------------------ FLAC */

/* Its first block describes the stream; 36 bits of it count the frames, 0 if
 * they were not known. */
static void
read_flac (FILE *file, Promise *promise)
{
  guint8 block[4 + 4 + 18];

  if (!take (file, block, sizeof block) || (block[4] & 0x7f) != 0)
    return;
  promise->frames = (guint64)(block[8 + 13] & 0xf) << 32 |
                    GST_READ_UINT32_BE (block + 8 + 14);
}

/* ----------------------------------------------------------- ---- AU */

/* Where the samples begin, and how many bytes they are. */
static void
read_au (FILE *file, Promise *promise)
{
  guint8 head[12];
  guint32 begin, size;

  if (!take (file, head, sizeof head))
    return;
  begin = GST_READ_UINT32_BE (head + 4);
  size = GST_READ_UINT32_BE (head + 8);
  if (size < UNKNOWN && begin < UNKNOWN)
    promise->bytes = (guint64)begin + size;
}

/* ------------------------------------------------------ Matroska and WebM */

/* A number of 1 to 8 bytes, the first of which says how many: RFC 8794.
 * FALSE: there is none, or it says "unknown". */
static gboolean
take_ebml_size (FILE *file, guint64 *size)
{
  guint8 bytes[8];
  guint64 most;
  guint n = 1;

  if (!take (file, bytes, 1) || bytes[0] == 0)
    return FALSE;
  while (!(bytes[0] >> (8 - n) & 1))
    n++;
  if (!take (file, bytes + 1, n - 1))
    return FALSE;
  most = (G_GUINT64_CONSTANT (1) << 7 * n) - 1;
  *size = 0;
  for (guint i = 0; i < n; i++)
    *size = *size << 8 | bytes[i];
  *size &= most;
  return *size < most;
}

/* A header, then one segment with all that is heard or seen. */
static void
read_matroska (FILE *file, Promise *promise)
{
  guint8 id[4];
  guint64 size;

  if (take (file, id, sizeof id) && take_ebml_size (file, &size) &&
      size < UNKNOWN && fseeko (file, (off_t)size, SEEK_CUR) == 0 &&
      take (file, id, sizeof id) && memcmp (id, "\x18\x53\x80\x67", 4) == 0 &&
      take_ebml_size (file, &size))
    promise->bytes = (guint64)ftello (file) + size;
}

/* -------------------------------------------------------------------- MP4 */

/* Boxes one behind the other; 0: up to the end, 1: 64 bits follow. */
static void
read_mp4 (FILE *file, Promise *promise)
{
  guint64 whole = size_of (file), at = 0;

  for (guint i = 0; i < MOST_CHUNKS && at < whole; i++) {
    guint8 box[16];
    guint64 size;

    if (fseeko (file, (off_t)at, SEEK_SET) != 0 || !take (file, box, CHUNK))
      return;
    size = GST_READ_UINT32_BE (box);
    if (size == 1 && take (file, box + CHUNK, 8))
      size = GST_READ_UINT64_BE (box + CHUNK);
    if (size < CHUNK || size > G_MAXINT64 - at)
      return;
    at += size;
  }
  promise->bytes = at;
}

/* -------------------------------------------------------------------- MP3 */

#define ID3 10
#define MP3_HEAD (4 + 32 + 16) /* a header, what lies ahead of Xing, and it */

/* Bytes of a tag ahead of the first frame: 28 bits, 7 in a byte. */
static off_t
read_id3_size (FILE *file)
{
  guint8 head[ID3];

  if (!take (file, head, ID3) || memcmp (head, "ID3", 3) != 0)
    return 0;
  return ID3 + ((off_t)head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]);
}

/* Of layer III; what lies between it and the Xing header depends on version and
 * channels.  0: it is none. */
static gsize
find_xing (const guint8 *frame)
{
  gboolean first = (frame[1] & 0x18) == 0x18, mono = frame[3] >> 6 == 3;

  if (frame[0] != 0xff || (frame[1] & 0xe6) != 0xe2)
    return 0;
  return 4 + (first ? (mono ? 17 : 32) : (mono ? 9 : 17));
}

/* The first frame may say how many bytes it and all others are. */
static void
read_mp3 (FILE *file, Promise *promise)
{
  off_t begin = read_id3_size (file);
  guint8 frame[MP3_HEAD];
  const guint8 *xing;
  gsize at;
  guint32 flags;

  if (fseeko (file, begin, SEEK_SET) != 0 || !take (file, frame, MP3_HEAD))
    return;
  at = find_xing (frame);
  xing = frame + at;
  if (at == 0 || (memcmp (xing, "Xing", 4) && memcmp (xing, "Info", 4)))
    return;
  flags = GST_READ_UINT32_BE (xing + 4);
  if (flags & 2)
    promise->bytes =
        (guint64)begin + GST_READ_UINT32_BE (xing + (flags & 1 ? 12 : 8));
}

/* -------------------------------------------------------------------- Ogg */

#define PAGE 27 /* its header, without the table of segments */
#define LARGEST_PAGE (PAGE + 255 + 255 * 255)
#define LAST_PAGE 4

/* A whole page that is marked as the last of its stream. */
static gboolean
is_last_page (const guint8 *page, gsize size)
{
  gsize segments, bytes;

  /* The 0 behind is the version. */
  if (size < PAGE || memcmp (page, "OggS", 5) != 0 || !(page[5] & LAST_PAGE))
    return FALSE;
  segments = page[26];
  if (size < PAGE + segments)
    return FALSE;
  bytes = PAGE + segments;
  for (gsize i = 0; i < segments; i++)
    bytes += page[PAGE + i];
  return bytes <= size;
}

static void
read_ogg (FILE *file, Promise *promise)
{
  guint64 whole = size_of (file);
  gsize size = (gsize)MIN (whole, 2 * LARGEST_PAGE);
  g_autofree guint8 *tail = g_malloc (size);
  gboolean found = FALSE;

  if (fseeko (file, (off_t)(whole - size), SEEK_SET) != 0 ||
      !take (file, tail, size))
    return;
  for (gsize i = 0; i < size && !found; i++)
    found = is_last_page (tail + i, size - i);
  promise->lacks_end = !found;
}

/* ------------------------------------------------------------------ whole */

static const struct {
  gsize at;
  const gchar *magic;
  void (*read) (FILE *file, Promise *promise);
} formats[] = {
    {0, "RIFF", read_wav},
    {0, "fLaC", read_flac},
    {0, ".snd", read_au},
    {0, "OggS", read_ogg},
    {0, "\x1a\x45\xdf\xa3", read_matroska},
    {4, "ftyp", read_mp4},
    {0, "ID3", read_mp3},
    {0, "\xff", read_mp3},
};

static void
read_promise (FILE *file, Promise *promise)
{
  guint8 head[8] = {0};

  if (!take (file, head, sizeof head))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    const gchar *magic = formats[i].magic;

    if (memcmp (head + formats[i].at, magic, strlen (magic)) == 0) {
      rewind (file);
      formats[i].read (file, promise);
      return;
    }
  }
}

static gchar *
describe (guint64 found, guint64 expected, const gchar *what)
{
  if (found >= expected)
    return NULL;
  return g_strdup_printf ("found %" G_GUINT64_FORMAT " %s, expected "
                          "%" G_GUINT64_FORMAT " as its header says",
      found, what, expected);
}

gchar *
gst_mx_promise_check (const gchar *filename, guint64 frames)
{
  FILE *file = g_fopen (filename, "rb");
  Promise promise = {0};
  gchar *text;

  if (file == NULL)
    return NULL;
  read_promise (file, &promise);
  if (promise.lacks_end)
    text = g_strdup ("found no page that ends the stream, expected one last");
  else if (promise.frames > 0)
    text = describe (frames, promise.frames, "frames");
  else
    text = describe (size_of (file), promise.bytes, "bytes");
  fclose (file);
  return text;
}
