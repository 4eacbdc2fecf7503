/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxconverter.h"

#include <string.h>

#include "gstmxresampler.h"
#include "gstmxsamples.h"
#include "gstmxsuitability.h"

/* Frames that pass all steps together: small enough for the cache. */
#define CHUNK_FRAMES 1024
#define CHUNK_SAMPLES 8192
#define CHUNK_BYTES (1u << 20)

struct _GstMxConverter {
  GstAudioInfo from;
  guint rate, channels;
  guint taken;                  /* channels read: the first so many */
  gsize width;                  /* bytes of a sample; its depth may be less */
  GstAudioResampler *resampler; /* NULL: the rates are equal */
  gsize chunk, resampled_chunk; /* frames */

  guint8 *fetched;   /* [chunk] frames, from several memories */
  guint8 *gathered;  /* [chunk] samples of a channel, in the stream's format */
  gfloat *samples;   /* [chunk][taken], then [chunk][channels] */
  gfloat *resampled; /* [resampled_chunk][channels] */

  guint64 heard, told; /* frames in and out since the last reset */
  guint phase;         /* frames out of the resampler, modulo its period */
  guint period;        /* frames out until it stands on a frame in again */
  guint64 to_skip;     /* frames to come before the first that is heard */
};

/* --- setting up ---------------------------------------------------------- */

static void
allocate (GstMxConverter *self)
{
  guint from = GST_AUDIO_INFO_RATE (&self->from);
  gsize samples;

  self->chunk = MIN (CHUNK_FRAMES, CHUNK_SAMPLES / self->taken);
  self->chunk = MIN (
      self->chunk, gst_util_uint64_scale (CHUNK_SAMPLES, from, self->rate));
  self->chunk =
      MIN (self->chunk, CHUNK_BYTES / (guint)GST_AUDIO_INFO_BPF (&self->from));
  self->chunk = MAX (self->chunk, 1);
  /* Two frames more may be ready than the chunk alone would give. */
  self->resampled_chunk =
      gst_util_uint64_scale_ceil (self->chunk + 2, self->rate, from);

  samples = self->chunk * self->taken;
  self->fetched =
      g_malloc (self->chunk * (gsize)GST_AUDIO_INFO_BPF (&self->from));
  self->gathered = g_malloc (self->chunk * self->width);
  self->samples = g_new (gfloat, samples);
  if (self->resampler != NULL) {
    self->resampled = g_new (gfloat, self->resampled_chunk * self->channels);
    gst_mx_resampler_reserve (self->resampler, self->chunk);
  }
}

GstMxConverter *
gst_mx_converter_new (
    const GstAudioInfo *from, guint rate, guint channels, GError **error)
{
  GstMxConverter *self;

  g_return_val_if_fail (from != NULL, NULL);
  g_return_val_if_fail (rate > 0 && channels > 0, NULL);

  if (!gst_mx_suitability_check (from, rate, channels, error))
    return NULL;

  self = g_new0 (GstMxConverter, 1);
  self->from = *from;
  self->rate = rate;
  self->channels = channels;
  self->taken = gst_mx_suitability_channels (from, channels);
  self->width = GST_AUDIO_INFO_WIDTH (from) / 8;
  if ((guint)GST_AUDIO_INFO_RATE (from) != rate)
    self->resampler =
        gst_mx_resampler_new (GST_AUDIO_INFO_RATE (from), rate, channels);
  self->period = rate / gst_util_greatest_common_divisor (
                            GST_AUDIO_INFO_RATE (from), rate);
  allocate (self);
  return self;
}

void
gst_mx_converter_free (GstMxConverter *self)
{
  if (self == NULL)
    return;
  if (self->resampler != NULL)
    gst_audio_resampler_free (self->resampler);
  g_free (self->fetched);
  g_free (self->gathered);
  g_free (self->samples);
  g_free (self->resampled);
  g_free (self);
}

gchar *
gst_mx_converter_doubt (const GstMxConverter *self)
{
  return gst_mx_suitability_doubt (&self->from, self->rate, self->channels);
}

guint64
gst_mx_converter_get_heard (const GstMxConverter *self)
{
  return self->heard;
}

void
gst_mx_converter_skip (GstMxConverter *self, guint64 frames)
{
  self->to_skip = frames;
}

guint64
gst_mx_converter_get_to_skip (const GstMxConverter *self)
{
  return self->to_skip;
}

