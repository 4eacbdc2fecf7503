/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/**
 * SECTION:element-mxmix
 * @title: mxmix
 * @short_description: mixes the examples of several sources at a chosen ratio
 *
 * Sends whole examples of its sources one after another, so many of each as
 * the property #GstMxMixPad:share of its pad says: of any examples in a row,
 * as many as the shares sum to, exactly its share comes from each.  Which
 * source is next follows from the shares alone, not from which thread is first.
 *
 * The pad with the lowest number leads: its epochs are those of the mix, its
 * examples of the split `valid` come behind each, outside of the ratio, and
 * when it ends, the stream ends.  The others must go on as long.
 *
 * The events `GstMxDataset` and `GstMxExample` are those of one data set.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 mxmix name=mix sink_0::share=1 sink_1::share=2 !
 *   tee name=t ! queue ! train.clean t. ! queue ! mxperturb ! train.perturbed
 *   mxtrainsink name=train architecture=speech.json location=speech.safetensors
 *   mxdatasetsrc location=labelled epochs=40 shuffle=true ! mix.sink_0
 *   mxdatasetsrc location=unlabelled labelled-fraction=0 epochs=-1 !
 *   mix.sink_1
 * ]| A third of each batch has labels.
 */

#include "config.h"

#include <stdio.h>

#include "gstmxmixer.h"

GST_DEBUG_CATEGORY_STATIC (gst_mx_mix_debug);
#define GST_CAT_DEFAULT gst_mx_mix_debug

#define SINK_NAME "sink_%u"
#define CAPS "audio/x-raw, layout = (string) interleaved"

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    SINK_NAME, GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS (CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (CAPS));

#define GST_TYPE_MX_MIX (gst_mx_mix_get_type ())
G_DECLARE_FINAL_TYPE (GstMxMix, gst_mx_mix, GST, MX_MIX, GstElement)

struct _GstMxMix {
  GstElement parent;
  GstPad *srcpad;
  GstMxMixer mixer;

  guint next_number; /* of a pad; under the object lock */
};

static void gst_mx_mix_child_proxy_init (gpointer iface, gpointer data);

GST_ELEMENT_REGISTER_DECLARE (mxmix);
G_DEFINE_FINAL_TYPE_WITH_CODE (GstMxMix, gst_mx_mix, GST_TYPE_ELEMENT,
    G_IMPLEMENT_INTERFACE (GST_TYPE_CHILD_PROXY, gst_mx_mix_child_proxy_init));
GST_ELEMENT_REGISTER_DEFINE (mxmix, "mxmix", GST_RANK_NONE, GST_TYPE_MX_MIX);

/* ---------------------------------------------------------------- samples */

static GstFlowReturn
begin_cut (GstMxMix *self, GstMxMixPad *pad)
{
  const GstMxExample example = {.index = pad->cut};
  GstFlowReturn flow;

  if (!gst_mx_mix_pad_may_cut (pad)) {
    gst_mx_mixer_fail (&self->mixer,
        g_error_new (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
            "Pad \"%s\" got samples, but nothing says what they are, expected "
            "example events as mxdatasetsrc sends them: set "
            "%s::example-duration to cut it into unlabelled examples.",
            GST_PAD_NAME (pad), GST_PAD_NAME (pad)));
    return GST_FLOW_ERROR;
  }
  flow = gst_mx_mixer_begin_example (&self->mixer, pad, NULL, &example);
  if (flow == GST_FLOW_OK)
    gst_mx_mix_pad_begin_cut (pad);
  return flow;
}

/* Takes the buffer. */
static GstFlowReturn
cut (GstMxMix *self, GstMxMixPad *pad, GstBuffer *buffer)
{
  GstFlowReturn flow = GST_FLOW_OK;

  if (GST_BUFFER_IS_DISCONT (buffer))
    pad->left = 0;
  while (flow == GST_FLOW_OK && buffer != NULL) {
    if (pad->left == 0)
      flow = begin_cut (self, pad);
    if (flow == GST_FLOW_OK)
      flow = gst_mx_mixer_push (
          &self->mixer, pad, gst_mx_mix_pad_split (pad, &buffer));
  }
  gst_clear_buffer (&buffer);
  return flow;
}

