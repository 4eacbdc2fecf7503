/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/**
 * SECTION:element-mxperturb
 * @title: mxperturb
 *
 * Makes a perturbed copy of a sensor stream: the same number of samples with
 * the same timestamps, changed as another speaker, wearer, room or sensor
 * would change them.  It feeds the second pad of a training sink, and tells
 * how much a trained model endures.
 *
 * Between two `GstMxExample` events the whole example is gathered (up to
 * #GstMxPerturb:max-duration) and perturbed as one; what goes beyond, and a
 * stream without such events, is perturbed in blocks of #GstMxPerturb:block.
 * Chance depends on #GstMxPerturb:seed and on epoch and index of the example
 * only, never on the order of examples or on the size of buffers.  A gap is
 * perturbed as the example it leads to.
 *
 * Samples are 32-bit floats; `audioconvert` makes them of anything else.  They
 * are never clipped, so that physical units pass.
 *
 * With #GstMxPerturb:attach-meta, each buffer carries one custom meta
 * `GstMxPerturbation` for each stretch that it has a part in.  Its fields, of
 * which only those are there that were done:
 *
 * * `epoch` #guint, `index` #guint64: of the example
 * * `part` #guint64: number of the stretch in its example or in the stream
 * * `speed` #gdouble: factor of the duration
 * * `warp` #gboolean: the local speed varied
 * * `shift` #gint64: in nanoseconds
 * * `rotation` #gdouble: in degrees
 * * `channel-shift` #gint: by so many channels, up if positive
 * * `flipped` #guint: channels; `gain` #gdouble: in dB
 * * `noise` string: white, pink or brown; `snr` #gdouble: in dB
 * * `wander`, `motion` #gboolean; `hum` #gdouble: in Hz
 * * `mask` #gint64: length in nanoseconds
 * * `dropped` #guint: channels
 * * `clip` #gdouble: in dB below the peak
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 filesrc location=digits.wav ! wavparse ! audioconvert ! \
 *     mxperturb seed=3 ! audioconvert ! autoaudiosink
 * ]| Speech, one block of a second after the other.
 */

#include "config.h"

#include <gst/audio/audio.h>

#include "gstmxperturb.h"
#include "gstmxperturbreport.h"
#include "gstmxperturbsettings.h"

GST_DEBUG_CATEGORY (mxperturb_debug);
#define GST_CAT_DEFAULT mxperturb_debug

struct _GstMxPerturb {
  GstElement parent;
  GstPad *sinkpad, *srcpad;

  /* Under the object lock. */
  GstMxPerturbSettings settings;
  guint rate;          /* of the stream, 0: none yet */
  gboolean in_example; /* an example event came */

  /* In the streaming thread. */
  GstSegment segment;
  GstMxStretch next;
  GstMxGather gather;
  MxPerturb *perturb;
};

#define CAPS                                                                   \
  GST_AUDIO_CAPS_MAKE (GST_AUDIO_NE (F32)) ", layout = (string) interleaved"

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (CAPS));

G_DEFINE_FINAL_TYPE_WITH_CODE (GstMxPerturb, gst_mx_perturb, GST_TYPE_ELEMENT,
    G_IMPLEMENT_INTERFACE (
        GST_TYPE_PRESET, gst_mx_perturb_settings_init_presets));
GST_ELEMENT_REGISTER_DEFINE (
    mxperturb, "mxperturb", GST_RANK_NONE, GST_TYPE_MX_PERTURB);

/* As a stream begins: no example, first part. */
static void
gst_mx_perturb_rewind (GstMxPerturb *self)
{
  gst_mx_gather_forget (&self->gather);
  self->next = (GstMxStretch){0};
  GST_OBJECT_LOCK (self);
  self->in_example = FALSE;
  GST_OBJECT_UNLOCK (self);
}

/* How many frames are perturbed as one. */
static gsize
gst_mx_perturb_stretch (GstMxPerturb *self)
{
  guint64 frames;

  GST_OBJECT_LOCK (self);
  frames = gst_util_uint64_scale_round (
      self->next.at_start ? self->settings.max_duration : self->settings.block,
      self->rate, GST_SECOND);
  GST_OBJECT_UNLOCK (self);
  return CLAMP (frames, 1, G_MAXINT);
}

