/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-pass.h"

#include "mx-layer-activation.h"
#include "mx-memory.h"
#include "mx-pending.h"

#include <glib.h>
#include <string.h>

struct _MxPass {
  MxProgram *program;
  MxParallel *parallel;
  MxPending *pending; /* NULL unless training */
  size_t rows;        /* of the present batch */
  size_t all_rows;    /* the same, of the group */
  MxGroup *group;     /* NULL: alone */
  bool training;
  bool by_itself; /* windows are: streamed values have no memory but here */
  uint64_t seed;
  bool *frozen;       /* [n_layers]; NULL: no layer is */
  int *relu;          /* [n_layers]: the one that this layer computes, or -1 */
  bool *absorbed;     /* [n_layers]: by the layer before */
  const size_t *last; /* [rows] */

  MxTensor *values; /* [n_values] */
  float *memory;    /* of all values */
  float *workspace; /* of all layers */
  size_t *workspace_offset;
  float *scratch; /* of any layer, when training */

  float *weights;
  const float *prepared;
  const size_t *prepared_offset;
};

/* Offsets are kept on cache lines. */
static size_t
align_up (size_t floats)
{
  return (floats + 15) & ~(size_t)15;
}

static void
allocate_values (MxPass *self, size_t rows)
{
  const MxProgram *program = self->program;
  self->values = g_new0 (MxTensor, program->n_values);
  for (size_t v = 0; v < program->n_values; v++) {
    const MxValue *value = &program->values[v];
    self->values[v] = (MxTensor){.channels = value->shape.channels};
    /* Streamed values live in an MxStream, unless examples are windows. */
    if (value->step > 0 && !self->by_itself)
      continue;
    self->values[v].time = value->shape.time;
    self->values[v].pad_left = value->pad_left;
    self->values[v].pad_right = value->pad_right;
  }
  self->memory = mx_tensors_allocate (self->values, program->n_values, rows);
}

/* Scratch is of one layer at a time: all have the same, which stays in the
 * cache.  What is kept from forward to backward is each layer's own. */
static void
allocate_workspace (MxPass *self, size_t rows)
{
  const MxProgram *program = self->program;
  size_t total = 0;
  self->workspace_offset = g_new0 (size_t, program->n_layers);
  for (size_t i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];
    size_t scratch = rows * layer->scratch_per_row;
    size_t kept = layer->workspace + rows * layer->workspace_per_row;

    /* Nothing is kept but in training: then all layers take the same place. */
    if (!self->training) {
      total = MAX (total, scratch);
      continue;
    }
    self->workspace_offset[i] = total;
    total += align_up (MAX (kept, scratch));
  }
  self->workspace = mx_floats_new (total);
}

size_t
mx_pass_count_readers (const MxPass *self, size_t value)
{
  const MxProgram *program = self->program;
  size_t n = 0;
  for (size_t i = 0; i < program->n_layers; i++)
    for (int k = 0; k < 2; k++)
      n += program->layers[i]->inputs[k] == (int)value;
  for (size_t s = 0; s < program->n_stages; s++)
    n += program->stages[s].output == value ||
         program->stages[s].logits == value;
  return n;
}

/* A ReLU that alone reads what a layer writes. */
static void
absorb_relus (MxPass *self)
{
  const MxProgram *program = self->program;
  self->relu = g_new (int, program->n_layers);
  self->absorbed = g_new0 (bool, program->n_layers);
  for (size_t i = 0; i < program->n_layers; i++)
    self->relu[i] = -1;
  for (size_t i = 0; i < program->n_layers && self->training; i++) {
    const int value = program->layers[i]->inputs[0];
    if (program->layers[i]->kind != &mx_layer_relu || value < 1 ||
        !program->layers[value - 1]->kind->takes_relu ||
        mx_pass_count_readers (self, (size_t)value) > 1)
      continue;
    self->relu[value - 1] = (int)i;
    self->absorbed[i] = true;
  }
}

bool
mx_pass_is_absorbed (const MxPass *self, size_t layer)
{
  return self->absorbed[layer];
}