static GstFlowReturn
gst_mx_mix_chain (GstPad *sink, GstObject *parent, GstBuffer *buffer)
{
  GstMxMix *self = GST_MX_MIX (parent);
  GstMxMixPad *pad = GST_MX_MIX_PAD (sink);
  gsize size = gst_buffer_get_size (buffer);

  if (pad->info.bpf == 0 || size == 0) {
    gst_buffer_unref (buffer);
    return size == 0 ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED;
  }
  if (size % pad->info.bpf != 0) {
    gst_buffer_unref (buffer);
    gst_mx_mixer_fail (&self->mixer,
        g_error_new (GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
            "A buffer of %" G_GSIZE_FORMAT
            " bytes on pad \"%s\" does not hold whole frames of %d bytes.",
            size, GST_PAD_NAME (pad), pad->info.bpf));
    return GST_FLOW_ERROR;
  }
  return pad->event != NULL ? gst_mx_mixer_push (&self->mixer, pad, buffer)
                            : cut (self, pad, buffer);
}

/* ----------------------------------------------------------------- events */

static GstFlowReturn
take_caps (GstMxMix *self, GstMxMixPad *pad, GstEvent *event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  if (!gst_audio_info_from_caps (&pad->info, caps)) {
    gst_audio_info_init (&pad->info);
    return GST_FLOW_NOT_NEGOTIATED;
  }
  return gst_mx_mixer_check_caps (&self->mixer, pad, caps) ? GST_FLOW_OK
                                                           : GST_FLOW_ERROR;
}

static GstFlowReturn
refuse (GstMxMix *self, GstMxMixPad *pad, GstEvent *event)
{
  gst_mx_mixer_fail (&self->mixer,
      g_error_new (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
          "Pad \"%s\" got an event %s whose fields are not as documented.",
          GST_PAD_NAME (pad),
          gst_structure_get_name (gst_event_get_structure (event))));
  return GST_FLOW_ERROR;
}

static GstFlowReturn
take_example (GstMxMix *self, GstMxMixPad *pad, GstEvent *event)
{
  GstMxExample example;
  GstFlowReturn flow;

  /* Sticky events may come again. */
  if (event == pad->event)
    return GST_FLOW_OK;
  if (!gst_mx_example_event_parse (event, &example))
    return refuse (self, pad, event);
  flow = gst_mx_mixer_begin_example (&self->mixer, pad, event, &example);
  gst_mx_example_clear (&example);
  return flow;
}

static GstFlowReturn
take_dataset (GstMxMix *self, GstMxMixPad *pad, GstEvent *event)
{
  GstMxDataset dataset;

  if (!gst_mx_dataset_event_parse (event, &dataset))
    return refuse (self, pad, event);
  gst_mx_mixer_take_dataset (&self->mixer, pad, &dataset);
  return GST_FLOW_OK;
}

/* What sources say of their own streams ends here: the mix is another one. */
static GstFlowReturn
follow_event (GstMxMix *self, GstMxMixPad *pad, GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_CAPS:
    return take_caps (self, pad, event);
  case GST_EVENT_EOS:
    return gst_mx_mixer_end (&self->mixer, pad);
  case GST_EVENT_GAP:
    gst_mx_mixer_interrupt (&self->mixer, pad);
    return GST_FLOW_OK;
  case GST_EVENT_CUSTOM_DOWNSTREAM:
    return gst_mx_mixer_pass_on (&self->mixer, pad, event);
  case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
    if (gst_event_has_name (event, "GstMxDataset"))
      return take_dataset (self, pad, event);
    if (gst_event_has_name (event, "GstMxExample"))
      return take_example (self, pad, event);
    return GST_FLOW_OK;
  default:
    return GST_FLOW_OK;
  }
}

static GstFlowReturn
gst_mx_mix_sink_event (GstPad *sink, GstObject *parent, GstEvent *event)
{
  GstMxMix *self = GST_MX_MIX (parent);
  GstMxMixPad *pad = GST_MX_MIX_PAD (sink);
  GstFlowReturn flow;

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START ||
      GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP) {
    gst_mx_mixer_flush (&self->mixer, pad, event);
    return GST_FLOW_OK;
  }
  if (!GST_EVENT_IS_SERIALIZED (event))
    return gst_pad_event_default (sink, parent, event) ? GST_FLOW_OK
                                                       : GST_FLOW_ERROR;
  flow = follow_event (self, pad, event);
  gst_event_unref (event);
  return flow;
}

