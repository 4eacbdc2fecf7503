/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* For the tests of mxmix: folders of recordings, pipelines of text, and what
 * reaches the element named "sink". */
#pragma once

#include "dataset-rig.h"

#include <gst/check/gstcheck.h>

/* `n` recordings of 10 frames, each of a value of its own. */
static inline void
put_recordings (const gchar *where, guint n, gfloat value, guint rate)
{
  for (guint i = 0; i < n; i++) {
    g_autofree gchar *path = g_strdup_printf ("%s/%02u.wav", where, i);

    wav_put_ramp (folder, path, rate, 1, 10, value + 100 * (gfloat)i);
  }
}

/* Six with a label, two to measure with, ten without a label. */
static inline void
put_sources (void)
{
  put_recordings ("labelled/train/a", 3, 1000, RATE);
  put_recordings ("labelled/train/b", 3, 2000, RATE);
  put_recordings ("labelled/valid/a", 1, 3000, RATE);
  put_recordings ("labelled/valid/b", 1, 4000, RATE);
  put_recordings ("unlabelled", 10, 5000, RATE);
}

/* Each @ in the line stands for "location=" and the folder. */
static inline GstElement *
mix_pipeline (const gchar *text)
{
  g_autofree gchar *location = g_strdup_printf ("location=%s/", folder);
  g_auto (GStrv) parts = g_strsplit (text, "@", -1);
  g_autofree gchar *sources = g_strjoinv (location, parts);
  g_autofree gchar *line = g_strconcat (
      sources, " ! fakesink name=sink sync=false async=false", NULL);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (line, &error);

  fail_unless (error == NULL, "%s: %s", line, error ? error->message : "");
  return pipeline;
}

static inline Run *
mix_run (const gchar *text)
{
  GstElement *pipeline = mix_pipeline (text);
  Run *run = run_alloc ();

  run_watch (run, pipeline);
  run_wait (run, pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_check_object_destroyed_on_unref (pipeline);
  return run;
}

static inline Run *
mix_to_eos (const gchar *text)
{
  Run *run = mix_run (text);

  fail_unless (run->error == NULL, "%s", run->error);
  return run;
}

static inline void
mix_expect_error (const gchar *text, const gchar *expected)
{
  Run *run = mix_run (text);

  fail_unless (run->error != NULL, "no error, expected: %s", expected);
  fail_unless (strstr (run->error, expected) != NULL, "%s, expected: %s",
      run->error, expected);
  fail_unless (strchr (run->order->str, 'Q') == NULL, "EOS behind an error");
  run_free (run);
}
