/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainrun.h"

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
  self->heard = self->labelled = self->windows = self->in_gaps = 0;
  self->report = (GstMxTrainReport){.owner = self->owner};
}

void
gst_mx_train_run_reset (GstMxTrainRun *self)
{
  forget_training (self);
  g_clear_pointer (&self->labels, g_strfreev);
  self->examples = 0;
  self->epochs = -1;
}

gboolean
gst_mx_train_run_check_location (GstMxTrainRun *self)
{
  g_autoptr (GError) error = NULL;

  if (self->location == NULL) {
    GST_ELEMENT_ERROR (self->owner, RESOURCE, SETTINGS,
        ("Set location: the file that the trained model is written to."),
        (NULL));
    return FALSE;
  }
  if (mx_file_check_writable (self->location, &error))
    return TRUE;
  GST_ELEMENT_ERROR (self->owner, RESOURCE, OPEN_WRITE,
      ("The trained model cannot be written: %s.", error->message), (NULL));
  return FALSE;
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
  self->epochs = dataset->epochs;
  return TRUE;
}

/* How long training will take is known only when the last example was heard:
 * those to come are taken to give as many windows as those heard so far. */
static guint64
planned_steps (const GstMxTrainRun *self)
{
  gdouble examples = (gdouble)self->examples * MAX (self->epochs, 0);
  gdouble windows = examples * (gdouble)self->windows / (gdouble)self->heard;

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
  self->report.exits = description->program->n_stages;
  self->report.examples = self->examples;
  self->report.epochs = self->epochs;
  summary = mx_description_summary (description);
  gst_mx_train_report_begin (&self->report, summary);
  return TRUE;
}

/* ------------------------------------------------------------ examples */

static gboolean
find_label (GstMxTrainRun *self, const GstMxExample *example, gint32 *label)
{
  const gchar *name = example->gap ? self->background : example->label;
  g_autofree gchar *known = NULL;

  *label = -1;
  if (name == NULL)
    return TRUE;
  *label = mx_description_find_label (self->model.description, name);
  if (*label >= 0)
    return TRUE;
  known = g_strjoinv (", ", self->model.description->labels);
  GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
      ("The label \"%s\" of example %" G_GUINT64_FORMAT
       " is none of the model's: %.200s.",
          name, example->index, known),
      ("%s", example->path ? example->path : "path unknown"));
  return FALSE;
}

/* Of so many windows in a gap, those that leave enough others. */
static gsize
some_in_gap (const GstMxTrainRun *self, gsize windows)
{
  gdouble others = (gdouble)(self->windows - self->in_gaps);
  gdouble most = others * MOST_IN_GAPS / (1 - MOST_IN_GAPS);

  return MIN (windows, (gsize)MAX (most - (gdouble)self->in_gaps, 0));
}

gboolean
gst_mx_train_run_example (GstMxTrainRun *self, const GstMxExample *example,
    gsize *windows, gint32 *label)
{
  if (self->trainer == NULL && !begin (self))
    return FALSE;
  if (!find_label (self, example, label))
    return FALSE;
  if (example->gap) {
    *windows = some_in_gap (self, *windows);
    self->windows += *windows;
    self->in_gaps += *windows;
    return TRUE;
  }
  self->heard++;
  self->windows += *windows;
  self->labelled += *label >= 0;
  gst_mx_train_report_example (&self->report, example->epoch);
  return TRUE;
}

static gboolean
step (GstMxTrainRun *self)
{
  gsize windows = mx_trainer_get_pending (self->trainer);
  MxTrainerStep done;

  self->report.steps = planned_steps (self);
  mx_trainer_plan (self->trainer, self->report.steps);
  mx_trainer_step (self->trainer, &done);
  GST_LOG_OBJECT (self->owner, "step %" G_GUINT64_FORMAT " loss %g rate %g",
      done.step, done.loss.total, done.learning_rate);
  if (!done.finite) {
    GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
        ("Training diverged at step %" G_GUINT64_FORMAT
         ": lower the learning-rate, or check the scale of the samples.",
            done.step),
        ("loss %g, learning rate %g; no model was written", done.loss.total,
            done.learning_rate));
    return FALSE;
  }
  gst_mx_train_report_step (&self->report, &done, windows);
  return TRUE;
}

gboolean
gst_mx_train_run_window (GstMxTrainRun *self, const gfloat *clean,
    const gfloat *perturbed, gint32 label)
{
  mx_trainer_add (self->trainer, clean, perturbed, label);
  return !mx_trainer_is_full (self->trainer) || step (self);
}

gboolean
gst_mx_train_run_segment (GstMxTrainRun *self, const MxSegment *clean,
    const MxSegment *perturbed, gint32 label)
{
  mx_trainer_add_segments (self->trainer, clean, perturbed, label);
  return !mx_trainer_is_full (self->trainer) || step (self);
}

/* ----------------------------------------------------------------- end */

static gboolean
save (GstMxTrainRun *self)
{
  MxNetwork *network = mx_trainer_get_network (self->trainer);
  g_autoptr (GError) error = NULL;
  gboolean saved = mx_model_file_save (network, self->location, &error);

  mx_network_unref (network);
  if (!saved)
    GST_ELEMENT_ERROR (self->owner, RESOURCE, WRITE,
        ("The trained model could not be written to %s: %s.", self->location,
            error->message),
        (NULL));
  return saved;
}

/* Without labels nothing is learnt but to agree with oneself, which makes
 * sense only for a model that knows something. */
static gboolean
check_labelled (GstMxTrainRun *self)
{
  if (self->labelled > 0 || (self->model.start != NULL &&
                                self->config.objective.consistency_weight > 0))
    return TRUE;
  GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
      ("None of the %" G_GUINT64_FORMAT
       " examples had a label: there was nothing to learn from.",
          self->heard),
      ("no model was written"));
  return FALSE;
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
  if (self->trainer != NULL && !last_step (self))
    return FALSE;
  if (self->report.step == 0) {
    GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
        ("The stream ended before a single training step."),
        ("%" G_GUINT64_FORMAT " examples", self->heard));
    return FALSE;
  }
  if (!check_labelled (self) || !save (self))
    return FALSE;
  gst_mx_train_report_end (&self->report, self->location);
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
