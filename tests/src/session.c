/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "session-windows.h"

/* Hops in samples, 0: the model's; smaller than the window, equal, larger,
 * much larger; no multiple of the front end's. */
static const size_t hops[] = {0, 1, 16, 31, 32, 33, 50, 207, 208, 300, 1000};

START_TEST (answers_are_those_of_each_window_alone_however_samples_come)
{
  enum { N = 2300 };
  const int kind = _i % (int)G_N_ELEMENTS (networks);
  g_autoptr (MxNetwork) network = make_network (kind);
  const MxDescription *description = network->description;
  const MxFrontendConfig *config = &description->frontend;
  size_t step = mx_frontend_config_hop (config);
  g_autofree float *samples = make_noise (network, N, 21);
  g_autofree float *frames = all_frames (network, samples, N);
  g_autofree Answer *answers = g_new (Answer, MAX_ANSWERS);
  const MxPolicy policy = mixed_policy (kind);
  MxSession *session = mx_session_new (network);
  size_t n = (kind == RAW ? 600 : N), hop, expected;

  mx_session_set_policy (session, &policy);
  mx_session_set_hop (session, hops[_i / G_N_ELEMENTS (networks)]);
  hop = mx_session_get_hop (session);
  ck_assert_uint_eq (hop % step, 0);
  expected = 1 + (n - description->window) / hop;

  for (size_t longest = 1; longest < 2 * n; longest = longest * 7 + 1) {
    mx_session_reset (session);
    ck_assert_uint_eq (
        push_all (session, samples, n, longest, answers), expected);
    for (size_t k = 0; k < expected; k++) {
      Answer alone = evaluate_frames (
          network, frames + k * (hop / step) * config->features, &policy);

      ck_assert_uint_eq (answers[k].result.start, k * hop);
      ck_assert_uint_eq (answers[k].result.length, description->window);
      ck_assert (answers[k].result.finite);
      assert_same (&answers[k], &alone);
      assert_consistent (network, &answers[k]);
    }
  }
  mx_session_free (session);
}
END_TEST

START_TEST (the_mixed_policy_uses_every_exit)
{
  g_autoptr (MxNetwork) network = make_network (_i);
  g_autofree float *samples = make_noise (network, 2300, 21);
  g_autofree Answer *answers = g_new (Answer, MAX_ANSWERS);
  const MxPolicy policy = mixed_policy (_i);
  MxSession *session = mx_session_new (network);
  size_t n, seen[STAGES + 1] = {0};

  mx_session_set_policy (session, &policy);
  n = push_all (session, samples, 2300, 100, answers);
  for (size_t k = 0; k < n; k++)
    seen[answers[k].result.exit]++;
  for (unsigned exit = 1; exit <= STAGES; exit++)
    ck_assert_msg (seen[exit] > 0, "exit %u: %zu %zu %zu", exit, seen[1],
        seen[2], seen[3]);
  mx_session_free (session);
}
END_TEST

/* Layers that count how often they run. */
static const MxProgram *watched;
static const MxLayerKind *real_kind[64];
static MxLayerKind counting_kind[64];
static unsigned runs[64];

static void
count_and_forward (const MxLayer *layer, const MxLayerRun *run)
{
  size_t i = 0;

  while (watched->layers[i] != layer)
    i++;
  runs[i]++;
  real_kind[i]->forward (layer, run);
}

static void
watch (const MxProgram *program)
{
  watched = program;
  ck_assert_uint_le (program->n_layers, G_N_ELEMENTS (runs));
  for (size_t i = 0; i < program->n_layers; i++) {
    real_kind[i] = program->layers[i]->kind;
    counting_kind[i] = *real_kind[i];
    counting_kind[i].forward = count_and_forward;
    program->layers[i]->kind = &counting_kind[i];
    runs[i] = 0;
  }
}

static void
stop_watching (void)
{
  for (size_t i = 0; i < watched->n_layers; i++)
    watched->layers[i]->kind = real_kind[i];
}

START_TEST (stages_behind_the_exit_that_answers_are_not_run)
{
  const unsigned last = _i + 1;
  g_autoptr (MxNetwork) network = make_network (RAW);
  const MxProgram *program = network->program;
  g_autofree float *samples = make_noise (network, 160, 5);
  g_autofree Answer *answers = g_new (Answer, MAX_ANSWERS);
  MxSession *session = mx_session_new (network);
  MxPolicy policy;
  size_t n;

  mx_policy_init (&policy);
  policy.min_exit = last;
  for (size_t i = 0; i < MX_MAX_EXITS; i++)
    policy.threshold[i] = 0;
  mx_session_set_policy (session, &policy);
  watch (program);
  n = push_all (session, samples, 160, 160, answers);
  stop_watching ();

  ck_assert_uint_eq (n, 9);
  for (size_t k = 0; k < n; k++) {
    ck_assert_uint_eq (answers[k].result.exit, last);
    ck_assert_uint_eq (
        answers[k].result.macs, mx_program_macs_to (program, last));
  }
  for (size_t s = 0; s < program->n_stages; s++) {
    for (size_t i = program->stages[s].first; i < program->stages[s].end; i++)
      ck_assert_uint_eq (runs[i], s < last ? n : 0);
  }
  mx_session_free (session);
}
END_TEST

