/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/**
 * SECTION:element-mxcalibratesink
 * @title: mxcalibratesink
 * @short_description: calibrates the exits of a model
 *
 * Behind `mxclassify all-exits=true`: learns from windows that the model was
 * not trained on how far the confidence of each exit may be believed, and what
 * thresholds cost, and writes the model again with that in it. `mxclassify`
 * then answers with these confidences, and its properties `agreement-target`
 * and `budget` know where to begin.
 *
 * Examples without a label will do for thresholds, which are chosen by
 * agreement with the last exit; temperatures need labels, and stay as they are
 * without.
 *
 * Before EOS the element message `mxcalibratesink` is posted:
 *
 * * #gchararray `location`: the file that was written
 * * #guint64 `windows`, `labelled`: that it was fitted on, and of these those
 *   with a label
 * * #GstValueArray of #gdouble `temperatures`: of each exit
 * * #GstValueArray of #GstStructure `points`: in the order of rising cost,
 *   `thresholds` (#GstValueArray of #gdouble, of each exit but the last),
 *   `agreement`, `cost` and `accuracy` (#gdouble; NaN without labels)
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 mxdatasetsrc location=speech subjects=anna,ben !
 *   mxclassify model-file=speech.safetensors all-exits=true !
 *   mxcalibratesink model-file=speech.safetensors
 * ]| Calibrates a model on two people it was not trained on.
 */

#include "config.h"

#include "gstmxexits.h"
#include "gstmxintake.h"
#include "gstmxmodel.h"
#include "gstmxoutput.h"
#include "gstmxproperties.h"
#include "gstmxruns.h"
#include "gstmxtruths.h"
#include "mx-model-file.h"
#include "mx-temperature.h"

GST_DEBUG_CATEGORY_STATIC (gst_mx_calibrate_sink_debug);
#define GST_CAT_DEFAULT gst_mx_calibrate_sink_debug

#define DEFAULT_MODEL_FILE NULL
#define DEFAULT_LOCATION NULL
#define DEFAULT_FITTED_ON NULL
#define DEFAULT_EACH_EXIT FALSE

/* Fewer say little about shares of a per cent. */
#define FEW_WINDOWS 100

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

#define GST_TYPE_MX_CALIBRATE_SINK (gst_mx_calibrate_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstMxCalibrateSink, gst_mx_calibrate_sink, GST,
    MX_CALIBRATE_SINK, GstBaseSink)

typedef struct {
  gchar *model_file, *location, *fitted_on;
  gboolean each_exit;
} Settings;

struct _GstMxCalibrateSink {
  GstBaseSink parent;

  Settings settings; /* under the object lock */
  GstMxIntake intake;

  /* from begin() to end() */
  MxNetwork *network;
  MxCalibrator *calibrator; /* under the object lock, with the intake */
  GstMxTruths truths;       /* as the calibrator */
};

GST_ELEMENT_REGISTER_DECLARE (mxcalibratesink);
G_DEFINE_FINAL_TYPE (
    GstMxCalibrateSink, gst_mx_calibrate_sink, GST_TYPE_BASE_SINK)
GST_ELEMENT_REGISTER_DEFINE (mxcalibratesink, "mxcalibratesink", GST_RANK_NONE,
    GST_TYPE_MX_CALIBRATE_SINK);

/* --- settings --- */

/* A copy, to be cleared. */
static Settings
get_settings (GstMxCalibrateSink *self)
{
  Settings settings;

  GST_OBJECT_LOCK (self);
  settings = self->settings;
  settings.model_file = g_strdup (settings.model_file);
  settings.fitted_on = g_strdup (settings.fitted_on);
  settings.location = g_strdup (
      settings.location != NULL ? settings.location : settings.model_file);
  GST_OBJECT_UNLOCK (self);
  return settings;
}

static void
clear_settings (Settings *settings)
{
  g_free (settings->model_file);
  g_free (settings->location);
  g_free (settings->fitted_on);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Settings, clear_settings)

