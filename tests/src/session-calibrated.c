/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a session makes of its network's calibration. */

#include "check-main.h"
#include "session-windows.h"

#define N 400

static const float temperatures[] = {.5f, 2, 1.25f, 4};

/* The first exit answers all; some leave at each exit; all go to the last. */
static MxOperatingPoint points[] = {
    {.thresholds = {0, 0, 0}, .agreement = .5, .cost = .3},
    {.thresholds = {.45f, .4f, .42f}, .agreement = .9, .cost = .6},
    {.thresholds = {1, 1, 1}, .agreement = 1, .cost = 1},
};

static MxNetwork *
make_calibrated (void)
{
  g_autoptr (MxNetwork) network = make_network (RAW);
  MxCalibration calibration = {.fitted_on = (char *)"",
      .windows = 1,
      .exits = STAGES,
      .n_points = G_N_ELEMENTS (points),
      .points = points};

  ck_assert_uint_le (STAGES, G_N_ELEMENTS (temperatures));
  memcpy (calibration.temperatures, temperatures, STAGES * sizeof (float));
  return mx_network_new_calibrated (network, &calibration);
}

static size_t
answers_of (MxNetwork *network, const MxPolicy *policy, Answer *answers)
{
  g_autofree float *samples = make_noise (network, N, 3);
  MxSession *session = mx_session_new (network);
  size_t n;

  mx_session_set_policy (session, policy);
  n = push_all (session, samples, N, 50, answers);
  mx_session_free (session);
  ck_assert_uint_gt (n, 10);
  ck_assert_uint_le (n, MAX_ANSWERS);
  return n;
}

static MxPolicy
policy_of (MxPolicyKind kind, unsigned max_exit, bool calibrated)
{
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = kind;
  policy.max_exit = max_exit;
  policy.calibrated = calibrated;
  return policy;
}

START_TEST (each_exit_has_its_temperature)
{
  g_autoptr (MxNetwork) network = make_calibrated ();

  for (unsigned exit = 1; exit <= STAGES; exit++) {
    MxPolicy raw = policy_of (MX_POLICY_LAST, exit, false);
    MxPolicy cooked = policy_of (MX_POLICY_LAST, exit, true);
    Answer before[MAX_ANSWERS], after[MAX_ANSWERS];
    size_t n = answers_of (network, &raw, before);

    ck_assert_uint_eq (answers_of (network, &cooked, after), n);
    for (size_t i = 0; i < n; i++) {
      float expected[CLASSES];

      for (size_t k = 0; k < CLASSES; k++)
        expected[k] = logf (before[i].probabilities[k]);
      mx_softmax (expected, CLASSES, temperatures[exit - 1], expected);
      for (size_t k = 0; k < CLASSES; k++)
        ck_assert_float_eq_tol (after[i].probabilities[k], expected[k], 1e-5);
      ck_assert_uint_eq (after[i].result.label, before[i].result.label);
    }
  }
}
END_TEST

START_TEST (without_it_all_is_as_without_a_calibration)
{
  g_autoptr (MxNetwork) plain = make_network (RAW);
  g_autoptr (MxNetwork) network = make_calibrated ();
  MxPolicy policy = policy_of (MX_POLICY_CONFIDENCE, 0, false);
  Answer before[MAX_ANSWERS], after[MAX_ANSWERS];
  size_t n = answers_of (plain, &policy, before);

  policy.agreement = .9f; /* is for calibrated confidences */
  ck_assert_uint_eq (answers_of (network, &policy, after), n);
  for (size_t i = 0; i < n; i++) {
    ck_assert_uint_eq (after[i].result.exit, before[i].result.exit);
    ck_assert_mem_eq (after[i].probabilities, before[i].probabilities,
        sizeof after[i].probabilities);
  }
}
END_TEST

static const struct {
  float agreement;
  size_t point;
} targets[] = {{.2f, 0}, {.6f, 1}, {.9f, 1}, {.95f, 2}, {1, 2}};

START_TEST (an_agreement_sets_the_thresholds_of_its_point)
{
  g_autoptr (MxNetwork) network = make_calibrated ();
  MxPolicy asked = policy_of (MX_POLICY_CONFIDENCE, 0, true), set = asked;
  Answer by_target[MAX_ANSWERS], by_threshold[MAX_ANSWERS];
  size_t n;

  asked.agreement = targets[_i].agreement;
  memcpy (set.threshold, points[targets[_i].point].thresholds,
      (STAGES - 1) * sizeof (float));
  n = answers_of (network, &asked, by_target);
  ck_assert_uint_eq (answers_of (network, &set, by_threshold), n);
  for (size_t i = 0; i < n; i++)
    ck_assert_uint_eq (by_target[i].result.exit, by_threshold[i].result.exit);
  if (targets[_i].point == 0)
    ck_assert_uint_eq (by_target[0].result.exit, 1);
  if (targets[_i].point == 2)
    ck_assert_uint_eq (by_target[0].result.exit, STAGES);
}
END_TEST

/* Where all exits have the same threshold the offset is that of each. */
START_TEST (a_budget_begins_where_the_calibration_says)
{
  static const struct {
    bool calibrated;
    float budget, expected;
  } cases[] = {{true, .65f, .42f}, {false, .65f, .8f}, {true, .6f, .42f}};
  MxOperatingPoint before = points[1];
  MxSession *session;
  g_autoptr (MxNetwork) network = NULL;

  for (size_t e = 0; e < STAGES - 1; e++)
    points[1].thresholds[e] = .42f;
  network = make_calibrated ();
  points[1] = before;
  session = mx_session_new (network);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    MxPolicy policy = policy_of (MX_POLICY_CONFIDENCE, 0, cases[i].calibrated);

    policy.budget = cases[i].budget;
    mx_session_set_policy (session, &policy);
    ck_assert_float_eq_tol (
        mx_session_get_threshold (session), cases[i].expected, 1e-5);
  }
  mx_session_free (session);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, each_exit_has_its_temperature);
  tcase_add_test (tcase, without_it_all_is_as_without_a_calibration);
  tcase_add_loop_test (tcase, an_agreement_sets_the_thresholds_of_its_point, 0,
      G_N_ELEMENTS (targets));
  tcase_add_test (tcase, a_budget_begins_where_the_calibration_says);
}

CHECK_MAIN ("session-calibrated", add_tests)
