/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "perturb-stream.h"
#include "refusal.h"

static const GstStructure *
meta_of (GstBuffer *buffer)
{
  GstCustomMeta *meta =
      gst_buffer_get_custom_meta (buffer, "GstMxPerturbation");

  return meta ? gst_custom_meta_get_structure (meta) : NULL;
}

static guint
count_metas (GstBuffer *buffer)
{
  gpointer state = NULL;
  GstMeta *meta;
  guint n = 0;

  while ((meta = gst_buffer_iterate_meta (buffer, &state)))
    n += gst_meta_info_is_custom (meta->info) &&
         gst_custom_meta_has_name ((GstCustomMeta *)meta, "GstMxPerturbation");
  return n;
}

/* With the rate of the stream the recipe changes: speech has a gain, motion a
 * rotation. */
GST_START_TEST (test_new_caps_end_a_stretch_and_choose_the_recipe)
{
  GstHarness *harness = harness_new ("attach-meta=true");
  GstBuffer *buffer;

  set_caps (harness, SPEECH_RATE, 2);
  gst_harness_push (harness, buffer_new (&sound_without_examples, 0, 0, 400));
  set_caps (harness, MOTION_RATE, 6);
  gst_harness_push (harness, buffer_new (&motion, 0, 0, 40));
  gst_harness_push_event (harness, gst_event_new_eos ());
  buffer = gst_harness_pull (harness);
  fail_unless (gst_structure_has_field (meta_of (buffer), "gain"));
  fail_if (gst_structure_has_field (meta_of (buffer), "rotation"));
  gst_buffer_unref (buffer);
  buffer = gst_harness_pull (harness);
  fail_unless (gst_structure_has_field (meta_of (buffer), "rotation"));
  fail_if (gst_structure_has_field (meta_of (buffer), "gain"));
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_the_meta_says_what_was_done)
{
  GstHarness *harness = harness_new (
      "recipe=none attach-meta=true gain-probability=1 gain-low=6 gain-high=6 "
      "block=100000000");
  guint64 index, part;
  gdouble gain;
  guint epoch;

  set_caps (harness, SPEECH_RATE, 1);
  push_example_event (harness, 12, 3, 0);
  for (guint i = 0; i < 2; i++)
    gst_harness_push (harness, buffer_new (&speech, i * 50, i * 50, 50));
  gst_harness_push_event (harness, gst_event_new_eos ());
  for (guint i = 0; i < 2; i++) {
    GstBuffer *buffer = gst_harness_pull (harness);
    const GstStructure *fields = meta_of (buffer);

    fail_unless (gst_structure_get (fields, "epoch", G_TYPE_UINT, &epoch,
        "index", G_TYPE_UINT64, &index, "part", G_TYPE_UINT64, &part, "gain",
        G_TYPE_DOUBLE, &gain, NULL));
    fail_unless (epoch == 3 && index == 12 && part == 0 && gain == 6.0);
    fail_unless_equals_int (gst_structure_n_fields (fields), 4);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_channels_move_as_the_meta_says)
{
  GstHarness *harness = harness_new (
      "name=perturb recipe=none attach-meta=true "
      "channel-shift-probability=1 channel-shift=2 block=200000000");
  GstElement *element = gst_harness_find_element (harness, "mxperturb");
  gint channels = motion.channels, by = 0;
  gboolean up = FALSE, down = FALSE;
  guint furthest;
  GstMapInfo map;

  g_object_get (element, "channel-shift", &furthest, NULL);
  fail_unless_equals_int (furthest, 2);
  set_caps (harness, MOTION_RATE, channels);
  for (guint i = 0; i < 20; i++) {
    GstBuffer *buffer;

    gst_harness_push (harness, buffer_new (&motion, 0, i * 10, 10));
    buffer = gst_harness_pull (harness);
    fail_unless (
        gst_structure_get_int (meta_of (buffer), "channel-shift", &by));
    fail_unless (by != 0 && ABS (by) <= 2);
    up |= by > 0;
    down |= by < 0;
    gst_buffer_map (buffer, &map, GST_MAP_READ);
    for (gint k = 0; k < 10 * channels; k++)
      fail_unless (((gfloat *)map.data)[k] ==
                   input_sample ((guint)(k / channels),
                       (k % channels - by + channels) % channels));
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  fail_unless (up && down);
  gst_object_unref (element);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_a_buffer_across_two_blocks_has_both_metas)
{
  GstHarness *harness = harness_new ("attach-meta=true block=100000000");
  static const guint expected[] = {1, 2, 2};

  set_caps (harness, SPEECH_RATE, 1);
  for (guint i = 0; i < 3; i++)
    gst_harness_push (harness, buffer_new (&speech, i * 600, i * 600, 600));
  gst_harness_push_event (harness, gst_event_new_eos ());
  for (guint i = 0; i < 3; i++) {
    GstBuffer *buffer = gst_harness_pull (harness);

    fail_unless_equals_int (count_metas (buffer), expected[i]);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

static const struct {
  const gchar *properties;
  gdouble gain_low, noise_probability, rotation;
  gint64 shift_low;
} recipes[] = {
    {"recipe=speech", -12.0, 0.8, 0.0, -10 * (gint64)GST_SECOND},
    {"recipe=motion", 0.0, 0.8, 15.0, -10 * (gint64)GST_SECOND},
    {"recipe=none", 0.0, 0.0, 0.0, 0},
    {"recipe=speech gain-low=-3", -3.0, 0.8, 0.0, -10 * (gint64)GST_SECOND},
    {"gain-low=-3 recipe=speech", -3.0, 0.8, 0.0, -10 * (gint64)GST_SECOND},
    {"recipe=none shift-low=-1000000", 0.0, 0.0, 0.0, -1000000},
};

GST_START_TEST (test_what_is_set_by_hand_wins_over_the_recipe)
{
  GstHarness *harness = harness_new (recipes[__i__].properties);
  GstElement *element = gst_harness_find_element (harness, "mxperturb");
  gdouble gain_low, noise_probability, rotation;
  gint64 shift_low;

  g_object_get (element, "gain-low", &gain_low, "noise-probability",
      &noise_probability, "rotation", &rotation, "shift-low", &shift_low, NULL);
  fail_unless_equals_float (gain_low, recipes[__i__].gain_low);
  fail_unless_equals_float (
      noise_probability, recipes[__i__].noise_probability);
  fail_unless_equals_float (rotation, recipes[__i__].rotation);
  fail_unless_equals_int64 (shift_low, recipes[__i__].shift_low);
  gst_object_unref (element);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A control binding that switches: strength 0 before half a second, 1 from
 * then on. */
typedef GstControlBinding Switch;
typedef GstControlBindingClass SwitchClass;
GType switch_get_type (void);
G_DEFINE_TYPE (Switch, switch, GST_TYPE_CONTROL_BINDING)

static gboolean
switch_sync_values (GstControlBinding *binding, GstObject *object,
    GstClockTime timestamp, GstClockTime last_sync)
{
  g_object_set (
      object, "strength", timestamp < 500 * GST_MSECOND ? 0.0 : 1.0, NULL);
  return TRUE;
}

static void
switch_class_init (SwitchClass *klass)
{
  klass->sync_values = switch_sync_values;
}

static void
switch_init (Switch *self)
{
}

GST_START_TEST (test_strength_follows_its_controller_from_block_to_block)
{
  GstHarness *harness = harness_new (
      "recipe=none gain-probability=1 gain-low=6 gain-high=6 block=100000000");
  GstElement *element = gst_harness_find_element (harness, "mxperturb");
  const Stream stream = {SPEECH_RATE, 1, 800, {{-1, 0, 8000}}};
  gfloat gain = powf (10.0f, 6.0f / 20.0f);
  GArray *samples;

  gst_object_add_control_binding (
      GST_OBJECT (element), g_object_new (switch_get_type (), "object", element,
                                "name", "strength", NULL));
  set_caps (harness, SPEECH_RATE, 1);
  push_stream (harness, &stream);
  gst_harness_push_event (harness, gst_event_new_eos ());
  samples = pull_samples (harness);
  for (guint i = 0; i < 8000; i++)
    fail_unless (
        fabsf (g_array_index (samples, gfloat, i) -
               input_sample (i, 0) * (i < 4000 ? 1.0f : gain)) < 1e-5f);
  g_array_unref (samples);
  gst_object_unref (element);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The recipe of an unknown rate is that of speech. */
GST_START_TEST (test_properties_begin_at_their_defaults)
{
  GstElement *element = gst_element_factory_make ("mxperturb", NULL);
  guint n, compared = 0;
  GParamSpec **pspecs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);

  for (guint i = 0; i < n; i++) {
    GValue value = G_VALUE_INIT;

    if (pspecs[i]->owner_type != G_OBJECT_TYPE (element) ||
        GST_IS_PARAM_SPEC_ARRAY_LIST (pspecs[i]))
      continue;
    g_value_init (&value, pspecs[i]->value_type);
    g_object_get_property (G_OBJECT (element), pspecs[i]->name, &value);
    fail_unless (g_param_value_defaults (pspecs[i], &value), "%s differs",
        pspecs[i]->name);
    g_value_unset (&value);
    compared++;
  }
  fail_unless (compared > 30);
  g_free (pspecs);
  gst_object_unref (element);
}
GST_END_TEST;

/* Whole numbers and fractions alike. */
GST_START_TEST (test_one_value_per_channel_may_be_given_in_text)
{
  GstHarness *harness = harness_new ("recipe=none mask-probability=1 "
                                     "mask-low=1000000000 mask-high=1000000000 "
                                     "rest=\"<1,2.5,-3>\"");
  static const gfloat rest[] = {1.0f, 2.5f, -3.0f};
  const Stream stream = {MOTION_RATE, 3, 10, {{0, 0, 10}}};
  GArray *samples;

  set_caps (harness, MOTION_RATE, 3);
  push_stream (harness, &stream);
  gst_harness_push_event (harness, gst_event_new_eos ());
  samples = pull_samples (harness);
  fail_unless_equals_int (samples->len, 30);
  for (guint i = 0; i < 30; i++)
    fail_unless_equals_float (g_array_index (samples, gfloat, i), rest[i % 3]);
  g_array_unref (samples);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_values_for_other_channels_are_refused)
{
  static const gchar *wrong[] = {
      "scale=\"<1.0,2.0>\"", "rest=\"<1.0,2.0,3.0,4.0>\""};
  GstHarness *harness = harness_new (wrong[__i__]);
  GstElement *element = gst_harness_find_element (harness, "mxperturb");
  GstBus *bus = gst_bus_new ();
  GError *error = NULL;
  GstMessage *message;

  gst_element_set_bus (element, bus);
  set_caps (harness, MOTION_RATE, 3);
  gst_harness_push (harness, gst_buffer_new_allocate (NULL, 12 * 40, NULL));
  gst_harness_push_event (harness, gst_event_new_eos ());
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (
      g_error_matches (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS));
  fail_unless (strstr (error->message, "each of the 3 channels"));
  g_error_free (error);
  gst_message_unref (message);
  gst_element_set_bus (element, NULL);
  gst_object_unref (bus);
  gst_object_unref (element);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Samples are floats: such a value would become infinity. */
GST_START_TEST (test_a_value_beyond_all_samples_is_refused)
{
  static const gdouble beyond[] = {1e300, -1e39, NAN};
  static const gchar *const names[] = {"rest", "scale"};
  GstElement *element = gst_element_factory_make ("mxperturb", NULL);
  GValue array = G_VALUE_INIT, item = G_VALUE_INIT;

  gst_value_array_init (&array, 1);
  g_value_init (&item, G_TYPE_DOUBLE);
  g_value_set_double (&item, beyond[__i__ / 2]);
  gst_value_array_append_and_take_value (&array, &item);
  assert_refused (G_OBJECT (element), names[__i__ % 2], &array);
  g_object_get_property (G_OBJECT (element), names[__i__ % 2], &array);
  fail_unless_equals_int (gst_value_array_get_size (&array), 0);
  g_value_unset (&array);
  gst_object_unref (element);
}
GST_END_TEST;

GST_START_TEST (test_half_a_frame_is_refused)
{
  GstHarness *harness = harness_new ("");

  set_caps (harness, MOTION_RATE, 3);
  fail_unless_equals_int (
      gst_harness_push (harness, gst_buffer_new_allocate (NULL, 13, NULL)),
      GST_FLOW_ERROR);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static Suite *
perturb_settings_suite (void)
{
  Suite *suite = suite_create ("mxperturb settings");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_new_caps_end_a_stretch_and_choose_the_recipe);
  tcase_add_test (tc, test_the_meta_says_what_was_done);
  tcase_add_test (tc, test_channels_move_as_the_meta_says);
  tcase_add_test (tc, test_a_buffer_across_two_blocks_has_both_metas);
  tcase_add_loop_test (tc, test_what_is_set_by_hand_wins_over_the_recipe, 0,
      G_N_ELEMENTS (recipes));
  tcase_add_test (tc, test_strength_follows_its_controller_from_block_to_block);
  tcase_add_test (tc, test_properties_begin_at_their_defaults);
  tcase_add_test (tc, test_one_value_per_channel_may_be_given_in_text);
  tcase_add_loop_test (tc, test_values_for_other_channels_are_refused, 0, 2);
  tcase_add_loop_test (tc, test_a_value_beyond_all_samples_is_refused, 0, 6);
  tcase_add_test (tc, test_half_a_frame_is_refused);
  return suite;
}

GST_CHECK_MAIN (perturb_settings);
