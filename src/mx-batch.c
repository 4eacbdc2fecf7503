/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-batch.h"

#include <string.h>

struct _MxBatch {
  MxDescription *description;
  size_t capacity, rows; /* rows: up to two for each window */
  size_t n_windows;
  float *samples;           /* [capacity][window][channels] */
  float **frames;           /* [capacity] -> [frames][features] */
  int32_t *label, *partner; /* [capacity] */
  MxFrontend **frontends;   /* [capacity] */
};

static size_t
window_floats (const MxBatch *self)
{
  return self->description->window * self->description->channels;
}

MxBatch *
mx_batch_new (MxDescription *description, size_t windows)
{
  MxBatch *self = g_new0 (MxBatch, 1);
  self->description = mx_description_ref (description);
  self->capacity = 2 * windows;
  self->samples = g_new (float, self->capacity *window_floats (self));
  self->frames = g_new (float *, self->capacity);
  self->label = g_new (int32_t, self->capacity);
  self->partner = g_new (int32_t, self->capacity);
  self->frontends = g_new (MxFrontend *, self->capacity);
  for (size_t r = 0; r < self->capacity; r++) {
    self->frontends[r] = mx_frontend_new (&description->frontend);
    self->frames[r] =
        g_new (float, description->frames * description->frontend.features);
  }
  return self;
}

void
mx_batch_free (MxBatch *self)
{
  for (size_t r = 0; r < self->capacity; r++) {
    mx_frontend_free (self->frontends[r]);
    g_free (self->frames[r]);
  }
  mx_description_unref (self->description);
  g_free (self->samples);
  g_free (self->frames);
  g_free (self->label);
  g_free (self->partner);
  g_free (self->frontends);
  g_free (self);
}

static void
add_row (MxBatch *self, const float *samples, int32_t label, int32_t partner)
{
  size_t floats = window_floats (self);
  memcpy (
      self->samples + self->rows * floats, samples, floats * sizeof *samples);
  self->label[self->rows] = label;
  self->partner[self->rows] = partner;
  self->rows++;
}

void
mx_batch_add (
    MxBatch *self, const float *clean, const float *perturbed, int32_t label)
{
  g_return_if_fail (!mx_batch_is_full (self));
  int32_t row = self->rows;
  add_row (self, clean, label, -1);
  if (perturbed != NULL)
    add_row (self, perturbed, label, row);
  self->n_windows++;
}

bool
mx_batch_is_full (const MxBatch *self)
{
  return 2 * self->n_windows == self->capacity;
}

void
mx_batch_clear (MxBatch *self)
{
  self->rows = self->n_windows = 0;
}

size_t
mx_batch_get_windows (const MxBatch *self)
{
  return self->n_windows;
}

size_t
mx_batch_get_rows (const MxBatch *self)
{
  return self->rows;
}

const int32_t *
mx_batch_get_labels (const MxBatch *self)
{
  return self->label;
}

const int32_t *
mx_batch_get_partners (const MxBatch *self)
{
  return self->partner;
}

typedef struct {
  MxBatch *self;
  MxTensor *input;
} Inputs;

static void
compute_input (void *data, size_t row)
{
  const Inputs *inputs = data;
  MxBatch *self = inputs->self;
  const MxDescription *description = self->description;
  size_t consumed;
  mx_frontend_reset (self->frontends[row]);
  mx_frontend_process (self->frontends[row],
      self->samples + row * window_floats (self), description->window,
      self->frames[row], description->frames, &consumed);
  mx_frontend_flush (self->frontends[row]);
  mx_frontend_normalise (&description->frontend, self->frames[row],
      description->frames, mx_tensor_row (inputs->input, row));
}

void
mx_batch_compute_inputs (MxBatch *self, MxTensor *input, MxParallel *parallel)
{
  Inputs inputs = {self, input};
  mx_parallel_run (parallel, self->rows, compute_input, &inputs);
}
