/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainfiles.h"

#include "gstmxoutput.h"
#include "mx-file.h"

static gboolean
claim (GstMxTrainFiles *self, guint i, const gchar *what, const gchar *filename)
{
  g_autoptr (GError) error = NULL;

  if (mx_file_check_writable (filename, &error))
    self->locks[i] = mx_file_lock_new (filename, &error);
  if (self->locks[i] != NULL)
    return TRUE;
  gst_mx_output_fail (self->owner, GST_RESOURCE_ERROR_OPEN_WRITE, what, error);
  return FALSE;
}

/* A log is appended to: one that is the model, too, would damage it. */
static gboolean
check_names (GstMxTrainFiles *self)
{
  if (self->location == NULL) {
    GST_ELEMENT_ERROR (self->owner, RESOURCE, SETTINGS,
        ("Set location: the file that the trained model is written to."),
        (NULL));
    return FALSE;
  }
  return gst_mx_output_check_two (self->owner, "location", self->location,
             "checkpoint-location", self->checkpoint) &&
         gst_mx_output_check_two (self->owner, "location", self->location,
             "log-location", self->log) &&
         gst_mx_output_check_two (self->owner, "checkpoint-location",
             self->checkpoint, "log-location", self->log);
}

gboolean
gst_mx_train_files_claim (GstMxTrainFiles *self)
{
  gst_mx_train_files_release (self);
  if (check_names (self) && claim (self, 0, "trained model", self->location) &&
      (self->checkpoint == NULL ||
          claim (self, 1, "checkpoint", self->checkpoint)))
    return TRUE;
  gst_mx_train_files_release (self);
  return FALSE;
}

void
gst_mx_train_files_release (GstMxTrainFiles *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->locks); i++)
    g_clear_pointer (&self->locks[i], mx_file_lock_free);
}

void
gst_mx_train_files_clear (GstMxTrainFiles *self)
{
  gst_mx_train_files_release (self);
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->checkpoint, g_free);
  g_clear_pointer (&self->log, g_free);
}
