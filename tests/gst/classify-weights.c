/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* mxclassify in 16 bits: the same windows, about the same answers. */

#include "classifier.h"

#define N 2000

static const Model models[] = {
    {8000, 1, 400, 200},
    {8000, 2, 400, 100, .streamed = 1},
};

/* How far probabilities may be from those in floats; bf16x3 is floats where the
 * processor has no tiles. */
static const struct {
  const gchar *weights;
  gdouble most;
} ways[] = {{"f16", 5e-3}, {"bf16", 2e-2}, {"bf16x3", 2e-4}};

/* The results of a recording of noise, by the last exit. */
static GPtrArray *
results_of (const Model *model, const gchar *weights)
{
  g_autofree gfloat *samples = noise (N * model->channels, 1);
  Classifier c = classifier_new (model);
  GPtrArray *messages;

  /* How weights are stored is settled at the start. */
  gst_element_set_state (c.element, GST_STATE_READY);
  gst_util_set_object_arg (G_OBJECT (c.element), "weights", weights);
  gst_util_set_object_arg (G_OBJECT (c.element), "policy", "last");
  set_model (c.element, model);
  classifier_begin_stream (&c, model->rate, model->channels);
  classifier_push_all (&c, model, samples, N, 333, 0);
  messages = classifier_messages (&c);
  fail_unless (messages->len >= 8);
  classifier_free (&c);
  return messages;
}

GST_START_TEST (test_16_bits_answer_about_as_f32)
{
  const Model *model = &models[__i__ % G_N_ELEMENTS (models)];
  const guint way = __i__ / G_N_ELEMENTS (models);
  g_autoptr (GPtrArray) f32 = results_of (model, "f32");
  g_autoptr (GPtrArray) f16 = results_of (model, ways[way].weights);
  gdouble largest = 0;

  fail_unless_equals_int (f16->len, f32->len);
  for (guint i = 0; i < f32->len; i++) {
    gdouble difference =
        get_probability (f16->pdata[i], 0) - get_probability (f32->pdata[i], 0);

    largest = MAX (largest, ABS (difference));
  }
  fail_unless (largest > 0 || g_str_equal (ways[way].weights, "bf16x3"));
  fail_unless (largest < ways[way].most);
}
GST_END_TEST;

static Suite *
classify_weights_suite (void)
{
  Suite *suite = suite_create ("classify-weights");
  TCase *tests = tcase_create ("classify-weights");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_16_bits_answer_about_as_f32, 0,
      G_N_ELEMENTS (ways) * G_N_ELEMENTS (models));
  return suite;
}

GST_CHECK_MAIN (classify_weights);
