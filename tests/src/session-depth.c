/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Depth from window to window: temporal patience, difference detection and
 * budget in a session. */

#include "session-windows.h"

#include "check-main.h"

/* Answers of every exit to one window [length][channels], alone. */
typedef struct {
  size_t labels[STAGES];
  float probabilities[STAGES][CLASSES];
} Exits;

static Exits
all_exits (const MxNetwork *network, const float *samples)
{
  size_t window = network->description->window;
  g_autofree float *frames = all_frames (network, samples, window);
  Exits exits;

  for (unsigned exit = 1; exit <= STAGES; exit++) {
    MxPolicy policy;
    Answer answer;

    mx_policy_init (&policy);
    policy.kind = MX_POLICY_LAST;
    policy.max_exit = exit;
    answer = evaluate_frames (network, frames, &policy);
    memcpy (exits.probabilities[exit - 1], answer.probabilities,
        sizeof answer.probabilities);
    exits.labels[exit - 1] = mx_argmax (answer.probabilities, CLASSES);
  }
  return exits;
}

/* The rule in other words: where must this window leave? */
static unsigned
expected_exit (const MxPolicy *policy, const Exits *exits, unsigned *scene_exit,
    size_t *scene_label, unsigned *left)
{
  MxPolicyState state = {0};
  unsigned exit, plain = 1;

  while (!mx_policy_stops (policy, &state, plain, STAGES,
      exits->probabilities[plain - 1], CLASSES))
    plain++;
  if (*left > 0 && *scene_exit < plain &&
      exits->labels[*scene_exit - 1] == *scene_label) {
    --*left;
    return *scene_exit;
  }
  *left = policy->temporal_patience;
  *scene_label = exits->labels[plain - 1];
  for (exit = plain; exit >= MAX (policy->min_exit, 1); exit--) {
    if (exits->labels[exit - 1] == *scene_label)
      *scene_exit = exit;
  }
  return plain;
}

/* Slow enough that neighbours are alike. */
static float *
make_slow_noise (const MxNetwork *network, size_t n, uint64_t seed)
{
  size_t channels = network->description->channels;
  float *samples = make_noise (network, n, seed);

  for (size_t i = channels; i < n * channels; i++)
    samples[i] = .9f * samples[i - channels] + .3f * samples[i];
  return samples;
}

START_TEST (temporal_patience_leaves_at_the_depth_that_sufficed)
{
  enum { N = 600 };
  /* Of log-pcen a window alone has other frames. */
  const int kind = _i % 2 ? LOG_MEL : RAW;
  g_autoptr (MxNetwork) network = make_network (kind);
  const MxDescription *description = network->description;
  size_t length = description->window + (N - 1) * description->hop;
  g_autofree float *samples = make_slow_noise (network, length, 3);
  g_autofree Answer *answers = g_new (Answer, MAX_ANSWERS);
  MxSession *session = mx_session_new (network);
  MxPolicy policy = mixed_policy (kind);
  unsigned scene_exit = 0, left = 0, shortened = 0;
  size_t scene_label = 0;

  policy.threshold[0] = policy.threshold[1] = .6f;
  policy.temporal_patience = 1 + _i / 2 * 4;
  policy.min_exit = _i / 4;
  mx_session_set_policy (session, &policy);
  ck_assert_uint_eq (push_all (session, samples, length, 400, answers), N);
  for (size_t k = 0; k < N; k++) {
    Exits exits = all_exits (
        network, samples + k * description->hop * description->channels);
    unsigned before = left;
    unsigned exit = expected_exit (
        &policy, &exits, &scene_exit, &scene_label, &left);

    shortened += left < before;
    ck_assert_uint_eq (answers[k].result.exit, exit);
    ck_assert_mem_eq (answers[k].probabilities, exits.probabilities[exit - 1],
        sizeof answers[k].probabilities);
    assert_consistent (network, &answers[k]);
  }
  ck_assert_uint_gt (shortened, N / 30);
  mx_session_free (session);
}
END_TEST

START_TEST (reset_ends_a_scene)
{
  g_autoptr (MxNetwork) network = make_network (RAW);
  g_autofree float *samples = make_noise (network, 32, 5);
  MxSession *session = mx_session_new (network);
  Exits exits = all_exits (network, samples);
  MxPolicy policy;
  unsigned first = 1;

  while (exits.labels[first - 1] != exits.labels[STAGES - 1])
    first++;
  ck_assert_uint_lt (first, STAGES);
  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  policy.temporal_patience = 2;
  mx_session_set_policy (session, &policy);
  mx_session_set_hop (session, 32);
  for (int turn = 0; turn < 3; turn++) {
    ck_assert_uint_eq (next_window (session, samples).result.exit, STAGES);
    ck_assert_uint_eq (next_window (session, samples).result.exit, first);
    mx_session_reset (session);
  }
  ck_assert_uint_eq (next_window (session, samples).result.exit, STAGES);
  for (int k = 0; k < 2; k++)
    ck_assert_uint_eq (next_window (session, samples).result.exit, first);
  ck_assert_uint_eq (next_window (session, samples).result.exit, STAGES);
  mx_session_free (session);
}
END_TEST

