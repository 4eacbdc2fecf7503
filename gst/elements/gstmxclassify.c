/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/**
 * SECTION:element-mxclassify
 * @title: mxclassify
 * @short_description: says what a stream contains, at the cost it needs
 *
 * Passes any raw audio, or any sensor sent as such, on untouched, and tells for
 * each window of it which of the model's labels fits best. The network has
 * several exits: what lies behind the exit that answers is not computed, see
 * #GstMxClassify:policy. A side copy is converted to the model's rate and
 * channels; these are taken by index, and stereo averaged for one channel.
 *
 * Each result is posted as an element message `mxclassify` and rides, as a
 * custom meta `GstMxResult` with the same fields, on the buffer that completes
 * the window: the one with its last sample or, where the rate is converted, up
 * to 33 samples of the slower rate later. What is complete only at the end of a
 * recording, because of that or because the recording fills no window, comes
 * then, in a serialized custom downstream event `GstMxResult`.
 *
 * * #gchararray `element`: name of the element that answers
 * * #guint64 `sequence`: counts the results since the element was started
 * * #GstClockTime `timestamp`, `stream-time`, `running-time`: of the window's
 *   first sample; none if the stream has no timestamps
 * * #GstClockTime `duration`: of what was heard of the window
 * * #gboolean `finite`: %FALSE for a window with samples that are no finite
 *   numbers, or too large for the model; then all labels are equally probable
 * * #guint `exit`, `exits`: that answered, from 1; and how many there are
 * * #guint `class`, #gchararray `label`: the most probable
 * * #gdouble `confidence`: its probability
 * * #gdouble `entropy`: of all probabilities, in nats
 * * #GstValueArray of #gdouble `probabilities`: in the order of the labels
 * * #guint64 `macs`, `macs-full`: multiply-accumulates done, and to the last
 *   exit
 * * #GstClockTime `latency`: computing time
 * * #gboolean `skipped`: the input did not change, the answer is the last one
 * * #gboolean `limited`: there was no time for the depth the policy wants
 * * with #GstMxClassify:all-exits also #GstValueArray `exit-labels`,
 *   `exit-probabilities`, `exit-temperatures`, `exit-macs`: what each exit
 *   would answer and cost
 *
 * When #GstMxClassify:deadline or, with `qos`, late sinks leave time for
 * another depth than before, a QoS message says so; its quality is that depth
 * of the deepest allowed, times 1000000. No sample is ever dropped.
 *
 * Where #GstMxClassify:model-file is set while playing, each window is answered
 * by one model, and before the new one's first result an element message
 * `mxclassify-model` is posted:
 *
 * * #gchararray `model-file` (may be %NULL), `name`
 * * #GstValueArray of #gchararray `labels`: in class order
 * * #gboolean `labels-changed`: they are not those of the model before
 * * #guint `exits`
 * * #GstClockTime `timestamp`, `stream-time`, `running-time`: windows that
 * begin there or later are the new model's; none if unknown
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 -m autoaudiosrc ! mxclassify ! fakesink
 * ]| Listens to the microphone with the built-in model and prints each result.
 * |[
 * gst-launch-1.0 -m filesrc location=walk.wav ! wavparse !
 *   mxclassify model-file=activity.safetensors exit-threshold=0.9 ! fakesink
 * ]| Reads six channels of an accelerometer and gyroscope from a file.
 */

#include "config.h"

#include "gstmxannouncer.h"
#include "gstmxclassifysettings.h"
#include "gstmxhandover.h"
#include "gstmxhearing.h"
#include "gstmxobjections.h"
#include "gstmxpunctuality.h"

GST_DEBUG_CATEGORY (gst_mx_classify_debug);
#define GST_CAT_DEFAULT gst_mx_classify_debug

#define FORMATS                                                                \
  GST_AUDIO_CAPS_MAKE (GST_AUDIO_FORMATS_ALL)                                  \
  ", layout = (string) { interleaved, non-interleaved }"

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (FORMATS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (FORMATS));

#define GST_TYPE_MX_CLASSIFY (gst_mx_classify_get_type ())
G_DECLARE_FINAL_TYPE (
    GstMxClassify, gst_mx_classify, GST, MX_CLASSIFY, GstBaseTransform)

