/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Models with streamed stages look ahead: their answers come later, those of
 * the last windows when the recording ends. */

#include "classifier.h"

/* The deepest exit looks 3 samples ahead. */
static const Model model = {8000, 1, 400, 200, .streamed = 2};

static const gsize chunks[] = {1, 7, 200, 333, 5000};

GST_START_TEST (test_every_window_is_answered_the_last_at_the_end)
{
  const gsize n = 2000;
  g_autofree gfloat *samples = noise (n, 1);
  g_autoptr (GPtrArray) before = NULL, behind = NULL, expected = NULL;
  Classifier c = classifier_new (&model);

  classifier_set_caps (&c, model.rate, model.channels);
  classifier_push_all (&c, &model, samples, n, chunks[__i__], 0);
  before = classifier_messages (&c);
  /* The ninth waits for samples that never come. */
  fail_unless_equals_int (before->len, 8);
  g_string_truncate (c.order, 0);
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  fail_unless_equals_string (c.order->str, "RE");
  behind = classifier_messages (&c);
  for (guint i = 0; i < behind->len; i++)
    g_ptr_array_add (before, gst_structure_copy (behind->pdata[i]));
  expected = expected_answers (&model, samples, n, TRUE);
  assert_answers_match (before, expected, 0);
  assert_windows_follow (&model, before, 0, before->len, 0);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_a_flush_forgets_what_waits)
{
  g_autofree gfloat *samples = noise (400, 1);
  g_autoptr (GPtrArray) answers = NULL;
  Classifier c = classifier_new (&model);

  classifier_set_caps (&c, model.rate, model.channels);
  classifier_push_all (&c, &model, samples, 400, 100, 0);
  classifier_flush (&c);
  gst_harness_push_event (c.harness, gst_event_new_eos ());
  answers = classifier_messages (&c);
  fail_unless_equals_int (answers->len, 0);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
classify_streamed_suite (void)
{
  Suite *suite = suite_create ("classify-streamed");
  TCase *tests = tcase_create ("classify-streamed");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_every_window_is_answered_the_last_at_the_end,
      0, G_N_ELEMENTS (chunks));
  tcase_add_test (tests, test_a_flush_forgets_what_waits);
  return suite;
}

GST_CHECK_MAIN (classify_streamed);
