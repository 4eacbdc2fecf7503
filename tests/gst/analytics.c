/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Results of mxclassify as GstAnalyticsClsMtd, where it is built with them. */

#include "classifier.h"

#include <gst/analytics/analytics.h>

static const Model audio = {8000, 1, 400, 200};

/* The next buffer that came out; with the meta or without. */
static GstBuffer *
next_buffer (Classifier *c, GstAnalyticsRelationMeta **meta)
{
  GstBuffer *buffer = gst_harness_try_pull (c->harness);

  fail_unless (buffer != NULL);
  *meta = gst_buffer_get_analytics_relation_meta (buffer);
  return buffer;
}

static void
assert_level (const GstAnalyticsClsMtd *mtd, const gchar *label, gdouble level)
{
  gint index = gst_analytics_cls_mtd_get_index_by_quark (
      mtd, g_quark_from_static_string (label));

  fail_unless (index >= 0, "no label %s", label);
  fail_unless_equals_float (
      gst_analytics_cls_mtd_get_level (mtd, index), level);
}

static void
assert_is (
    GstAnalyticsRelationMeta *meta, guint index, const GstStructure *result)
{
  GstAnalyticsClsMtd mtd;

  fail_unless (gst_analytics_relation_meta_get_cls_mtd (meta, index, &mtd));
  fail_unless_equals_int (gst_analytics_cls_mtd_get_length (&mtd), CLASSES);
  assert_level (&mtd, "a", get_probability (result, 0));
  assert_level (&mtd, "b", get_probability (result, 1));
  assert_level (&mtd, "c", get_probability (result, 2));
}

GST_START_TEST (test_the_buffer_that_completes_a_window_has_its_classification)
{
  g_autofree gfloat *samples = noise (800, 1);
  g_autoptr (GPtrArray) results = NULL;
  Classifier c = classifier_new (&audio);
  guint found = 0;

  /* With our own meta and without. */
  g_object_set (
      c.element, "attach-analytics", TRUE, "attach-meta", __i__ == 1, NULL);
  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push_all (&c, &audio, samples, 800, 100, 0);
  results = classifier_messages (&c);
  fail_unless_equals_int (results->len, 3);
  for (guint i = 1; i <= 8; i++) {
    GstAnalyticsRelationMeta *meta;
    g_autoptr (GstBuffer) buffer = next_buffer (&c, &meta);
    gboolean complete = i >= 4 && i % 2 == 0;

    fail_unless_equals_int (meta != NULL, complete);
    if (complete) {
      fail_unless_equals_int (gst_analytics_relation_get_length (meta), 1);
      assert_is (meta, 0, results->pdata[found++]);
    }
  }
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_a_buffer_with_many_windows_has_many_in_order)
{
  g_autofree gfloat *samples = noise (2000, 2);
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GstBuffer) buffer = NULL;
  GstAnalyticsRelationMeta *meta;
  Classifier c = classifier_new (&audio);

  g_object_set (c.element, "attach-analytics", TRUE, NULL);
  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push_all (&c, &audio, samples, 2000, 2000, 0);
  results = classifier_messages (&c);
  buffer = next_buffer (&c, &meta);
  fail_unless_equals_int (gst_analytics_relation_get_length (meta), 9);
  for (guint i = 0; i < 9; i++)
    assert_is (meta, i, results->pdata[i]);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_it_is_off_and_may_be_switched_while_playing)
{
  g_autofree gfloat *samples = noise (1200, 1);
  Classifier c = classifier_new (&audio);
  gboolean attach;

  g_object_get (c.element, "attach-analytics", &attach, NULL);
  fail_if (attach);
  g_object_set (c.element, "attach-meta", FALSE, NULL);
  classifier_set_caps (&c, audio.rate, audio.channels);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GstBuffer) buffer = NULL;
    GstAnalyticsRelationMeta *meta;

    g_object_set (c.element, "attach-analytics", i == 1, NULL);
    classifier_push (&c, piece (samples, 1, i * 400, 400, audio.rate, 0));
    buffer = next_buffer (&c, &meta);
    fail_unless_equals_int (meta != NULL, i == 1);
    fail_unless (gst_buffer_get_custom_meta (buffer, "GstMxResult") == NULL);
  }
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_it_joins_what_others_found)
{
  g_autofree gfloat *samples = noise (400, 1);
  GstBuffer *buffer = piece (samples, 1, 0, 400, audio.rate, 0);
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GstBuffer) out = NULL;
  GstAnalyticsRelationMeta *meta =
      gst_buffer_add_analytics_relation_meta (buffer);
  GstAnalyticsClsMtd mtd;
  Classifier c = classifier_new (&audio);

  gst_analytics_relation_meta_add_one_cls_mtd (
      meta, 1, g_quark_from_static_string ("theirs"), &mtd);
  g_object_set (c.element, "attach-analytics", TRUE, NULL);
  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push (&c, buffer);
  results = classifier_messages (&c);
  out = next_buffer (&c, &meta);
  fail_unless_equals_int (gst_analytics_relation_get_length (meta), 2);
  fail_unless (gst_analytics_relation_meta_get_cls_mtd (meta, 0, &mtd));
  assert_level (&mtd, "theirs", 1);
  assert_is (meta, 1, results->pdata[0]);
  classifier_free (&c);
}
GST_END_TEST;

GST_START_TEST (test_a_window_without_an_answer_has_none)
{
  g_autofree gfloat *samples = noise (400, 1);
  GstAnalyticsRelationMeta *meta;
  g_autoptr (GstBuffer) buffer = NULL;
  Classifier c = classifier_new (&audio);

  samples[7] = NAN;
  g_object_set (c.element, "attach-analytics", TRUE, NULL);
  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push (&c, piece (samples, 1, 0, 400, audio.rate, 0));
  buffer = next_buffer (&c, &meta);
  fail_unless (meta == NULL);
  fail_unless (gst_buffer_get_custom_meta (buffer, "GstMxResult") != NULL);
  classifier_free (&c);
}
GST_END_TEST;

static Suite *
analytics_suite (void)
{
  Suite *suite = suite_create ("analytics");
  TCase *tests = tcase_create ("analytics");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests,
      test_the_buffer_that_completes_a_window_has_its_classification, 0, 2);
  tcase_add_test (tests, test_a_buffer_with_many_windows_has_many_in_order);
  tcase_add_test (tests, test_it_is_off_and_may_be_switched_while_playing);
  tcase_add_test (tests, test_it_joins_what_others_found);
  tcase_add_test (tests, test_a_window_without_an_answer_has_none);
  return suite;
}

GST_CHECK_MAIN (analytics);
