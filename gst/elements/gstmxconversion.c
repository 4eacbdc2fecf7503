/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxconversion.h"

#include <string.h>

#include "gstmxresampler.h"
#include "gstmxsamples.h"

/* Examples are held in memory as a whole. */
#define MAX_SAMPLES ((gsize)1 << 28)

#define MAX_RATIO 256

struct _GstMxConversion {
  GstMxFormat wanted;
  GstAudioInfo info; /* of the recording; finfo NULL before its first buffer */
  GArray *samples;   /* of gfloat [frame][channel], at the recording's rate */
};

/* What of `caps` has this value; all of them if nothing has. */
static GstCaps *
prefer (GstCaps *caps, const gchar *field, gint value)
{
  GstCaps *wanted =
      gst_caps_new_simple ("audio/x-raw", field, G_TYPE_INT, value, NULL);
  GstCaps *both = gst_caps_intersect (caps, wanted);

  gst_caps_unref (wanted);
  if (gst_caps_is_empty (both)) {
    gst_caps_unref (both);
    return caps;
  }
  gst_caps_unref (caps);
  return both;
}

GstCaps *
gst_mx_format_fixate (GstCaps *caps, const GstMxFormat *found)
{
  GstStructure *structure;

  caps = prefer (caps, "channels", found->channels);
  caps = prefer (caps, "rate", found->rate);
  caps = gst_caps_make_writable (gst_caps_truncate (caps));
  structure = gst_caps_get_structure (caps, 0);
  gst_structure_fixate_field_nearest_int (
      structure, "channels", found->channels);
  gst_structure_fixate_field_nearest_int (structure, "rate", found->rate);
  return caps;
}

GstMxConversion *
gst_mx_conversion_new (const GstMxFormat *wanted)
{
  GstMxConversion *conversion = g_new0 (GstMxConversion, 1);

  conversion->wanted = *wanted;
  conversion->samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
  return conversion;
}

void
gst_mx_conversion_free (GstMxConversion *conversion)
{
  if (!conversion)
    return;
  g_array_unref (conversion->samples);
  g_free (conversion);
}

static gboolean
begin (GstMxConversion *conversion, const GstAudioInfo *info, GError **error)
{
  gint found = GST_AUDIO_INFO_CHANNELS (info);
  gint wanted = conversion->wanted.channels;

  if (!gst_mx_samples_check (info->finfo, error))
    return FALSE;
  if (wanted && found != wanted && (found > 2 || wanted > 2)) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "it has %d channels, expected %d", found, wanted);
    return FALSE;
  }
  conversion->info = *info;
  return TRUE;
}

static gboolean
check_same (const GstAudioInfo *known, const GstAudioInfo *info, GError **error)
{
  if (GST_AUDIO_INFO_CHANNELS (known) == GST_AUDIO_INFO_CHANNELS (info) &&
      GST_AUDIO_INFO_RATE (known) == GST_AUDIO_INFO_RATE (info))
    return TRUE;
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "it changes from %d channels at %d Hz to %d at %d Hz",
      GST_AUDIO_INFO_CHANNELS (known), GST_AUDIO_INFO_RATE (known),
      GST_AUDIO_INFO_CHANNELS (info), GST_AUDIO_INFO_RATE (info));
  return FALSE;
}

static gboolean
append (GArray *samples, const GstAudioBuffer *audio, GError **error)
{
  gsize channels = GST_AUDIO_INFO_CHANNELS (&audio->info);
  gsize before = samples->len, planes = audio->n_planes;

  if (audio->n_samples > (MAX_SAMPLES - before) / channels) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "it is too long for one example: more than %" G_GSIZE_FORMAT " samples",
        MAX_SAMPLES);
    return FALSE;
  }
  g_array_set_size (samples, before + audio->n_samples * channels);
  for (gsize plane = 0; plane < planes; plane++)
    gst_mx_samples_unpack (audio->info.finfo, audio->planes[plane],
        audio->n_samples * channels / planes,
        (gfloat *)samples->data + before + plane, planes);
  return TRUE;
}

gboolean
gst_mx_conversion_push (GstMxConversion *conversion, const GstAudioInfo *info,
    GstBuffer *buffer, GError **error)
{
  GstAudioBuffer audio;
  gboolean done;

  if (!conversion->info.finfo && !begin (conversion, info, error))
    return FALSE;
  if (!check_same (&conversion->info, info, error))
    return FALSE;
  if (!gst_audio_buffer_map (&audio, info, buffer, GST_MAP_READ)) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
        "its samples cannot be read");
    return FALSE;
  }
  done = append (conversion->samples, &audio, error);
  gst_audio_buffer_unmap (&audio);
  return done;
}

