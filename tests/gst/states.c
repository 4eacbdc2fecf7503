/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Every element of the plugin, up and down through the states, as it stands:
 * one that lacks a setting may refuse to start, but must say so, come down
 * again and leave nothing behind. */

#include <gst/check/gstcheck.h>

static GList *
element_names (void)
{
  GList *features = gst_registry_get_feature_list_by_plugin (
      gst_registry_get (), "multiexit");
  GList *names = NULL;

  for (GList *f = features; f != NULL; f = f->next)
    if (GST_IS_ELEMENT_FACTORY (f->data))
      names = g_list_prepend (
          names, g_strdup (gst_plugin_feature_get_name (f->data)));
  gst_plugin_feature_list_free (features);
  return names;
}

/* An element that fails must have posted why. */
static void
assert_error_was_posted (GstElement *element, GstBus *bus)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  fail_unless (message != NULL, "%s fails silently", GST_OBJECT_NAME (element));
  gst_message_parse_error (message, &error, NULL);
  fail_unless (error->message != NULL && *error->message != '\0');
}

/* Returns the state it came to. */
static GstState
climb (GstElement *element, GstBus *bus, GstState highest)
{
  for (GstState state = GST_STATE_READY; state <= highest; state++) {
    if (gst_element_set_state (element, state) == GST_STATE_CHANGE_FAILURE) {
      assert_error_was_posted (element, bus);
      return state - 1;
    }
    /* Sinks wait for a first buffer that never comes. */
    gst_element_get_state (element, NULL, NULL, 20 * GST_MSECOND);
  }
  return highest;
}

static void
descend (GstElement *element, GstState state, GstState lowest)
{
  while (state-- > lowest)
    fail_if (gst_element_set_state (element, state) == GST_STATE_CHANGE_FAILURE,
        "%s cannot come down to %s", GST_OBJECT_NAME (element),
        gst_element_state_get_name (state));
}

static void
check_element (const gchar *name, GstState highest, GstState lowest)
{
  GstElement *element = gst_element_factory_make (name, NULL);
  GstBus *bus = gst_bus_new ();

  fail_unless (element != NULL, "no element %s", name);
  gst_object_ref_sink (element);
  gst_element_set_bus (element, bus);
  for (guint round = 0; round < 3; round++) {
    GstState reached = climb (element, bus, highest);

    descend (element, reached, lowest);
  }
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
  /* Messages keep their sender. */
  gst_bus_set_flushing (bus, TRUE);
  ASSERT_OBJECT_REFCOUNT (element, name, 1);
  gst_object_unref (element);
  gst_object_unref (bus);
}

static const struct {
  GstState highest, lowest;
} walks[] = {
    {GST_STATE_READY, GST_STATE_NULL},
    {GST_STATE_PAUSED, GST_STATE_NULL},
    {GST_STATE_PAUSED, GST_STATE_READY},
    {GST_STATE_PLAYING, GST_STATE_NULL},
    {GST_STATE_PLAYING, GST_STATE_READY},
};

GST_START_TEST (test_every_element_goes_up_and_comes_down)
{
  GList *names = element_names ();

  fail_unless (g_list_length (names) > 0);
  for (GList *name = names; name != NULL; name = name->next)
    check_element (name->data, walks[__i__].highest, walks[__i__].lowest);
  g_list_free_full (names, g_free);
}
GST_END_TEST;

GST_START_TEST (test_every_element_is_described)
{
  static const gchar *keys[] = {GST_ELEMENT_METADATA_LONGNAME,
      GST_ELEMENT_METADATA_KLASS, GST_ELEMENT_METADATA_DESCRIPTION,
      GST_ELEMENT_METADATA_AUTHOR};
  GList *names = element_names ();

  for (GList *name = names; name != NULL; name = name->next) {
    GstElementFactory *factory = gst_element_factory_find (name->data);

    for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
      fail_unless (gst_element_factory_get_metadata (factory, keys[i]) != NULL,
          "%s: no %s", (gchar *)name->data, keys[i]);
    gst_object_unref (factory);
  }
  g_list_free_full (names, g_free);
}
GST_END_TEST;

static Suite *
states_suite (void)
{
  Suite *suite = suite_create ("states");
  TCase *tests = tcase_create ("states");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_every_element_goes_up_and_comes_down, 0,
      G_N_ELEMENTS (walks));
  tcase_add_test (tests, test_every_element_is_described);
  return suite;
}

GST_CHECK_MAIN (states);
