/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Losses over all exits and their gradients with respect to the logits.
 *
 * E exits, K classes, all logarithms natural, z the logits of a row:
 *
 *   ce        = 1/E sum_e mean over labelled clean rows of -log softmax(z)_y
 *   augmented = (ce + ce over the perturbed copies of labelled rows) / 2
 *   self-distillation
 *             = ce + w T^2/(E-1) sum_{e<E} mean over labelled clean rows of
 *               KL (softmax (z_E/T) || softmax (z_e/T))
 *   consistent-exit
 *             = ce + w r 1/E sum_e mean over pairs of
 *               soft: KL (q || softmax z_e')                  (see threshold)
 *               hard: 1[max q >= threshold] * -log softmax(z_e')_argmax q
 *               z_e' of the perturbed copy; q the teacher's distribution on
 *               the clean row: own exit, last exit or mean of the exits,
 *               softmax (z / temperature); the mean is over ALL pairs, also
 *               those below the threshold
 *
 * No gradient flows through a teacher.  Source: A. Saeed, arXiv 2109.13192;
 * formulas as in docs/training.md. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
  MX_OBJECTIVE_SUPERVISED,
  MX_OBJECTIVE_AUGMENTED,
  MX_OBJECTIVE_SELF_DISTILLATION,
  MX_OBJECTIVE_CONSISTENT_EXIT
} MxObjectiveKind;

typedef enum { MX_TARGET_SOFT, MX_TARGET_HARD } MxTarget;

typedef enum { MX_TEACHER_OWN, MX_TEACHER_LAST, MX_TEACHER_AVERAGE } MxTeacher;

/* The parts are combined as their weights say, whatever `kind` is named:
 * mx_objective_init() sets the weights that make the named objective. */
typedef struct {
  float augmented_weight;         /* a in (ce + a * ce') / (1 + a), >= 0 */
  float distillation_weight;      /* >= 0 */
  float distillation_temperature; /* > 0 */
  float consistency_weight;       /* >= 0 */
  MxTarget target;
  MxTeacher teacher;
  float threshold;   /* 0..1; pairs whose max q is below count as 0 */
  float temperature; /* of the teacher, > 0 */
} MxObjective;

/* The recipe's defaults: consistency 1, soft, last, no threshold,
 * temperature 1; distillation .5 at temperature 2. */
void mx_objective_init (MxObjective *objective, MxObjectiveKind kind);

/* Whether the perturbed copies enter this objective. */
bool mx_objective_needs_pairs (const MxObjective *objective);

/* What the rows of a batch are.  Row r with partner[r] < 0 is clean, else it
 * is the perturbed copy of the clean row partner[r].  label[r] < 0: unlabelled;
 * a perturbed row has its partner's label. */
typedef struct {
  size_t rows, exits, classes;
  const int32_t *label;   /* [rows] */
  const int32_t *partner; /* [rows] */
} MxObjectiveBatch;

typedef struct {
  double total;
  double clean, perturbed;          /* cross-entropies */
  double distillation, consistency; /* before their weights */
  double confident; /* fraction of pairs x exits at or above the threshold */
} MxLoss;

/* @ramp: r, 0..1.  @logits: [exits] arrays [rows][classes].
 * @gradient: [exits] arrays [rows][classes], overwritten; NULL: loss only. */
void mx_objective_evaluate (const MxObjective *objective, float ramp,
    const MxObjectiveBatch *batch, const float *const *logits,
    float *const *gradient, MxLoss *loss);
