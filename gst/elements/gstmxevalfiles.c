/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxevalfiles.h"

#include "gstmxoutput.h"
#include "gstmxreportpage.h"
#include "gstmxscores.h"
#include "mx-file.h"

void
gst_mx_eval_paths_copy (GstMxEvalPaths *self, const GstMxEvalPaths *from)
{
  self->location = g_strdup (from->location);
  self->report = g_strdup (from->report);
  self->predictions = g_strdup (from->predictions);
}

void
gst_mx_eval_paths_clear (GstMxEvalPaths *self)
{
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->report, g_free);
  g_clear_pointer (&self->predictions, g_free);
}

/* --- before --- */

gboolean
gst_mx_eval_files_open (
    GstElement *owner, const GstMxEvalPaths *paths, GstMxDump **dump)
{
  g_autoptr (GError) error = NULL;

  *dump = NULL;
  if (!gst_mx_output_check_two (owner, "location", paths->location,
          "predictions", paths->predictions) ||
      !gst_mx_output_check_two (
          owner, "location", paths->location, "report", paths->report) ||
      !gst_mx_output_check_two (
          owner, "report", paths->report, "predictions", paths->predictions))
    return FALSE;
  if (!gst_mx_output_check (owner, "report", paths->location) ||
      !gst_mx_output_check (owner, "page", paths->report) ||
      !gst_mx_output_check (owner, "predictions", paths->predictions))
    return FALSE;
  if (paths->predictions == NULL)
    return TRUE;
  *dump = gst_mx_dump_new (paths->predictions, &error);
  if (*dump == NULL)
    gst_mx_output_fail (
        owner, GST_RESOURCE_ERROR_OPEN_WRITE, "predictions", error);
  return *dump != NULL;
}

GPtrArray *
gst_mx_eval_files_load (GstElement *owner, const gchar *const *filenames)
{
  GPtrArray *reports =
      g_ptr_array_new_with_free_func ((GDestroyNotify)gst_mx_report_free);

  for (guint i = 0; filenames != NULL && filenames[i] != NULL; i++) {
    g_autoptr (GError) error = NULL;
    GstMxReport *report = gst_mx_report_load (filenames[i], &error);

    if (report == NULL) {
      GST_ELEMENT_ERROR (owner, RESOURCE, READ,
          ("The report to compare with cannot be read: %s.", error->message),
          (NULL));
      g_ptr_array_unref (reports);
      return NULL;
    }
    g_ptr_array_add (reports, report);
  }
  return reports;
}

/* --- afterwards --- */

/* Takes the error. */
static gboolean
fail (GstElement *owner, const gchar *what, GError *error)
{
  gst_mx_output_fail (owner, GST_RESOURCE_ERROR_WRITE, what, error);
  g_error_free (error);
  return FALSE;
}

static gboolean
write_page (GstElement *owner, const GstMxEvalPaths *paths,
    const GstStructure *report, const GPtrArray *compared)
{
  GstMxReport *own = gst_mx_report_new (
      report, paths->location != NULL ? paths->location : paths->report);
  GPtrArray *all = g_ptr_array_new ();
  GError *error = NULL;
  GBytes *bytes;

  for (guint i = 0; i < compared->len; i++)
    g_ptr_array_add (all, g_ptr_array_index (compared, i));
  g_ptr_array_add (all, own);
  bytes = g_string_free_to_bytes (
      gst_mx_report_page_new ((GstMxReport *const *)all->pdata, all->len));
  mx_file_replace (paths->report, bytes, &error);
  g_bytes_unref (bytes);
  g_ptr_array_unref (all);
  gst_mx_report_free (own);
  return error == NULL || fail (owner, "page", error);
}

gboolean
gst_mx_eval_files_close (GstElement *owner, const GstMxEvalPaths *paths,
    const GstStructure *report, const GPtrArray *compared, GstMxDump *dump,
    GError *error)
{
  if (dump != NULL)
    gst_mx_dump_commit (dump, &error);
  if (error != NULL)
    return fail (owner, "predictions", error);
  if (paths->location != NULL &&
      !gst_mx_structure_write_json (report, paths->location, &error))
    return fail (owner, "report", error);
  return paths->report == NULL || write_page (owner, paths, report, compared);
}
