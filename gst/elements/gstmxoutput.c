/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxoutput.h"

#include "mx-file.h"

void
gst_mx_output_fail (GstElement *owner, GstResourceError code, const gchar *what,
    const GError *error)
{
  gst_element_message_full (owner, GST_MESSAGE_ERROR, GST_RESOURCE_ERROR, code,
      g_strdup_printf ("The %s cannot be written: %s.", what, error->message),
      NULL, __FILE__, GST_FUNCTION, __LINE__);
}

gboolean
gst_mx_output_check (
    GstElement *owner, const gchar *what, const gchar *filename)
{
  g_autoptr (GError) error = NULL;

  if (filename == NULL || mx_file_check_writable (filename, &error))
    return TRUE;
  gst_mx_output_fail (owner, GST_RESOURCE_ERROR_OPEN_WRITE, what, error);
  return FALSE;
}

gboolean
gst_mx_output_check_two (GstElement *owner, const gchar *property,
    const gchar *filename, const gchar *other_property, const gchar *other)
{
  g_autofree gchar *path = NULL, *other_path = NULL;

  if (filename == NULL || other == NULL)
    return TRUE;
  path = g_canonicalize_filename (filename, NULL);
  other_path = g_canonicalize_filename (other, NULL);
  if (!g_str_equal (path, other_path))
    return TRUE;
  GST_ELEMENT_ERROR (owner, RESOURCE, SETTINGS,
      ("%s and %s must be two files, not %s both.", property, other_property,
          filename),
      (NULL));
  return FALSE;
}

void
gst_mx_output_announce (
    GstElement *owner, const gchar *summary, GstStructure *message)
{
  GstObject *source = GST_OBJECT (owner);

  gst_element_post_message (
      owner, gst_message_new_progress (source, GST_PROGRESS_TYPE_COMPLETE,
                 gst_structure_get_name (message), summary));
  gst_element_post_message (owner, gst_message_new_element (source, message));
}
