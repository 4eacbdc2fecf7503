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
 * The report is the JSON file #GstMxEvalSink:location, the HTML page
 * #GstMxEvalSink:report, the property #GstMxEvalSink:stats at any time and,
 * without its long tables, the element message `mxevalsink`, posted before EOS.
 * The message's fields:
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
 *   mxevalsink location=report.json report=report.html
 * ]| Prints accuracy, cost and depth, and writes the report and its page.
 */

#include "config.h"

#include "gstmxevalfiles.h"
#include "gstmxintake.h"
#include "gstmxoutput.h"
#include "gstmxproperties.h"
#include "gstmxruns.h"

GST_DEBUG_CATEGORY_STATIC (gst_mx_eval_sink_debug);
#define GST_CAT_DEFAULT gst_mx_eval_sink_debug

#define DEFAULT_LOCATION NULL
#define DEFAULT_REPORT NULL
#define DEFAULT_PREDICTIONS NULL
#define DEFAULT_TITLE NULL
#define DEFAULT_CONDITION NULL
#define DEFAULT_LEVEL 0
#define DEFAULT_EVENT_TOLERANCE GST_CLOCK_TIME_NONE

#define FLAGS (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS)

enum { PROP_STATS = GST_MX_PROPERTY_OTHERS, PROP_COMPARE_WITH };

typedef struct {
  GstMxEvalPaths paths;
  gchar **compare_with; /* NULL: nothing */
  gchar *title, *condition;
  gdouble level;
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
  GPtrArray *compared; /* of GstMxReport; NULL: not started */
};

GST_ELEMENT_REGISTER_DECLARE (mxevalsink);
G_DEFINE_FINAL_TYPE (GstMxEvalSink, gst_mx_eval_sink, GST_TYPE_BASE_SINK)
GST_ELEMENT_REGISTER_DEFINE (
    mxevalsink, "mxevalsink", GST_RANK_NONE, GST_TYPE_MX_EVAL_SINK);

/* What is to be written, as it is set now. */
static void
copy_paths (GstMxEvalSink *self, GstMxEvalPaths *paths)
{
  GST_OBJECT_LOCK (self);
  gst_mx_eval_paths_copy (paths, &self->settings.paths);
  GST_OBJECT_UNLOCK (self);
}

/* NULL: an error was posted. */
static GPtrArray *
load_compared (GstMxEvalSink *self)
{
  gchar **filenames;
  GPtrArray *compared;

  GST_OBJECT_LOCK (self);
  filenames = g_strdupv (self->settings.compare_with);
  GST_OBJECT_UNLOCK (self);
  compared = gst_mx_eval_files_load (
      GST_ELEMENT (self), (const gchar *const *)filenames);
  g_strfreev (filenames);
  return compared;
}

