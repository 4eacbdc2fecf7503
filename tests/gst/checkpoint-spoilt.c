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

static const gdouble values[] = {NAN, -INFINITY, .5};
static const guint64 epochs[] = {0, G_MAXUINT64, 2};

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
restore (GError **error)
{
  static const guint64 best_epoch = 2;
  g_autoptr (MxCheckpoint) made = mx_checkpoint_new ();
  g_autoptr (MxCheckpoint) read = NULL;
  g_autoptr (GBytes) bytes = NULL;

  mx_checkpoint_put_numbers (made, "valid.epochs", epochs, 3);
  mx_checkpoint_put_reals (made, "valid.values", values, 3);
  mx_checkpoint_put_numbers (made, "valid.best-epoch", &best_epoch, 1);
  mx_checkpoint_put_reals (made, "valid.counts", counts, n_counts);
  bytes = mx_checkpoint_write (made);
  read = mx_checkpoint_read (bytes, "spoilt", error);
  fail_unless (read != NULL);
  return gst_mx_validation_restore (
      &validation, NULL, description, read, error);
}

GST_START_TEST (any_history_is_borne)
{
  fail_unless (restore (NULL));
  fail_unless_equals_int (validation.history->len, 3);
  validation.patience = 1;
  fail_unless (gst_mx_validation_is_over (&validation));
  fail_if (gst_mx_validation_end_epoch (&validation, NULL, NULL, 3));
}
GST_END_TEST;

GST_START_TEST (counts_without_the_network_they_are_of_are_refused)
{
  g_autoptr (GError) error = NULL;

  counts[WINDOWS] = counts[LABELLED] = 1;
  fail_if (restore (&error));
  fail_unless (strstr (error->message, "'valid.measured': found nothing"));
}
GST_END_TEST;

GST_START_TEST (counts_that_cannot_be_are_refused)
{
  static const gdouble spoilt[] = {NAN, -1, INFINITY, 1e300};
  g_autoptr (GError) error = NULL;

  counts[WINDOWS] = spoilt[__i__];
  fail_if (restore (&error));
  fail_unless (
      g_error_matches (error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_TENSOR));
  fail_unless (strstr (error->message, "'valid.counts': found counts that"));
}
GST_END_TEST;

static Suite *
checkpoint_spoilt_suite (void)
{
  Suite *suite = suite_create ("checkpoint-spoilt");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, any_history_is_borne);
  tcase_add_test (tc, counts_without_the_network_they_are_of_are_refused);
  tcase_add_loop_test (tc, counts_that_cannot_be_are_refused, 0, 4);
  return suite;
}

GST_CHECK_MAIN (checkpoint_spoilt);
