/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-tradeoff.h"

#include <math.h>
#include <stdlib.h>

#define LEVELS 200    /* of agreement */
#define COST_STEP .02 /* from point to point at least one */

/* Of the logarithm of prices: from 1/64, where the first exit answers nearly
 * everything, to 2^14: beyond, one disagreement in as many windows counts. */
#define FIRST_PRICE -6.
#define LAST_PRICE 14.
#define PRICE_STEP .5

#define MAX_ROUNDS 50 /* of a descent; some five are the rule */

static const MxExitAnswer *
answer_of (const MxExitAnswers *self, size_t window, unsigned exit)
{
  return &self->answers[window * self->exits + exit];
}

/* The first exit from @exit on that answers, counted from 0. */
static unsigned
first_to_answer (const MxExitAnswers *self, size_t window, unsigned exit,
    const float *thresholds)
{
  while (exit + 1 < self->exits &&
         answer_of (self, window, exit)->confidence < thresholds[exit])
    exit++;
  return exit;
}

/* --- sums over windows --- */

typedef struct {
  double cost;
  size_t agreeing, right;
} Sums;

static void
sums_add (Sums *sums, const MxExitAnswers *self, size_t window, unsigned exit)
{
  const MxExitAnswer *answer = answer_of (self, window, exit);

  sums->cost += self->costs[exit];
  sums->agreeing += answer->agrees;
  sums->right += answer->right;
}

static void
sums_remove (
    Sums *sums, const MxExitAnswers *self, size_t window, unsigned exit)
{
  const MxExitAnswer *answer = answer_of (self, window, exit);

  sums->cost -= self->costs[exit];
  sums->agreeing -= answer->agrees;
  sums->right -= answer->right;
}

static void
sums_read (const Sums *sums, const MxExitAnswers *self, MxOperatingPoint *point)
{
  point->cost = sums->cost / self->n;
  point->agreement = (double)sums->agreeing / self->n;
  point->accuracy =
      self->labelled > 0 ? (double)sums->right / self->labelled : NAN;
}

void
mx_tradeoff_evaluate (const MxExitAnswers *self, MxOperatingPoint *point)
{
  Sums sums = {0};

  for (size_t i = 0; i < self->n; i++)
    sums_add (&sums, self, i, first_to_answer (self, i, 0, point->thresholds));
  sums_read (&sums, self, point);
}

/* A threshold above @below that @reached reaches: half way, so that the last
 * bits of another processor's confidences do not matter. */
static float
between (float below, float reached)
{
  float middle = below + (reached - below) / 2;

  return middle > below ? middle : reached;
}

static void
set_all (MxOperatingPoint *point, float threshold)
{
  for (size_t e = 0; e < MX_MAX_EXITS; e++)
    point->thresholds[e] = threshold;
}

/* --- one threshold --- */

/* An exit other than the last, of a window. */
typedef struct {
  float confidence;
  unsigned exit;
  size_t window;
} Step;

static int
compare_steps (const void *a, const void *b)
{
  const Step *one = a, *other = b;

  return (one->confidence > other->confidence) -
         (one->confidence < other->confidence);
}

static Step *
sort_steps (const MxExitAnswers *self, size_t *n)
{
  Step *steps = g_new (Step, self->n * self->exits + 1);

  *n = 0;
  for (size_t i = 0; i < self->n; i++)
    for (unsigned e = 0; e + 1 < self->exits; e++)
      steps[(*n)++] = (Step){answer_of (self, i, e)->confidence, e, i};
  qsort (steps, *n, sizeof *steps, compare_steps);
  return steps;
}

typedef struct {
  const MxExitAnswers *answers;
  unsigned *exits; /* [n]: that answers now */
  Sums sums;
  GArray *points;
  int level; /* of agreement, the highest until now */
} Sweep;

/* 1e-9: so that 98 of 100 are 98 %. */
static int
level_of (const MxOperatingPoint *point)
{
  return (int)floor (point->agreement * LEVELS + 1e-9);
}

static void
consider (Sweep *self, float threshold, bool last)
{
  const guint n = self->points->len;
  MxOperatingPoint point;
  double before =
      n > 0 ? g_array_index (self->points, MxOperatingPoint, n - 1).cost : 0;

  sums_read (&self->sums, self->answers, &point);
  set_all (&point, threshold);
  if (point.cost <= before + 1e-9)
    return;
  if (!last && point.cost < before + COST_STEP &&
      level_of (&point) <= self->level)
    return;
  self->level = MAX (self->level, level_of (&point));
  g_array_append_val (self->points, point);
}

/* The threshold passes a step: it no longer answers. */
static void
pass (Sweep *self, const Step *step)
{
  const MxExitAnswers *answers = self->answers;
  unsigned exit = step->exit;

  if (self->exits[step->window] != exit)
    return;
  sums_remove (&self->sums, answers, step->window, exit);
  do
    exit++;
  while (
      exit + 1 < answers->exits &&
      answer_of (answers, step->window, exit)->confidence <= step->confidence);
  self->exits[step->window] = exit;
  sums_add (&self->sums, answers, step->window, exit);
}

