/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtrainmodel.h"

#include "mx-model-file.h"
#include "mx-relabel.h"

static MxDescription *
describe (
    const GstMxTrainModel *self, const gchar *const *labels, GError **error)
{
  return mx_description_new (self->text, -1, self->name, labels, error);
}

/* Any labels do until those of the data are known. */
static MxDescription *
describe_unlabelled (const GstMxTrainModel *self, GError **error)
{
  static const gchar *const any[] = {"a", "b", NULL};
  g_autoptr (GError) problem = NULL;
  MxDescription *description = describe (self, NULL, &problem);

  if (description == NULL && g_error_matches (problem, MX_DESCRIPTION_ERROR,
                                 MX_DESCRIPTION_ERROR_LABELS))
    description = describe (self, any, error);
  else if (description == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return description;
}

/* Whole numbers have no gradient. */
static gboolean
check_trainable (
    const MxDescription *description, const gchar *filename, GError **error)
{
  if (description->program->quantised)
    g_set_error (error, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_LAYER,
        "%s: found quantised layers, expected a network in floats, as the one "
        "that was quantised: whole numbers cannot be trained",
        filename);
  return !description->program->quantised;
}

/* A safetensors file begins with the length of its header, whose highest byte
 * is 0 and no part of any text. */
static gboolean
check_description (
    const gchar *text, gsize length, const gchar *filename, GError **error)
{
  gboolean is_model = length > 8 && text[7] == '\0' && text[8] == '{';

  if (is_model)
    g_set_error (error, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_SYNTAX,
        "%s: found a model, expected a description (JSON): model-file is the "
        "property to start from a model",
        filename);
  return !is_model;
}

gboolean
gst_mx_train_model_load (GstMxTrainModel *self, const gchar *architecture,
    const gchar *model_file, GError **error)
{
  gsize length;

  gst_mx_train_model_clear (self);
  if (model_file != NULL) {
    self->loaded = mx_model_file_load (model_file, error);
    if (self->loaded != NULL) {
      self->start = mx_network_ref (self->loaded);
      self->description = mx_description_ref (self->start->description);
    }
  } else if (g_file_get_contents (architecture, &self->text, &length, error) &&
             check_description (self->text, length, architecture, error)) {
    self->name = g_strdup (architecture);
    self->description = describe_unlabelled (self, error);
  }
  if (self->description == NULL ||
      !check_trainable (self->description,
          model_file != NULL ? model_file : architecture, error))
    gst_mx_train_model_clear (self);
  return self->description != NULL;
}

void
gst_mx_train_model_clear (GstMxTrainModel *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->loaded, mx_network_unref);
  g_clear_pointer (&self->start, mx_network_unref);
  g_clear_pointer (&self->description, mx_description_unref);
}

static gboolean
take_description (GstMxTrainModel *self, MxDescription *description)
{
  if (description == NULL)
    return FALSE;
  mx_description_unref (self->description);
  self->description = description;
  return TRUE;
}

/* Always from what is in the file: another data set may have come before. */
static gboolean
adapt_start (
    GstMxTrainModel *self, gchar **labels, guint64 seed, GError **error)
{
  MxNetwork *start = mx_network_relabel (
      self->loaded, (const gchar *const *)labels, seed, error);

  if (start == NULL)
    return FALSE;
  mx_network_unref (self->start);
  self->start = start;
  return take_description (self, mx_description_ref (start->description));
}

gboolean
gst_mx_train_model_set_labels (GstMxTrainModel *self, gchar **labels,
    gboolean adapt, guint64 seed, GError **error)
{
  if (self->loaded == NULL)
    return take_description (
        self, describe (self, (const gchar *const *)labels, error));
  if (!adapt || labels == NULL)
    labels = self->loaded->description->labels;
  return adapt_start (self, labels, seed, error);
}
