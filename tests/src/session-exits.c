/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A session that computes every exit: what it tells of each, and that nothing
 * else of its answers changes. */

#include "stream-nets.h"

#include "check-main.h"
#include "mx-session.h"

#include <math.h>
#include <string.h>

#define NETS 48
#define MAX_EXITS 4
#define MAX_ANSWERS 200

typedef struct {
  MxNetwork *network;
  size_t n, hop; /* samples */
  float *samples;
} Recording;

typedef struct {
  MxResult result;
  float probabilities[CLASSES];
  float exit_probabilities[MAX_EXITS][CLASSES];
  uint64_t exit_macs[MAX_EXITS];
} Answer;

typedef struct {
  size_t n;
  Answer all[MAX_ANSWERS];
} Answers;

/* Noise, silence, noise, so that something is skipped; every fifth net hears a
 * bad sample too. */
static void
setup (Recording *r, int seed)
{
  g_autofree char *json = random_net (seed);
  const MxDescription *description;
  size_t values;
  MxRng rng;

  mx_rng_init (&rng, seed, 4);
  r->network = network_of (json, seed);
  description = r->network->description;
  r->hop = mx_frontend_config_hop (&description->frontend) *
           (1 + mx_rng_below (&rng, 2 * description->frames));
  r->n = description->window + 40 * r->hop;
  values = r->n * description->channels;
  r->samples = g_new0 (float, values);
  for (size_t i = 0; i < values; i++)
    if (i * 3 / values != 1)
      r->samples[i] = mx_rng_normal (&rng);
  if (seed % 5 == 0)
    r->samples[values / 5] = NAN;
}

static void
teardown (Recording *r)
{
  mx_network_unref (r->network);
  g_free (r->samples);
}

static void
note (Answers *answers, const MxResult *result)
{
  Answer *answer = &answers->all[answers->n++];

  ck_assert_uint_lt (answers->n, MAX_ANSWERS);
  ck_assert_uint_le (result->exits, MAX_EXITS);
  answer->result = *result;
  memcpy (answer->probabilities, result->probabilities,
      sizeof answer->probabilities);
  if (result->exit_probabilities != NULL) {
    memcpy (answer->exit_probabilities, result->exit_probabilities,
        result->exits * sizeof answer->exit_probabilities[0]);
    memcpy (answer->exit_macs, result->exit_macs,
        result->exits * sizeof answer->exit_macs[0]);
  }
}

/* The recording to its end.  @policies: [n_policies], one after the other, a
 * few windows each. */
static Answers *
listen (const Recording *r, bool all_exits, const MxPolicy *policies,
    size_t n_policies)
{
  const size_t channels = r->network->description->channels;
  MxSession *session = mx_session_new (r->network);
  Answers *answers = g_new0 (Answers, 1);
  MxResult result;
  bool answered;

  mx_session_set_hop (session, r->hop);
  mx_session_set_all_exits (session, all_exits);
  for (size_t at = 0; at < r->n;) {
    mx_session_set_policy (session, &policies[answers->n / 5 % n_policies]);
    at += mx_session_push (
        session, r->samples + at * channels, r->n - at, &result, &answered);
    if (answered)
      note (answers, &result);
  }
  while (mx_session_drain (session, &result))
    note (answers, &result);
  mx_session_free (session);
  return answers;
}

static MxPolicy
go_to (unsigned exit)
{
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  policy.max_exit = exit;
  return policy;
}

/* Every rule there is, but those of time. */
static void
fill_policies (MxPolicy *policies, size_t n, uint64_t seed)
{
  MxRng rng;

  mx_rng_init (&rng, seed, 5);
  for (size_t i = 0; i < n; i++) {
    mx_policy_init (&policies[i]);
    policies[i].kind = i % (MX_POLICY_LAST + 1);
    policies[i].budget = i % 2 * .4f;
    policies[i].temporal_patience = i % 3;
    policies[i].difference_threshold = .02f;
    policies[i].max_exit = mx_rng_below (&rng, 5);
    for (size_t e = 0; e < MX_MAX_EXITS; e++)
      policies[i].threshold[e] = mx_rng_range (&rng, .3, .7);
  }
}

START_TEST (the_answers_are_those_of_a_session_that_stops)
{
  MxPolicy policies[7];
  Recording r;

  setup (&r, _i);
  fill_policies (policies, G_N_ELEMENTS (policies), _i);
  g_autofree Answers *lazy =
      listen (&r, false, policies, G_N_ELEMENTS (policies));
  g_autofree Answers *curious =
      listen (&r, true, policies, G_N_ELEMENTS (policies));

  ck_assert_uint_eq (lazy->n, curious->n);
  for (size_t k = 0; k < lazy->n; k++) {
    MxResult *a = &lazy->all[k].result, *b = &curious->all[k].result;

    ck_assert_ptr_null (a->exit_probabilities);
    ck_assert_ptr_null (a->exit_macs);
    ck_assert_uint_eq (a->aside, 0);
    ck_assert_uint_eq (a->start, b->start);
    ck_assert_uint_eq (a->length, b->length);
    ck_assert_uint_eq (a->exit, b->exit);
    ck_assert_uint_eq (a->label, b->label);
    ck_assert_uint_eq (a->macs, b->macs);
    ck_assert_uint_eq (a->macs_full, b->macs_full);
    ck_assert_uint_eq (a->finite, b->finite);
    ck_assert_uint_eq (a->skipped, b->skipped);
    ck_assert_uint_eq (a->limited, b->limited);
    ck_assert_uint_eq (a->allowed, b->allowed);
    ck_assert_mem_eq (lazy->all[k].probabilities, curious->all[k].probabilities,
        sizeof lazy->all[k].probabilities);
  }
  teardown (&r);
}
END_TEST

