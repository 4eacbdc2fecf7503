/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-curve.h"

#include <glib.h>
#include <math.h>

/* Of one window and exit.  The cost of a wrong answer is negative. */
typedef struct {
  float confidence, cost;
} Cell;

struct _MxCurve {
  unsigned exits;
  GArray *cells; /* [windows][exits] */
};

MxCurve *
mx_curve_new (void)
{
  MxCurve *self = g_new0 (MxCurve, 1);

  self->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  return self;
}

MxCurve *
mx_curve_copy (const MxCurve *self)
{
  MxCurve *copy = mx_curve_new ();

  copy->exits = self->exits;
  if (self->cells->len > 0)
    g_array_append_vals (copy->cells, self->cells->data, self->cells->len);
  return copy;
}

void
mx_curve_free (MxCurve *self)
{
  if (!self)
    return;
  g_array_unref (self->cells);
  g_free (self);
}

bool
mx_curve_add (MxCurve *self, const MxCurveExit *exits, unsigned n_exits)
{
  const size_t room = MX_CURVE_MAX_BYTES / sizeof (Cell);

  g_return_val_if_fail (n_exits >= 1 && n_exits <= MX_MAX_EXITS, false);

  if (self->exits == 0)
    self->exits = n_exits;
  if (n_exits != self->exits || self->cells->len + n_exits > room)
    return false;
  for (unsigned e = 0; e < n_exits; e++) {
    const float cost = exits[e].correct ? exits[e].cost : -exits[e].cost;
    const Cell cell = {exits[e].confidence, cost};

    g_array_append_val (self->cells, cell);
  }
  return true;
}

/* ------------------------------------------------------------- sweep */

/* What becomes of all when the threshold passes `confidence`: a window leaves
 * one exit for a deeper one. */
typedef struct {
  float confidence;
  int8_t correct;
  uint8_t depth;
  float from, to; /* costs */
} Step;

/* All windows at one threshold: sums. */
typedef struct {
  double correct, cost, depth;
} State;

static int
compare_steps (const void *a, const void *b)
{
  const Step *one = a, *other = b;

  return (one->confidence > other->confidence) -
         (one->confidence < other->confidence);
}

static void
add_cell (State *state, const Cell *cell, unsigned depth)
{
  state->correct += cell->cost > 0;
  state->cost += fabs (cell->cost);
  state->depth += depth;
}

/* A window stays at an exit until the threshold is above the exit's confidence;
 * then it goes to the next that is surer than all before it, or to the last. */
static void
add_steps (GArray *steps, const Cell *window, unsigned exits)
{
  unsigned at = 0;

  for (unsigned e = 1; e < exits; e++) {
    Step step;

    if (e + 1 < exits && window[e].confidence <= window[at].confidence)
      continue;
    step = (Step){
        .confidence = window[at].confidence,
        .correct = (int8_t)((window[e].cost > 0) - (window[at].cost > 0)),
        .depth = (uint8_t)(e - at),
        .from = fabsf (window[at].cost),
        .to = fabsf (window[e].cost),
    };
    g_array_append_val (steps, step);
    at = e;
  }
}

static GArray *
sort_steps (const MxCurve *self, State *first, State *last)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (Step));

  *first = *last = (State){0};
  for (size_t i = 0; i < self->cells->len; i += self->exits) {
    const Cell *window = &g_array_index (self->cells, Cell, i);

    add_cell (first, window, 1);
    add_cell (last, &window[self->exits - 1], self->exits);
    add_steps (steps, window, self->exits);
  }
  g_array_sort (steps, compare_steps);
  return steps;
}

static MxCurvePoint
point_of (const State *state, double n, double threshold)
{
  return (MxCurvePoint){
      threshold, state->correct / n, state->cost / n, state->depth / n};
}

typedef struct {
  MxCurveScores *scores;
  MxCurvePoint *points;
  size_t n_points, n_filled;
  bool suffices;     /* found */
  double best, area; /* accuracy so far; area under it so far */
  double first_cost, cost;
} Sweep;

/* The state that holds up to a threshold, that included. */
static void
visit (Sweep *self, const State *state, double threshold)
{
  const MxCurveScores *scores = self->scores;
  const MxCurvePoint point = point_of (state, (double)scores->n, threshold);

  self->area += self->best * (point.cost - self->cost);
  self->cost = point.cost;
  self->best = MAX (self->best, point.accuracy);
  if (!self->suffices &&
      point.accuracy >= scores->last.accuracy - MX_CURVE_TOLERANCE - 1e-12) {
    self->suffices = true;
    self->scores->sufficient = point;
  }
  while (self->n_filled < self->n_points) {
    double t = (double)self->n_filled / (double)(self->n_points - 1);

    /* The policy has it as a float. */
    if (threshold < (float)t)
      break;
    self->points[self->n_filled] = point;
    self->points[self->n_filled++].threshold = t;
  }
}

static void
sweep (Sweep *self, State state, const GArray *steps)
{
  for (size_t i = 0; i < steps->len;) {
    const float confidence = g_array_index (steps, Step, i).confidence;

    visit (self, &state, confidence);
    for (; i < steps->len; i++) {
      const Step *step = &g_array_index (steps, Step, i);

      if (step->confidence > confidence)
        break;
      state.correct += step->correct;
      state.cost += (double)step->to - step->from;
      state.depth += step->depth;
    }
  }
}

void
mx_curve_solve (const MxCurve *self, MxCurveScores *scores,
    MxCurvePoint *points, size_t n_points)
{
  const MxCurvePoint none = {NAN, NAN, NAN, NAN};
  Sweep state = {.scores = scores, .points = points, .n_points = n_points};
  State first, last;
  GArray *steps;
  float highest;

  *scores = (MxCurveScores){0, NAN, none, none};
  for (size_t i = 0; i < n_points; i++) {
    points[i] = none;
    points[i].threshold = (double)i / (double)(n_points - 1);
  }
  if (self->cells->len == 0)
    return;
  scores->n = self->cells->len / self->exits;
  steps = sort_steps (self, &first, &last);
  highest = steps->len > 0
                ? g_array_index (steps, Step, steps->len - 1).confidence
                : 0;
  scores->last = point_of (&last, (double)scores->n, highest < 1 ? 1 : NAN);
  state.first_cost = state.cost = first.cost / (double)scores->n;
  sweep (&state, first, steps);
  visit (&state, &last, highest < 1 ? 1 : NAN);
  scores->area = state.cost > state.first_cost
                     ? state.area / (state.cost - state.first_cost)
                     : state.best;
  g_array_unref (steps);
}