static void
gst_mx_perturb_sync_values (GstMxPerturb *self)
{
  GstClockTime time = gst_segment_to_stream_time (
      &self->segment, GST_FORMAT_TIME, gst_mx_gather_time (&self->gather));

  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_object_sync_values (GST_OBJECT (self), time);
}

/* The next @n frames, as one. */
static GstFlowReturn
gst_mx_perturb_work (GstMxPerturb *self, gsize n)
{
  MxSignal signal = {
      n, self->gather.channels, self->rate, gst_mx_gather_next (&self->gather)};
  g_auto (GstMxPerturbSettings) settings = {0};
  g_autoptr (GError) error = NULL;
  MxPerturbed done;

  gst_mx_perturb_sync_values (self);
  GST_OBJECT_LOCK (self);
  settings = gst_mx_perturb_settings_copy (&self->settings);
  GST_OBJECT_UNLOCK (self);
  if (!gst_mx_perturb_settings_apply (&settings, self->perturb,
          gst_mx_stretch_chance (&self->next), &signal, &done, &error)) {
    GST_ELEMENT_ERROR (self, LIBRARY, SETTINGS, ("%s", error->message), (NULL));
    return GST_FLOW_ERROR;
  }
  gst_mx_perturb_report (GST_ELEMENT (self), &self->gather, n, &self->next,
      &done, settings.attach_meta);
  gst_mx_gather_advance (&self->gather, n);
  gst_mx_stretch_advance (&self->next);
  return GST_FLOW_OK;
}

/* Ends a stretch where the stream says so.  Nothing waits afterwards. */
static GstFlowReturn
gst_mx_perturb_drain (GstMxPerturb *self)
{
  gsize left = gst_mx_gather_left (&self->gather);
  GstFlowReturn ret = GST_FLOW_OK;

  if (left > 0)
    ret = gst_mx_perturb_work (self, left);
  if (ret == GST_FLOW_OK)
    ret = gst_mx_gather_push (&self->gather, self->srcpad);
  gst_mx_gather_forget (&self->gather);
  return ret;
}

static gboolean
gst_mx_perturb_check_buffer (GstMxPerturb *self, GstBuffer *buffer)
{
  gsize size = gst_buffer_get_size (buffer);
  gsize bpf = self->gather.channels * sizeof (gfloat);

  if (size % bpf == 0)
    return TRUE;
  GST_ELEMENT_ERROR (self, STREAM, FORMAT,
      ("A buffer of %" G_GSIZE_FORMAT " bytes does not hold whole frames of "
       "%" G_GSIZE_FORMAT " bytes.",
          size, bpf),
      (NULL));
  return FALSE;
}

static GstFlowReturn
gst_mx_perturb_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstMxPerturb *self = GST_MX_PERTURB (parent);
  GstFlowReturn ret = GST_FLOW_OK;
  gsize stretch;

  if (self->gather.channels == 0)
    ret = GST_FLOW_NOT_NEGOTIATED;
  else if (!gst_mx_perturb_check_buffer (self, buffer))
    ret = GST_FLOW_ERROR;
  /* Samples on both sides of a discontinuity have nothing to do with each
   * other. */
  else if (GST_BUFFER_IS_DISCONT (buffer))
    ret = gst_mx_perturb_drain (self);
  if (ret != GST_FLOW_OK) {
    gst_buffer_unref (buffer);
    return ret;
  }

  gst_mx_gather_buffer (&self->gather, buffer);
  while (gst_mx_gather_left (&self->gather) >=
         (stretch = gst_mx_perturb_stretch (self))) {
    ret = gst_mx_perturb_work (self, stretch);
    if (ret != GST_FLOW_OK)
      return ret;
  }
  return gst_mx_gather_push (&self->gather, self->srcpad);
}

