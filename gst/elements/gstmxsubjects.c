/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxsubjects.h"

static void
clear_subject (gpointer subject)
{
  g_free (((GstMxSubject *)subject)->name);
}

void
gst_mx_subjects_init (GstMxSubjects *self)
{
  self->all = g_array_new (FALSE, TRUE, sizeof (GstMxSubject));
  g_array_set_clear_func (self->all, clear_subject);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
}

void
gst_mx_subjects_clear (GstMxSubjects *self)
{
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_clear_pointer (&self->all, g_array_unref);
}

static void
append (GstMxSubjects *self, GstMxSubject subject)
{
  subject.name = g_strdup (subject.name);
  g_array_append_val (self->all, subject);
  if (subject.name != NULL)
    g_hash_table_insert (
        self->by_name, subject.name, GUINT_TO_POINTER (self->all->len));
}

void
gst_mx_subjects_copy (const GstMxSubjects *self, GstMxSubjects *to)
{
  gst_mx_subjects_init (to);
  for (guint i = 0; i < self->all->len; i++)
    append (to, g_array_index (self->all, GstMxSubject, i));
}

static GstMxSubject *
find (GstMxSubjects *self, const gchar *name)
{
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_name, name));

  if (known == 0 && self->all->len > GST_MX_SUBJECTS_MAX)
    known = self->all->len;
  if (known == 0) {
    append (self, (GstMxSubject){.name = self->all->len < GST_MX_SUBJECTS_MAX
                                             ? (gchar *)name
                                             : NULL});
    known = self->all->len;
  }
  return &g_array_index (self->all, GstMxSubject, known - 1);
}

void
gst_mx_subjects_add (
    GstMxSubjects *self, const gchar *name, const MxOutcome *outcome)
{
  GstMxSubject *subject = find (self, name);

  subject->n++;
  subject->exit += outcome->exit;
  subject->cost += outcome->cost;
  if (outcome->truth < 0)
    return;
  subject->labelled++;
  subject->correct += (gsize)outcome->truth == outcome->answer;
}
