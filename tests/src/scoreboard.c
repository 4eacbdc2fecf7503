/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "check-main.h"

#include "mx-scoreboard.h"

/* Exit 1 answers 0, exit 2 answers 1, which was the answer. */
static MxVerdict
verdict_of (int truth)
{
  MxVerdict verdict = {
      .answer = {.answer = 1, .confidence = .9, .exit = 2, .cost = 1},
      .n_exits = 2,
      .exits = {{.answer = 0, .confidence = .6, .exit = 1, .cost = .25},
          {.answer = 1, .confidence = .9, .exit = 2, .cost = 1}},
  };

  mx_verdict_set_truth (&verdict, truth);
  return verdict;
}

static void
assert_correct (const MxMetrics *metrics, uint64_t n, uint64_t correct)
{
  MxScores scores;

  mx_metrics_scores (metrics, &scores);
  ck_assert_uint_eq (scores.n, n);
  ck_assert_uint_eq (scores.correct, correct);
}

START_TEST (each_exit_is_scored_for_itself)
{
  const MxVerdict right = verdict_of (1), wrong = verdict_of (0);
  MxScoreboard board, copy;

  mx_scoreboard_init (&board);
  mx_scoreboard_set_classes (&board, 5);
  mx_scoreboard_add (&board, &right);
  mx_scoreboard_add (&board, &right);
  mx_scoreboard_add (&board, &wrong);
  mx_scoreboard_copy (&board, &copy);
  mx_scoreboard_add (&board, &wrong);
  mx_scoreboard_set_classes (&board, 7);

  assert_correct (copy.answers, 3, 2);
  assert_correct (copy.exits[0], 3, 1);
  assert_correct (copy.exits[1], 3, 2);
  ck_assert_ptr_null (copy.exits[2]);
  ck_assert_uint_eq (mx_metrics_get_classes (copy.exits[1]), 5);
  assert_correct (board.exits[0], 4, 2);
  ck_assert_uint_eq (mx_metrics_get_classes (board.exits[1]), 7);
  mx_scoreboard_clear (&board);
  mx_scoreboard_clear (&copy);
}
END_TEST

START_TEST (without_exits_only_the_answer_counts)
{
  MxVerdict verdict = verdict_of (1);
  MxScoreboard board;

  verdict.n_exits = 0;
  mx_scoreboard_init (&board);
  mx_scoreboard_add (&board, &verdict);
  assert_correct (board.answers, 1, 1);
  ck_assert_ptr_null (board.exits[0]);
  mx_scoreboard_clear (&board);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, each_exit_is_scored_for_itself);
  tcase_add_test (tcase, without_exits_only_the_answer_counts);
}

CHECK_MAIN ("scoreboard", add_tests)
