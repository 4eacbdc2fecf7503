/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-policy.h"

#include <math.h>

void
mx_policy_init (MxPolicy *policy)
{
  policy->kind = MX_POLICY_CONFIDENCE;
  for (size_t i = 0; i < MX_MAX_EXITS; i++)
    policy->threshold[i] = .8f;
  policy->min_exit = 1;
  policy->max_exit = 0;
  policy->patience = 2;
  policy->calibrated = true;
  policy->agreement = 0;
  policy->temporal_patience = 0;
  policy->difference_threshold = 0;
  policy->budget = 0;
  policy->deadline = 0;
}

bool
mx_policy_equal (const MxPolicy *a, const MxPolicy *b)
{
  for (size_t i = 0; i < MX_MAX_EXITS; i++) {
    if (a->threshold[i] != b->threshold[i])
      return false;
  }
  return a->kind == b->kind && a->min_exit == b->min_exit &&
         a->max_exit == b->max_exit && a->patience == b->patience &&
         a->calibrated == b->calibrated && a->agreement == b->agreement &&
         a->temporal_patience == b->temporal_patience &&
         a->difference_threshold == b->difference_threshold &&
         a->budget == b->budget && a->deadline == b->deadline;
}

float
mx_entropy (const float *probabilities, size_t classes)
{
  double sum = 0;

  for (size_t k = 0; k < classes; k++) {
    double p = probabilities[k];

    if (p > 0)
      sum -= p * log (p);
    else if (isnan (p))
      return NAN;
  }
  return (float)fmax (sum, 0);
}

size_t
mx_argmax (const float *values, size_t n)
{
  size_t best = 0;

  for (size_t i = 1; i < n; i++) {
    if (values[i] > values[best])
      best = i;
  }
  return best;
}

void
mx_softmax (
    const float *logits, size_t n, float temperature, float *probabilities)
{
  float max = logits[mx_argmax (logits, n)];
  double sum = 0;

  for (size_t k = 0; k < n; k++) {
    probabilities[k] = expf ((logits[k] - max) / temperature);
    sum += probabilities[k];
  }
  /* The largest term is 1, so the sum never vanishes. */
  for (size_t k = 0; k < n; k++)
    probabilities[k] = (float)(probabilities[k] / sum);
}

void
mx_prefer_none (float *probabilities, size_t n)
{
  for (size_t k = 0; k < n; k++)
    probabilities[k] = 1.f / n;
}

bool
mx_softmax_or_none (
    const float *logits, size_t n, float temperature, float *probabilities)
{
  bool finite = true;

  for (size_t k = 0; k < n; k++)
    finite = finite && isfinite (logits[k]);
  if (finite)
    mx_softmax (logits, n, temperature, probabilities);
  else
    mx_prefer_none (probabilities, n);
  return finite;
}

static float
margin (const float *probabilities, size_t classes)
{
  size_t first = mx_argmax (probabilities, classes);
  float second = 0;

  for (size_t k = 0; k < classes; k++) {
    if (k != first && probabilities[k] > second)
      second = probabilities[k];
  }
  return probabilities[first] - second;
}

static bool
is_certain_enough (const float *probabilities, size_t classes, float threshold)
{
  double most = log ((double)classes);

  /* Rounding may lift the entropy of even odds above its bound, and threshold
   * 0 must stop at everything. */
  return fmin (mx_entropy (probabilities, classes), most) <=
         (1. - threshold) * most;
}

/* Counts even before min_exit: agreement is a fact of the window, whether or
 * not stopping is allowed yet. */
static void
count_agreement (MxPolicyState *state, size_t label)
{
  if (state->agreeing > 0 && state->label == label)
    state->agreeing++;
  else
    state->agreeing = 1;
  state->label = label;
}

unsigned
mx_policy_deepest (const MxPolicy *policy, unsigned exits)
{
  if (policy->max_exit == 0 || policy->max_exit > exits)
    return exits;
  return policy->max_exit;
}

bool
mx_policy_has_threshold (const MxPolicy *policy)
{
  return policy->kind == MX_POLICY_CONFIDENCE ||
         policy->kind == MX_POLICY_ENTROPY || policy->kind == MX_POLICY_MARGIN;
}

double
mx_policy_certainty (
    const MxPolicy *policy, const float *probabilities, size_t classes)
{
  double most = log ((double)classes);

  switch (policy->kind) {
  case MX_POLICY_ENTROPY:
    /* One class: always certain. */
    return classes > 1 ? 1 - mx_entropy (probabilities, classes) / most : 1;
  case MX_POLICY_MARGIN:
    return margin (probabilities, classes);
  default:
    return probabilities[mx_argmax (probabilities, classes)];
  }
}

bool
mx_policy_stops (const MxPolicy *policy, MxPolicyState *state, unsigned exit,
    unsigned exits, const float *probabilities, size_t classes)
{
  size_t label = mx_argmax (probabilities, classes);
  float threshold = policy->threshold[exit - 1];

  count_agreement (state, label);
  if (exit >= mx_policy_deepest (policy, exits))
    return true;
  if (exit < policy->min_exit)
    return false;
  switch (policy->kind) {
  case MX_POLICY_CONFIDENCE:
    return probabilities[label] >= threshold;
  case MX_POLICY_ENTROPY:
    return is_certain_enough (probabilities, classes, threshold);
  case MX_POLICY_MARGIN:
    return margin (probabilities, classes) >= threshold;
  case MX_POLICY_PATIENCE:
    return state->agreeing >= policy->patience;
  case MX_POLICY_LAST:
    break;
  }
  return false;
}
