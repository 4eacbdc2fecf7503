/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-validation.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define PER_OCTAVE 64
#define HIGHEST (24 * PER_OCTAVE)
#define MOST 0x1p53              /* windows: exact in a double */
#define THRESHOLDS (HIGHEST + 2) /* the last one: no exit reaches it */

/* Counts are doubles: exact far beyond any stream, and one array holds all. */
struct _MxValidation {
  size_t exits, classes, n;
  double cost[MX_MAX_EXITS];
  float *probabilities; /* [classes] */

  double *sums;     /* [n]: all that follows */
  double *windows;  /* [2]: all, labelled */
  double *loss;     /* [1] */
  double *support;  /* [classes] */
  double *answers;  /* [exits][classes] */
  double *correct;  /* [exits][classes] */
  double *spent;    /* [THRESHOLDS]: costs */
  double *answered; /* [THRESHOLDS]: correctly */
};

MxValidation *
mx_validation_new (size_t exits, size_t classes, const double *cost)
{
  MxValidation *self = g_new0 (MxValidation, 1);
  g_return_val_if_fail (exits >= 1 && exits <= MX_MAX_EXITS, NULL);
  self->exits = exits;
  self->classes = classes;
  memcpy (self->cost, cost, exits * sizeof *cost);
  self->probabilities = g_new (float, classes);
  self->n = 3 + classes + 2 * exits * classes + 2 * THRESHOLDS;
  self->sums = g_new0 (double, self->n);
  self->windows = self->sums;
  self->loss = self->windows + 2;
  self->support = self->loss + 1;
  self->answers = self->support + classes;
  self->correct = self->answers + exits * classes;
  self->spent = self->correct + exits * classes;
  self->answered = self->spent + THRESHOLDS;
  return self;
}

void
mx_validation_free (MxValidation *self)
{
  if (self == NULL)
    return;
  g_free (self->probabilities);
  g_free (self->sums);
  g_free (self);
}

void
mx_validation_reset (MxValidation *self)
{
  memset (self->sums, 0, self->n * sizeof *self->sums);
}

bool
mx_validation_is_empty (const MxValidation *self)
{
  return self->windows[0] == 0;
}

const double *
mx_validation_state (const MxValidation *self, size_t *n)
{
  *n = self->n;
  return self->sums;
}

const char *
mx_validation_restore (MxValidation *self, const double *state, size_t *place)
{
  const size_t loss = (size_t)(self->loss - self->sums);
  /* A network of which only trouble came may have lost without end. */
  for (*place = 0; *place < self->n; ++*place)
    if (*place != loss && !(state[*place] >= 0 && state[*place] <= MOST))
      return "a count from 0 to 2^53";
  *place = 1;
  if (state[1] > state[0])
    return "no more labelled windows than windows";
  memcpy (self->sums, state, self->n * sizeof *state);
  return NULL;
}

/* ------------------------------------------------------------ counting */

/* The highest threshold that it reaches. */
static size_t
threshold_below (float probability)
{
  const double rest = 1 - (double)probability;
  const double steps = rest > 0 ? -PER_OCTAVE * log2 (rest) : HIGHEST;
  return (size_t)CLAMP (steps, 0, HIGHEST);
}

/* -log softmax (z)_label */
static double
cross_entropy (const float *logits, size_t classes, int32_t label)
{
  const double largest = logits[mx_argmax (logits, classes)];
  double sum = 0;
  for (size_t i = 0; i < classes; i++)
    sum += exp (logits[i] - largest);
  return log (sum) + largest - logits[label];
}

void
mx_validation_add (
    MxValidation *self, const float *const *logits, size_t row, int32_t label)
{
  const size_t classes = self->classes;
  size_t threshold = 0; /* below which the window has left */
  self->windows[0]++;
  if (label < 0)
    return;
  self->windows[1]++;
  self->support[label]++;
  for (size_t e = 0; e < self->exits; e++) {
    const float *z = logits[e] + row * classes;
    mx_softmax (z, classes, 1, self->probabilities);
    const size_t answer = mx_argmax (self->probabilities, classes);
    const bool right = answer == (size_t)label;
    size_t end = threshold_below (self->probabilities[answer]) + 1;
    if (e + 1 == self->exits)
      end = THRESHOLDS;
    *self->loss += cross_entropy (z, classes, label);
    self->answers[e * classes + answer]++;
    self->correct[e * classes + answer] += right;
    for (; threshold < end; threshold++) {
      self->spent[threshold] += self->cost[e];
      self->answered[threshold] += right;
    }
  }
}

/* ------------------------------------------------------------- scores */

static double
macro_f1 (const MxValidation *self, size_t exit)
{
  const double *answers = self->answers + exit * self->classes;
  const double *correct = self->correct + exit * self->classes;
  double sum = 0;
  size_t n = 0;
  for (size_t c = 0; c < self->classes; c++) {
    if (self->support[c] + answers[c] == 0)
      continue;
    sum += 2 * correct[c] / (self->support[c] + answers[c]);
    n++;
  }
  return n > 0 ? sum / (double)n : NAN;
}

typedef struct {
  double cost, accuracy;
} Point;

static int
compare_costs (const void *a, const void *b)
{
  const Point *x = a, *y = b;
  return (x->cost > y->cost) - (x->cost < y->cost);
}

/* The best accuracy is a staircase over the budget. */
static double
area (const MxValidation *self)
{
  const double labelled = self->windows[1];
  const double first = self->cost[0];
  Point points[THRESHOLDS];
  double sum = 0, best = 0, from = first;
  for (size_t i = 0; i < THRESHOLDS; i++)
    points[i] =
        (Point){self->spent[i] / labelled, self->answered[i] / labelled};
  qsort (points, THRESHOLDS, sizeof *points, compare_costs);
  for (size_t i = 0; i < THRESHOLDS; i++) {
    const double cost = CLAMP (points[i].cost, from, 1);
    sum += best * (cost - from);
    from = cost;
    best = MAX (best, points[i].accuracy);
  }
  sum += best * (1 - from);
  return first < 1 ? sum / (1 - first) : best;
}

void
mx_validation_scores (const MxValidation *self, MxValidationScores *to)
{
  const double labelled = self->windows[1];
  *to = (MxValidationScores){.exits = self->exits,
      .windows = (uint64_t)self->windows[0],
      .labelled = (uint64_t)labelled,
      .loss = NAN,
      .auc = NAN};
  for (size_t e = 0; e < self->exits; e++) {
    double correct = 0;
    for (size_t c = 0; c < self->classes; c++)
      correct += self->correct[e * self->classes + c];
    to->accuracy[e] = labelled > 0 ? correct / labelled : NAN;
    to->macro_f1[e] = macro_f1 (self, e);
  }
  if (labelled == 0)
    return;
  to->loss = *self->loss / labelled / (double)self->exits;
  to->auc = area (self);
}

double
mx_validation_value (
    const MxValidationScores *scores, MxValidationMetric metric)
{
  double sum = 0;
  switch (metric) {
  case MX_VALIDATION_LOSS:
    return -scores->loss;
  case MX_VALIDATION_LAST_ACCURACY:
    return scores->accuracy[scores->exits - 1];
  case MX_VALIDATION_AUC:
    return scores->auc;
  case MX_VALIDATION_MEAN_ACCURACY:
    break;
  }
  for (size_t e = 0; e < scores->exits; e++)
    sum += scores->accuracy[e];
  return sum / (double)scores->exits;
}
