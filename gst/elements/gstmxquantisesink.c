/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/**
 * SECTION:element-mxquantisesink
 * @title: mxquantisesink
 * @short_description: makes a model of 8 bits of one in floats
 *
 * Behind mxdatasetsrc, or any source that `mxclassify` would take: runs the
 * model over what it hears, watches the ranges of what its convolutions take
 * in, and at the end of the stream writes the model with weights and inputs of
 * these convolutions in 8 bits. The file is about a quarter of the size, and
 * `mxclassify` runs it faster, with no property to be set. It cannot be trained
 * any further.
 *
 * Labels are not needed, and windows the model was trained on will do: what is
 * learnt is how large numbers get. Answers change little; see by how much with
 * `mxevalsink`.
 *
 * Before EOS the element message `mxquantisesink` is posted:
 *
 * * #gchararray `location`: the file that was written
 * * #guint64 `windows`: that ranges were taken from
 * * #guint `layers`, `layers-left`: convolutions in 8 bits, and those that stay
 *   in floats as they heard nothing but zeros
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 mxdatasetsrc location=speech !
 *   mxquantisesink model-file=speech.safetensors
 *     location=speech-i8.safetensors
 * ]| Makes a model of 8 bits.
 */

#include "config.h"

#include "gstmxlistener.h"
#include "gstmxmodel.h"
#include "gstmxoutput.h"
#include "gstmxproperties.h"
#include "gstmxruns.h"
#include "mx-model-file.h"
#include "mx-quantiser.h"

GST_DEBUG_CATEGORY_STATIC (gst_mx_quantise_sink_debug);
#define GST_CAT_DEFAULT gst_mx_quantise_sink_debug

#define DEFAULT_MODEL_FILE NULL
#define DEFAULT_LOCATION NULL

/* Fewer show ranges badly. */
#define FEW_WINDOWS 100

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (GST_AUDIO_CAPS_MAKE (
            GST_AUDIO_FORMATS_ALL) ", layout = (string) { interleaved, "
                                   "non-interleaved }"));

#define GST_TYPE_MX_QUANTISE_SINK (gst_mx_quantise_sink_get_type ())
G_DECLARE_FINAL_TYPE (
    GstMxQuantiseSink, gst_mx_quantise_sink, GST, MX_QUANTISE_SINK, GstBaseSink)

typedef struct {
  gchar *model_file, *location;
} Settings;

struct _GstMxQuantiseSink {
  GstBaseSink parent;

  Settings settings; /* under the object lock */

  /* from begin() to end(), the streaming thread's */
  MxNetwork *network;
  MxQuantiser *quantiser;
  GstMxListener *listener;
  guint64 windows, not_finite;
};

GST_ELEMENT_REGISTER_DECLARE (mxquantisesink);
G_DEFINE_FINAL_TYPE (
    GstMxQuantiseSink, gst_mx_quantise_sink, GST_TYPE_BASE_SINK)
GST_ELEMENT_REGISTER_DEFINE (
    mxquantisesink, "mxquantisesink", GST_RANK_NONE, GST_TYPE_MX_QUANTISE_SINK);

/* --- settings --- */

static void
clear_settings (Settings *settings)
{
  g_free (settings->model_file);
  g_free (settings->location);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Settings, clear_settings)

/* A copy, to be cleared. */
static Settings
get_settings (GstMxQuantiseSink *self)
{
  Settings settings;

  GST_OBJECT_LOCK (self);
  settings.model_file = g_strdup (self->settings.model_file);
  settings.location = g_strdup (self->settings.location);
  GST_OBJECT_UNLOCK (self);
  return settings;
}

/* --- start and stop --- */

static gboolean
check_settings (GstMxQuantiseSink *self, const Settings *settings)
{
  if (settings->model_file == NULL) {
    GST_ELEMENT_ERROR (self, RESOURCE, NOT_FOUND,
        ("There is no model to quantise: set the property model-file."),
        (NULL));
    return FALSE;
  }
  if (settings->location == NULL) {
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("There is no place for the quantised model: set the property "
         "location."),
        (NULL));
    return FALSE;
  }
  return gst_mx_output_check (GST_ELEMENT (self), "model", settings->location);
}

static gboolean
load (GstMxQuantiseSink *self, const gchar *filename)
{
  g_autoptr (GError) error = NULL;

  self->network = gst_mx_model_load (filename, MX_STORAGE_F32, &error);
  if (self->network == NULL) {
    gst_mx_model_post (GST_ELEMENT (self), GST_MESSAGE_ERROR, filename, error);
    return FALSE;
  }
  self->quantiser = mx_quantiser_new (self->network, filename, &error);
  if (self->quantiser == NULL) {
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("The model cannot be quantised: %s.", error->message), (NULL));
    g_clear_pointer (&self->network, gst_mx_model_unref);
  }
  return self->quantiser != NULL;
}