size_t
mx_pass_get_output (const MxPass *self, size_t layer)
{
  return (self->relu[layer] < 0 ? layer : (size_t)self->relu[layer]) + 1;
}

static void
allocate_scratch (MxPass *self)
{
  const MxProgram *program = self->program;
  const size_t threads = mx_parallel_get_threads (self->parallel);
  size_t most = 0;
  for (size_t i = 0; i < program->n_layers && self->training; i++) {
    const MxLayer *layer = program->layers[i];
    most = MAX (most, layer->scratch + threads * layer->scratch_per_thread);
  }
  self->scratch = mx_floats_new (most);
}

static MxPass *
new_pass (MxProgram *program, size_t rows, bool training, bool by_itself,
    MxParallel *parallel)
{
  MxPass *self = g_new0 (MxPass, 1);
  self->program = mx_program_ref (program);
  self->training = training;
  self->by_itself = by_itself;
  self->parallel = parallel;
  if (training)
    self->pending = mx_pending_new ();
  allocate_values (self, rows);
  allocate_workspace (self, rows);
  allocate_scratch (self);
  absorb_relus (self);
  return self;
}

MxPass *
mx_pass_new (
    MxProgram *program, size_t rows, bool training, MxParallel *parallel)
{
  return new_pass (program, rows, training, training, parallel);
}

MxPass *
mx_pass_new_for_windows (MxProgram *program, size_t rows, MxParallel *parallel)
{
  return new_pass (program, rows, false, true, parallel);
}

void
mx_pass_free (MxPass *self)
{
  mx_program_unref (self->program);
  mx_pending_free (self->pending);
  g_free (self->values);
  g_aligned_free (self->memory);
  g_aligned_free (self->workspace);
  g_aligned_free (self->scratch);
  g_free (self->workspace_offset);
  g_free (self->frozen);
  g_free (self->relu);
  g_free (self->absorbed);
  g_free (self);
}

void
mx_pass_set_weights (MxPass *self, float *weights, const float *prepared,
    const size_t *prepared_offset)
{
  self->weights = weights;
  self->prepared = prepared;
  self->prepared_offset = prepared_offset;
}

void
mx_pass_freeze (MxPass *self, const bool *frozen)
{
  g_return_if_fail (self->training);

  g_free (self->frozen);
  self->frozen =
      g_memdup2 (frozen, self->program->n_layers * sizeof *self->frozen);
}

bool
mx_pass_is_frozen (const MxPass *self, size_t layer)
{
  return self->frozen != NULL && self->frozen[layer];
}

void
mx_pass_set_windows (MxPass *self, const size_t *last)
{
  self->last = last;
}

void
mx_pass_set_group (MxPass *self, MxGroup *group, size_t rows)
{
  self->group = group;
  self->all_rows = rows;
}

void
mx_pass_set_seed (MxPass *self, uint64_t seed)
{
  self->seed = seed;
}

MxTensor
mx_pass_begin (MxPass *self, size_t rows)
{
  self->rows = self->all_rows = rows;
  for (size_t v = 0; v < self->program->n_values; v++)
    self->values[v].rows = rows;
  return self->values[0];
}

/* Member by member: clearing so large a struct takes as long as a small layer.
 */
void
mx_pass_layer_run (MxPass *self, size_t index, MxLayerRun *run)
{
  static const MxTensor none;
  const MxLayer *layer = self->program->layers[index];

  run->kernels = mx_kernels_get ();
  run->parallel = self->parallel;
  run->pending = self->pending;
  run->training = self->training && !mx_pass_is_frozen (self, index);
  run->rows = self->rows;
  run->all_rows = self->all_rows;
  run->group = self->group;
  run->x = self->values[layer->inputs[0]];
  run->x2 = layer->inputs[1] >= 0 ? self->values[layer->inputs[1]] : none;
  run->y = self->values[mx_pass_get_output (self, index)];
  run->activation =
      self->relu[index] < 0 ? MX_ACTIVATION_NONE : MX_ACTIVATION_RELU;
  run->dx = run->dx2 = run->dy = none;
  run->accumulate[0] = run->accumulate[1] = false;
  run->last = self->last;
  run->weights = self->weights;
  run->gradients = NULL;
  run->prepared = self->prepared + self->prepared_offset[index];
  run->workspace = self->workspace + self->workspace_offset[index];
  run->scratch = self->scratch;
  if (self->training)
    mx_rng_init (&run->rng, self->seed, index);
}

