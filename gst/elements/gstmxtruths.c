/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxtruths.h"

#define MOST_LISTED 20

void
gst_mx_truths_begin (GstMxTruths *self, const MxDescription *description)
{
  *self = (GstMxTruths){.description = description,
      .counts = g_new0 (guint64, description->n_labels),
      .strange = g_ptr_array_new_with_free_func (g_free)};
}

void
gst_mx_truths_clear (GstMxTruths *self)
{
  g_clear_pointer (&self->counts, g_free);
  g_clear_pointer (&self->strange, g_ptr_array_unref);
}

static void
note_stranger (GstMxTruths *self, const gchar *label)
{
  self->n_strange++;
  if (self->strange->len < MOST_LISTED &&
      !g_ptr_array_find_with_equal_func (
          self->strange, label, g_str_equal, NULL))
    g_ptr_array_add (self->strange, g_strdup (label));
}

gint
gst_mx_truths_add (GstMxTruths *self, const gchar *label)
{
  gint class = -1;

  if (label == NULL)
    return -1;
  class = mx_description_find_label (self->description, label);
  if (class >= 0)
    self->counts[class]++;
  else
    note_stranger (self, label);
  return class;
}

static gchar *
list_strangers (const GstMxTruths *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->strange->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
        (const gchar *)g_ptr_array_index (self->strange, i));
  return g_strdup (text->str);
}

static gchar *
list_known (const GstMxTruths *self)
{
  const MxDescription *description = self->description;
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < MIN (description->n_labels, MOST_LISTED); i++)
    g_string_append_printf (
        text, "%s%s", i > 0 ? ", " : "", description->labels[i]);
  if (description->n_labels > MOST_LISTED)
    g_string_append (text, ", ...");
  return g_strdup (text->str);
}

static void
warn (const GstMxTruths *self, gsize classes, gsize only, const gchar *strange,
    GstElement *owner)
{
  if (self->n_strange > 0)
    GST_ELEMENT_WARNING (owner, STREAM, FAILED,
        ("%" G_GUINT64_FORMAT " windows have labels that the model does not "
         "know (%s), and count as unlabelled.",
            self->n_strange, strange),
        (NULL));
  if (classes == 1)
    GST_ELEMENT_WARNING (owner, STREAM, FAILED,
        ("All %" G_GUINT64_FORMAT " labelled windows have the label \"%s\": "
         "temperatures that are fitted on one label are not to be trusted.",
            self->counts[only], self->description->labels[only]),
        (NULL));
}

gboolean
gst_mx_truths_check (const GstMxTruths *self, GstElement *owner)
{
  g_autofree gchar *strange = list_strangers (self);
  g_autofree gchar *known = list_known (self);
  gsize classes = 0, only = 0;

  for (gsize i = 0; i < self->description->n_labels; i++)
    if (self->counts[i] > 0) {
      classes++;
      only = i;
    }
  if (self->n_strange == 0 || classes > 0) {
    warn (self, classes, only, strange, owner);
    return TRUE;
  }
  GST_ELEMENT_ERROR (owner, STREAM, FAILED,
      ("No label of the data is one of the model's: the data have %s, the "
       "model "
       "knows %s. Calibrate on the data the model was made for, or without "
       "labels (mxdatasetsrc labelled-fraction=0).",
          strange, known),
      (NULL));
  return FALSE;
}
