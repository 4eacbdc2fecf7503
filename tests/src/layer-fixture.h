/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* One layer, alone, between tensors whose every float outside of the data is
 * watched: pads must stay zero, and all else is not a number, so that reading
 * it shows in the result and writing it is found.  Inputs are laid out with
 * the padding the layer asked for and not a frame more. */
#pragma once

#include "mx-layers.h"
#include "mx-program-private.h"

#include <check.h>
#include <math.h>
#include <string.h>

#define CONV(rest) "{\"kind\":\"conv1d\"," rest "}"
#define POOL(rest) "{\"kind\":\"pool\"," rest "}"

/* ----------------------------------------------------- guarded tensors */

#define MAX_THREADS 3 /* of a fixture */
#define GAP 5         /* floats between rows, and before and behind all */

typedef struct {
  MxTensor tensor;
  float *memory, *untouched; /* as it is, as it was when made */
  size_t size;
} Guarded;

static inline float
canary (void)
{
  const uint32_t bits = 0x7fc0beef; /* not a number */
  float value;
  memcpy (&value, &bits, sizeof value);
  return value;
}

static inline Guarded
guarded_new (size_t rows, MxShape shape, size_t pad_left, size_t pad_right)
{
  size_t row = (pad_left + shape.time + pad_right) * shape.channels;
  Guarded self = {
      .size = GAP + rows * (row + GAP),
      .tensor = {.rows = rows,
          .time = shape.time,
          .channels = shape.channels,
          .row_stride = row + GAP,
          .pad_left = pad_left,
          .pad_right = pad_right},
  };
  self.memory = g_new (float, self.size);
  for (size_t i = 0; i < self.size; i++)
    self.memory[i] = canary ();
  for (size_t r = 0; r < rows; r++)
    memset (self.memory + GAP + r * (row + GAP), 0, row * sizeof (float));
  self.untouched = g_memdup2 (self.memory, self.size * sizeof (float));
  self.tensor.data = self.memory + GAP + pad_left * shape.channels;
  return self;
}

static inline size_t
guarded_row_size (const Guarded *self)
{
  return self->tensor.time * self->tensor.channels;
}

static inline void
guarded_check_and_free (Guarded *self)
{
  const MxTensor *tensor = &self->tensor;
  for (size_t r = 0; r < tensor->rows; r++) /* the data may have changed */
    memcpy (self->untouched + (mx_tensor_row (tensor, r) - self->memory),
        mx_tensor_row (tensor, r), guarded_row_size (self) * sizeof (float));
  ck_assert_msg (
      !memcmp (self->memory, self->untouched, self->size * sizeof (float)),
      "something was written outside of the data");
  g_free (self->memory);
  g_free (self->untouched);
}

/* Random values in [-2, 2] that, in up to 13 frames, keep a distance of .05
 * from zero and of .1 from each other within a channel: no maximum changes
 * hands in a finite difference. */
static inline void
guarded_fill (Guarded *self, MxRng *rng)
{
  size_t time = self->tensor.time, channels = self->tensor.channels;
  float apart = time > 13 ? 4. / time : .3;
  g_autofree uint32_t *order = g_new (uint32_t, time);
  for (size_t t = 0; t < time; t++)
    order[t] = t;
  for (size_t r = 0; r < self->tensor.rows; r++) {
    for (size_t c = 0; c < channels; c++) {
      float sign = mx_rng_below (rng, 2) ? 1 : -1;
      mx_rng_shuffle (rng, order, time);
      for (size_t t = 0; t < time; t++)
        mx_tensor_row (&self->tensor, r)[t * channels + c] =
            sign * apart *
            ((int)order[t] - (int)(time / 2) + .5 +
                mx_rng_range (rng, -.33, .33));
    }
  }
}

static inline bool
guarded_equal (const Guarded *a, const Guarded *b)
{
  return a->size == b->size &&
         !memcmp (a->memory, b->memory, a->size * sizeof (float));
}

/* ---------------------------------------------------------- the layer */

typedef struct {
  MxLayer *layer;
  Guarded x, x2, y, dx, dx2, dy;
  size_t n_weights, n_prepared, n_workspace, n_scratch;
  float *weights, *gradients, *prepared, *workspace, *scratch;
  MxLayerRun run;
} Fixture;

/* Reads a layer alone; NULL and an error if it is refused. */
static inline MxLayer *
read_layer (const char *text, MxShape in, size_t classes, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autoptr (GError) found = NULL;
  const MxLayerKind *kind;
  MxLayer *layer;
  MxJson json;

  ck_assert_msg (node != NULL, "not JSON: %s", text);
  mx_json_begin (&json, node, "layer", &found);
  kind = mx_layers_find (mx_json_string (&json, "kind", NULL));
  ck_assert_msg (kind != NULL, "no such kind: %s", text);
  layer = mx_layer_new (kind, "layer", 0, in);
  kind->parse (layer, &json, classes);
  if (!mx_json_end (&json)) {
    g_clear_pointer (&layer, mx_layer_free);
    g_propagate_error (error, g_steal_pointer (&found));
  }
  return layer;
}

