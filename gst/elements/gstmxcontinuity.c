/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxcontinuity.h"

#include <math.h>

#include "mx-perturb.h"
#include "mx-rng.h"

/* No (epoch, index) of an example: chance of another kind. */
#define STREAM (G_MAXUINT64 - 2)

/* Of the colours: white, pink and the rest brown. */
#define WHITE 0.5
#define PINK 0.25

static gboolean
check_range (const gchar *name, gdouble low, gdouble high, GError **error)
{
  if (low <= high)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "Property '%s-low' is %g, expected at most %g, as '%s-high' is", name,
      low, high, name);
  return FALSE;
}

gboolean
gst_mx_continuity_check (const GstMxContinuity *continuity, GError **error)
{
  return check_range (
             "gap", continuity->gap_low, continuity->gap_high, error) &&
         check_range ("gap-level", continuity->gap_level_low,
             continuity->gap_level_high, error) &&
         check_range (
             "gain", continuity->gain_low, continuity->gain_high, error);
}

gdouble
gst_mx_continuity_measure (GBytes *samples)
{
  gsize size;
  const gfloat *sample = g_bytes_get_data (samples, &size);
  gsize n = size / sizeof (gfloat);
  gdouble sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (gdouble)sample[i] * sample[i];
  return n > 0 ? sqrt (sum / n) : 0;
}

static gdouble
ratio (gdouble decibel)
{
  return pow (10, decibel / 20);
}

static MxNoise
colour_of (gdouble drawn)
{
  if (drawn < WHITE)
    return MX_NOISE_WHITE;
  return drawn < WHITE + PINK ? MX_NOISE_PINK : MX_NOISE_BROWN;
}

/* Each channel has noise of its own. */
static GBytes *
make_background (
    MxRng *rng, MxNoise colour, gdouble level, guint64 frames, guint channels)
{
  gfloat *background = g_new (gfloat, frames * channels);
  gfloat *noise = g_new (gfloat, frames);

  for (guint c = 0; c < channels; c++) {
    mx_perturb_noise_fill (colour, rng, noise, frames);
    for (guint64 i = 0; i < frames; i++)
      background[i * channels + c] = (gfloat)(level * noise[i]);
  }
  g_free (noise);
  return g_bytes_new_take (background, frames * channels * sizeof (gfloat));
}

/* Everything is drawn, wanted or not: one property does not change what the
 * others make of the seed. */
GstMxSetting
gst_mx_continuity_draw (const GstMxContinuity *continuity, guint64 seed,
    guint64 chance, const GstMxFormat *format, gdouble rms)
{
  guint64 low = gst_util_uint64_scale_round (
      continuity->gap_low, format->rate, GST_SECOND);
  guint64 high = gst_util_uint64_scale_round (
      continuity->gap_high, format->rate, GST_SECOND);
  gboolean measured = rms > 0 && isfinite (rms), scaled = continuity->level < 0;
  gdouble nominal = scaled ? ratio (continuity->level) : measured ? rms : 0;
  GstMxSetting setting = {0};
  gdouble decibel, gain;
  MxNoise colour;
  MxRng rng;

  mx_rng_init (&rng, seed, mx_rng_stream (STREAM, chance));
  setting.frames = low + mx_rng_below (&rng, high - low + 1);
  decibel = mx_rng_between (
      &rng, continuity->gap_level_low, continuity->gap_level_high);
  colour = colour_of (mx_rng_uniform (&rng));
  gain = ratio (
      mx_rng_between (&rng, continuity->gain_low, continuity->gain_high));
  setting.gain = scaled && measured ? gain * nominal / rms : gain;
  if (setting.frames > 0 && nominal > 0 && decibel > GST_MX_SILENCE)
    setting.background = make_background (&rng, colour,
        nominal * ratio (decibel), setting.frames, format->channels);
  return setting;
}
