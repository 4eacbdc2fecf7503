/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Many threads set many models, while the stream flows and states change. */

#include "successor.h"

static const Variant one = {{8000, 1, 400, 200}, "one", 1};
static const Variant two = {
    {8000, 1, 400, 200}, "two", 2, "[\"x\", \"y\", \"z\"]"};
static const Variant three = {{8000, 1, 400, 200}, "three", 3};

typedef struct {
  GstElement *element;
  gchar *const *files;
  guint64 seed;
  gint *over, *sets;
} Setter;

static gpointer
set_at_random (gpointer user_data)
{
  const Setter *setter = user_data;
  MxRng rng;

  mx_rng_init (&rng, setter->seed, 0);
  while (!g_atomic_int_get (setter->over)) {
    g_autofree gchar *found = NULL;

    g_object_set (setter->element, "model-file",
        setter->files[mx_rng_below (&rng, 4)], NULL);
    found = get_model_file (setter->element);
    g_atomic_int_inc (setter->sets);
    g_thread_yield ();
  }
  return NULL;
}

/* All have the same grid, so whoever answers, no window is missing and none
 * comes twice. */
static void
assert_whole_grid (const GPtrArray *results, gsize n)
{
  fail_unless_equals_int (results->len, (n - 400) / 200 + 1);
  for (guint i = 0; i < results->len; i++)
    fail_unless_equals_uint64 (get_uint64 (results->pdata[i], "timestamp"),
        GST_FRAMES_TO_CLOCK_TIME (200 * i, 8000));
}

GST_START_TEST (test_a_storm_of_models_leaves_no_gap)
{
  const gsize n = 80000;
  g_autofree gfloat *samples = noise (n, 9);
  gchar *files[] = {variant_file (&one), variant_file (&two),
      variant_file (&three), bad_file ("missing")};
  Classifier c = classifier_with_file (files[0]);
  g_autoptr (Posted) posted = NULL;
  gint over = FALSE, sets = 0;
  Setter setters[3];
  GThread *threads[3];

  classifier_set_caps (&c, 8000, 1);
  for (guint i = 0; i < 3; i++) {
    setters[i] = (Setter){c.element, files, i, &over, &sets};
    threads[i] = g_thread_new ("setter", set_at_random, &setters[i]);
  }
  for (gsize at = 0; at < n; at += 50) {
    /* On a busy machine the storm may rise late. */
    while ((gsize)g_atomic_int_get (&sets) < 100 * at / n)
      g_thread_yield ();
    classifier_push (&c, piece (samples, 1, at, 50, 8000, 0));
    g_thread_yield ();
  }
  g_atomic_int_set (&over, TRUE);
  for (guint i = 0; i < 3; i++)
    g_thread_join (threads[i]);
  posted = classifier_posted (&c);
  sort_results (posted->results);
  assert_whole_grid (posted->results, n);
  fail_unless_equals_int (posted->errors, 0);
  fail_unless (posted->models->len > 0);
  classifier_free (&c);
  for (guint i = 0; i < 4; i++) {
    g_remove (files[i]);
    g_free (files[i]);
  }
}
GST_END_TEST;

GST_START_TEST (test_states_change_while_models_do)
{
  gchar *files[] = {variant_file (&one), variant_file (&two),
      variant_file (&two), variant_file (&two)};
  Classifier c = classifier_with_file (files[0]);
  gint over = FALSE, sets = 0;
  Setter setter = {c.element, files, 1, &over, &sets};
  GThread *thread = g_thread_new ("setter", set_at_random, &setter);

  for (guint i = 0; i < 200; i++) {
    fail_unless_equals_int (gst_element_set_state (c.element, GST_STATE_READY),
        GST_STATE_CHANGE_SUCCESS);
    fail_unless_equals_int (
        gst_element_set_state (c.element, GST_STATE_PLAYING),
        GST_STATE_CHANGE_SUCCESS);
  }
  g_atomic_int_set (&over, TRUE);
  g_thread_join (thread);
  classifier_free (&c);
  for (guint i = 0; i < 4; i++) {
    g_remove (files[i]);
    g_free (files[i]);
  }
}
GST_END_TEST;

static Suite *
classify_storm_suite (void)
{
  Suite *suite = suite_create ("classify-storm");
  TCase *tests = tcase_create ("classify-storm");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_a_storm_of_models_leaves_no_gap);
  tcase_add_test (tests, test_states_change_while_models_do);
  return suite;
}

GST_CHECK_MAIN (classify_storm);
