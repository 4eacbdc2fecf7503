/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Losses over all exits and their gradients with respect to the logits.
 *
 * E exits, K classes, all logarithms natural, z the logits of a row, o_e the
 * weight of exit e (1/E, or as exit_weights say, their sum being 1):
 *
 *   ce        = sum_e o_e mean over labelled clean rows of
 *               -v sum_k t_k log softmax(z)_k
 *               t = (1 - s) (m [k = y] + (1 - m) [k = y2]) + s / K
 *               v = m c_y + (1 - m) c_y2
 *               s the smoothing; m, y2 of mixed rows (else m = 1);
 *               c the weights of the classes (else 1)
 *   augmented = (ce + ce over the perturbed copies of labelled rows) / 2
 *   self-distillation
 *             = ce + w T^2 sum_{e<E} o_e / (1 - o_E) mean over labelled clean
 *               rows of KL (softmax (z_E/T) || softmax (z_e/T))
 *   consistent-exit
 *             = ce + w r sum_e o_e mean over pairs of
 *               soft: KL (q || softmax z_e')                  (see threshold)
 *               hard: 1[max q >= threshold] * -log softmax(z_e')_argmax q
 *               z_e' of the perturbed copy; q the teacher's distribution on
 *               the clean row: own exit, last exit or mean of the exits,
 *               softmax (z / temperature); the mean is over ALL pairs, also
 *               those below the threshold
 *
 * Which rows learn from what: every clean row with a label enters ce; every
 * perturbed row enters the consistency, whether its window has a label or not,
 * and ce only by "augmented"; a clean row without a label teaches its copy and
 * learns nothing itself.
 *
 * No gradient flows through a teacher.  Source: A. Saeed, arXiv 2109.13192;
 * label smoothing: C. Szegedy et al., arXiv 1512.00567, 2015; formulas as in
 * docs/training.md. */
#pragma once

#include "mx-policy.h"

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
  float threshold;       /* 0..1; pairs whose max q is below count as 0 */
  float temperature;     /* of the teacher, > 0 */
  float smoothing;       /* s, 0..1, of labels */
  size_t n_exit_weights; /* as many as there are exits, or 0: all alike */
  float exit_weights[MX_MAX_EXITS]; /* >= 0, not all 0 */
} MxObjective;

/* The recipe's defaults: consistency 1, soft, last, no threshold,
 * temperature 1; distillation .5 at temperature 2. */
void mx_objective_init (MxObjective *objective, MxObjectiveKind kind);

/* Whether the perturbed copies enter this objective. */
bool mx_objective_needs_pairs (const MxObjective *objective);

/* How many rows the means are over. */
typedef struct {
  size_t labelled; /* clean */
  size_t labelled_perturbed, pairs;
} MxObjectiveCounts;

/* What the rows of a batch are.  Row r with partner[r] < 0 is clean, else it
 * is the perturbed copy of the clean row partner[r].  label[r] < 0: unlabelled;
 * a perturbed row has its partner's label. */
typedef struct {
  size_t rows, exits, classes;
  const int32_t *label;   /* [rows] */
  const int32_t *partner; /* [rows] */
  /* Any of these may be NULL. */
  const MxObjectiveCounts *counts; /* of a larger batch that this is a part of:
                                      losses and gradients are then shares, to
                                      be added up; NULL: this is all */
  const float *mix;                /* [rows]: m, 0..1; NULL: 1 */
  const int32_t *other;            /* [rows]: y2, read where m < 1 */
  const float *class_weights;      /* [classes]: c; NULL: 1 */
  const float *const *teacher; /* [exits] arrays [rows][classes] of logits, of
                                  which the rows that teach are read; NULL: the
                                  students' own */
} MxObjectiveBatch;

typedef struct {
  double total;
  double clean, perturbed;          /* cross-entropies */
  double distillation, consistency; /* before their weights */
  double confident; /* fraction of pairs x exits at or above the threshold */
} MxLoss;

MxObjectiveCounts mx_objective_count (const MxObjectiveBatch *batch);

/* @ramp: r, 0..1.  @logits: [exits] arrays [rows][classes].
 * @gradient: [exits] arrays [rows][classes], overwritten; NULL: loss only. */
void mx_objective_evaluate (const MxObjective *objective, float ramp,
    const MxObjectiveBatch *batch, const float *const *logits,
    float *const *gradient, MxLoss *loss);