START_TEST (a_short_recording_is_answered_in_the_middle_of_zeros)
{
  g_autoptr (MxNetwork) network = make_network (_i);
  const MxDescription *description = network->description;
  size_t window = description->window, channels = description->channels;
  g_autofree float *samples = make_noise (network, 2 * window, 31);
  g_autofree Answer *answers = g_new (Answer, MAX_ANSWERS);
  const MxPolicy policy = mixed_policy (_i);
  MxSession *session = mx_session_new (network);
  MxResult result;

  mx_session_set_policy (session, &policy);
  for (size_t n = 1; n < window; n += 1 + n / 9) {
    g_autofree float *padded = g_new0 (float, window *channels);
    memcpy (padded + (window - n) / 2 * channels, samples,
        n * channels * sizeof (float));
    g_autofree float *frames = all_frames (network, padded, window);
    Answer alone = evaluate_frames (network, frames, &policy), answer;

    ck_assert_uint_eq (push_all (session, samples, n, 7, answers), 0);
    ck_assert (mx_session_drain (session, &result));
    answer = copy_answer (&result);
    ck_assert_uint_eq (result.start, 0);
    ck_assert_uint_eq (result.length, n);
    ck_assert (result.finite);
    assert_same (&answer, &alone);
    assert_consistent (network, &answer);
    /* The next recording starts from nothing. */
    ck_assert (!mx_session_drain (session, &result));
  }
  mx_session_free (session);
}
END_TEST

START_TEST (a_recording_of_a_window_or_more_has_nothing_to_drain)
{
  g_autoptr (MxNetwork) network = make_network (_i);
  size_t window = network->description->window;
  g_autofree float *samples = make_noise (network, 3 * window, 31);
  g_autofree Answer *answers = g_new (Answer, MAX_ANSWERS);
  MxSession *session = mx_session_new (network);
  MxResult result;

  ck_assert (!mx_session_drain (session, &result));
  for (size_t n = window; n < 2 * window; n += 5) {
    ck_assert_uint_ge (push_all (session, samples, n, 50, answers), 1);
    ck_assert (!mx_session_drain (session, &result));
  }
  mx_session_free (session);
}
END_TEST

START_TEST (reset_forgets_everything_heard)
{
  enum { N = 700 };
  g_autoptr (MxNetwork) network = make_network (_i);
  g_autofree float *samples = make_noise (network, N, 41);
  g_autofree float *other = make_noise (network, N, 42);
  g_autofree Answer *first = g_new (Answer, MAX_ANSWERS);
  g_autofree Answer *again = g_new (Answer, MAX_ANSWERS);
  MxSession *session = mx_session_new (network);
  size_t n = push_all (session, samples, N, N, first);

  for (size_t before = 0; before < N; before += 37) {
    mx_session_reset (session);
    push_all (session, other, before, N, again);
    mx_session_reset (session);
    ck_assert_uint_eq (push_all (session, samples, N, 100, again), n);
    for (size_t k = 0; k < n; k++) {
      ck_assert_uint_eq (again[k].result.start, first[k].result.start);
      assert_same (&again[k], &first[k]);
    }
  }
  mx_session_free (session);
}
END_TEST

START_TEST (windows_with_a_bad_sample_say_so_and_prefer_no_label)
{
  enum { N = 700, PLACE = 352 };
  static const float bad[] = {NAN, INFINITY, -INFINITY};
  g_autoptr (MxNetwork) network = make_network (_i);
  const MxDescription *description = network->description;
  g_autofree float *samples = make_noise (network, N, 51);
  g_autofree Answer *answers = g_new (Answer, MAX_ANSWERS);
  MxSession *session = mx_session_new (network);

  /* The densest windows: some start at the sample, some right behind it. */
  mx_session_set_hop (session, 1);
  for (size_t b = 0; b < G_N_ELEMENTS (bad); b++) {
    size_t n, n_bad = 0;

    mx_session_reset (session);
    samples[PLACE * description->channels + description->channels - 1] = bad[b];
    n = push_all (session, samples, N, 90, answers);
    for (size_t k = 0; k < n; k++) {
      const MxResult *result = &answers[k].result;
      bool hit =
          PLACE >= result->start && PLACE < result->start + result->length;

      ck_assert_int_eq (result->finite, !hit);
      ck_assert_int_eq (result->confidence > 1.f / CLASSES, !hit);
      assert_consistent (network, &answers[k]);
      n_bad += hit;
    }
    ck_assert (n_bad > 0 && n_bad < n);
  }
  mx_session_free (session);
}
END_TEST

