/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-safetensors.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "mx-json-text.h"

#define LENGTH_SIZE 8
#define MAX_HEADER (100 * 1000 * 1000)
#define METADATA "__metadata__"

struct _MxSafetensors {
  GBytes *bytes;
  char *name;
  GStringChunk *strings;
  GHashTable *metadata; /* string -> string */
  GArray *tensors;      /* of MxTensorView, in the order of their data */
  GHashTable *by_name;  /* name -> element of tensors */
  const guint8 *data;
  gsize data_size;
  guint8 *swapped; /* what data points to where the host is big-endian */
};

G_DEFINE_QUARK (mx_safetensors_error, mx_safetensors_error)

static bool fail (const MxSafetensors *self, GError **error,
    MxSafetensorsError code, const char *tensor, const char *format, ...)
    G_GNUC_PRINTF (5, 6);

/* @tensor: NULL where it is about the whole file.  Returns false. */
static bool
fail (const MxSafetensors *self, GError **error, MxSafetensorsError code,
    const char *tensor, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);

  g_autofree char *which = tensor ? mx_name_to_string (tensor) : NULL;
  g_set_error (error, MX_SAFETENSORS_ERROR, code, "%s: %s%s%s%s", self->name,
      tensor ? "tensor '" : "", tensor ? which : "", tensor ? "': " : "", text);
  return false;
}

static const char *
json_kind (JsonNode *node)
{
  return node ? json_node_type_name (node) : "nothing";
}

static bool
node_to_size (JsonNode *node, gsize *value)
{
  if (!JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_INT64 ||
      json_node_get_int (node) < 0 ||
      (guint64)json_node_get_int (node) > G_MAXSIZE)
    return false;
  *value = json_node_get_int (node);
  return true;
}

/* Up to `max` integers >= 0; -1: anything else. */
static gssize
node_to_sizes (JsonNode *node, gsize *values, gsize max)
{
  if (!node || !JSON_NODE_HOLDS_ARRAY (node))
    return -1;
  JsonArray *array = json_node_get_array (node);
  const gsize n = json_array_get_length (array);
  if (n > max)
    return -1;
  for (gsize i = 0; i < n; i++)
    if (!node_to_size (json_array_get_element (array, i), &values[i]))
      return -1;
  return n;
}

static const char *
node_to_string (JsonNode *node)
{
  const bool is_string = node && JSON_NODE_HOLDS_VALUE (node) &&
                         json_node_get_value_type (node) == G_TYPE_STRING;
  return is_string ? json_node_get_string (node) : NULL;
}

static bool
parse_dtype (const MxSafetensors *self, MxTensorView *view, JsonNode *node,
    GError **error)
{
  const char *name = node_to_string (node);
  if (name && mx_dtype_find (name, &view->dtype))
    return true;
  g_autofree char *found = mx_name_to_string (name ? name : json_kind (node));
  return fail (self, error, MX_SAFETENSORS_ERROR_TENSOR, view->name,
      "found dtype %s, expected F32, I32, F16 or I8", found);
}

static bool
parse_shape (const MxSafetensors *self, MxTensorView *view, JsonNode *node,
    GError **error)
{
  const gssize n_dims = node_to_sizes (node, view->dims, MX_MAX_DIMS);
  if (n_dims < 0)
    return fail (self, error, MX_SAFETENSORS_ERROR_TENSOR, view->name,
        "found another shape than expected: at most %d integers from 0",
        MX_MAX_DIMS);
  view->n_dims = n_dims;
  view->size = 1;
  gsize bytes;
  bool fits = true;
  for (guint i = 0; i < view->n_dims; i++)
    fits = fits && g_size_checked_mul (&view->size, view->size, view->dims[i]);
  if (!fits ||
      !g_size_checked_mul (&bytes, view->size, mx_dtype_size (view->dtype))) {
    g_autofree char *dims = mx_dims_to_string (view->n_dims, view->dims);
    return fail (self, error, MX_SAFETENSORS_ERROR_TENSOR, view->name,
        "found shape %s, expected a size that fits into memory", dims);
  }
  return true;
}

