/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-grid.h"

#include <glib.h>

MxValue
mx_grid_place (const MxProgram *self, const MxLayer *layer)
{
  const MxValue *x = &self->values[layer->inputs[0]];
  const ptrdiff_t step = (ptrdiff_t)x->step;
  MxValue value = {.shape = layer->out};

  if (!layer->streamed)
    return value;
  value.step = x->step * layer->stride;
  value.back = x->back + step * layer->back;
  value.ahead = x->ahead + step * layer->ahead;
  if (layer->inputs[1] >= 0) {
    const MxValue *other = &self->values[layer->inputs[1]];

    value.back = MAX (value.back, other->back);
    value.ahead = MAX (value.ahead, other->ahead);
  }
  return value;
}

/* ------------------------------------------------------------- spans */

static int64_t
divide_down (int64_t a, int64_t b)
{
  return a / b - (a % b < 0);
}

static void
include (MxSpan *span, int64_t first, int64_t end)
{
  span->first = MIN (span->first, first);
  span->end = MAX (span->end, end);
}

void
mx_grid_spans (const MxProgram *self, int64_t last, MxSpan *spans)
{
  const int64_t window = (int64_t)self->values[0].shape.time;

  for (size_t v = 0; v < self->n_values; v++)
    if (self->values[v].step > 0)
      spans[v] = (MxSpan){INT64_MAX, INT64_MIN};
  spans[0] = (MxSpan){last + 1 - window, last + 1};

  for (size_t i = self->n_layers; i-- > 0;) {
    const MxLayer *layer = self->layers[i];
    const int64_t stride = (int64_t)layer->stride;
    MxSpan *y = &spans[i + 1];

    if (mx_program_cuts (self, i)) {
      y->end =
          1 + divide_down (last, (int64_t)self->values[layer->inputs[0]].step);
      y->first = y->end - (int64_t)layer->out.time;
    } else if (!layer->streamed) {
      continue;
    }
    include (&spans[layer->inputs[0]], stride * y->first - layer->back,
        stride * (y->end - 1) + layer->ahead + 1);
    if (layer->inputs[1] >= 0)
      include (&spans[layer->inputs[1]], y->first, y->end);
  }
}

uint64_t
mx_grid_macs_per_hop (const MxProgram *self, size_t exit, size_t hop)
{
  g_autofree MxSpan *spans = g_new0 (MxSpan, self->n_values);
  double streamed = 0;
  uint64_t windowed = 0;

  mx_grid_spans (self, 0, spans);
  for (size_t s = 0; s < exit && s < self->n_stages; s++) {
    for (size_t i = self->stages[s].first; i < self->stages[s].end; i++) {
      /* What windows far apart do not need is left out. */
      double needed = spans[i + 1].end - spans[i + 1].first;

      if (self->layers[i]->streamed)
        streamed += mx_program_macs_per_frame (self, i) *
                    MIN (needed, (double)hop / self->values[i + 1].step);
      else
        windowed += self->layers[i]->macs;
    }
  }
  return windowed + (uint64_t)(streamed + .5);
}

/* -------------------------------------------------------------- room */

/* What a window may need of a value, in frames of the input from its last one:
 * the first needed frame stands at `first` or behind; the last one between
 * last_low and last_high, depending on how the window lies on the grid. */
typedef struct {
  int64_t first, last_low, last_high;
} Need;

/* The reader's need, and of the frames it has computed the next one, moved by
 * what it reads of the value. */
static void
add_reader (Need *need, Need reader, int64_t back, int64_t ahead)
{
  need->first = MIN (need->first, reader.first - back);
  need->last_low = MAX (need->last_low, reader.last_low + ahead);
  need->last_high = MAX (need->last_high, reader.last_high + ahead);
}

static Need
need_of_cut (const MxProgram *self, size_t layer)
{
  const MxLayer *cut = self->layers[layer];
  int64_t step = (int64_t)self->values[cut->inputs[0]].step;

  return (Need){1 - (int64_t)cut->out.time * step, 1 - step, 0};
}