START_TEST (a_short_recording_with_a_bad_sample_says_so)
{
  g_autoptr (MxNetwork) network = make_network (_i);
  g_autofree float *samples = make_noise (network, 20, 52);
  g_autofree Answer *answers = g_new (Answer, MAX_ANSWERS);
  MxSession *session = mx_session_new (network);
  MxResult result;
  Answer answer;

  samples[7] = NAN;
  push_all (session, samples, 20, 20, answers);
  ck_assert (mx_session_drain (session, &result));
  answer = copy_answer (&result);
  ck_assert (!result.finite);
  assert_consistent (network, &answer);
  /* The next one is good again. */
  samples[7] = 0;
  push_all (session, samples, 20, 20, answers);
  ck_assert (mx_session_drain (session, &result));
  ck_assert (result.finite);
  mx_session_free (session);
}
END_TEST

START_TEST (values_that_overflow_the_network_prefer_no_label)
{
  g_autoptr (MxNetwork) network = make_network (RAW);
  g_autofree float *samples = make_noise (network, 32, 53);
  g_autofree Answer *answers = g_new (Answer, MAX_ANSWERS);
  MxSession *session = mx_session_new (network);

  for (size_t i = 0; i < 32 * 3; i++)
    samples[i] = i % 2 ? 3e38f : -3e38f;
  ck_assert_uint_eq (push_all (session, samples, 32, 32, answers), 1);
  ck_assert (!answers[0].result.finite);
  assert_consistent (network, &answers[0]);
  for (size_t k = 0; k < CLASSES; k++)
    ck_assert_float_eq (answers[0].probabilities[k], 1.f / CLASSES);
  mx_session_free (session);
}
END_TEST

START_TEST (hops_are_rounded_up_to_the_front_ends)
{
  g_autoptr (MxNetwork) network = make_network (LOG_MEL);
  g_autofree float *samples = make_noise (network, 700, 61);
  g_autofree Answer *answers = g_new (Answer, MAX_ANSWERS);
  MxSession *session = mx_session_new (network);
  static const size_t cases[][2] = {
      {0, 64},
      {1, 16},
      {16, 16},
      {17, 32},
      {64, 64},
      {999, 1008},
  };

  ck_assert_uint_eq (mx_session_get_hop (session), 64);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    mx_session_set_hop (session, cases[i][0]);
    ck_assert_uint_eq (mx_session_get_hop (session), cases[i][1]);
  }
  mx_session_set_hop (session, SIZE_MAX);
  ck_assert_uint_eq (push_all (session, samples, 700, 700, answers), 1);
  mx_session_free (session);
}
END_TEST

START_TEST (a_new_policy_holds_from_the_next_window_on)
{
  g_autoptr (MxNetwork) network = make_network (RAW);
  g_autofree float *samples = make_noise (network, 48, 71);
  MxSession *session = mx_session_new (network);
  MxPolicy policy;
  MxResult result;
  bool answered;

  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  mx_session_set_policy (session, &policy);
  ck_assert_uint_eq (
      mx_session_push (session, samples, 48, &result, &answered), 32);
  ck_assert (answered);
  ck_assert_uint_eq (result.exit, STAGES);
  mx_session_push (session, samples + 32 * 3, 8, &result, &answered);
  ck_assert (!answered);
  policy.max_exit = 2;
  mx_session_set_policy (session, &policy);
  mx_session_push (session, samples + 40 * 3, 8, &result, &answered);
  ck_assert (answered);
  ck_assert_uint_eq (result.start, 16);
  ck_assert_uint_eq (result.exit, 2);
  mx_session_free (session);
}
END_TEST

static Suite *
session_suite (void)
{
  Suite *suite = suite_create ("session");
  TCase *tests = tcase_create ("session");
  const int n = G_N_ELEMENTS (networks);

  tcase_add_loop_test (tests,
      answers_are_those_of_each_window_alone_however_samples_come, 0,
      n * (int)G_N_ELEMENTS (hops));
  tcase_add_loop_test (tests, the_mixed_policy_uses_every_exit, 0, n);
  tcase_add_loop_test (
      tests, stages_behind_the_exit_that_answers_are_not_run, 0, STAGES);
  tcase_add_loop_test (
      tests, a_short_recording_is_answered_in_the_middle_of_zeros, 0, n);
  tcase_add_loop_test (
      tests, a_recording_of_a_window_or_more_has_nothing_to_drain, 0, n);
  tcase_add_loop_test (tests, reset_forgets_everything_heard, 0, n);
  tcase_add_loop_test (
      tests, windows_with_a_bad_sample_say_so_and_prefer_no_label, 0, n);
  tcase_add_loop_test (
      tests, a_short_recording_with_a_bad_sample_says_so, 0, n);
  tcase_add_test (tests, values_that_overflow_the_network_prefer_no_label);
  tcase_add_test (tests, hops_are_rounded_up_to_the_front_ends);
  tcase_add_test (tests, a_new_policy_holds_from_the_next_window_on);
  suite_add_tcase (suite, tests);
  return suite;
}

int
main (void)
{
  SRunner *runner = srunner_create (session_suite ());
  int failed;

  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
