/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxturns.h"

#include <gst/check/check.h>

#define MOST 4
#define LONG 2000

static const struct {
  guint n, shares[MOST];
} mixes[] = {
    {1, {7}},
    {2, {1, 1}},
    {2, {1, 2}},
    {2, {32, 64}},
    {2, {3, 1}},
    {2, {5, 7}},
    {3, {1, 1, 1}},
    {3, {2, 3, 5}},
    {3, {7, 1, 4}},
    {4, {6, 1, 10, 3}},
};

static guint
sum_of (guint i)
{
  guint sum = 0;

  for (guint source = 0; source < mixes[i].n; source++)
    sum += mixes[i].shares[source];
  return sum;
}

static guint
take (GstMxTurns *turns)
{
  guint source = gst_mx_turns_next (turns);

  gst_mx_turns_count (turns, source);
  return source;
}

/* Wherever the stretch begins. */
GST_START_TEST (any_stretch_as_long_as_the_sum_holds_exactly_the_shares)
{
  GstMxTurns *turns = gst_mx_turns_new (mixes[__i__].shares, mixes[__i__].n);
  guint sum = sum_of (__i__), sources[LONG], counts[MOST] = {0};

  for (guint t = 0; t < LONG; t++) {
    sources[t] = take (turns);
    counts[sources[t]]++;
    if (t >= sum)
      counts[sources[t - sum]]--;
    for (guint s = 0; t + 1 >= sum && s < mixes[__i__].n; s++)
      fail_unless_equals_int (counts[s], mixes[__i__].shares[s]);
  }
  gst_mx_turns_free (turns);
}
GST_END_TEST;

GST_START_TEST (each_example_of_the_first_source_has_its_place)
{
  GstMxTurns *turns = gst_mx_turns_new (mixes[__i__].shares, mixes[__i__].n);
  guint sum = sum_of (__i__), k = 0;

  for (guint t = 0; t < LONG; t++) {
    if (take (turns) != 0)
      continue;
    fail_unless_equals_int (t, k * sum / mixes[__i__].shares[0]);
    fail_unless_equals_uint64 (gst_mx_turns_before (turns, k), t);
    k++;
  }
  gst_mx_turns_free (turns);
}
GST_END_TEST;

GST_START_TEST (what_comes_of_each_before_the_end_is_known)
{
  GstMxTurns *turns = gst_mx_turns_new (mixes[__i__].shares, mixes[__i__].n);
  guint64 counts[MOST] = {0};

  while (counts[0] < 100 || gst_mx_turns_next (turns) != 0)
    counts[take (turns)]++;
  for (guint s = 0; s < mixes[__i__].n; s++) {
    guint64 expected = gst_mx_turns_share_before (turns, s, 100);

    fail_unless (counts[s] <= expected + 1 && expected <= counts[s] + 1);
  }
  gst_mx_turns_free (turns);
}
GST_END_TEST;

/* A recording may hold more than one example: the others make up for it. */
GST_START_TEST (who_sends_more_in_a_turn_waits_longer)
{
  GstMxTurns *turns = gst_mx_turns_new ((guint[]){1, 2}, 2);
  guint counts[2] = {0};

  for (guint t = 0; t < LONG; t++) {
    guint source = gst_mx_turns_next (turns);

    for (guint i = 0; i < (source == 0 ? 5 : 3); i++, counts[source]++)
      gst_mx_turns_count (turns, source);
  }
  fail_unless (ABS ((gint)counts[1] - 2 * (gint)counts[0]) <= 10, "%u, %u",
      counts[0], counts[1]);
  gst_mx_turns_free (turns);
}
GST_END_TEST;

static Suite *
turns_suite (void)
{
  Suite *suite = suite_create ("turns");
  TCase *tc = tcase_create ("general");
  gint n = G_N_ELEMENTS (mixes);

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (
      tc, any_stretch_as_long_as_the_sum_holds_exactly_the_shares, 0, n);
  tcase_add_loop_test (
      tc, each_example_of_the_first_source_has_its_place, 0, n);
  tcase_add_loop_test (tc, what_comes_of_each_before_the_end_is_known, 0, n);
  tcase_add_test (tc, who_sends_more_in_a_turn_waits_longer);
  return suite;
}

GST_CHECK_MAIN (turns);
