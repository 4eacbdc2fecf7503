/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxresult.h"

const GstMetaInfo *
gst_mx_result_meta_get_info (void)
{
  static const GstMetaInfo *info = NULL;

  if (g_once_init_enter (&info)) {
    /* No tag: an element that changes samples, rate or channels keeps it. */
    static const gchar *tags[] = {NULL};
    /* Somebody may have registered it without this library. */
    const GstMetaInfo *known = gst_meta_get_info (GST_MX_RESULT_META_NAME);

    if (known == NULL)
      known = gst_meta_register_custom (
          GST_MX_RESULT_META_NAME, tags, NULL, NULL, NULL);
    g_once_init_leave (&info, known);
  }
  return info;
}

static gboolean
copy_field (GQuark field, const GValue *value, gpointer user_data)
{
  gst_structure_id_set_value (user_data, field, value);
  return TRUE;
}

GstCustomMeta *
gst_mx_result_meta_add (GstBuffer *buffer, const GstStructure *result)
{
  GstCustomMeta *meta;

  g_return_val_if_fail (gst_buffer_is_writable (buffer), NULL);
  g_return_val_if_fail (result != NULL, NULL);

  gst_mx_result_meta_get_info ();
  meta = gst_buffer_add_custom_meta (buffer, GST_MX_RESULT_META_NAME);
  gst_structure_foreach (
      result, copy_field, gst_custom_meta_get_structure (meta));
  return meta;
}

/* Leaves a value behind that holds nothing. */
static gboolean
move_field (GQuark field, GValue *value, gpointer user_data)
{
  GValue moved = *value;

  *value = (GValue)G_VALUE_INIT;
  g_value_init (value, G_TYPE_INT);
  gst_structure_id_take_value (user_data, field, &moved);
  return TRUE;
}

GstCustomMeta *
gst_mx_result_meta_take (GstBuffer *buffer, GstStructure *result)
{
  GstCustomMeta *meta;

  g_return_val_if_fail (gst_buffer_is_writable (buffer), NULL);
  g_return_val_if_fail (result != NULL, NULL);

  gst_mx_result_meta_get_info ();
  meta = gst_buffer_add_custom_meta (buffer, GST_MX_RESULT_META_NAME);
  gst_structure_map_in_place (
      result, move_field, gst_custom_meta_get_structure (meta));
  gst_structure_free (result);
  return meta;
}

void
gst_mx_result_meta_foreach (
    GstBuffer *buffer, GstMxResultFunc func, gpointer user_data)
{
  const GstMetaInfo *info = gst_mx_result_meta_get_info ();
  gpointer state = NULL;
  GstMeta *meta;

  g_return_if_fail (GST_IS_BUFFER (buffer));
  g_return_if_fail (func != NULL);

  while ((meta = gst_buffer_iterate_meta (buffer, &state)) != NULL) {
    if (meta->info != info)
      continue;
    if (!func (
            gst_custom_meta_get_structure ((GstCustomMeta *)meta), user_data))
      return;
  }
}

GstEvent *
gst_mx_result_event_new (const GstStructure *result)
{
  GstStructure *copy;

  g_return_val_if_fail (result != NULL, NULL);

  copy = gst_structure_copy (result);
  gst_structure_set_name (copy, GST_MX_RESULT_META_NAME);
  return gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, copy);
}

const GstStructure *
gst_mx_result_event_parse (GstEvent *event)
{
  g_return_val_if_fail (GST_IS_EVENT (event), NULL);

  if (GST_EVENT_TYPE (event) != GST_EVENT_CUSTOM_DOWNSTREAM ||
      !gst_event_has_name (event, GST_MX_RESULT_META_NAME))
    return NULL;
  return gst_event_get_structure (event);
}