void
mx_pass_settle (MxPass *self)
{
  if (self->pending != NULL)
    mx_pending_settle (self->pending);
}

MxTensor
mx_pass_run_stage (MxPass *self, size_t index)
{
  const MxStage *stage = &self->program->stages[index];
  for (size_t i = stage->first; i < stage->end; i++) {
    const MxLayer *layer = self->program->layers[i];
    MxLayerRun run;

    if (self->absorbed[i] || (self->rows == 0 && !layer->kind->sums_group))
      continue;
    mx_pass_layer_run (self, i, &run);
    layer->kind->forward (layer, &run);
  }
  mx_pass_settle (self);
  return self->values[stage->logits];
}

void
mx_pass_run (MxPass *self, const size_t *where, float *const *logits)
{
  const size_t classes = self->program->classes;

  for (size_t s = 0; s < self->program->n_stages; s++) {
    MxTensor from = mx_pass_run_stage (self, s);

    for (size_t r = 0; r < from.rows; r++)
      memcpy (logits[s] + (where != NULL ? where[r] : r) * classes,
          mx_tensor_row (&from, r), classes * sizeof (float));
  }
}

void
mx_pass_set_value (MxPass *self, size_t value, const MxTensor *tensor)
{
  self->values[value] = *tensor;
}

const MxTensor *
mx_pass_get_value (const MxPass *self, size_t value)
{
  return &self->values[value];
}

MxProgram *
mx_pass_get_program (const MxPass *self)
{
  return self->program;
}

/* -------------------------------------------------- prepared weights */

/* In floats. */
static size_t
prepared_size (const MxLayer *layer, bool training)
{
  size_t size = layer->half ? (layer->prepared + MX_HALF_BEHIND + 1) / 2
                            : layer->prepared;
  /* A layer may be frozen while others train. */
  return training ? MAX (layer->prepared_training, size) : size;
}

size_t *
mx_pass_prepared_layout (const MxProgram *program, bool training, size_t *total)
{
  size_t *offset = g_new (size_t, program->n_layers);
  *total = 0;
  for (size_t i = 0; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];
    offset[i] = *total;
    *total += align_up (prepared_size (layer, training));
  }
  return offset;
}

typedef struct {
  const MxProgram *program;
  bool training;
  const bool *frozen; /* NULL: no layer is */
  const float *weights;
  float *prepared;
  const size_t *offset;
} Prepare;

static void
prepare_halves (const MxLayer *layer, const float *weights, MxHalf *prepared)
{
  g_autofree float *floats = g_new0 (float, layer->prepared + 1);
  layer->kind->prepare (layer, weights, floats, false);
  mx_half_from_floats (layer->prepared, floats, prepared);
}

static void
prepare_layer (void *data, size_t index)
{
  const Prepare *prepare = data;
  const MxLayer *layer = prepare->program->layers[index];
  float *prepared = prepare->prepared + prepare->offset[index];
  bool training =
      prepare->training && (prepare->frozen == NULL || !prepare->frozen[index]);
  if (layer->kind->prepare == NULL)
    return;
  if (layer->half && !training)
    prepare_halves (layer, prepare->weights, (MxHalf *)prepared);
  else
    layer->kind->prepare (layer, prepare->weights, prepared, training);
}

void
mx_pass_prepare (const MxProgram *program, bool training, const float *weights,
    float *prepared, const size_t *offset, MxParallel *parallel)
{
  Prepare prepare = {program, training, NULL, weights, prepared, offset};
  mx_parallel_run (parallel, program->n_layers, prepare_layer, &prepare);
}

void
mx_pass_prepare_own (const MxPass *self, float *prepared)
{
  Prepare prepare = {self->program, self->training, self->frozen, self->weights,
      prepared, self->prepared_offset};
  mx_parallel_run (
      self->parallel, self->program->n_layers, prepare_layer, &prepare);
}
