/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainhealth.h"

#include <math.h>

/* A hundred times the cross-entropy of a guess: no training comes back. */
#define LARGEST_LOSS 100

static gboolean
is_healthy (const GstMxTrainRun *self, const MxTrainerStep *done)
{
  const MxLoss *loss = &done->loss;
  gdouble largest =
      LARGEST_LOSS * log ((gdouble)self->model.description->n_labels);

  if (!done->finite)
    return FALSE;
  return done->step <= self->config.warm_up ||
         MAX (MAX (loss->clean, loss->perturbed),
             MAX (loss->distillation, loss->consistency)) <= largest;
}

static void
post_diverged (const GstMxTrainRun *self, const MxTrainerStep *done)
{
  g_autofree gchar *kept = NULL;

  if (self->checkpoints.step > 0)
    kept = g_strdup_printf (" The checkpoint of step %" G_GUINT64_FORMAT
                            " is kept in %s.",
        self->checkpoints.step, self->checkpoints.location);
  GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
      ("Training diverged at step %" G_GUINT64_FORMAT
       ", where the loss is %g: lower the learning-rate, set gradient-clip, or "
       "check the scale of the samples.%s",
          done->step, done->loss.total, kept ? kept : ""),
      ("learning rate %g, norm of the gradients %g; no model was written",
          done->learning_rate, done->gradient_norm));
}

gboolean
gst_mx_train_health_check_step (
    const GstMxTrainRun *self, const MxTrainerStep *done)
{
  if (is_healthy (self, done))
    return TRUE;
  post_diverged (self, done);
  return FALSE;
}

/* ----------------------------------------------------------------- end */

static gboolean
check_steps (const GstMxTrainRun *self)
{
  if (self->report.step > 0)
    return TRUE;
  if (self->heard == 0 && self->valid_heard > 0)
    GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
        ("All %" G_GUINT64_FORMAT
         " examples are of the split " GST_MX_SPLIT_VALID
         ", which is only measured with: send others to learn from too, as "
         "mxdatasetsrc split=train," GST_MX_SPLIT_VALID " does.",
            self->valid_heard),
        (NULL));
  else
    GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
        ("The stream ended before a single training step."),
        ("%" G_GUINT64_FORMAT " examples", self->heard));
  return FALSE;
}

/* Without labels nothing is learnt but to agree with oneself, which makes
 * sense only for a model that knows something. */
static gboolean
check_labelled (const GstMxTrainRun *self)
{
  if (self->group.tally.labelled > 0 ||
      (self->model.start != NULL &&
          self->config.objective.consistency_weight > 0))
    return TRUE;
  GST_ELEMENT_ERROR (self->owner, STREAM, FAILED,
      ("None of the %" G_GUINT64_FORMAT
       " examples had a label: there was nothing to learn from.",
          self->group.tally.heard),
      ("no model was written"));
  return FALSE;
}

gboolean
gst_mx_train_health_check_end (const GstMxTrainRun *self)
{
  return check_steps (self) && check_labelled (self);
}
