/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Parameter updates, and the schedule of the learning rate.
 *
 *   sgd    g += wd p;  v = m v + g (v = g at the first step);  p -= lr v
 *   adam   g += wd p;  m, v moving averages of g and g^2, bias-corrected;
 *          p -= lr m^ / (sqrt (v^) + eps)
 *   adamw  p -= lr wd p first, then adam with wd = 0
 *
 * (D. Kingma, J. Ba, 2015; I. Loshchilov, F. Hutter, 2019.) */
#pragma once

#include "mx-freeze.h"
#include "mx-parallel.h"

typedef enum {
  MX_OPTIMIZER_SGD,
  MX_OPTIMIZER_ADAM,
  MX_OPTIMIZER_ADAMW
} MxOptimizerKind;

typedef struct {
  MxOptimizerKind kind;
  float momentum;     /* sgd, 0..1 */
  float beta1, beta2; /* adam */
  float epsilon;      /* adam */
  float weight_decay; /* >= 0 */
} MxOptimizerConfig;

/* momentum .9, betas .9 and .999, epsilon 1e-8, no weight decay. */
void mx_optimizer_config_init (MxOptimizerConfig *config, MxOptimizerKind kind);

/* Owned by one trainer.  State for n parameters, all zero. */
typedef struct _MxOptimizer MxOptimizer;

MxOptimizer *mx_optimizer_new (const MxOptimizerConfig *config, size_t n);
void mx_optimizer_free (MxOptimizer *self);

/* Only these are updated from now on: in order, within the n parameters;
 * copied.  By default all are. */
void mx_optimizer_set_spans (
    MxOptimizer *self, const MxSpan *spans, size_t n_spans);

/* Threads that share the steps; not owned, NULL: none. */
void mx_optimizer_set_parallel (MxOptimizer *self, MxParallel *parallel);

/* One update of parameters [n] by gradients [n] at this learning rate. */
void mx_optimizer_step (MxOptimizer *self, float learning_rate,
    float *parameters, const float *gradients);

/* Scales gradients [n] so that their Euclidean norm is at most `limit`; 0:
 * leaves them.  Returns the norm they had, not finite if any of them is not. */
double mx_optimizer_clip (float *gradients, size_t n, float limit);

/* How many steps were done, and the state: [2 * n] floats (m then v; sgd: v
 * then unused), for checkpoints.  Both may be written to restore it. */
uint64_t *mx_optimizer_steps (MxOptimizer *self);
float *mx_optimizer_state (MxOptimizer *self);

/* peak * min (1, (step + 1) / warm_up) * cosine from 1 at step 0 to 0 at step
 * `steps`; steps 0: length unknown, constant after the warm-up.
 * @step: from 0. */
float mx_schedule_rate (
    float peak, uint64_t step, uint64_t warm_up, uint64_t steps);

/* Linear from 0 at step 0 to 1 at fraction * steps; 1 if either is 0. */
float mx_schedule_ramp (uint64_t step, double fraction, uint64_t steps);
