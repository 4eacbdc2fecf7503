/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-model-file.h"

#include <math.h>
#include <string.h>

#include "mx-safetensors.h"

#define KEY_VERSION "multiexit.version"
#define KEY_DESCRIPTION "multiexit.description"
#define KEY_CALIBRATION "multiexit.calibration"
#define THIS_VERSION "1"

G_DEFINE_QUARK (mx_model_file_error, mx_model_file_error)

/* ------------------------------------------------------------- places */

/* A tensor that the description wants, and where its numbers go. */
typedef struct {
  char *name;
  const MxParameter *parameter;
} Place;

static void
place_clear (void *place)
{
  g_free (((Place *)place)->name);
}

/* In the order they are written. */
static GArray *
list_places (const MxProgram *program)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_array_set_clear_func (places, place_clear);
  for (size_t i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];
    for (size_t p = 0; p < layer->n_parameters; p++) {
      const MxParameter *parameter = &layer->parameters[p];
      Place place = {
          g_strconcat (layer->path, ".", parameter->name, NULL), parameter};
      g_array_append_val (places, place);
    }
  }
  return places;
}

/* ------------------------------------------------------------ reading */

static bool
fail_tensor (const MxSafetensors *file, const char *name, const char *found,
    const char *expected, GError **error)
{
  g_autofree char *shown = mx_name_to_string (name);
  g_set_error (error, MX_MODEL_FILE_ERROR, MX_MODEL_FILE_ERROR_TENSOR,
      "%s: tensor '%s': found %s, expected %s", mx_safetensors_get_name (file),
      shown, found, expected);
  return false;
}

static MxDtype
dtype_of (const MxParameter *parameter)
{
  return parameter->whole ? MX_DTYPE_I8 : MX_DTYPE_F32;
}

static bool
has_dims (const MxTensorView *view, const MxParameter *parameter)
{
  if (view->dtype != dtype_of (parameter) || view->n_dims != parameter->n_dims)
    return false;
  for (guint i = 0; i < view->n_dims; i++)
    if (view->dims[i] != parameter->dims[i])
      return false;
  return true;
}

static bool
check_place (const MxSafetensors *file, const Place *place, GError **error)
{
  const MxTensorView *view = mx_safetensors_lookup (file, place->name);
  if (view != NULL && has_dims (view, place->parameter))
    return true;
  g_autofree char *dims =
      mx_dims_to_string (place->parameter->n_dims, place->parameter->dims);
  g_autofree char *expected = g_strconcat (
      mx_dtype_name (dtype_of (place->parameter)), " ", dims, NULL);
  if (view == NULL)
    return fail_tensor (file, place->name, "nothing", expected, error);
  g_autofree char *found_dims = mx_dims_to_string (view->n_dims, view->dims);
  g_autofree char *found =
      g_strconcat (mx_dtype_name (view->dtype), " ", found_dims, NULL);
  return fail_tensor (file, place->name, found, expected, error);
}

/* Every place has its tensor: is there one more? */
static bool
check_no_more (const MxSafetensors *file, GArray *places, GError **error)
{
  if (mx_safetensors_get_n_tensors (file) == places->len)
    return true;
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < places->len; i++)
    g_hash_table_add (wanted, g_array_index (places, Place, i).name);
  gsize i = 0;
  while (
      g_hash_table_contains (wanted, mx_safetensors_get_tensor (file, i)->name))
    i++;
  return fail_tensor (file, mx_safetensors_get_tensor (file, i)->name,
      "it in the file", "only what the description names", error);
}

static void
copy_numbers (const MxTensorView *view, float *w)
{
  const int8_t *bytes = view->data;
  if (view->dtype == MX_DTYPE_F32)
    memcpy (w, view->data, view->size * sizeof *w);
  for (size_t i = 0; view->dtype == MX_DTYPE_I8 && i < view->size; i++)
    w[i] = bytes[i];
}

static bool
read_place (const MxSafetensors *file, const Place *place, float *weights,
    GError **error)
{
  const MxParameter *parameter = place->parameter;
  const MxTensorView *view = mx_safetensors_lookup (file, place->name);
  float *w = weights + parameter->offset;
  copy_numbers (view, w);
  for (size_t i = 0; i < parameter->size; i++) {
    const char *expected = mx_parameter_expects (parameter, i, w[i]);
    if (expected == NULL)
      continue;
    g_autofree char *found = g_strdup_printf ("%g at element %zu", w[i], i);
    return fail_tensor (file, place->name, found, expected, error);
  }
  return true;
}

static float *
read_weights (
    const MxSafetensors *file, const MxProgram *program, GError **error)
{
  g_autoptr (GArray) places = list_places (program);
  for (guint i = 0; i < places->len; i++)
    if (!check_place (file, &g_array_index (places, Place, i), error))
      return NULL;
  if (!check_no_more (file, places, error))
    return NULL;

  /* The file holds a quarter as many bytes or more, so the size is no
   * stranger's word. */
  g_autofree float *weights = g_new (float, program->n_weights + 1);
  for (guint i = 0; i < places->len; i++)
    if (!read_place (file, &g_array_index (places, Place, i), weights, error))
      return NULL;
  return g_steal_pointer (&weights);
}

