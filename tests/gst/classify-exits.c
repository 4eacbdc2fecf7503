/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* mxclassify all-exits=true: what its results carry beside. */

#include "classifier.h"

#include <gst/multiexit/multiexit.h>

#define N 2000

static const Model models[] = {
    {8000, 1, 400, 200},
    {8000, 2, 400, 100, .streamed = 1},
};

/* The results of a recording of noise. */
static GPtrArray *
results_of (const Model *model, gboolean all_exits, const gchar *policy,
    gdouble threshold)
{
  g_autofree gfloat *samples = noise (N * model->channels, 1);
  Classifier c = classifier_new (model);
  GPtrArray *messages;

  /* Which exits are computed is settled at the start. */
  gst_element_set_state (c.element, GST_STATE_READY);
  g_object_set (
      c.element, "all-exits", all_exits, "exit-threshold", threshold, NULL);
  gst_util_set_object_arg (G_OBJECT (c.element), "policy", policy);
  set_model (c.element, model);
  classifier_begin_stream (&c, model->rate, model->channels);
  classifier_push_all (&c, model, samples, N, 333, 0);
  messages = classifier_messages (&c);
  fail_unless (messages->len >= 8);
  classifier_free (&c);
  return messages;
}

static gboolean
is_not_beside (GQuark field, GValue *value, gpointer user_data)
{
  const gchar *name = g_quark_to_string (field);

  return g_strcmp0 (name, "exit-probabilities") != 0 &&
         g_strcmp0 (name, "exit-temperatures") != 0 &&
         g_strcmp0 (name, "exit-macs") != 0 &&
         g_strcmp0 (name, "exit-labels") != 0 &&
         g_strcmp0 (name, "latency") != 0;
}

GST_START_TEST (test_all_other_fields_are_as_without_it)
{
  const Model *model = &models[__i__];
  g_autoptr (GPtrArray) with = results_of (model, TRUE, "confidence", .5);
  g_autoptr (GPtrArray) without = results_of (model, FALSE, "confidence", .5);

  fail_unless_equals_int (with->len, without->len);
  for (guint i = 0; i < with->len; i++) {
    fail_if (gst_structure_has_field (without->pdata[i], "exit-probabilities"));
    fail_if (gst_structure_has_field (without->pdata[i], "exit-macs"));
    gst_structure_filter_and_map_in_place (with->pdata[i], is_not_beside, NULL);
    gst_structure_filter_and_map_in_place (
        without->pdata[i], is_not_beside, NULL);
    /* Harnesses name their elements apart. */
    gst_structure_remove_field (with->pdata[i], "element");
    gst_structure_remove_field (without->pdata[i], "element");
    assert_fields_equal (with->pdata[i], without->pdata[i]);
  }
}
GST_END_TEST;

GST_START_TEST (test_each_exit_is_the_answer_of_a_policy_that_takes_it)
{
  const Model *model = &models[__i__];
  g_autoptr (GPtrArray) all = results_of (model, TRUE, "confidence", .5);
  g_autoptr (GPtrArray) shallow = results_of (model, FALSE, "confidence", 0);
  g_autoptr (GPtrArray) deep = results_of (model, FALSE, "last", .5);
  const GPtrArray *alone[EXITS] = {shallow, deep};

  for (guint i = 0; i < all->len; i++) {
    g_autoptr (GstMxPrediction) p =
        gst_mx_prediction_from_structure (all->pdata[i]);
    gsize n, n_macs;
    const gdouble *probabilities =
        gst_mx_prediction_get_exit_probabilities (p, &n);
    const guint64 *macs = gst_mx_prediction_get_exit_macs (p, &n_macs);

    fail_unless_equals_uint64 (n, EXITS * CLASSES);
    fail_unless_equals_uint64 (n_macs, EXITS);
    for (guint e = 0; e < EXITS; e++) {
      const GstStructure *one = alone[e]->pdata[i];

      fail_unless_equals_int (get_uint (one, "exit"), e + 1);
      fail_unless_equals_uint64 (get_uint64 (one, "macs"), macs[e]);
      fail_unless_equals_string (gst_structure_get_string (one, "label"),
          gst_mx_prediction_get_exit_label (p, e + 1));
      for (guint c = 0; c < CLASSES; c++)
        fail_unless (
            get_probability (one, c) == probabilities[e * CLASSES + c]);
    }
    fail_unless_equals_uint64 (
        macs[EXITS - 1], gst_mx_prediction_get_macs_full (p));
  }
}
GST_END_TEST;

static Suite *
classify_exits_suite (void)
{
  Suite *suite = suite_create ("classify-exits");
  TCase *tests = tcase_create ("classify-exits");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (
      tests, test_all_other_fields_are_as_without_it, 0, G_N_ELEMENTS (models));
  tcase_add_loop_test (tests,
      test_each_exit_is_the_answer_of_a_policy_that_takes_it, 0,
      G_N_ELEMENTS (models));
  return suite;
}

GST_CHECK_MAIN (classify_exits);
