/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-share.h"

#include "mx-group.h"
#include "mx-rng.h"

#include <string.h>

enum { ROWS, LABELLED, LABELLED_PERTURBED, PAIRS, CLASSES };

struct _MxShare {
  MxGroup *group;
  size_t classes;
  double *sums; /* [CLASSES + classes] */
};

MxShare *
mx_share_new (MxGroup *group, size_t classes)
{
  MxShare *self = g_new (MxShare, 1);

  self->group = group;
  self->classes = classes;
  self->sums = g_new (double, CLASSES + classes);
  return self;
}

void
mx_share_free (MxShare *self)
{
  g_free (self->sums);
  g_free (self);
}

static void
count_rows (MxShare *self, const MxObjectiveBatch *batch)
{
  MxObjectiveCounts counts = mx_objective_count (batch);

  memset (self->sums, 0, (CLASSES + self->classes) * sizeof *self->sums);
  self->sums[ROWS] = (double)batch->rows;
  self->sums[LABELLED] = (double)counts.labelled;
  self->sums[LABELLED_PERTURBED] = (double)counts.labelled_perturbed;
  self->sums[PAIRS] = (double)counts.pairs;
  for (size_t r = 0; r < batch->rows; r++)
    if (batch->partner[r] < 0 && batch->label[r] >= 0)
      self->sums[CLASSES + batch->label[r]]++;
}

MxWhole
mx_share_count (MxShare *self, const MxBatch *batch, MxClassBalance *balance)
{
  const MxObjectiveBatch rows = {.rows = mx_batch_get_rows (batch),
      .label = mx_batch_get_labels (batch),
      .partner = mx_batch_get_partners (batch)};
  const double *sums = self->sums;

  count_rows (self, &rows);
  mx_group_sum (self->group, self->sums, CLASSES + self->classes);
  for (size_t k = 0; k < self->classes && balance != NULL; k++)
    mx_class_balance_count (balance, k, (uint64_t)sums[CLASSES + k]);
  return (MxWhole){(size_t)sums[ROWS],
      {(size_t)sums[LABELLED], (size_t)sums[LABELLED_PERTURBED],
          (size_t)sums[PAIRS]}};
}

void
mx_share_add_up (MxShare *self, MxLoss *loss, size_t *labelled, size_t *correct)
{
  double *fields[] = {&loss->total, &loss->clean, &loss->perturbed,
      &loss->distillation, &loss->consistency, &loss->confident};
  double sums[G_N_ELEMENTS (fields) + 1 + MX_MAX_EXITS];
  size_t n = 0;

  if (self->group == NULL)
    return;
  for (size_t i = 0; i < G_N_ELEMENTS (fields); i++)
    sums[n++] = *fields[i];
  sums[n++] = (double)*labelled;
  for (size_t e = 0; e < MX_MAX_EXITS; e++)
    sums[n++] = (double)correct[e];
  mx_group_sum (self->group, sums, n);
  n = 0;
  for (size_t i = 0; i < G_N_ELEMENTS (fields); i++)
    *fields[i] = sums[n++];
  *labelled = (size_t)sums[n++];
  for (size_t e = 0; e < MX_MAX_EXITS; e++)
    correct[e] = (size_t)sums[n++];
}

void
mx_share_add_gradients (MxShare *self, float *gradients, size_t n)
{
  mx_group_sum_floats (self->group, gradients, n);
}

uint64_t
mx_share_chance (const MxShare *self, uint64_t step)
{
  size_t rank = mx_group_get_rank (self->group);

  return rank > 0 ? mx_rng_stream (rank, step) : step;
}