/* --- start and stop --- */

/* A GstMxEvaluationFunc. */
static gboolean
add_window (const GstStructure *result, const gchar *label, gpointer user_data,
    GError **error)
{
  GstMxCalibrateSink *self = user_data;

  return gst_mx_exits_add (self->calibrator, self->network, result,
      gst_mx_truths_add (&self->truths, label), error);
}

static gboolean
load (GstMxCalibrateSink *self, const gchar *filename)
{
  g_autoptr (GError) error = NULL;

  if (filename == NULL) {
    GST_ELEMENT_ERROR (self, RESOURCE, NOT_FOUND,
        ("There is no model to calibrate: set the property model-file."),
        (NULL));
    return FALSE;
  }
  self->network = gst_mx_model_load (filename, MX_STORAGE_F32, &error);
  if (self->network == NULL)
    gst_mx_model_post (GST_ELEMENT (self), GST_MESSAGE_ERROR, filename, error);
  return self->network != NULL;
}

static gboolean
gst_mx_calibrate_sink_begin (GstBaseSink *sink)
{
  GstMxCalibrateSink *self = GST_MX_CALIBRATE_SINK (sink);
  g_auto (Settings) settings = get_settings (self);

  if (!load (self, settings.model_file))
    return FALSE;
  if (!gst_mx_output_check (GST_ELEMENT (self), "model", settings.location)) {
    g_clear_pointer (&self->network, gst_mx_model_unref);
    return FALSE;
  }
  gst_mx_intake_start (&self->intake);
  self->calibrator = mx_calibrator_new (
      self->network->program->n_stages, self->network->description->n_labels);
  gst_mx_truths_begin (&self->truths, self->network->description);
  return TRUE;
}

static void
gst_mx_calibrate_sink_end (GstBaseSink *sink)
{
  GstMxCalibrateSink *self = GST_MX_CALIBRATE_SINK (sink);

  gst_mx_intake_stop (&self->intake);
  g_clear_pointer (&self->calibrator, mx_calibrator_free);
  gst_mx_truths_clear (&self->truths);
  g_clear_pointer (&self->network, gst_mx_model_unref);
}

static GstStateChangeReturn
gst_mx_calibrate_sink_change_state (
    GstElement *element, GstStateChange transition)
{
  static const GstMxRuns runs = {
      gst_mx_calibrate_sink_begin, gst_mx_calibrate_sink_end};

  return gst_mx_runs_change_state (
      &runs, gst_mx_calibrate_sink_parent_class, element, transition);
}

/* --- the message --- */

static void
take_floats (
    GstStructure *structure, const gchar *field, const gfloat *values, guint n)
{
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, n);
  for (guint i = 0; i < n; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_DOUBLE);
    g_value_set_double (&value, values[i]);
    gst_value_array_append_and_take_value (&array, &value);
  }
  gst_structure_take_value (structure, field, &array);
}

static void
take_points (GstStructure *structure, const MxCalibration *calibration)
{
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, calibration->n_points);
  for (gsize i = 0; i < calibration->n_points; i++) {
    const MxOperatingPoint *from = &calibration->points[i];
    GstStructure *point = gst_structure_new ("point", "agreement",
        G_TYPE_DOUBLE, from->agreement, "cost", G_TYPE_DOUBLE, from->cost,
        "accuracy", G_TYPE_DOUBLE, from->accuracy, NULL);
    GValue value = G_VALUE_INIT;

    take_floats (point, "thresholds", from->thresholds, calibration->exits - 1);
    g_value_init (&value, GST_TYPE_STRUCTURE);
    g_value_take_boxed (&value, point);
    gst_value_array_append_and_take_value (&array, &value);
  }
  gst_structure_take_value (structure, "points", &array);
}