static bool
parse_offsets (const MxSafetensors *self, MxTensorView *view, JsonNode *node,
    GError **error)
{
  gsize offsets[2];
  if (node_to_sizes (node, offsets, 2) != 2 || offsets[0] > offsets[1])
    return fail (self, error, MX_SAFETENSORS_ERROR_TENSOR, view->name,
        "found other data_offsets than expected: two integers from 0, the "
        "first not larger than the second");
  if (offsets[1] > self->data_size)
    return fail (self, error, MX_SAFETENSORS_ERROR_TRUNCATED, view->name,
        "found %" G_GSIZE_FORMAT
        " bytes of data, expected at least %" G_GSIZE_FORMAT,
        self->data_size, offsets[1]);
  if (offsets[1] - offsets[0] != mx_tensor_view_bytes (view)) {
    g_autofree char *dims = mx_dims_to_string (view->n_dims, view->dims);
    return fail (self, error, MX_SAFETENSORS_ERROR_TENSOR, view->name,
        "found data_offsets of %" G_GSIZE_FORMAT
        " bytes, expected %" G_GSIZE_FORMAT " for %s %s",
        offsets[1] - offsets[0], mx_tensor_view_bytes (view),
        mx_dtype_name (view->dtype), dims);
  }
  view->data = self->data + offsets[0];
  return true;
}

static bool
parse_tensor (
    MxSafetensors *self, const char *name, JsonNode *node, GError **error)
{
  MxTensorView view = {.name = g_string_chunk_insert (self->strings, name)};
  JsonObject *object =
      JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  if (!object || json_object_get_size (object) != 3)
    return fail (self, error, MX_SAFETENSORS_ERROR_TENSOR, name,
        "found another description than expected: an object of dtype, shape "
        "and data_offsets");
  if (!parse_dtype (
          self, &view, json_object_get_member (object, "dtype"), error) ||
      !parse_shape (
          self, &view, json_object_get_member (object, "shape"), error) ||
      !parse_offsets (
          self, &view, json_object_get_member (object, "data_offsets"), error))
    return false;
  g_array_append_val (self->tensors, view);
  return true;
}

static bool
parse_metadata (MxSafetensors *self, JsonNode *node, GError **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (self, error, MX_SAFETENSORS_ERROR_HEADER, NULL,
        "found %s as " METADATA ", expected an object of strings",
        json_kind (node));
  JsonObjectIter iter;
  const char *key;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &key, &node)) {
    const char *value = node_to_string (node);
    if (!value) {
      g_autofree char *which = mx_name_to_string (key);
      return fail (self, error, MX_SAFETENSORS_ERROR_HEADER, NULL,
          "found %s in " METADATA " under '%s', expected a string",
          json_kind (node), which);
    }
    g_hash_table_insert (self->metadata,
        g_string_chunk_insert (self->strings, key),
        g_string_chunk_insert (self->strings, value));
  }
  return true;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const MxTensorView *x = a, *y = b;
  if (x->data != y->data)
    return (const guint8 *)x->data < (const guint8 *)y->data ? -1 : 1;
  return (x->size > 0) - (y->size > 0);
}

/* The format wants every byte of the data to belong to one tensor. */
static bool
check_places (const MxSafetensors *self, GError **error)
{
  gsize place = 0;
  for (guint i = 0; i < self->tensors->len; i++) {
    const MxTensorView *view = &g_array_index (self->tensors, MxTensorView, i);
    const gsize begin = (const guint8 *)view->data - self->data;
    if (begin != place)
      return fail (self, error, MX_SAFETENSORS_ERROR_TENSOR, view->name,
          "found its data at %" G_GSIZE_FORMAT
          ", %s, expected them at %" G_GSIZE_FORMAT,
          begin, begin < place ? "over another tensor" : "behind a gap", place);
    place += mx_tensor_view_bytes (view);
  }
  if (place != self->data_size)
    return fail (self, error, MX_SAFETENSORS_ERROR_TENSOR, NULL,
        "found %" G_GSIZE_FORMAT " bytes of data, expected %" G_GSIZE_FORMAT
        " for all tensors",
        self->data_size, place);
  return true;
}

static void
swap_data (MxSafetensors *self)
{
  self->swapped = g_malloc (self->data_size);
  for (guint i = 0; i < self->tensors->len; i++) {
    MxTensorView *view = &g_array_index (self->tensors, MxTensorView, i);
    guint8 *place = self->swapped + ((const guint8 *)view->data - self->data);
    mx_dtype_copy (view->dtype, place, view->data, view->size);
    view->data = place;
  }
  self->data = self->swapped;
}

