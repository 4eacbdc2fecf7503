/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A small data set: low, middle and high tones in noise, as WAV files in label
 * folders. */
#pragma once

#include <math.h>

#include "dataset-folder.h"
#include "mx-rng.h"

#define TONES_RATE 8000
#define TONES_FRAMES 2400 /* .3 s */

static const gchar *const tones_labels[] = {"high", "low", "middle", NULL};
#define TONES_CLASSES 3

static const gchar tones_json[] =
    "{\"name\": \"tones\","
    " \"input\": {\"rate\": 8000, \"channels\": 1, \"window\": 2400},"
    " \"front-end\": {\"kind\": \"log-mel\", \"bands\": 20, \"mean\": -7,"
    "  \"std\": 1.5},"
    " \"stages\": ["
    "  {\"layers\": [{\"kind\": \"conv1d\", \"filters\": 8, \"kernel\": 3},"
    "    {\"kind\": \"batch-norm\"}, {\"kind\": \"relu\"}],"
    "   \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]},"
    "  {\"layers\": [{\"kind\": \"conv1d\", \"filters\": 12, \"kernel\": 3,"
    "     \"stride\": 2}, {\"kind\": \"batch-norm\"}, {\"kind\": \"relu\"}],"
    "   \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}";

/* Tone `index` of the data set `seed`: pitch, phase and loudness vary. */
static inline void
draw_tone (guint64 seed, guint index, gint16 *samples)
{
  static const gdouble pitches[TONES_CLASSES] = {2400, 300, 900};
  gdouble pitch, phase, loudness;
  MxRng rng;

  mx_rng_init (&rng, seed, index);
  pitch = pitches[index % TONES_CLASSES] * mx_rng_range (&rng, .8, 1.25);
  phase = mx_rng_range (&rng, 0, 2 * G_PI);
  loudness = mx_rng_range (&rng, .1, .5);
  for (guint t = 0; t < TONES_FRAMES; t++) {
    gdouble tone = sin (phase + 2 * G_PI * pitch * t / TONES_RATE);

    samples[t] =
        (gint16)(32767 * (loudness * tone + .02 * mx_rng_normal (&rng)));
  }
}

/* Writes `n` of them as NAME/LABEL/NUMBER.wav. */
static inline void
put_tones (const gchar *folder, const gchar *name, guint64 seed, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autofree gchar *path = g_strdup_printf (
        "%s/%s/%02u.wav", name, tones_labels[i % TONES_CLASSES], i);
    gint16 samples[TONES_FRAMES];

    draw_tone (seed, i, samples);
    wav_put (folder, path, 1, TONES_RATE, 1, 16, samples, sizeof samples);
  }
}
