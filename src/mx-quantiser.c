/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-quantiser.h"

#include "mx-json-text.h"
#include "mx-layer-conv1d.h"
#include "mx-range.h"

#include <math.h>
#include <string.h>

#define MOST_WEIGHT 127
/* No filter is so small that its scale could not be in a file. */
#define LEAST_SCALE 1e-12f

G_DEFINE_QUARK (mx_quantiser_error, mx_quantiser_error)

struct _MxQuantiser {
  MxNetwork *network;
  size_t n_layers;  /* to be quantised */
  MxRange **ranges; /* [values of the folded program], NULL: of no interest */
};

static bool
can_be_quantised (const MxLayer *layer)
{
  return layer->kind == &mx_layer_conv1d &&
         mx_layer_conv1d_may_quantise (layer);
}

static bool
check (const MxNetwork *network, const char *name, GError **error)
{
  const MxProgram *program = network->program;
  size_t n = 0;

  for (size_t i = 0; i < program->n_layers; i++)
    n += can_be_quantised (program->layers[i]);
  if (program->quantised)
    g_set_error (error, MX_QUANTISER_ERROR, MX_QUANTISER_ERROR_QUANTISED,
        "%s: found a quantised model, expected one in floats", name);
  else if (n == 0)
    g_set_error (error, MX_QUANTISER_ERROR, MX_QUANTISER_ERROR_NOTHING,
        "%s: found no convolution of one group, expected at least one to "
        "quantise",
        name);
  return !program->quantised && n > 0;
}

MxQuantiser *
mx_quantiser_new (MxNetwork *network, const char *name, GError **error)
{
  const MxProgram *program = network->program;
  MxQuantiser *self;

  if (!check (network, name, error))
    return NULL;
  self = g_new0 (MxQuantiser, 1);
  self->network = mx_network_ref (network);
  self->ranges = g_new0 (MxRange *, program->n_values);
  for (size_t i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];

    if (!can_be_quantised (layer))
      continue;
    self->n_layers++;
    if (self->ranges[layer->inputs[0]] == NULL)
      self->ranges[layer->inputs[0]] = g_new0 (MxRange, 1);
  }
  return self;
}

void
mx_quantiser_free (MxQuantiser *self)
{
  if (self == NULL)
    return;
  for (size_t v = 0; v < self->network->program->n_values; v++)
    g_free (self->ranges[v]);
  g_free (self->ranges);
  mx_network_unref (self->network);
  g_free (self);
}

/* --- ranges --- */

/* Of an MxObserver. */
static void
hear (size_t value, const MxTensor *tensor, void *user_data)
{
  MxQuantiser *self = user_data;

  if (self->ranges[value] != NULL)
    mx_range_add (
        self->ranges[value], tensor->data, tensor->time * tensor->channels);
}

void
mx_quantiser_listen (MxQuantiser *self, MxSession *session)
{
  mx_session_set_observer (session, &(MxObserver){hear, self});
}

/* Of the input of a layer of the folded program; NULL: nothing was heard. */
static const MxRange *
range_of (const MxQuantiser *self, const MxLayer *layer)
{
  const MxRange *range = NULL;

  if (can_be_quantised (layer))
    range = self->ranges[layer->inputs[0]];
  return range != NULL && range->n > 0 ? range : NULL;
}

size_t
mx_quantiser_get_heard (const MxQuantiser *self)
{
  const MxProgram *program = self->network->program;
  size_t n = 0;

  for (size_t i = 0; i < program->n_layers; i++)
    n += range_of (self, program->layers[i]) != NULL;
  return n;
}

size_t
mx_quantiser_get_layers (const MxQuantiser *self)
{
  return self->n_layers;
}

const char *
mx_quantiser_find_swamped (const MxQuantiser *self)
{
  const MxProgram *program = self->network->program;

  for (size_t i = 0; i < program->n_layers; i++) {
    const MxRange *range = range_of (self, program->layers[i]);

    if (range != NULL && mx_range_is_swamped (range))
      return program->layers[i]->path;
  }
  return NULL;
}

