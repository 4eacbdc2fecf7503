/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The presets of mxtrainsink and mxperturb: each sets what it says, and leaves
 * the rest alone. */
#include <gst/check/gstcheck.h>

static GstElement *
element_new (const gchar *line)
{
  g_autoptr (GError) error = NULL;
  GstElement *element =
      gst_parse_launch_full (line, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);

  g_assert_no_error (error);
  return gst_object_ref_sink (element);
}

static void
assert_property (GstElement *element, const gchar *name, const gchar *expected)
{
  GValue value = G_VALUE_INIT;
  g_autofree gchar *found = NULL;

  g_object_get_property (G_OBJECT (element), name, &value);
  found = gst_value_serialize (&value);
  if (G_VALUE_HOLDS_DOUBLE (&value) || G_VALUE_HOLDS_FLOAT (&value))
    fail_unless (ABS (g_ascii_strtod (found, NULL) -
                      g_ascii_strtod (expected, NULL)) < 1e-6,
        "%s: %s", name, found);
  else
    fail_unless (g_strcmp0 (found, expected) == 0, "%s: %s", name, found);
  g_value_unset (&value);
}

/* What contradicts each preset, and what none may touch. */
#define TRAIN                                                                  \
  "mxtrainsink objective=augmented consistency-weight=3 teacher=own "          \
  "consistency-target=hard confidence-threshold=.5 ramp-up=.7 temperature=3 "  \
  "label-smoothing=.1 mixup=.2 class-balance=weights "                         \
  "exit-weights=\"<1,2>\" teacher-average=.9 average-weights=.9 "              \
  "location=elsewhere batch-size=5 learning-rate=0.5 seed=7 "

static const struct {
  const gchar *name, *target, *threshold, *rate;
} train[] = {
    {"all-labels", "soft", "0", "0.004"},
    {"few-labels", "hard", "0.8", "0.004"},
    {"another-source", "hard", "0.95", "0.002"},
};

GST_START_TEST (test_a_training_preset_says_what_is_learnt_and_nothing_else)
{
  static const gchar *const expected[][2] = {{"objective", "consistent-exit"},
      {"consistency-weight", "1"}, {"teacher", "last"}, {"ramp-up", "0.3"},
      {"temperature", "0"}, {"label-smoothing", "0"}, {"mixup", "0"},
      {"class-balance", "none"}, {"exit-weights", "<  >"},
      {"teacher-average", "0"}, {"average-weights", "0"},
      {"location", "elsewhere"}, {"batch-size", "5"}, {"seed", "7"}};
  GstElement *element = element_new (TRAIN);

  fail_unless (
      gst_preset_load_preset (GST_PRESET (element), train[__i__].name));
  assert_property (element, "consistency-target", train[__i__].target);
  assert_property (element, "confidence-threshold", train[__i__].threshold);
  assert_property (element, "learning-rate", train[__i__].rate);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    assert_property (element, expected[i][0], expected[i][1]);
  gst_object_unref (element);
}
GST_END_TEST;

/* What documentation and presets call the default is the default. */
GST_START_TEST (test_all_labels_is_the_default)
{
  GstElement *fresh = element_new ("mxtrainsink");
  GstElement *preset = element_new (TRAIN "@preset=all-labels");
  gchar **names = gst_preset_get_property_names (GST_PRESET (fresh));

  for (guint i = 0; names[i] != NULL; i++) {
    GValue value = G_VALUE_INIT;
    g_autofree gchar *expected = NULL;

    g_object_get_property (G_OBJECT (fresh), names[i], &value);
    expected = gst_value_serialize (&value);
    assert_property (preset, names[i], expected);
    g_value_unset (&value);
  }
  g_strfreev (names);
  gst_object_unref (fresh);
  gst_object_unref (preset);
}
GST_END_TEST;

static const struct {
  const gchar *name, *property, *value;
} perturb[] = {
    {"speech", "speed-low", "0.85"},
    {"motion", "rotation", "15"},
    {"ecg", "wander-probability", "1"},
    {"emg", "flip-probability", "0.5"},
};

GST_START_TEST (test_a_perturbation_preset_is_a_recipe)
{
  GstElement *element =
      element_new ("mxperturb recipe=none seed=7 scale=\"<2>\" "
                   "attach-meta=true strength=.5");

  fail_unless (
      gst_preset_load_preset (GST_PRESET (element), perturb[__i__].name));
  assert_property (element, "recipe", perturb[__i__].name);
  assert_property (element, perturb[__i__].property, perturb[__i__].value);
  assert_property (element, "seed", "7");
  assert_property (element, "attach-meta", "true");
  assert_property (element, "strength", "0.5");
  gst_object_unref (element);
}
GST_END_TEST;

GST_START_TEST (test_a_users_own_perturbation_comes_back)
{
  GstElement *saved = element_new ("mxperturb recipe=none wander-probability=1 "
                                   "wander=.25 shift-circular=true");
  GstElement *loaded = element_new ("mxperturb seed=3");

  fail_unless (gst_preset_save_preset (GST_PRESET (saved), "mine"));
  fail_unless (gst_preset_load_preset (GST_PRESET (loaded), "mine"));
  assert_property (loaded, "recipe", "none");
  assert_property (loaded, "wander", "0.25");
  assert_property (loaded, "shift-circular", "true");
  assert_property (loaded, "seed", "3");
  gst_object_unref (saved);
  gst_object_unref (loaded);
}
GST_END_TEST;

static Suite *
train_presets_suite (void)
{
  Suite *suite = suite_create ("train-presets");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc,
      test_a_training_preset_says_what_is_learnt_and_nothing_else, 0,
      G_N_ELEMENTS (train));
  tcase_add_test (tc, test_all_labels_is_the_default);
  tcase_add_loop_test (
      tc, test_a_perturbation_preset_is_a_recipe, 0, G_N_ELEMENTS (perturb));
  tcase_add_test (tc, test_a_users_own_perturbation_comes_back);
  return suite;
}

GST_CHECK_MAIN (train_presets);
