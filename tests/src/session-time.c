/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A session on a simulated machine: deadline, limits, timings.  Stages take 1,
 * 2 and 3 ms, times the load. */

#include "session-machine.h"

#include "check-main.h"

#define MS G_GUINT64_CONSTANT (1000000)

typedef struct {
  MxNetwork *network;
  MxSession *session;
  MxPolicy policy;
  float *noise; /* [WINDOWS] windows in a row */
  size_t next;
} Rig;

#define WINDOWS 64

/* A policy that wants all stages, windows without overlap. */
static Rig
make_rig (void)
{
  Rig rig = {.network = make_network (RAW)};

  rig.session = mx_session_new (rig.network);
  rig.noise = make_noise (rig.network, 32 * WINDOWS, 3);
  machine_start (rig.network);
  mx_session_set_clock (rig.session, machine_clock, &machine);
  mx_session_set_hop (rig.session, 32);
  mx_policy_init (&rig.policy);
  rig.policy.kind = MX_POLICY_LAST;
  return rig;
}

static void
free_rig (Rig *rig)
{
  machine_stop ();
  mx_session_free (rig->session);
  mx_network_unref (rig->network);
  g_free (rig->noise);
}

static MxResult
run (Rig *rig)
{
  Answer answer;

  mx_session_set_policy (rig->session, &rig->policy);
  answer = next_window (
      rig->session, rig->noise + rig->next++ % WINDOWS * 32 * 3);
  if (!answer.result.skipped)
    assert_consistent (rig->network, &answer);
  return answer.result;
}

static MxResult
run_many (Rig *rig, unsigned n)
{
  MxResult result = {0};

  while (n-- > 0)
    result = run (rig);
  return result;
}

START_TEST (timings_are_what_the_clock_says)
{
  Rig rig = make_rig ();
  MxTimings timings;

  run_many (&rig, 3);
  rig.policy.max_exit = 2;
  machine.load = 2;
  run_many (&rig, 4);
  mx_session_get_timings (rig.session, &timings);
  ck_assert_uint_eq (timings.windows, 7);
  ck_assert_uint_eq (timings.runs[0], 7);
  ck_assert_uint_eq (timings.runs[1], 7);
  ck_assert_uint_eq (timings.runs[2], 3);
  ck_assert_uint_eq (timings.runs[3], 0);
  ck_assert_uint_eq (timings.times[0], (3 + 4 * 2) * MS);
  ck_assert_uint_eq (timings.times[1], (3 + 4 * 2) * 2 * MS);
  ck_assert_uint_eq (timings.times[2], 3 * 3 * MS);
  ck_assert_uint_eq (timings.frontend_ns, 0);
  free_rig (&rig);
}
END_TEST

/* A clock that goes on by 1 ms whenever somebody looks at it. */
static uint64_t
tick (void *user_data)
{
  uint64_t *now = user_data;

  *now += MS;
  return *now;
}

START_TEST (the_front_end_is_timed_too)
{
  Rig rig = make_rig ();
  MxTimings timings;
  uint64_t now = 0;

  mx_session_set_clock (rig.session, tick, &now);
  run (&rig);
  mx_session_get_timings (rig.session, &timings);
  /* 32 pushes of a sample, and normalisation. */
  ck_assert_uint_eq (timings.frontend_ns, 33 * MS);
  ck_assert_uint_eq (timings.times[0], MS);
  ck_assert_uint_eq (timings.times[2], MS);
  free_rig (&rig);
}
END_TEST

START_TEST (neither_clock_nor_due_changes_anything_by_itself)
{
  Rig rig = make_rig ();
  MxSession *plain = mx_session_new (rig.network);
  MxPolicy policy = mixed_policy (RAW);

  rig.policy = policy;
  mx_session_set_policy (plain, &policy);
  mx_session_set_hop (plain, 32);
  for (int k = 0; k < WINDOWS; k++) {
    Answer expected = next_window (plain, rig.noise + k * 32 * 3), answer;

    machine.load = k % 7 * 100;
    machine.now += (k % 3 - 1) * 1000 * MS;
    mx_session_set_due (rig.session, k % 5 * 1000000 * MS);
    mx_session_set_policy (rig.session, &policy);
    answer = next_window (rig.session, rig.noise + k * 32 * 3);
    assert_same (&answer, &expected);
    ck_assert (!answer.result.limited && !answer.result.skipped);
    ck_assert_uint_eq (answer.result.allowed, STAGES);
  }
  mx_session_free (plain);
  free_rig (&rig);
}
END_TEST