static void
find_needs (const MxProgram *self, Need *needs)
{
  const int64_t far = G_MAXINT64 / 4;

  for (size_t v = 0; v < self->n_values; v++)
    needs[v] = (Need){far, -far, -far};
  needs[0] = (Need){1 - (int64_t)self->values[0].shape.time, 0, 0};
  for (size_t i = self->n_layers; i-- > 0;) {
    const MxLayer *layer = self->layers[i];
    const int64_t step = (int64_t)self->values[layer->inputs[0]].step;

    if (mx_program_cuts (self, i))
      needs[i + 1] = need_of_cut (self, i);
    else if (!layer->streamed)
      continue;
    add_reader (&needs[layer->inputs[0]], needs[i + 1], step * layer->back,
        step * layer->ahead);
    if (layer->inputs[1] >= 0)
      add_reader (&needs[layer->inputs[1]], needs[i + 1], 0, 0);
  }
}

/* Room in `value` for what `reader` still has to read of it, and a window's
 * frames more.  @together: both belong to one stage, which moves on by at most
 * a window's frames at a time; else the reader may not have been run for long,
 * and all that a window may need waits for it.  If the next frame to be read
 * (strides may leave some out) is not there yet, it is the new ones that need
 * room. */
static void
make_room (MxProgram *self, const Need *needs, size_t value, size_t reader,
    bool together)
{
  const MxLayer *layer = self->layers[reader];
  const bool second = layer->inputs[0] != (int)value;
  MxValue *x = &self->values[value];
  const int64_t step = (int64_t)x->step;
  int64_t back = second ? 0 : step * layer->back;
  int64_t end = needs[value].last_high + (int64_t)self->values[0].shape.time;
  int64_t next = needs[reader + 1].first, room;

  if (together)
    next = needs[reader + 1].last_low + (int64_t)self->values[reader + 1].step;
  next = MIN (next, needs[value].last_low + step);
  room = MAX (end - next, 0) + MAX (back, 0);
  x->kept = MAX (x->kept, (size_t)(room / step + 2));
}

static void
make_all_room (MxProgram *self, const Need *needs)
{
  const size_t window = self->values[0].shape.time;

  self->values[0].kept =
      (size_t)(needs[0].last_high - needs[0].first) + 2 + window;
  for (size_t s = 0; s < self->n_stages; s++) {
    const MxStage *stage = &self->stages[s];

    for (size_t i = stage->first; i < stage->end; i++) {
      const MxLayer *layer = self->layers[i];

      if (!layer->streamed && !mx_program_cuts (self, i))
        continue;
      for (int k = 0; k < 2; k++)
        if (layer->inputs[k] > 0)
          make_room (self, needs, (size_t)layer->inputs[k], i,
              layer->streamed && (size_t)layer->inputs[k] > stage->first);
    }
  }
}

void
mx_grid_finish (MxProgram *self)
{
  g_autofree Need *needs = g_new (Need, self->n_values);
  const int64_t window = (int64_t)self->values[0].shape.time;
  int64_t context = 0, outlook = 0;
  ptrdiff_t ahead = 0;

  for (size_t s = 0; s < self->n_stages; s++) {
    MxStage *stage = &self->stages[s];

    if (s < self->n_streamed)
      ahead = MAX (self->values[stage->output].ahead, 0);
    stage->look_ahead = (size_t)ahead;
    self->look_ahead = MAX (self->look_ahead, stage->look_ahead);
  }
  find_needs (self, needs);
  make_all_room (self, needs);
  for (size_t v = 0; v < self->n_values; v++) {
    int64_t step = (int64_t)self->values[v].step;

    if (v > 0 && step == 0)
      continue;
    self->span = MAX (self->span,
        (size_t)(needs[v].last_high + MAX (step, 1) - MIN (needs[v].first, 0)));
    context = MAX (context, 1 - window - needs[v].first);
    outlook = MAX (outlook, needs[v].last_high);
  }
  self->context = (size_t)context;
  self->outlook = (size_t)outlook;
}