static gchar *
summarise (const MxCalibration *calibration)
{
  const MxOperatingPoint *point =
      mx_calibration_for_agreement (calibration, .98);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text,
      "fitted on %" G_GUINT64_FORMAT " windows, %" G_GUINT64_FORMAT
      " of them labelled; temperatures",
      calibration->windows, calibration->labelled);
  for (guint e = 0; e < calibration->exits; e++)
    g_string_append_printf (
        text, "%s %.2f", e > 0 ? "," : "", calibration->temperatures[e]);
  g_string_append_printf (text,
      "; %.1f %% of the windows are answered as by the last exit at %.1f %% of "
      "its cost",
      100 * point->agreement, 100 * point->cost);
  return g_strdup (text->str);
}

static void
announce (GstMxCalibrateSink *self, const MxCalibration *calibration,
    const gchar *location)
{
  g_autofree gchar *summary = summarise (calibration);
  GstStructure *structure = gst_structure_new ("mxcalibratesink", "location",
      G_TYPE_STRING, location, "windows", G_TYPE_UINT64, calibration->windows,
      "labelled", G_TYPE_UINT64, calibration->labelled, NULL);

  take_floats (
      structure, "temperatures", calibration->temperatures, calibration->exits);
  take_points (structure, calibration);
  gst_mx_output_announce (GST_ELEMENT (self), summary, structure);
}

/* --- the stream --- */

static GstFlowReturn
gst_mx_calibrate_sink_render (GstBaseSink *sink, GstBuffer *buffer)
{
  return gst_mx_intake_take_buffer (
             &GST_MX_CALIBRATE_SINK (sink)->intake, buffer)
             ? GST_FLOW_OK
             : GST_FLOW_ERROR;
}

static gboolean
save (GstMxCalibrateSink *self, const MxCalibration *calibration,
    const gchar *location)
{
  g_autoptr (MxNetwork) network =
      mx_network_new_calibrated (self->network, calibration);
  g_autoptr (GError) error = NULL;

  if (mx_model_file_save (network, location, &error))
    return TRUE;
  gst_mx_output_fail (
      GST_ELEMENT (self), GST_RESOURCE_ERROR_WRITE, "model", error);
  return FALSE;
}

/* As near to the bound as the search for a temperature comes. */
#define AT_BOUND (1.01f * MX_MIN_TEMPERATURE)

/* An exit that errs nowhere would be made as sure as can be. */
static void
warn_of_bound (GstMxCalibrateSink *self, const MxCalibration *calibration)
{
  guint bound = 0;

  for (guint e = 0; e < calibration->exits; e++)
    bound += calibration->temperatures[e] <= AT_BOUND;
  if (bound > 0)
    GST_ELEMENT_WARNING (self, STREAM, FAILED,
        ("%u of %u exits err so rarely on these windows that their temperature "
         "is the least there is, %.1f: on others they will be surer than they "
         "are right. Take more people, and windows that are hard.",
            bound, calibration->exits, (gdouble)MX_MIN_TEMPERATURE),
        (NULL));
}

/* NULL: an error was posted. */
static MxCalibration *
fit (GstMxCalibrateSink *self, const Settings *settings)
{
  const MxCalibration *before = self->network->calibration;
  MxCalibration *calibration = mx_calibrator_fit (self->calibrator,
      before != NULL ? before->temperatures : NULL, settings->each_exit,
      settings->fitted_on != NULL ? settings->fitted_on : "");

  if (calibration == NULL)
    GST_ELEMENT_ERROR (self, STREAM, FAILED,
        ("Nothing was calibrated: no results came. Put mxdatasetsrc and "
         "mxclassify all-exits=true in front of mxcalibratesink."),
        (NULL));
  else if (calibration->windows < FEW_WINDOWS)
    GST_ELEMENT_WARNING (self, STREAM, FAILED,
        ("Only %" G_GUINT64_FORMAT " windows came: what thresholds are worth "
         "is not known well from so few.",
            calibration->windows),
        (NULL));
  if (calibration != NULL && calibration->labelled > 0)
    warn_of_bound (self, calibration);
  return calibration;
}

