/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How good the exits of a network are on windows it does not learn from: each
 * exit by itself, and all together at any threshold.  Sums only, so there may
 * be as many windows as one likes.
 *
 *   loss  mean over labelled windows and exits of -log softmax(z_e)_y
 *   auc   mean over the cost budgets c from the cost of exit 1 to 1 of the best
 *         accuracy whose mean cost is at most c, when the first exit whose
 *         largest probability reaches a threshold answers and the threshold is
 *         the same for all exits; thresholds are 1 - 2^(-i/64), i = 0..1536,
 * and one that no exit reaches
 *
 * What is not defined (all of it, without a labelled window) is NaN. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mx-policy.h"

typedef enum {
  MX_VALIDATION_LOSS,
  MX_VALIDATION_LAST_ACCURACY,
  MX_VALIDATION_MEAN_ACCURACY,
  MX_VALIDATION_AUC
} MxValidationMetric;

typedef struct {
  size_t exits;
  uint64_t windows, labelled;
  double loss;
  double accuracy[MX_MAX_EXITS];
  double
      macro_f1[MX_MAX_EXITS]; /* of the classes that occur or were answered */
  double auc;
} MxValidationScores;

typedef struct _MxValidation MxValidation;

/* @cost: [exits], of a window that leaves there, as a fraction of that of the
 * last; rises to 1. */
MxValidation *mx_validation_new (
    size_t exits, size_t classes, const double *cost);
void mx_validation_free (MxValidation *self);
void mx_validation_reset (MxValidation *self);

/* Window `row` of a batch.  @logits: [exits] arrays [rows][classes]; @label:
 * class, or -1: counted only. */
void mx_validation_add (
    MxValidation *self, const float *const *logits, size_t row, int32_t label);

void mx_validation_scores (const MxValidation *self, MxValidationScores *to);

/* The larger the better, the loss negative. */
double mx_validation_value (
    const MxValidationScores *scores, MxValidationMetric metric);

/* No window was counted. */
bool mx_validation_is_empty (const MxValidation *self);

/* All sums, [n]: for checkpoints. */
const double *mx_validation_state (const MxValidation *self, size_t *n);
/* @state: [n].  NULL, or what no windows can have given: what was expected in
 * place of the value at `place`, and nothing changed. */
const char *mx_validation_restore (
    MxValidation *self, const double *state, size_t *place);
