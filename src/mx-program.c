/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-program-private.h"

#include "mx-grid.h"
#include "mx-layer-residual.h"
#include "mx-layer-slice.h"
#include "mx-layers.h"
#include "mx-policy.h"
#include "mx-tensor-view.h"

#include <string.h>

/* Residual blocks inside residual blocks. */
#define MAX_NESTING 16

/* ------------------------------------------------------------ layers */

MxLayer *
mx_layer_new (const MxLayerKind *kind, const char *path, int input, MxShape in)
{
  MxLayer *layer = g_new0 (MxLayer, 1);
  layer->kind = kind;
  layer->path = g_strdup (path);
  layer->config = g_malloc0 (kind->config_size);
  layer->inputs[0] = input;
  layer->inputs[1] = -1;
  layer->in = layer->out = in;
  layer->stride = 1;
  return layer;
}

MxLayer *
mx_layer_copy (const MxLayer *layer)
{
  MxLayer *copy = g_memdup2 (layer, sizeof *layer);
  copy->path = g_strdup (layer->path);
  copy->config = g_memdup2 (layer->config, layer->kind->config_size);
  return copy;
}

void
mx_layer_free (MxLayer *layer)
{
  g_free (layer->path);
  g_free (layer->config);
  g_free (layer);
}

/* ----------------------------------------------------------- program */

MxProgram *
mx_program_new (MxShape input, size_t classes, size_t streamed)
{
  MxProgram *self = g_atomic_rc_box_new0 (MxProgram);
  self->n_values = 1;
  self->values = g_new0 (MxValue, 1);
  self->values[0].shape = input;
  self->values[0].step = streamed > 0;
  self->n_streamed = streamed;
  self->classes = classes;
  return self;
}

MxProgram *
mx_program_ref (MxProgram *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
program_clear (void *data)
{
  MxProgram *self = data;
  for (size_t i = 0; i < self->n_layers; i++)
    mx_layer_free (self->layers[i]);
  g_free (self->layers);
  g_free (self->stages);
  g_free (self->values);
}

void
mx_program_unref (MxProgram *self)
{
  g_atomic_rc_box_release_full (self, program_clear);
}

int
mx_program_append (MxProgram *self, MxLayer *layer)
{
  self->layers = g_renew (MxLayer *, self->layers, self->n_layers + 1);
  self->layers[self->n_layers++] = layer;
  self->values = g_renew (MxValue, self->values, self->n_values + 1);
  self->values[self->n_values] = mx_grid_place (self, layer);
  return self->n_values++;
}

static void
lay_out_weights (MxProgram *self)
{
  size_t offset = 0;
  for (int trainable = 1; trainable >= 0; trainable--) {
    for (size_t i = 0; i < self->n_layers; i++) {
      MxLayer *layer = self->layers[i];
      for (size_t p = 0; p < layer->n_parameters; p++) {
        if (layer->parameters[p].trainable != trainable)
          continue;
        layer->parameters[p].offset = offset;
        self->quantised |= layer->parameters[p].whole;
        offset += layer->parameters[p].size;
      }
    }
    if (trainable)
      self->n_trainable = offset;
  }
  self->n_weights = offset;
}

void
mx_program_finish (MxProgram *self)
{
  lay_out_weights (self);
  for (size_t i = 0; i < self->n_layers; i++) {
    const MxLayer *layer = self->layers[i];
    MxValue *in = &self->values[layer->inputs[0]];
    MxValue *out = &self->values[i + 1];
    in->pad_left = MAX (in->pad_left, layer->x_pad_left);
    in->pad_right = MAX (in->pad_right, layer->x_pad_right);
    out->gradient_pad_left = layer->dy_pad_left;
    out->gradient_pad_right = layer->dy_pad_right;
  }
  self->macs = 0;
  for (size_t s = 0; s < self->n_stages; s++) {
    MxStage *stage = &self->stages[s];
    stage->macs = 0;
    for (size_t i = stage->first; i < stage->end; i++)
      stage->macs += self->layers[i]->macs;
    self->macs += stage->macs;
  }
  mx_grid_finish (self);
}

uint64_t
mx_program_macs_to (const MxProgram *self, size_t exit)
{
  uint64_t macs = 0;
  for (size_t s = 0; s < exit && s < self->n_stages; s++)
    macs += self->stages[s].macs;
  return macs;
}

static void
init_parameter (const MxParameter *parameter, MxRng *rng, float *w)
{
  for (size_t i = 0; i < parameter->size; i++) {
    switch (parameter->init) {
    case MX_INIT_ZERO:
      w[i] = 0;
      break;
    case MX_INIT_ONE:
      w[i] = 1;
      break;
    case MX_INIT_NORMAL:
      w[i] = parameter->spread * mx_rng_normal (rng);
      break;
    case MX_INIT_UNIFORM:
      w[i] = mx_rng_range (rng, -parameter->spread, parameter->spread);
      break;
    }
  }
}

void
mx_program_init_weights (const MxProgram *self, uint64_t seed, float *weights)
{
  for (size_t i = 0; i < self->n_layers; i++) {
    const MxLayer *layer = self->layers[i];
    for (size_t p = 0; p < layer->n_parameters; p++) {
      MxRng rng;
      mx_rng_init (&rng, seed, mx_rng_stream (i, p));
      init_parameter (
          &layer->parameters[p], &rng, weights + layer->parameters[p].offset);
    }
  }
}

/* ----------------------------------------------------------- parsing */

typedef struct {
  MxProgram *program;
  size_t n_weights, n_floats; /* so far */
  unsigned nesting;
  bool streamed; /* the present layers */
} Parser;

static int parse_list (Parser *parser, MxJson *parent, const char *member,
    int input, bool required);

static size_t
padded_floats (const MxLayer *layer)
{
  return layer->out.time * layer->out.channels +
         (layer->x_pad_left + layer->x_pad_right) * layer->in.channels +
         (layer->dy_pad_left + layer->dy_pad_right) * layer->out.channels;
}

/* What a stream would be too long for. */
static void
check_grid (const Parser *parser, MxJson *json, const MxLayer *layer)
{
  const MxProgram *program = parser->program;
  const MxValue value = mx_grid_place (program, layer);
  const ptrdiff_t most = MX_MAX_PROGRAM_FLOATS;
  if (layer->kind->needs_window)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LAYER,
        "kind: found \"%s\" in a streamed stage, expected a kind that needs no "
        "window; in an exit it may stand",
        layer->kind->name);
  else if (value.step > program->values[0].shape.time)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_SHAPE,
        "gives one frame for every %zu of the input, more than the %zu of a "
        "window",
        value.step, program->values[0].shape.time);
  else if (ABS (value.back) > most || ABS (value.ahead) > most)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LIMIT,
        "depends on frames of the input from -%td to +%td, more than %td",
        value.back, value.ahead, most);
}

