/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/**
 * SECTION:element-mxevalsink
 * @title: mxevalsink
 * @short_description: compares answers with labels and reports
 *
 * Behind `mxclassify`: takes the results that buffers and events carry, the
 * labels that the events of `mxdatasetsrc` tell, and reports at the end of the
 * stream how good the answers were, how sure, how deep and how dear.
 *
 * An example is answered by the most confident of its windows; in a continuous
 * stream, by the window nearest to its centre. Examples without a label count
 * for depth and cost only.
 *
 * The report is the JSON file #GstMxEvalSink:location, the property
 * #GstMxEvalSink:stats at any time and, without its long tables, the element
 * message `mxevalsink`, posted before EOS. The message's fields:
 *
 * * guint `version`: 1; guint `exits`: of the model.
 * * guint64 `announced`, `unlabelled`, `missing`: examples that were told of;
 *   of these, those without a label; those with one but without a result.
 * * guint64 `strays`, `not-finite`: results where no example had begun; for
 *   samples that are no finite numbers.
 * * guint64 `count`, `labelled`, `correct`: answered examples, of these those
 *   with a label, of these those answered right.
 * * gdouble `accuracy`, `balanced-accuracy`, `macro-f1`, `cohens-kappa`,
 *   `calibration-error`, `mean-confidence`, `mean-exit`, `mean-cost`; NaN where
 *   there is nothing to take the mean of.
 * * array `per-exit`: what each exit answered.
 * * array `all-exits`, structure `curve`: with `mxclassify all-exits=true`, the
 *   scores of each exit, and what thresholds buy.
 * * structures `windows`, `gaps`, `time-to-decision`, `events`: results one by
 *   one; those in gaps; times in ns; events of continuous streams.
 *
 * What they mean, and the tables, is told in the page of the element.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 mxdatasetsrc location=speech split=test !
 *   mxclassify model-file=speech.safetensors !
 *   mxevalsink location=report.json
 * ]| Prints accuracy, cost and depth, and writes the report.
 */

#include "config.h"

#include <gst/base/gstbasesink.h>

#include "gstmxevalfiles.h"
#include "gstmxintake.h"
#include "gstmxproperties.h"

GST_DEBUG_CATEGORY_STATIC (gst_mx_eval_sink_debug);
#define GST_CAT_DEFAULT gst_mx_eval_sink_debug

#define DEFAULT_LOCATION NULL
#define DEFAULT_PREDICTIONS NULL
#define DEFAULT_EVENT_TOLERANCE GST_CLOCK_TIME_NONE

#define FLAGS (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS)

enum { PROP_STATS = GST_MX_PROPERTY_OTHERS };

typedef struct {
  gchar *location, *predictions;
  GstClockTime event_tolerance;
} Settings;

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

#define GST_TYPE_MX_EVAL_SINK (gst_mx_eval_sink_get_type ())
G_DECLARE_FINAL_TYPE (
    GstMxEvalSink, gst_mx_eval_sink, GST, MX_EVAL_SINK, GstBaseSink)

struct _GstMxEvalSink {
  GstBaseSink parent;

  /* under the object lock */
  Settings settings;
  GstMxIntake intake;
};

GST_ELEMENT_REGISTER_DECLARE (mxevalsink);
G_DEFINE_FINAL_TYPE (GstMxEvalSink, gst_mx_eval_sink, GST_TYPE_BASE_SINK)
GST_ELEMENT_REGISTER_DEFINE (
    mxevalsink, "mxevalsink", GST_RANK_NONE, GST_TYPE_MX_EVAL_SINK);

/* @member: of self. */
static gchar *
dup_string (GstMxEvalSink *self, gchar *const *member)
{
  gchar *copy;

  GST_OBJECT_LOCK (self);
  copy = g_strdup (*member);
  GST_OBJECT_UNLOCK (self);
  return copy;
}

