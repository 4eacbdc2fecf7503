/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-safetensors.h"

#include <string.h>

#include "mx-json-text.h"

#define LENGTH_SIZE 8
#define ALIGNMENT 8
#define METADATA "__metadata__"

static JsonObject *
metadata_to_json (GHashTable *metadata)
{
  JsonObject *object = json_object_new ();
  GList *keys = g_hash_table_get_keys (metadata);
  keys = g_list_sort (keys, (GCompareFunc)strcmp);
  for (GList *l = keys; l; l = l->next)
    json_object_set_string_member (
        object, l->data, g_hash_table_lookup (metadata, l->data));
  g_list_free (keys);
  return object;
}

static JsonObject *
tensor_to_json (const MxTensorView *view, gsize offset)
{
  JsonArray *shape = json_array_new ();
  for (guint i = 0; i < view->n_dims; i++)
    json_array_add_int_element (shape, view->dims[i]);
  JsonArray *offsets = json_array_new ();
  json_array_add_int_element (offsets, offset);
  json_array_add_int_element (offsets, offset + mx_tensor_view_bytes (view));

  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "dtype", mx_dtype_name (view->dtype));
  json_object_set_array_member (object, "shape", shape);
  json_object_set_array_member (object, "data_offsets", offsets);
  return object;
}

static char *
header_to_text (
    const MxTensorView *tensors, gsize n_tensors, GHashTable *metadata)
{
  JsonObject *header = json_object_new ();
  if (metadata)
    json_object_set_object_member (
        header, METADATA, metadata_to_json (metadata));
  gsize offset = 0;
  for (gsize i = 0; i < n_tensors; i++) {
    json_object_set_object_member (
        header, tensors[i].name, tensor_to_json (&tensors[i], offset));
    offset += mx_tensor_view_bytes (&tensors[i]);
  }
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, header);
  return mx_json_text_write (node, false);
}

GBytes *
mx_safetensors_serialize (
    const MxTensorView *tensors, gsize n_tensors, GHashTable *metadata)
{
  g_autofree char *header = header_to_text (tensors, n_tensors, metadata);
  const gsize used = strlen (header);
  const gsize padded = (used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  gsize size = LENGTH_SIZE + padded;
  for (gsize i = 0; i < n_tensors; i++)
    size += mx_tensor_view_bytes (&tensors[i]);

  guint8 *bytes = g_malloc (size);
  const guint64 stated = GUINT64_TO_LE ((guint64)padded);
  memcpy (bytes, &stated, LENGTH_SIZE);
  memset (bytes + LENGTH_SIZE, ' ', padded);
  memcpy (bytes + LENGTH_SIZE, header, used);
  guint8 *place = bytes + LENGTH_SIZE + padded;
  for (gsize i = 0; i < n_tensors; i++) {
    mx_dtype_copy (tensors[i].dtype, place, tensors[i].data, tensors[i].size);
    place += mx_tensor_view_bytes (&tensors[i]);
  }
  return g_bytes_new_take (bytes, size);
}