START_TEST (each_exit_tells_what_it_answers_and_costs_alone)
{
  MxPolicy policies[7];
  Recording r;

  setup (&r, _i);
  fill_policies (policies, G_N_ELEMENTS (policies), _i);
  g_autofree Answers *all =
      listen (&r, true, policies, G_N_ELEMENTS (policies));

  for (unsigned e = 0; e < r.network->program->n_stages; e++) {
    const MxPolicy policy = go_to (e + 1);
    g_autofree Answers *one = listen (&r, false, &policy, 1);

    ck_assert_uint_eq (all->n, one->n);
    for (size_t k = 0; k < all->n; k++) {
      const Answer *answer = &all->all[k];

      ck_assert_uint_eq (one->all[k].result.exit, e + 1);
      ck_assert_mem_eq (answer->exit_probabilities[e],
          one->all[k].probabilities, sizeof one->all[k].probabilities);
      ck_assert_uint_eq (answer->exit_macs[e], one->all[k].result.macs);
      if (answer->result.exit == e + 1 && !answer->result.skipped)
        ck_assert_mem_eq (answer->probabilities, answer->exit_probabilities[e],
            sizeof answer->probabilities);
      if (e + 1 == r.network->program->n_stages)
        ck_assert_uint_eq (answer->exit_macs[e], answer->result.macs_full);
    }
  }
  teardown (&r);
}
END_TEST

START_TEST (a_window_with_bad_samples_has_no_answer_at_any_exit)
{
  const MxPolicy policy = go_to (1);
  size_t bad = 0;
  Recording r;

  setup (&r, _i * 5);
  g_autofree Answers *answers = listen (&r, true, &policy, 1);
  for (size_t k = 0; k < answers->n; k++) {
    if (answers->all[k].result.finite)
      continue;
    bad++;
    for (unsigned e = 0; e < r.network->program->n_stages; e++)
      for (size_t c = 0; c < CLASSES; c++)
        ck_assert_float_eq (
            answers->all[k].exit_probabilities[e][c], 1.f / CLASSES);
  }
  ck_assert_uint_gt (bad + (r.hop > r.network->description->window), 0);
  teardown (&r);
}
END_TEST

/* Each look takes a second. */
static uint64_t
slow_clock (void *user_data)
{
  uint64_t *now = user_data;

  return *now += 1000000000;
}

START_TEST (time_limits_nothing_and_is_told_apart)
{
  g_autofree char *json = random_net (_i);
  g_autoptr (MxNetwork) network = network_of (json, _i);
  const size_t n = network->description->window +
                   network->program->look_ahead *
                       mx_frontend_config_hop (&network->description->frontend);
  g_autofree float *samples =
      g_new0 (float, n * network->description->channels);
  MxSession *session = mx_session_new (network);
  MxPolicy policy = go_to (0);
  uint64_t now = 0;
  MxResult result;
  bool answered = false;

  policy.deadline = 1;
  mx_session_set_clock (session, slow_clock, &now);
  mx_session_set_policy (session, &policy);
  mx_session_set_limit (session, 1);
  mx_session_set_all_exits (session, true);
  mx_session_push (session, samples, n, &result, &answered);
  if (!answered)
    ck_assert (mx_session_drain (session, &result));
  ck_assert_uint_eq (result.exit, network->program->n_stages);
  ck_assert (!result.limited);
  ck_assert_uint_eq (result.aside, 1000000000);

  mx_session_set_all_exits (session, false);
  mx_session_push (session, samples, n, &result, &answered);
  if (!answered)
    ck_assert (mx_session_drain (session, &result));
  ck_assert_uint_eq (result.exit, 1);
  ck_assert_uint_eq (result.aside, 0);
  mx_session_free (session);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, the_answers_are_those_of_a_session_that_stops, 0, NETS);
  tcase_add_loop_test (
      tcase, each_exit_tells_what_it_answers_and_costs_alone, 0, NETS);
  tcase_add_loop_test (
      tcase, a_window_with_bad_samples_has_no_answer_at_any_exit, 0, 8);
  tcase_add_loop_test (tcase, time_limits_nothing_and_is_told_apart, 0, 8);
}

CHECK_MAIN ("session-exits", add_tests)