static bool
check_limits (Parser *parser, MxJson *json, const MxLayer *layer)
{
  parser->n_weights += layer->prepared_training;
  for (size_t p = 0; p < layer->n_parameters; p++)
    parser->n_weights += layer->parameters[p].size;
  if (parser->program->n_layers >= MX_MAX_LAYERS)
    mx_json_fail (
        json, MX_DESCRIPTION_ERROR_LIMIT, "more than %d layers", MX_MAX_LAYERS);
  else if (layer->out.time > MX_MAX_VALUE_FLOATS / layer->out.channels)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LIMIT,
        "gives %zu frames of %zu channels, more than %u floats",
        layer->out.time, layer->out.channels, MX_MAX_VALUE_FLOATS);
  else if ((parser->n_floats += padded_floats (layer)) > MX_MAX_PROGRAM_FLOATS)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LIMIT,
        "more than %u floats of values up to here", MX_MAX_PROGRAM_FLOATS);
  else if (parser->n_weights > MX_MAX_WEIGHTS)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LIMIT,
        "more than %u weights up to here", MX_MAX_WEIGHTS);
  return mx_json_ok (json);
}

static int
append_checked (Parser *parser, MxJson *json, MxLayer *layer)
{
  if (mx_json_ok (json) && layer->streamed)
    check_grid (parser, json, layer);
  if (mx_json_ok (json) && check_limits (parser, json, layer))
    return mx_program_append (parser->program, layer);
  mx_layer_free (layer);
  return 0;
}

static int
parse_residual (Parser *parser, MxJson *json, int input)
{
  if (++parser->nesting > MAX_NESTING)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LIMIT,
        "residual blocks nested more than %d deep", MAX_NESTING);
  int main_value = parse_list (parser, json, "layers", input, true);
  int shortcut = parse_list (parser, json, "shortcut", input, false);
  parser->nesting--;
  if (!mx_json_ok (json))
    return 0;
  const MxValue *values = parser->program->values;
  MxShape a = values[main_value].shape, b = values[shortcut].shape;
  if (a.time != b.time || a.channels != b.channels) {
    mx_json_fail (json, MX_DESCRIPTION_ERROR_SHAPE,
        "layers give %zu frames of %zu channels, the shortcut %zu of %zu; "
        "they must be the same",
        a.time, a.channels, b.time, b.channels);
    return 0;
  }
  if (values[main_value].step != values[shortcut].step) {
    mx_json_fail (json, MX_DESCRIPTION_ERROR_SHAPE,
        "layers give one frame for %zu of the input, the shortcut for %zu; "
        "they must be the same",
        values[main_value].step, values[shortcut].step);
    return 0;
  }
  MxLayer *layer = mx_layer_new (&mx_layer_residual, json->path, main_value, a);
  layer->inputs[1] = shortcut;
  layer->streamed = parser->streamed;
  mx_layer_residual.parse (layer, json, parser->program->classes);
  return append_checked (parser, json, layer);
}

