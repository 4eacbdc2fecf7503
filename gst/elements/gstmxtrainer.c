/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainer.h"

#include "gstmxpairing.h"
#include "gstmxtraincaps.h"
#include "gstmxtrainfeed.h"

GST_DEBUG_CATEGORY_EXTERN (mx_train_sink_debug);
#define GST_CAT_DEFAULT mx_train_sink_debug

struct _GstMxTrainer {
  GstAggregator parent;

  GstElement *owner; /* not owned */
  GstCaps *caps;     /* of the model, NULL: none loaded.  Object lock */

  /* Streaming thread, or no stream. */
  GstMxTrainRun run;
  GstMxPairing pairing;
  gboolean prerolled;
  gboolean failed; /* an error was posted: nothing further is done */
};

static GstStaticPadTemplate clean_template = GST_STATIC_PAD_TEMPLATE ("clean",
    GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS (GST_MX_TRAIN_CAPS));
static GstStaticPadTemplate perturbed_template =
    GST_STATIC_PAD_TEMPLATE ("perturbed", GST_PAD_SINK, GST_PAD_REQUEST,
        GST_STATIC_CAPS (GST_MX_TRAIN_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("application/x-mx-training"));

G_DEFINE_TYPE (GstMxTrainer, gst_mx_trainer, GST_TYPE_AGGREGATOR)

GstElement *
gst_mx_trainer_new (GstElement *owner)
{
  GstMxTrainer *self =
      g_object_new (GST_TYPE_MX_TRAINER, "name", "trainer", NULL);

  self->owner = owner;
  gst_mx_train_run_init (&self->run, owner);
  return GST_ELEMENT (self);
}

/* --------------------------------------------------------------- model */

static void
set_caps (GstMxTrainer *self, GstCaps *caps)
{
  GST_OBJECT_LOCK (self);
  gst_caps_replace (&self->caps, caps);
  GST_OBJECT_UNLOCK (self);
  gst_clear_caps (&caps);
}

const MxDescription *
gst_mx_trainer_load (GstMxTrainer *self, const gchar *architecture,
    const gchar *model_file, GError **error)
{
  GstMxTrainModel *model = &self->run.model;

  if (gst_mx_train_model_load (model, architecture, model_file, error))
    set_caps (self, gst_mx_train_caps_new (model->description));
  return model->description;
}

void
gst_mx_trainer_unload (GstMxTrainer *self)
{
  gst_mx_train_model_clear (&self->run.model);
  set_caps (self, NULL);
}

void
gst_mx_trainer_configure (
    GstMxTrainer *self, const GstMxTrainSettings *settings)
{
  gst_mx_train_run_configure (&self->run, settings);
}

/* ------------------------------------------------------------ start, stop */

static gboolean
check_pads (GstMxTrainer *self)
{
  GstPad *perturbed = gst_element_get_static_pad (self->owner, "perturbed");
  gboolean linked = perturbed != NULL && gst_pad_is_linked (perturbed);

  gst_clear_object (&perturbed);
  if (linked || !mx_objective_needs_pairs (&self->run.config.objective))
    return TRUE;
  GST_ELEMENT_ERROR (self->owner, CORE, NEGOTIATION,
      ("This objective compares clean windows with perturbed ones: link a "
       "perturbed copy of the stream to the pad \"perturbed\", or set "
       "objective to supervised or self-distillation."),
      (NULL));
  return FALSE;
}

static gboolean
reset_pad (GstElement *element, GstPad *pad, gpointer user_data)
{
  gst_mx_trainer_pad_reset (GST_MX_TRAINER_PAD (pad), user_data);
  return TRUE;
}

static gboolean
gst_mx_trainer_start (GstAggregator *aggregator)
{
  GstMxTrainer *self = GST_MX_TRAINER (aggregator);

  g_return_val_if_fail (self->run.model.description != NULL, FALSE);

  if (!check_pads (self) || !gst_mx_train_run_open (&self->run))
    return FALSE;
  gst_element_foreach_sink_pad (
      GST_ELEMENT (self), reset_pad, self->run.model.description);
  gst_mx_train_run_reset (&self->run);
  gst_mx_pairing_clear (&self->pairing);
  gst_mx_pairing_init (&self->pairing, &self->run);
  self->prerolled = self->failed = FALSE;
  return TRUE;
}

static gboolean
gst_mx_trainer_stop (GstAggregator *aggregator)
{
  GstMxTrainer *self = GST_MX_TRAINER (aggregator);

  gst_mx_train_run_stop (&self->run, GST_PROGRESS_TYPE_CANCELED);
  gst_mx_train_run_reset (&self->run);
  gst_mx_train_run_close (&self->run);
  gst_mx_pairing_clear (&self->pairing);
  return TRUE;
}

/* The parent ends the stream behind an error as well: whoever waits for the end
 * would take that for success. */
static GstPadProbeReturn
on_event_out (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

  return GST_EVENT_TYPE (event) == GST_EVENT_EOS &&
                 GST_MX_TRAINER (user_data)->failed
             ? GST_PAD_PROBE_DROP
             : GST_PAD_PROBE_OK;
}

static void
fail (GstMxTrainer *self)
{
  self->failed = TRUE;
  gst_mx_train_run_stop (&self->run, GST_PROGRESS_TYPE_ERROR);
}

/* -------------------------------------------------------- queries, events */

static GstCaps *
pad_caps (GstMxTrainer *self, GstPad *pad)
{
  GstCaps *caps;

  GST_OBJECT_LOCK (self);
  caps = self->caps ? gst_caps_ref (self->caps) : NULL;
  GST_OBJECT_UNLOCK (self);
  return caps ? caps : gst_pad_get_pad_template_caps (pad);
}

static gboolean
gst_mx_trainer_sink_query (
    GstAggregator *aggregator, GstAggregatorPad *pad, GstQuery *query)
{
  GstCaps *caps, *filter, *both;

  if (GST_QUERY_TYPE (query) != GST_QUERY_CAPS)
    return GST_AGGREGATOR_CLASS (gst_mx_trainer_parent_class)
        ->sink_query (aggregator, pad, query);
  caps = pad_caps (GST_MX_TRAINER (aggregator), GST_PAD (pad));
  gst_query_parse_caps (query, &filter);
  both = filter
             ? gst_caps_intersect_full (filter, caps, GST_CAPS_INTERSECT_FIRST)
             : gst_caps_ref (caps);
  gst_query_set_caps_result (query, both);
  gst_caps_unref (both);
  gst_caps_unref (caps);
  return TRUE;
}

static gboolean
check_caps (GstMxTrainer *self, GstAggregatorPad *pad, GstEvent *event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  return gst_mx_train_caps_check (
      caps, self->run.model.description, self->owner, GST_PAD_NAME (pad));
}

static void
post_malformed (GstMxTrainer *self, GstAggregatorPad *pad, GstEvent *event)
{
  GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
      ("Pad \"%s\" got an event %s whose fields are not as documented.",
          GST_PAD_NAME (pad),
          gst_structure_get_name (gst_event_get_structure (event))),
      ("%" GST_PTR_FORMAT, event));
}

