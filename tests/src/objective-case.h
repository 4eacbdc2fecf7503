/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A batch of each kind of row, and objectives of each kind. */
#pragma once

#include "mx-objective.h"
#include "mx-rng.h"

#include <math.h>

#define EXITS 3
#define CLASSES 5
#define ROWS 8

/* Two labelled pairs, an unlabelled pair, a labelled and an unlabelled row
 * without a copy; the copies do not stand in the order of their partners. */
static const int32_t labels[ROWS] = {1, 4, -1, 4, 1, -1, 2, -1};
static const int32_t partners[ROWS] = {-1, -1, -1, 1, 0, 2, -1, -1};
static const MxObjectiveBatch batch = {ROWS, EXITS, CLASSES, labels, partners};

typedef double Logits[EXITS][ROWS][CLASSES];

/* Float logits, as the function takes them, and the same numbers in double. */
typedef struct {
  float z[EXITS][ROWS][CLASSES], g[EXITS][ROWS][CLASSES];
  Logits exact;
} Case;

static inline void
draw (Case *c, uint64_t seed)
{
  MxRng rng;

  mx_rng_init (&rng, seed, 0);
  for (int i = 0; i < EXITS * ROWS * CLASSES; i++) {
    float value = (float)mx_rng_range (&rng, -2, 2);

    (&c->z[0][0][0])[i] = value;
    (&c->exact[0][0][0])[i] = value;
    (&c->g[0][0][0])[i] = NAN; /* must be overwritten */
  }
}

static inline MxLoss
evaluate (const MxObjective *o, float ramp, const MxObjectiveBatch *b, Case *c)
{
  const float *logits[EXITS];
  float *gradient[EXITS];
  MxLoss loss;

  for (int e = 0; e < EXITS; e++) {
    logits[e] = &c->z[e][0][0];
    gradient[e] = &c->g[e][0][0];
  }
  mx_objective_evaluate (o, ramp, b, logits, gradient, &loss);
  return loss;
}

#define SOFT MX_TARGET_SOFT
#define HARD MX_TARGET_HARD
#define OWN MX_TEACHER_OWN
#define LAST MX_TEACHER_LAST
#define AVERAGE MX_TEACHER_AVERAGE

/* Thresholds near .4 mask about half of the pairs. */
static const struct {
  MxObjective objective;
  float ramp;
} objectives[] = {
    {{0, 0, 2, 0, SOFT, LAST, 0, 1}, 1},
    {{1, 0, 2, 0, SOFT, LAST, 0, 1}, 1},
    {{.5f, 0, 2, 0, SOFT, LAST, 0, 1}, 1},
    {{0, .5f, 2, 0, SOFT, LAST, 0, 1}, 1},
    {{0, 1, 1, 0, SOFT, LAST, 0, 1}, 1},
    {{0, 0, 2, 1, SOFT, LAST, 0, 1}, 1},
    {{0, 0, 2, 1, SOFT, OWN, 0, 1}, 1},
    {{0, 0, 2, 2, SOFT, AVERAGE, 0, 1}, 1},
    {{0, 0, 2, 1, SOFT, LAST, .4f, .5f}, .25f},
    {{0, 0, 2, 1, SOFT, OWN, .4f, 1}, 1},
    {{0, 0, 2, 1, SOFT, AVERAGE, .4f, 1}, 1},
    {{0, 0, 2, 1, HARD, LAST, 0, 1}, 1},
    {{0, 0, 2, 1, HARD, LAST, .4f, 1}, 1},
    {{0, 0, 2, 1, HARD, OWN, .4f, 1}, .5f},
    {{0, 0, 2, 3, HARD, AVERAGE, .4f, 2}, 1},
    {{1, .5f, 2, 1, SOFT, LAST, .4f, 1}, .7f},
    {{1, .5f, 3, 1, HARD, AVERAGE, .3f, 1}, .7f},
};
#define N_OBJECTIVES (sizeof (objectives) / sizeof (objectives[0]))
