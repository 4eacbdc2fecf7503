/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Every element of the plugin, up and down through the states, as it stands and
 * with data: one that lacks a setting may refuse to start, but must say so,
 * come down again and leave nothing behind. */

#include "dataset-folder.h"
#include "random-properties.h"

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

/* --- with data --- */

/* Elements that need more than they are born with, and what they eat; others
 * get audio or, if they take none, bytes.  %s: a folder with a data set. */
static const struct {
  const gchar *name, *properties, *feed;
} needs[] = {
    {"mxdatasetsrc", "location=%s epochs=-1", ""},
    {"mxmix", "", "mxdatasetsrc location=%s epochs=1000"},
    {"mxtrainsink",
        "architecture=%s/net.json location=%s/out.safetensors batch-size=2 "
        "threads=1",
        "mxdatasetsrc location=%s epochs=1000"},
};

static const gchar network[] =
    "{\"name\": \"small\", \"input\": {\"rate\": 50, \"channels\": 1,"
    " \"window\": 16}, \"stages\": [{\"layers\": ["
    "  {\"kind\": \"conv1d\", \"filters\": 2, \"kernel\": 3}],"
    " \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}";

static gchar *
make_data (void)
{
  gchar *folder = folder_new ();

  wav_put_ramp (folder, "a/1.wav", 50, 1, 20, 0);
  wav_put_ramp (folder, "b/1.wav", 50, 1, 20, 1);
  folder_put (folder, "net.json", network, -1);
  return folder;
}

static void
replace_folder (GString *line, const gchar *folder)
{
  g_string_replace (line, "%s", folder, 0);
}

static const gchar *
feed_for (const gchar *name, GstStaticPadTemplate *template)
{
  g_autoptr (GstCaps) audio = gst_caps_new_empty_simple ("audio/x-raw");
  g_autoptr (GstCaps) caps = gst_static_pad_template_get_caps (template);

  for (guint i = 0; i < G_N_ELEMENTS (needs); i++)
    if (g_str_equal (name, needs[i].name))
      return needs[i].feed;
  if (gst_caps_can_intersect (caps, audio))
    return "audiotestsrc samplesperbuffer=400 ! "
           "audio/x-raw,format=F32LE,rate=8000,channels=1";
  return "fakesrc sizetype=fixed filltype=pattern";
}

/* Each pad of the element, also those made on request, in a pipeline. */
static gchar *
pipeline_around (const gchar *name, const gchar *folder)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (name);
  GString *line = g_string_new (name);

  g_string_append (line, " name=x ");
  for (guint i = 0; i < G_N_ELEMENTS (needs); i++)
    if (g_str_equal (name, needs[i].name))
      g_string_append (line, needs[i].properties);
  for (const GList *t = gst_element_factory_get_static_pad_templates (factory);
       t != NULL; t = t->next) {
    GstStaticPadTemplate *template = t->data;

    if (template->presence == GST_PAD_SOMETIMES)
      continue;
    if (template->direction == GST_PAD_SRC)
      g_string_append (line, " x. ! fakesink sync=false");
    else
      g_string_append_printf (line, " %s ! queue ! x.%s",
          feed_for (name, template),
          strchr (template->name_template, '%') ? "" : template->name_template);
  }
  replace_folder (line, folder);
  return g_string_free (line, FALSE);
}

typedef struct {
  GstElement *pipeline;
  GstBus *bus;
  gboolean failed; /* and said why */
} Walk;

/* Messages keep their sender. */
static void
drain (Walk *walk)
{
  GstMessage *message;

  while ((message = gst_bus_pop (walk->bus)) != NULL) {
    walk->failed |= GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR;
    gst_message_unref (message);
  }
}

static void
go_to (Walk *walk, GstState state)
{
  if (gst_element_set_state (walk->pipeline, state) ==
      GST_STATE_CHANGE_FAILURE) {
    assert_error_was_posted (walk->pipeline, walk->bus);
    gst_element_set_state (walk->pipeline, GST_STATE_NULL);
    walk->failed = TRUE;
  }
  gst_element_get_state (walk->pipeline, NULL, NULL, 50 * GST_MSECOND);
  if (state == GST_STATE_PLAYING)
    g_usleep (5000);
  drain (walk);
}