static void
gst_mx_perturb_begin_example (GstMxPerturb *self, const GstMxExample *example)
{
  gboolean is_first;

  GST_OBJECT_LOCK (self);
  is_first = !self->in_example;
  self->in_example = TRUE;
  GST_OBJECT_UNLOCK (self);
  /* The latency has become that of an example. */
  if (is_first)
    gst_element_post_message (
        GST_ELEMENT (self), gst_message_new_latency (GST_OBJECT (self)));
  gst_mx_stretch_begin_example (&self->next, example, is_first);
}

/* Any caps of the template: a channel mask may be there or not. */
static void
gst_mx_perturb_set_caps (GstMxPerturb *self, GstCaps *caps)
{
  const GstStructure *structure = gst_caps_get_structure (caps, 0);
  gint rate = 0, channels = 0;

  gst_structure_get_int (structure, "rate", &rate);
  gst_structure_get_int (structure, "channels", &channels);
  self->gather.channels = channels;
  GST_OBJECT_LOCK (self);
  self->rate = rate;
  GST_OBJECT_UNLOCK (self);
}

/* Follows what the event says; TRUE if it was taken: it waits behind buffers,
 * or has gone. */
static gboolean
gst_mx_perturb_follow_event (GstMxPerturb *self, GstEvent *event)
{
  GstMxExample example;
  GstCaps *caps;

  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_STREAM_START:
    gst_mx_perturb_drain (self);
    gst_mx_perturb_rewind (self);
    return FALSE;
  case GST_EVENT_CAPS:
    gst_mx_perturb_drain (self);
    gst_event_parse_caps (event, &caps);
    gst_mx_perturb_set_caps (self, caps);
    return FALSE;
  case GST_EVENT_SEGMENT:
    gst_mx_perturb_drain (self);
    gst_event_copy_segment (event, &self->segment);
    return FALSE;
  case GST_EVENT_GAP:
  case GST_EVENT_SEGMENT_DONE:
  case GST_EVENT_STREAM_GROUP_DONE:
  case GST_EVENT_EOS:
    gst_mx_perturb_drain (self);
    return FALSE;
  case GST_EVENT_FLUSH_STOP:
    gst_pad_push_event (self->srcpad, event);
    gst_mx_gather_flush (&self->gather, self->srcpad);
    gst_mx_perturb_rewind (self);
    gst_segment_init (&self->segment, GST_FORMAT_TIME);
    return TRUE;
  default:
    break;
  }
  if (gst_mx_example_event_parse (event, &example)) {
    gst_mx_perturb_drain (self);
    gst_mx_perturb_begin_example (self, &example);
    gst_mx_example_clear (&example);
    return FALSE;
  }
  return GST_EVENT_IS_SERIALIZED (event) &&
         gst_mx_gather_event (&self->gather, event);
}

static gboolean
gst_mx_perturb_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstMxPerturb *self = GST_MX_PERTURB (parent);

  return gst_mx_perturb_follow_event (self, event) ||
         gst_pad_event_default (pad, parent, event);
}

/* All buffers of a stretch wait here: a pool that has only so many would leave
 * upstream without, and the stretch without its end. */
static void
gst_mx_perturb_remove_small_pools (GstQuery *query)
{
  guint i = gst_query_get_n_allocation_pools (query), most;

  while (i-- > 0) {
    gst_query_parse_nth_allocation_pool (query, i, NULL, NULL, NULL, &most);
    if (most > 0)
      gst_query_remove_nth_allocation_pool (query, i);
  }
}

static gboolean
gst_mx_perturb_sink_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  GstMxPerturb *self = GST_MX_PERTURB (parent);

  if (GST_QUERY_TYPE (query) == GST_QUERY_DRAIN)
    gst_mx_perturb_drain (self);
  if (!gst_pad_query_default (pad, parent, query))
    return FALSE;
  if (GST_QUERY_TYPE (query) == GST_QUERY_ALLOCATION)
    gst_mx_perturb_remove_small_pools (query);
  return TRUE;
}

