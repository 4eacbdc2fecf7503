/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-relabel.h"

#include "mx-json-text.h"

#include <string.h>

static bool
has_labels (const MxDescription *description, const char *const *labels)
{
  size_t n = g_strv_length ((char **)labels);

  for (size_t i = 0; i < n; i++)
    if (mx_description_find_label (description, labels[i]) < 0)
      return false;
  return n == description->n_labels;
}

static MxDescription *
describe (const MxDescription *self, const char *const *labels, GError **error)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (self->json));
  while (json_object_iter_next_ordered (&iter, &member, &value))
    if (!g_str_equal (member, "labels"))
      json_object_set_member (copy, member, json_node_ref (value));
  g_autoptr (JsonNode) unlabelled =
      json_node_init_object (json_node_alloc (), copy);
  json_object_unref (copy);
  g_autofree char *text = mx_json_text_write (unlabelled, false);
  return mx_description_new (text, -1, self->name, labels, error);
}

/* The first layer of an exit whose parameters have one row for each class: the
 * last that mixes its inputs, and those behind it. */
static size_t
first_output_layer (const MxProgram *program, const MxStage *stage)
{
  for (size_t i = stage->end; i-- > stage->exit_first;) {
    const MxLayer *layer = program->layers[i];
    if (layer->n_parameters > 0 && layer->parameters[0].n_dims > 1)
      return i;
  }
  return stage->end;
}

typedef struct {
  const MxNetwork *from;
  MxDescription *to;
  float *weights; /* of `to`, fresh */
} Relabelling;

static void
copy_outputs (
    const Relabelling *self, const MxParameter *from, const MxParameter *to)
{
  const MxDescription *known = self->from->description;
  size_t row = to->size / to->dims[0];

  if (from->dims[0] != known->n_labels || to->dims[0] != self->to->n_labels ||
      from->size / from->dims[0] != row)
    return;
  for (size_t i = 0; i < self->to->n_labels; i++) {
    int class = mx_description_find_label (known, self->to->labels[i]);
    if (class >= 0)
      memcpy (self->weights + to->offset + i * row,
          self->from->weights + from->offset + (size_t) class * row,
          row * sizeof (float));
  }
}

static void
copy_layer (const Relabelling *self, size_t index, bool outputs)
{
  const MxLayer *from = self->from->description->program->layers[index];
  const MxLayer *to = self->to->program->layers[index];

  for (size_t p = 0; p < to->n_parameters; p++) {
    const MxParameter *a = &from->parameters[p], *b = &to->parameters[p];
    if (outputs)
      copy_outputs (self, a, b);
    else if (memcmp (a->dims, b->dims, sizeof a->dims) == 0)
      memcpy (self->weights + b->offset, self->from->weights + a->offset,
          b->size * sizeof (float));
  }
}

MxNetwork *
mx_network_relabel (MxNetwork *network, const char *const *labels,
    uint64_t seed, GError **error)
{
  if (has_labels (network->description, labels))
    return mx_network_ref (network);
  g_autoptr (MxDescription) to = describe (network->description, labels, error);
  if (to == NULL)
    return NULL;
  const MxProgram *program = to->program;
  g_autofree float *weights = g_new (float, program->n_weights + 1);
  Relabelling self = {network, to, weights};
  mx_program_init_weights (program, seed, weights);
  for (size_t s = 0; s < program->n_stages; s++) {
    const MxStage *stage = &program->stages[s];
    size_t outputs = first_output_layer (program, stage);
    for (size_t i = stage->first; i < stage->end; i++)
      copy_layer (&self, i, i >= outputs);
  }
  return mx_network_new (to, weights);
}