static inline float *
new_floats (size_t n)
{
  float *values = g_new (float, n + 1);
  for (size_t i = 0; i <= n; i++)
    values[i] = canary ();
  return values;
}

static inline void
fixture_add_weights (Fixture *self, MxRng *rng)
{
  MxLayer *layer = self->layer;
  for (size_t p = 0; p < layer->n_parameters; p++) {
    layer->parameters[p].offset = self->n_weights;
    self->n_weights += layer->parameters[p].size;
  }
  self->weights = new_floats (self->n_weights);
  self->gradients = new_floats (self->n_weights);
  for (size_t i = 0; i < self->n_weights; i++)
    self->weights[i] = mx_rng_range (rng, .2, 1.2); /* also as a variance */
  for (size_t p = 0; p < layer->n_parameters; p++) {
    float *values = self->weights + layer->parameters[p].offset;
    for (size_t i = 0; i < layer->parameters[p].size; i++)
      if (layer->parameters[p].trainable && mx_rng_below (rng, 2))
        values[i] = -values[i];
  }
}

/* The layer with random weights and inputs.  The second input, if any, is laid
 * out otherwise than the output. */
static inline void
fixture_init (
    Fixture *self, MxLayer *layer, size_t rows, bool training, uint64_t seed)
{
  MxRng rng;
  mx_rng_init (&rng, seed, 0);
  *self = (Fixture){.layer = layer};
  self->n_prepared = training ? layer->prepared_training : layer->prepared;
  self->prepared = new_floats (self->n_prepared);
  self->n_workspace = training
                          ? layer->workspace + rows * layer->workspace_per_row
                          : rows * layer->scratch_per_row;
  self->workspace = new_floats (self->n_workspace);
  self->n_scratch =
      training ? layer->scratch + MAX_THREADS * layer->scratch_per_thread : 0;
  self->scratch = new_floats (self->n_scratch);
  fixture_add_weights (self, &rng);
  self->x =
      guarded_new (rows, layer->in, layer->x_pad_left, layer->x_pad_right);
  self->x2 = guarded_new (rows, layer->out, 2, 3);
  self->y = guarded_new (rows, layer->out, 1, 2);
  self->dx = guarded_new (rows, layer->in, 2, 1);
  self->dx2 = guarded_new (rows, layer->out, 1, 0);
  self->dy =
      guarded_new (rows, layer->out, layer->dy_pad_left, layer->dy_pad_right);
  guarded_fill (&self->x, &rng);
  guarded_fill (&self->x2, &rng);
  guarded_fill (&self->dy, &rng);
  self->run = (MxLayerRun){
      .kernels = mx_kernels_get (),
      .training = training,
      .rows = rows,
      .all_rows = rows,
      .x = self->x.tensor,
      .x2 = self->x2.tensor,
      .y = self->y.tensor,
      .dx = self->dx.tensor,
      .dx2 = self->dx2.tensor,
      .dy = self->dy.tensor,
      .weights = self->weights,
      .gradients = self->gradients,
      .prepared = self->prepared,
      .workspace = self->workspace,
      .scratch = self->scratch,
  };
  mx_rng_init (&self->run.rng, seed, 1);
}

static inline void
fixture_check_end (const float *values, size_t n, const char *what)
{
  const float end = canary ();
  ck_assert_msg (!memcmp (values + n, &end, sizeof end),
      "something was written behind the %s", what);
}

/* Also proves that nothing was written out of place. */
static inline void
fixture_clear (Fixture *self)
{
  guarded_check_and_free (&self->x);
  guarded_check_and_free (&self->x2);
  guarded_check_and_free (&self->y);
  guarded_check_and_free (&self->dx);
  guarded_check_and_free (&self->dx2);
  guarded_check_and_free (&self->dy);
  fixture_check_end (self->weights, self->n_weights, "weights");
  fixture_check_end (self->gradients, self->n_weights, "gradients");
  fixture_check_end (self->prepared, self->n_prepared, "prepared weights");
  fixture_check_end (self->workspace, self->n_workspace, "workspace");
  fixture_check_end (self->scratch, self->n_scratch, "scratch");
  g_free (self->weights);
  g_free (self->gradients);
  g_free (self->prepared);
  g_free (self->workspace);
  g_free (self->scratch);
  mx_layer_free (self->layer);
}

static inline void
fixture_forward (Fixture *self)
{
  const MxLayerKind *kind = self->layer->kind;
  if (kind->prepare)
    kind->prepare (
        self->layer, self->weights, self->prepared, self->run.training);
  kind->forward (self->layer, &self->run);
}

static inline void
fixture_backward (Fixture *self)
{
  self->layer->kind->backward (self->layer, &self->run);
}
