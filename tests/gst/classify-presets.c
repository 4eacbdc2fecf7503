/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The presets of mxclassify: those that come with it, and a user's own. */

#include "classifier.h"

/* Everything a preset must leave alone, at values that no preset has. */
#define OTHERS                                                                 \
  "mxclassify name=ears model-file=elsewhere hop=12345 post-messages=false "   \
  "attach-meta=false interval=54321 on-change=true "

static GstElement *
element_new (const gchar *properties)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *line = g_strconcat (OTHERS, properties, NULL);
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
  if (G_VALUE_HOLDS_DOUBLE (&value))
    fail_unless (g_value_get_double (&value) == g_strtod (expected, NULL),
        "%s: %s", name, found);
  else
    fail_unless (g_strcmp0 (found, expected) == 0, "%s: %s", name, found);
  g_value_unset (&value);
}

static const gchar *const others[][2] = {
    {"name", "ears"},
    {"model-file", "elsewhere"},
    {"hop", "12345"},
    {"post-messages", "false"},
    {"attach-meta", "false"},
    {"interval", "54321"},
    {"on-change", "true"},
};

static void
assert_others_are_untouched (GstElement *element)
{
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    assert_property (element, others[i][0], others[i][1]);
}

/* What contradicts every preset. */
#define CONTRARY                                                               \
  "policy=margin exit-threshold=0.1 exit-thresholds=\"<0.2,0.3>\" "            \
  "patience=5 min-exit=3 max-exit=4 "

static const struct {
  const gchar *name, *threshold;
} shipped[] = {
    {"low-power", "0.7"},
    {"balanced", "0.8"},
    {"accurate", "0.95"},
};

static void
assert_shipped (GstElement *element, guint preset)
{
  assert_property (element, "policy", "confidence");
  assert_property (element, "exit-threshold", shipped[preset].threshold);
  assert_property (element, "exit-thresholds", "<  >");
  assert_property (element, "patience", "2");
  assert_property (element, "min-exit", "1");
  assert_property (element, "max-exit", "0");
}

GST_START_TEST (test_shipped_presets_are_found)
{
  GstElement *element = element_new ("");
  gchar **names = gst_preset_get_preset_names (GST_PRESET (element));

  for (guint i = 0; i < G_N_ELEMENTS (shipped); i++) {
    gchar *comment = NULL;

    fail_unless (
        g_strv_contains ((const gchar *const *)names, shipped[i].name));
    fail_unless (gst_preset_get_meta (
        GST_PRESET (element), shipped[i].name, "comment", &comment));
    g_free (comment);
  }
  g_strfreev (names);
  gst_object_unref (element);
}
GST_END_TEST;

GST_START_TEST (test_a_preset_sets_how_deep_to_go_and_nothing_else)
{
  GstElement *element = element_new (CONTRARY);

  fail_unless (
      gst_preset_load_preset (GST_PRESET (element), shipped[__i__].name));
  assert_shipped (element, __i__);
  assert_others_are_untouched (element);
  gst_object_unref (element);
}
GST_END_TEST;

/* It is loaded last, wherever it stands. */
GST_START_TEST (test_a_command_line_loads_a_preset)
{
  g_autofree gchar *line =
      g_strdup_printf (CONTRARY "@preset=%s", shipped[__i__].name);
  GstElement *element = element_new (line);

  assert_shipped (element, __i__);
  assert_others_are_untouched (element);
  gst_object_unref (element);
}
GST_END_TEST;

/* What a controller may move says how deep to go; some that do cannot be moved
 * so. */
static const gchar *const not_controlled[] = {
    "exit-thresholds", "calibrated", "agreement-target", NULL};

GST_START_TEST (test_presets_hold_every_property_of_depth)
{
  GstElement *element = element_new ("");
  gchar **names = gst_preset_get_property_names (GST_PRESET (element));
  guint n;
  g_autofree GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);

  for (guint i = 0; i < n; i++)
    fail_unless (
        g_strv_contains ((const gchar *const *)names, specs[i]->name) ==
            ((specs[i]->flags & GST_PARAM_CONTROLLABLE) ||
                g_strv_contains (not_controlled, specs[i]->name)),
        "%s", specs[i]->name);
  g_strfreev (names);
  gst_object_unref (element);
}
GST_END_TEST;