static gboolean
gst_mx_eval_sink_start (GstBaseSink *sink)
{
  GstMxEvalSink *self = GST_MX_EVAL_SINK (sink);
  g_autofree gchar *location = dup_string (self, &self->settings.location);
  g_autofree gchar *predictions =
      dup_string (self, &self->settings.predictions);
  GstMxDump *dump;

  if (!gst_mx_eval_files_open (
          GST_ELEMENT (self), location, predictions, &dump))
    return FALSE;
  gst_mx_intake_start (&self->intake);
  GST_OBJECT_LOCK (self);
  gst_mx_evaluation_set_tolerance (
      self->intake.evaluation, self->settings.event_tolerance);
  gst_mx_evaluation_set_dump (self->intake.evaluation, dump);
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

/* Predictions that did not come to an end are not written. */
static gboolean
gst_mx_eval_sink_stop (GstBaseSink *sink)
{
  GstMxEvalSink *self = GST_MX_EVAL_SINK (sink);

  GST_OBJECT_LOCK (self);
  gst_mx_evaluation_set_dump (self->intake.evaluation, NULL);
  GST_OBJECT_UNLOCK (self);
  gst_mx_intake_stop (&self->intake);
  return TRUE;
}

static GstFlowReturn
gst_mx_eval_sink_render (GstBaseSink *sink, GstBuffer *buffer)
{
  return gst_mx_intake_take_buffer (&GST_MX_EVAL_SINK (sink)->intake, buffer)
             ? GST_FLOW_OK
             : GST_FLOW_ERROR;
}

/* --- the report --- */

/* FALSE: an error was posted. */
static gboolean
write_files (GstMxEvalSink *self, const GstStructure *report)
{
  g_autofree gchar *location = dup_string (self, &self->settings.location);
  GError *error = NULL;
  GstMxDump *dump;

  GST_OBJECT_LOCK (self);
  dump = gst_mx_evaluation_take_dump (self->intake.evaluation, &error);
  GST_OBJECT_UNLOCK (self);
  return gst_mx_eval_files_close (
      GST_ELEMENT (self), location, report, dump, error);
}

static GstMxEvaluation *
copy_evaluation (GstMxEvalSink *self)
{
  GstMxEvaluation *copy;

  GST_OBJECT_LOCK (self);
  copy = gst_mx_evaluation_copy (self->intake.evaluation);
  GST_OBJECT_UNLOCK (self);
  return copy;
}

static gboolean
report (GstMxEvalSink *self)
{
  GstElement *element = GST_ELEMENT (self);
  GstMxEvaluation *evaluation;
  GstStructure *full, *compact;
  gchar *summary;
  gboolean done;

  gst_mx_intake_end (&self->intake);
  evaluation = copy_evaluation (self);
  full = gst_mx_evaluation_to_structure (evaluation, TRUE);
  compact = gst_mx_evaluation_to_structure (evaluation, FALSE);
  summary = gst_mx_evaluation_summary (evaluation);

  done =
      gst_mx_evaluation_check (evaluation, element) && write_files (self, full);
  gst_mx_evaluation_free (evaluation);
  if (done) {
    GST_INFO_OBJECT (self, "%s", summary);
    gst_element_post_message (
        element, gst_message_new_progress (GST_OBJECT (self),
                     GST_PROGRESS_TYPE_COMPLETE, "mxevalsink", summary));
    gst_element_post_message (
        element, gst_message_new_element (
                     GST_OBJECT (self), g_steal_pointer (&compact)));
  }
  gst_structure_free (full);
  g_clear_pointer (&compact, gst_structure_free);
  g_free (summary);
  return done;
}

static gboolean
gst_mx_eval_sink_event (GstBaseSink *sink, GstEvent *event)
{
  GstMxEvalSink *self = GST_MX_EVAL_SINK (sink);
  gboolean good = GST_EVENT_TYPE (event) == GST_EVENT_EOS
                      ? report (self)
                      : gst_mx_intake_take_event (&self->intake, event);

  if (good)
    return GST_BASE_SINK_CLASS (gst_mx_eval_sink_parent_class)
        ->event (sink, event);
  gst_event_unref (event);
  return FALSE;
}

/* --- the object --- */

static void
gst_mx_eval_sink_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstMxEvaluation *evaluation;

  if (id != PROP_STATS) {
    gst_mx_object_get_property (object, id, value, pspec);
    return;
  }
  evaluation = copy_evaluation (GST_MX_EVAL_SINK (object));
  g_value_take_boxed (value, gst_mx_evaluation_to_structure (evaluation, TRUE));
  gst_mx_evaluation_free (evaluation);
}

static void
gst_mx_eval_sink_finalize (GObject *object)
{
  GstMxEvalSink *self = GST_MX_EVAL_SINK (object);

  gst_mx_intake_clear (&self->intake);
  g_free (self->settings.location);
  g_free (self->settings.predictions);
  G_OBJECT_CLASS (gst_mx_eval_sink_parent_class)->finalize (object);
}

static void
gst_mx_eval_sink_init (GstMxEvalSink *self)
{
  gst_mx_intake_init (&self->intake, GST_ELEMENT (self));
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
  gst_base_sink_set_last_sample_enabled (GST_BASE_SINK (self), FALSE);
}

static void
install_properties (GObjectClass *klass)
{
  gst_mx_property_install (klass,
      GST_MX_MEMBER (GstMxEvalSink, settings.location),
      g_param_spec_string ("location", "Location",
          "JSON file to write the report to at the end of the stream "
          "(NULL: none)",
          DEFAULT_LOCATION, FLAGS | GST_PARAM_MUTABLE_PLAYING));
  gst_mx_property_install (klass,
      GST_MX_MEMBER (GstMxEvalSink, settings.predictions),
      g_param_spec_string ("predictions", "Predictions",
          "File to write examples and results to, one JSON object a line, "
          "whole "
          "at the end of the stream (NULL: none)",
          DEFAULT_PREDICTIONS, FLAGS | GST_PARAM_MUTABLE_READY));
  gst_mx_property_install (klass,
      GST_MX_MEMBER (GstMxEvalSink, settings.event_tolerance),
      g_param_spec_uint64 ("event-tolerance", "Event tolerance",
          "How long behind the end of an event a window may end that finds it, "
          "in ns; 2^64 - 1: as long as the window is",
          0, G_MAXUINT64, DEFAULT_EVENT_TOLERANCE,
          FLAGS | GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "The report as it is now: examples that have ended, results so far",
          GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
gst_mx_eval_sink_class_init (GstMxEvalSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      gst_mx_eval_sink_debug, "mxevalsink", 0, "Evaluation sink");
  object_class->set_property = gst_mx_object_set_property;
  object_class->get_property = gst_mx_eval_sink_get_property;
  object_class->finalize = gst_mx_eval_sink_finalize;
  install_properties (object_class);

  sink_class->start = gst_mx_eval_sink_start;
  sink_class->stop = gst_mx_eval_sink_stop;
  sink_class->render = gst_mx_eval_sink_render;
  sink_class->event = gst_mx_eval_sink_event;

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class, "Evaluation sink",
      "Sink/Analyzer",
      "Compares what mxclassify answered with the labels of the data set: "
      "accuracy, calibration, depth and cost",
      "The gst-multiexit developers");
}
