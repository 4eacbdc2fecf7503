/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxresampler.h"

#include <gst/check/check.h>
#include <math.h>

static const struct {
  guint from, to;
} rates[] = {{50, 20}, {20, 50}, {50, 64}, {100, 1}, {26, 20}, {8000, 16000}};

/* Two channels of `n` frames that rest at 1 and, for one frame, at infinity:
 * GStreamer keeps them behind each other. */
static void
assert_first_channel_is_finite (guint from, guint to, gsize n)
{
  GstAudioResampler *resampler = gst_mx_resampler_new (from, to, 2);
  g_autofree gfloat *in = g_new (gfloat, 2 * n);
  g_autofree gfloat *out = NULL;
  gsize ready;

  for (gsize i = 0; i < 2 * n; i++)
    in[i] = 1;
  in[1] = INFINITY;
  gst_mx_resampler_reserve (resampler, n);
  ready = gst_audio_resampler_get_out_frames (resampler, n);
  out = g_new0 (gfloat, 2 * ready + 1);
  gst_audio_resampler_resample (
      resampler, (gpointer[]){in}, n, (gpointer[]){out}, ready);
  for (gsize i = 0; i < ready; i++)
    fail_unless (isfinite (out[2 * i]),
        "%u to %u Hz: frame %u of the %u that %u frames became: %f", from, to,
        (guint)i, (guint)ready, (guint)n, out[2 * i]);
  gst_audio_resampler_free (resampler);
}

GST_START_TEST (what_one_channel_holds_never_reaches_another)
{
  for (gsize n = 1; n < 100; n++)
    assert_first_channel_is_finite (rates[__i__].from, rates[__i__].to, n);
}
GST_END_TEST;

static Suite *
resampler_suite (void)
{
  Suite *suite = suite_create ("resampler");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc, what_one_channel_holds_never_reaches_another, 0,
      G_N_ELEMENTS (rates));
  return suite;
}

GST_CHECK_MAIN (resampler);
