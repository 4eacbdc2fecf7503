/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-pending.h"

typedef struct {
  const MxLayer *layer;
  MxLayerRun run;
  MxRowsTask task;
} Step;

struct _MxPending {
  GArray *steps; /* of Step */
  size_t rows, piece;
};

/* So many pieces, or a multiple: as much work for each of several threads. */
#define EVEN 4

MxPending *
mx_pending_new (void)
{
  MxPending *self = g_new0 (MxPending, 1);

  self->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  return self;
}

void
mx_pending_free (MxPending *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->steps);
  g_free (self);
}

void
mx_pending_add (MxPending *self, const MxLayer *layer, const MxLayerRun *run,
    MxRowsTask task, size_t piece)
{
  const Step step = {layer, *run, task};

  self->rows = run->rows;
  self->piece = MAX (self->piece, piece);
  g_array_append_val (self->steps, step);
}

static void
run_piece (void *data, size_t index)
{
  const MxPending *self = data;
  const size_t first = index * self->piece;
  const size_t n = MIN (self->piece, self->rows - first);

  for (guint i = 0; i < self->steps->len; i++) {
    const Step *step = &g_array_index (self->steps, Step, i);

    step->task (step->layer, &step->run, first, n);
  }
}

/* At most `piece` rows. */
static void
even_pieces (MxPending *self)
{
  size_t pieces = (self->rows + self->piece - 1) / self->piece;

  pieces = (pieces + EVEN - 1) / EVEN * EVEN;
  self->piece = MAX (1, (self->rows + pieces - 1) / MAX (1, pieces));
}

void
mx_pending_settle (MxPending *self)
{
  if (self->steps->len == 0)
    return;
  even_pieces (self);
  mx_parallel_run (g_array_index (self->steps, Step, 0).run.parallel,
      (self->rows + self->piece - 1) / self->piece, run_piece, self);
  g_array_set_size (self->steps, 0);
  self->piece = 0;
}