/* Mono to stereo and back. */
static GArray *
mix (GArray *samples, gint found, gint wanted)
{
  gsize frames = samples->len / found;
  const gfloat *from = (const gfloat *)samples->data;
  GArray *mixed = g_array_sized_new (FALSE, FALSE, sizeof (gfloat), 0);
  gfloat *to;

  g_array_set_size (mixed, frames * wanted);
  to = (gfloat *)mixed->data;
  for (gsize i = 0; i < frames; i++)
    if (wanted == 1)
      to[i] = 0.5f * from[2 * i] + 0.5f * from[2 * i + 1];
    else
      to[2 * i] = to[2 * i + 1] = from[i];
  g_array_unref (samples);
  return mixed;
}

/* How `frames` of one rate become `wanted` of another.  What lies before and
 * after a recording is its first and its last frame, not zero: a resting
 * accelerometer shows 1 g, and must not ring at both ends.  There are as many
 * frames ahead as give `skip` whole output frames to leave out. */
typedef struct {
  gsize frames, ahead, total, skip, wanted;
} Resampling;

static Resampling
plan_resampling (gsize frames, gint from, gint to, gsize reach)
{
  gsize divisor = gst_util_greatest_common_divisor (from, to);
  gsize step = from / divisor;
  gsize steps = reach / step + 1;

  return (Resampling){
      .frames = frames,
      .ahead = steps * step,
      .total = frames + 2 * steps * step,
      .skip = steps * (to / divisor),
      .wanted = MAX (gst_util_uint64_scale_round (frames, to, from), 1),
  };
}

static void
extend (const Resampling *plan, const gchar *from, gchar *to, gsize frame)
{
  for (gsize i = 0; i < plan->total; i++) {
    gsize source = CLAMP (i, plan->ahead, plan->ahead + plan->frames - 1);

    memcpy (to + i * frame, from + (source - plan->ahead) * frame, frame);
  }
}

/* NULL if the rates are so far apart that the table or the result of the
 * resampler would not fit. */
static GArray *
resample (const GArray *samples, gsize channels, gint from, gint to)
{
  gsize frame = channels * sizeof (gfloat);
  GstAudioResampler *resampler;
  Resampling plan;
  GArray *out;
  gpointer in_planes[1], out_planes[1];

  if (from / to > MAX_RATIO || to / from > MAX_RATIO)
    return NULL;
  resampler = gst_mx_resampler_new (from, to, channels);
  plan = plan_resampling (samples->len / channels, from, to,
      gst_audio_resampler_get_max_latency (resampler) + 1);
  if (plan.total > MAX_SAMPLES / channels ||
      plan.skip + plan.wanted > MAX_SAMPLES / channels) {
    gst_audio_resampler_free (resampler);
    return NULL;
  }
  gst_mx_resampler_reserve (resampler, plan.total);
  out = g_array_new (FALSE, FALSE, sizeof (gfloat));
  g_array_set_size (out, (plan.skip + plan.wanted) * channels);
  in_planes[0] = g_malloc (plan.total * frame);
  out_planes[0] = out->data;
  extend (&plan, samples->data, in_planes[0], frame);
  gst_audio_resampler_resample (
      resampler, in_planes, plan.total, out_planes, plan.skip + plan.wanted);
  g_array_remove_range (out, 0, plan.skip * channels);
  g_free (in_planes[0]);
  gst_audio_resampler_free (resampler);
  return out;
}

static GBytes *
take (GArray *samples)
{
  gsize size = samples->len * sizeof (gfloat);

  return g_bytes_new_take (g_array_free (samples, FALSE), size);
}

GBytes *
gst_mx_conversion_finish (
    GstMxConversion *conversion, GstMxFormat *format, GError **error)
{
  gint rate = GST_AUDIO_INFO_RATE (&conversion->info);
  gint channels = GST_AUDIO_INFO_CHANNELS (&conversion->info);
  GArray *samples = conversion->samples, *resampled;

  conversion->samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
  conversion->info = (GstAudioInfo){NULL};
  if (samples->len == 0) {
    g_array_unref (samples);
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
        "it holds no samples");
    return NULL;
  }
  *format = conversion->wanted;
  if (format->channels == 0)
    format->channels = channels;
  if (format->rate == 0)
    format->rate = rate;
  if (format->channels != channels)
    samples = mix (samples, channels, format->channels);
  if (format->rate == rate)
    return take (samples);
  resampled = resample (samples, format->channels, rate, format->rate);
  g_array_unref (samples);
  if (!resampled) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "its %d Hz cannot become %d Hz", rate, format->rate);
    return NULL;
  }
  return take (resampled);
}
