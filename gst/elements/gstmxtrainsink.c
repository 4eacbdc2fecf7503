/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/**
 * SECTION:element-mxtrainsink
 * @title: mxtrainsink
 * @short_description: trains a multi-exit network on the stream
 *
 * Trains all exits of a network at once on labelled and unlabelled examples,
 * and writes the model when the stream ends.  The pad `clean` hears the
 * examples; the pad `perturbed`, if linked, a perturbed copy of the same
 * stream, made by mxperturb or any other filter that keeps the number of
 * samples.  What is heard when is told by the events that mxdatasetsrc sends;
 * windows are paired by them, whichever comes first.
 *
 * The sink asks upstream for the rate and the channels of the network, has its
 * own queues, trains while the pipeline is PLAYING, and ends with EOS.  A
 * pipeline that is stopped before leaves the file at #mxtrainsink:location as
 * it was.
 *
 * Examples of the split `valid` are measured with and not learnt from: the best
 * model is written.  With #GstMxTrainSink:resume a training that was killed
 * goes on from its last checkpoint to the same model.
 *
 * It posts PROGRESS messages with a line of text, and after each epoch an
 * element message `mxtrainsink` with
 *
 * * `epoch` (guint, ended, from 1), `epochs` (gint, -1: unknown)
 * * `step`, `steps` (guint64, done and planned; planned 0: unknown)
 * * `loss`, `clean-loss`, `consistency-loss` (gdouble, means over the epoch)
 * * `accuracy` (array of gdouble, 0..1: for each exit, on the labelled clean
 *   windows as they were trained on; absent without labels)
 * * `learning-rate` (gdouble)
 * * `elapsed`, `remaining` (GstClockTime)
 * * `valid-loss`, `valid-auc` (gdouble), `valid-accuracy`, `valid-macro-f1`
 *   (arrays of gdouble), `valid-windows` (guint64), `best-epoch` (guint, 0: the
 *   model that training began with): where something was measured
 * * `location` (string, only in the last message, once the file is there)
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 mxdatasetsrc location=digits epochs=13 ! tee name=t \
 *     t. ! queue ! train.clean \
 *     t. ! queue ! mxperturb ! train.perturbed \
 *     mxtrainsink name=train architecture=models/digits.json \
 *     location=digits.safetensors
 * ]| Trains all exits to answer perturbed recordings as clean ones.
 * |[
 * gst-launch-1.0 mxdatasetsrc location=activity epochs=6 ! \
 *     mxtrainsink objective=supervised architecture=models/activity.json \
 *     location=activity.safetensors
 * ]| Trains on the recordings as they are.
 */

#include "config.h"

#include "gstmxpairing.h"
#include "gstmxstarvation.h"
#include "gstmxtraincaps.h"
#include "gstmxtrainer.h"
#include "gstmxtrainsettings.h"
#include "gstmxtrainsink.h"

GST_DEBUG_CATEGORY (mx_train_sink_debug);
#define GST_CAT_DEFAULT mx_train_sink_debug

/* What a queue may hold beyond the longest example. */
#define QUEUE_SLACK (4 << 20) /* bytes */

struct _GstMxTrainSink {
  GstBin parent;

  GstMxTrainSettings settings; /* object lock */

  /* Children, made once; NULL if GStreamer's own elements are missing. */
  GstElement *queues, *trainer;
  guint exits;       /* of the network that is loaded */
  GstPad *perturbed; /* ghost pad or NULL.  Object lock */
  GstMxStarvation starvation;
};

static GstStaticPadTemplate clean_template = GST_STATIC_PAD_TEMPLATE (
    "clean", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_MX_TRAIN_CAPS));
static GstStaticPadTemplate perturbed_template =
    GST_STATIC_PAD_TEMPLATE ("perturbed", GST_PAD_SINK, GST_PAD_REQUEST,
        GST_STATIC_CAPS (GST_MX_TRAIN_CAPS));

G_DEFINE_TYPE_WITH_CODE (GstMxTrainSink, gst_mx_train_sink, GST_TYPE_BIN,
                         GST_DEBUG_CATEGORY_INIT (mx_train_sink_debug,
                             "mxtrainsink", 0, "trains multi-exit networks");
                         G_IMPLEMENT_INTERFACE (GST_TYPE_PRESET,
                             gst_mx_train_settings_init_presets));
