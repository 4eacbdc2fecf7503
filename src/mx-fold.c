/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A convolution takes over what follows it, as long as nobody else reads what
 * lies between: batch-norm into its weights, a residual sum into its second
 * input, ReLU into its store.  Dropout disappears. */
#include "mx-program-private.h"

#include "mx-layer-activation.h"
#include "mx-layer-conv1d.h"
#include "mx-layer-dropout.h"
#include "mx-layer-norm.h"
#include "mx-layer-residual.h"

#include <math.h>
#include <string.h>

typedef struct {
  const MxProgram *from;
  MxProgram *to;
  bool *absorbed; /* [layers of from] */
  int *value;     /* [values of from] -> value of to */
  int *source;    /* [layers of to] -> layer of from */
  int *norm;      /* [layers of to] -> batch-norm of from, or -1 */
} Fold;

/* The one layer that reads `value`, or -1 if there are none or several. */
static int
sole_reader (const MxProgram *program, int value)
{
  int reader = -1;
  for (size_t i = 0; i < program->n_layers; i++) {
    for (int k = 0; k < 2; k++) {
      if (program->layers[i]->inputs[k] != value)
        continue;
      if (reader >= 0)
        return -1;
      reader = i;
    }
  }
  return reader;
}

/* Whether the convolution made of layer `index` can take over `reader`, given
 * what it took over before; if so, does. */
static bool
absorb (Fold *fold, size_t index, int reader, MxLayer *conv, int *norm)
{
  const MxLayer *next = fold->from->layers[reader];
  MxConv1dConfig *config = conv->config;
  bool closed = config->activation != MX_ACTIVATION_NONE;
  if (next->kind == &mx_layer_batch_norm) {
    if (closed || *norm >= 0 || conv->inputs[1] >= 0)
      return false;
    *norm = reader;
    config->bias = true;
  } else if (next->kind == &mx_layer_residual) {
    size_t value = index + 1; /* of the convolution, or of its batch-norm */
    if (*norm >= 0)
      value = *norm + 1;
    int other = next->inputs[next->inputs[0] == (int)value ? 1 : 0];
    if (closed || conv->inputs[1] >= 0 || other > (int)index)
      return false; /* the other branch runs later: it adds */
    conv->inputs[1] = fold->value[other];
  } else if (next->kind == &mx_layer_relu) {
    if (closed)
      return false;
    config->activation = MX_ACTIVATION_RELU;
  } else {
    return false;
  }
  fold->absorbed[reader] = true;
  return true;
}

static void
fold_layer (Fold *fold, size_t index)
{
  const MxLayer *layer = fold->from->layers[index];
  int value = index + 1;
  if (layer->kind == &mx_layer_dropout) {
    fold->value[value] = fold->value[layer->inputs[0]];
    return;
  }
  MxLayer *copy = mx_layer_copy (layer);
  int norm = -1;
  for (int k = 0; k < 2; k++)
    if (copy->inputs[k] >= 0)
      copy->inputs[k] = fold->value[copy->inputs[k]];
  if (layer->kind == &mx_layer_conv1d) {
    int reader;
    while ((reader = sole_reader (fold->from, value)) >= 0 &&
           absorb (fold, index, reader, copy, &norm))
      value = reader + 1;
    copy->n_parameters = 0;
    mx_layer_conv1d_setup (copy);
    mx_layer_conv1d_make_fast (copy);
  }
  fold->source[fold->to->n_layers] = index;
  fold->norm[fold->to->n_layers] = norm;
  fold->value[value] = mx_program_append (fold->to, copy);
}

static void
fold_stages (Fold *fold)
{
  const MxProgram *from = fold->from;
  MxProgram *to = fold->to;
  to->n_stages = from->n_stages;
  to->stages = g_new0 (MxStage, from->n_stages);
  for (size_t s = 0; s < from->n_stages; s++) {
    const MxStage *stage = &from->stages[s];
    to->stages[s].first = to->n_layers;
    for (size_t i = stage->first; i < stage->end; i++) {
      if (i == stage->exit_first)
        to->stages[s].exit_first = to->n_layers;
      if (!fold->absorbed[i])
        fold_layer (fold, i);
    }
    to->stages[s].end = to->n_layers;
    to->stages[s].output = fold->value[stage->output];
    to->stages[s].logits = fold->value[stage->logits];
  }
}

/* w' = w g / sqrt (v + eps);  b' = (b - m) g / sqrt (v + eps) + beta.  Of
 * quantised weights w is the scale. */
static void
fold_norm (const MxLayer *conv, const MxLayer *norm, const float *weights,
    const MxParameter *weight, float *folded)
{
  float *w = folded + weight->offset;
  float *b = folded + mx_layer_find_parameter (conv, "bias")->offset;
  const MxBatchNormConfig *config = norm->config;
  const float *gain =
      weights + mx_layer_find_parameter (norm, "weight")->offset;
  const float *beta = weights + mx_layer_find_parameter (norm, "bias")->offset;
  const float *mean =
      weights + mx_layer_find_parameter (norm, "running_mean")->offset;
  const float *variance =
      weights + mx_layer_find_parameter (norm, "running_var")->offset;
  size_t filters = conv->out.channels;
  size_t per_filter = weight->size / filters;
  for (size_t o = 0; o < filters; o++) {
    float scale = gain[o] / sqrtf (variance[o] + config->epsilon);
    for (size_t i = 0; i < per_filter; i++)
      w[o * per_filter + i] *= scale;
    b[o] = (b[o] - mean[o]) * scale + beta[o];
  }
}

static void
fold_weights (const Fold *fold, const float *weights, float *folded)
{
  for (size_t i = 0; i < fold->to->n_layers; i++) {
    const MxLayer *layer = fold->to->layers[i];
    const MxLayer *source = fold->from->layers[fold->source[i]];
    for (size_t p = 0; p < source->n_parameters; p++) {
      const MxParameter *old = &source->parameters[p];
      const MxParameter *new = mx_layer_find_parameter (layer, old->name);
      memcpy (folded + new->offset, weights + old->offset,
          old->size * sizeof *folded);
    }
    if (fold->norm[i] < 0)
      continue;
    const MxParameter *scale = mx_layer_find_parameter (layer, "weight_scale");
    fold_norm (layer, fold->from->layers[fold->norm[i]], weights,
        scale != NULL ? scale : mx_layer_find_parameter (layer, "weight"),
        folded);
  }
}

MxProgram *
mx_program_fold (
    const MxProgram *self, const float *weights, float **folded_weights)
{
  Fold fold = {
      .from = self,
      .to = mx_program_new (
          self->values[0].shape, self->classes, self->n_streamed),
      .absorbed = g_new0 (bool, self->n_layers),
      .value = g_new0 (int, self->n_values),
      .source = g_new0 (int, self->n_layers),
      .norm = g_new0 (int, self->n_layers),
  };
  fold_stages (&fold);
  mx_program_finish (fold.to);
  *folded_weights = g_new0 (float, fold.to->n_weights + 1);
  fold_weights (&fold, weights, *folded_weights);
  g_free (fold.absorbed);
  g_free (fold.value);
  g_free (fold.source);
  g_free (fold.norm);
  return fold.to;
}
