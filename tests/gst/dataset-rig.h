/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* For the tests of mxdatasetsrc: a folder of its own for each, and what its
 * runs send. */
#pragma once

#include "dataset-folder.h"
#include "dataset-run.h"

static gchar *folder;

static inline void
set_up (void)
{
  folder = folder_new ();
}

static inline void
tear_down (void)
{
  folder_free (folder);
}

#define RATE 20

/* Of 30, 40 and 50 frames: 100, 101 ...; 200, 201 ...; 300, 301 ...  The second
 * and the third are longer than a second. */
static inline void
put_three (void)
{
  wav_put_ramp (folder, "train/b/1.wav", RATE, 1, 30, 100);
  wav_put_ramp (folder, "train/b/2.wav", RATE, 1, 40, 200);
  wav_put_ramp (folder, "test/a/3.wav", RATE, 1, 50, 300);
}

/* Of runs over the three: whether the settings @one give the same @examples,
 * bit for bit, as @other; both beside the settings @common. */
static inline void
check_repeat (const gchar *common, const gchar *one, const gchar *other,
    guint examples, gboolean equal)
{
  g_autofree gchar *of_one = g_strjoin (" ", common, one, NULL);
  g_autofree gchar *of_other = g_strjoin (" ", common, other, NULL);
  Run *a, *b;

  put_three ();
  a = run_to_eos (folder, of_one);
  b = run_to_eos (folder, of_other);
  fail_unless_equals_int (a->heard->len, examples);
  fail_unless_equals_int (run_equal (a, b), equal);
  run_free (a);
  run_free (b);
}
