/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A simulated machine: what stages take is known, times a load. */

#include "mx-deadline.h"

#include "mx-rng.h"

#include <glib.h>
#include <math.h>

#include "check-main.h"

#define STAGES 4

/* The third is slower than its MACs say. */
static const uint64_t macs[STAGES] = {1000, 1000, 1000, 1000};
static const double true_ns[STAGES] = {1e6, 1e6, 2e6, 1e6};

typedef struct {
  MxDeadline deadline;
  MxRng rng;
  double load, noise;
  int64_t time; /* ns, for each window */
  double used;  /* ns, by the last window */
  bool cut;     /* it stopped at a stage for want of time */
} Machine;

static Machine
make_machine (int64_t time, double noise)
{
  Machine machine = {.load = 1, .noise = noise, .time = time};

  mx_deadline_init (&machine.deadline, macs, STAGES);
  mx_rng_init (&machine.rng, 1, 0);
  return machine;
}

static double
stage_ns (Machine *machine, unsigned stage)
{
  return true_ns[stage] * machine->load *
         exp (machine->noise * mx_rng_normal (&machine->rng));
}

/* One window of a policy that always wants `wanted`; returns the exit. */
static unsigned
run (Machine *machine, unsigned wanted)
{
  MxDeadline *deadline = &machine->deadline;
  unsigned allowed = mx_deadline_begin (deadline, machine->time);
  unsigned exit = 0;
  bool go_on;

  machine->used = 0;
  machine->cut = false;
  do {
    double ns = stage_ns (machine, exit++);

    mx_deadline_note (deadline, (uint64_t)ns);
    machine->used += ns;
    go_on = exit < wanted && exit < allowed;
    if (go_on && !mx_deadline_has_time (
                     deadline, machine->time - (int64_t)machine->used)) {
      machine->cut = true;
      go_on = false;
    }
  } while (go_on);
  mx_deadline_end (deadline);
  return exit;
}

static unsigned
run_many (Machine *machine, unsigned wanted, unsigned n)
{
  unsigned exit = 0;

  for (unsigned i = 0; i < n; i++)
    exit = run (machine, wanted);
  return exit;
}

START_TEST (what_stages_take_is_learnt_whatever_their_macs_say)
{
  Machine machine = make_machine (INT64_MAX / 4, .1);

  run_many (&machine, STAGES, 100);
  for (unsigned k = 0; k < STAGES; k++)
    ck_assert_double_eq_tol (
        machine.deadline.weight[k] / 1000, true_ns[k] / 1e6, .1 * true_ns[k]);
  ck_assert_double_eq_tol (machine.deadline.pace, 1000, 200);
}
END_TEST

START_TEST (depth_is_what_fits_into_the_time)
{
  /* Ends of the stages: 1, 2, 4, 5 ms, and a quarter. */
  static const struct {
    int64_t time;
    unsigned exit;
  } cases[] = {
      {-1000000000, 1},
      {0, 1},
      {1500000, 1},
      {3500000, 2},
      {4900000, 3},
      {7000000, 4},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    Machine machine = make_machine (cases[i].time, 0);

    ck_assert_uint_eq (run_many (&machine, STAGES, 60), cases[i].exit);
    ck_assert (!machine.cut || cases[i].exit > 1);
  }
}
END_TEST

START_TEST (load_comes_and_depth_falls_load_goes_and_depth_recovers)
{
  Machine machine = make_machine (8000000, .05);
  unsigned missed = 0, cycle;

  ck_assert_uint_eq (run_many (&machine, STAGES, 100), 4);
  for (cycle = 0; cycle < 5; cycle++) {
    machine.load = 3;
    for (unsigned i = 0; i < 1000; i++) {
      unsigned exit = run (&machine, STAGES);

      missed += machine.used > machine.time;
      /* 3 + 3 of 8 ms. */
      if (i >= 4)
        ck_assert_uint_eq (exit, 2);
    }
    machine.load = 1;
    for (unsigned i = 0; i < 1000; i++) {
      unsigned exit = run (&machine, STAGES);

      missed += machine.used > machine.time;
      if (i >= 8)
        ck_assert_uint_eq (exit, 4);
    }
  }
  /* Not even the first window under load: its first stage showed it. */
  ck_assert_uint_eq (missed, 0);
}
END_TEST

START_TEST (bursts_do_not_lower_the_depth_of_what_follows)
{
  Machine machine = make_machine (8000000, .05);
  unsigned cut = 0;

  run_many (&machine, STAGES, 100);
  for (unsigned i = 0; i < 1000; i++) {
    machine.load = i % 10 == 0 ? 20 : 1;
    unsigned exit = run (&machine, STAGES);

    if (i % 10 != 0)
      cut += exit < STAGES;
    else
      ck_assert_uint_eq (exit, 1);
  }
  ck_assert_uint_eq (cut, 0);
}
END_TEST

START_TEST (a_cold_start_is_forgotten_soon)
{
  Machine machine = make_machine (8000000, .05);

  machine.load = 50;
  ck_assert_uint_eq (run (&machine, STAGES), 1);
  machine.load = 1;
  for (unsigned i = 0; i < 100; i++)
    ck_assert (run (&machine, STAGES) == STAGES || i < 2);
}
END_TEST

START_TEST (a_time_at_the_edge_does_not_flap)
{
  Machine machine = make_machine (5200000, .05);
  unsigned changes = 0, before = 0;

  run_many (&machine, STAGES, 100);
  for (unsigned i = 0; i < 1000; i++) {
    unsigned exit = machine.deadline.allowed;

    run (&machine, STAGES);
    changes += i > 0 && exit != before;
    before = exit;
  }
  ck_assert_uint_le (changes, 4);
}
END_TEST

START_TEST (without_any_measurement_all_is_allowed_and_the_first_stage_tells)
{
  Machine machine = make_machine (1500000, 0);

  ck_assert_uint_eq (mx_deadline_begin (&machine.deadline, 1500000), STAGES);
  ck_assert_uint_eq (run (&machine, STAGES), 1);
  ck_assert (machine.cut);
}
END_TEST

START_TEST (a_clock_that_stands_still_teaches_nothing)
{
  Machine machine = make_machine (8000000, 0);
  double weight;

  run_many (&machine, STAGES, 100);
  weight = machine.deadline.weight[2];
  machine.load = 0;
  ck_assert_uint_eq (run_many (&machine, STAGES, 100), STAGES);
  ck_assert_double_eq (machine.deadline.weight[2], weight);
  ck_assert_double_eq_tol (machine.deadline.pace, 1000, 50);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, what_stages_take_is_learnt_whatever_their_macs_say);
  tcase_add_test (tcase, depth_is_what_fits_into_the_time);
  tcase_add_test (
      tcase, load_comes_and_depth_falls_load_goes_and_depth_recovers);
  tcase_add_test (tcase, bursts_do_not_lower_the_depth_of_what_follows);
  tcase_add_test (tcase, a_cold_start_is_forgotten_soon);
  tcase_add_test (tcase, a_time_at_the_edge_does_not_flap);
  tcase_add_test (
      tcase, without_any_measurement_all_is_allowed_and_the_first_stage_tells);
  tcase_add_test (tcase, a_clock_that_stands_still_teaches_nothing);
}

CHECK_MAIN ("deadline", add_tests)