/* A GstMxListenerFunc. */
static void
count (const MxDescription *description, const MxResult *result,
    const GstMxTimes *times, gpointer user_data)
{
  GstMxQuantiseSink *self = GST_MX_QUANTISE_SINK (user_data);

  if (result->finite)
    self->windows++;
  else
    self->not_finite++;
}

static gboolean
gst_mx_quantise_sink_begin (GstBaseSink *sink)
{
  GstMxQuantiseSink *self = GST_MX_QUANTISE_SINK (sink);
  g_auto (Settings) settings = get_settings (self);

  if (!check_settings (self, &settings) || !load (self, settings.model_file))
    return FALSE;
  self->windows = self->not_finite = 0;
  self->listener = gst_mx_listener_new (
      self->network, 0, GST_BASE_SINK_PAD (sink), count, self);
  gst_mx_listener_set_all_exits (self->listener, TRUE);
  gst_mx_listener_set_quantiser (self->listener, self->quantiser);
  return TRUE;
}

static void
gst_mx_quantise_sink_end (GstBaseSink *sink)
{
  GstMxQuantiseSink *self = GST_MX_QUANTISE_SINK (sink);

  g_clear_pointer (&self->listener, gst_mx_listener_free);
  g_clear_pointer (&self->quantiser, mx_quantiser_free);
  g_clear_pointer (&self->network, gst_mx_model_unref);
}

static GstStateChangeReturn
gst_mx_quantise_sink_change_state (
    GstElement *element, GstStateChange transition)
{
  static const GstMxRuns runs = {
      gst_mx_quantise_sink_begin, gst_mx_quantise_sink_end};

  return gst_mx_runs_change_state (
      &runs, gst_mx_quantise_sink_parent_class, element, transition);
}

/* --- the stream --- */

static gboolean
gst_mx_quantise_sink_set_caps (GstBaseSink *sink, GstCaps *caps)
{
  GstMxQuantiseSink *self = GST_MX_QUANTISE_SINK (sink);
  g_autoptr (GError) error = NULL;
  GstAudioInfo info;

  gst_mx_listener_finish (self->listener);
  if (gst_audio_info_from_caps (&info, caps) &&
      gst_mx_listener_set_info (self->listener, &info, &error))
    return TRUE;
  GST_ELEMENT_ERROR (self, STREAM, FORMAT,
      ("The model cannot hear this stream: %s.",
          error != NULL ? error->message : "its caps are not complete"),
      ("%" GST_PTR_FORMAT, caps));
  return FALSE;
}

static GstFlowReturn
gst_mx_quantise_sink_render (GstBaseSink *sink, GstBuffer *buffer)
{
  GstMxQuantiseSink *self = GST_MX_QUANTISE_SINK (sink);

  if (!gst_mx_listener_is_ready (self->listener))
    return GST_FLOW_NOT_NEGOTIATED;
  if (GST_BUFFER_IS_DISCONT (buffer) ||
      gst_mx_listener_is_interrupted (self->listener, buffer))
    gst_mx_listener_finish (self->listener);
  if (gst_mx_listener_hear (self->listener, buffer))
    return GST_FLOW_OK;
  GST_ELEMENT_ERROR (self, STREAM, FORMAT,
      ("A buffer does not hold what its caps say."), (NULL));
  return GST_FLOW_ERROR;
}

static void
announce (GstMxQuantiseSink *self, const gchar *location)
{
  const guint heard = (guint)mx_quantiser_get_heard (self->quantiser);
  const guint left = (guint)mx_quantiser_get_layers (self->quantiser) - heard;
  g_autofree gchar *summary = g_strdup_printf (
      "%u convolutions in 8 bits, ranges of %" G_GUINT64_FORMAT " windows",
      heard, self->windows);

  gst_mx_output_announce (GST_ELEMENT (self), summary,
      gst_structure_new ("mxquantisesink", "location", G_TYPE_STRING, location,
          "windows", G_TYPE_UINT64, self->windows, "layers", G_TYPE_UINT, heard,
          "layers-left", G_TYPE_UINT, left, NULL));
}

