/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "check-main.h"

#include <glib.h>
#include <math.h>

#include "mx-metrics.h"

#define near(a, b) ck_assert_double_eq_tol (a, b, 1e-12)

/* Classes 0, 1, 2: supports 3, 2, 1; answers 3, 1, 2; one without truth.
 *
 *           answer
 *   truth   2 0 1
 *           1 1 0
 *           0 0 1 */
static const MxOutcome outcomes[] = {
    {0, 0, .90, 1, .25},
    {0, 0, .92, 1, .25},
    {0, 2, .60, 3, 1.},
    {1, 1, .55, 2, .5},
    {1, 0, .50, 2, .5},
    {2, 2, 1.0, 1, .25},
    {-1, 2, .30, 3, 1.},
};

static MxMetrics *
make_metrics (void)
{
  MxMetrics *metrics = mx_metrics_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (outcomes); i++)
    mx_metrics_add (metrics, &outcomes[i]);
  return metrics;
}

START_TEST (scores_are_those_computed_by_hand)
{
  MxMetrics *metrics = make_metrics ();
  MxScores scores;
  mx_metrics_scores (metrics, &scores);
  ck_assert_uint_eq (scores.n, 7);
  ck_assert_uint_eq (scores.labelled, 6);
  ck_assert_uint_eq (scores.correct, 4);
  near (scores.accuracy, 4. / 6);
  near (scores.balanced_accuracy, (2. / 3 + 1. / 2 + 1) / 3);
  near (scores.macro_f1, (4. / 6 + 2. / 3 + 2. / 3) / 3);
  /* By chance (3 3 + 2 1 + 1 2) / 6 6. */
  near (scores.kappa, (4. / 6 - 13. / 36) / (1 - 13. / 36));
  near (scores.confidence, (.9 + .92 + .6 + .55 + .5 + 1 + .3) / 7);
  near (scores.exit, 13. / 7);
  near (scores.cost, 3.75 / 7);
  mx_metrics_free (metrics);
}
END_TEST

START_TEST (calibration_error_is_the_weighted_gap_of_15_bins)
{
  MxMetrics *metrics = make_metrics ();
  MxScores scores;
  MxGroupScores bin;
  mx_metrics_scores (metrics, &scores);
  /* (8/15, 9/15] holds .60 (wrong) and .55 (right); (7/15, 8/15] .50 (wrong);
   * (13/15, 14/15] .90 and .92 (right); (14/15, 1] 1.0 (right). */
  near (scores.calibration_error,
      (fabs (1 - 1.15) + .5 + fabs (2 - 1.82) + 0) / 6);
  mx_metrics_bin_scores (metrics, 8, &bin);
  ck_assert_uint_eq (bin.n, 2);
  near (bin.accuracy, .5);
  near (bin.confidence, .575);
  mx_metrics_bin_scores (metrics, 7, &bin);
  near (bin.accuracy, 0);
  mx_metrics_bin_scores (metrics, 14, &bin);
  ck_assert_uint_eq (bin.correct, 1);
  mx_metrics_bin_scores (metrics, 4, &bin);
  ck_assert_uint_eq (bin.n, 1);
  ck_assert_uint_eq (bin.labelled, 0);
  ck_assert (isnan (bin.accuracy));
  mx_metrics_free (metrics);
}
END_TEST

START_TEST (each_class_has_its_precision_recall_and_f1)
{
  static const struct {
    uint64_t support, answers, correct;
    double precision, recall, f1;
  } expected[] = {
      {3, 3, 2, 2. / 3, 2. / 3, 2. / 3},
      {2, 1, 1, 1, .5, 2. / 3},
      {1, 2, 1, .5, 1, 2. / 3},
  };
  MxMetrics *metrics = make_metrics ();
  ck_assert_uint_eq (mx_metrics_get_classes (metrics), 3);
  for (size_t i = 0; i < 3; i++) {
    MxClassScores scores;
    mx_metrics_class_scores (metrics, i, &scores);
    ck_assert_uint_eq (scores.support, expected[i].support);
    ck_assert_uint_eq (scores.answers, expected[i].answers);
    ck_assert_uint_eq (scores.correct, expected[i].correct);
    near (scores.precision, expected[i].precision);
    near (scores.recall, expected[i].recall);
    near (scores.f1, expected[i].f1);
  }
  mx_metrics_free (metrics);
}
END_TEST

START_TEST (each_exit_has_its_count_and_accuracy)
{
  static const struct {
    uint64_t n, labelled, correct;
  } expected[] = {{3, 3, 3}, {2, 2, 1}, {2, 1, 0}, {0, 0, 0}};
  MxMetrics *metrics = make_metrics ();
  ck_assert_uint_eq (mx_metrics_get_exits (metrics), 3);
  for (unsigned i = 0; i < G_N_ELEMENTS (expected); i++) {
    MxGroupScores scores;
    mx_metrics_exit_scores (metrics, i + 1, &scores);
    ck_assert_uint_eq (scores.n, expected[i].n);
    ck_assert_uint_eq (scores.labelled, expected[i].labelled);
    ck_assert_uint_eq (scores.correct, expected[i].correct);
  }
  mx_metrics_free (metrics);
}
END_TEST

