/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-metrics.h"

#include <glib.h>
#include <math.h>
#include <string.h>

typedef struct {
  uint64_t n, labelled, correct;
  double confidence; /* sum over the labelled */
} Group;

struct _MxMetrics {
  Group exits[MX_MAX_EXITS];
  Group bins[MX_METRICS_BINS];
  uint64_t n;
  double confidence, exit, cost; /* sums over all */
  size_t classes, capacity;
  uint64_t *confusion; /* [capacity][capacity]: truth, answer */
};

MxMetrics *
mx_metrics_new (void)
{
  return g_new0 (MxMetrics, 1);
}

MxMetrics *
mx_metrics_copy (const MxMetrics *self)
{
  const size_t cells = self->capacity * self->capacity;
  MxMetrics *copy = g_new (MxMetrics, 1);
  *copy = *self;
  copy->confusion = g_new (uint64_t, cells);
  if (cells > 0)
    memcpy (copy->confusion, self->confusion, cells * sizeof *copy->confusion);
  return copy;
}

void
mx_metrics_free (MxMetrics *self)
{
  if (!self)
    return;
  g_free (self->confusion);
  g_free (self);
}

/* ------------------------------------------------------------ counting */

void
mx_metrics_set_classes (MxMetrics *self, size_t n)
{
  g_return_if_fail (n <= MX_METRICS_MAX_CLASSES);

  if (n > self->capacity) {
    const size_t old = self->capacity;
    const size_t capacity = MAX (n, MIN (2 * old, MX_METRICS_MAX_CLASSES));
    uint64_t *confusion = g_new0 (uint64_t, capacity * capacity);
    for (size_t truth = 0; truth < self->classes; truth++)
      memcpy (confusion + truth * capacity, self->confusion + truth * old,
          self->classes * sizeof *confusion);
    g_free (self->confusion);
    self->confusion = confusion;
    self->capacity = capacity;
  }
  self->classes = MAX (self->classes, n);
}

static void
group_add (Group *group, const MxOutcome *outcome)
{
  group->n++;
  if (outcome->truth < 0)
    return;
  group->labelled++;
  group->correct += (size_t)outcome->truth == outcome->answer;
  group->confidence += outcome->confidence;
}

static unsigned
bin_of (double confidence)
{
  const double bin = ceil (confidence * MX_METRICS_BINS) - 1;
  return CLAMP (bin, 0, MX_METRICS_BINS - 1);
}

void
mx_metrics_add (MxMetrics *self, const MxOutcome *outcome)
{
  g_return_if_fail (outcome->answer < MX_METRICS_MAX_CLASSES);
  g_return_if_fail (outcome->truth < MX_METRICS_MAX_CLASSES);
  g_return_if_fail (outcome->exit >= 1 && outcome->exit <= MX_MAX_EXITS);

  const size_t truth = MAX (outcome->truth, 0);
  mx_metrics_set_classes (self, MAX (truth, outcome->answer) + 1);
  if (outcome->truth >= 0)
    self->confusion[truth * self->capacity + outcome->answer]++;
  self->n++;
  self->confidence += outcome->confidence;
  self->exit += outcome->exit;
  self->cost += outcome->cost;
  group_add (&self->exits[outcome->exit - 1], outcome);
  group_add (&self->bins[bin_of (outcome->confidence)], outcome);
}

size_t
mx_metrics_get_classes (const MxMetrics *self)
{
  return self->classes;
}

unsigned
mx_metrics_get_exits (const MxMetrics *self)
{
  unsigned exits = MX_MAX_EXITS;
  while (exits > 0 && self->exits[exits - 1].n == 0)
    exits--;
  return exits;
}

uint64_t
mx_metrics_get_confusion (const MxMetrics *self, size_t truth, size_t answer)
{
  g_return_val_if_fail (truth < self->classes && answer < self->classes, 0);
  return self->confusion[truth * self->capacity + answer];
}

/* ------------------------------------------------------------- scores */

static double
ratio (double numerator, double denominator)
{
  return denominator > 0 ? numerator / denominator : NAN;
}

void
mx_metrics_class_scores (
    const MxMetrics *self, size_t class_index, MxClassScores *scores)
{
  g_return_if_fail (class_index < self->classes);

  *scores = (MxClassScores){0};
  for (size_t i = 0; i < self->classes; i++) {
    scores->support += mx_metrics_get_confusion (self, class_index, i);
    scores->answers += mx_metrics_get_confusion (self, i, class_index);
  }
  scores->correct = mx_metrics_get_confusion (self, class_index, class_index);
  scores->precision = ratio (scores->correct, scores->answers);
  scores->recall = ratio (scores->correct, scores->support);
  scores->f1 =
      ratio (2. * scores->correct, (double)scores->support + scores->answers);
}

static void
group_scores (const Group *group, MxGroupScores *scores)
{
  *scores = (MxGroupScores){
      .n = group->n,
      .labelled = group->labelled,
      .correct = group->correct,
      .accuracy = ratio (group->correct, group->labelled),
      .confidence = ratio (group->confidence, group->labelled),
  };
}

void
mx_metrics_exit_scores (
    const MxMetrics *self, unsigned exit, MxGroupScores *scores)
{
  g_return_if_fail (exit >= 1 && exit <= MX_MAX_EXITS);
  group_scores (&self->exits[exit - 1], scores);
}

void
mx_metrics_bin_scores (
    const MxMetrics *self, unsigned bin, MxGroupScores *scores)
{
  g_return_if_fail (bin < MX_METRICS_BINS);
  group_scores (&self->bins[bin], scores);
}

/* What goes over classes. */
static void
class_means (const MxMetrics *self, MxScores *scores)
{
  const double n = (double)scores->labelled;
  double recall = 0, f1 = 0, chance = 0;
  size_t n_recall = 0, n_f1 = 0;
  for (size_t i = 0; i < self->classes; i++) {
    MxClassScores one;
    mx_metrics_class_scores (self, i, &one);
    chance += (double)one.support / n * ((double)one.answers / n);
    if (one.support > 0) {
      recall += one.recall;
      n_recall++;
    }
    if (one.support + one.answers > 0) {
      f1 += one.f1;
      n_f1++;
    }
  }
  scores->balanced_accuracy = ratio (recall, n_recall);
  scores->macro_f1 = ratio (f1, n_f1);
  scores->kappa = ratio (scores->accuracy - chance, 1 - chance);
}

void
mx_metrics_scores (const MxMetrics *self, MxScores *scores)
{
  *scores = (MxScores){.n = self->n};
  double error = 0;
  for (unsigned b = 0; b < MX_METRICS_BINS; b++) {
    const Group *bin = &self->bins[b];
    scores->labelled += bin->labelled;
    scores->correct += bin->correct;
    error += fabs (bin->correct - bin->confidence);
  }
  scores->accuracy = ratio (scores->correct, scores->labelled);
  scores->calibration_error = ratio (error, scores->labelled);
  scores->confidence = ratio (self->confidence, self->n);
  scores->exit = ratio (self->exit, self->n);
  scores->cost = ratio (self->cost, self->n);
  class_means (self, scores);
}