/* How many of the next frames are. */
static guint64
skip (GstMxConverter *self, guint64 frames)
{
  guint64 n = MIN (frames, self->to_skip);

  self->to_skip -= n;
  return n;
}

/* --- rate ----------------------------------------------------------------- */

/* @samples: [n][channels], NULL for silence; n <= chunk.  Returns how many
 * frames, at most `limit`, are now in `resampled`. */
static gsize
resample (GstMxConverter *self, const gfloat *samples, gsize n, gsize limit)
{
  gpointer in[] = {(gpointer)samples};
  gpointer out[] = {self->resampled};
  gsize ready = gst_audio_resampler_get_out_frames (self->resampler, n);

  ready = MIN (ready, MIN (self->resampled_chunk, limit));
  gst_audio_resampler_resample (
      self->resampler, samples == NULL ? NULL : in, n, out, ready);
  self->phase = (self->phase + ready) % self->period;
  return ready;
}

static void
tell_resampled (
    GstMxConverter *self, gsize n, GstMxConverterFunc func, gpointer user_data)
{
  self->told += n;
  if (n > 0)
    func (self->resampled, n, user_data);
}

static void
tell (GstMxConverter *self, const gfloat *samples, gsize n,
    GstMxConverterFunc func, gpointer user_data)
{
  self->heard += n;
  if (self->resampler != NULL)
    tell_resampled (
        self, resample (self, samples, n, G_MAXSIZE), func, user_data);
  else
    func (samples, n, user_data);
}

/* --- format and channels -------------------------------------------------- */

/* Mapping several memories as one would copy them, whatever their size, and put
 * the copy into the user's buffer. */
typedef struct {
  GstBuffer *buffer;
  const guint8 *data; /* NULL: it has several memories */
} Source;

/* Valid until the next call; NULL: a memory cannot be mapped. */
static const guint8 *
fetch (GstMxConverter *self, const Source *source, gsize offset, gsize size)
{
  if (source->data != NULL)
    return source->data + offset;
  return gst_buffer_extract (source->buffer, offset, self->fetched, size) ==
                 size
             ? self->fetched
             : NULL;
}

/* One channel of interleaved frames. */
static void
gather (GstMxConverter *self, const guint8 *from, gsize step, gsize n)
{
  gsize width = self->width;

  for (gsize i = 0; i < n; i++)
    memcpy (self->gathered + i * width, from + i * step, width);
}

static gboolean
take_interleaved (
    GstMxConverter *self, const Source *source, gsize first, gsize n)
{
  const GstAudioFormatInfo *format = self->from.finfo;
  gsize step = GST_AUDIO_INFO_BPF (&self->from), taken = self->taken;
  const guint8 *from = fetch (self, source, first * step, n * step);

  if (from == NULL)
    return FALSE;
  if (self->width * taken == step) {
    gst_mx_samples_unpack (format, from, n * taken, self->samples, 1);
    return TRUE;
  }
  for (gsize c = 0; c < taken; c++) {
    gather (self, from + c * self->width, step, n);
    gst_mx_samples_unpack (format, self->gathered, n, self->samples + c, taken);
  }
  return TRUE;
}

static gboolean
take_planes (GstMxConverter *self, const Source *source, const gsize *offsets,
    gsize first, gsize n)
{
  gsize width = self->width;

  for (gsize c = 0; c < self->taken; c++) {
    const guint8 *from =
        fetch (self, source, offsets[c] + first * width, n * width);

    if (from == NULL)
      return FALSE;
    gst_mx_samples_unpack (
        self->from.finfo, from, n, self->samples + c, self->taken);
  }
  return TRUE;
}

static void
average_stereo (gfloat *samples, gsize n)
{
  for (gsize i = 0; i < n; i++)
    samples[i] = .5f * (samples[2 * i] + samples[2 * i + 1]);
}

/* --- buffers ---------------------------------------------------------------
 */

/* Frames in the buffer, or -1 if it does not keep its word.  (Not through
 * GstAudioBuffer, which locks the memory once for each plane and has only 255
 * locks.) */