START_TEST (classes_that_come_late_keep_the_earlier_counts)
{
  MxMetrics *metrics = mx_metrics_new ();
  for (int pass = 0; pass < 2; pass++) {
    for (int c = 0; c < 100; c++)
      mx_metrics_add (metrics, &(MxOutcome){c, (c * 7) % 100, .5, 1, 1});
  }
  mx_metrics_add (metrics,
      &(MxOutcome){MX_METRICS_MAX_CLASSES - 1, 0, .5, MX_MAX_EXITS, 1});
  ck_assert_uint_eq (mx_metrics_get_classes (metrics), MX_METRICS_MAX_CLASSES);
  for (size_t c = 0; c < 100; c++)
    ck_assert_uint_eq (mx_metrics_get_confusion (metrics, c, c * 7 % 100), 2);
  MxScores scores;
  mx_metrics_scores (metrics, &scores);
  ck_assert_uint_eq (scores.labelled, 201);
  mx_metrics_free (metrics);
}
END_TEST

START_TEST (classes_that_never_occur_change_no_mean)
{
  MxMetrics *metrics = make_metrics ();
  MxScores before, after;
  mx_metrics_scores (metrics, &before);
  mx_metrics_set_classes (metrics, 10);
  mx_metrics_scores (metrics, &after);
  near (after.macro_f1, before.macro_f1);
  near (after.balanced_accuracy, before.balanced_accuracy);
  MxClassScores scores;
  mx_metrics_class_scores (metrics, 9, &scores);
  ck_assert (isnan (scores.precision) && isnan (scores.recall));
  mx_metrics_free (metrics);
}
END_TEST

START_TEST (an_answer_that_is_never_true_counts_for_f1_alone)
{
  MxMetrics *metrics = mx_metrics_new ();
  MxScores scores;
  mx_metrics_add (metrics, &(MxOutcome){0, 0, 0, 1, 1});
  mx_metrics_add (metrics, &(MxOutcome){0, 1, 0, 1, 1});
  mx_metrics_scores (metrics, &scores);
  near (scores.balanced_accuracy, .5);
  near (scores.macro_f1, (2. / 3 + 0) / 2);
  /* The first bin has its lower bound. */
  near (scores.calibration_error, .5);
  MxGroupScores bin;
  mx_metrics_bin_scores (metrics, 0, &bin);
  ck_assert_uint_eq (bin.n, 2);
  mx_metrics_free (metrics);
}
END_TEST

START_TEST (of_one_class_alone_there_is_no_kappa)
{
  MxMetrics *metrics = mx_metrics_new ();
  MxScores scores;
  mx_metrics_add (metrics, &(MxOutcome){0, 0, .9, 1, .5});
  mx_metrics_scores (metrics, &scores);
  near (scores.accuracy, 1);
  near (scores.macro_f1, 1);
  ck_assert (isnan (scores.kappa));
  mx_metrics_add (metrics, &(MxOutcome){0, 1, .9, 1, .5});
  mx_metrics_scores (metrics, &scores);
  near (scores.kappa, 0);
  mx_metrics_free (metrics);
}
END_TEST

START_TEST (a_copy_has_the_counts_of_its_moment)
{
  MxMetrics *metrics = make_metrics ();
  MxMetrics *copy = mx_metrics_copy (metrics);
  MxScores before, then;
  mx_metrics_scores (metrics, &before);
  const uint64_t cell = mx_metrics_get_confusion (metrics, 0, 0);
  mx_metrics_add (metrics, &(MxOutcome){0, 0, .9, 1, .5});
  mx_metrics_free (metrics);
  mx_metrics_scores (copy, &then);
  ck_assert_mem_eq (&then, &before, sizeof then);
  ck_assert_uint_eq (mx_metrics_get_confusion (copy, 0, 0), cell);
  mx_metrics_free (copy);

  MxMetrics *empty = mx_metrics_new ();
  copy = mx_metrics_copy (empty);
  mx_metrics_add (copy, &(MxOutcome){0, 0, .9, 1, .5});
  ck_assert_uint_eq (mx_metrics_get_classes (empty), 0);
  ck_assert_uint_eq (mx_metrics_get_classes (copy), 1);
  mx_metrics_free (empty);
  mx_metrics_free (copy);
}
END_TEST

START_TEST (nothing_has_no_scores)
{
  MxMetrics *metrics = mx_metrics_new ();
  MxScores scores;
  mx_metrics_scores (metrics, &scores);
  ck_assert_uint_eq (scores.n, 0);
  ck_assert_uint_eq (mx_metrics_get_classes (metrics), 0);
  ck_assert_uint_eq (mx_metrics_get_exits (metrics), 0);
  ck_assert (isnan (scores.accuracy) && isnan (scores.balanced_accuracy));
  ck_assert (isnan (scores.macro_f1) && isnan (scores.calibration_error));
  ck_assert (isnan (scores.confidence) && isnan (scores.exit));
  ck_assert (isnan (scores.cost));
  mx_metrics_free (metrics);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, scores_are_those_computed_by_hand);
  tcase_add_test (tcase, calibration_error_is_the_weighted_gap_of_15_bins);
  tcase_add_test (tcase, each_class_has_its_precision_recall_and_f1);
  tcase_add_test (tcase, each_exit_has_its_count_and_accuracy);
  tcase_add_test (tcase, classes_that_come_late_keep_the_earlier_counts);
  tcase_add_test (tcase, classes_that_never_occur_change_no_mean);
  tcase_add_test (tcase, an_answer_that_is_never_true_counts_for_f1_alone);
  tcase_add_test (tcase, of_one_class_alone_there_is_no_kappa);
  tcase_add_test (tcase, a_copy_has_the_counts_of_its_moment);
  tcase_add_test (tcase, nothing_has_no_scores);
}

CHECK_MAIN ("metrics", add_tests)