/* --- the quantised network --- */

/* "stages.0.layers.3": objects and arrays in turn. */
static JsonObject *
find_object (JsonNode *root, const char *path)
{
  g_auto (GStrv) steps = g_strsplit (path, ".", -1);
  JsonNode *node = root;

  for (size_t i = 0; steps[i] != NULL; i++)
    node = JSON_NODE_HOLDS_OBJECT (node)
               ? json_object_get_member (json_node_get_object (node), steps[i])
               : json_array_get_element (json_node_get_array (node),
                     (guint)g_ascii_strtoull (steps[i], NULL, 10));
  return json_node_get_object (node);
}

static MxDescription *
describe (const MxQuantiser *self)
{
  const MxNetwork *network = self->network;
  const MxProgram *program = network->program;
  g_autofree char *json = mx_description_to_json (network->description);
  g_autoptr (JsonNode) root = mx_json_text_parse (json, strlen (json), NULL);
  g_autofree char *text = NULL;

  for (size_t i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];

    if (range_of (self, layer) != NULL)
      json_object_set_boolean_member (
          find_object (root, layer->path), "quantised", TRUE);
  }
  text = mx_json_text_write (root, false);
  return mx_description_new (text, -1, network->description->name, NULL, NULL);
}

static const MxLayer *
find_layer (const MxProgram *program, const char *path)
{
  for (size_t i = 0; i < program->n_layers; i++)
    if (strcmp (program->layers[i]->path, path) == 0)
      return program->layers[i];
  return NULL;
}

/* w [n] as whole numbers; returns what one of them is worth. */
static float
quantise_filter (const float *w, size_t n, float *whole)
{
  float most = 0, scale;

  for (size_t i = 0; i < n; i++)
    most = MAX (most, fabsf (w[i]));
  scale = MAX (most / MOST_WEIGHT, LEAST_SCALE);
  for (size_t i = 0; i < n; i++)
    whole[i] = CLAMP (rintf (w[i] / scale), -MOST_WEIGHT, MOST_WEIGHT);
  return scale;
}

static void
quantise_layer (const MxLayer *from, const float *weights, const MxLayer *to,
    const MxRange *range, float *quantised)
{
  const MxParameter *weight = &from->parameters[0];
  const size_t filters = weight->dims[0], n = weight->size / filters;
  const MxParameter *scale = mx_layer_find_parameter (to, "weight_scale");
  const MxParameter *limits = mx_layer_find_parameter (to, "input_range");

  for (size_t f = 0; f < filters; f++)
    quantised[scale->offset + f] =
        quantise_filter (weights + weight->offset + f * n, n,
            quantised + to->parameters[0].offset + f * n);
  mx_range_fit (
      range, &quantised[limits->offset], &quantised[limits->offset + 1]);
}

MxNetwork *
mx_quantiser_finish (const MxQuantiser *self)
{
  const MxNetwork *network = self->network;
  const MxProgram *program = network->description->program;
  g_autoptr (MxDescription) description = describe (self);
  const MxProgram *to = description->program;
  g_autofree float *weights = g_new0 (float, to->n_weights + 1);
  g_autoptr (MxNetwork) quantised = NULL;

  for (size_t i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];
    const MxLayer *folded = find_layer (network->program, layer->path);

    for (size_t p = 0; p < layer->n_parameters; p++)
      memcpy (weights + to->layers[i]->parameters[p].offset,
          network->weights + layer->parameters[p].offset,
          layer->parameters[p].size * sizeof *weights);
    if (folded != NULL && range_of (self, folded) != NULL)
      quantise_layer (layer, network->weights, to->layers[i],
          range_of (self, folded), weights);
  }
  quantised = mx_network_new (description, weights);
  return mx_network_new_calibrated (quantised, network->calibration);
}