/* Both branches carry it; the first to come speaks. */
static gboolean
take_dataset (GstMxTrainer *self, GstAggregatorPad *pad, GstEvent *event)
{
  GstMxDataset dataset;
  gboolean taken;

  if (!gst_mx_dataset_event_parse (event, &dataset)) {
    post_malformed (self, pad, event);
    return FALSE;
  }
  taken = gst_mx_train_run_set_dataset (&self->run, &dataset);
  gst_mx_dataset_clear (&dataset);
  return taken;
}

static gboolean
take_example (GstMxTrainer *self, GstAggregatorPad *pad, GstEvent *event)
{
  GstMxExample example;

  if (!gst_mx_example_event_parse (event, &example)) {
    post_malformed (self, pad, event);
    return FALSE;
  }
  GST_LOG_OBJECT (
      pad, "epoch %u example %" G_GUINT64_FORMAT, example.epoch, example.index);
  gst_mx_trainer_pad_begin (GST_MX_TRAINER_PAD (pad), &example);
  return TRUE;
}

static gboolean
gst_mx_trainer_sink_event (
    GstAggregator *aggregator, GstAggregatorPad *pad, GstEvent *event)
{
  GstMxTrainer *self = GST_MX_TRAINER (aggregator);
  gboolean taken;

  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    taken = self->failed || check_caps (self, pad, event);
  } else if (gst_event_has_name (event, "GstMxDataset")) {
    taken = self->failed || take_dataset (self, pad, event);
  } else if (gst_event_has_name (event, "GstMxExample")) {
    taken = self->failed || take_example (self, pad, event);
  } else {
    return GST_AGGREGATOR_CLASS (gst_mx_trainer_parent_class)
        ->sink_event (aggregator, pad, event);
  }
  gst_event_unref (event);
  if (!taken)
    fail (self);
  return taken;
}