START_TEST (a_deadline_lets_through_what_fits)
{
  static const struct {
    uint64_t deadline;
    unsigned exit;
  } cases[] = {
      {1, 1},
      {1 * MS, 1},
      {2 * MS, 1},
      {5 * MS, 2},
      {9 * MS, 3},
      {UINT64_MAX, 3},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    Rig rig = make_rig ();
    MxResult result;

    rig.policy.deadline = cases[i].deadline;
    /* The deadline outranks it. */
    rig.policy.min_exit = 3;
    run_many (&rig, 50);
    result = run (&rig);
    ck_assert_uint_eq (result.exit, cases[i].exit);
    ck_assert_uint_eq (result.allowed, cases[i].exit);
    ck_assert_int_eq (result.limited, cases[i].exit < STAGES);
    free_rig (&rig);
  }
}
END_TEST

START_TEST (what_wanted_no_more_is_not_limited)
{
  Rig rig = make_rig ();

  rig.policy.deadline = 5 * MS;
  rig.policy.max_exit = 1;
  ck_assert (!run_many (&rig, 50).limited);
  rig.policy.max_exit = 2;
  ck_assert (!run_many (&rig, 50).limited);
  rig.policy.max_exit = 0;
  ck_assert (run_many (&rig, 50).limited);
  free_rig (&rig);
}
END_TEST

START_TEST (lateness_is_time_lost)
{
  Rig rig = make_rig ();

  rig.policy.deadline = 10 * MS;
  ck_assert_uint_eq (run_many (&rig, 50).exit, 3);
  for (unsigned k = 0; k < 40; k++) {
    uint64_t late = k / 4 * 2 * MS;
    uint64_t due = machine.now - late;
    MxResult result;

    mx_session_set_due (rig.session, due);
    result = run (&rig);
    ck_assert (result.exit == 1 || machine.now - due <= 10 * MS);
    if (late >= 8 * MS)
      ck_assert_uint_eq (result.exit, 1);
    if (late == 0)
      ck_assert_uint_eq (result.exit, 3);
  }
  /* Samples that come early leave more time. */
  mx_session_set_due (rig.session, machine.now + 1000 * MS);
  rig.policy.deadline = 1;
  ck_assert_uint_eq (run_many (&rig, 2).exit, 3);
  free_rig (&rig);
}
END_TEST

START_TEST (depth_falls_with_load_and_recovers)
{
  Rig rig = make_rig ();
  unsigned missed = 0;

  rig.policy.deadline = 10 * MS;
  run_many (&rig, 50);
  for (int turn = 0; turn < 5; turn++) {
    for (int k = 0; k < 500; k++) {
      uint64_t before = machine.now;
      MxResult result;

      machine.load = k < 250 ? 2.5 : 1;
      result = run (&rig);
      missed += machine.now - before > 10 * MS;
      if (k >= 4 && k < 250) {
        ck_assert_uint_eq (result.exit, 2);
        ck_assert (result.limited);
      } else if (k >= 260) {
        ck_assert_uint_eq (result.exit, 3);
        ck_assert (!result.limited);
      }
    }
  }
  ck_assert_uint_eq (missed, 0);
  free_rig (&rig);
}
END_TEST

START_TEST (a_clock_that_steps_is_harmless)
{
  Rig rig = make_rig ();

  rig.policy.deadline = 10 * MS;
  run_many (&rig, 50);
  for (int k = 0; k < 200; k++) {
    if (k % 20 == 0)
      machine.now -= 5000 * MS;
    else if (k % 20 == 10)
      machine.now += 5000 * MS;
    ck_assert_uint_eq (run (&rig).exit, 3);
  }
  free_rig (&rig);
}
END_TEST