GST_START_TEST (test_a_preset_holds_while_playing)
{
  static const Model audio = {8000, 1, 400, 200};
  g_autofree gfloat *samples = noise (8000, 2);
  g_autoptr (GPtrArray) messages = NULL;
  Classifier c = classifier_new (&audio);

  g_object_set (c.element, "max-exit", 1, NULL);
  classifier_set_caps (&c, audio.rate, audio.channels);
  classifier_push (&c, piece (samples, 1, 0, 4000, 8000, 0));
  fail_unless (gst_preset_load_preset (GST_PRESET (c.element), "accurate"));
  classifier_push (&c, piece (samples, 1, 4000, 4000, 8000, 0));
  messages = classifier_messages (&c);
  fail_unless_equals_int (messages->len, 39);
  for (guint i = 0; i < messages->len; i++) {
    guint exit = get_uint (messages->pdata[i], "exit");
    gdouble confidence;

    gst_structure_get_double (messages->pdata[i], "confidence", &confidence);
    fail_unless (exit == (i < 19 ? 1 : EXITS) || (i >= 19 && confidence >= .95),
        "window %u leaves at %u, sure to %g", i, exit, confidence);
  }
  classifier_free (&c);
}
GST_END_TEST;

/* The file that GStreamer keeps for the user. */
static void
assert_saved (const gchar *preset)
{
  g_autofree gchar *name = g_build_filename (g_get_user_data_dir (),
      "gstreamer-1.0", "presets", "GstMxClassify.prs", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  g_key_file_load_from_file (file, name, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  fail_unless (g_key_file_has_key (file, preset, "exit-thresholds", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    fail_if (g_key_file_has_key (file, preset, others[i][0], NULL), "%s",
        others[i][0]);
}

static const gchar *own[] = {
    CONTRARY,
    "policy=patience exit-thresholds=\"<0.5,0.625,1,0>\" patience=3",
    "exit-threshold=0.1",
};

GST_START_TEST (test_a_users_own_preset_comes_back_as_it_was_saved)
{
  GstElement *saved = element_new (own[__i__]), *loaded = element_new ("");
  gchar **names = gst_preset_get_property_names (GST_PRESET (saved));

  fail_unless (gst_preset_save_preset (GST_PRESET (saved), "mine"));
  assert_saved ("mine");
  fail_unless (gst_preset_load_preset (GST_PRESET (loaded), "mine"));
  for (guint i = 0; names[i] != NULL; i++) {
    GValue a = G_VALUE_INIT, b = G_VALUE_INIT;

    g_object_get_property (G_OBJECT (saved), names[i], &a);
    g_object_get_property (G_OBJECT (loaded), names[i], &b);
    fail_unless_equals_int (gst_value_compare (&a, &b), GST_VALUE_EQUAL);
    g_value_unset (&a);
    g_value_unset (&b);
  }
  assert_others_are_untouched (loaded);
  fail_unless (gst_preset_delete_preset (GST_PRESET (saved), "mine"));
  g_strfreev (names);
  gst_object_unref (saved);
  gst_object_unref (loaded);
}
GST_END_TEST;

static Suite *
classify_presets_suite (void)
{
  Suite *suite = suite_create ("classify-presets");
  TCase *tests = tcase_create ("classify-presets");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_shipped_presets_are_found);
  tcase_add_loop_test (tests,
      test_a_preset_sets_how_deep_to_go_and_nothing_else, 0,
      G_N_ELEMENTS (shipped));
  tcase_add_loop_test (
      tests, test_a_command_line_loads_a_preset, 0, G_N_ELEMENTS (shipped));
  tcase_add_test (tests, test_presets_hold_every_property_of_depth);
  tcase_add_test (tests, test_a_preset_holds_while_playing);
  tcase_add_loop_test (tests,
      test_a_users_own_preset_comes_back_as_it_was_saved, 0,
      G_N_ELEMENTS (own));
  return suite;
}

GST_CHECK_MAIN (classify_presets);
