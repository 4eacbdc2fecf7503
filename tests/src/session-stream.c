/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a session does with a network that looks ahead, and what depth over time
 * means for streamed stages.  That answers are right: stream.c. */

#include "stream-nets.h"

#include "check-main.h"
#include "mx-grid.h"
#include "mx-session.h"

#include <math.h>
#include <string.h>

/* The n-th random network of samples that looks ahead, all of it streamed. */
static MxNetwork *
looking_ahead (int n)
{
  for (uint64_t seed = 0;; seed++) {
    g_autofree char *json = random_net (seed);
    MxNetwork *network = network_of (json, seed);
    const MxProgram *program = network->program;

    if (program->look_ahead > 0 && program->n_stages >= 3 &&
        program->n_streamed == program->n_stages &&
        network->description->frontend.kind == MX_FRONTEND_RAW && n-- == 0)
      return network;
    mx_network_unref (network);
  }
}

static float *
make_noise (const MxNetwork *network, size_t n, uint64_t seed)
{
  size_t channels = network->description->channels;
  float *samples = g_new (float, n *channels);
  MxRng rng;

  mx_rng_init (&rng, seed, 0);
  for (size_t i = 0; i < n * channels; i++)
    samples[i] = mx_rng_normal (&rng);
  return samples;
}

static bool
push (MxSession *session, const float *samples, size_t n, MxResult *result)
{
  size_t channels = mx_session_get_network (session)->description->channels;
  bool answered = false;

  while (n > 0 && !answered) {
    size_t used = mx_session_push (session, samples, n, result, &answered);

    samples += used * channels;
    n -= used;
  }
  return answered;
}

START_TEST (a_short_recording_is_answered_in_the_middle_of_silence)
{
  g_autoptr (MxNetwork) network = looking_ahead (_i);
  const MxDescription *description = network->description;
  size_t window = description->window, channels = description->channels;
  g_autofree float *samples = make_noise (network, window, 3);
  MxSession *session = mx_session_new (network);
  MxResult result;
  float expected[CLASSES];

  for (size_t n = 1; n < window; n += 1 + n / 3) {
    g_autofree float *padded = g_new0 (float, window *channels);

    memcpy (padded + (window - n) / 2 * channels, samples,
        n * channels * sizeof (float));
    ck_assert (!push (session, padded, window, &result));
    ck_assert (mx_session_drain (session, &result));
    memcpy (expected, result.probabilities, sizeof expected);
    ck_assert (!mx_session_drain (session, &result));

    ck_assert (!push (session, samples, n, &result));
    ck_assert (mx_session_drain (session, &result));
    ck_assert_mem_eq (result.probabilities, expected, sizeof expected);
    ck_assert_uint_eq (result.start, 0);
    ck_assert_uint_eq (result.length, n);
    ck_assert (!mx_session_drain (session, &result));
  }
  mx_session_free (session);
}
END_TEST

START_TEST (nothing_is_left_of_a_recording_after_reset_or_drain)
{
  g_autoptr (MxNetwork) network = looking_ahead (_i);
  size_t n = network->description->window + network->program->look_ahead;
  g_autofree float *samples = make_noise (network, n, 4);
  g_autofree float *other = make_noise (network, n, 5);
  MxSession *session = mx_session_new (network);
  MxResult result;
  float first[CLASSES];

  ck_assert (push (session, samples, n, &result));
  memcpy (first, result.probabilities, sizeof first);
  for (size_t before = 1; before <= n; before += 5) {
    if (before % 2) {
      mx_session_reset (session);
    } else {
      while (mx_session_drain (session, &result))
        ;
    }
    ck_assert (push (session, samples, n, &result));
    ck_assert_mem_eq (result.probabilities, first, sizeof first);
    mx_session_reset (session);
    push (session, other, before, &result);
  }
  mx_session_free (session);
}
END_TEST

START_TEST (a_bad_sample_in_the_look_ahead_spoils_the_answer_and_no_other)
{
  g_autoptr (MxNetwork) network = looking_ahead (_i);
  const MxDescription *description = network->description;
  size_t window = description->window, ahead = network->program->look_ahead;
  size_t n = 20 * window;
  g_autofree float *samples = make_noise (network, n, 6);
  MxSession *session = mx_session_new (network);
  MxResult result;
  bool answered;
  const size_t bad = 7 * window + 1;

  samples[bad * description->channels] = NAN;
  mx_session_set_hop (session, 3);
  for (size_t at = 0; at < n;) {
    at += mx_session_push (session, samples + at * description->channels,
        n - at, &result, &answered);
    if (!answered)
      continue;
    ck_assert_int_eq (result.finite,
        bad < result.start || bad >= result.start + window + ahead);
    for (size_t k = 0; k < CLASSES; k++)
      ck_assert (isfinite (result.probabilities[k]));
  }
  mx_session_free (session);
}
END_TEST

