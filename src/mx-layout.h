/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A network's layers laid out in the order they run: no nesting, every value
 * numbered, every shape known.  Immutable once made, reference-counted.
 *
 * Value 0 is the input, value i + 1 what layer i writes.  A stage is a run of
 * layers followed by the layers of its exit:
 *
 *   stage s:  layers [first, exit_first)  body, ends in value `output`
 *             layers [exit_first, end)    exit, ends in the logits
 *
 * The bodies of the first n_streamed stages are streamed: functions of the
 * stream, each frame computed once (mx-grid.h).  All else is windowed, computed
 * for each window anew.  Where a window is cut out of a stream, before the exit
 * of a streamed stage and in front of the first windowed one, stands a layer
 * that cuts (mx-layer-slice.h). */
#pragma once

#include "mx-layer.h"

typedef struct {
  size_t first, exit_first, end;
  size_t output;     /* value the next stage reads */
  size_t logits;     /* value [1][classes] */
  uint64_t macs;     /* of the body and the exit, for the frames of a window */
  size_t look_ahead; /* frames of the input behind a window, for its exit */
} MxStage;

/* A value: its shape, and the zero frames its readers want around it.
 *
 * Of a streamed value the shape holds the frames that begin within a window;
 * step is not 0, and its frame n stands at frame step n of the input and comes
 * from [step n - back, step n + ahead] of it. */
typedef struct {
  MxShape shape;
  size_t pad_left, pad_right;
  size_t gradient_pad_left, gradient_pad_right;
  size_t step; /* 0: windowed */
  ptrdiff_t back, ahead;
  size_t kept; /* frames a stream has to have room for */
} MxValue;

typedef struct {
  size_t n_layers, n_stages, n_values;
  size_t n_streamed; /* stages */
  MxLayer **layers;
  MxStage *stages;
  MxValue *values;
  size_t classes;
  size_t n_weights;   /* floats of the flat block */
  size_t n_trainable; /* the first so many; the rest are statistics */
  bool quantised;     /* some layer is: it cannot be trained */
  uint64_t macs;      /* of all stages and exits, for a window by itself */
  size_t look_ahead;  /* the longest of the exits */
  /* How far before and behind a window frames of values stand that it may
   * depend on, in frames of the input. */
  size_t context, outlook;
  /* In frames of the input: windows so far apart, or so far before the stream,
   * need no frame of any value in common. */
  size_t span;
} MxProgram;

/* Of a layer of a streamed body, for one frame of its output. */
static inline uint64_t
mx_program_macs_per_frame (const MxProgram *self, size_t layer)
{
  return self->layers[layer]->macs / self->layers[layer]->out.time;
}

/* Whether the layer cuts a window out of a stream. */
static inline bool
mx_program_cuts (const MxProgram *self, size_t layer)
{
  return !self->layers[layer]->streamed &&
         self->values[self->layers[layer]->inputs[0]].step > 0;
}