/* The order is fixed, and who is late is for no single source to know. */
static gboolean
gst_mx_mix_src_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) != GST_EVENT_SEEK &&
      GST_EVENT_TYPE (event) != GST_EVENT_QOS)
    return gst_pad_event_default (pad, parent, event);
  gst_event_unref (event);
  return FALSE;
}

/* Other formats reach take_caps(), which says what to do. */
static gboolean
gst_mx_mix_sink_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  GstCaps *caps;

  if (GST_QUERY_TYPE (query) != GST_QUERY_ACCEPT_CAPS)
    return gst_pad_query_default (pad, parent, query);
  gst_query_parse_accept_caps (query, &caps);
  gst_query_set_accept_caps_result (
      query, gst_caps_is_subset (
                 caps, GST_PAD_TEMPLATE_CAPS (GST_PAD_PAD_TEMPLATE (pad))));
  return TRUE;
}

static gboolean
gst_mx_mix_src_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  GstMxMix *self = GST_MX_MIX (parent);
  GstClockTime position;
  GstFormat format;

  switch (GST_QUERY_TYPE (query)) {
  case GST_QUERY_POSITION:
    gst_query_parse_position (query, &format, NULL);
    position = gst_mx_mixer_get_position (&self->mixer);
    if (format != GST_FORMAT_TIME || !GST_CLOCK_TIME_IS_VALID (position))
      return FALSE;
    gst_query_set_position (query, format, (gint64)position);
    return TRUE;
  case GST_QUERY_DURATION:
  case GST_QUERY_SEEKING:
  case GST_QUERY_SEGMENT:
    return FALSE;
  default:
    return gst_pad_query_default (pad, parent, query);
  }
}

/* ------------------------------------------------------------------- pads */

static gboolean
gst_mx_mix_activate_mode (
    GstPad *pad, GstObject *parent, GstPadMode mode, gboolean active)
{
  if (mode != GST_PAD_MODE_PUSH)
    return FALSE;
  gst_mx_mixer_set_flushing (
      &GST_MX_MIX (parent)->mixer, GST_MX_MIX_PAD (pad), !active);
  return TRUE;
}

/* FALSE: the name is none of the template's. */
static gboolean
find_number (GstMxMix *self, const gchar *name, guint *number)
{
  gboolean found = TRUE;

  GST_OBJECT_LOCK (self);
  *number = self->next_number;
  if (name != NULL)
    found = sscanf (name, SINK_NAME, number) == 1;
  if (found)
    self->next_number = MAX (self->next_number, *number + 1);
  GST_OBJECT_UNLOCK (self);
  return found;
}

static GstPad *
gst_mx_mix_request_new_pad (GstElement *element, GstPadTemplate *templ,
    const gchar *name, const GstCaps *caps)
{
  g_autofree gchar *called = NULL;
  GstMxMixPad *pad;
  guint number;

  if (!find_number (GST_MX_MIX (element), name, &number))
    return NULL;
  called = g_strdup_printf (SINK_NAME, number);
  pad = g_object_new (GST_TYPE_MX_MIX_PAD, "name", called, "direction",
      templ->direction, "template", templ, NULL);
  pad->number = number;
  gst_pad_set_chain_function (
      GST_PAD (pad), GST_DEBUG_FUNCPTR (gst_mx_mix_chain));
  gst_pad_set_event_full_function (
      GST_PAD (pad), GST_DEBUG_FUNCPTR (gst_mx_mix_sink_event));
  gst_pad_set_query_function (
      GST_PAD (pad), GST_DEBUG_FUNCPTR (gst_mx_mix_sink_query));
  gst_pad_set_activatemode_function (
      GST_PAD (pad), GST_DEBUG_FUNCPTR (gst_mx_mix_activate_mode));
  GST_PAD_SET_PROXY_CAPS (pad);
  if (!gst_element_add_pad (element, GST_PAD (pad)))
    return NULL;
  gst_child_proxy_child_added (
      GST_CHILD_PROXY (element), G_OBJECT (pad), GST_PAD_NAME (pad));
  return GST_PAD (pad);
}

