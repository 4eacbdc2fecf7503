/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-policy.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#define EXITS 4
#define CLASSES 3

/* Answers of four exits: unsure of 0, unsure of 1, nearly sure of 1, sure of 1.
 */
static const float answers[EXITS][CLASSES] = {
    {.4f, .35f, .25f},
    {.3f, .5f, .2f},
    {.1f, .85f, .05f},
    {0, 1, 0},
};

static unsigned
exit_of (const MxPolicy *policy, const float (*p)[CLASSES])
{
  MxPolicyState state = {0};
  unsigned exit = 1;

  while (!mx_policy_stops (policy, &state, exit, EXITS, p[exit - 1], CLASSES))
    exit++;
  return exit;
}

static const struct {
  const char *says;
  MxPolicyKind kind;
  float threshold;
  unsigned min_exit, max_exit, patience, expected;
} policies[] = {
    {"confidence 0 stops at once", MX_POLICY_CONFIDENCE, 0, 1, 0, 2, 1},
    {"confidence .5 takes the equal", MX_POLICY_CONFIDENCE, .5f, 1, 0, 2, 2},
    {"confidence .8", MX_POLICY_CONFIDENCE, .8f, 1, 0, 2, 3},
    {"confidence .9", MX_POLICY_CONFIDENCE, .9f, 1, 0, 2, 4},
    {"never before min-exit", MX_POLICY_CONFIDENCE, 0, 3, 0, 2, 3},
    {"always at max-exit", MX_POLICY_CONFIDENCE, 1, 1, 2, 2, 2},
    {"max-exit outranks min-exit", MX_POLICY_CONFIDENCE, 1, 4, 2, 2, 2},
    {"max-exit beyond the last is the last", MX_POLICY_LAST, 0, 1, 9, 2, 4},
    {"min-exit 0 is 1", MX_POLICY_CONFIDENCE, 0, 0, 0, 2, 1},
    {"entropy, threshold 0", MX_POLICY_ENTROPY, 0, 1, 0, 2, 1},
    /* entropy / log 3 of the answers: .983 .937 .472 0 */
    {"entropy .06", MX_POLICY_ENTROPY, .06f, 1, 0, 2, 2},
    {"entropy .07", MX_POLICY_ENTROPY, .07f, 1, 0, 2, 3},
    {"entropy .6", MX_POLICY_ENTROPY, .6f, 1, 0, 2, 4},
    {"entropy 1 stops at certainty", MX_POLICY_ENTROPY, 1, 1, 0, 2, 4},
    {"margin .1", MX_POLICY_MARGIN, .1f, 1, 0, 2, 2},
    {"margin .7", MX_POLICY_MARGIN, .7f, 1, 0, 2, 3},
    {"margin .8", MX_POLICY_MARGIN, .8f, 1, 0, 2, 4},
    {"patience 1 stops at once", MX_POLICY_PATIENCE, 0, 1, 0, 1, 1},
    {"patience 2 waits for agreement", MX_POLICY_PATIENCE, 0, 1, 0, 2, 3},
    {"patience 3", MX_POLICY_PATIENCE, 0, 1, 0, 3, 4},
    {"agreement counts before min-exit", MX_POLICY_PATIENCE, 0, 3, 0, 2, 3},
    {"last", MX_POLICY_LAST, 0, 1, 0, 2, 4},
    {"last goes to max-exit", MX_POLICY_LAST, 0, 1, 3, 2, 3},
};

START_TEST (test_each_policy_stops_where_its_rule_says)
{
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = policies[_i].kind;
  for (unsigned e = 0; e < MX_MAX_EXITS; e++)
    policy.threshold[e] = policies[_i].threshold;
  policy.min_exit = policies[_i].min_exit;
  policy.max_exit = policies[_i].max_exit;
  policy.patience = policies[_i].patience;
  ck_assert_msg (exit_of (&policy, answers) == policies[_i].expected,
      "%s: exit %u, expected %u", policies[_i].says, exit_of (&policy, answers),
      policies[_i].expected);
}
END_TEST

START_TEST (test_each_exit_has_its_own_threshold)
{
  MxPolicy policy;

  mx_policy_init (&policy);
  ck_assert_uint_eq (exit_of (&policy, answers), 3);
  policy.threshold[0] = .4f;
  ck_assert_uint_eq (exit_of (&policy, answers), 1);
  policy.threshold[0] = .41f;
  policy.threshold[1] = .5f;
  ck_assert_uint_eq (exit_of (&policy, answers), 2);
}
END_TEST

