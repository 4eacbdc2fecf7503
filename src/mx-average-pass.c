/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-average-pass.h"

#include <string.h>

struct _MxAveragePass {
  const MxProgram *program; /* of the pass */
  MxPass *pass;
  MxParallel *parallel; /* borrowed */
  float *prepared;
  size_t *prepared_offset;
  float **logits;   /* [stages] -> [rows][classes] */
  size_t *teachers; /* [rows]: the rows that are computed */
  size_t *last;     /* [rows]: of these */
};

MxAveragePass *
mx_average_pass_new (MxProgram *program, size_t rows, MxParallel *parallel)
{
  MxAveragePass *self = g_new0 (MxAveragePass, 1);
  size_t size;

  self->program = program;
  self->parallel = parallel;
  self->pass = mx_pass_new_for_windows (program, rows, parallel);
  self->prepared_offset = mx_pass_prepared_layout (program, false, &size);
  self->prepared = g_aligned_alloc0 (size + 1, sizeof (float), 64);
  self->logits = g_new (float *, program->n_stages);
  for (size_t s = 0; s < program->n_stages; s++)
    self->logits[s] = g_new (float, rows * program->classes);
  self->teachers = g_new (size_t, rows);
  self->last = g_new (size_t, rows);
  return self;
}

void
mx_average_pass_free (MxAveragePass *self)
{
  if (self == NULL)
    return;
  for (size_t s = 0; s < self->program->n_stages; s++)
    g_free (self->logits[s]);
  g_free (self->logits);
  g_free (self->teachers);
  g_free (self->last);
  g_free (self->prepared_offset);
  g_aligned_free (self->prepared);
  mx_pass_free (self->pass);
  g_free (self);
}

/* Each row has one copy at most. */
static size_t
list_teachers (MxAveragePass *self, const int32_t *partner, size_t rows)
{
  size_t n = 0;

  for (size_t r = 0; r < rows; r++) {
    if (partner[r] >= 0)
      self->teachers[n++] = (size_t)partner[r];
  }
  return n;
}

const float *const *
mx_average_pass_run (MxAveragePass *self, float *weights, const MxTensor *input,
    const size_t *last, const int32_t *partner)
{
  const MxProgram *program = self->program;
  size_t n = list_teachers (self, partner, input->rows);
  size_t floats = input->time * input->channels;
  MxTensor rows = mx_pass_begin (self->pass, n);

  mx_pass_set_weights (
      self->pass, weights, self->prepared, self->prepared_offset);
  mx_pass_prepare (program, false, weights, self->prepared,
      self->prepared_offset, self->parallel);
  mx_pass_set_windows (self->pass, last != NULL ? self->last : NULL);
  for (size_t i = 0; i < n; i++) {
    memcpy (mx_tensor_row (&rows, i), mx_tensor_row (input, self->teachers[i]),
        floats * sizeof (float));
    if (last != NULL)
      self->last[i] = last[self->teachers[i]];
  }
  if (n > 0)
    mx_pass_run (self->pass, self->teachers, self->logits);
  return (const float *const *)self->logits;
}