struct _GstMxClassify {
  GstBaseTransform parent;

  /* under the object lock */
  GstMxClassifySettings settings;
  GstMxHandover models;

  /* from start() to stop(), between which the pads are active, the
   * streaming thread's */
  GstMxHearing hearing;
  GstMxAnnouncer announcer;
  GstMxPunctuality punctuality;
  GstAudioInfo info;
  GstMxObjections objections;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (GstMxClassify, gst_mx_classify,
    GST_TYPE_BASE_TRANSFORM,
    G_IMPLEMENT_INTERFACE (
        GST_TYPE_PRESET, gst_mx_classify_settings_init_presets))
GST_ELEMENT_REGISTER_DECLARE (mxclassify);
GST_ELEMENT_REGISTER_DEFINE (
    mxclassify, "mxclassify", GST_RANK_NONE, GST_TYPE_MX_CLASSIFY);

/* --- settings --- */

/* Before it is asked whether the recording goes on. */
static void
align (GstMxClassify *self)
{
  GstMxAlignment alignment;

  GST_OBJECT_LOCK (self);
  alignment = self->settings.alignment;
  GST_OBJECT_UNLOCK (self);
  gst_mx_listener_set_alignment (self->hearing.listener, &alignment);
}

static void
take_snapshot (GstMxClassify *self, GstBuffer *buffer)
{
  GstSegment *segment = &GST_BASE_TRANSFORM (self)->segment;
  gboolean changed;
  MxPolicy policy;

  if (segment->format == GST_FORMAT_TIME) {
    GstClockTime now = gst_segment_to_stream_time (
        segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));

    if (GST_CLOCK_TIME_IS_VALID (now))
      gst_object_sync_values (GST_OBJECT (self), now);
  }
  GST_OBJECT_LOCK (self);
  changed = gst_mx_classify_settings_take_policy (&self->settings, &policy);
  gst_mx_punctuality_set (&self->punctuality, &self->settings);
  gst_mx_announcer_set (&self->announcer, &self->settings, buffer);
  GST_OBJECT_UNLOCK (self);

  if (changed)
    gst_mx_listener_set_policy (self->hearing.listener, &policy);
}

/* A GstMxListenerFunc. */
static void
tell (const MxDescription *description, const MxResult *result,
    const GstMxTimes *times, gpointer user_data)
{
  GstMxClassify *self = user_data;

  GST_OBJECT_LOCK (self);
  gst_mx_tally_read (&self->announcer.tally,
      gst_mx_listener_get_session (self->hearing.listener));
  GST_OBJECT_UNLOCK (self);
  gst_mx_announcer_tell (description, result, times, &self->announcer);
  gst_mx_punctuality_tell (&self->punctuality, result, description, times);
}

/* --- events --- */

/* A GstMxForwardFunc. */
static gboolean
forward (GstBaseTransform *trans, GstEvent *event)
{
  return GST_BASE_TRANSFORM_CLASS (gst_mx_classify_parent_class)
      ->sink_event (trans, event);
}

static gboolean
gst_mx_classify_sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstMxClassify *self = GST_MX_CLASSIFY (trans);

  gst_mx_punctuality_see (&self->punctuality, event);
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    gst_mx_announcer_forget_results (&self->announcer);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_GAP)
    align (self);
  if (gst_mx_hearing_take_event (&self->hearing, event))
    return TRUE;
  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START)
    gst_mx_announcer_forget_stream (&self->announcer);
  return forward (trans, event);
}

/* The base class would drop late buffers: the user's stream, not ours. */
static gboolean
gst_mx_classify_src_event (GstBaseTransform *trans, GstEvent *event)
{
  gst_mx_punctuality_see (&GST_MX_CLASSIFY (trans)->punctuality, event);
  if (GST_EVENT_TYPE (event) == GST_EVENT_QOS)
    return gst_pad_push_event (trans->sinkpad, event);
  return GST_BASE_TRANSFORM_CLASS (gst_mx_classify_parent_class)
      ->src_event (trans, event);
}

/* --- stream --- */

