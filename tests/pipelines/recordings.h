/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The recordings that models are tried on: ten spoken digits, one by one and as
 * a stream, in several formats, and six channels of motion in several ways. */
#pragma once

#include <math.h>

#include "mx-rng.h"
#include "pipeline.h"

/* --- ten digits --- */

#define WORDS 10 /* one in each second of digits.wav, the same in words.wav */

static const struct {
  guint rate, channels;
  const gchar *format;
} word_formats[] = {
    {8000, 1, "S16LE"},
    {8000, 1, "F32LE"},
    {16000, 1, "S16LE"},
    {16000, 1, "F32LE"},
    {44100, 2, "S16LE"},
    {44100, 2, "F32LE"},
    {48000, 2, "S16LE"},
    {48000, 1, "F32LE"},
};

/* A file of pipelines/data. */
static inline gchar *
sample_path (const gchar *name)
{
  return g_build_filename (g_getenv ("MX_PIPELINES"), "data", name, NULL);
}

/* What is said in each second (g_strfreev). */
static inline gchar **
spoken_words (void)
{
  g_autofree gchar *path = sample_path ("digits.csv");
  g_autofree gchar *text = NULL;
  g_auto (GStrv) lines = NULL;
  gchar **words = g_new0 (gchar *, WORDS + 1);

  fail_unless (g_file_get_contents (path, &text, NULL, NULL), "%s", path);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; i < WORDS; i++) {
    g_autofree gchar *start = g_strdup_printf ("%u,", i);

    fail_unless (g_str_has_prefix (lines[i + 1], start), "%s", lines[i + 1]);
    words[i] = g_strdup (lines[i + 1] + strlen (start));
  }
  return words;
}

/* A recording in format `i`, in a file of `folder` (g_free). */
static inline gchar *
convert_recording (const gchar *folder, guint i, const gchar *name)
{
  g_autofree gchar *recording = sample_path (name);
  gchar *converted = path_in (folder, "words.wav");
  g_autoptr (Run) run = run_pipeline (
      "filesrc location=\"%s\" ! wavparse ! audioconvert ! audioresample ! "
      "audio/x-raw,format=%s,rate=%u,channels=%u ! wavenc ! "
      "filesink location=\"%s\"",
      recording, word_formats[i].format, word_formats[i].rate,
      word_formats[i].channels, converted);

  assert_ended (run);
  return converted;
}

/* A recording in format `i`, as mxclassify with these properties hears it. */
static inline Run *
hear_recording (
    const gchar *folder, guint i, const gchar *name, const gchar *properties)
{
  g_autofree gchar *recording = convert_recording (folder, i, name);
  Run *run = run_pipeline ("filesrc location=\"%s\" ! decodebin ! "
                           "mxclassify %s ! fakesink name=sink",
      recording, properties);

  assert_ended (run);
  return run;
}

static inline Run *
hear_words (const gchar *folder, guint i, const gchar *properties)
{
  return hear_recording (folder, i, "digits.wav", properties);
}

/* --- motion --- */

#define AXES 6
#define MOTION_RATE 50
#define MOTION_SECONDS 30

/* Second s: axis s % AXES swings, far beyond [-1, 1]; another lies in the field
 * of gravity. */
static inline gfloat *
new_motion (void)
{
  gsize frames = MOTION_SECONDS * MOTION_RATE;
  gfloat *samples = g_new (gfloat, frames * AXES);
  MxRng rng;

  mx_rng_init (&rng, 5, 0);
  for (gsize t = 0; t < frames; t++)
    for (gsize axis = 0; axis < AXES; axis++) {
      gboolean swings = t / MOTION_RATE % AXES == axis;

      samples[t * AXES + axis] =
          (gfloat)((axis == 2 ? 9.81 : 0) + .3 * mx_rng_normal (&rng) +
                   (swings ? 6 * sin (2 * G_PI * 3 * (gdouble)t / MOTION_RATE)
                           : 0));
    }
  return samples;
}

/* Writes motion/a/1.wav, so that motion/ is a data set too. */
static inline void
put_motion (const gchar *folder)
{
  g_autofree gfloat *samples = new_motion ();

  wav_put (folder, "motion/a/1.wav", 3, MOTION_RATE, AXES, 32, samples,
      sizeof (gfloat) * MOTION_SECONDS * MOTION_RATE * AXES);
}

/* How six channels come: wavparse takes them for loudspeakers. */
static const struct {
  const gchar *source;
  const gchar *file; /* in the folder */
  guint64 mask;
} motion_ways[] = {
    {"filesrc location=\"%s\" ! decodebin", "motion/a/1.wav", 0x3f},
    {"filesrc location=\"%s\" ! wavparse", "motion/a/1.wav", 0x3f},
    {"filesrc location=\"%s\" ! wavparse ! "
     "capssetter caps=\"audio/x-raw,channel-mask=(bitmask)0x0\"",
        "motion/a/1.wav", 0},
    {"mxdatasetsrc location=\"%s\"", "motion", 0},
};

static inline gchar *
motion_source (const gchar *folder, guint way)
{
  g_autofree gchar *path = path_in (folder, motion_ways[way].file);
  g_auto (GStrv) parts = g_strsplit (motion_ways[way].source, "%s", 2);

  return g_strjoinv (path, parts);
}

static inline Run *
hear_motion (const gchar *folder, guint way, const gchar *properties)
{
  g_autofree gchar *source = motion_source (folder, way);
  Run *run = run_pipeline (
      "%s ! mxclassify %s ! fakesink name=sink", source, properties);
  guint64 mask = G_MAXUINT64;

  assert_ended (run);
  fail_unless (gst_structure_get (gst_caps_get_structure (run->caps, 0),
      "channel-mask", GST_TYPE_BITMASK, &mask, NULL));
  fail_unless_equals_uint64 (mask, motion_ways[way].mask);
  return run;
}