static int
parse_layer (Parser *parser, MxJson *json, int input)
{
  const char *name = mx_json_string (json, "kind", NULL);
  const MxLayerKind *kind = mx_layers_find (name);
  if (kind == NULL) {
    g_autofree char *shown = mx_name_to_string (name);
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LAYER,
        "kind: found \"%s\", expected one of %s", shown, mx_layers_names ());
    return 0;
  }
  if (kind == &mx_layer_residual)
    return parse_residual (parser, json, input);
  MxLayer *layer = mx_layer_new (
      kind, json->path, input, parser->program->values[input].shape);
  layer->streamed = parser->streamed;
  kind->parse (layer, json, parser->program->classes);
  return append_checked (parser, json, layer);
}

/* Returns the value the last layer writes; `input` if there are none. */
static int
parse_list (Parser *parser, MxJson *parent, const char *member, int input,
    bool required)
{
  JsonArray *array = mx_json_array (parent, member, required);
  guint n = array != NULL ? json_array_get_length (array) : 0;
  if (required && n == 0)
    mx_json_fail (parent, MX_DESCRIPTION_ERROR_MEMBER,
        "%s: found no layer, expected at least one", member);
  int value = input;
  for (guint i = 0; i < n && mx_json_ok (parent); i++) {
    g_autofree char *path =
        g_strdup_printf ("%s.%s.%u", parent->path, member, i);
    MxJson json;
    mx_json_begin (
        &json, json_array_get_element (array, i), path, parent->error);
    value = parse_layer (parser, &json, value);
    mx_json_end (&json);
  }
  return value;
}

static void
check_logits (MxJson *json, const MxProgram *program, size_t logits)
{
  MxShape shape = program->values[logits].shape;
  if (shape.time != 1 || shape.channels != program->classes)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_SHAPE,
        "exit: gives %zu frames of %zu channels, expected 1 frame of %zu, one "
        "channel for each label (pool, then dense)",
        shape.time, shape.channels, program->classes);
}

/* The frames of a window, out of a stream. */
static int
cut (Parser *parser, MxJson *json, int value, size_t frames)
{
  MxShape shape = parser->program->values[value].shape;
  if (!mx_json_ok (json))
    return value;
  MxLayer *layer = mx_layer_new (&mx_layer_slice, json->path, value, shape);
  layer->out.time = frames;
  ((MxSliceConfig *)layer->config)->step = parser->program->values[value].step;
  return append_checked (parser, json, layer);
}

static void
parse_stage (Parser *parser, MxJson *json, int *value)
{
  MxProgram *program = parser->program;
  MxStage stage = {.first = program->n_layers};
  parser->streamed = program->n_stages < program->n_streamed;
  if (program->values[*value].step > 0 && !parser->streamed)
    *value = cut (parser, json, *value, program->values[*value].shape.time);
  *value = parse_list (parser, json, "layers", *value, true);
  stage.output = *value;
  stage.exit_first = program->n_layers;
  parser->streamed = false;
  if (program->values[*value].step > 0)
    *value = cut (parser, json, *value,
        program->values[0].shape.time / program->values[*value].step);
  stage.logits = parse_list (parser, json, "exit", *value, true);
  *value = stage.output;
  stage.end = program->n_layers;
  if (!mx_json_ok (json))
    return;
  check_logits (json, program, stage.logits);
  program->stages = g_renew (MxStage, program->stages, program->n_stages + 1);
  program->stages[program->n_stages++] = stage;
}

static void
parse_stages (Parser *parser, MxJson *json)
{
  JsonArray *array = mx_json_array (json, "stages", true);
  guint n = array != NULL ? json_array_get_length (array) : 0;
  if (n == 0 || n > MX_MAX_EXITS)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
        "stages: found %u, expected 1 to %d, each with its exit", n,
        MX_MAX_EXITS);
  int value = 0;
  for (guint i = 0; i < n && mx_json_ok (json); i++) {
    g_autofree char *path = g_strdup_printf ("stages.%u", i);
    MxJson stage;
    mx_json_begin (
        &stage, json_array_get_element (array, i), path, json->error);
    parse_stage (parser, &stage, &value);
    mx_json_end (&stage);
  }
}

static void
check_stream (MxJson *json, const MxProgram *program)
{
  size_t floats = 0;
  if (program->n_streamed > program->n_stages)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
        "streamed: found %zu, expected at most the %zu stages",
        program->n_streamed, program->n_stages);
  for (size_t v = 0; v < program->n_values; v++)
    floats += program->values[v].kept * program->values[v].shape.channels;
  if (floats > MX_MAX_PROGRAM_FLOATS)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LIMIT,
        "streamed: %zu floats to be kept of a stream, more than %u", floats,
        MX_MAX_PROGRAM_FLOATS);
}

MxProgram *
mx_program_parse (MxJson *json, MxShape input, size_t classes)
{
  size_t streamed = mx_json_int (json, "streamed", 0, MX_MAX_EXITS, 0);
  Parser parser = {.program = mx_program_new (input, classes, streamed)};
  parse_stages (&parser, json);
  if (mx_json_ok (json)) {
    mx_program_finish (parser.program);
    check_stream (json, parser.program);
  }
  if (mx_json_ok (json))
    return parser.program;
  mx_program_unref (parser.program);
  return NULL;
}