/* Of all that is executed, in hops of the whole network. */
START_TEST (the_budget_is_the_mean_of_what_is_executed)
{
  enum { HOPS = 4000 };
  static const MxPolicyKind kinds[] = {
      MX_POLICY_CONFIDENCE, MX_POLICY_LAST, MX_POLICY_PATIENCE};
  g_autoptr (MxNetwork) network = looking_ahead (_i / 3);
  const MxProgram *program = network->program;
  size_t channels = network->description->channels, n = 0;
  g_autofree float *samples = make_noise (network, 5000, 7);
  MxSession *session = mx_session_new (network);
  double full = mx_grid_macs_per_hop (program, program->n_stages, 1), sum = 0;
  double least = mx_grid_macs_per_hop (program, 1, 1) / full;
  MxPolicy policy;
  MxResult result;
  bool answered;

  mx_policy_init (&policy);
  policy.kind = kinds[_i % 3];
  policy.budget = (1 + least) / 2;
  mx_session_set_policy (session, &policy);
  mx_session_set_hop (session, 1);
  for (size_t at = 0; n < HOPS; at %= 5000) {
    at += mx_session_push (
        session, samples + at * channels, 5000 - at, &result, &answered);
    n += answered;
    if (answered)
      sum += result.macs;
  }
  /* What the account may keep or owe, and a last catching up. */
  ck_assert_double_eq_tol (
      sum / full / HOPS, policy.budget, (8. + program->span) / HOPS);
  mx_session_free (session);
}
END_TEST

/* A clock that only computing advances: a nanosecond for each MAC. */
static const MxProgram *machine;
static const MxLayerKind *real_kind[256];
static MxLayerKind slow_kind[256];
static uint64_t now;

static void
forward (const MxLayer *layer, const MxLayerRun *run)
{
  size_t i = 0;

  while (machine->layers[i] != layer)
    i++;
  now += layer->macs / layer->out.time * run->y.time;
  real_kind[i]->forward (layer, run);
}

static uint64_t
read_clock (void *user_data)
{
  return now;
}

START_TEST (catching_up_is_part_of_what_a_deadline_leaves_time_for)
{
  g_autoptr (MxNetwork) network = looking_ahead (_i);
  const MxProgram *program = network->program;
  size_t channels = network->description->channels, n = 0, deep = 0, late = 0;
  g_autofree float *samples = make_noise (network, 5000, 8);
  MxSession *session = mx_session_new (network);
  MxPolicy policy;
  MxResult result;
  bool answered;

  machine = program;
  ck_assert_uint_le (program->n_layers, G_N_ELEMENTS (real_kind));
  for (size_t i = 0; i < program->n_layers; i++) {
    real_kind[i] = program->layers[i]->kind;
    slow_kind[i] = *real_kind[i];
    slow_kind[i].forward = forward;
    program->layers[i]->kind = &slow_kind[i];
  }
  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  /* Enough for a few hops of all stages, not for much catching up. */
  policy.deadline = 4 * mx_grid_macs_per_hop (program, program->n_stages, 2);
  mx_session_set_clock (session, read_clock, NULL);
  mx_session_set_hop (session, 2);
  for (size_t at = 0; n < 1600;) {
    uint64_t begun = now;

    policy.max_exit = n % 200 < 60;
    mx_session_set_policy (session, &policy);
    at = (at + mx_session_push (session, samples + at * channels, 5000 - at,
                   &result, &answered)) %
         5000;
    if (!answered)
      continue;
    late += n > 100 && now - begun > policy.deadline;
    deep += result.exit == program->n_stages;
    n++;
  }
  ck_assert_uint_eq (late, 0);
  /* Of the 1120 that may be, most: each 140 begin far behind. */
  ck_assert_uint_gt (deep, 560);
  mx_session_free (session);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, a_short_recording_is_answered_in_the_middle_of_silence, 0, 6);
  tcase_add_loop_test (
      tcase, nothing_is_left_of_a_recording_after_reset_or_drain, 0, 6);
  tcase_add_loop_test (tcase,
      a_bad_sample_in_the_look_ahead_spoils_the_answer_and_no_other, 0, 6);
  tcase_add_loop_test (
      tcase, the_budget_is_the_mean_of_what_is_executed, 0, 12);
  tcase_add_loop_test (
      tcase, catching_up_is_part_of_what_a_deadline_leaves_time_for, 0, 6);
}

CHECK_MAIN ("session-stream", add_tests)