static gboolean
calibrate (GstMxCalibrateSink *self)
{
  g_auto (Settings) settings = get_settings (self);
  g_autoptr (MxCalibration) calibration = NULL;

  gst_mx_intake_end (&self->intake);
  if (!gst_mx_truths_check (&self->truths, GST_ELEMENT (self)))
    return FALSE;
  calibration = fit (self, &settings);
  if (calibration == NULL || !save (self, calibration, settings.location))
    return FALSE;
  announce (self, calibration, settings.location);
  return TRUE;
}

static gboolean
gst_mx_calibrate_sink_event (GstBaseSink *sink, GstEvent *event)
{
  GstMxCalibrateSink *self = GST_MX_CALIBRATE_SINK (sink);
  gboolean good = GST_EVENT_TYPE (event) == GST_EVENT_EOS
                      ? calibrate (self)
                      : gst_mx_intake_take_event (&self->intake, event);

  if (good)
    return GST_BASE_SINK_CLASS (gst_mx_calibrate_sink_parent_class)
        ->event (sink, event);
  gst_event_unref (event);
  return FALSE;
}

/* --- the object --- */

static void
gst_mx_calibrate_sink_finalize (GObject *object)
{
  GstMxCalibrateSink *self = GST_MX_CALIBRATE_SINK (object);

  gst_mx_intake_clear (&self->intake);
  clear_settings (&self->settings);
  G_OBJECT_CLASS (gst_mx_calibrate_sink_parent_class)->finalize (object);
}

static void
gst_mx_calibrate_sink_init (GstMxCalibrateSink *self)
{
  gst_mx_intake_init (&self->intake, GST_ELEMENT (self));
  gst_mx_evaluation_set_func (self->intake.evaluation, add_window, self);
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
  gst_base_sink_set_last_sample_enabled (GST_BASE_SINK (self), FALSE);
}

#define MEMBER(member) GST_MX_MEMBER (GstMxCalibrateSink, settings.member)

static void
install_properties (GObjectClass *klass)
{
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  gst_mx_property_install (klass, MEMBER (model_file),
      g_param_spec_string ("model-file", "Model file",
          "Model (safetensors) to calibrate, the one that mxclassify runs",
          DEFAULT_MODEL_FILE, flags | GST_PARAM_MUTABLE_READY));
  gst_mx_property_install (klass, MEMBER (location),
      g_param_spec_string ("location", "Location",
          "Model to write at the end of the stream (NULL: model-file itself)",
          DEFAULT_LOCATION, flags | GST_PARAM_MUTABLE_PLAYING));
  gst_mx_property_install (klass, MEMBER (fitted_on),
      g_param_spec_string ("fitted-on", "Fitted on",
          "What it is calibrated on, in words to find in the model, at most "
          "4096 bytes (NULL: nothing is said)",
          DEFAULT_FITTED_ON, flags | GST_PARAM_MUTABLE_PLAYING));
  gst_mx_property_install (klass, MEMBER (each_exit),
      g_param_spec_boolean ("each-exit", "Each exit",
          "Search a threshold for each exit instead of one for all: better on "
          "these windows, and not always on other people's",
          DEFAULT_EACH_EXIT, flags | GST_PARAM_MUTABLE_PLAYING));
}

static void
gst_mx_calibrate_sink_class_init (GstMxCalibrateSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      gst_mx_calibrate_sink_debug, "mxcalibratesink", 0, "Calibration sink");
  object_class->set_property = gst_mx_object_set_property;
  object_class->get_property = gst_mx_object_get_property;
  object_class->finalize = gst_mx_calibrate_sink_finalize;
  install_properties (object_class);

  element_class->change_state = gst_mx_calibrate_sink_change_state;
  sink_class->render = gst_mx_calibrate_sink_render;
  sink_class->event = gst_mx_calibrate_sink_event;

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class, "Calibration sink",
      "Sink/Analyzer",
      "Calibrates the exits of a model by what mxclassify all-exits=true "
      "answers, and writes it again",
      "The gst-multiexit developers");
}
