/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainrun.h"

#include "gstmxcsv.h"
#include "gstmxtrainhealth.h"
#include "gstmxtrainstate.h"
#include "mx-file.h"
#include "mx-model-file.h"

#include <math.h>

GST_DEBUG_CATEGORY_EXTERN (mx_train_sink_debug);
#define GST_CAT_DEFAULT mx_train_sink_debug

/* Windows in gaps, of all: with more, words are taken for nothing. */
#define MOST_IN_GAPS .3

/* What was said of the data set stays. */
static void
forget_training (GstMxTrainRun *self)
{
  g_clear_pointer (&self->trainer, mx_trainer_free);
  gst_mx_validation_clear (&self->validation);
  self->heard = self->labelled = self->windows = self->in_gaps = 0;
  self->valid_heard = self->valid_windows = self->valid_in_gaps = 0;
  self->is_valid = self->over = FALSE;
  self->report = (GstMxTrainReport){.owner = self->owner, .log = &self->log};
}

void
gst_mx_train_run_init (GstMxTrainRun *self, GstElement *owner)
{
  self->owner = self->files.owner = self->checkpoints.owner = self->log.owner =
      owner;
  self->log.fd = -1;
  self->epochs = -1;
}

void
gst_mx_train_run_clear (GstMxTrainRun *self)
{
  gst_mx_train_run_reset (self);
  gst_mx_train_run_close (self);
  gst_mx_train_files_clear (&self->files);
  g_clear_pointer (&self->checkpoints.location, g_free);
  g_clear_pointer (&self->log.location, g_free);
  g_clear_pointer (&self->background, g_free);
}

void
gst_mx_train_run_configure (
    GstMxTrainRun *self, const GstMxTrainSettings *settings)
{
  gst_mx_train_run_clear (self);
  gst_mx_train_settings_resolve (settings, &self->config);
  self->background = g_strdup (settings->background_label);
  self->files.location = g_strdup (settings->location);
  self->files.checkpoint = gst_mx_train_settings_dup_checkpoint (settings);
  self->checkpoints.location = g_strdup (self->files.checkpoint);
  self->checkpoints.interval = settings->checkpoint_interval;
  self->checkpoints.resume = settings->resume;
  self->log.location = g_strdup (settings->log_location);
  self->log.interval = settings->log_interval;
  self->validation.metric = settings->valid_metric;
  self->validation.patience = settings->patience;
}

void
gst_mx_train_run_reset (GstMxTrainRun *self)
{
  forget_training (self);
  g_clear_pointer (&self->labels, g_strfreev);
  self->examples = self->valid = 0;
  self->epochs = -1;
}

gboolean
gst_mx_train_run_open (GstMxTrainRun *self)
{
  if (!gst_mx_train_files_claim (&self->files))
    return FALSE;
  if (gst_mx_train_log_open (&self->log))
    return TRUE;
  gst_mx_train_files_release (&self->files);
  return FALSE;
}

void
gst_mx_train_run_close (GstMxTrainRun *self)
{
  gst_mx_train_log_close (&self->log);
  gst_mx_train_files_release (&self->files);
}

/* ----------------------------------------------------------- data set */

static gboolean
same_labels (gchar **a, gchar **b)
{
  return g_strv_equal ((const gchar *const *)a, (const gchar *const *)b);
}

gboolean
gst_mx_train_run_set_dataset (GstMxTrainRun *self, const GstMxDataset *dataset)
{
  guint n = g_strv_length (dataset->labels);

  if (self->labels != NULL && !same_labels (self->labels, dataset->labels)) {
    GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
        ("The data set changed in mid-stream: train on one data set."),
        ("%u labels, before %u", n, g_strv_length (self->labels)));
    return FALSE;
  }
  if (n + (self->background != NULL) < 2) {
    GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
        ("The data set has %u class%s%s%s; training needs at least two.", n,
            n == 1 ? "" : "es", n == 1 ? ": " : "",
            n == 1 ? dataset->labels[0] : ""),
        (NULL));
    return FALSE;
  }
  g_strfreev (self->labels);
  self->labels = g_strdupv (dataset->labels);
  self->examples = dataset->examples;
  self->valid = dataset->valid;
  self->epochs = dataset->epochs;
  return TRUE;
}

/* To learn from, in all epochs; 0: unknown. */
static guint64
planned_examples (const GstMxTrainRun *self)
{
  return (self->examples - self->valid) * (guint64)MAX (self->epochs, 0);
}

/* How long training will take is known only when the last example was heard:
 * those to come are taken to give as many windows as those heard so far. */
static guint64
planned_steps (const GstMxTrainRun *self)
{
  gdouble windows = (gdouble)planned_examples (self) * (gdouble)self->windows /
                    (gdouble)MAX (self->heard, 1);

  return (guint64)ceil (windows / (gdouble)self->config.batch_size);
}

/* --------------------------------------------------------------- begin */

