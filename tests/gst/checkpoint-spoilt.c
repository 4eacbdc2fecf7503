/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a checkpoint says was measured is checked before it is believed. */
#include "gstmxvalidation.h"

#include <gst/check/gstcheck.h>
#include <math.h>

static const gchar text[] =
    "{\"labels\": [\"a\", \"b\"],"
    " \"input\": {\"rate\": 50, \"channels\": 1, \"window\": 4},"
    " \"stages\": [{\"layers\": [{\"kind\": \"conv1d\", \"filters\": 2,"
    " \"kernel\": 3}], \"exit\": [{\"kind\": \"pool\"},"
    " {\"kind\": \"dense\"}]}]}";

enum { WINDOWS, LABELLED };

/* What was measured in three epochs, and which was the best. */
typedef struct {
  guint64 epochs[3], best_epoch;
  gdouble values[3];
  gboolean lacks_best; /* the weights */
} History;

static const History usual = {{1, 2, 3}, 3, {NAN, -INFINITY, .5}};
static const History nothing = {{1, 2, 3}, 0, {NAN, -INFINITY, NAN}, TRUE};

static MxDescription *description;
static GstMxValidation validation;
static gdouble *counts; /* of a checkpoint */
static gsize n_counts;

static void
set_up (void)
{
  MxTrainerConfig config;

  description = mx_description_new (text, -1, "small", NULL, NULL);
  mx_trainer_config_init (&config);
  config.threads = 1;
  validation = (GstMxValidation){0};
  gst_mx_validation_begin (&validation, description, NULL, &config);
  mx_validation_state (validation.counts[0], &n_counts);
  counts = g_new0 (gdouble, n_counts);
}

static void
tear_down (void)
{
  gst_mx_validation_clear (&validation);
  mx_description_unref (description);
  g_free (counts);
}

static gboolean
restore (const History *history, GError **error)
{
  gsize n = description->program->n_weights;
  g_autofree gfloat *weights = g_new0 (gfloat, n);
  g_autoptr (MxCheckpoint) made = mx_checkpoint_new ();
  g_autoptr (MxCheckpoint) read = NULL;
  g_autoptr (GBytes) bytes = NULL;

  mx_checkpoint_put_numbers (made, "valid.epochs", history->epochs, 3);
  mx_checkpoint_put_reals (made, "valid.values", history->values, 3);
  mx_checkpoint_put_numbers (made, "valid.best-epoch", &history->best_epoch, 1);
  mx_checkpoint_put_reals (made, "valid.counts", counts, n_counts);
  if (!history->lacks_best)
    mx_checkpoint_put_floats (made, "valid.best", weights, n);
  bytes = mx_checkpoint_write (made);
  read = mx_checkpoint_read (bytes, "spoilt", error);
  fail_unless (read != NULL);
  return gst_mx_validation_restore (
      &validation, NULL, description, read, error);
}

GST_START_TEST (a_history_of_trouble_is_borne)
{
  const History *history = __i__ == 0 ? &usual : &nothing;

  fail_unless (restore (history, NULL));
  fail_unless_equals_int (validation.history->len, 3);
  fail_unless_equals_int (validation.best_epoch, history->best_epoch);
  validation.patience = 3;
  fail_unless (gst_mx_validation_is_over (&validation) == (__i__ == 1));
  fail_if (gst_mx_validation_end_epoch (&validation, NULL, NULL, 4));
}
GST_END_TEST;

static const struct {
  History history;
  const gchar *error;
} impossible[] = {
    {{{1, G_MAXUINT64, 3}, 3, {0, 0, .5}},
        "'valid.epochs': found -1 at 1, expected a count from 0 to 4294967295"},
    {{{1, 2, 3}, (guint64)1 << 40, {0, 0, .5}},
        "'valid.best-epoch': found 1.09951e+12 at 0, expected a count"},
    {{{1, 2, 3}, 2, {0, 0, .5}},
        "'valid.best-epoch': found 2 at 0, expected 3, the best of"},
    {{{1, 2, 3}, 3, {.5, 0, .5}},
        "'valid.best-epoch': found 3 at 0, expected 1, the best of"},
    {{{1, 2, 3}, 3, {0, 0, INFINITY}},
        "'valid.values': found inf at 2, expected a score of at most 1"},
    {{{1, 2, 3}, 3, {1.5, 0, .5}},
        "'valid.values': found 1.5 at 0, expected a score of at most 1"},
    {{{1, 2, 3}, 3, {0, 0, .5}, TRUE},
        "found 3 at 0, expected weights 'valid.best' of this epoch"},
    {{{1, 2, 3}, 0, {NAN, NAN, NAN}},
        "found 0 at 0, expected no weights 'valid.best'"},
};

GST_START_TEST (a_history_that_cannot_be_is_refused)
{
  g_autoptr (GError) error = NULL;

  fail_if (restore (&impossible[__i__].history, &error));
  fail_unless (
      g_error_matches (error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_TENSOR));
  fail_unless (g_str_has_prefix (error->message, "spoilt: tensor '"));
  fail_unless (strstr (error->message, impossible[__i__].error) != NULL, "%s",
      error->message);
  fail_unless_equals_int (validation.history->len, 0);
}
GST_END_TEST;

GST_START_TEST (counts_without_the_network_they_are_of_are_refused)
{
  g_autoptr (GError) error = NULL;

  counts[WINDOWS] = counts[LABELLED] = 1;
  fail_if (restore (&usual, &error));
  fail_unless (strstr (error->message, "'valid.measured': found nothing"));
}
GST_END_TEST;

GST_START_TEST (counts_that_cannot_be_are_refused)
{
  static const gdouble spoilt[] = {NAN, -1, INFINITY, 1e300};
  g_autoptr (GError) error = NULL;

  counts[WINDOWS] = spoilt[__i__];
  fail_if (restore (&usual, &error));
  fail_unless (
      g_error_matches (error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_TENSOR));
  fail_unless (strstr (error->message,
                   "spoilt: tensor 'valid.counts': found ") != NULL &&
                   strstr (error->message,
                       " at 0, expected a count from 0 to 2^53") != NULL,
      "%s", error->message);
}
GST_END_TEST;

static Suite *
checkpoint_spoilt_suite (void)
{
  Suite *suite = suite_create ("checkpoint-spoilt");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (tc, a_history_of_trouble_is_borne, 0, 2);
  tcase_add_loop_test (
      tc, a_history_that_cannot_be_is_refused, 0, G_N_ELEMENTS (impossible));
  tcase_add_test (tc, counts_without_the_network_they_are_of_are_refused);
  tcase_add_loop_test (tc, counts_that_cannot_be_are_refused, 0, 4);
  return suite;
}

GST_CHECK_MAIN (checkpoint_spoilt);
