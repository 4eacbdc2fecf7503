/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-batch.h"

#include <string.h>

struct _MxBatch {
  MxDescription *description;
  size_t capacity, rows; /* rows: up to two for each window */
  size_t n_windows;
  int32_t *label, *partner; /* [capacity] */

  size_t n_frames;        /* of an input */
  float **frames;         /* [capacity] -> [n_frames][features] */
  float *samples;         /* [capacity][window][channels]; none of a stream */
  MxFrontend **frontends; /* [capacity]; none of a stream */
  size_t *last;           /* [capacity]; of a stream only */
};

static size_t
window_floats (const MxBatch *self)
{
  return self->description->window * self->description->channels;
}

static bool
is_streamed (const MxBatch *self)
{
  return self->description->program->n_streamed > 0;
}

static void
allocate_windows (MxBatch *self)
{
  self->samples = g_new (float, self->capacity *window_floats (self));
  self->frontends = g_new (MxFrontend *, self->capacity);
  for (size_t r = 0; r < self->capacity; r++)
    self->frontends[r] = mx_frontend_new (&self->description->frontend);
}

/* Of an input. */
static size_t
count_frames (const MxDescription *description)
{
  MxSegmentPlan plan;
  if (description->program->n_streamed == 0)
    return description->frames;
  mx_segment_plan_of (&plan, description);
  return plan.frames;
}

MxBatch *
mx_batch_new (MxDescription *description, size_t windows)
{
  MxBatch *self = g_new0 (MxBatch, 1);
  self->description = mx_description_ref (description);
  self->capacity = 2 * windows;
  self->n_frames = count_frames (description);
  self->frames = g_new (float *, self->capacity);
  self->label = g_new (int32_t, self->capacity);
  self->partner = g_new (int32_t, self->capacity);
  for (size_t r = 0; r < self->capacity; r++)
    self->frames[r] =
        g_new (float, self->n_frames * description->frontend.features);
  if (is_streamed (self))
    self->last = g_new (size_t, self->capacity);
  else
    allocate_windows (self);
  return self;
}

void
mx_batch_free (MxBatch *self)
{
  for (size_t r = 0; r < self->capacity; r++) {
    if (self->frontends != NULL)
      mx_frontend_free (self->frontends[r]);
    g_free (self->frames[r]);
  }
  mx_description_unref (self->description);
  g_free (self->samples);
  g_free (self->frames);
  g_free (self->label);
  g_free (self->partner);
  g_free (self->frontends);
  g_free (self->last);
  g_free (self);
}

static void
end_row (MxBatch *self, int32_t label, int32_t partner)
{
  self->label[self->rows] = label;
  self->partner[self->rows] = partner;
  self->rows++;
}

static void
add_samples (
    MxBatch *self, const float *samples, int32_t label, int32_t partner)
{
  size_t floats = window_floats (self);
  memcpy (
      self->samples + self->rows * floats, samples, floats * sizeof *samples);
  end_row (self, label, partner);
}

void
mx_batch_add (
    MxBatch *self, const float *clean, const float *perturbed, int32_t label)
{
  g_return_if_fail (!mx_batch_is_full (self) && !is_streamed (self));
  int32_t row = self->rows;
  add_samples (self, clean, label, -1);
  if (perturbed != NULL)
    add_samples (self, perturbed, label, row);
  self->n_windows++;
}

static void
add_segment (
    MxBatch *self, const MxSegment *segment, int32_t label, int32_t partner)
{
  const MxDescription *description = self->description;
  memcpy (self->frames[self->rows], segment->frames,
      self->n_frames * description->frontend.features * sizeof (float));
  self->last[self->rows] = segment->window + description->frames - 1;
  end_row (self, label, partner);
}

void
mx_batch_add_segments (MxBatch *self, const MxSegment *clean,
    const MxSegment *perturbed, int32_t label)
{
  g_return_if_fail (!mx_batch_is_full (self) && is_streamed (self));
  int32_t row = self->rows;
  add_segment (self, clean, label, -1);
  if (perturbed != NULL)
    add_segment (self, perturbed, label, row);
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

const size_t *
mx_batch_get_last (const MxBatch *self)
{
  return self->last;
}

typedef struct {
  MxBatch *self;
  MxTensor *input;
} Inputs;

static void
compute_window (void *data, size_t row)
{
  const Inputs *inputs = data;
  MxBatch *self = inputs->self;
  const MxDescription *description = self->description;
  size_t consumed;
  mx_frontend_reset (self->frontends[row]);
  mx_frontend_process (self->frontends[row],
      self->samples + row * window_floats (self), description->window,
      self->frames[row], self->n_frames, &consumed);
  mx_frontend_flush (self->frontends[row]);
  mx_frontend_normalise (&description->frontend, self->frames[row],
      self->n_frames, mx_tensor_row (inputs->input, row));
}

static void
copy_segment (void *data, size_t row)
{
  const Inputs *inputs = data;
  const MxBatch *self = inputs->self;
  size_t features = self->description->frontend.features;
  memcpy (mx_tensor_row (inputs->input, row), self->frames[row],
      self->n_frames * features * sizeof (float));
}

void
mx_batch_compute_inputs (MxBatch *self, MxTensor *input, MxParallel *parallel)
{
  Inputs inputs = {self, input};
  mx_parallel_run (parallel, self->rows,
      is_streamed (self) ? copy_segment : compute_window, &inputs);
}
