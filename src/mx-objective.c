/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-objective.h"

#include <glib.h>
#include <math.h>
#include <string.h>

void
mx_objective_init (MxObjective *objective, MxObjectiveKind kind)
{
  *objective = (MxObjective){
      .augmented_weight = kind == MX_OBJECTIVE_AUGMENTED ? 1 : 0,
      .distillation_weight = kind == MX_OBJECTIVE_SELF_DISTILLATION ? .5f : 0,
      .distillation_temperature = 2,
      .consistency_weight = kind == MX_OBJECTIVE_CONSISTENT_EXIT ? 1 : 0,
      .target = MX_TARGET_SOFT,
      .teacher = MX_TEACHER_LAST,
      .threshold = 0,
      .temperature = 1,
  };
}

bool
mx_objective_needs_pairs (const MxObjective *objective)
{
  return objective->augmented_weight > 0 || objective->consistency_weight > 0;
}

/* One evaluation: what is given, how many rows each mean is over, and room for
 * the distributions of one row. */
typedef struct {
  const MxObjective *objective;
  const MxObjectiveBatch *batch;
  const float *const *logits;
  float *const *gradient; /* or NULL */
  double ramp;
  MxObjectiveCounts counts;
  double weight[MX_MAX_EXITS]; /* of the exits; their sum is 1 */
  double *student;             /* [classes] log-probabilities */
  double *teacher;             /* [classes] probabilities that are learnt */
  double *scratch;             /* [classes] */
} Evaluation;

static const float *
row_logits (const Evaluation *self, size_t exit, size_t row)
{
  return self->logits[exit] + row * self->batch->classes;
}

static void
weigh_exits (Evaluation *self)
{
  const MxObjective *objective = self->objective;
  size_t exits = self->batch->exits;
  double sum = 0;

  for (size_t e = 0; e < exits; e++) {
    bool given = objective->n_exit_weights == exits;

    self->weight[e] = given ? objective->exit_weights[e] : 1;
    sum += self->weight[e];
  }
  for (size_t e = 0; e < exits; e++)
    self->weight[e] /= sum;
}

/* log softmax (z / temperature): no overflow, whatever the logits; one that is
 * not finite makes all of them NaN, which then reaches the loss. */
static void
log_softmax (const float *z, size_t n, double temperature, double *out)
{
  double max = z[0], sum = 0, norm;

  for (size_t k = 1; k < n; k++)
    max = z[k] > max ? z[k] : max;
  for (size_t k = 0; k < n; k++) {
    out[k] = (z[k] - max) / temperature;
    sum += exp (out[k]);
  }
  norm = log (sum);
  for (size_t k = 0; k < n; k++)
    out[k] -= norm;
}

/* Adds scale * (softmax - target) to the gradient of a row: the form that all
 * our losses have.  @target: a distribution, or NULL for the class @label. */
static void
add_gradient (const Evaluation *self, size_t exit, size_t row, double scale,
    const double *log_p, const double *target, size_t label)
{
  size_t classes = self->batch->classes;
  float *g;

  if (self->gradient == NULL || scale == 0)
    return;
  g = self->gradient[exit] + row * classes;
  for (size_t k = 0; k < classes; k++) {
    double q = target ? target[k] : (k == label);

    g[k] += (float)(scale * (exp (log_p[k]) - q));
  }
}

static double
class_weight (const Evaluation *self, size_t class)
{
  return self->batch->class_weights ? self->batch->class_weights[class] : 1;
}

/* t, into self->teacher.  Returns v. */
static double
label_row (const Evaluation *self, size_t row)
{
  const MxObjectiveBatch *batch = self->batch;
  double s = self->objective->smoothing, m = batch->mix ? batch->mix[row] : 1;
  size_t label = (size_t)batch->label[row];
  size_t other = m < 1 ? (size_t)batch->other[row] : label;

  for (size_t k = 0; k < batch->classes; k++)
    self->teacher[k] = s / (double)batch->classes;
  self->teacher[label] += (1 - s) * m;
  self->teacher[other] += (1 - s) * (1 - m);
  return m * class_weight (self, label) + (1 - m) * class_weight (self, other);
}