GST_ELEMENT_REGISTER_DEFINE (
    mxtrainsink, "mxtrainsink", GST_RANK_NONE, GST_TYPE_MX_TRAIN_SINK)

/* ------------------------------------------------------------- properties */

static void
gst_mx_train_sink_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  GstMxTrainSink *self = GST_MX_TRAIN_SINK (object);
  gboolean ours;

  GST_OBJECT_LOCK (self);
  ours = gst_mx_train_settings_set (&self->settings, spec, value);
  GST_OBJECT_UNLOCK (self);
  if (!ours)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
gst_mx_train_sink_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  GstMxTrainSink *self = GST_MX_TRAIN_SINK (object);
  gboolean ours;

  GST_OBJECT_LOCK (self);
  ours = gst_mx_train_settings_get (&self->settings, spec, value);
  GST_OBJECT_UNLOCK (self);
  if (!ours)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

/* -------------------------------------------------------------------- pads */

/* A branch: ghost pad ! queue ! trainer.  Returns the queue's sink pad. */
static GstPad *
add_branch (GstMxTrainSink *self, const gchar *name)
{
  GstPad *sink, *source, *target;
  GstIterator *links;
  GValue value = G_VALUE_INIT;

  sink = gst_element_request_pad_simple (self->queues, "sink_%u");
  target = gst_element_request_pad_simple (self->trainer, name);
  links = gst_pad_iterate_internal_links (sink);
  gst_iterator_next (links, &value);
  source = g_value_get_object (&value);
  gst_pad_link (source, target);
  g_value_unset (&value);
  gst_iterator_free (links);
  gst_object_unref (target);
  return sink;
}

static void
remove_branch (GstMxTrainSink *self, const gchar *name, GstPad *ghost)
{
  GstPad *sink = gst_ghost_pad_get_target (GST_GHOST_PAD (ghost));
  GstPad *target = gst_element_get_static_pad (self->trainer, name);

  gst_element_release_request_pad (self->queues, sink);
  gst_element_release_request_pad (self->trainer, target);
  gst_object_unref (sink);
  gst_object_unref (target);
}

static GstPad *
gst_mx_train_sink_request_new_pad (GstElement *element, GstPadTemplate *templ,
    const gchar *name, const GstCaps *caps)
{
  GstMxTrainSink *self = GST_MX_TRAIN_SINK (element);
  GstPad *sink, *ghost;
  gboolean taken;

  GST_OBJECT_LOCK (self);
  taken = self->perturbed != NULL;
  GST_OBJECT_UNLOCK (self);
  if (taken || self->trainer == NULL)
    return NULL;
  sink = add_branch (self, "perturbed");
  ghost = gst_ghost_pad_new_from_template ("perturbed", sink, templ);
  gst_object_unref (sink);
  gst_mx_starvation_watch (&self->starvation, ghost);
  GST_OBJECT_LOCK (self);
  self->perturbed = ghost;
  GST_OBJECT_UNLOCK (self);
  gst_pad_set_active (ghost, TRUE);
  gst_element_add_pad (element, ghost);
  return ghost;
}

static void
gst_mx_train_sink_release_pad (GstElement *element, GstPad *pad)
{
  GstMxTrainSink *self = GST_MX_TRAIN_SINK (element);
  gboolean ours;

  GST_OBJECT_LOCK (self);
  ours = self->perturbed == pad;
  if (ours)
    self->perturbed = NULL;
  GST_OBJECT_UNLOCK (self);
  if (!ours)
    return;
  gst_pad_set_active (pad, FALSE);
  remove_branch (self, "perturbed", pad);
  gst_element_remove_pad (element, pad);
}

/* ------------------------------------------------------------------ queues */

static void
on_overrun (GstElement *queues, GstMxTrainSink *self)
{
  gst_mx_starvation_check (&self->starvation, queues);
}

