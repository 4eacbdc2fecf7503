/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainrun.h"

#include "gstmxcsv.h"
#include "gstmxtrainhealth.h"
#include "gstmxtrainresult.h"
#include "gstmxtrainstate.h"
#include "gstmxtrainsteps.h"

GST_DEBUG_CATEGORY_EXTERN (mx_train_sink_debug);
#define GST_CAT_DEFAULT mx_train_sink_debug

/* Windows in gaps, of all: with more, words are taken for nothing. */
#define MOST_IN_GAPS .3

/* What was said of the data set stays. */
static void
forget_training (GstMxTrainRun *self)
{
  g_clear_pointer (&self->trainer, mx_trainer_free);
  gst_mx_normaliser_clear (&self->normaliser);
  gst_mx_validation_clear (&self->validation);
  self->heard = self->labelled = self->windows = self->in_gaps = 0;
  self->valid_heard = self->valid_windows = self->valid_in_gaps = 0;
  self->is_valid = self->measures = self->over = FALSE;
  self->report = (GstMxTrainReport){.owner = self->owner, .log = &self->log};
}

void
gst_mx_train_run_init (GstMxTrainRun *self, GstElement *owner)
{
  self->owner = self->files.owner = self->checkpoints.owner = self->log.owner =
      self->group.owner = owner;
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
  self->normaliser.most = gst_mx_train_options_hold (&settings->options);
  self->adapt_labels = settings->options.adapt_labels;
  self->files.location = g_strdup (settings->location);
  self->files.checkpoint = gst_mx_train_settings_dup_checkpoint (settings);
  self->files.log = g_strdup (settings->log_location);
  self->checkpoints.location = g_strdup (self->files.checkpoint);
  self->checkpoints.interval = settings->checkpoint_interval;
  self->checkpoints.resume = settings->resume;
  self->log.location = g_strdup (settings->log_location);
  self->log.interval = settings->log_interval;
  self->group.wanted = settings->mpi;
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
  if (!gst_mx_train_group_open (&self->group))
    return FALSE;
  if (!gst_mx_train_group_is_first (&self->group) ||
      (gst_mx_train_files_claim (&self->files) &&
          gst_mx_train_log_open (&self->log)))
    return TRUE;
  gst_mx_train_run_close (self);
  return FALSE;
}

void
gst_mx_train_run_close (GstMxTrainRun *self)
{
  gst_mx_train_log_close (&self->log);
  gst_mx_train_files_release (&self->files);
  gst_mx_train_group_close (&self->group);
}

/* ----------------------------------------------------------- data set */