/* Sum over the exits of -o_e v t log softmax(z); @scale as for the gradient. */
static double
cross_entropy (const Evaluation *self, size_t row, double scale)
{
  size_t classes = self->batch->classes;
  double v = label_row (self, row), sum = 0;

  for (size_t e = 0; e < self->batch->exits; e++) {
    double share = v * self->weight[e];

    log_softmax (row_logits (self, e, row), classes, 1, self->student);
    for (size_t k = 0; k < classes; k++) {
      /* No class that is not meant, or 0 log 0 would be no number. */
      if (self->teacher[k] > 0)
        sum -= share * self->teacher[k] * self->student[k];
    }
    add_gradient (self, e, row, scale * share, self->student, self->teacher, 0);
  }
  return sum;
}

static void
evaluate_cross_entropies (const Evaluation *self, MxLoss *loss)
{
  const MxObjectiveBatch *batch = self->batch;
  double a = self->objective->augmented_weight;
  double clean = 1. / (double)self->counts.labelled;
  double perturbed = 1. / (double)self->counts.labelled_perturbed;

  for (size_t r = 0; r < batch->rows; r++) {
    if (batch->label[r] < 0)
      continue;
    if (batch->partner[r] < 0)
      loss->clean += clean * cross_entropy (self, r, clean / (1 + a));
    else if (a > 0)
      loss->perturbed +=
          perturbed * cross_entropy (self, r, perturbed * a / (1 + a));
  }
}

/* o_e KL (softmax (z_E / T) || softmax (z_e / T)), summed over the exits
 * before the last. */
static double
distil (const Evaluation *self, size_t row, double scale)
{
  size_t classes = self->batch->classes, last = self->batch->exits - 1;
  double temperature = self->objective->distillation_temperature;
  double *log_q = self->scratch, sum = 0;

  log_softmax (row_logits (self, last, row), classes, temperature, log_q);
  for (size_t k = 0; k < classes; k++)
    self->teacher[k] = exp (log_q[k]);
  for (size_t e = 0; e < last; e++) {
    log_softmax (
        row_logits (self, e, row), classes, temperature, self->student);
    for (size_t k = 0; k < classes; k++)
      sum += self->weight[e] * self->teacher[k] * (log_q[k] - self->student[k]);
    add_gradient (self, e, row, scale * self->weight[e] / temperature,
        self->student, self->teacher, 0);
  }
  return sum;
}

static void
evaluate_distillation (const Evaluation *self, MxLoss *loss)
{
  const MxObjectiveBatch *batch = self->batch;
  double t = self->objective->distillation_temperature;
  double weight = self->objective->distillation_weight;
  double students = 1 - self->weight[batch->exits - 1];
  double scale = t * t / (students * (double)self->counts.labelled);

  if (weight <= 0 || !(students > 0))
    return;
  for (size_t r = 0; r < batch->rows; r++) {
    if (batch->label[r] >= 0 && batch->partner[r] < 0)
      loss->distillation += scale * distil (self, r, scale * weight);
  }
}

static void
add_softmax (const Evaluation *self, size_t exit, size_t row, double weight)
{
  size_t classes = self->batch->classes;
  const float *const *logits =
      self->batch->teacher ? self->batch->teacher : self->logits;

  log_softmax (logits[exit] + row * classes, classes,
      self->objective->temperature, self->scratch);
  for (size_t k = 0; k < classes; k++)
    self->teacher[k] += weight * exp (self->scratch[k]);
}

/* The teacher's distribution on clean row @row for the student of @exit. */
static void
teach (const Evaluation *self, size_t exit, size_t row)
{
  size_t exits = self->batch->exits;

  memset (self->teacher, 0, self->batch->classes * sizeof (double));
  switch (self->objective->teacher) {
  case MX_TEACHER_OWN:
    add_softmax (self, exit, row, 1);
    break;
  case MX_TEACHER_LAST:
    add_softmax (self, exits - 1, row, 1);
    break;
  case MX_TEACHER_AVERAGE:
    for (size_t e = 0; e < exits; e++)
      add_softmax (self, e, row, 1. / (double)exits);
    break;
  }
}