/* Those of the data set, and behind them what gaps are called. */
static gchar **
all_labels (const GstMxTrainRun *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (self->labels == NULL)
    return NULL;
  g_strv_builder_addv (builder, (const gchar **)self->labels);
  if (self->background != NULL &&
      !g_strv_contains ((const gchar *const *)self->labels, self->background))
    g_strv_builder_add (builder, self->background);
  return g_strv_builder_end (builder);
}

static gboolean
begin (GstMxTrainRun *self)
{
  g_autofree gchar *summary = NULL;
  g_auto (GStrv) labels = all_labels (self);
  g_autoptr (GError) error = NULL;
  MxDescription *description;

  if (!gst_mx_train_model_set_labels (&self->model, labels, &error)) {
    GST_ELEMENT_ERROR (self->owner, RESOURCE, SETTINGS,
        ("The architecture and the data set do not fit: %s.", error->message),
        (NULL));
    return FALSE;
  }
  description = self->model.description;
  self->trainer =
      mx_trainer_new (description, self->model.start, &self->config);
  gst_mx_validation_begin (
      &self->validation, description, self->model.start, &self->config);
  self->report.exits = description->program->n_stages;
  self->report.examples = self->examples;
  self->report.epochs = self->epochs;
  summary = mx_description_summary (description);
  gst_mx_train_report_begin (&self->report, summary);
  gst_mx_checkpoints_begin (&self->checkpoints);
  return gst_mx_train_state_restore (self);
}

/* ------------------------------------------------------------ examples */

static gboolean
find_label (GstMxTrainRun *self, const GstMxExample *example, gint32 *label)
{
  const gchar *name = example->gap ? self->background : example->label;
  g_autofree gchar *known = NULL;
  g_autofree gchar *shown = NULL;

  *label = -1;
  if (name == NULL)
    return TRUE;
  *label = mx_description_find_label (self->model.description, name);
  if (*label >= 0)
    return TRUE;
  known = g_strjoinv (", ", self->model.description->labels);
  shown = gst_mx_csv_shorten (known, 200);
  GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
      ("The label \"%s\" of example %" G_GUINT64_FORMAT
       " is none of the model's: %s.",
          name, example->index, shown),
      ("%s", example->path ? example->path : "path unknown"));
  return FALSE;
}

/* What was measured in the epoch that ends. */
static void
settle_epoch (GstMxTrainRun *self)
{
  GstMxValidation *validation = &self->validation;
  gboolean measured =
      gst_mx_validation_end_epoch (validation, self->report.epoch + 1);

  self->valid_windows = self->valid_in_gaps = 0;
  self->report.validation = measured ? validation : NULL;
  self->over = measured && gst_mx_validation_is_over (validation);
  if (gst_mx_validation_is_blind (validation) && self->report.epoch == 0)
    GST_ELEMENT_WARNING (self->owner, STREAM, FAILED,
        ("None of the examples of the split " GST_MX_SPLIT_VALID
         " has a label: nothing is measured, and the last model is kept."),
        (NULL));
}

static gboolean
pass_over (GstMxTrainRun *self)
{
  gst_mx_train_report_pass (
      &self->report, self->checkpoints.place.met, self->checkpoints.goal.met);
  return TRUE;
}

static gboolean last_step (GstMxTrainRun *self);

/* What is left of the last batch is learnt from before it is measured for the
 * last time. */
static gboolean
hear_valid (GstMxTrainRun *self, gsize windows)
{
  self->valid_heard++;
  self->valid_windows += windows;
  return planned_examples (self) == 0 ||
         self->heard < planned_examples (self) || last_step (self);
}

/* Of so many windows in a gap, those that leave enough others. */
static gsize
some_in_gap (guint64 windows, guint64 in_gaps, gsize n)
{
  gdouble others = (gdouble)(windows - MIN (windows, in_gaps));
  gdouble most = others * MOST_IN_GAPS / (1 - MOST_IN_GAPS);

  return MIN (n, (gsize)MAX (most - (gdouble)in_gaps, 0));
}

static gboolean
hear_gap (GstMxTrainRun *self, gsize *n)
{
  guint64 *windows = self->is_valid ? &self->valid_windows : &self->windows;
  guint64 *in_gaps = self->is_valid ? &self->valid_in_gaps : &self->in_gaps;

  *n = some_in_gap (*windows, *in_gaps, *n);
  *windows += *n;
  *in_gaps += *n;
  self->checkpoints.place.allotted = *n;
  return TRUE;
}

gboolean
gst_mx_train_run_example (GstMxTrainRun *self, const GstMxExample *example,
    gsize *windows, gint32 *label)
{
  GstMxPassage passage;

  if (self->trainer == NULL && !begin (self))
    return FALSE;
  if (!find_label (self, example, label))
    return FALSE;
  self->is_valid = g_strcmp0 (example->split, GST_MX_SPLIT_VALID) == 0;
  passage = gst_mx_checkpoints_meet (&self->checkpoints, example, windows);
  if (passage != GST_MX_PASSAGE_NEW)
    return passage == GST_MX_PASSAGE_OVER && pass_over (self);
  if (example->gap)
    return hear_gap (self, windows);
  if (self->report.done > 0 && example->epoch != self->report.epoch)
    settle_epoch (self);
  if (self->over)
    return TRUE;
  gst_mx_train_report_example (&self->report, example->epoch);
  if (self->is_valid)
    return hear_valid (self, *windows);
  self->heard++;
  self->windows += *windows;
  self->labelled += *label >= 0;
  return TRUE;
}

