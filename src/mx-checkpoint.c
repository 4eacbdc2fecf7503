/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-checkpoint.h"

#include "mx-safetensors.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define KEY_VERSION "multiexit.checkpoint"
#define KEY_CHECKSUM "multiexit.checksum"
#define THIS_VERSION "1"
#define SETTING "setting."
#define LONGEST_SHOWN 60 /* bytes of a setting */

struct _MxCheckpoint {
  /* One that was put together. */
  GArray *views;      /* of MxTensorView, whose names are owned */
  GPtrArray *numbers; /* copies that views point to */
  GHashTable *metadata;

  MxSafetensors *file; /* one that was loaded, else NULL */
  GPtrArray *floats;   /* aligned copies that were handed out */
};

G_DEFINE_QUARK (mx_checkpoint_error, mx_checkpoint_error)

static void
clear_view (void *view)
{
  g_free ((char *)((MxTensorView *)view)->name);
}

MxCheckpoint *
mx_checkpoint_new (void)
{
  MxCheckpoint *self = g_new0 (MxCheckpoint, 1);
  self->views = g_array_new (FALSE, FALSE, sizeof (MxTensorView));
  g_array_set_clear_func (self->views, clear_view);
  self->numbers = g_ptr_array_new_with_free_func (g_free);
  self->floats = g_ptr_array_new_with_free_func (g_free);
  self->metadata =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (
      self->metadata, g_strdup (KEY_VERSION), g_strdup (THIS_VERSION));
  return self;
}

void
mx_checkpoint_free (MxCheckpoint *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->views);
  g_ptr_array_unref (self->numbers);
  g_ptr_array_unref (self->floats);
  g_hash_table_unref (self->metadata);
  g_clear_pointer (&self->file, mx_safetensors_free);
  g_free (self);
}

/* ------------------------------------------------------------ writing */

void
mx_checkpoint_put_floats (
    MxCheckpoint *self, const char *name, const float *values, gsize n)
{
  MxTensorView view = {.name = g_strdup (name),
      .dtype = MX_DTYPE_F32,
      .n_dims = 1,
      .dims = {n},
      .size = n,
      .data = values};
  g_array_append_val (self->views, view);
}

void
mx_checkpoint_put_numbers (
    MxCheckpoint *self, const char *name, const uint64_t *values, gsize n)
{
  uint32_t *halves = g_new (uint32_t, 2 * n + 1);
  for (gsize i = 0; i < n; i++) {
    halves[2 * i] = (uint32_t)values[i];
    halves[2 * i + 1] = (uint32_t)(values[i] >> 32);
  }
  g_ptr_array_add (self->numbers, halves);
  MxTensorView view = {.name = g_strdup (name),
      .dtype = MX_DTYPE_I32,
      .n_dims = 2,
      .dims = {n, 2},
      .size = 2 * n,
      .data = halves};
  g_array_append_val (self->views, view);
}

void
mx_checkpoint_put_reals (
    MxCheckpoint *self, const char *name, const double *values, gsize n)
{
  g_autofree uint64_t *bits = g_new (uint64_t, n + 1);
  memcpy (bits, values, n * sizeof *bits);
  mx_checkpoint_put_numbers (self, name, bits, n);
}

void
mx_checkpoint_put_setting (
    MxCheckpoint *self, const char *name, const char *value)
{
  g_hash_table_insert (
      self->metadata, g_strconcat (SETTING, name, NULL), g_strdup (value));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

char *
mx_checkpoint_dup_checksum (const MxCheckpoint *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  GList *keys =
      g_list_sort (g_hash_table_get_keys (self->metadata), compare_names);
  for (GList *l = keys; l != NULL; l = l->next) {
    const char *value = g_hash_table_lookup (self->metadata, l->data);
    /* With their ends, so that none runs into the next. */
    g_checksum_update (sum, l->data, (gssize)strlen (l->data) + 1);
    g_checksum_update (sum, (const guchar *)value, (gssize)strlen (value) + 1);
  }
  g_list_free (keys);
  return g_strdup (g_checksum_get_string (sum));
}

/* Tensors without values lie at one place: they come in no order. */
static void
add_to_checksum (GChecksum *sum, const MxTensorView *view)
{
  if (view->size == 0)
    return;
  g_checksum_update (
      sum, (const guchar *)view->name, (gssize)strlen (view->name) + 1);
  g_checksum_update (sum, view->data, (gssize)mx_tensor_view_bytes (view));
}

GBytes *
mx_checkpoint_write (const MxCheckpoint *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; i < self->views->len; i++)
    add_to_checksum (sum, &g_array_index (self->views, MxTensorView, i));
  g_hash_table_insert (self->metadata, g_strdup (KEY_CHECKSUM),
      g_strdup (g_checksum_get_string (sum)));
  return mx_safetensors_serialize ((const MxTensorView *)self->views->data,
      self->views->len, self->metadata);
}