START_TEST (test_a_change_of_mind_restarts_patience)
{
  static const float wavering[EXITS][CLASSES] = {
      {.8f, .1f, .1f}, {.1f, .8f, .1f}, {.8f, .1f, .1f}, {.8f, .1f, .1f}};
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = MX_POLICY_PATIENCE;
  ck_assert_uint_eq (exit_of (&policy, wavering), 4);
}
END_TEST

START_TEST (test_threshold_0_stops_at_even_odds_of_any_number_of_classes)
{
  MxPolicy policy;
  float even[100];

  mx_policy_init (&policy);
  policy.kind = MX_POLICY_ENTROPY;
  policy.threshold[0] = 0;
  for (size_t classes = 1; classes <= 100; classes++) {
    MxPolicyState state = {0};

    for (size_t k = 0; k < classes; k++)
      even[k] = 1.f / (float)classes;
    ck_assert (mx_policy_stops (&policy, &state, 1, 2, even, classes));
  }
}
END_TEST

START_TEST (test_answers_that_are_not_numbers_go_on_to_the_last_exit)
{
  static const float broken[EXITS][CLASSES] = {
      {NAN, NAN, NAN}, {NAN, NAN, NAN}, {NAN, NAN, NAN}, {NAN, NAN, NAN}};
  static const MxPolicyKind kinds[] = {MX_POLICY_CONFIDENCE, MX_POLICY_ENTROPY,
      MX_POLICY_MARGIN, MX_POLICY_LAST};
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = kinds[_i];
  ck_assert_uint_eq (exit_of (&policy, broken), EXITS);
}
END_TEST

START_TEST (test_entropy_runs_from_0_to_log_of_the_classes)
{
  ck_assert_float_eq (mx_entropy (answers[3], CLASSES), 0);
  ck_assert_float_eq_tol (
      mx_entropy ((const float[]){.25f, .25f, .25f, .25f}, 4), logf (4), 1e-6);
  ck_assert_float_eq_tol (
      mx_entropy ((const float[]){.5f, .5f, 0}, 3), logf (2), 1e-6);
}
END_TEST

START_TEST (test_argmax_gives_the_first_of_the_largest)
{
  ck_assert_uint_eq (mx_argmax ((const float[]){1}, 1), 0);
  ck_assert_uint_eq (mx_argmax ((const float[]){-3, -1, -1, -2}, 4), 1);
}
END_TEST

START_TEST (test_what_overflowed_prefers_no_label)
{
  static const float overflowed[] = {NAN, INFINITY, -INFINITY};
  const float logits[] = {1, overflowed[_i], 3, 0};
  float p[] = {7, 7, 7, 7};

  ck_assert (!mx_softmax_or_none (logits, 4, 1, p));
  for (size_t k = 0; k < 4; k++)
    ck_assert (p[k] == .25f);
}
END_TEST

START_TEST (test_softmax_survives_any_finite_logits_in_place)
{
  float z[] = {1e38f, 1e38f, -1e38f};

  mx_softmax (z, 3, 1, z);
  ck_assert_float_eq (z[0], .5f);
  ck_assert_float_eq (z[1], .5f);
  ck_assert_float_eq (z[2], 0);
}
END_TEST

START_TEST (test_temperature_flattens_softmax)
{
  static const float z[] = {0, 2};
  float p[2];

  mx_softmax (z, 2, 1, p);
  ck_assert_float_eq_tol (p[1], 1 / (1 + exp (-2)), 1e-6);
  mx_softmax (z, 2, 4, p);
  ck_assert_float_eq_tol (p[1], 1 / (1 + exp (-.5)), 1e-6);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("policy");
  TCase *tcase = tcase_create ("policy");
  SRunner *runner;
  int failed;

  tcase_add_loop_test (tcase, test_each_policy_stops_where_its_rule_says, 0,
      sizeof (policies) / sizeof (policies[0]));
  tcase_add_loop_test (tcase, test_what_overflowed_prefers_no_label, 0, 3);
  tcase_add_test (tcase, test_each_exit_has_its_own_threshold);
  tcase_add_test (tcase, test_a_change_of_mind_restarts_patience);
  tcase_add_test (
      tcase, test_threshold_0_stops_at_even_odds_of_any_number_of_classes);
  tcase_add_loop_test (
      tcase, test_answers_that_are_not_numbers_go_on_to_the_last_exit, 0, 4);
  tcase_add_test (tcase, test_entropy_runs_from_0_to_log_of_the_classes);
  tcase_add_test (tcase, test_argmax_gives_the_first_of_the_largest);
  tcase_add_test (tcase, test_softmax_survives_any_finite_logits_in_place);
  tcase_add_test (tcase, test_temperature_flattens_softmax);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
