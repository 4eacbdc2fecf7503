/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-session.h"

#include "mx-climb.h"

#include <math.h>
#include <string.h>

/* Samples are counted from the last reset.  Window k starts at k hop; its
 * frames stand in `frames` from the first one on, and what two windows share
 * is moved down, so that a window always lies in one piece. */
struct _MxSession {
  MxNetwork *network;
  MxFrontend *frontend;
  MxClimb *climb;
  size_t hop; /* samples */

  uint64_t start;       /* of the present window */
  uint64_t position;    /* samples heard */
  uint64_t finite_from; /* behind the last sample that was not finite */

  float *frames;     /* [description->frames + 1][features] */
  size_t n_frames;   /* of the present window so far */
  size_t n_unwanted; /* frames to come before it */

  /* Everything heard, as long as it is less than a window: drain() needs it. */
  float *recording; /* [description->window][channels] */

  MxWatch watch;
  MxTimings timings;
  uint64_t due;   /* by the clock, 0: when a window is complete */
  unsigned limit; /* 0: none */
};

MxSession *
mx_session_new (MxNetwork *network)
{
  const MxDescription *description = network->description;
  MxSession *self = g_new0 (MxSession, 1);

  self->network = mx_network_ref (network);
  self->frontend = mx_frontend_new (&description->frontend);
  mx_watch_init (&self->watch, NULL, NULL);
  self->climb = mx_climb_new (network, &self->watch, &self->timings);
  self->frames =
      g_new (float, (description->frames + 1) * description->frontend.features);
  self->recording = g_new (float, description->window * description->channels);
  mx_session_set_hop (self, 0);
  return self;
}

void
mx_session_free (MxSession *self)
{
  if (!self)
    return;
  mx_climb_free (self->climb);
  mx_frontend_free (self->frontend);
  mx_network_unref (self->network);
  g_free (self->frames);
  g_free (self->recording);
  g_free (self);
}

MxNetwork *
mx_session_get_network (const MxSession *self)
{
  return self->network;
}

void
mx_session_set_policy (MxSession *self, const MxPolicy *policy)
{
  mx_climb_set_policy (self->climb, policy);
}

void
mx_session_set_clock (MxSession *self, MxClockFunc func, void *user_data)
{
  mx_watch_init (&self->watch, func, user_data);
}

void
mx_session_set_due (MxSession *self, uint64_t due)
{
  self->due = due;
}

void
mx_session_set_limit (MxSession *self, unsigned exit)
{
  self->limit = exit;
}

void
mx_session_get_timings (const MxSession *self, MxTimings *timings)
{
  *timings = self->timings;
}

float
mx_session_get_threshold (const MxSession *self)
{
  return mx_climb_get_threshold (self->climb);
}

void
mx_session_set_hop (MxSession *self, size_t hop)
{
  const MxDescription *description = self->network->description;
  size_t step = mx_frontend_config_hop (&description->frontend);
  size_t steps;

  if (hop == 0)
    hop = description->hop;
  steps = hop / step + (hop % step != 0);
  /* Far beyond any stream, and no sum of it overflows. */
  self->hop = MIN (steps, SIZE_MAX / 4 / step) * step;
  mx_session_reset (self);
}

size_t
mx_session_get_hop (const MxSession *self)
{
  return self->hop;
}

void
mx_session_reset (MxSession *self)
{
  mx_frontend_reset (self->frontend);
  mx_climb_reset (self->climb);
  self->start = 0;
  self->position = 0;
  self->finite_from = 0;
  self->n_frames = 0;
  self->n_unwanted = 0;
}

/* --- samples to frames --- */

static void
remember_samples (MxSession *self, const float *samples, size_t n)
{
  const MxDescription *description = self->network->description;
  size_t channels = description->channels;

  for (size_t i = n * channels; i > 0; i--) {
    if (!isfinite (samples[i - 1])) {
      self->finite_from = self->position + (i - 1) / channels + 1;
      break;
    }
  }
  if (self->position < description->window) {
    memcpy (self->recording + self->position * channels, samples,
        n * channels * sizeof *samples);
  }
}