/* Windows that follow each other without overlap, each `level` times noise. */
static Answer
push_level (MxSession *session, const float *noise, float level)
{
  float samples[32 * 3];

  for (size_t i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = level * noise[i];
  return next_window (session, samples);
}

static void
assert_repeats (const Answer *answer, const Answer *before)
{
  ck_assert (answer->result.skipped);
  ck_assert (answer->result.finite);
  ck_assert_uint_eq (answer->result.macs, 0);
  ck_assert_uint_eq (answer->result.macs_full, before->result.macs_full);
  ck_assert_uint_eq (answer->result.label, before->result.label);
  ck_assert_float_eq (answer->result.confidence, before->result.confidence);
  ck_assert_float_eq (answer->result.entropy, before->result.entropy);
  assert_same (answer, before);
}

START_TEST (an_unchanged_input_gets_the_same_answer_for_nothing)
{
  g_autoptr (MxNetwork) network = make_network (RAW);
  g_autofree float *noise = make_noise (network, 32, 5);
  MxSession *session = mx_session_new (network);
  MxPolicy policy = mixed_policy (RAW);
  Answer first, answer;
  MxTimings before, after;

  policy.difference_threshold = .1f;
  mx_session_set_policy (session, &policy);
  mx_session_set_hop (session, 32);
  first = push_level (session, noise, 1);
  ck_assert (!first.result.skipped);
  mx_session_get_timings (session, &before);
  for (int k = 0; k < 5; k++) {
    answer = push_level (session, noise, 1 + .004f * k);
    ck_assert_uint_eq (answer.result.start, 32 * (k + 1));
    assert_repeats (&answer, &first);
  }
  mx_session_get_timings (session, &after);
  ck_assert_mem_eq (before.runs, after.runs, sizeof before.runs);
  ck_assert_uint_eq (after.windows, before.windows + 5);
  /* A drift, each step of it small, is noticed. */
  for (int k = 1; answer.result.skipped; k++) {
    ck_assert_int_lt (k, 20);
    answer = push_level (session, noise, 1 + .01f * k);
  }
  ck_assert_uint_gt (answer.result.macs, 0);
  mx_session_free (session);
}
END_TEST

START_TEST (what_was_forgotten_is_computed_again)
{
  g_autoptr (MxNetwork) network = make_network (RAW);
  g_autofree float *noise = make_noise (network, 32, 5);
  MxSession *session = mx_session_new (network);
  MxPolicy policy = mixed_policy (RAW);
  Answer answer;

  policy.difference_threshold = .1f;
  mx_session_set_policy (session, &policy);
  mx_session_set_hop (session, 32);
  push_level (session, noise, 1);
  ck_assert (push_level (session, noise, 1).result.skipped);

  /* The same policy once more is not another one. */
  mx_session_set_policy (session, &policy);
  ck_assert (push_level (session, noise, 1).result.skipped);
  policy.min_exit = 2;
  mx_session_set_policy (session, &policy);
  ck_assert (!push_level (session, noise, 1).result.skipped);
  ck_assert (push_level (session, noise, 1).result.skipped);

  mx_session_reset (session);
  ck_assert (!push_level (session, noise, 1).result.skipped);
  ck_assert (push_level (session, noise, 1).result.skipped);

  /* Neither with a bad sample, nor behind it. */
  for (int k = 0; k < 2; k++) {
    answer = push_level (session, noise, NAN);
    ck_assert (!answer.result.skipped && !answer.result.finite);
    assert_consistent (network, &answer);
  }
  answer = push_level (session, noise, 0);
  ck_assert (!answer.result.skipped && answer.result.finite);
  ck_assert (push_level (session, noise, 0).result.skipped);
  mx_session_free (session);
}
END_TEST

START_TEST (a_network_that_overflowed_is_no_reference)
{
  g_autoptr (MxNetwork) network = make_network (RAW);
  MxSession *session = mx_session_new (network);
  g_autofree float *noise = g_new (float, 32 * 3);
  MxPolicy policy = mixed_policy (RAW);

  for (size_t i = 0; i < 32 * 3; i++)
    noise[i] = i % 2 ? 1e38f : -1e38f;
  policy.difference_threshold = 1e30f;
  mx_session_set_policy (session, &policy);
  mx_session_set_hop (session, 32);
  for (int k = 0; k < 3; k++) {
    Answer answer = push_level (session, noise, 3);

    ck_assert (!answer.result.finite && !answer.result.skipped);
  }
  mx_session_free (session);
}
END_TEST

/* --- budget --- */

/* Mean cost of `n` windows of noise at the model's hop. */
static double
mean_cost (MxSession *session, uint64_t seed, size_t n)
{
  const MxNetwork *network = mx_session_get_network (session);
  size_t length =
      network->description->window + (n - 1) * mx_session_get_hop (session);
  g_autofree float *samples = make_noise (network, length, seed);
  g_autofree Answer *answers = g_new (Answer, MAX_ANSWERS);
  double cost = 0;

  ck_assert_uint_eq (push_all (session, samples, length, 999, answers), n);
  for (size_t k = 0; k < n; k++)
    cost += (double)answers[k].result.macs / answers[k].result.macs_full;
  return cost / n;
}

START_TEST (the_budget_is_the_mean_cost_of_every_policy)
{
  static const MxPolicyKind kinds[] = {MX_POLICY_CONFIDENCE, MX_POLICY_ENTROPY,
      MX_POLICY_MARGIN, MX_POLICY_LAST};
  const int kind = _i / (int)G_N_ELEMENTS (kinds);
  g_autoptr (MxNetwork) network = make_network (kind);
  MxSession *session = mx_session_new (network);
  double first =
      (double)mx_program_macs_to (network->program, 1) / network->program->macs;
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = kinds[_i % G_N_ELEMENTS (kinds)];
  for (double share = .2; share < 1; share += .3) {
    policy.budget = (float)(first + share * (1 - first));
    mx_session_set_policy (session, &policy);
    ck_assert_double_eq_tol (
        mean_cost (session, 7, 600), policy.budget, .0125);
    mx_session_reset (session);
  }
  mx_session_free (session);
}
END_TEST

START_TEST (patience_is_capped_by_the_budget_and_spends_what_it_needs)
{
  g_autoptr (MxNetwork) network = make_network (RAW);
  MxSession *session = mx_session_new (network);
  double plain, capped;
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = MX_POLICY_PATIENCE;
  mx_session_set_policy (session, &policy);
  plain = mean_cost (session, 7, 600);
  policy.budget = (float)plain - .1f;
  mx_session_set_policy (session, &policy);
  mx_session_reset (session);
  capped = mean_cost (session, 7, 600);
  ck_assert_double_eq_tol (capped, plain - .1, .01);
  policy.budget = 1;
  mx_session_set_policy (session, &policy);
  mx_session_reset (session);
  ck_assert_double_eq (mean_cost (session, 7, 600), plain);
  mx_session_free (session);
}
END_TEST

START_TEST (the_account_outlives_recordings)
{
  enum { N = 20 };
  g_autoptr (MxNetwork) network = make_network (RAW);
  MxSession *session = mx_session_new (network);
  MxPolicy policy;
  double sum = 0;

  mx_policy_init (&policy);
  policy.budget = .7f;
  mx_session_set_policy (session, &policy);
  ck_assert_float_eq_tol (mx_session_get_threshold (session), .8f, 1e-6);
  for (int k = 0; k < 40; k++) {
    sum += mean_cost (session, k, N);
    mx_session_reset (session);
    /* It comes with every buffer. */
    mx_session_set_policy (session, &policy);
  }
  ck_assert_double_eq_tol (sum / 40, .7, 7. / (40 * N));
  ck_assert_float_ne (mx_session_get_threshold (session), .8f);
  policy.budget = .6f;
  mx_session_set_policy (session, &policy);
  ck_assert_float_eq_tol (mx_session_get_threshold (session), .8f, 1e-6);
  policy.budget = 0;
  mx_session_set_policy (session, &policy);
  ck_assert_float_eq (mx_session_get_threshold (session), .8f);
  mx_session_free (session);
}
END_TEST

START_TEST (shortened_and_skipped_windows_count_with_what_they_cost)
{
  g_autoptr (MxNetwork) network = make_network (RAW);
  MxSession *session = mx_session_new (network);
  MxPolicy policy;
  double cost;

  mx_policy_init (&policy);
  policy.budget = .7f;
  policy.temporal_patience = _i % 2 ? 3 : 0;
  policy.difference_threshold = _i / 2 ? 1.5f : 0;
  mx_session_set_policy (session, &policy);
  mx_session_set_hop (session, 1);
  cost = mean_cost (session, 7, 600);
  /* What is saved there is spent elsewhere, as far as there is need. */
  ck_assert_double_lt (cost, .7 + .0125);
  if (_i == 0)
    ck_assert_double_gt (cost, .7 - .0125);
  mx_session_free (session);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  const int n = G_N_ELEMENTS (networks);

  tcase_add_loop_test (
      tcase, temporal_patience_leaves_at_the_depth_that_sufficed, 0, 6);
  tcase_add_test (tcase, reset_ends_a_scene);
  tcase_add_test (tcase, an_unchanged_input_gets_the_same_answer_for_nothing);
  tcase_add_test (tcase, what_was_forgotten_is_computed_again);
  tcase_add_test (tcase, a_network_that_overflowed_is_no_reference);
  tcase_add_loop_test (
      tcase, the_budget_is_the_mean_cost_of_every_policy, 0, 4 * n);
  tcase_add_test (
      tcase, patience_is_capped_by_the_budget_and_spends_what_it_needs);
  tcase_add_test (tcase, the_account_outlives_recordings);
  tcase_add_loop_test (
      tcase, shortened_and_skipped_windows_count_with_what_they_cost, 0, 4);
}

CHECK_MAIN ("session-depth", add_tests)