GArray *
mx_tradeoff_of_one_threshold (const MxExitAnswers *answers)
{
  size_t n, i = 0;
  g_autofree Step *steps = sort_steps (answers, &n);
  g_autofree unsigned *exits = g_new0 (unsigned, answers->n);
  Sweep sweep = {.answers = answers, .exits = exits, .level = -1};

  sweep.points = g_array_new (FALSE, FALSE, sizeof (MxOperatingPoint));
  for (size_t w = 0; w < answers->n; w++)
    sums_add (&sweep.sums, answers, w, 0);
  consider (&sweep, 0, true);
  /* No threshold is above 1. */
  while (i < n && steps[i].confidence < 1) {
    float passed = steps[i].confidence;

    while (i < n && steps[i].confidence == passed)
      pass (&sweep, &steps[i++]);
    consider (&sweep, between (passed, i < n ? steps[i].confidence : 1),
        i == n || steps[i].confidence >= 1);
  }
  return sweep.points;
}

/* --- a threshold for each exit --- */

typedef struct {
  const MxExitAnswers *answers;
  Step **order; /* [exits - 1][n], falling confidence */
  double price;
} Descent;

static double
loss (const Descent *self, const MxOperatingPoint *point)
{
  return point->cost + self->price * (1 - point->agreement);
}

/* What a window would lose by leaving here, beside going on. */
static double
loss_of_leaving (
    const Descent *self, size_t window, unsigned exit, const float *thresholds)
{
  const MxExitAnswers *answers = self->answers;
  unsigned next = first_to_answer (answers, window, exit + 1, thresholds);

  return answers->costs[exit] - answers->costs[next] +
         self->price * ((double)answer_of (answers, window, next)->agrees -
                           answer_of (answers, window, exit)->agrees);
}

/* The best for one exit, the others' given. */
static float
best_threshold (const Descent *self, unsigned exit, const float *thresholds)
{
  const size_t n = self->answers->n;
  const Step *order = self->order[exit];
  double sum = 0, least = 0;
  float best = between (MIN (order[0].confidence, 1), 1);

  for (size_t i = 0; i < n; i++) {
    size_t window = order[i].window;
    float next = i + 1 < n ? order[i + 1].confidence : 0;

    if (first_to_answer (self->answers, window, 0, thresholds) >= exit)
      sum += loss_of_leaving (self, window, exit, thresholds);
    if (next == order[i].confidence && i + 1 < n)
      continue;
    /* Of equal ones the deepest; what is certain cannot but leave. */
    if (sum < least - 1e-9 || order[i].confidence >= 1) {
      least = sum;
      best = i + 1 < n ? between (next, order[i].confidence) : 0;
    }
  }
  return best;
}

static void
descend (const Descent *self, MxOperatingPoint *point)
{
  double before;

  mx_tradeoff_evaluate (self->answers, point);
  for (int round = 0; round < MAX_ROUNDS; round++) {
    before = loss (self, point);
    for (unsigned e = 0; e + 1 < self->answers->exits; e++)
      point->thresholds[e] = best_threshold (self, e, point->thresholds);
    mx_tradeoff_evaluate (self->answers, point);
    if (loss (self, point) >= before - 1e-9)
      break;
  }
}

static const MxOperatingPoint *
best_of (const Descent *self, const GArray *points)
{
  const MxOperatingPoint *best = &g_array_index (points, MxOperatingPoint, 0);

  for (guint i = 1; i < points->len; i++) {
    const MxOperatingPoint *point =
        &g_array_index (points, MxOperatingPoint, i);

    if (loss (self, point) < loss (self, best))
      best = point;
  }
  return best;
}

static int
compare_falling (const void *a, const void *b)
{
  return compare_steps (b, a);
}

static Step **
order_windows (const MxExitAnswers *answers)
{
  Step **order = g_new0 (Step *, answers->exits);

  for (unsigned e = 0; e + 1 < answers->exits; e++) {
    order[e] = g_new (Step, answers->n);
    for (size_t i = 0; i < answers->n; i++)
      order[e][i] = (Step){answer_of (answers, i, e)->confidence, e, i};
    qsort (order[e], answers->n, sizeof (Step), compare_falling);
  }
  return order;
}

static int
compare_points (const void *a, const void *b)
{
  const MxOperatingPoint *one = a, *other = b;

  if (one->cost != other->cost)
    return one->cost < other->cost ? -1 : 1;
  return (one->agreement < other->agreement) -
         (one->agreement > other->agreement);
}

/* Those that no cheaper one equals. */
static void
keep_best (GArray *points)
{
  double best = -1;
  guint n = 0;

  g_array_sort (points, compare_points);
  for (guint i = 0; i < points->len; i++) {
    MxOperatingPoint *point = &g_array_index (points, MxOperatingPoint, i);

    if (point->agreement <= best)
      continue;
    best = point->agreement;
    g_array_index (points, MxOperatingPoint, n++) = *point;
  }
  g_array_set_size (points, n);
}

GArray *
mx_tradeoff_of_each_threshold (const MxExitAnswers *answers)
{
  g_autoptr (GArray) common = mx_tradeoff_of_one_threshold (answers);
  GArray *points = g_array_new (FALSE, FALSE, sizeof (MxOperatingPoint));
  Descent descent = {.answers = answers, .order = order_windows (answers)};

  for (double p = FIRST_PRICE; p <= LAST_PRICE; p += PRICE_STEP) {
    MxOperatingPoint point;

    descent.price = exp2 (p);
    point = *best_of (&descent, common);
    descend (&descent, &point);
    g_array_append_val (points, point);
  }
  keep_best (points);
  for (unsigned e = 0; e < answers->exits; e++)
    g_free (descent.order[e]);
  g_free (descent.order);
  return points;
}
