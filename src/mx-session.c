/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-session.h"

#include "mx-climb.h"
#include "mx-level.h"

#include <math.h>
#include <string.h>

/* Samples are counted from the last reset.  Window k starts at k hop. */
struct _MxSession {
  MxNetwork *network;
  MxStream *stream;
  MxClimb *climb;
  size_t hop;     /* samples */
  size_t latency; /* samples */

  bool all_exits;

  uint64_t start;       /* of the present window */
  uint64_t position;    /* samples the stream has heard */
  uint64_t length;      /* of the recording: silence behind it does not count */
  uint64_t finite_from; /* behind the last sample that was not finite */
  MxLevel level;        /* since the last answer */

  /* Everything heard, as long as it is less than a window: drain() needs it.
   * Then the silence that drain() needs. */
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
  self->stream = mx_stream_new (network);
  self->latency = mx_description_get_latency (description);
  mx_watch_init (&self->watch, NULL, NULL);
  self->climb =
      mx_climb_new (network, self->stream, &self->watch, &self->timings);
  self->recording = g_new (float, description->window * description->channels);
  mx_level_init (&self->level, &description->frontend);
  mx_session_set_hop (self, 0);
  return self;
}

void
mx_session_free (MxSession *self)
{
  if (!self)
    return;
  mx_climb_free (self->climb);
  mx_stream_free (self->stream);
  mx_level_clear (&self->level);
  mx_network_unref (self->network);
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
mx_session_set_observer (MxSession *self, const MxObserver *observer)
{
  mx_stream_set_observer (self->stream, observer);
}

void
mx_session_set_all_exits (MxSession *self, bool all_exits)
{
  self->all_exits = all_exits;
  mx_climb_set_all_exits (self->climb, all_exits);
  mx_session_reset (self);
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
  steps = MIN (steps, SIZE_MAX / 4 / step);
  self->hop = steps * step;
  mx_stream_set_hop (self->stream, steps);
  mx_climb_set_hop (self->climb);
  mx_session_reset (self);
}

size_t
mx_session_get_hop (const MxSession *self)
{
  return self->hop;
}

size_t
mx_session_get_latency (const MxSession *self)
{
  return self->latency;
}

void
mx_session_reset (MxSession *self)
{
  mx_stream_reset (self->stream);
  mx_climb_reset (self->climb);
  self->start = 0;
  self->position = 0;
  self->length = 0;
  self->finite_from = 0;
  mx_level_take (&self->level);
}

/* --- samples --- */

static void
remember_samples (MxSession *self, const float *samples, size_t n)
{
  const MxDescription *description = self->network->description;
  size_t channels = description->channels;

  mx_level_hear (&self->level, samples, n);
  for (size_t i = n * channels; i > 0; i--) {
    if (!isfinite (samples[i - 1])) {
      self->finite_from = self->position + (i - 1) / channels + 1;
      break;
    }
  }
  if (self->position < description->window) {
    n = MIN (n, description->window - self->position);
    memcpy (self->recording + self->position * channels, samples,
        n * channels * sizeof *samples);
  }
}

/* Until the present window can be answered. */
static uint64_t
missing (const MxSession *self)
{
  return self->start + self->network->description->window + self->latency -
         self->position;
}

static void
go_to_next_window (MxSession *self)
{
  self->start += self->hop;
  mx_stream_next (self->stream);
}

/* --- an answer --- */

/* @begun: when its last samples came. */
static void
answer (MxSession *self, size_t length, uint64_t begun, MxResult *result)
{
  const MxProgram *program = self->network->program;
  const float *probabilities = mx_climb_get_probabilities (self->climb);
  MxOutcome outcome;
  size_t label;

  outcome = mx_climb_run (self->climb, self->finite_from <= self->start,
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
      .level = mx_level_take (&self->level),
      .probabilities = probabilities,
      .macs = mx_stream_get_macs (self->stream),
      .macs_full = mx_stream_get_macs_full (self->stream),
      .finite = outcome.finite,
      .skipped = outcome.skipped,
      .limited = outcome.limited,
      .allowed = outcome.allowed,
      .exit_probabilities = mx_climb_get_exit_probabilities (self->climb),
      .exit_temperatures =
          self->all_exits ? mx_climb_get_temperatures (self->climb) : NULL,
      .exit_macs =
          self->all_exits ? mx_stream_get_exit_macs (self->stream) : NULL,
      .aside = outcome.aside,
  };
}

size_t
mx_session_push (MxSession *self, const float *samples, size_t n,
    MxResult *result, bool *answered)
{
  const uint64_t needed = missing (self);
  const uint64_t begun = mx_watch_start (&self->watch);

  n = MIN (n, needed);
  remember_samples (self, samples, n);
  mx_stream_hear (self->stream, samples, n);
  self->position += n;
  self->length = self->position;
  self->timings.frontend_ns += mx_watch_lap (&self->watch);

  *answered = n == needed;
  if (*answered) {
    answer (self, self->network->description->window, begun, result);
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

static void
hear_silence (MxSession *self, uint64_t n)
{
  const MxDescription *description = self->network->description;

  memset (self->recording, 0,
      description->window * description->channels * sizeof (float));
  self->position += n;
  while (n > 0) {
    size_t piece = MIN (n, description->window);

    mx_stream_hear (self->stream, self->recording, piece);
    n -= piece;
  }
}

static void
answer_short (MxSession *self, MxResult *result)
{
  const size_t window = self->network->description->window;
  const uint64_t begun = mx_watch_start (&self->watch);

  centre_recording (self, self->length);
  mx_stream_reset (self->stream);
  mx_stream_hear (self->stream, self->recording, window);
  hear_silence (self, self->latency);
  answer (self, self->length, begun, result);
}

/* A window that was heard, but not what is behind it. */
static void
answer_last (MxSession *self, MxResult *result)
{
  const uint64_t begun = mx_watch_start (&self->watch);

  hear_silence (self, missing (self));
  answer (self, self->network->description->window, begun, result);
  go_to_next_window (self);
}

bool
mx_session_drain (MxSession *self, MxResult *result)
{
  const size_t window = self->network->description->window;

  if (self->length > 0 && self->length < window) {
    answer_short (self, result);
    mx_session_reset (self);
    return true;
  }
  if (self->length >= self->start + window) {
    answer_last (self, result);
    return true;
  }
  mx_session_reset (self);
  return false;
}
