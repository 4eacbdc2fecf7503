/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-stream.h"

#include "mx-costs.h"
#include "mx-frontend.h"
#include "mx-grid.h"
#include "mx-pass.h"
#include "mx-track.h"

#include <string.h>

struct _MxStream {
  const MxNetwork *network;
  const MxProgram *program; /* the network's */
  MxFrontend *frontend;
  MxPass *pass; /* of all that is windowed */
  size_t hop;

  int64_t last;    /* frame of the present window */
  MxTrack *tracks; /* [n_values]; no data where windowed */
  float *memory;   /* of all tracks */
  MxSpan *needed;  /* [n_values], by the present window */
  MxSpan *part;    /* [n_values], of it while a stage catches up */

  /* The last frame of the window up to which each stage has come. */
  int64_t advanced[MX_MAX_EXITS];
  int64_t normalised; /* frames of the input */

  MxCosts costs;
  bool aside; /* what is computed is not paid */
  MxObserver observer;
};

/* Without streamed stages too, the input: as it comes from the front end,
 * because it is normalised for each window. */
static void
allocate_tracks (MxStream *self)
{
  const MxProgram *program = self->program;
  g_autofree MxTensor *tensors = g_new0 (MxTensor, program->n_values);

  self->tracks = g_new0 (MxTrack, program->n_values);
  for (size_t v = 0; v < program->n_values; v++) {
    MxTrack *track = &self->tracks[v];

    if (v > 0 && program->values[v].step == 0)
      continue;
    track->channels = tensors[v].channels = program->values[v].shape.channels;
    track->room = tensors[v].time = program->values[v].kept;
  }
  self->memory = mx_tensors_allocate (tensors, program->n_values, 1);
  for (size_t v = 0; v < program->n_values; v++)
    self->tracks[v].data = tensors[v].data;
}

MxStream *
mx_stream_new (const MxNetwork *network)
{
  const MxDescription *description = network->description;
  MxStream *self = g_new0 (MxStream, 1);

  self->network = network;
  self->program = network->program;
  self->frontend = mx_frontend_new (&description->frontend);
  self->pass = mx_pass_new (network->program, 1, false, NULL);
  mx_pass_set_weights (self->pass, network->program_weights, network->prepared,
      network->prepared_offset);
  allocate_tracks (self);
  self->needed = g_new0 (MxSpan, self->program->n_values);
  self->part = g_new0 (MxSpan, self->program->n_values);
  mx_costs_init (&self->costs, self->program);
  mx_stream_set_hop (
      self, description->hop / mx_frontend_config_hop (&description->frontend));
  return self;
}

void
mx_stream_free (MxStream *self)
{
  mx_frontend_free (self->frontend);
  mx_pass_free (self->pass);
  g_free (self->tracks);
  g_aligned_free (self->memory);
  g_free (self->needed);
  g_free (self->part);
  mx_costs_clear (&self->costs);
  g_free (self);
}

void
mx_stream_set_hop (MxStream *self, size_t hop)
{
  self->hop = hop;
  mx_stream_reset (self);
}

void
mx_stream_reset (MxStream *self)
{
  const MxProgram *program = self->program;

  mx_frontend_reset (self->frontend);
  for (size_t v = 0; v < program->n_values; v++) {
    MxTrack *track = &self->tracks[v];
    size_t zeros =
        program->values[v].step > 0 ? program->values[v].pad_left : 0;

    track->first = -(int64_t)zeros;
    track->end = 0;
    memset (track->data, 0, zeros * track->channels * sizeof (float));
  }
  mx_costs_reset (&self->costs);
  /* A window that needs nothing of the stream. */
  for (size_t s = 0; s < program->n_stages; s++)
    self->advanced[s] = -(int64_t)program->span;
  self->normalised = 0;
  self->last = (int64_t)program->values[0].shape.time - 1;
  mx_grid_spans (program, self->last, self->needed);
}

void
mx_stream_next (MxStream *self)
{
  self->last += (int64_t)self->hop;
  mx_grid_spans (self->program, self->last, self->needed);
}

void
mx_stream_set_observer (MxStream *self, const MxObserver *observer)
{
  self->observer = *observer;
}

/* ------------------------------------------------------------ tracks */

/* The next frame to be computed, if `end` comes behind it. */
static int64_t
next_frame (const MxStream *self, size_t value)
{
  int64_t next = MAX (self->tracks[value].end, self->needed[value].first);

  return MAX (next, 0);
}