static gboolean
gst_mx_eval_sink_begin (GstBaseSink *sink)
{
  GstMxEvalSink *self = GST_MX_EVAL_SINK (sink);
  GstMxEvalPaths paths;
  GstMxDump *dump = NULL;
  gboolean opened;

  copy_paths (self, &paths);
  self->compared = load_compared (self);
  opened = self->compared != NULL &&
           gst_mx_eval_files_open (GST_ELEMENT (self), &paths, &dump);
  gst_mx_eval_paths_clear (&paths);
  if (!opened) {
    g_clear_pointer (&self->compared, g_ptr_array_unref);
    return FALSE;
  }
  gst_mx_intake_start (&self->intake);
  GST_OBJECT_LOCK (self);
  gst_mx_evaluation_set_tolerance (
      self->intake.evaluation, self->settings.event_tolerance);
  gst_mx_evaluation_set_dump (self->intake.evaluation, dump);
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

/* Predictions that did not come to an end are not written. */
static void
gst_mx_eval_sink_end (GstBaseSink *sink)
{
  GstMxEvalSink *self = GST_MX_EVAL_SINK (sink);

  GST_OBJECT_LOCK (self);
  gst_mx_evaluation_set_dump (self->intake.evaluation, NULL);
  GST_OBJECT_UNLOCK (self);
  gst_mx_intake_stop (&self->intake);
  g_clear_pointer (&self->compared, g_ptr_array_unref);
}

static GstStateChangeReturn
gst_mx_eval_sink_change_state (GstElement *element, GstStateChange transition)
{
  static const GstMxRuns runs = {gst_mx_eval_sink_begin, gst_mx_eval_sink_end};

  return gst_mx_runs_change_state (
      &runs, gst_mx_eval_sink_parent_class, element, transition);
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
  GstMxEvalPaths paths;
  GError *error = NULL;
  GstMxDump *dump;
  gboolean done;

  copy_paths (self, &paths);
  GST_OBJECT_LOCK (self);
  dump = gst_mx_evaluation_take_dump (self->intake.evaluation, &error);
  GST_OBJECT_UNLOCK (self);
  done = gst_mx_eval_files_close (
      GST_ELEMENT (self), &paths, report, self->compared, dump, error);
  gst_mx_eval_paths_clear (&paths);
  return done;
}

/* As it is now; what it is of, too. */
static GstStructure *
new_structure (
    GstMxEvalSink *self, GstMxEvaluation *evaluation, gboolean tables)
{
  GstStructure *structure = gst_mx_evaluation_to_structure (evaluation, tables);
  const Settings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  if (settings->title != NULL)
    gst_structure_set (
        structure, "title", G_TYPE_STRING, settings->title, NULL);
  if (settings->condition != NULL)
    gst_structure_set (structure, "condition", G_TYPE_STRING,
        settings->condition, "level", G_TYPE_DOUBLE, settings->level, NULL);
  GST_OBJECT_UNLOCK (self);
  return structure;
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
  full = new_structure (self, evaluation, TRUE);
  compact = new_structure (self, evaluation, FALSE);
  summary = gst_mx_evaluation_summary (evaluation);

  done =
      gst_mx_evaluation_check (evaluation, element) && write_files (self, full);
  gst_mx_evaluation_free (evaluation);
  if (done)
    gst_mx_output_announce (element, summary, g_steal_pointer (&compact));
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
set_compare_with (GstMxEvalSink *self, const GValue *value)
{
  const guint n = gst_value_array_get_size (value);
  gchar **filenames = g_new0 (gchar *, n + 1);
  guint found = 0;

  for (guint i = 0; i < n; i++) {
    const gchar *name =
        g_value_get_string (gst_value_array_get_value (value, i));

    if (name != NULL)
      filenames[found++] = g_strdup (name);
  }
  GST_OBJECT_LOCK (self);
  g_strfreev (self->settings.compare_with);
  self->settings.compare_with = filenames;
  GST_OBJECT_UNLOCK (self);
}

static void
get_compare_with (GstMxEvalSink *self, GValue *value)
{
  GST_OBJECT_LOCK (self);
  for (gchar **name = self->settings.compare_with; name && *name; name++) {
    GValue filename = G_VALUE_INIT;

    g_value_init (&filename, G_TYPE_STRING);
    g_value_set_string (&filename, *name);
    gst_value_array_append_and_take_value (value, &filename);
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_mx_eval_sink_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COMPARE_WITH)
    set_compare_with (GST_MX_EVAL_SINK (object), value);
  else
    gst_mx_object_set_property (object, id, value, pspec);
}

static void
gst_mx_eval_sink_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstMxEvaluation *evaluation;

  switch (id) {
  case PROP_STATS:
    evaluation = copy_evaluation (GST_MX_EVAL_SINK (object));
    g_value_take_boxed (
        value, new_structure (GST_MX_EVAL_SINK (object), evaluation, TRUE));
    gst_mx_evaluation_free (evaluation);
    break;
  case PROP_COMPARE_WITH:
    get_compare_with (GST_MX_EVAL_SINK (object), value);
    break;
  default:
    gst_mx_object_get_property (object, id, value, pspec);
    break;
  }
}

static void
gst_mx_eval_sink_finalize (GObject *object)
{
  GstMxEvalSink *self = GST_MX_EVAL_SINK (object);

  gst_mx_intake_clear (&self->intake);
  gst_mx_eval_paths_clear (&self->settings.paths);
  g_strfreev (self->settings.compare_with);
  g_free (self->settings.title);
  g_free (self->settings.condition);
  g_clear_pointer (&self->compared, g_ptr_array_unref);
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
      GST_MX_MEMBER (GstMxEvalSink, settings.paths.location),
      g_param_spec_string ("location", "Location",
          "JSON file to write the report to at the end of the stream "
          "(NULL: none)",
          DEFAULT_LOCATION, FLAGS | GST_PARAM_MUTABLE_PLAYING));
  gst_mx_property_install (klass,
      GST_MX_MEMBER (GstMxEvalSink, settings.paths.report),
      g_param_spec_string ("report", "Report",
          "HTML page to write at the end of the stream, self-contained "
          "(NULL: none)",
          DEFAULT_REPORT, FLAGS | GST_PARAM_MUTABLE_PLAYING));
  gst_mx_property_install (klass,
      GST_MX_MEMBER (GstMxEvalSink, settings.paths.predictions),
      g_param_spec_string ("predictions", "Predictions",
          "File to write examples and results to, one JSON object a line, "
          "whole "
          "at the end of the stream (NULL: none)",
          DEFAULT_PREDICTIONS, FLAGS | GST_PARAM_MUTABLE_READY));
  gst_mx_property_install (klass, GST_MX_MEMBER (GstMxEvalSink, settings.title),
      g_param_spec_string ("title", "Title",
          "What the model is called in the report (NULL: as the file)",
          DEFAULT_TITLE, FLAGS | GST_PARAM_MUTABLE_PLAYING));
  gst_mx_property_install (klass,
      GST_MX_MEMBER (GstMxEvalSink, settings.condition),
      g_param_spec_string ("condition", "Condition",
          "What the stream was spoilt by, and its unit, such as \"noise, dB\" "
          "(NULL: nothing)",
          DEFAULT_CONDITION, FLAGS | GST_PARAM_MUTABLE_PLAYING));
  gst_mx_property_install (klass, GST_MX_MEMBER (GstMxEvalSink, settings.level),
      g_param_spec_double ("level", "Level", "How much of the condition",
          -G_MAXDOUBLE, G_MAXDOUBLE, DEFAULT_LEVEL,
          FLAGS | GST_PARAM_MUTABLE_PLAYING));
  gst_mx_property_install (klass,
      GST_MX_MEMBER (GstMxEvalSink, settings.event_tolerance),
      g_param_spec_uint64 ("event-tolerance", "Event tolerance",
          "How long behind the end of an event a window may end that finds it, "
          "in ns; 2^64 - 1: as long as the window is",
          0, G_MAXUINT64, DEFAULT_EVENT_TOLERANCE,
          FLAGS | GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_COMPARE_WITH,
      gst_param_spec_array ("compare-with", "Compare with",
          "Reports that were written to a location before, to stand on the "
          "page too",
          g_param_spec_string ("file", "File", "JSON file of a report", NULL,
              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS),
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
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
  object_class->set_property = gst_mx_eval_sink_set_property;
  object_class->get_property = gst_mx_eval_sink_get_property;
  object_class->finalize = gst_mx_eval_sink_finalize;
  install_properties (object_class);

  element_class->change_state = gst_mx_eval_sink_change_state;
  sink_class->render = gst_mx_eval_sink_render;
  sink_class->event = gst_mx_eval_sink_event;

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class, "Evaluation sink",
      "Sink/Analyzer",
      "Compares what mxclassify answered with the labels of the data set: "
      "accuracy, calibration, depth and cost",
      "The gst-multiexit developers");
}