gboolean
mx_checkpoint_save (
    const MxCheckpoint *self, const char *filename, GError **error)
{
  g_autoptr (GBytes) bytes = mx_checkpoint_write (self);
  return mx_file_replace_locked (filename, bytes, error);
}

/* ------------------------------------------------------------ reading */

/* A weight that a disk spoilt is a weight like any other: only all of them
 * together show it. */
static bool
is_whole (const MxSafetensors *file)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  for (gsize i = 0; i < mx_safetensors_get_n_tensors (file); i++)
    add_to_checksum (sum, mx_safetensors_get_tensor (file, i));
  return g_strcmp0 (mx_safetensors_get_metadata (file, KEY_CHECKSUM),
             g_checksum_get_string (sum)) == 0;
}

MxCheckpoint *
mx_checkpoint_load (const char *filename, GError **error)
{
  g_autoptr (GBytes) bytes = mx_file_read (filename, error);
  if (bytes == NULL)
    return NULL;
  g_autoptr (MxCheckpoint) self = mx_checkpoint_read (bytes, filename, error);
  if (self == NULL || is_whole (self->file))
    return g_steal_pointer (&self);
  g_set_error (error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_DAMAGED,
      "%s: found values of another checksum than its " KEY_CHECKSUM
      ", expected them as they were written",
      filename);
  return NULL;
}

MxCheckpoint *
mx_checkpoint_read (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (MxCheckpoint) self = mx_checkpoint_new ();
  self->file = mx_safetensors_new (bytes, name, error);
  if (self->file == NULL)
    return NULL;
  const char *version = mx_safetensors_get_metadata (self->file, KEY_VERSION);
  if (version != NULL && g_str_equal (version, THIS_VERSION))
    return g_steal_pointer (&self);
  g_autofree char *shown = mx_name_to_string (version ? version : "none");
  g_set_error (error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_FOREIGN,
      "%s: found a checkpoint of version %s, expected " THIS_VERSION, name,
      shown);
  return NULL;
}

/* A value that nobody would read is not shown. */
static void
describe_difference (
    GString *text, const char *name, const char *found, const char *expected)
{
  g_string_append_printf (text, "%s%s", text->len ? "; " : "", name);
  if (MAX (found ? strlen (found) : 0, expected ? strlen (expected) : 0) >
      LONGEST_SHOWN) {
    g_string_append (text, " is another");
    return;
  }
  g_autofree char *shown = mx_name_to_string (found ? found : "nothing");
  g_string_append_printf (
      text, " was %s, is %s", shown, expected ? expected : "nothing");
}

gboolean
mx_checkpoint_check_settings (
    const MxCheckpoint *self, const MxCheckpoint *present, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GList *keys =
      g_list_sort (g_hash_table_get_keys (present->metadata), compare_names);
  for (GList *l = keys; l != NULL; l = l->next) {
    const char *key = l->data;
    const char *expected = g_hash_table_lookup (present->metadata, key);
    const char *found = mx_safetensors_get_metadata (self->file, key);
    if (g_str_has_prefix (key, SETTING) && g_strcmp0 (found, expected) != 0)
      describe_difference (text, key + strlen (SETTING), found, expected);
  }
  g_list_free (keys);
  if (text->len == 0)
    return TRUE;
  g_set_error (error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_SETTINGS,
      "%s: it belongs to a training with other settings: %s",
      mx_safetensors_get_name (self->file), text->str);
  return FALSE;
}

