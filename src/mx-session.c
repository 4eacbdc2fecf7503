/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-session.h"

#include "mx-pass.h"

#include <math.h>
#include <string.h>

/* Samples are counted from the last reset.  Window k starts at k hop; its
 * frames stand in `frames` from the first one on, and what two windows share
 * is moved down, so that a window always lies in one piece. */
struct _MxSession {
  MxNetwork *network;
  MxFrontend *frontend;
  MxPass *pass;
  MxPolicy policy;
  size_t hop; /* samples */

  uint64_t start;       /* of the present window */
  uint64_t position;    /* samples heard */
  uint64_t finite_from; /* behind the last sample that was not finite */

  float *frames;     /* [description->frames + 1][features] */
  size_t n_frames;   /* of the present window so far */
  size_t n_unwanted; /* frames to come before it */

  /* Everything heard, as long as it is less than a window: drain() needs it. */
  float *recording;     /* [description->window][channels] */
  float *probabilities; /* [classes] */

  MxClockFunc clock;
  void *clock_data;
  uint64_t due;   /* by the clock, 0: when a window is complete */
  unsigned limit; /* 0: none */
  MxTimings timings;
};

MxSession *
mx_session_new (MxNetwork *network)
{
  const MxDescription *description = network->description;
  MxSession *self = g_new0 (MxSession, 1);

  self->network = mx_network_ref (network);
  self->frontend = mx_frontend_new (&description->frontend);
  self->pass = mx_pass_new (network->program, 1, false, NULL);
  mx_pass_set_weights (self->pass, network->program_weights, network->prepared,
      network->prepared_offset);
  mx_policy_init (&self->policy);
  self->frames =
      g_new (float, (description->frames + 1) * description->frontend.features);
  self->recording = g_new (float, description->window * description->channels);
  self->probabilities = g_new0 (float, network->program->classes);
  mx_session_set_hop (self, 0);
  return self;
}

void
mx_session_free (MxSession *self)
{
  if (!self)
    return;
  mx_pass_free (self->pass);
  mx_frontend_free (self->frontend);
  mx_network_unref (self->network);
  g_free (self->frames);
  g_free (self->recording);
  g_free (self->probabilities);
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
  self->policy = *policy;
}

void
mx_session_set_clock (MxSession *self, MxClockFunc func, void *user_data)
{
  self->clock = func;
  self->clock_data = user_data;
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
  return self->policy.threshold[0];
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

/* What no answer can be given for must not look like one. */
static void
prefer_no_label (MxSession *self)
{
  size_t classes = self->network->program->classes;

  for (size_t i = 0; i < classes; i++)
    self->probabilities[i] = 1.f / classes;
}

/* Returns whether the network did not overflow. */
static bool
compute_probabilities (MxSession *self, const float *logits)
{
  size_t classes = self->network->program->classes;
  bool finite = true;

  for (size_t i = 0; i < classes; i++)
    finite = finite && isfinite (logits[i]);
  if (finite)
    mx_softmax (logits, classes, 1, self->probabilities);
  else
    prefer_no_label (self);
  return finite;
}

/* Stage by stage, until the policy says stop: what is behind is not computed.
 * Returns the exit that answered. */
static unsigned
climb (MxSession *self, bool *finite)
{
  const MxDescription *description = self->network->description;
  const MxProgram *program = self->network->program;
  MxTensor input = mx_pass_begin (self->pass, 1);
  MxPolicyState state = {0};
  unsigned exit = 0;
  bool stop;

  mx_frontend_flush (self->frontend);
  mx_frontend_normalise (
      &description->frontend, self->frames, description->frames, input.data);
  do {
    MxTensor logits = mx_pass_run_stage (self->pass, exit++);

    *finite = compute_probabilities (self, logits.data);
    stop = exit == program->n_stages ||
           mx_policy_stops (&self->policy, &state, exit, program->n_stages,
               self->probabilities, program->classes);
  } while (!stop);
  return exit;
}

static void
answer (MxSession *self, size_t length, MxResult *result)
{
  const MxProgram *program = self->network->program;
  bool finite;
  unsigned exit = climb (self, &finite);
  size_t label;

  finite = finite && self->finite_from <= self->start;
  if (!finite)
    prefer_no_label (self);
  label = mx_argmax (self->probabilities, program->classes);
  *result = (MxResult){
      .start = self->start,
      .length = length,
      .exit = exit,
      .exits = program->n_stages,
      .label = label,
      .confidence = self->probabilities[label],
      .entropy = mx_entropy (self->probabilities, program->classes),
      .probabilities = self->probabilities,
      .macs = mx_program_macs_to (program, exit),
      .macs_full = program->macs,
      .finite = finite,
  };
}

size_t
mx_session_push (MxSession *self, const float *samples, size_t n,
    MxResult *result, bool *answered)
{
  const size_t window = self->network->description->window;
  const uint64_t missing = self->start + window - self->position;

  n = MIN (n, missing);
  remember_samples (self, samples, n);
  compute_frames (self, samples, n);
  self->position += n;

  *answered = n == missing;
  if (*answered) {
    answer (self, window, result);
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
    centre_recording (self, self->position);
    mx_frontend_reset (self->frontend);
    self->n_frames = 0;
    compute_frames (self, self->recording, window);
    answer (self, self->position, result);
  }
  mx_session_reset (self);
  return is_short;
}