/* A frame waits for the last of its stretch. */
static void
gst_mx_perturb_add_latency (GstMxPerturb *self, GstQuery *query)
{
  GstClockTime own, min, max;
  gboolean live;

  GST_OBJECT_LOCK (self);
  own = self->settings.block;
  if (self->in_example)
    own = MAX (own, self->settings.max_duration);
  GST_OBJECT_UNLOCK (self);
  gst_query_parse_latency (query, &live, &min, &max);
  min += own;
  if (GST_CLOCK_TIME_IS_VALID (max))
    max += own;
  gst_query_set_latency (query, live, min, max);
}

static gboolean
gst_mx_perturb_src_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  GstMxPerturb *self = GST_MX_PERTURB (parent);

  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);
  if (!gst_pad_peer_query (self->sinkpad, query))
    return FALSE;
  gst_mx_perturb_add_latency (self, query);
  return TRUE;
}

static GstStateChangeReturn
gst_mx_perturb_change_state (GstElement *element, GstStateChange transition)
{
  GstMxPerturb *self = GST_MX_PERTURB (element);
  GstStateChangeReturn ret = GST_ELEMENT_CLASS (gst_mx_perturb_parent_class)
                                 ->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    gst_mx_perturb_rewind (self);
    self->gather.channels = 0;
    GST_OBJECT_LOCK (self);
    self->rate = 0;
    GST_OBJECT_UNLOCK (self);
  }
  return ret;
}

static void
gst_mx_perturb_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstMxPerturb *self = GST_MX_PERTURB (object);

  GST_OBJECT_LOCK (self);
  gst_mx_perturb_settings_set (&self->settings, pspec, value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_mx_perturb_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstMxPerturb *self = GST_MX_PERTURB (object);

  GST_OBJECT_LOCK (self);
  gst_mx_perturb_settings_get (&self->settings, pspec, self->rate, value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_mx_perturb_finalize (GObject *object)
{
  GstMxPerturb *self = GST_MX_PERTURB (object);

  gst_mx_gather_clear (&self->gather);
  g_clear_pointer (&self->perturb, mx_perturb_free);
  gst_mx_perturb_settings_clear (&self->settings);
  G_OBJECT_CLASS (gst_mx_perturb_parent_class)->finalize (object);
}

static void
gst_mx_perturb_class_init (GstMxPerturbClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      mxperturb_debug, "mxperturb", 0, "perturbation of sensor streams");

  object_class->set_property = gst_mx_perturb_set_property;
  object_class->get_property = gst_mx_perturb_get_property;
  object_class->finalize = gst_mx_perturb_finalize;
  element_class->change_state = GST_DEBUG_FUNCPTR (gst_mx_perturb_change_state);
  gst_mx_perturb_settings_install (object_class);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Perturbation of sensor streams", "Filter/Effect/Audio",
      "Makes a perturbed copy of a stream, seeded: speed, shift, rotation, "
      "gain, "
      "noise, masks, lost channels, clipping and more",
      "The gst-multiexit developers");
  gst_mx_perturb_report_register ();
}

static void
gst_mx_perturb_init (GstMxPerturb *self)
{
  self->sinkpad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (
      self->sinkpad, GST_DEBUG_FUNCPTR (gst_mx_perturb_chain));
  gst_pad_set_event_function (
      self->sinkpad, GST_DEBUG_FUNCPTR (gst_mx_perturb_sink_event));
  gst_pad_set_query_function (
      self->sinkpad, GST_DEBUG_FUNCPTR (gst_mx_perturb_sink_query));
  GST_PAD_SET_PROXY_CAPS (self->sinkpad);
  GST_PAD_SET_PROXY_ALLOCATION (self->sinkpad);
  gst_element_add_pad (GST_ELEMENT (self), self->sinkpad);

  self->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_query_function (
      self->srcpad, GST_DEBUG_FUNCPTR (gst_mx_perturb_src_query));
  GST_PAD_SET_PROXY_CAPS (self->srcpad);
  gst_element_add_pad (GST_ELEMENT (self), self->srcpad);

  gst_segment_init (&self->segment, GST_FORMAT_TIME);
  gst_mx_perturb_settings_init (&self->settings);
  gst_mx_gather_init (&self->gather);
  self->perturb = mx_perturb_new ();
}