START_TEST (somebody_elses_limit_holds_from_the_next_window_on)
{
  Rig rig = make_rig ();
  MxResult result;

  rig.policy.min_exit = 2;
  mx_session_set_limit (rig.session, 1);
  result = run (&rig);
  ck_assert_uint_eq (result.exit, 1);
  ck_assert_uint_eq (result.allowed, 1);
  ck_assert (result.limited);
  mx_session_set_limit (rig.session, 3);
  ck_assert (!run (&rig).limited);
  mx_session_set_limit (rig.session, 99);
  ck_assert_uint_eq (run (&rig).allowed, STAGES);
  mx_session_set_limit (rig.session, 0);
  result = run (&rig);
  ck_assert_uint_eq (result.exit, 3);
  ck_assert_uint_eq (result.allowed, STAGES);
  free_rig (&rig);
}
END_TEST

/* --- with what goes from window to window --- */

START_TEST (an_answer_cut_short_is_repeated_only_while_there_is_no_time)
{
  Rig rig = make_rig ();
  MxResult result;

  rig.policy.difference_threshold = 100;
  mx_session_set_limit (rig.session, 1);
  ck_assert (!run (&rig).skipped);
  result = run (&rig);
  ck_assert (result.skipped && result.limited);
  ck_assert_uint_eq (result.exit, 1);
  mx_session_set_limit (rig.session, 2);
  result = run (&rig);
  ck_assert (!result.skipped && result.limited);
  ck_assert_uint_eq (result.exit, 2);
  mx_session_set_limit (rig.session, 0);
  result = run (&rig);
  ck_assert (!result.skipped && !result.limited);
  ck_assert_uint_eq (result.exit, 3);
  /* One in full is good for less time too. */
  mx_session_set_limit (rig.session, 1);
  result = run (&rig);
  ck_assert (result.skipped && !result.limited);
  ck_assert_uint_eq (result.exit, 3);
  free_rig (&rig);
}
END_TEST

START_TEST (a_window_cut_short_settles_nothing)
{
  Rig rig = make_rig ();

  rig.policy.temporal_patience = 1000;
  mx_session_set_limit (rig.session, 1);
  for (int k = 0; k < 20; k++)
    ck_assert (run (&rig).limited);
  mx_session_set_limit (rig.session, 0);
  ck_assert_uint_eq (run (&rig).exit, 3);
  free_rig (&rig);
}
END_TEST

START_TEST (the_budget_holds_what_the_deadline_leaves_free)
{
  Rig rig = make_rig ();
  double cost = 0;
  unsigned binge = 0;

  rig.policy.kind = _i ? MX_POLICY_LAST : MX_POLICY_CONFIDENCE;
  rig.policy.budget = .75f;
  rig.policy.deadline = 10 * MS;
  run_many (&rig, 400);
  /* An overload: hardly anything may be spent, and nothing is saved. */
  machine.load = 20;
  for (int k = 0; k < 1000; k++) {
    MxResult result = run (&rig);

    if (k >= 4)
      ck_assert_uint_eq (result.exit, 1);
  }
  machine.load = 1;
  run_many (&rig, 10);
  for (int k = 0; k < 400; k++) {
    MxResult result = run (&rig);

    binge += result.exit == STAGES && binge == (unsigned)k;
    cost += (double)result.macs / result.macs_full / 400;
    ck_assert_uint_eq (result.allowed, STAGES);
  }
  ck_assert_uint_lt (binge, 10);
  ck_assert_double_eq_tol (cost, .75, .02);
  free_rig (&rig);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, timings_are_what_the_clock_says);
  tcase_add_test (tcase, the_front_end_is_timed_too);
  tcase_add_test (tcase, neither_clock_nor_due_changes_anything_by_itself);
  tcase_add_test (tcase, a_deadline_lets_through_what_fits);
  tcase_add_test (tcase, what_wanted_no_more_is_not_limited);
  tcase_add_test (tcase, lateness_is_time_lost);
  tcase_add_test (tcase, depth_falls_with_load_and_recovers);
  tcase_add_test (tcase, a_clock_that_steps_is_harmless);
  tcase_add_test (tcase, somebody_elses_limit_holds_from_the_next_window_on);
  tcase_add_test (
      tcase, an_answer_cut_short_is_repeated_only_while_there_is_no_time);
  tcase_add_test (tcase, a_window_cut_short_settles_nothing);
  tcase_add_loop_test (
      tcase, the_budget_holds_what_the_deadline_leaves_free, 0, 2);
}

CHECK_MAIN ("session-time", add_tests)
