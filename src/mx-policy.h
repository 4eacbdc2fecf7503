/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The rule that says stop or go on after an exit: pure decisions, no state
 * but the count that `patience` needs within one window.
 *
 *   confidence  stop if the largest probability >= threshold
 *   entropy     stop if the entropy, as a fraction of log (classes),
 *               <= 1 - threshold
 *   margin      stop if the largest minus the second largest probability
 *               >= threshold
 *   patience    stop if `patience` exits in a row gave the same class
 *   last        go to max_exit
 *
 * For all of them: never before min_exit, always at max_exit.
 * (confidence, entropy: S. Teerapittayanon et al., BranchyNet, 2016;
 * patience: W. Zhou et al., BERT Loses Patience, 2020.) */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As many exits as a description may have. */
#define MX_MAX_EXITS 32

typedef enum {
  MX_POLICY_CONFIDENCE,
  MX_POLICY_ENTROPY,
  MX_POLICY_MARGIN,
  MX_POLICY_PATIENCE,
  MX_POLICY_LAST
} MxPolicyKind;

typedef struct {
  MxPolicyKind kind;
  float threshold[MX_MAX_EXITS]; /* per exit, 0..1; [0] is exit 1 */
  unsigned min_exit, max_exit;   /* counted from 1; max 0: the deepest */
  unsigned patience;             /* exits in a row that agree, >= 1 */

  /* Only where the network has a calibration. */
  bool calibrated; /* probabilities have its temperatures */
  float agreement; /* with the last exit, 0..1; above 0 its thresholds for that
                    * take the place of `threshold` (confidence, calibrated) */

  /* From window to window, each 0: off; see MxClimb. */
  unsigned temporal_patience; /* windows that may follow a settled answer */
  float difference_threshold; /* RMS of the network's input: less, no change */
  float budget;               /* mean cost, a fraction of the full one, 0..1 */
  uint64_t deadline;          /* ns, from when a window was due to its answer */
} MxPolicy;

/* Confidence, threshold .8 at every exit, all exits allowed, patience 2,
 * calibrated, no agreement asked for, and nothing from window to window. */
void mx_policy_init (MxPolicy *policy);

bool mx_policy_equal (const MxPolicy *a, const MxPolicy *b);

/* What is known of a window while it passes the exits; zero it before the
 * first exit. */
typedef struct {
  unsigned agreeing; /* exits in a row that gave `label` */
  size_t label;
} MxPolicyState;

/* @exit: counted from 1; @exits: how many the network has;
 * @probabilities: [classes], of this exit. */
bool mx_policy_stops (const MxPolicy *policy, MxPolicyState *state,
    unsigned exit, unsigned exits, const float *probabilities, size_t classes);

/* The exit that always answers: max_exit, where the network has it. */
unsigned mx_policy_deepest (const MxPolicy *policy, unsigned exits);

/* Whether certainty and threshold decide: confidence, entropy, margin. */
bool mx_policy_has_threshold (const MxPolicy *policy);

/* What such a policy compares with the threshold, 0..1 but for rounding. */
double mx_policy_certainty (
    const MxPolicy *policy, const float *probabilities, size_t classes);

/* In nats; 0 for a certain answer. */
float mx_entropy (const float *probabilities, size_t classes);

/* The first of the largest. */
size_t mx_argmax (const float *values, size_t n);

/* probabilities = softmax (logits / temperature); may be the same array. */
void mx_softmax (
    const float *logits, size_t n, float temperature, float *probabilities);

/* All of the @n alike: what no answer can be given for must not look like one.
 */
void mx_prefer_none (float *probabilities, size_t n);

/* The softmax, or, of logits that are not all finite, none is preferred and it
 * returns false. */
bool mx_softmax_or_none (
    const float *logits, size_t n, float temperature, float *probabilities);
