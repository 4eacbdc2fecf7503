/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxevalfiles.h"

#include "gstmxscores.h"
#include "mx-file.h"

gboolean
gst_mx_eval_files_open (GstElement *owner, const gchar *location,
    const gchar *predictions, GstMxDump **dump)
{
  g_autoptr (GError) error = NULL;

  *dump = NULL;
  if (location != NULL && g_strcmp0 (location, predictions) == 0) {
    GST_ELEMENT_ERROR (owner, RESOURCE, SETTINGS,
        ("location and predictions must be two files, not %s both.", location),
        (NULL));
    return FALSE;
  }
  if (location != NULL && !mx_file_check_writable (location, &error)) {
    GST_ELEMENT_ERROR (owner, RESOURCE, OPEN_WRITE,
        ("The report cannot be written: %s.", error->message), (NULL));
    return FALSE;
  }
  if (predictions == NULL)
    return TRUE;
  if (mx_file_check_writable (predictions, &error))
    *dump = gst_mx_dump_new (predictions, &error);
  if (*dump == NULL)
    GST_ELEMENT_ERROR (owner, RESOURCE, OPEN_WRITE,
        ("The predictions cannot be written: %s.", error->message), (NULL));
  return *dump != NULL;
}

static gboolean
write_report (
    GstElement *owner, const gchar *location, const GstStructure *report)
{
  g_autoptr (GError) error = NULL;

  if (location == NULL ||
      gst_mx_structure_write_json (report, location, &error))
    return TRUE;
  GST_ELEMENT_ERROR (owner, RESOURCE, WRITE,
      ("The report \"%s\" cannot be written.", location),
      ("%s", error->message));
  return FALSE;
}

gboolean
gst_mx_eval_files_close (GstElement *owner, const gchar *location,
    const GstStructure *report, GstMxDump *dump, GError *error)
{
  if (dump != NULL)
    gst_mx_dump_commit (dump, &error);
  if (error == NULL)
    return write_report (owner, location, report);
  GST_ELEMENT_ERROR (owner, RESOURCE, WRITE,
      ("The predictions cannot be written: %s.", error->message), (NULL));
  g_error_free (error);
  return FALSE;
}
