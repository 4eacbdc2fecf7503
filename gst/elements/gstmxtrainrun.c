/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainrun.h"

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

/* ------------------------------------------------------------ training */

void
gst_mx_train_run_take_description (
    GstMxTrainRun *self, MxDescription *description)
{
  mx_description_unref (self->model.description);
  self->model.description = description;
  mx_trainer_free (self->trainer);
  self->trainer = mx_trainer_new (description, NULL, &self->config);
}

void
gst_mx_train_run_finish (GstMxTrainRun *self)
{
  self->group.parted = TRUE;
  gst_mx_train_report_end (&self->report, self->files.location);
  forget_training (self);
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
