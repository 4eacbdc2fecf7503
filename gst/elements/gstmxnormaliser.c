/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxnormaliser.h"

#define MEAN "normalisation.mean"
#define STD "normalisation.std"

static void
clear_held (gpointer data)
{
  GstMxHeld *held = data;

  g_free (held->clean);
  g_free (held->perturbed);
}

gboolean
gst_mx_normaliser_begin (GstMxNormaliser *self, MxDescription *description,
    gboolean start, GError **error)
{
  const gchar *why = NULL;
  gsize features = description->frontend.features;

  gst_mx_normaliser_clear (self);
  if (self->most == 0)
    return TRUE;
  if (start)
    why = "a model to start from has learnt with its own";
  else if (description->program->n_streamed > 0)
    why = "the network has streamed stages: state mean and std";
  if (why != NULL) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "normalise=auto cannot be used, because %s", why);
    return FALSE;
  }
  self->described = mx_description_ref (description);
  self->bytes = description->window * description->channels * sizeof (gfloat);
  self->held = g_array_new (FALSE, FALSE, sizeof (GstMxHeld));
  g_array_set_clear_func (self->held, clear_held);
  self->normalisation = mx_normalisation_new (description);
  self->mean = g_new0 (gfloat, features);
  self->std = g_new0 (gfloat, features);
  return TRUE;
}

void
gst_mx_normaliser_clear (GstMxNormaliser *self)
{
  g_clear_pointer (&self->held, g_array_unref);
  g_clear_pointer (&self->normalisation, mx_normalisation_free);
  g_clear_pointer (&self->described, mx_description_unref);
  g_clear_pointer (&self->mean, g_free);
  g_clear_pointer (&self->std, g_free);
}

gboolean
gst_mx_normaliser_holds (const GstMxNormaliser *self)
{
  return self->held != NULL;
}

gboolean
gst_mx_normaliser_add (GstMxNormaliser *self, const gfloat *clean,
    const gfloat *perturbed, gint32 label)
{
  GstMxHeld held = {g_memdup2 (clean, self->bytes),
      g_memdup2 (perturbed, self->bytes), label};

  mx_normalisation_add (self->normalisation, clean);
  g_array_append_val (self->held, held);
  return self->held->len >= self->most;
}

MxDescription *
gst_mx_normaliser_end (GstMxNormaliser *self, GArray **held, GError **error)
{
  *held = g_steal_pointer (&self->held);
  mx_normalisation_get (self->normalisation, self->mean, self->std);
  g_clear_pointer (&self->normalisation, mx_normalisation_free);
  return mx_description_normalise (
      self->described, self->mean, self->std, error);
}

void
gst_mx_normaliser_save (const GstMxNormaliser *self, MxCheckpoint *checkpoint)
{
  if (self->described == NULL)
    return;
  mx_checkpoint_put_floats (
      checkpoint, MEAN, self->mean, self->described->frontend.features);
  mx_checkpoint_put_floats (
      checkpoint, STD, self->std, self->described->frontend.features);
}

MxDescription *
gst_mx_normaliser_restore (
    GstMxNormaliser *self, const MxCheckpoint *checkpoint, GError **error)
{
  gsize features = self->described->frontend.features;
  const gfloat *mean =
      mx_checkpoint_get_floats (checkpoint, MEAN, features, error);
  const gfloat *std = NULL;

  if (mean != NULL)
    std = mx_checkpoint_get_floats (checkpoint, STD, features, error);
  if (std == NULL)
    return NULL;
  memcpy (self->mean, mean, features * sizeof *mean);
  memcpy (self->std, std, features * sizeof *std);
  g_clear_pointer (&self->held, g_array_unref);
  g_clear_pointer (&self->normalisation, mx_normalisation_free);
  return mx_description_normalise (self->described, mean, std, error);
}
