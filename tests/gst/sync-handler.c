/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Applications may look at an element, ask it and set its properties where its
 * messages are posted, in whichever thread that is: none is posted, and no
 * change is notified, while a lock of the element is held. */

#include "dataset-folder.h"

#include <gst/check/gstcheck.h>

#define SOURCE "mxdatasetsrc location=%s "
#define MODEL "model-file=%m/words-stream.safetensors "

/* %s: a folder with a data set; %m: that of the models. */
static const struct {
  const gchar *line;
  GstMessageType end;
} pipelines[] = {
    {SOURCE "! mxclassify ! fakesink", GST_MESSAGE_EOS},
    {SOURCE "! mxclassify all-exits=true ! mxevalsink", GST_MESSAGE_EOS},
    {SOURCE "! mxclassify all-exits=true ! mxcalibratesink " MODEL
            "location=%s/out",
        GST_MESSAGE_EOS},
    {SOURCE "! mxquantisesink " MODEL "location=%s/out", GST_MESSAGE_EOS},
    {SOURCE "! mxperturb recipe=speech ! fakesink", GST_MESSAGE_EOS},
    {SOURCE "! mix.sink_0 " SOURCE
            "epochs=-1 ! mix.sink_1 mxmix name=mix ! fakesink",
        GST_MESSAGE_EOS},
    {SOURCE "epochs=2 ! tee name=t ! queue ! train.clean "
            "t. ! queue ! mxperturb ! train.perturbed "
            "mxtrainsink name=train architecture=%s/net.json "
            "location=%s/out batch-size=2 threads=1",
        GST_MESSAGE_EOS},
    /* What goes wrong is posted, too. */
    {"mxdatasetsrc location=%s/absent ! fakesink", GST_MESSAGE_ERROR},
    {"audiotestsrc ! mxclassify model-file=%s/absent ! fakesink",
        GST_MESSAGE_ERROR},
    {"audiotestsrc num-buffers=3 ! mxcalibratesink " MODEL "location=%s/out",
        GST_MESSAGE_ERROR},
    {"audiotestsrc num-buffers=0 ! mxquantisesink " MODEL "location=%s/out",
        GST_MESSAGE_ERROR},
    {SOURCE "! mix.sink_0 " SOURCE
            "stop-index=1 ! mix.sink_1 mxmix name=mix ! fakesink",
        GST_MESSAGE_ERROR},
    {SOURCE "! mxtrainsink architecture=%s/absent location=%s/out",
        GST_MESSAGE_ERROR},
};

static const gchar network[] =
    "{\"name\": \"small\", \"input\": {\"rate\": 8000, \"channels\": 1,"
    " \"window\": 800}, \"stages\": [{\"layers\": ["
    "  {\"kind\": \"conv1d\", \"filters\": 2, \"kernel\": 3}],"
    " \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}";

static gchar *
make_data (void)
{
  gchar *folder = folder_new ();

  wav_put_ramp (folder, "one/1.wav", 8000, 1, 12000, 0);
  wav_put_ramp (folder, "two/1.wav", 8000, 1, 12000, 1);
  folder_put (folder, "net.json", network, -1);
  return folder;
}

static GstElement *
pipeline_new (const gchar *line, const gchar *folder)
{
  g_autoptr (GString) filled = g_string_new (line);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline;

  g_string_replace (filled, "%s", folder, 0);
  g_string_replace (filled, "%m", g_getenv ("MX_MODELS"), 0);
  pipeline = gst_parse_launch (filled->str, &error);
  g_assert_no_error (error);
  return pipeline;
}

/* All properties are read, and those that may be are set to what they are. */
static void
touch_properties (GObject *object)
{
  const GParamFlags settable =
      G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING;
  guint n;
  g_autofree GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &n);

  for (guint i = 0; i < n; i++) {
    g_auto (GValue) value = G_VALUE_INIT;

    if (!(specs[i]->flags & G_PARAM_READABLE))
      continue;
    g_value_init (&value, specs[i]->value_type);
    g_object_get_property (object, specs[i]->name, &value);
    if ((specs[i]->flags & settable) == settable)
      g_object_set_property (object, specs[i]->name, &value);
  }
}

static void
ask (GstElement *element)
{
  gint64 position;
  g_autoptr (GstQuery) latency = gst_query_new_latency ();

  gst_element_query_position (element, GST_FORMAT_TIME, &position);
  gst_element_query (element, latency);
  gst_element_get_state (element, NULL, NULL, 0);
}

static gboolean
is_ours (gpointer object)
{
  return g_str_has_prefix (G_OBJECT_TYPE_NAME (object), "GstMx");
}

/* Counts the messages of our elements. */
static GstBusSyncReply
look_and_ask (GstBus *bus, GstMessage *message, gpointer count)
{
  gpointer from = GST_MESSAGE_SRC (message);

  if (GST_IS_ELEMENT (from) && is_ours (from)) {
    touch_properties (from);
    ask (from);
    g_atomic_int_inc ((gint *)count);
  }
  return GST_BUS_PASS;
}

/* Setting a property in it would notify for ever. */
static void
read_all (GstObject *pipeline, GstObject *object, GParamSpec *spec)
{
  GValue value = G_VALUE_INIT;

  if (!is_ours (object) || !(spec->flags & G_PARAM_READABLE))
    return;
  g_value_init (&value, spec->value_type);
  g_object_get_property (G_OBJECT (object), spec->name, &value);
  g_value_unset (&value);
}

GST_START_TEST (test_a_sync_handler_may_ask_whoever_posts)
{
  g_autofree gchar *folder = make_data ();
  g_autoptr (GstElement) pipeline =
      pipeline_new (pipelines[__i__].line, folder);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  gint count = 0;

  g_signal_connect (pipeline, "deep-notify", G_CALLBACK (read_all), NULL);
  gst_bus_set_sync_handler (bus, look_and_ask, &count, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (message != NULL, "%s hangs", pipelines[__i__].line);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), pipelines[__i__].end);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  fail_unless (g_atomic_int_get (&count) > 0);
  folder_free (g_steal_pointer (&folder));
}
GST_END_TEST;

static Suite *
sync_handler_suite (void)
{
  Suite *suite = suite_create ("sync-handler");
  TCase *tests = tcase_create ("sync-handler");

  suite_add_tcase (suite, tests);
  tcase_add_loop_test (tests, test_a_sync_handler_may_ask_whoever_posts, 0,
      G_N_ELEMENTS (pipelines));
  return suite;
}

GST_CHECK_MAIN (sync_handler);