static void
accept_stream (GstMxClassify *self, GstCaps *caps)
{
  g_autofree gchar *doubt = gst_mx_listener_doubt (self->hearing.listener);

  gst_mx_objections_accept (&self->objections, caps, doubt);
}

/* A model that was set while this one listens takes over. */
static gboolean
adopt_successor (GstMxClassify *self)
{
  if (!gst_mx_handover_adopt (
          &self->models, &self->hearing.listener, &self->info))
    return FALSE;
  gst_mx_announcer_widen (
      &self->announcer, self->models.network->program->n_stages);
  return TRUE;
}

static gboolean
gst_mx_classify_set_caps (
    GstBaseTransform *trans, GstCaps *incaps, GstCaps *outcaps)
{
  GstMxClassify *self = GST_MX_CLASSIFY (trans);
  g_autoptr (GError) error = NULL;
  GstAudioInfo info;

  if (!gst_audio_info_from_caps (&info, incaps))
    return gst_mx_objections_refuse (&self->objections, incaps,
        "its caps are not complete; more than two channels need "
        "channel-mask=(bitmask)0x0");
  if (gst_mx_listener_is_ready (self->hearing.listener) &&
      gst_audio_info_is_equal (&info, &self->info))
    return TRUE;
  gst_mx_hearing_finish (&self->hearing);
  self->info = info;
  if (!adopt_successor (self) &&
      !gst_mx_listener_set_info (self->hearing.listener, &info, &error))
    return gst_mx_objections_refuse (&self->objections, incaps, error->message);
  accept_stream (self, incaps);
  return TRUE;
}

static void
look_for_successor (GstMxClassify *self)
{
  if (adopt_successor (self)) {
    g_autoptr (GstCaps) caps =
        gst_pad_get_current_caps (GST_BASE_TRANSFORM_SINK_PAD (self));

    accept_stream (self, caps);
  }
}

static GstFlowReturn
gst_mx_classify_transform_ip (GstBaseTransform *trans, GstBuffer *buffer)
{
  GstMxClassify *self = GST_MX_CLASSIFY (trans);
  gboolean understood;

  align (self);
  gst_mx_hearing_meet (&self->hearing, buffer);
  if (!gst_mx_listener_is_ready (self->hearing.listener))
    return GST_FLOW_NOT_NEGOTIATED;
  /* Pieces in reverse order, each played forwards, are no recording. */
  if (trans->segment.rate < 0)
    return GST_FLOW_OK;
  look_for_successor (self);
  take_snapshot (self, buffer);
  gst_mx_punctuality_measure (&self->punctuality, buffer, &self->info);
  gst_mx_listener_set_time (self->hearing.listener,
      gst_mx_punctuality_get_due (&self->punctuality),
      gst_mx_punctuality_get_limit (&self->punctuality));

  self->announcer.buffer = buffer;
  understood = gst_mx_listener_hear (self->hearing.listener, buffer);
  self->announcer.buffer = NULL;
  gst_mx_listener_set_time (self->hearing.listener, 0, 0);
  if (!understood)
    return gst_mx_objections_refuse_buffer (
        &self->objections, &self->info, buffer);
  return GST_FLOW_OK;
}

/* FALSE: an error was posted. */
static gboolean
start (GstMxClassify *self)
{
  self->hearing.listener = gst_mx_handover_start (&self->models);
  if (self->hearing.listener == NULL)
    return FALSE;
  GST_OBJECT_LOCK (self);
  self->settings.policy_changed = TRUE;
  GST_OBJECT_UNLOCK (self);
  gst_mx_announcer_start (
      &self->announcer, self->models.network->program->n_stages);
  gst_mx_punctuality_start (&self->punctuality);
  g_object_notify (G_OBJECT (self), "labels");
  return TRUE;
}

static void
stop (GstMxClassify *self)
{
  gst_mx_hearing_clear (&self->hearing);
  gst_mx_objections_forget (&self->objections);
  gst_mx_handover_stop (&self->models);
}

/* Not the base class's start() and stop(): it calls them when the pads let data
 * in already, and a model takes its time to load. */