static void
gst_mx_mix_release_pad (GstElement *element, GstPad *pad)
{
  gst_object_ref (pad);
  gst_child_proxy_child_removed (
      GST_CHILD_PROXY (element), G_OBJECT (pad), GST_PAD_NAME (pad));
  gst_pad_set_active (pad, FALSE);
  gst_element_remove_pad (element, pad);
  gst_mx_mixer_forget (&GST_MX_MIX (element)->mixer, GST_MX_MIX_PAD (pad));
  gst_object_unref (pad);
}

static GObject *
gst_mx_mix_get_child_by_index (GstChildProxy *proxy, guint index)
{
  GObject *child;

  GST_OBJECT_LOCK (proxy);
  child = g_list_nth_data (GST_ELEMENT (proxy)->sinkpads, index);
  if (child != NULL)
    gst_object_ref (child);
  GST_OBJECT_UNLOCK (proxy);
  return child;
}

static guint
gst_mx_mix_get_children_count (GstChildProxy *proxy)
{
  guint count;

  GST_OBJECT_LOCK (proxy);
  count = GST_ELEMENT (proxy)->numsinkpads;
  GST_OBJECT_UNLOCK (proxy);
  return count;
}

static void
gst_mx_mix_child_proxy_init (gpointer iface, gpointer data)
{
  GstChildProxyInterface *proxy = iface;

  proxy->get_child_by_index = gst_mx_mix_get_child_by_index;
  proxy->get_children_count = gst_mx_mix_get_children_count;
}

/* ------------------------------------------------------------------ class */

static gboolean
reset_pad (GstElement *element, GstPad *pad, gpointer user_data)
{
  gst_mx_mix_pad_reset (GST_MX_MIX_PAD (pad));
  return TRUE;
}

static GstStateChangeReturn
gst_mx_mix_change_state (GstElement *element, GstStateChange transition)
{
  GstStateChangeReturn result = GST_ELEMENT_CLASS (gst_mx_mix_parent_class)
                                    ->change_state (element, transition);

  /* The pads are inactive. */
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    gst_element_foreach_sink_pad (element, reset_pad, NULL);
    gst_mx_mixer_reset (&GST_MX_MIX (element)->mixer);
  }
  return result;
}

static void
gst_mx_mix_finalize (GObject *object)
{
  gst_mx_mixer_clear (&GST_MX_MIX (object)->mixer);
  G_OBJECT_CLASS (gst_mx_mix_parent_class)->finalize (object);
}

static void
gst_mx_mix_class_init (GstMxMixClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_mx_mix_debug, "mxmix", 0, "Example mixer");
  G_OBJECT_CLASS (klass)->finalize = gst_mx_mix_finalize;
  element_class->request_new_pad =
      GST_DEBUG_FUNCPTR (gst_mx_mix_request_new_pad);
  element_class->release_pad = GST_DEBUG_FUNCPTR (gst_mx_mix_release_pad);
  element_class->change_state = GST_DEBUG_FUNCPTR (gst_mx_mix_change_state);

  gst_element_class_add_static_pad_template_with_gtype (
      element_class, &sink_template, GST_TYPE_MX_MIX_PAD);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Example mixer",
      "Generic/Audio",
      "Mixes whole examples of several sources at a chosen ratio",
      "The gst-multiexit developers");
}

static void
gst_mx_mix_init (GstMxMix *self)
{
  self->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_event_function (
      self->srcpad, GST_DEBUG_FUNCPTR (gst_mx_mix_src_event));
  gst_pad_set_query_function (
      self->srcpad, GST_DEBUG_FUNCPTR (gst_mx_mix_src_query));
  GST_PAD_SET_PROXY_CAPS (self->srcpad);
  gst_element_add_pad (GST_ELEMENT (self), self->srcpad);
  gst_mx_mixer_init (&self->mixer, GST_ELEMENT (self), self->srcpad);
  gst_mx_mixer_reset (&self->mixer);
}