/* Samples up to the end of the present window at most. */
static void
compute_frames (MxSession *self, const float *samples, size_t n)
{
  const MxDescription *description = self->network->description;
  size_t features = description->frontend.features, used;

  while (n > 0) {
    if (self->n_unwanted > 0) {
      self->n_unwanted -= mx_frontend_process (
          self->frontend, samples, n, NULL, self->n_unwanted, &used);
    } else {
      /* One more than the window has: what is left of it behind its last frame
       * completes no other, but must be heard. */
      self->n_frames += mx_frontend_process (self->frontend, samples, n,
          self->frames + self->n_frames * features,
          description->frames + 1 - self->n_frames, &used);
    }
    samples += used * description->channels;
    n -= used;
  }
}

static void
go_to_next_window (MxSession *self)
{
  const MxDescription *description = self->network->description;
  size_t features = description->frontend.features;
  size_t steps = self->hop / mx_frontend_config_hop (&description->frontend);
  size_t gone = MIN (steps, self->n_frames);

  self->start += self->hop;
  self->n_unwanted = steps - gone;
  self->n_frames -= gone;
  memmove (self->frames, self->frames + gone * features,
      self->n_frames * features * sizeof *self->frames);
}

/* --- frames to an answer --- */

/* @begun: when its last samples came. */
static void
answer (MxSession *self, size_t length, uint64_t begun, MxResult *result)
{
  const MxProgram *program = self->network->program;
  const float *probabilities = mx_climb_get_probabilities (self->climb);
  MxOutcome outcome;
  size_t label;

  mx_frontend_flush (self->frontend);
  outcome =
      mx_climb_run (self->climb, self->frames, self->finite_from <= self->start,
          self->due > 0 ? self->due : begun, self->limit);
  label = mx_argmax (probabilities, program->classes);

  *result = (MxResult){
      .start = self->start,
      .length = length,
      .exit = outcome.exit,
      .exits = program->n_stages,
      .label = label,
      .confidence = probabilities[label],
      .entropy = mx_entropy (probabilities, program->classes),
      .probabilities = probabilities,
      .macs = outcome.skipped ? 0 : mx_program_macs_to (program, outcome.exit),
      .macs_full = program->macs,
      .finite = outcome.finite,
      .skipped = outcome.skipped,
      .limited = outcome.limited,
      .allowed = outcome.allowed,
  };
}

size_t
mx_session_push (MxSession *self, const float *samples, size_t n,
    MxResult *result, bool *answered)
{
  const size_t window = self->network->description->window;
  const uint64_t missing = self->start + window - self->position;
  const uint64_t begun = mx_watch_start (&self->watch);

  n = MIN (n, missing);
  remember_samples (self, samples, n);
  compute_frames (self, samples, n);
  self->position += n;
  self->timings.frontend_ns += mx_watch_lap (&self->watch);

  *answered = n == missing;
  if (*answered) {
    answer (self, window, begun, result);
    go_to_next_window (self);
  }
  return n;
}

/* The recording in the middle of its array, zeros around it. */
static void
centre_recording (MxSession *self, size_t length)
{
  const MxDescription *description = self->network->description;
  size_t channels = description->channels;
  size_t left = (description->window - length) / 2 * channels;
  size_t n = length * channels;

  memmove (self->recording + left, self->recording, n * sizeof (float));
  memset (self->recording, 0, left * sizeof (float));
  memset (self->recording + left + n, 0,
      (description->window * channels - left - n) * sizeof (float));
}

bool
mx_session_drain (MxSession *self, MxResult *result)
{
  const size_t window = self->network->description->window;
  const bool is_short = self->position > 0 && self->position < window;

  if (is_short) {
    uint64_t begun = mx_watch_start (&self->watch);

    centre_recording (self, self->position);
    mx_frontend_reset (self->frontend);
    self->n_frames = 0;
    compute_frames (self, self->recording, window);
    answer (self, self->position, begun, result);
  }
  mx_session_reset (self);
  return is_short;
}
