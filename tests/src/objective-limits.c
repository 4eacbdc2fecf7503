/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Objectives where there is nothing to learn from, or no number is finite. */
#include "objective-case.h"

#include "check-main.h"

START_TEST (test_a_batch_without_labels_or_pairs_costs_nothing)
{
  static const int32_t none[ROWS] = {-1, -1, -1, -1, -1, -1, -1, -1};
  const MxObjectiveBatch empty = {ROWS, EXITS, CLASSES, none, none};
  MxLoss loss;
  Case c;

  draw (&c, 5);
  loss = evaluate (&objectives[_i].objective, 1, &empty, &c);
  ck_assert_double_eq (loss.total, 0);
  for (int i = 0; i < EXITS * ROWS * CLASSES; i++)
    ck_assert_float_eq ((&c.g[0][0][0])[i], 0);
}
END_TEST

START_TEST (test_a_single_exit_has_nothing_to_distil)
{
  const MxObjectiveBatch one = {ROWS, 1, CLASSES, labels, partners};
  MxObjective o;
  MxLoss loss;
  Case c;

  mx_objective_init (&o, MX_OBJECTIVE_SELF_DISTILLATION);
  draw (&c, 5);
  loss = evaluate (&o, 1, &one, &c);
  ck_assert_double_eq (loss.distillation, 0);
  ck_assert_double_eq (loss.total, loss.clean);
}
END_TEST

START_TEST (test_huge_logits_give_finite_losses)
{
  MxLoss loss;
  Case c;

  draw (&c, 5);
  for (int i = 0; i < EXITS * ROWS * CLASSES; i++)
    (&c.z[0][0][0])[i] *= 1e37f;
  loss = evaluate (&objectives[_i].objective, 1, &batch, &c);
  ck_assert (isfinite (loss.total));
  for (int i = 0; i < EXITS * ROWS * CLASSES; i++)
    ck_assert (isfinite ((&c.g[0][0][0])[i]));
}
END_TEST

/* Logits of clean rows, that is of teachers, and of copies. */
static const struct {
  int row;
  float value;
} broken[] = {{0, NAN}, {2, NAN}, {2, INFINITY}, {5, -INFINITY}};

START_TEST (test_a_logit_that_is_not_finite_shows_in_the_loss)
{
  MxObjective o;
  Case c;

  mx_objective_init (&o, MX_OBJECTIVE_CONSISTENT_EXIT);
  o.target = _i / 4 ? MX_TARGET_HARD : MX_TARGET_SOFT;
  o.threshold = _i / 4 ? .8f : 0;
  draw (&c, 5);
  for (int k = 0; k < CLASSES; k++)
    c.z[EXITS - 1][broken[_i % 4].row][k] = broken[_i % 4].value;
  /* The copy's own broken logits count only where its teacher is trusted. */
  if (broken[_i % 4].row == 5)
    c.z[EXITS - 1][2][0] = 20;
  ck_assert (isnan (evaluate (&o, 1, &batch, &c).total));
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase,
      test_a_batch_without_labels_or_pairs_costs_nothing, 0, N_OBJECTIVES);
  tcase_add_test (tcase, test_a_single_exit_has_nothing_to_distil);
  tcase_add_loop_test (
      tcase, test_huge_logits_give_finite_losses, 0, N_OBJECTIVES);
  tcase_add_loop_test (
      tcase, test_a_logit_that_is_not_finite_shows_in_the_loss, 0, 8);
}

CHECK_MAIN ("objective-limits", add_tests)