static bool
check_version (const MxSafetensors *file, GError **error)
{
  const char *name = mx_safetensors_get_name (file);
  const char *version = mx_safetensors_get_metadata (file, KEY_VERSION);
  if (version == NULL ||
      mx_safetensors_get_metadata (file, KEY_DESCRIPTION) == NULL) {
    g_set_error (error, MX_MODEL_FILE_ERROR, MX_MODEL_FILE_ERROR_FOREIGN,
        "%s: found a safetensors file without %s in its metadata, expected a "
        "model written by mxtrainsink",
        name, version == NULL ? KEY_VERSION : KEY_DESCRIPTION);
    return false;
  }
  if (!g_str_equal (version, THIS_VERSION)) {
    g_autofree char *shown = mx_name_to_string (version);
    g_set_error (error, MX_MODEL_FILE_ERROR, MX_MODEL_FILE_ERROR_VERSION,
        "%s: found a model of version %s, expected " THIS_VERSION, name, shown);
    return false;
  }
  return true;
}

static MxDescription *
read_description (const MxSafetensors *file, GError **error)
{
  g_autoptr (GError) cause = NULL;
  MxDescription *description =
      mx_description_new (mx_safetensors_get_metadata (file, KEY_DESCRIPTION),
          -1, mx_safetensors_get_name (file), NULL, &cause);
  if (description != NULL)
    return description;
  if (g_error_matches (
          cause, MX_DESCRIPTION_ERROR, MX_DESCRIPTION_ERROR_LABELS))
    g_set_error_literal (
        error, MX_MODEL_FILE_ERROR, MX_MODEL_FILE_ERROR_LABELS, cause->message);
  else
    g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

static bool
read_calibration (const MxSafetensors *file, MxNetwork *network, GError **error)
{
  const char *json = mx_safetensors_get_metadata (file, KEY_CALIBRATION);
  if (json != NULL)
    network->calibration = mx_calibration_from_json (json,
        mx_safetensors_get_name (file), network->program->n_stages, error);
  return json == NULL || network->calibration != NULL;
}

static MxNetwork *
read_model (const MxSafetensors *file, GError **error)
{
  if (!check_version (file, error))
    return NULL;
  g_autoptr (MxDescription) description = read_description (file, error);
  if (description == NULL)
    return NULL;
  g_autofree float *weights = read_weights (file, description->program, error);
  if (weights == NULL)
    return NULL;
  g_autoptr (MxNetwork) network = mx_network_new (description, weights);
  return read_calibration (file, network, error) ? g_steal_pointer (&network)
                                                 : NULL;
}

MxNetwork *
mx_model_file_read (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (MxSafetensors) file = mx_safetensors_new (bytes, name, error);
  return file != NULL ? read_model (file, error) : NULL;
}

MxNetwork *
mx_model_file_load (const char *filename, GError **error)
{
  g_autoptr (MxSafetensors) file =
      mx_safetensors_new_from_file (filename, error);
  return file != NULL ? read_model (file, error) : NULL;
}

/* ------------------------------------------------------------ writing */

/* As bytes, if they are whole; else borrowed. */
static gconstpointer
store (const MxParameter *parameter, const float *weights, GPtrArray *stored)
{
  const float *w = weights + parameter->offset;
  if (!parameter->whole)
    return w;
  int8_t *bytes = g_new (int8_t, parameter->size);
  for (size_t i = 0; i < parameter->size; i++)
    bytes[i] = (int8_t)w[i];
  g_ptr_array_add (stored, bytes);
  return bytes;
}

GBytes *
mx_model_file_write (const MxNetwork *network)
{
  const MxDescription *description = network->description;
  g_autoptr (GArray) places = list_places (description->program);
  g_autoptr (GPtrArray) stored = g_ptr_array_new_with_free_func (g_free);
  g_autofree MxTensorView *views = g_new0 (MxTensorView, places->len + 1);
  for (guint i = 0; i < places->len; i++) {
    const Place *place = &g_array_index (places, Place, i);
    const MxParameter *parameter = place->parameter;
    views[i].name = place->name;
    views[i].dtype = dtype_of (parameter);
    views[i].n_dims = parameter->n_dims;
    memcpy (views[i].dims, parameter->dims, sizeof parameter->dims);
    views[i].size = parameter->size;
    views[i].data = store (parameter, network->weights, stored);
  }

  g_autofree char *json = mx_description_to_json (description);
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (metadata, (gpointer)KEY_VERSION, (gpointer)THIS_VERSION);
  g_hash_table_insert (metadata, (gpointer)KEY_DESCRIPTION, json);
  g_autofree char *calibration =
      network->calibration != NULL
          ? mx_calibration_to_json (network->calibration)
          : NULL;
  if (calibration != NULL)
    g_hash_table_insert (metadata, (gpointer)KEY_CALIBRATION, calibration);
  return mx_safetensors_serialize (views, places->len, metadata);
}

gboolean
mx_model_file_save (
    const MxNetwork *network, const char *filename, GError **error)
{
  g_autoptr (GBytes) bytes = mx_model_file_write (network);
  return mx_file_replace (filename, bytes, error);
}