static gssize
count_frames (const GstMxConverter *self, const GstAudioMeta *meta, gsize size)
{
  const GstAudioInfo *from = &self->from;
  gsize frame = GST_AUDIO_INFO_BPF (from);
  gboolean planar =
      GST_AUDIO_INFO_LAYOUT (from) == GST_AUDIO_LAYOUT_NON_INTERLEAVED;

  if (meta == NULL)
    return (planar && size > 0) || size % frame != 0 ? -1
                                                     : (gssize)(size / frame);
  if (GST_AUDIO_INFO_FORMAT (&meta->info) != GST_AUDIO_INFO_FORMAT (from) ||
      GST_AUDIO_INFO_CHANNELS (&meta->info) != GST_AUDIO_INFO_CHANNELS (from) ||
      GST_AUDIO_INFO_LAYOUT (&meta->info) != GST_AUDIO_INFO_LAYOUT (from))
    return -1;
  if (!planar)
    return meta->samples <= size / frame ? (gssize)meta->samples : -1;
  for (guint c = 0; c < self->taken; c++)
    if (meta->offsets[c] > size ||
        meta->samples > (size - meta->offsets[c]) / self->width)
      return -1;
  return meta->samples;
}

static void
push_zeros (GstMxConverter *self, guint64 frames, GstMxConverterFunc func,
    gpointer user_data)
{
  frames -= skip (self, frames);
  memset (self->samples, 0, self->chunk * self->channels * sizeof (gfloat));
  for (guint64 n; frames > 0; frames -= n) {
    n = MIN (self->chunk, frames);
    tell (self, self->samples, n, func, user_data);
  }
}

static gboolean
push_samples (GstMxConverter *self, const Source *source,
    const GstAudioMeta *meta, gsize frames, GstMxConverterFunc func,
    gpointer user_data)
{
  gboolean planar =
      GST_AUDIO_INFO_LAYOUT (&self->from) == GST_AUDIO_LAYOUT_NON_INTERLEAVED;

  for (gsize first = skip (self, frames); first < frames;
       first += self->chunk) {
    gsize n = MIN (self->chunk, frames - first);

    if (!(planar ? take_planes (self, source, meta->offsets, first, n)
                 : take_interleaved (self, source, first, n)))
      return FALSE;
    if (self->taken > self->channels)
      average_stereo (self->samples, n);
    tell (self, self->samples, n, func, user_data);
  }
  return TRUE;
}

gboolean
gst_mx_converter_push (GstMxConverter *self, GstBuffer *buffer,
    GstMxConverterFunc func, gpointer user_data)
{
  const GstAudioMeta *meta = gst_buffer_get_audio_meta (buffer);
  gssize frames = count_frames (self, meta, gst_buffer_get_size (buffer));
  GstMapInfo map;

  if (frames < 0)
    return FALSE;
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP)) {
    push_zeros (self, frames, func, user_data);
    return TRUE;
  }
  if (gst_buffer_n_memory (buffer) > 1)
    return push_samples (
        self, &(Source){buffer, NULL}, meta, frames, func, user_data);
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return FALSE;
  push_samples (
      self, &(Source){buffer, map.data}, meta, frames, func, user_data);
  gst_buffer_unmap (buffer, &map);
  return TRUE;
}

void
gst_mx_converter_push_silence (GstMxConverter *self, guint64 frames,
    GstMxConverterFunc func, gpointer user_data)
{
  push_zeros (self, frames, func, user_data);
}

void
gst_mx_converter_drain (
    GstMxConverter *self, GstMxConverterFunc func, gpointer user_data)
{
  if (self->resampler != NULL) {
    /* Every sample that lies within what was heard. */
    guint64 due = gst_util_uint64_scale_ceil (
        self->heard, self->rate, GST_AUDIO_INFO_RATE (&self->from));
    gsize owed = gst_audio_resampler_get_max_latency (self->resampler) + 2;

    for (gsize fed = 0; self->told < due && fed <= owed; fed += self->chunk)
      tell_resampled (self,
          resample (self, NULL, self->chunk, due - self->told), func,
          user_data);
  }
  gst_mx_converter_reset (self);
}

/* GStreamer's resampler forgets its samples, but not how far between two of
 * them it stands: the next recording would begin up to a sample early. */
void
gst_mx_converter_reset (GstMxConverter *self)
{
  if (self->resampler != NULL) {
    while (self->phase != 0)
      resample (self, NULL, self->chunk, self->period - self->phase);
    gst_audio_resampler_reset (self->resampler);
  }
  self->heard = self->told = self->to_skip = 0;
}
