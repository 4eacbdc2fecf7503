/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* mxdatasetsrc mode=continuous: lengths, levels and noise. */
#include "dataset-levels.h"
#include "dataset-rig.h"

GST_START_TEST (gaps_are_of_any_length_and_level_within_their_ranges)
{
  gdouble shortest = 9, longest = 0, quietest = 0, loudest = -200;
  Run *run;

  wav_put_ramp (folder, "a/1.wav", 8000, 1, 8, 100);
  run = run_to_eos (folder, "mode=continuous epochs=150 seed=4");
  for (guint i = 0; i + 2 < run->heard->len; i += 2) {
    const Heard *gap = run_heard (run, i), *example = run_heard (run, i + 1);
    gdouble level = decibel (rms_of (gap) / rms_of (example));
    gdouble length = (gdouble)gap->is.duration / GST_SECOND;

    fail_unless (gap->is.gap && !example->is.gap);
    shortest = MIN (shortest, length);
    longest = MAX (longest, length);
    quietest = MIN (quietest, level);
    loudest = MAX (loudest, level);
  }
  fail_unless (shortest >= .3 && shortest < .32, "%g s", shortest);
  fail_unless (longest <= 1.5 && longest > 1.48, "%g s", longest);
  fail_unless (quietest > -40.001 && quietest < -39.7, "%g dB", quietest);
  fail_unless (loudest < -29.999 && loudest > -30.3, "%g dB", loudest);
  run_free (run);
}
GST_END_TEST;

/* How alike neighbours are: white noise not at all, brown noise the same. */
GST_START_TEST (the_background_is_white_pink_or_brown)
{
  guint white = 0, pink = 0, brown = 0;
  Run *run;

  wav_put_ramp (folder, "a/1.wav", 8000, 1, 8, 100);
  run = run_to_eos (folder, "mode=continuous epochs=200");
  for (guint i = 0; i < run->heard->len; i += 2) {
    const Heard *gap = run_heard (run, i);
    gdouble like = 0;

    for (guint j = 1; j < gap->samples->len; j++)
      like += (gdouble)sample_of (gap, j) * sample_of (gap, j - 1);
    like /= (gap->samples->len - 1) * rms_of (gap) * rms_of (gap);
    if (like < .2)
      white++;
    else if (like < .96)
      pink++;
    else
      brown++;
  }
  fail_unless (white > 80 && white < 120, "%u white", white);
  fail_unless (pink > 30 && pink < 70, "%u pink", pink);
  fail_unless (brown > 30 && brown < 70, "%u brown", brown);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (examples_are_scaled_to_the_level_and_their_gain)
{
  gdouble lowest = 0, highest = -200;
  Run *run;

  wav_put_ramp (folder, "a/1.wav", 8000, 2, 80, 100);
  wav_put_ramp (folder, "a/2.wav", 8000, 2, 80, 9000);
  run = run_to_eos (folder,
      "mode=continuous epochs=50 level=-26 gain-low=-12 gain-high=12 "
      "gap-level-low=-35 gap-level-high=-35");
  for (guint i = 0; i + 2 < run->heard->len; i += 2) {
    gdouble level = decibel (rms_of (run_heard (run, i + 1)));

    /* of the level, not of the example */
    assert_near (decibel (rms_of (run_heard (run, i))), -26 - 35);
    lowest = MIN (lowest, level);
    highest = MAX (highest, level);
  }
  fail_unless (lowest > -38.001 && lowest < -37, "%g dB", lowest);
  fail_unless (highest < -13.999 && highest > -15, "%g dB", highest);
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (silent_examples_stay_silent_and_broken_ones_as_they_are)
{
  const gfloat broken[] = {1, NAN, INFINITY, 1};
  Run *run;

  wav_put (folder, "a/1.wav", 3, RATE, 1, 32, "\0\0\0\0\0\0\0\0", 8);
  wav_put (folder, "a/2.wav", 3, RATE, 1, 32, broken, sizeof broken);
  run = run_to_eos (folder, "mode=continuous level=-26");
  fail_unless (rms_of (run_heard (run, 1)) == 0);
  fail_unless (sample_of (run_heard (run, 3), 0) == 1);
  fail_unless (isfinite (rms_of (run_heard (run, 2))));
  run_free (run);
}
GST_END_TEST;

GST_START_TEST (each_epoch_has_gaps_of_its_own)
{
  Run *run;

  wav_put_ramp (folder, "a/1.wav", 8000, 1, 8, 100);
  run = run_to_eos (folder, "mode=continuous epochs=3");
  for (guint i = 2; i < run->heard->len; i += 2)
    fail_if (
        run_heard (run, i)->is.duration == run_heard (run, i - 2)->is.duration);
  run_free (run);
}
GST_END_TEST;

static Suite *
datasetsrc_gaps_suite (void)
{
  Suite *suite = suite_create ("datasetsrc-gaps");
  TCase *tc = tcase_create ("stream");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, gaps_are_of_any_length_and_level_within_their_ranges);
  tcase_add_test (tc, the_background_is_white_pink_or_brown);
  tcase_add_test (tc, examples_are_scaled_to_the_level_and_their_gain);
  tcase_add_test (tc, silent_examples_stay_silent_and_broken_ones_as_they_are);
  tcase_add_test (tc, each_epoch_has_gaps_of_its_own);
  return suite;
}

GST_CHECK_MAIN (datasetsrc_gaps);
