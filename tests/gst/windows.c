/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxwindows.h"

#include <gst/check/gstcheck.h>

#define WINDOW 8
#define CHANNELS 2

/* Frame t of channel c is 10 (t + 1) + c, so nothing in it is 0. */
static void
record (GstMxRecording *recording, gsize frames, guint64 index, guint epoch)
{
  GstMxExample example = {.index = index, .epoch = epoch};

  gst_mx_recording_begin (recording, &example);
  for (gsize t = 0; t < frames; t++) {
    gfloat frame[CHANNELS] = {10.f * (gfloat)(t + 1), 10.f * (gfloat)t + 11};

    gst_mx_recording_append (recording, frame, 1, CHANNELS);
  }
}

static GstMxWindowing
windowing (guint64 seed)
{
  return (GstMxWindowing){.seed = seed, .window = WINDOW, .channels = CHANNELS};
}

/* Where the recording lies in its window, or which part of it is there. */
static gint
place_of (guint64 seed, gsize frames, guint64 index, guint epoch, guint branch,
    gsize i)
{
  GstMxWindowing rule = windowing (seed);
  GstMxRecording recording = {{NULL}};
  gfloat room[WINDOW * CHANNELS];
  const gfloat *window;
  gint place = 0;

  record (&recording, frames, index, epoch);
  window = gst_mx_windows_get (&rule, &recording, branch, i, room);
  while (window[place * CHANNELS] == 0)
    place++;
  place -= (gint)window[place * CHANNELS] / 10 - 1;
  gst_mx_recording_clear (&recording);
  return place;
}

static const struct {
  gsize frames, windows;
} counts[] = {{0, 0}, {1, 1}, {7, 1}, {8, 1}, {15, 1}, {16, 2}, {100, 12}};

GST_START_TEST (test_a_recording_gives_the_windows_that_fit_but_at_least_one)
{
  GstMxWindowing rule = windowing (1);
  GstMxRecording recording = {{NULL}};

  record (&recording, counts[__i__].frames, 0, 0);
  fail_unless_equals_int (
      gst_mx_windows_count (&rule, &recording), counts[__i__].windows);
  gst_mx_recording_clear (&recording);
}
GST_END_TEST;

GST_START_TEST (test_a_short_recording_lies_whole_in_zeros)
{
  GstMxWindowing rule = windowing (1);
  GstMxRecording recording = {{NULL}};
  gfloat room[WINDOW * CHANNELS];
  const gfloat *window;
  gint place, frames = __i__;

  record (&recording, frames, 5, 2);
  window = gst_mx_windows_get (&rule, &recording, 0, 0, room);
  place = place_of (1, frames, 5, 2, 0, 0);
  fail_unless (place >= 0 && place + frames <= WINDOW);
  for (gint t = 0; t < WINDOW; t++) {
    for (gint c = 0; c < CHANNELS; c++) {
      gint at = t - place;
      gint expected = at >= 0 && at < frames ? 10 * (at + 1) + c : 0;

      fail_unless_equals_int ((gint)window[t * CHANNELS + c], expected);
    }
  }
  gst_mx_recording_clear (&recording);
}
GST_END_TEST;

GST_START_TEST (test_short_recordings_lie_at_all_places_each_branch_its_own)
{
  guint seen[2] = {0}, apart = 0;

  for (guint i = 0; i < 200; i++) {
    gint a = place_of (1, 4, i, 0, 0, 0), b = place_of (1, 4, i, 0, 1, 0);

    seen[0] |= 1u << a;
    seen[1] |= 1u << b;
    apart += a != b;
  }
  fail_unless_equals_int (seen[0], 0x1f);
  fail_unless_equals_int (seen[1], 0x1f);
  fail_unless (apart > 100);
}
GST_END_TEST;

GST_START_TEST (test_windows_of_a_long_recording_adjoin_and_both_branches_agree)
{
  guint seen = 0;

  for (guint i = 0; i < 200; i++) {
    gint offset = -place_of (1, 20, i, 0, 0, 0);

    fail_unless (offset >= 0 && offset <= 4);
    fail_unless_equals_int (place_of (1, 20, i, 0, 0, 1), -offset - WINDOW);
    fail_unless_equals_int (place_of (1, 20, i, 0, 1, 0), -offset);
    seen |= 1u << offset;
  }
  fail_unless_equals_int (seen, 0x1f);
}
GST_END_TEST;

GST_START_TEST (test_places_follow_from_seed_epoch_and_index_alone)
{
  guint seeds = 0, epochs = 0;

  for (guint i = 0; i < 100; i++) {
    gint place = place_of (1, 4, i, 3, 0, 0);

    fail_unless_equals_int (place, place_of (1, 4, i, 3, 0, 0));
    seeds += place != place_of (2, 4, i, 3, 0, 0);
    epochs += place != place_of (1, 4, i, 4, 0, 0);
  }
  fail_unless (seeds > 50 && epochs > 50);
}
GST_END_TEST;

GST_START_TEST (test_to_measure_with_all_epochs_hear_the_same)
{
  GstMxWindowing rule = windowing (1);
  GstMxRecording recording = {{NULL}};
  gfloat room[WINDOW * CHANNELS];
  const gfloat *window;

  for (guint epoch = 0; epoch < 20; epoch++) {
    record (&recording, 5, 3, epoch);
    window = gst_mx_windows_get_valid (&rule, &recording, 0, room);
    fail_unless (window[0] == 0 && window[6 * CHANNELS] == 0);
    fail_unless_equals_int ((gint)window[1 * CHANNELS], 10);
    record (&recording, 20, 3, epoch);
    window = gst_mx_windows_get_valid (&rule, &recording, 1, room);
    fail_unless_equals_int ((gint)window[0], 10 * (WINDOW + 1));
  }
  gst_mx_recording_clear (&recording);
}
GST_END_TEST;

static Suite *
windows_suite (void)
{
  Suite *suite = suite_create ("windows");
  TCase *tcase = tcase_create ("windows");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase,
      test_a_recording_gives_the_windows_that_fit_but_at_least_one, 0,
      G_N_ELEMENTS (counts));
  tcase_add_loop_test (
      tcase, test_a_short_recording_lies_whole_in_zeros, 1, WINDOW + 1);
  tcase_add_test (
      tcase, test_short_recordings_lie_at_all_places_each_branch_its_own);
  tcase_add_test (
      tcase, test_windows_of_a_long_recording_adjoin_and_both_branches_agree);
  tcase_add_test (tcase, test_places_follow_from_seed_epoch_and_index_alone);
  tcase_add_test (tcase, test_to_measure_with_all_epochs_hear_the_same);
  return suite;
}

GST_CHECK_MAIN (windows)