static void
warn_of_ranges (GstMxQuantiseSink *self)
{
  const gchar *swamped = mx_quantiser_find_swamped (self->quantiser);

  if (self->not_finite > 0)
    GST_ELEMENT_WARNING (self, STREAM, FAILED,
        ("%" G_GUINT64_FORMAT " windows hold samples that are no finite "
         "numbers, or too large for the model: leave out these recordings, or "
         "repair them.",
            self->not_finite),
        (NULL));
  if (swamped != NULL)
    GST_ELEMENT_WARNING (self, STREAM, FAILED,
        ("The range of %s is that of a few absurd samples, 2048 times as large "
         "as all others: the quantised model will hear nothing else. Leave out "
         "these recordings, or repair them.",
            swamped),
        (NULL));
  if (self->windows < FEW_WINDOWS)
    GST_ELEMENT_WARNING (self, STREAM, FAILED,
        ("Only %" G_GUINT64_FORMAT " windows came: ranges are not known well "
         "from so few.",
            self->windows),
        (NULL));
}

static gboolean
quantise (GstMxQuantiseSink *self)
{
  g_auto (Settings) settings = get_settings (self);
  g_autoptr (MxNetwork) network = NULL;
  g_autoptr (GError) error = NULL;

  if (self->windows == 0 || mx_quantiser_get_heard (self->quantiser) == 0) {
    GST_ELEMENT_ERROR (self, STREAM, FAILED,
        ("Nothing was quantised: no window came that was not silent. Put "
         "mxdatasetsrc in front of mxquantisesink."),
        (NULL));
    return FALSE;
  }
  warn_of_ranges (self);
  network = mx_quantiser_finish (self->quantiser);
  if (!mx_model_file_save (network, settings.location, &error)) {
    gst_mx_output_fail (
        GST_ELEMENT (self), GST_RESOURCE_ERROR_WRITE, "model", error);
    return FALSE;
  }
  announce (self, settings.location);
  return TRUE;
}

static gboolean
gst_mx_quantise_sink_event (GstBaseSink *sink, GstEvent *event)
{
  GstMxQuantiseSink *self = GST_MX_QUANTISE_SINK (sink);
  gboolean good = TRUE;

  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_STREAM_START:
  case GST_EVENT_SEGMENT:
    gst_mx_listener_finish (self->listener);
    break;
  case GST_EVENT_FLUSH_STOP:
    gst_mx_listener_forget (self->listener);
    break;
  case GST_EVENT_GAP:
    if (gst_mx_listener_is_interrupted_by_gap (self->listener, event))
      gst_mx_listener_finish (self->listener);
    else
      gst_mx_listener_hear_gap (self->listener, event);
    break;
  case GST_EVENT_EOS:
    gst_mx_listener_finish (self->listener);
    good = quantise (self);
    break;
  default:
    break;
  }
  if (good)
    return GST_BASE_SINK_CLASS (gst_mx_quantise_sink_parent_class)
        ->event (sink, event);
  gst_event_unref (event);
  return FALSE;
}

/* --- the object --- */

static void
gst_mx_quantise_sink_finalize (GObject *object)
{
  clear_settings (&GST_MX_QUANTISE_SINK (object)->settings);
  G_OBJECT_CLASS (gst_mx_quantise_sink_parent_class)->finalize (object);
}

static void
gst_mx_quantise_sink_init (GstMxQuantiseSink *self)
{
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
  gst_base_sink_set_last_sample_enabled (GST_BASE_SINK (self), FALSE);
}

#define MEMBER(member) GST_MX_MEMBER (GstMxQuantiseSink, settings.member)

static void
install_properties (GObjectClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT |
                            G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY;

  gst_mx_property_install (klass, MEMBER (model_file),
      g_param_spec_string ("model-file", "Model file",
          "Model (safetensors) in floats to quantise", DEFAULT_MODEL_FILE,
          flags));
  gst_mx_property_install (klass, MEMBER (location),
      g_param_spec_string ("location", "Location",
          "Quantised model (safetensors) to write at the end of the stream",
          DEFAULT_LOCATION, flags));
}

static void
gst_mx_quantise_sink_class_init (GstMxQuantiseSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      gst_mx_quantise_sink_debug, "mxquantisesink", 0, "Quantisation sink");
  object_class->set_property = gst_mx_object_set_property;
  object_class->get_property = gst_mx_object_get_property;
  object_class->finalize = gst_mx_quantise_sink_finalize;
  install_properties (object_class);

  element_class->change_state = gst_mx_quantise_sink_change_state;
  sink_class->set_caps = gst_mx_quantise_sink_set_caps;
  sink_class->render = gst_mx_quantise_sink_render;
  sink_class->event = gst_mx_quantise_sink_event;

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class, "Quantisation sink",
      "Sink/Analyzer",
      "Makes a model of 8 bits of one in floats, by the ranges of what its "
      "convolutions take in",
      "The gst-multiexit developers");
}
