/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-optimizer.h"

#include "mx-memory.h"

#include <glib.h>
#include <math.h>

struct _MxOptimizer {
  MxOptimizerConfig config;
  size_t n;
  uint64_t steps;
  float *state;  /* m [n], v [n]; sgd: v [n], unused [n] */
  MxSpan *spans; /* that are updated */
  size_t n_spans;
  MxParallel *parallel;
};

/* Parameters that make a task. */
#define PIECE 16384
#define SUMS 8

void
mx_optimizer_config_init (MxOptimizerConfig *config, MxOptimizerKind kind)
{
  config->kind = kind;
  config->momentum = .9f;
  config->beta1 = .9f;
  config->beta2 = .999f;
  config->epsilon = 1e-8f;
  config->weight_decay = 0;
}

MxOptimizer *
mx_optimizer_new (const MxOptimizerConfig *config, size_t n)
{
  MxOptimizer *self = g_new0 (MxOptimizer, 1);

  self->config = *config;
  self->n = n;
  self->state = mx_floats_new (2 * n);
  mx_optimizer_set_spans (self, &(MxSpan){0, n}, 1);
  return self;
}

void
mx_optimizer_free (MxOptimizer *self)
{
  if (self == NULL)
    return;
  g_aligned_free (self->state);
  g_free (self->spans);
  g_free (self);
}

void
mx_optimizer_set_spans (MxOptimizer *self, const MxSpan *spans, size_t n_spans)
{
  g_free (self->spans);
  self->spans = g_memdup2 (spans, n_spans * sizeof *spans);
  self->n_spans = n_spans;
}

void
mx_optimizer_set_parallel (MxOptimizer *self, MxParallel *parallel)
{
  self->parallel = parallel;
}

/* The first step needs no special case: v is zero before it. */
static void
sgd (const MxOptimizerConfig *config, size_t n, float rate,
    float *restrict p, /* [n] */
    const float *restrict g, float *restrict v)
{
  const float momentum = config->momentum, decay = config->weight_decay;

  for (size_t i = 0; i < n; i++) {
    v[i] = momentum * v[i] + (g[i] + decay * p[i]);
    p[i] -= rate * v[i];
  }
}

/* @shrink: the fraction that decoupled decay takes from a parameter; @decay:
 * what is added to its gradient; @mean, @square: bias corrections of m and v.
 */
typedef struct {
  float shrink, decay, mean, square;
} AdamStep;

static void
adam (const MxOptimizerConfig *config, const AdamStep *step, size_t n,
    float rate, float *restrict p, /* [n] */
    const float *restrict g, float *restrict m, float *restrict v)
{
  const float b1 = config->beta1, b2 = config->beta2;
  const float epsilon = config->epsilon;
  const AdamStep s = *step;

  for (size_t i = 0; i < n; i++) {
    float d = g[i] + s.decay * p[i];

    m[i] = b1 * m[i] + (1 - b1) * d;
    v[i] = b2 * v[i] + (1 - b2) * d * d;
    p[i] -= s.shrink * p[i] +
            rate * (m[i] * s.mean) / (sqrtf (v[i] * s.square) + epsilon);
  }
}

/* A step, in pieces of a span. */
typedef struct {
  const MxOptimizer *self;
  AdamStep step;
  MxSpan span;
  float rate;
  float *parameters;
  const float *gradients;
} Job;

static void
update_piece (void *data, size_t index)
{
  const Job *job = data;
  const MxOptimizer *self = job->self;
  const size_t done = index * PIECE, n = MIN (PIECE, job->span.n - done);
  const size_t first = job->span.first + done;
  float *p = job->parameters + first, *m = self->state + first;
  const float *g = job->gradients + first;

  if (self->config.kind == MX_OPTIMIZER_SGD)
    sgd (&self->config, n, job->rate, p, g, m);
  else
    adam (&self->config, &job->step, n, job->rate, p, g, m, m + self->n);
}

void
mx_optimizer_step (MxOptimizer *self, float learning_rate, float *parameters,
    const float *gradients)
{
  const MxOptimizerConfig *config = &self->config;
  bool decoupled = config->kind == MX_OPTIMIZER_ADAMW;
  Job job = {
      .self = self,
      .step = {.shrink = decoupled ? learning_rate * config->weight_decay : 0,
          .decay = decoupled ? 0 : config->weight_decay},
      .rate = learning_rate,
      .parameters = parameters,
      .gradients = gradients,
  };

  self->steps++;
  job.step.mean = (float)(1 / (1 - pow (config->beta1, (double)self->steps)));
  job.step.square = (float)(1 / (1 - pow (config->beta2, (double)self->steps)));
  for (size_t s = 0; s < self->n_spans; s++) {
    job.span = self->spans[s];
    mx_parallel_run (
        self->parallel, (job.span.n + PIECE - 1) / PIECE, update_piece, &job);
  }
}

/* Squares of floats fit into a double, however large.  Several sums, so that
 * none waits for the one before. */
double
mx_optimizer_clip (float *gradients, size_t n, float limit)
{
  double sums[SUMS] = {0}, sum = 0;
  const size_t whole = n / SUMS * SUMS;

  for (size_t i = 0; i < whole; i += SUMS)
    for (size_t k = 0; k < SUMS; k++)
      sums[k] += (double)gradients[i + k] * gradients[i + k];
  for (size_t i = whole; i < n; i++)
    sums[0] += (double)gradients[i] * gradients[i];
  for (size_t k = 0; k < SUMS; k++)
    sum += sums[k];
  const double norm = sqrt (sum);
  if (limit > 0 && isfinite (norm) && norm > limit) {
    const float scale = (float)(limit / norm);

    for (size_t i = 0; i < n; i++)
      gradients[i] *= scale;
  }
  return norm;
}

uint64_t *
mx_optimizer_steps (MxOptimizer *self)
{
  return &self->steps;
}

float *
mx_optimizer_state (MxOptimizer *self)
{
  return self->state;
}

float
mx_schedule_rate (float peak, uint64_t step, uint64_t warm_up, uint64_t steps)
{
  double rate = peak;

  if (step < warm_up)
    rate *= (double)(step + 1) / (double)warm_up;
  if (step >= steps && steps > 0)
    return 0;
  if (steps > 0)
    rate *= .5 * (1 + cos (G_PI * (double)step / (double)steps));
  return (float)rate;
}

float
mx_schedule_ramp (uint64_t step, double fraction, uint64_t steps)
{
  double length = fraction * (double)steps;

  if ((double)step >= length)
    return 1;
  return (float)((double)step / length);
}