/* The first frame that will be read again. */
static int64_t
first_wanted (const MxStream *self, size_t value)
{
  const MxProgram *program = self->program;
  int64_t first = value > 0
                      ? INT64_MAX
                      : self->last + 1 - (int64_t)program->values[0].shape.time;

  for (size_t i = value; i < program->n_layers; i++) {
    const MxLayer *layer = program->layers[i];

    if (!layer->streamed && !mx_program_cuts (program, i))
      continue;
    if (layer->inputs[0] == (int)value)
      first = MIN (first,
          (int64_t)layer->stride * next_frame (self, i + 1) - layer->back);
    if (layer->inputs[1] == (int)value)
      first = MIN (first, next_frame (self, i + 1));
  }
  return first;
}

/* Room for `n` frames behind the last. */
static void
make_room (MxStream *self, size_t value, size_t n)
{
  MxTrack *track = &self->tracks[value];
  int64_t first;

  if ((size_t)(track->end - track->first) + n <= track->room)
    return;
  first = CLAMP (first_wanted (self, value), track->first, track->end);
  memmove (track->data, mx_track_frame (track, first),
      (size_t)(track->end - first) * track->channels * sizeof (float));
  track->first = first;
  g_assert ((size_t)(track->end - first) + n <= track->room);
}

static void
view (const MxStream *self, size_t value, int64_t first, size_t frames,
    MxTensor *tensor)
{
  const MxTrack *track = &self->tracks[value];

  tensor->data = mx_track_frame (track, first);
  tensor->rows = 1;
  tensor->time = frames;
  tensor->channels = track->channels;
  tensor->row_stride = frames * track->channels;
  tensor->pad_left = tensor->pad_right = 0;
}

/* The network's input. */
static MxTensor
window_of (const MxStream *self)
{
  const size_t window = self->program->values[0].shape.time;
  MxTensor input;

  if (self->program->n_streamed == 0)
    return *mx_pass_get_value (self->pass, 0);
  view (self, 0, self->last + 1 - (int64_t)window, window, &input);
  return input;
}

/* ----------------------------------------------------------- hearing */

void
mx_stream_hear (MxStream *self, const float *samples, size_t n)
{
  const size_t channels = self->network->description->channels;
  MxTrack *input = &self->tracks[0];

  while (n > 0) {
    int64_t unwanted = self->needed[0].first - input->end;
    size_t used, room;

    if (unwanted > 0) {
      mx_track_skip (
          input, input->end + (int64_t)mx_frontend_process (self->frontend,
                                  samples, n, NULL, (size_t)unwanted, &used));
    } else {
      /* Until it is flushed the front end writes where the frames were. */
      if ((size_t)(input->end - input->first) == input->room) {
        mx_frontend_flush (self->frontend);
        make_room (self, 0, 1);
      }
      room = input->room - (size_t)(input->end - input->first);
      input->end += (int64_t)mx_frontend_process (self->frontend, samples, n,
          mx_track_frame (input, input->end), room, &used);
    }
    samples += used * channels;
    n -= used;
  }
}

/* Alone, a window is normalised as a whole; else each frame, once. */
static void
normalise (MxStream *self)
{
  const MxFrontendConfig *config = &self->network->description->frontend;
  const size_t window = self->program->values[0].shape.time;
  MxTensor alone = mx_pass_begin (self->pass, 1);
  MxTrack *input = &self->tracks[0];
  int64_t first = MAX (self->normalised, MAX (input->first, 0));
  float *x;

  mx_frontend_flush (self->frontend);
  if (self->program->n_streamed == 0) {
    mx_frontend_normalise (config,
        mx_track_frame (input, self->last + 1 - (int64_t)window), window,
        alone.data);
    return;
  }
  x = mx_track_frame (input, first);
  mx_frontend_normalise (config, x, (size_t)(input->end - first), x);
  self->normalised = input->end;
}

void
mx_stream_begin (MxStream *self)
{
  MxTensor input;

  normalise (self);
  mx_costs_begin (&self->costs, self->needed);
  input = window_of (self);
  mx_observer_tell (&self->observer, 0, &input);
}

/* ---------------------------------------------------- what is asked */

const float *
mx_stream_get_input (const MxStream *self)
{
  return window_of (self).data;
}

size_t
mx_stream_get_input_size (const MxStream *self)
{
  const MxShape *shape = &self->program->values[0].shape;

  return (shape->time + self->program->look_ahead) * shape->channels;
}