/* There is nothing to seek in what was learnt, and the parent would stop the
 * training for a flush that no source may ever end. */
static gboolean
gst_mx_trainer_src_event (GstAggregator *aggregator, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) != GST_EVENT_SEEK)
    return GST_AGGREGATOR_CLASS (gst_mx_trainer_parent_class)
        ->src_event (aggregator, event);
  GST_DEBUG_OBJECT (aggregator, "refused %" GST_PTR_FORMAT, event);
  gst_event_unref (event);
  return FALSE;
}

/* -------------------------------------------------------------- aggregate */

/* Blocks while the pipeline is paused. */
static GstFlowReturn
push (GstMxTrainer *self, GstMxTrainerPad *clean)
{
  GstBuffer *buffer = gst_buffer_new ();
  gint64 before = g_get_monotonic_time ();
  GstFlowReturn flow;

  GST_BUFFER_PTS (buffer) = clean->position;
  flow = gst_aggregator_finish_buffer (GST_AGGREGATOR (self), buffer);
  self->run.report.idle += g_get_monotonic_time () - before;
  return flow;
}

/* @perturbed: NULL: none. */
static GstFlowReturn
advance (GstMxTrainer *self, GstMxTrainerPad *clean, GstMxTrainerPad *perturbed)
{
  GstFlowReturn flow;

  if (!gst_mx_pairing_collect (&self->pairing, clean) ||
      (perturbed && !gst_mx_pairing_collect (&self->pairing, perturbed)))
    return GST_FLOW_ERROR;
  if (gst_mx_trainer_pad_is_done (clean) &&
      (!perturbed || gst_mx_trainer_pad_is_done (perturbed)))
    flow = GST_FLOW_EOS;
  else if (gst_mx_pairing_is_ready (clean, perturbed))
    flow = gst_mx_pairing_train (
        &self->pairing, clean, perturbed, GST_AGGREGATOR_SRC_PAD (self));
  else
    return GST_FLOW_OK;
  if (flow != GST_FLOW_EOS)
    return flow == GST_FLOW_OK ? push (self, clean) : flow;
  if (!gst_mx_train_feed_end (&self->run))
    return GST_FLOW_ERROR;
  gst_mx_trainer_pad_close (clean);
  if (perturbed != NULL)
    gst_mx_trainer_pad_close (perturbed);
  return GST_FLOW_EOS;
}

/* The perturbed branch, or NULL: none, or one that is not needed and ended
 * without an example. */
static GstMxTrainerPad *
get_perturbed (GstMxTrainer *self)
{
  GstPad *pad = gst_element_get_static_pad (GST_ELEMENT (self), "perturbed");
  GstMxTrainerPad *perturbed = pad ? GST_MX_TRAINER_PAD (pad) : NULL;

  if (perturbed != NULL && !perturbed->hears &&
      gst_mx_trainer_pad_is_done (perturbed) &&
      !mx_objective_needs_pairs (&self->run.config.objective))
    gst_clear_object (&perturbed);
  return perturbed;
}