static void
size_queues (GstMxTrainSink *self, const MxDescription *description)
{
  guint64 bytes = (guint64)description->rate * GST_MX_LONGEST_EXAMPLE *
                  description->channels * sizeof (gfloat);

  g_object_set (self->queues, "max-size-bytes",
      (guint)MIN (bytes + QUEUE_SLACK, G_MAXUINT), NULL);
}

/* ------------------------------------------------------------------ states */

static gboolean
load (GstMxTrainSink *self, const gchar *architecture, const gchar *model_file)
{
  g_autoptr (GError) error = NULL;
  const MxDescription *description;

  if ((model_file == NULL) == (architecture == NULL)) {
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("Set either architecture (the description of a network, to train from "
         "fresh weights) or model-file (a model to start from)."),
        (NULL));
    return FALSE;
  }
  description = gst_mx_trainer_load (
      GST_MX_TRAINER (self->trainer), architecture, model_file, &error);
  if (description == NULL) {
    GST_ELEMENT_ERROR (self, RESOURCE, OPEN_READ,
        ("The network could not be loaded: %s.", error->message), (NULL));
    return FALSE;
  }
  size_queues (self, description);
  self->exits = (guint)description->program->n_stages;
  return TRUE;
}

/* @anew: whether or not another file was named since. */
static gboolean
load_network (GstMxTrainSink *self, gboolean anew)
{
  g_autofree gchar *model_file = NULL, *architecture = NULL;
  gboolean loaded, wanted;

  GST_OBJECT_LOCK (self);
  model_file = g_strdup (self->settings.model_file);
  architecture = g_strdup (self->settings.architecture);
  wanted = anew || self->settings.unloaded;
  self->settings.unloaded = FALSE;
  GST_OBJECT_UNLOCK (self);
  loaded = !wanted || load (self, architecture, model_file);
  if (!loaded) {
    GST_OBJECT_LOCK (self);
    self->settings.unloaded = TRUE;
    GST_OBJECT_UNLOCK (self);
  }
  return loaded;
}

static gboolean
configure (GstMxTrainSink *self)
{
  g_autofree gchar *misfit = NULL;

  GST_OBJECT_LOCK (self);
  misfit = gst_mx_train_options_misfit (&self->settings.options, self->exits);
  gst_mx_trainer_configure (GST_MX_TRAINER (self->trainer), &self->settings);
  GST_OBJECT_UNLOCK (self);
  if (misfit == NULL)
    return TRUE;
  GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS, ("%s.", misfit), (NULL));
  return FALSE;
}

/* Requested but not linked: it has ended, else it would be waited for. */
static void
end_unlinked (GstMxTrainSink *self)
{
  GstPad *ghost = gst_element_get_static_pad (GST_ELEMENT (self), "perturbed");
  GstPad *sink = NULL;

  if (ghost != NULL && !gst_pad_is_linked (ghost))
    sink = gst_ghost_pad_get_target (GST_GHOST_PAD (ghost));
  if (sink != NULL) {
    gst_pad_send_event (sink, gst_event_new_stream_start ("unlinked"));
    gst_pad_send_event (sink, gst_event_new_eos ());
  }
  gst_clear_object (&sink);
  gst_clear_object (&ghost);
}

static gboolean
check_elements (GstMxTrainSink *self)
{
  if (self->trainer != NULL)
    return TRUE;
  GST_ELEMENT_ERROR (self, CORE, MISSING_PLUGIN,
      ("GStreamer's core elements multiqueue and fakesink are missing."),
      (NULL));
  return FALSE;
}

static GstStateChangeReturn
gst_mx_train_sink_change_state (GstElement *element, GstStateChange change)
{
  GstMxTrainSink *self = GST_MX_TRAIN_SINK (element);
  GstStateChangeReturn ret;

  if (change == GST_STATE_CHANGE_NULL_TO_READY &&
      (!check_elements (self) || !load_network (self, TRUE)))
    return GST_STATE_CHANGE_FAILURE;
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED &&
      (!load_network (self, FALSE) || !configure (self)))
    return GST_STATE_CHANGE_FAILURE;
  ret = GST_ELEMENT_CLASS (gst_mx_train_sink_parent_class)
            ->change_state (element, change);
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED &&
      ret != GST_STATE_CHANGE_FAILURE)
    end_unlinked (self);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY)
    gst_mx_starvation_reset (&self->starvation);
  if (change == GST_STATE_CHANGE_READY_TO_NULL)
    gst_mx_trainer_unload (GST_MX_TRAINER (self->trainer));
  return ret;
}