uint64_t
mx_stream_get_macs_to (const MxStream *self, size_t exit)
{
  return self->costs.macs[exit - 1];
}

uint64_t
mx_stream_get_macs (const MxStream *self)
{
  return self->costs.executed;
}

uint64_t
mx_stream_get_macs_full (const MxStream *self)
{
  return self->costs.macs_full[self->program->n_stages - 1];
}

const uint64_t *
mx_stream_get_exit_macs (const MxStream *self)
{
  return self->costs.macs_full;
}

uint64_t
mx_stream_get_macs_per_hop (const MxStream *self, size_t exit)
{
  return mx_grid_macs_per_hop (self->program, exit, self->hop);
}

/* ------------------------------------------------------------ stages */

/* The frames of a streamed layer that are missing before `end`. */
static void
run_streamed (MxStream *self, size_t index, int64_t end)
{
  const MxLayer *layer = self->program->layers[index];
  const size_t y = index + 1;
  const int64_t first = next_frame (self, y);
  MxLayerRun run;
  size_t n;

  if (!self->aside)
    mx_costs_pay_frames (&self->costs, index, self->needed, end);
  if (first >= end)
    return;
  n = (size_t)(end - first);
  mx_track_skip (&self->tracks[y], first);
  make_room (self, y, n);
  mx_pass_layer_run (self->pass, index, &run);
  view (self, (size_t)layer->inputs[0], first * (int64_t)layer->stride, n,
      &run.x);
  if (layer->inputs[1] >= 0)
    view (self, (size_t)layer->inputs[1], first, n, &run.x2);
  view (self, y, first, n, &run.y);
  layer->kind->forward (layer, &run);
  mx_observer_tell (&self->observer, y, &run.y);
  self->tracks[y].end = end;
}

/* How far a stage has come that matters. */
static int64_t
position (const MxStream *self, size_t index)
{
  return MAX (self->advanced[index], self->last - (int64_t)self->program->span);
}

/* To the window whose last frame is `end`, by its frames at most at a time. */
static void
advance (MxStream *self, size_t index, int64_t end)
{
  const MxProgram *program = self->program;
  const MxStage *stage = &program->stages[index];
  int64_t at = position (self, index);

  while (at < end) {
    const MxSpan *spans = self->needed;

    at = MIN (at + (int64_t)program->values[0].shape.time, end);
    if (at < self->last) {
      mx_grid_spans (program, at, self->part);
      spans = self->part;
    }
    for (size_t i = stage->first; i < stage->exit_first; i++)
      run_streamed (self, i, spans[i + 1].end);
  }
  self->advanced[index] = at;
}

/* A cut out of a stream is a view of it, unless readers want zeros around. */
static void
run_windowed (MxStream *self, size_t index)
{
  const MxLayer *layer = self->program->layers[index];
  const MxValue *value = &self->program->values[index + 1];
  const bool cuts = mx_program_cuts (self->program, index);
  MxLayerRun run;

  mx_pass_layer_run (self->pass, index, &run);
  if (cuts)
    view (self, (size_t)layer->inputs[0], self->needed[index + 1].first,
        run.y.time, &run.x);
  if (cuts && value->pad_left + value->pad_right == 0)
    mx_pass_set_value (self->pass, index + 1, &run.x);
  else
    layer->kind->forward (layer, &run);
  mx_observer_tell (
      &self->observer, index + 1, mx_pass_get_value (self->pass, index + 1));
  if (!self->aside)
    mx_costs_pay_windowed (&self->costs, index);
}

const float *
mx_stream_run_stage (MxStream *self, size_t index)
{
  const MxStage *stage = &self->program->stages[index];
  const bool streamed = index < self->program->n_streamed;

  if (streamed)
    advance (self, index, self->last);
  for (size_t i = streamed ? stage->exit_first : stage->first; i < stage->end;
       i++)
    run_windowed (self, i);
  return mx_pass_get_value (self->pass, stage->logits)->data;
}

const float *
mx_stream_run_aside (MxStream *self, size_t index)
{
  const float *logits;

  self->aside = true;
  logits = mx_stream_run_stage (self, index);
  self->aside = false;
  return logits;
}

void
mx_stream_catch_up (MxStream *self, size_t stage, size_t hops)
{
  int64_t behind = self->last - position (self, stage);

  g_return_if_fail (stage < self->program->n_streamed);

  if (hops < (size_t)behind / self->hop)
    behind = (int64_t)(hops * self->hop);
  advance (self, stage, position (self, stage) + behind);
}
