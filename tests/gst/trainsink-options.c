/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The options of mxtrainsink that are off unless asked for. */

#include "trainsink-train.h"

#define ALL_OPTIONS                                                            \
  "label-smoothing=.1 mixup=.4 class-balance=weights exit-weights=\"<2,1>\" "  \
  "teacher-average=.9 average-weights=.9"

static const gchar *const options[] = {ALL_OPTIONS, "label-smoothing=.1",
    "mixup=.4", "class-balance=weights", "exit-weights=\"<2,1>\"",
    "teacher-average=.9", "average-weights=.9",
    "consistency-target=hard confidence-threshold=.8 mixup=1"};

GST_START_TEST (test_options_keep_the_bytes_independent_of_the_threads)
{
  GBytes *without = train ("", TRUE, ALTERNATING, 7);
  GBytes *one = train (options[__i__], TRUE, ALTERNATING, 7);

  fail_if (g_bytes_equal (one, without));
  for (guint threads = 2; threads <= 4; threads += 2) {
    g_autofree gchar *line =
        g_strdup_printf ("%s threads=%u", options[__i__], threads);
    GBytes *more = train (line, TRUE, ALTERNATING, 7);

    fail_unless (g_bytes_equal (one, more), "%s", line);
    g_bytes_unref (more);
  }
  g_bytes_unref (one);
  g_bytes_unref (without);
}
GST_END_TEST;

static Suite *
trainsink_options_suite (void)
{
  Suite *suite = suite_create ("trainsink-options");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc,
      test_options_keep_the_bytes_independent_of_the_threads, 0,
      G_N_ELEMENTS (options));
  return suite;
}

GST_CHECK_MAIN (trainsink_options);
