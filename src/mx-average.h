/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A moving average of weights, for a teacher or for the model that is saved:
 *
 *   a = d a + (1 - d) w,  d = min (decay, (1 + step) / (10 + step))
 *
 * so that the first steps, far from where training leads, are soon forgotten.
 * Statistics of batch norm are averaged like weights.
 * (B. Polyak, A. Juditsky, 1992; as a teacher: A. Tarvainen, H. Valpola, Mean
 * teachers are better role models, arXiv 1703.01780, 2017.) */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct _MxAverage MxAverage;

/* Begins as a copy of @weights [n]. */
MxAverage *mx_average_new (const float *weights, size_t n);
void mx_average_free (MxAverage *self);

/* @step: steps done before the one that gave @weights; @decay: 0..1. */
void mx_average_update (
    MxAverage *self, const float *weights, uint64_t step, double decay);

/* [n]: the average, which is all of its state. */
float *mx_average_get_weights (MxAverage *self);
