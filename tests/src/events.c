/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "check-main.h"

#include <glib.h>

#include "mx-events.h"

enum { A, B, NOTHING };

/* a from 100 to 150, b from 200 to 300, something unnamed from 400 to 500. */
static MxEvents *
events_of_a_recording (uint64_t tolerance)
{
  MxEvents *events = mx_events_new (tolerance);

  mx_events_add_event (events, A, 100, 150);
  mx_events_add_event (events, B, 200, 300);
  mx_events_add_event (events, MX_EVENTS_UNKNOWN, 400, 500);
  return events;
}

static void
assert_counts (const MxEvents *events, unsigned label, uint64_t n,
    uint64_t found, uint64_t n_false)
{
  const MxEventCounts counts = mx_events_get_counts (events, label);

  ck_assert_uint_eq (counts.events, n);
  ck_assert_uint_eq (counts.found, found);
  ck_assert_uint_eq (counts.false_events, n_false);
}

/* One window that answers A: does it find a, and is it false? */
static const struct {
  uint64_t tolerance, start, end, found, n_false;
} cases[] = {
    {0, 50, 100, 0, 1}, /* ends where it begins */
    {0, 51, 101, 1, 0},
    {0, 100, 150, 1, 0},
    {0, 101, 151, 0, 0}, /* too late, but it heard some of it */
    {0, 150, 200, 0, 1},
    {20, 120, 170, 1, 0},
    {20, 121, 171, 0, 0},
    {20, 149, 199, 0, 0},
    {20, 155, 165, 1, 0}, /* short, heard nothing, but in time */
    {MX_EVENTS_WINDOW, 149, 199, 1, 0},
    {MX_EVENTS_WINDOW, 150, 200, 1, 0},
    {MX_EVENTS_WINDOW, 151, 201, 0, 1},
    {MX_EVENTS_WINDOW, 50, 100, 0, 1},
    {0, 350, 401, 0, 0}, /* nobody knows what is there */
    {0, 499, 549, 0, 0},
    {0, 500, 550, 0, 1},
};

START_TEST (a_window_that_ends_in_the_event_or_in_time_finds_it)
{
  MxEvents *events = events_of_a_recording (cases[_i].tolerance);

  mx_events_add_window (events, A, cases[_i].start, cases[_i].end);
  assert_counts (events, A, 1, cases[_i].found, cases[_i].n_false);
  assert_counts (events, B, 1, 0, 0);
  mx_events_free (events);
}
END_TEST

START_TEST (delay_is_from_the_onset_to_the_end_of_the_first_that_finds)
{
  MxEvents *events = events_of_a_recording (0);
  const MxQuantiles *delays = mx_events_get_delays (events);

  mx_events_add_window (events, B, 180, 210);
  mx_events_add_window (events, A, 190, 220);
  mx_events_add_window (events, B, 200, 230);
  mx_events_add_window (events, B, 210, 240);
  assert_counts (events, B, 1, 1, 0);
  ck_assert_uint_eq (delays->n, 1);
  ck_assert_uint_eq (delays->max, 10);
  mx_events_free (events);
}
END_TEST

START_TEST (false_windows_in_a_row_are_one_false_event)
{
  MxEvents *events = events_of_a_recording (0);

  for (uint64_t t = 0; t < 50; t += 10)
    mx_events_add_window (events, A, t, t + 30); /* one */
  mx_events_add_window (events, B, 50, 80);
  mx_events_add_window (events, A, 60, 90);   /* two */
  mx_events_add_window (events, A, 90, 120);  /* right */
  mx_events_add_window (events, A, 150, 180); /* three */
  assert_counts (events, A, 1, 1, 3);
  assert_counts (events, B, 1, 0, 1);
  mx_events_break (events);
  mx_events_add_window (events, A, 150, 180); /* four: another recording */
  assert_counts (events, A, 1, 1, 4);
  mx_events_add_window (events, NOTHING, 150, 180);
  assert_counts (events, NOTHING, 0, 0, 1);
  mx_events_free (events);
}
END_TEST

START_TEST (a_window_behind_the_event_does_not_overlap_it)
{
  MxEvents *events = mx_events_new (0);

  mx_events_add_event (events, MX_EVENTS_UNKNOWN, 0, 50);
  mx_events_add_window (events, A, 49, 79);
  assert_counts (events, A, 0, 0, 0);
  mx_events_add_window (events, A, 50, 80);
  assert_counts (events, A, 0, 0, 1);
  mx_events_free (events);

  /* Nor where one before it lasts longer. */
  events = mx_events_new (0);
  mx_events_add_event (events, B, 0, 100);
  mx_events_add_event (events, A, 0, 50);
  mx_events_add_window (events, A, 50, 80);
  assert_counts (events, A, 1, 0, 1);
  mx_events_free (events);
}
END_TEST

START_TEST (an_event_behind_a_break_is_no_longer_found)
{
  MxEvents *events = events_of_a_recording (0), *copy;

  mx_events_break (events);
  mx_events_add_event (events, A, 0, 50);
  mx_events_add_window (events, A, 10, 40);
  copy = mx_events_copy (events);
  mx_events_add_window (events, A, 100, 130);
  assert_counts (copy, A, 2, 1, 0);
  assert_counts (events, A, 2, 1, 1);
  mx_events_free (copy);
  mx_events_free (events);
}
END_TEST

START_TEST (memory_is_bounded_without_windows)
{
  MxEvents *events = mx_events_new (0);
  const uint64_t n = MX_EVENTS_MAX_OPEN + 100;

  for (uint64_t i = 0; i < n; i++)
    mx_events_add_event (events, A, i * 10, i * 10 + 5);
  /* Too long ago, still open. */
  mx_events_add_window (events, A, 0, 5);
  mx_events_add_window (events, A, 1000, 1005);
  assert_counts (events, A, n, 1, 1);
  mx_events_free (events);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase,
      a_window_that_ends_in_the_event_or_in_time_finds_it, 0,
      G_N_ELEMENTS (cases));
  tcase_add_test (
      tcase, delay_is_from_the_onset_to_the_end_of_the_first_that_finds);
  tcase_add_test (tcase, false_windows_in_a_row_are_one_false_event);
  tcase_add_test (tcase, a_window_behind_the_event_does_not_overlap_it);
  tcase_add_test (tcase, an_event_behind_a_break_is_no_longer_found);
  tcase_add_test (tcase, memory_is_bounded_without_windows);
}

CHECK_MAIN ("events", add_tests)