static gboolean
step (GstMxTrainRun *self)
{
  gsize windows = mx_trainer_get_pending (self->trainer);
  MxTrainerStep done;

  gst_mx_validation_settle (&self->validation);
  self->report.steps = planned_steps (self);
  mx_trainer_plan (self->trainer, self->report.steps);
  mx_trainer_step (self->trainer, &done);
  GST_LOG_OBJECT (self->owner, "step %" G_GUINT64_FORMAT " loss %g rate %g",
      done.step, done.loss.total, done.learning_rate);
  if (!gst_mx_train_health_check_step (self, &done))
    return FALSE;
  gst_mx_train_report_step (&self->report, &done, windows);
  if (gst_mx_checkpoints_is_due (&self->checkpoints))
    gst_mx_train_state_save (self);
  return TRUE;
}

gboolean
gst_mx_train_run_window (GstMxTrainRun *self, const gfloat *clean,
    const gfloat *perturbed, gint32 label)
{
  if (!gst_mx_checkpoints_meet_window (&self->checkpoints))
    return TRUE;
  if (self->is_valid) {
    gst_mx_validation_add (&self->validation, self->trainer, clean, label);
    return TRUE;
  }
  mx_trainer_add (self->trainer, clean, perturbed, label);
  return !mx_trainer_is_full (self->trainer) || step (self);
}

gboolean
gst_mx_train_run_segment (GstMxTrainRun *self, const MxSegment *clean,
    const MxSegment *perturbed, gint32 label)
{
  if (!gst_mx_checkpoints_meet_window (&self->checkpoints))
    return TRUE;
  if (self->is_valid) {
    gst_mx_validation_add_segment (
        &self->validation, self->trainer, clean, label);
    return TRUE;
  }
  mx_trainer_add_segments (self->trainer, clean, perturbed, label);
  return !mx_trainer_is_full (self->trainer) || step (self);
}

/* ----------------------------------------------------------------- end */

/* The best that was measured, else the last. */
static gboolean
save (GstMxTrainRun *self)
{
  const gchar *location = self->files.location;
  MxNetwork *best = self->validation.best;
  MxNetwork *network =
      best ? mx_network_ref (best) : mx_trainer_get_network (self->trainer);
  g_autoptr (GBytes) bytes = mx_model_file_write (network);
  g_autoptr (GError) error = NULL;
  gboolean saved = mx_file_replace_locked (location, bytes, &error);

  mx_network_unref (network);
  if (!saved)
    GST_ELEMENT_ERROR (self->owner, RESOURCE, WRITE,
        ("The trained model could not be written to %s: %s.", location,
            error->message),
        ("last checkpoint: step %" G_GUINT64_FORMAT, self->checkpoints.step));
  return saved;
}

/* Training may make a model worse where the data come from elsewhere. */
static void
tell_if_in_vain (GstMxTrainRun *self)
{
  const GstMxValidation *validation = &self->validation;

  if (validation->best != NULL && validation->best_epoch == 0)
    GST_ELEMENT_WARNING (self->owner, STREAM, FAILED,
        ("No epoch was better on the examples of the split " GST_MX_SPLIT_VALID
         " than the model that training began with: %s holds that one.",
            self->files.location),
        (NULL));
}

/* Batch statistics need two rows. */
static gboolean
last_step (GstMxTrainRun *self)
{
  gsize left = mx_trainer_get_pending (self->trainer);
  gboolean pairs = mx_objective_needs_pairs (&self->config.objective);

  return left == 0 || (left == 1 && !pairs) || step (self);
}

gboolean
gst_mx_train_run_end (GstMxTrainRun *self)
{
  if (self->trainer != NULL && !gst_mx_checkpoints_end (&self->checkpoints))
    return FALSE;
  if (self->trainer != NULL && !self->over) {
    if (!last_step (self))
      return FALSE;
    settle_epoch (self);
  }
  if (!gst_mx_train_health_check_end (self) || !save (self))
    return FALSE;
  tell_if_in_vain (self);
  gst_mx_train_report_end (&self->report, self->files.location);
  forget_training (self);
  return TRUE;
}

void
gst_mx_train_run_stop (GstMxTrainRun *self, GstProgressType type)
{
  if (self->trainer == NULL)
    return;
  gst_mx_train_report_stop (&self->report, type,
      type == GST_PROGRESS_TYPE_CANCELED
          ? "stopped before the end of the stream: no model was written"
          : "failed: no model was written");
  forget_training (self);
}
