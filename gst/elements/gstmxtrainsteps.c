/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainsteps.h"

#include "gstmxtrainhealth.h"
#include "gstmxtrainstate.h"

#include <math.h>

GST_DEBUG_CATEGORY_EXTERN (mx_train_sink_debug);
#define GST_CAT_DEFAULT mx_train_sink_debug

guint64
gst_mx_train_steps_planned (const GstMxTrainRun *self)
{
  return (self->examples - self->valid) * (guint64)MAX (self->epochs, 0);
}

/* How long training will take is known only when the last example was heard:
 * those to come are taken to give as many windows as those heard so far. */
static guint64
planned_steps (const GstMxTrainRun *self)
{
  const GstMxTally *tally = &self->group.tally;
  gdouble windows = (gdouble)tally->planned * (gdouble)tally->heard_windows /
                    (gdouble)MAX (tally->heard, 1);
  gsize size = mx_group_get_size (self->group.group);

  return (guint64)ceil (windows / (gdouble)(self->config.batch_size * size));
}

static gboolean
step (GstMxTrainRun *self)
{
  MxTrainerStep done;

  gst_mx_validation_settle (&self->validation);
  self->report.steps = planned_steps (self);
  mx_trainer_plan (self->trainer, self->report.steps);
  mx_trainer_step (self->trainer, &done);
  GST_LOG_OBJECT (self->owner, "step %" G_GUINT64_FORMAT " loss %g rate %g",
      done.step, done.loss.total, done.learning_rate);
  if (!gst_mx_train_health_check_step (self, &done))
    return FALSE;
  gst_mx_train_report_step (&self->report, &done, self->group.tally.windows);
  if (self->group.tally.due > 0)
    gst_mx_train_state_save (self);
  return TRUE;
}

/* What was measured in the epoch that ends. */
static void
settle_epoch (GstMxTrainRun *self)
{
  GstMxValidation *validation = &self->validation;
  gboolean measured = gst_mx_validation_end_epoch (
      validation, self->trainer, self->group.group, self->report.epoch + 1);

  self->valid_windows = self->valid_in_gaps = 0;
  self->measures = FALSE;
  self->report.validation = measured ? validation : NULL;
  self->over = measured && gst_mx_validation_is_over (validation);
  if (gst_mx_validation_is_blind (validation) && self->report.epoch == 0 &&
      gst_mx_train_group_is_first (&self->group))
    GST_ELEMENT_WARNING (self->owner, STREAM, FAILED,
        ("None of the examples of the split " GST_MX_SPLIT_VALID
         " has a label: nothing is measured, and the last model is kept."),
        (NULL));
}

/* ------------------------------------------------------------- together */

static GstMxTally
count (const GstMxTrainRun *self)
{
  return (GstMxTally){
      .rows = self->trainer ? mx_trainer_get_rows (self->trainer) : 0,
      .windows = self->trainer ? mx_trainer_get_pending (self->trainer) : 0,
      .planned = gst_mx_train_steps_planned (self),
      .heard = self->heard,
      .heard_windows = self->windows,
      .labelled = self->labelled,
      .due = gst_mx_train_group_is_first (&self->group) && !self->catches_up &&
             gst_mx_checkpoints_is_due (&self->checkpoints)};
}

static gboolean
fail (GstMxTrainRun *self)
{
  GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
      ("Another process of this training has failed or was stopped: its "
       "message "
       "says why. The last checkpoint is whole."),
      ("rank %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT,
          mx_group_get_rank (self->group.group),
          mx_group_get_size (self->group.group)));
  return FALSE;
}

gboolean
gst_mx_train_steps_meet (GstMxTrainRun *self, GstMxWant want)
{
  gboolean heeded;

  do {
    GstMxTally own = count (self);

    switch (gst_mx_train_group_agree (&self->group, want, &own, &heeded)) {
    case GST_MX_DECISION_STEP:
      if (!step (self))
        return FALSE;
      break;
    case GST_MX_DECISION_SETTLE:
      settle_epoch (self);
      heeded |= self->over;
      break;
    case GST_MX_DECISION_FAIL:
      return fail (self);
    default:
      break;
    }
  } while (!heeded);
  return TRUE;
}

gboolean
gst_mx_train_steps_finish (GstMxTrainRun *self)
{
  return mx_trainer_get_pending (self->trainer) == 0 ||
         gst_mx_train_steps_meet (self, GST_MX_WANT_LAST);
}
