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
  return (GstMxWindowing){
      .seed = seed, .window = WINDOW, .channels = CHANNELS, .step = 1};
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
    recording.example.split = g_strdup (GST_MX_SPLIT_VALID);
    window = gst_mx_windows_get (&rule, &recording, 0, 0, room);
    fail_unless (window[0] == 0 && window[6 * CHANNELS] == 0);
    fail_unless_equals_int ((gint)window[1 * CHANNELS], 10);
    fail_unless_equals_int (gst_mx_windows_begin (&rule, &recording, 0, 0), -1);
    fail_unless_equals_int (
        gst_mx_windows_phase (&rule, &recording, 0, 0, 9), 0);
    record (&recording, 20, 3, epoch);
    recording.example.split = g_strdup (GST_MX_SPLIT_VALID);
    fail_unless_equals_int (
        gst_mx_windows_begin (&rule, &recording, 0, 1), WINDOW);
    window = gst_mx_windows_get (&rule, &recording, 0, 1, room);
    fail_unless_equals_int ((gint)window[0], 10 * (WINDOW + 1));
  }
  gst_mx_recording_clear (&recording);
}
GST_END_TEST;

/* ----------------------------------------------------------- in streams */

#define STEP 3

/* Where window `i` may begin, of a recording or a gap. */
static gint
begin_of (gsize frames, gboolean gap, guint64 index, guint branch, gsize i)
{
  const GstMxWindowing rule = {
      .seed = 1, .window = 40, .channels = CHANNELS, .step = STEP};
  GstMxRecording recording = {
      .example = {.index = index, .gap = gap}, .frames = frames};
  gsize windows = gst_mx_windows_count (&rule, &recording);

  return i < windows ? (gint)gst_mx_windows_begin (&rule, &recording, branch, i)
                     : G_MAXINT;
}

GST_START_TEST (test_in_a_stream_the_centre_lies_in_a_short_example)
{
  guint apart = 0, first = 0, last = 0;

  for (guint i = 0; i < 300; i++) {
    gint a = begin_of (10, FALSE, i, 0, 0), b = begin_of (10, FALSE, i, 1, 0);

    fail_unless (a + 20 >= -2 && a + 20 <= 12, "centre at %d", a + 20);
    apart += a != b;
    first += a + 20 == -2;
    last += a + 20 == 12;
  }
  fail_unless (apart > 200 && first > 5 && last > 5);
}
GST_END_TEST;

/* Wherever the recording begins between two frames of the front end. */
GST_START_TEST (test_in_a_stream_windows_lie_wholly_in_gaps_and_long_examples)
{
  for (guint i = 0; i < 100; i++) {
    gsize frames = 42 + i;
    gsize windows = (frames - STEP + 1) / 40;

    for (gsize k = 0; k < windows; k++) {
      gint begin = begin_of (frames, TRUE, i, 0, k);

      fail_unless (begin >= 0);
      fail_unless (begin + STEP - 1 + 40 <= (gint)frames);
      fail_unless_equals_int (begin, begin_of (frames, FALSE, i, 1, k));
    }
    fail_unless_equals_int (begin_of (frames, TRUE, i, 0, windows), G_MAXINT);
  }
  fail_unless_equals_int (begin_of (41, TRUE, 0, 0, 0), G_MAXINT);
}
GST_END_TEST;

GST_START_TEST (test_windows_lie_on_all_phases_of_the_grid)
{
  const GstMxWindowing rule = {.seed = 1, .window = 40, .step = 1};
  guint seen[2] = {0}, apart = 0;

  for (guint i = 0; i < 200; i++) {
    GstMxRecording recording = {.example = {.index = i}, .frames = 100};
    gsize a = gst_mx_windows_phase (&rule, &recording, 0, i % 2, 4);
    gsize b = gst_mx_windows_phase (&rule, &recording, 1, i % 2, 4);

    seen[0] |= 1u << a;
    seen[1] |= 1u << b;
    apart += a != b;
    fail_unless_equals_int (
        gst_mx_windows_phase (&rule, &recording, 0, 0, 1), 0);
  }
  fail_unless (seen[0] == 0xf && seen[1] == 0xf && apart > 100);
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
  tcase_add_test (tcase, test_in_a_stream_the_centre_lies_in_a_short_example);
  tcase_add_test (
      tcase, test_in_a_stream_windows_lie_wholly_in_gaps_and_long_examples);
  tcase_add_test (tcase, test_windows_lie_on_all_phases_of_the_grid);
  return suite;
}

GST_CHECK_MAIN (windows)
