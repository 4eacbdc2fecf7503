/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-parallel.h"

#include <check.h>
#include <glib.h>
#include <stdbool.h>

#define MOST_TASKS 1000

static const size_t thread_counts[] = {1, 2, 7};

/* Each task counts in its own place, so that nothing but a second run of the
 * same task can change it: no atomics, as in real use. */
static void
count_task (void *data, size_t index)
{
  unsigned *runs = data;

  runs[index]++;
}

static void
assert_all_run_once (MxParallel *parallel, size_t n_tasks)
{
  unsigned runs[MOST_TASKS + 1] = {0};

  mx_parallel_run (parallel, n_tasks, count_task, runs);
  for (size_t i = 0; i < n_tasks; i++)
    ck_assert_uint_eq (runs[i], 1);
  ck_assert_uint_eq (runs[n_tasks], 0);
}

START_TEST (every_task_runs_exactly_once)
{
  static const size_t task_counts[] = {0, 1, 2, 3, 8, MOST_TASKS};
  MxParallel *parallel = mx_parallel_new (thread_counts[_i]);

  ck_assert_uint_eq (mx_parallel_get_threads (parallel), thread_counts[_i]);
  for (size_t k = 0; k < G_N_ELEMENTS (task_counts); k++)
    assert_all_run_once (parallel, task_counts[k]);
  mx_parallel_free (parallel);
}
END_TEST

START_TEST (one_set_of_threads_serves_many_short_runs)
{
  MxParallel *parallel = mx_parallel_new (thread_counts[_i]);

  for (size_t i = 0; i < 5000; i++)
    assert_all_run_once (parallel, i % 9);
  mx_parallel_free (parallel);
}
END_TEST

static void
note_worker (void *data, size_t index)
{
  size_t *workers = data;

  g_usleep (100); /* so that others get tasks, too */
  workers[index] = mx_parallel_get_worker ();
}

START_TEST (tasks_know_their_thread)
{
  size_t workers[100];
  MxParallel *parallel = mx_parallel_new (thread_counts[_i]);

  mx_parallel_run (parallel, 100, note_worker, workers);
  for (size_t i = 0; i < 100; i++)
    ck_assert_uint_lt (workers[i], thread_counts[_i]);
  ck_assert_uint_eq (mx_parallel_get_worker (), 0);
  mx_parallel_free (parallel);
}
END_TEST

/* Places of threads are given to one at a time. */
typedef struct {
  unsigned inside[7];
  bool shared;
} Places;

static void
enter_place (void *data, size_t index)
{
  Places *places = data;
  unsigned *inside = &places->inside[mx_parallel_get_worker ()];

  if (__atomic_fetch_add (inside, 1, __ATOMIC_SEQ_CST) > 0)
    __atomic_store_n (&places->shared, true, __ATOMIC_SEQ_CST);
  g_usleep (100);
  __atomic_fetch_sub (inside, 1, __ATOMIC_SEQ_CST);
}

START_TEST (no_two_threads_are_the_same)
{
  Places places = {0};
  MxParallel *parallel = mx_parallel_new (thread_counts[_i]);

  mx_parallel_run (parallel, 100, enter_place, &places);
  ck_assert (!places.shared);
  mx_parallel_free (parallel);
}
END_TEST

START_TEST (threads_that_never_worked_are_freed)
{
  for (int i = 0; i < 100; i++)
    mx_parallel_free (mx_parallel_new (thread_counts[_i]));
  mx_parallel_free (NULL);
}
END_TEST

START_TEST (without_threads_tasks_run_here_and_in_order)
{
  assert_all_run_once (NULL, 10);
  ck_assert_uint_eq (mx_parallel_get_threads (NULL), 1);
}
END_TEST

START_TEST (zero_threads_means_one_for_each_processor)
{
  MxParallel *parallel = mx_parallel_new (0);

  ck_assert_uint_eq (
      mx_parallel_get_threads (parallel), g_get_num_processors ());
  mx_parallel_free (parallel);
}
END_TEST

/* Tasks that can only end together: each waits for all to have begun. */
typedef struct {
  GMutex mutex;
  GCond all_here;
  size_t here, expected;
} Meeting;

static void
meet_task (void *data, size_t index)
{
  Meeting *meeting = data;

  g_mutex_lock (&meeting->mutex);
  if (++meeting->here == meeting->expected)
    g_cond_broadcast (&meeting->all_here);
  while (meeting->here < meeting->expected)
    g_cond_wait (&meeting->all_here, &meeting->mutex);
  g_mutex_unlock (&meeting->mutex);
}

START_TEST (as_many_tasks_as_threads_run_at_the_same_time)
{
  size_t threads = thread_counts[_i];
  MxParallel *parallel = mx_parallel_new (threads);
  Meeting meeting = {.expected = threads};

  g_mutex_init (&meeting.mutex);
  g_cond_init (&meeting.all_here);
  mx_parallel_run (parallel, threads, meet_task, &meeting);
  ck_assert_uint_eq (meeting.here, threads);
  mx_parallel_free (parallel);
  g_cond_clear (&meeting.all_here);
  g_mutex_clear (&meeting.mutex);
}
END_TEST

static void
record_task (void *data, size_t index)
{
  GArray *order = data;

  g_array_append_val (order, index);
}

START_TEST (a_single_thread_keeps_the_order_of_the_numbers)
{
  GArray *order = g_array_new (FALSE, FALSE, sizeof (size_t));
  MxParallel *parallel = mx_parallel_new (1);

  mx_parallel_run (parallel, 50, record_task, order);
  mx_parallel_run (NULL, 50, record_task, order);
  for (guint i = 0; i < 100; i++)
    ck_assert_uint_eq (g_array_index (order, size_t, i), i % 50);
  mx_parallel_free (parallel);
  g_array_unref (order);
}
END_TEST

static Suite *
parallel_suite (void)
{
  const int n = G_N_ELEMENTS (thread_counts);
  Suite *suite = suite_create ("parallel");
  TCase *tc = tcase_create ("parallel");

  tcase_add_loop_test (tc, tasks_know_their_thread, 0, n);
  tcase_add_loop_test (tc, no_two_threads_are_the_same, 0, n);
  tcase_add_loop_test (tc, every_task_runs_exactly_once, 0, n);
  tcase_add_loop_test (tc, one_set_of_threads_serves_many_short_runs, 0, n);
  tcase_add_loop_test (tc, threads_that_never_worked_are_freed, 0, n);
  tcase_add_loop_test (tc, as_many_tasks_as_threads_run_at_the_same_time, 0, n);
  tcase_add_test (tc, without_threads_tasks_run_here_and_in_order);
  tcase_add_test (tc, zero_threads_means_one_for_each_processor);
  tcase_add_test (tc, a_single_thread_keeps_the_order_of_the_numbers);
  suite_add_tcase (suite, tc);
  return suite;
}

int
main (void)
{
  SRunner *runner = srunner_create (parallel_suite ());
  int failed;

  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? 0 : 1;
}