/* From each state to each, without a stop between. */
static void
walk_all_pairs (Walk *walk)
{
  for (GstState from = GST_STATE_NULL; from <= GST_STATE_PLAYING; from++)
    for (GstState to = GST_STATE_NULL; to <= GST_STATE_PLAYING; to++) {
      go_to (walk, from);
      go_to (walk, to);
    }
  for (guint i = 0; i < 5; i++) {
    go_to (walk, GST_STATE_PLAYING);
    go_to (walk, GST_STATE_NULL);
  }
}

static GstPadProbeReturn
count_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer count)
{
  g_atomic_int_inc ((gint *)count);
  return GST_PAD_PROBE_OK;
}

static void
count_buffers (GstElement *element, gint *count)
{
  for (GList *pad = element->pads; pad != NULL; pad = pad->next)
    gst_pad_add_probe (
        pad->data, GST_PAD_PROBE_TYPE_BUFFER, count_buffer, count, NULL);
}

static void
check_with_data (const gchar *name, const gchar *folder)
{
  g_autofree gchar *line = pipeline_around (name, folder);
  g_autoptr (GError) error = NULL;
  Walk walk = {.pipeline = gst_parse_launch (line, &error)};
  GstElement *element;
  Disturber disturber;
  gint heard = 0;

  fail_unless (error == NULL, "%s: %s", line, error ? error->message : "");
  element = gst_bin_get_by_name (GST_BIN (walk.pipeline), "x");
  walk.bus = gst_element_get_bus (walk.pipeline);
  count_buffers (element, &heard);
  disturber_start (&disturber, element, g_str_hash (name), TRUE);
  walk_all_pairs (&walk);
  disturber_stop (&disturber);
  go_to (&walk, GST_STATE_NULL);
  fail_unless (g_atomic_int_get (&heard) > 0 || walk.failed,
      "%s: neither data nor an error", name);
  gst_object_unref (walk.bus);
  gst_object_unref (element);
  gst_check_objects_destroyed_on_unref (walk.pipeline, element, NULL);
}

GST_START_TEST (test_every_element_goes_up_and_down_while_data_flows)
{
  g_autofree gchar *folder = make_data ();
  GList *names = element_names ();

  for (GList *name = names; name != NULL; name = name->next)
    check_with_data (name->data, folder);
  g_list_free_full (names, g_free);
  folder_free (g_steal_pointer (&folder));
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

/* What a base class brings has been described elsewhere. */
static gboolean
is_ours (const GParamSpec *pspec)
{
  return g_str_has_prefix (g_type_name (pspec->owner_type), "GstMx");
}

/* A controlled property follows the stream, so it must be changeable in it. */
static gboolean
tells_when_it_may_be_changed (const GParamSpec *pspec)
{
  const GParamFlags mutability = GST_PARAM_MUTABLE_READY |
                                 GST_PARAM_MUTABLE_PAUSED |
                                 GST_PARAM_MUTABLE_PLAYING;
  GParamFlags found = pspec->flags & mutability;

  if (!(pspec->flags & G_PARAM_WRITABLE))
    return found == 0 && !(pspec->flags & GST_PARAM_CONTROLLABLE);
  if (pspec->flags & G_PARAM_CONSTRUCT_ONLY)
    return found == 0;
  if (pspec->flags & GST_PARAM_CONTROLLABLE)
    return found == GST_PARAM_MUTABLE_PLAYING;
  return found != 0;
}

GST_START_TEST (test_every_property_tells_when_it_may_be_changed)
{
  GList *names = element_names ();

  for (GList *name = names; name != NULL; name = name->next) {
    GstElement *element = gst_element_factory_make (name->data, NULL);
    guint n;
    g_autofree GParamSpec **pspecs =
        g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);

    for (guint i = 0; i < n; i++)
      fail_unless (
          !is_ours (pspecs[i]) || tells_when_it_may_be_changed (pspecs[i]),
          "%s: %s, flags 0x%x", (gchar *)name->data, pspecs[i]->name,
          (guint)pspecs[i]->flags);
    gst_object_unref (element);
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
  tcase_add_test (tests, test_every_property_tells_when_it_may_be_changed);
  tcase_add_test (tests, test_every_element_goes_up_and_down_while_data_flows);
  return suite;
}

GST_CHECK_MAIN (states);