static GstFlowReturn
gst_mx_trainer_aggregate (GstAggregator *aggregator, gboolean timeout)
{
  GstMxTrainer *self = GST_MX_TRAINER (aggregator);
  GstMxTrainerPad *perturbed;
  GstPad *clean;
  GstFlowReturn flow = GST_FLOW_OK;

  if (self->failed)
    return GST_FLOW_ERROR;
  clean = gst_element_get_static_pad (GST_ELEMENT (self), "clean");
  perturbed = get_perturbed (self);
  /* Not a step and not a word of progress before PLAYING: applications wait
   * for progress that began while paused to end before they go on. */
  if (!self->prerolled)
    flow = push (self, GST_MX_TRAINER_PAD (clean));
  self->prerolled = flow == GST_FLOW_OK;
  if (self->prerolled)
    flow = advance (self, GST_MX_TRAINER_PAD (clean), perturbed);
  if (flow == GST_FLOW_ERROR)
    fail (self);
  gst_object_unref (clean);
  gst_clear_object (&perturbed);
  return flow;
}

/* ------------------------------------------------------------------ class */

static GstAggregatorPad *
gst_mx_trainer_create_new_pad (GstAggregator *aggregator, GstPadTemplate *templ,
    const gchar *name, const GstCaps *caps)
{
  GstPad *pad = g_object_new (GST_TYPE_MX_TRAINER_PAD, "name",
      GST_PAD_TEMPLATE_NAME_TEMPLATE (templ), "direction", GST_PAD_SINK,
      "template", templ, NULL);

  /* Wrong rates then reach check_caps(), which says what to do. */
  GST_PAD_SET_ACCEPT_TEMPLATE (pad);
  return GST_AGGREGATOR_PAD (pad);
}

static void
gst_mx_trainer_finalize (GObject *object)
{
  GstMxTrainer *self = GST_MX_TRAINER (object);

  gst_mx_trainer_unload (self);
  gst_mx_pairing_clear (&self->pairing);
  gst_mx_train_run_clear (&self->run);
  G_OBJECT_CLASS (gst_mx_trainer_parent_class)->finalize (object);
}

static void
gst_mx_trainer_class_init (GstMxTrainerClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstAggregatorClass *aggregator_class = GST_AGGREGATOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_mx_trainer_finalize;
  aggregator_class->start = GST_DEBUG_FUNCPTR (gst_mx_trainer_start);
  aggregator_class->stop = GST_DEBUG_FUNCPTR (gst_mx_trainer_stop);
  aggregator_class->sink_query = GST_DEBUG_FUNCPTR (gst_mx_trainer_sink_query);
  aggregator_class->sink_event = GST_DEBUG_FUNCPTR (gst_mx_trainer_sink_event);
  aggregator_class->src_event = GST_DEBUG_FUNCPTR (gst_mx_trainer_src_event);
  aggregator_class->aggregate = GST_DEBUG_FUNCPTR (gst_mx_trainer_aggregate);
  aggregator_class->create_new_pad =
      GST_DEBUG_FUNCPTR (gst_mx_trainer_create_new_pad);
  gst_element_class_add_static_pad_template_with_gtype (
      element_class, &clean_template, GST_TYPE_MX_TRAINER_PAD);
  gst_element_class_add_static_pad_template_with_gtype (
      element_class, &perturbed_template, GST_TYPE_MX_TRAINER_PAD);
  gst_element_class_add_static_pad_template_with_gtype (
      element_class, &src_template, GST_TYPE_AGGREGATOR_PAD);
  gst_element_class_set_static_metadata (element_class, "Multi-exit trainer",
      "Trainer/Audio", "The inner element of mxtrainsink",
      "The gst-multiexit developers");
}

static void
gst_mx_trainer_init (GstMxTrainer *self)
{
  gst_pad_add_probe (GST_AGGREGATOR_SRC_PAD (self),
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event_out, self, NULL);
}