static GstStateChangeReturn
gst_mx_classify_change_state (GstElement *element, GstStateChange transition)
{
  GstMxClassify *self = GST_MX_CLASSIFY (element);
  GstStateChangeReturn result;
  gboolean starts = transition == GST_STATE_CHANGE_READY_TO_PAUSED;

  if (starts && !start (self))
    return GST_STATE_CHANGE_FAILURE;
  result = GST_ELEMENT_CLASS (gst_mx_classify_parent_class)
               ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (starts && result == GST_STATE_CHANGE_FAILURE))
    stop (self);
  return result;
}

/* --- properties --- */

static void
gst_mx_classify_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstMxClassify *self = GST_MX_CLASSIFY (object);
  gboolean known = TRUE;

  GST_OBJECT_LOCK (self);
  if (id == GST_MX_CLASSIFY_PROP_LABELS)
    gst_mx_labels_to_value (self->models.network, value);
  else if (id == GST_MX_CLASSIFY_PROP_MODEL_FILE)
    g_value_set_string (value, self->models.wanted);
  else if (id == GST_MX_CLASSIFY_PROP_STATS)
    g_value_take_boxed (
        value, gst_mx_tally_to_structure (&self->announcer.tally));
  else
    known = gst_mx_classify_settings_get (&self->settings, pspec, value);
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_mx_classify_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstMxClassify *self = GST_MX_CLASSIFY (object);
  g_autofree gchar *wrong = NULL;
  gboolean known;

  if (id == GST_MX_CLASSIFY_PROP_MODEL_FILE) {
    gst_mx_handover_set_file (&self->models, g_value_get_string (value));
    return;
  }
  if (id == GST_MX_CLASSIFY_PROP_EXIT_THRESHOLDS) {
    gst_mx_handover_set_thresholds (&self->models, value);
    return;
  }
  GST_OBJECT_LOCK (self);
  wrong = gst_mx_classify_settings_set (
      &self->settings, pspec, value, self->models.network, &known);
  GST_OBJECT_UNLOCK (self);
  if (wrong != NULL)
    GST_ELEMENT_WARNING (self, LIBRARY, SETTINGS,
        ("%s. What was set before still holds.", wrong), (NULL));
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  gst_mx_announcer_follow (&self->announcer, &self->settings);
}

static void
gst_mx_classify_finalize (GObject *object)
{
  gst_mx_handover_clear (&GST_MX_CLASSIFY (object)->models);
  G_OBJECT_CLASS (gst_mx_classify_parent_class)->finalize (object);
}

static void
gst_mx_classify_class_init (GstMxClassifyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      gst_mx_classify_debug, "mxclassify", 0, "multi-exit classifier");

  object_class->set_property = gst_mx_classify_set_property;
  object_class->get_property = gst_mx_classify_get_property;
  object_class->finalize = gst_mx_classify_finalize;
  gst_mx_classify_settings_install (object_class);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Multi-exit classifier",
      "Filter/Analyzer/Audio",
      "Says what an audio or sensor stream contains, at the cost it needs",
      "The gst-multiexit developers");

  element_class->change_state =
      GST_DEBUG_FUNCPTR (gst_mx_classify_change_state);
  trans_class->set_caps = GST_DEBUG_FUNCPTR (gst_mx_classify_set_caps);
  trans_class->sink_event = GST_DEBUG_FUNCPTR (gst_mx_classify_sink_event);
  trans_class->src_event = GST_DEBUG_FUNCPTR (gst_mx_classify_src_event);
  trans_class->transform_ip = GST_DEBUG_FUNCPTR (gst_mx_classify_transform_ip);
}

static void
gst_mx_classify_init (GstMxClassify *self)
{
  gst_mx_hearing_init (&self->hearing, GST_BASE_TRANSFORM (self), forward);
  gst_mx_announcer_init (&self->announcer, GST_BASE_TRANSFORM (self));
  gst_mx_punctuality_init (&self->punctuality, GST_BASE_TRANSFORM (self));
  gst_mx_objections_init (
      &self->objections, GST_BASE_TRANSFORM (self), &self->models);
  gst_mx_handover_init (
      &self->models, GST_BASE_TRANSFORM (self), &self->settings, tell, self);
  gst_base_transform_set_gap_aware (GST_BASE_TRANSFORM (self), TRUE);
}
