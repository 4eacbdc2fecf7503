/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainresult.h"

#include "mx-file.h"
#include "mx-model-file.h"

static gboolean
write_file (GstMxTrainRun *self)
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

/* As when one batch is larger than all the data. */
static void
tell_if_short (GstMxTrainRun *self)
{
  if (self->report.step < self->config.warm_up)
    GST_ELEMENT_WARNING (self->owner, STREAM, FAILED,
        ("Training ended after step %" G_GUINT64_FORMAT
         ", within the warm-up of %" G_GUINT64_FORMAT
         " steps: the learning rate was never reached. Send more epochs, or "
         "lower "
         "batch-size or warm-up.",
            self->report.step, self->config.warm_up),
        ("batches of %" G_GSIZE_FORMAT " windows", self->config.batch_size));
}

gboolean
gst_mx_train_result_save (GstMxTrainRun *run)
{
  if (!write_file (run))
    return FALSE;
  tell_if_in_vain (run);
  tell_if_short (run);
  return TRUE;
}