static bool
parse_header (MxSafetensors *self, JsonNode *root, GError **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (root))
    return fail (self, error, MX_SAFETENSORS_ERROR_HEADER, NULL,
        "found an array as header, expected an object");
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, &name, &node)) {
    const bool good = g_str_equal (name, METADATA)
                          ? parse_metadata (self, node, error)
                          : parse_tensor (self, name, node, error);
    if (!good)
      return false;
  }
  g_array_sort (self->tensors, compare_places);
  if (!check_places (self, error))
    return false;
  if (G_BYTE_ORDER != G_LITTLE_ENDIAN)
    swap_data (self);
  for (guint i = 0; i < self->tensors->len; i++) {
    MxTensorView *view = &g_array_index (self->tensors, MxTensorView, i);
    g_hash_table_insert (self->by_name, (gpointer)view->name, view);
  }
  return true;
}

/* The header's text, once its length is believed. */
static const char *
find_header (MxSafetensors *self, gsize *length, GError **error)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (self->bytes, &size);
  if (size < LENGTH_SIZE) {
    fail (self, error, MX_SAFETENSORS_ERROR_TRUNCATED, NULL,
        "found %" G_GSIZE_FORMAT " bytes, expected at least %d", size,
        LENGTH_SIZE);
    return NULL;
  }
  guint64 stated;
  memcpy (&stated, bytes, LENGTH_SIZE);
  stated = GUINT64_FROM_LE (stated);
  if (stated > MAX_HEADER) {
    fail (self, error, MX_SAFETENSORS_ERROR_LIMIT, NULL,
        "found a header of %" G_GUINT64_FORMAT
        " bytes, expected at most %d: this is no safetensors file%s",
        stated, MAX_HEADER,
        bytes[0] == '{' ? ", but JSON, as an architecture that is to be trained"
                        : "");
    return NULL;
  }
  if (stated > size - LENGTH_SIZE) {
    fail (self, error, MX_SAFETENSORS_ERROR_TRUNCATED, NULL,
        "found %" G_GSIZE_FORMAT
        " bytes, expected a header of %" G_GUINT64_FORMAT
        " bytes behind the first %d",
        size, stated, LENGTH_SIZE);
    return NULL;
  }
  *length = stated;
  self->data = bytes + LENGTH_SIZE + stated;
  self->data_size = size - LENGTH_SIZE - stated;
  return (const char *)bytes + LENGTH_SIZE;
}

MxSafetensors *
mx_safetensors_new (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (MxSafetensors) self = g_new0 (MxSafetensors, 1);
  self->bytes = g_bytes_ref (bytes);
  self->name = g_strdup (name);
  self->strings = g_string_chunk_new (1024);
  self->metadata = g_hash_table_new (g_str_hash, g_str_equal);
  self->tensors = g_array_new (FALSE, FALSE, sizeof (MxTensorView));
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);

  gsize length;
  const char *text = find_header (self, &length, error);
  if (!text)
    return NULL;
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonNode) root = mx_json_text_parse (text, length, &cause);
  if (!root) {
    const bool limit = g_error_matches (
        cause, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA);
    fail (self, error,
        limit ? MX_SAFETENSORS_ERROR_LIMIT : MX_SAFETENSORS_ERROR_HEADER, NULL,
        "the header is not JSON: %s", cause->message);
    return NULL;
  }
  if (!parse_header (self, root, error))
    return NULL;
  return g_steal_pointer (&self);
}

MxSafetensors *
mx_safetensors_new_from_file (const char *filename, GError **error)
{
  g_autoptr (GBytes) bytes = mx_file_read (filename, error);
  return bytes ? mx_safetensors_new (bytes, filename, error) : NULL;
}

void
mx_safetensors_free (MxSafetensors *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->by_name);
  g_array_unref (self->tensors);
  g_hash_table_unref (self->metadata);
  g_string_chunk_free (self->strings);
  g_bytes_unref (self->bytes);
  g_free (self->swapped);
  g_free (self->name);
  g_free (self);
}

gsize
mx_safetensors_get_n_tensors (const MxSafetensors *self)
{
  return self->tensors->len;
}

const MxTensorView *
mx_safetensors_get_tensor (const MxSafetensors *self, gsize index)
{
  g_return_val_if_fail (index < self->tensors->len, NULL);
  return &g_array_index (self->tensors, MxTensorView, index);
}

const MxTensorView *
mx_safetensors_lookup (const MxSafetensors *self, const char *name)
{
  return g_hash_table_lookup (self->by_name, name);
}

const char *
mx_safetensors_get_metadata (const MxSafetensors *self, const char *key)
{
  return g_hash_table_lookup (self->metadata, key);
}

const char *
mx_safetensors_get_name (const MxSafetensors *self)
{
  return self->name;
}