gboolean
gst_mx_train_run_set_dataset (GstMxTrainRun *self, const GstMxDataset *dataset)
{
  guint n = g_strv_length (dataset->labels);

  if (self->labels != NULL && !g_strv_equal ((const gchar *const *)self->labels,
                                  (const gchar *const *)dataset->labels)) {
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

/* Each rank would find a mean and a deviation of its own. */
static gboolean
normalises_alone (const GstMxTrainRun *self)
{
  if (!gst_mx_normaliser_holds (&self->normaliser) ||
      mx_group_get_size (self->group.group) == 1)
    return TRUE;
  GST_ELEMENT_ERROR (self->owner, RESOURCE, SETTINGS,
      ("normalise=auto works in one process only: train a step without mpirun "
       "first, and take mean and deviation from its model."),
      (NULL));
  return FALSE;
}

static gboolean
begin (GstMxTrainRun *self)
{
  g_autofree gchar *summary = NULL;
  g_auto (GStrv) labels = all_labels (self);
  g_autoptr (GError) error = NULL;
  MxDescription *description;

  if (!gst_mx_train_model_set_labels (&self->model, labels, self->adapt_labels,
          self->config.seed, &error) ||
      !gst_mx_normaliser_begin (&self->normaliser, self->model.description,
          self->model.start != NULL, &error)) {
    GST_ELEMENT_ERROR (self->owner, RESOURCE, SETTINGS,
        ("The architecture and the data set do not fit: %s.", error->message),
        (NULL));
    return FALSE;
  }
  if (!gst_mx_train_steps_meet (self, GST_MX_WANT_BEGIN) ||
      !gst_mx_train_state_check_group (self) || !normalises_alone (self))
    return FALSE;
  description = self->model.description;
  self->config.group = self->group.group;
  self->trainer =
      mx_trainer_new (description, self->model.start, &self->config);
  gst_mx_validation_begin (
      &self->validation, description, self->model.start, &self->config);
  self->report.quiet = !gst_mx_train_group_is_first (&self->group);
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

static gboolean learn (GstMxTrainRun *self, const gfloat *clean,
    const gfloat *perturbed, gint32 label);

void
gst_mx_train_run_take_description (
    GstMxTrainRun *self, MxDescription *description)
{
  mx_description_unref (self->model.description);
  self->model.description = description;
  mx_trainer_free (self->trainer);
  self->trainer = mx_trainer_new (description, NULL, &self->config);
}

/* Learns from what was held back; a checkpoint would not know the rest. */
static gboolean
settle_normalisation (GstMxTrainRun *self)
{
  g_autoptr (GArray) held = NULL;
  g_autoptr (GError) error = NULL;
  MxDescription *description;
  gboolean learnt = TRUE;

  if (!gst_mx_normaliser_holds (&self->normaliser) ||
      self->normaliser.held->len == 0)
    return TRUE;
  description = gst_mx_normaliser_end (&self->normaliser, &held, &error);
  if (description == NULL) {
    GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
        ("The data cannot be normalised: %s.", error->message), (NULL));
    return FALSE;
  }
  gst_mx_train_run_take_description (self, description);
  self->catches_up = TRUE;
  for (guint i = 0; i < held->len && learnt; i++) {
    const GstMxHeld *window = &g_array_index (held, GstMxHeld, i);

    learnt = learn (self, window->clean, window->perturbed, window->label);
  }
  self->catches_up = FALSE;
  return learnt;
}

static gboolean
pass_over (GstMxTrainRun *self)
{
  gst_mx_train_report_pass (
      &self->report, self->checkpoints.place.met, self->checkpoints.goal.met);
  return TRUE;
}

/* What is left of the last batch is learnt from before it is measured for the
 * last time. */
static gboolean
prepare_to_measure (GstMxTrainRun *self)
{
  guint64 planned = gst_mx_train_steps_planned (self);

  if (planned > 0 && self->heard >= planned &&
      !gst_mx_train_steps_finish (self))
    return FALSE;
  if (!self->measures && !gst_mx_train_steps_meet (self, GST_MX_WANT_VALID))
    return FALSE;
  self->measures = TRUE;
  return TRUE;
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
  gst_mx_checkpoints_enter (&self->checkpoints);
  return TRUE;
}

static void
enter (GstMxTrainRun *self, gsize windows, gint32 label)
{
  if (self->is_valid) {
    self->valid_heard++;
    self->valid_windows += windows;
  } else {
    self->heard++;
    self->windows += windows;
    self->labelled += label >= 0;
  }
  gst_mx_checkpoints_enter (&self->checkpoints);
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
  if ((self->is_valid || example->epoch > 0) && !settle_normalisation (self))
    return FALSE;
  if (example->gap)
    return hear_gap (self, windows);
  if (self->report.done > 0 && example->epoch != self->report.epoch &&
      !gst_mx_train_steps_meet (self, GST_MX_WANT_EPOCH))
    return FALSE;
  if (self->over)
    return TRUE;
  if (self->is_valid && !prepare_to_measure (self))
    return FALSE;
  gst_mx_train_report_example (&self->report, example->epoch);
  enter (self, *windows, *label);
  return TRUE;
}

static gboolean
learn (GstMxTrainRun *self, const gfloat *clean, const gfloat *perturbed,
    gint32 label)
{
  mx_trainer_add (self->trainer, clean, perturbed, label);
  return !mx_trainer_is_full (self->trainer) ||
         gst_mx_train_steps_meet (self, GST_MX_WANT_STEP);
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
  if (!gst_mx_normaliser_holds (&self->normaliser))
    return learn (self, clean, perturbed, label);
  return !gst_mx_normaliser_add (&self->normaliser, clean, perturbed, label) ||
         settle_normalisation (self);
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
  return !mx_trainer_is_full (self->trainer) ||
         gst_mx_train_steps_meet (self, GST_MX_WANT_STEP);
}

/* ----------------------------------------------------------------- end */

/* By one for all. */
static gboolean
save_first (GstMxTrainRun *self)
{
  gboolean first = gst_mx_train_group_is_first (&self->group);
  gboolean saved = first && gst_mx_train_result_save (self);

  if (gst_mx_train_group_hear (&self->group, saved))
    return TRUE;
  if (!first)
    GST_ELEMENT_ERROR (self->owner, RESOURCE, WRITE,
        ("Rank 0 of this training could not write the model: its message says "
         "why."),
        (NULL));
  return FALSE;
}

gboolean
gst_mx_train_run_end (GstMxTrainRun *self)
{
  if (self->trainer != NULL && !gst_mx_checkpoints_end (&self->checkpoints))
    return FALSE;
  if (self->trainer != NULL && !self->over &&
      (!settle_normalisation (self) || !gst_mx_train_steps_finish (self) ||
          !gst_mx_train_steps_meet (self, GST_MX_WANT_END)))
    return FALSE;
  if (!gst_mx_train_health_check_end (self) || !save_first (self))
    return FALSE;
  self->group.parted = TRUE;
  gst_mx_train_report_end (&self->report, self->files.location);
  forget_training (self);
  return TRUE;
}

void
gst_mx_train_run_stop (GstMxTrainRun *self, GstProgressType type)
{
  gst_mx_train_group_leave (&self->group);
  if (self->trainer == NULL)
    return;
  gst_mx_train_report_stop (&self->report, type,
      type == GST_PROGRESS_TYPE_CANCELED
          ? "stopped before the end of the stream: no model was written"
          : "failed: no model was written");
  forget_training (self);
}