static size_t
most_likely (const double *p, size_t n)
{
  size_t best = 0;

  for (size_t k = 1; k < n; k++) {
    if (p[k] > p[best])
      best = k;
  }
  return best;
}

/* The consistency of one perturbed row at one exit with self->teacher. */
static double
agree (const Evaluation *self, size_t exit, size_t row, double scale)
{
  size_t classes = self->batch->classes;
  double sum = 0;

  log_softmax (row_logits (self, exit, row), classes, 1, self->student);
  if (self->objective->target == MX_TARGET_HARD) {
    size_t label = most_likely (self->teacher, classes);

    add_gradient (self, exit, row, scale, self->student, NULL, label);
    return -self->student[label];
  }
  for (size_t k = 0; k < classes; k++) {
    double q = self->teacher[k];

    sum += q * (log (fmax (q, 1e-8)) - self->student[k]);
  }
  add_gradient (self, exit, row, scale, self->student, self->teacher, 0);
  return sum;
}

/* The mean is over all pairs: a batch of which little is trusted then also
 * moves the network little. */
static void
evaluate_consistency (const Evaluation *self, MxLoss *loss)
{
  const MxObjectiveBatch *batch = self->batch;
  const MxObjective *objective = self->objective;
  double n = (double)self->counts.pairs;
  double scale = objective->consistency_weight * self->ramp / n;
  size_t confident = 0;

  if (objective->consistency_weight <= 0 || self->counts.pairs == 0)
    return;
  for (size_t r = 0; r < batch->rows; r++) {
    for (size_t e = 0; e < batch->exits && batch->partner[r] >= 0; e++) {
      double confidence;

      if (e == 0 || objective->teacher == MX_TEACHER_OWN)
        teach (self, e, (size_t)batch->partner[r]);
      confidence = self->teacher[most_likely (self->teacher, batch->classes)];
      if (confidence < objective->threshold)
        continue;
      confident++;
      loss->consistency +=
          self->weight[e] * agree (self, e, r, scale * self->weight[e]);
      /* A teacher that is not a number must not pass for a pseudo-label. */
      if (isnan (confidence))
        loss->consistency = NAN;
    }
  }
  loss->consistency /= n;
  loss->confident = (double)confident / (n * (double)batch->exits);
}

MxObjectiveCounts
mx_objective_count (const MxObjectiveBatch *batch)
{
  MxObjectiveCounts counts = {0};

  for (size_t r = 0; r < batch->rows; r++) {
    bool clean = batch->partner[r] < 0, labelled = batch->label[r] >= 0;

    counts.pairs += !clean;
    counts.labelled += labelled && clean;
    counts.labelled_perturbed += labelled && !clean;
  }
  return counts;
}

void
mx_objective_evaluate (const MxObjective *objective, float ramp,
    const MxObjectiveBatch *batch, const float *const *logits,
    float *const *gradient, MxLoss *loss)
{
  size_t classes = batch->classes;
  double *memory = g_new (double, 3 * classes);
  Evaluation self = {
      .objective = objective,
      .batch = batch,
      .logits = logits,
      .gradient = gradient,
      .counts = batch->counts ? *batch->counts : mx_objective_count (batch),
      .ramp = ramp,
      .student = memory,
      .teacher = memory + classes,
      .scratch = memory + 2 * classes,
  };
  double a = objective->augmented_weight;

  for (size_t e = 0; e < batch->exits && gradient != NULL; e++)
    memset (gradient[e], 0, batch->rows * classes * sizeof (float));
  *loss = (MxLoss){0};
  weigh_exits (&self);
  evaluate_cross_entropies (&self, loss);
  evaluate_distillation (&self, loss);
  evaluate_consistency (&self, loss);
  loss->total = (loss->clean + a * loss->perturbed) / (1 + a) +
                objective->distillation_weight * loss->distillation +
                objective->consistency_weight * ramp * loss->consistency;
  g_free (memory);
}