gboolean
mx_checkpoint_has_setting (const MxCheckpoint *self, const char *name)
{
  g_autofree char *key = g_strconcat (SETTING, name, NULL);
  return mx_safetensors_get_metadata (self->file, key) != NULL;
}

gboolean
mx_checkpoint_has (const MxCheckpoint *self, const char *name)
{
  return mx_safetensors_lookup (self->file, name) != NULL;
}

static bool
is_numbers (const MxTensorView *view)
{
  return view->dtype == MX_DTYPE_I32 && view->n_dims == 2 && view->dims[1] == 2;
}

gsize
mx_checkpoint_count_numbers (const MxCheckpoint *self, const char *name)
{
  const MxTensorView *view = mx_safetensors_lookup (self->file, name);
  return view != NULL && is_numbers (view) ? view->dims[0] : 0;
}

/* @expected: for so many values, "F32 [7]". */
static void
set_tensor_error (const MxCheckpoint *self, const char *name,
    const char *expected, GError **error)
{
  const MxTensorView *view = mx_safetensors_lookup (self->file, name);
  g_autofree char *dims =
      view ? mx_dims_to_string (view->n_dims, view->dims) : NULL;
  g_set_error (error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_TENSOR,
      "%s: tensor '%s': found %s%s%s, expected %s",
      mx_safetensors_get_name (self->file), name,
      view ? mx_dtype_name (view->dtype) : "nothing", view ? " " : "",
      view ? dims : "", expected);
}

void
mx_checkpoint_refuse (const MxCheckpoint *self, const char *name, gsize place,
    double found, const char *expected, GError **error)
{
  g_set_error (error, MX_CHECKPOINT_ERROR, MX_CHECKPOINT_ERROR_TENSOR,
      "%s: tensor '%s': found %g at %" G_GSIZE_FORMAT ", expected %s",
      mx_safetensors_get_name (self->file), name, found, place, expected);
}

const float *
mx_checkpoint_get_floats (
    const MxCheckpoint *self, const char *name, gsize n, GError **error)
{
  const MxTensorView *view = mx_safetensors_lookup (self->file, name);
  if (view == NULL || view->dtype != MX_DTYPE_F32 || view->n_dims != 1 ||
      view->size != n) {
    g_autofree char *expected =
        g_strdup_printf ("F32 [%" G_GSIZE_FORMAT "]", n);
    set_tensor_error (self, name, expected, error);
    return NULL;
  }
  float *values = g_new (float, n + 1);
  g_ptr_array_add (self->floats, values);
  memcpy (values, view->data, n * sizeof *values);
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i])) {
      mx_checkpoint_refuse (
          self, name, i, (double)values[i], "finite values", error);
      return NULL;
    }
  return values;
}

gboolean
mx_checkpoint_get_numbers (const MxCheckpoint *self, const char *name,
    uint64_t *values, gsize n, GError **error)
{
  const MxTensorView *view = mx_safetensors_lookup (self->file, name);
  if (view == NULL || !is_numbers (view) || view->dims[0] != n) {
    g_autofree char *expected =
        g_strdup_printf ("I32 [%" G_GSIZE_FORMAT ", 2]", n);
    set_tensor_error (self, name, expected, error);
    return FALSE;
  }
  const guint8 *data = view->data;
  for (gsize i = 0; i < n; i++) {
    uint32_t halves[2];
    memcpy (halves, data + i * sizeof halves, sizeof halves);
    values[i] = halves[0] | (uint64_t)halves[1] << 32;
  }
  return TRUE;
}

gboolean
mx_checkpoint_get_reals (const MxCheckpoint *self, const char *name,
    double *values, gsize n, GError **error)
{
  g_autofree uint64_t *bits = g_new (uint64_t, n + 1);
  if (!mx_checkpoint_get_numbers (self, name, bits, n, error))
    return FALSE;
  memcpy (values, bits, n * sizeof *values);
  return TRUE;
}