/* ------------------------------------------------------------------- class */

/* Before the bin lets go of the children that the pad leads to. */
static void
gst_mx_train_sink_dispose (GObject *object)
{
  GstMxTrainSink *self = GST_MX_TRAIN_SINK (object);

  if (self->perturbed != NULL)
    gst_mx_train_sink_release_pad (GST_ELEMENT (self), self->perturbed);
  G_OBJECT_CLASS (gst_mx_train_sink_parent_class)->dispose (object);
}

static void
gst_mx_train_sink_finalize (GObject *object)
{
  gst_mx_train_settings_clear (&GST_MX_TRAIN_SINK (object)->settings);
  G_OBJECT_CLASS (gst_mx_train_sink_parent_class)->finalize (object);
}

static void
gst_mx_train_sink_class_init (GstMxTrainSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  object_class->set_property = gst_mx_train_sink_set_property;
  object_class->get_property = gst_mx_train_sink_get_property;
  object_class->dispose = gst_mx_train_sink_dispose;
  object_class->finalize = gst_mx_train_sink_finalize;
  gst_mx_train_settings_install (object_class);
  element_class->change_state =
      GST_DEBUG_FUNCPTR (gst_mx_train_sink_change_state);
  element_class->request_new_pad =
      GST_DEBUG_FUNCPTR (gst_mx_train_sink_request_new_pad);
  element_class->release_pad =
      GST_DEBUG_FUNCPTR (gst_mx_train_sink_release_pad);
  gst_element_class_add_static_pad_template (element_class, &clean_template);
  gst_element_class_add_static_pad_template (
      element_class, &perturbed_template);
  gst_element_class_set_static_metadata (element_class,
      "Multi-exit network trainer", "Sink/Trainer/Audio",
      "Trains a multi-exit network on labelled and unlabelled examples of any "
      "sensor, clean and perturbed, and writes the model at the end",
      "The gst-multiexit developers");
}

static void
add_clean_pad (GstMxTrainSink *self)
{
  GstPadTemplate *templ = gst_static_pad_template_get (&clean_template);
  GstPad *sink = add_branch (self, "clean");
  GstPad *ghost = gst_ghost_pad_new_from_template ("clean", sink, templ);

  gst_mx_starvation_watch (&self->starvation, ghost);
  gst_element_add_pad (GST_ELEMENT (self), ghost);
  gst_object_unref (sink);
  gst_object_unref (templ);
}

/* Queues of our own, limited in bytes only: however long one branch takes to
 * give its first sample, neither can starve the other through a tee. */
static void
gst_mx_train_sink_init (GstMxTrainSink *self)
{
  GstElement *queues = gst_element_factory_make ("multiqueue", "queues");
  GstElement *sink = gst_element_factory_make ("fakesink", "sink");

  gst_mx_train_settings_init (&self->settings);
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SINK);
  if (queues == NULL || sink == NULL) {
    g_clear_pointer (&queues, gst_object_unref);
    g_clear_pointer (&sink, gst_object_unref);
    gst_element_add_pad (GST_ELEMENT (self),
        gst_ghost_pad_new_no_target ("clean", GST_PAD_SINK));
    return;
  }
  g_object_set (queues, "max-size-time", G_GUINT64_CONSTANT (0), NULL);
  g_object_set (sink, "sync", FALSE, "enable-last-sample", FALSE, NULL);
  self->queues = queues;
  self->trainer = gst_mx_trainer_new (GST_ELEMENT (self));
  gst_bin_add_many (GST_BIN (self), queues, self->trainer, sink, NULL);
  gst_element_link (self->trainer, sink);
  self->starvation.owner = GST_ELEMENT (self);
  add_clean_pad (self);
  g_signal_connect_object (queues, "overrun", G_CALLBACK (on_overrun), self, 0);
}
