/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The temperature T that makes an exit as sure as it is right: of softmax (z /
 * T) the mean negative log-likelihood of labelled windows is least.
 *
 *   NLL (T) = mean log sum_k exp (z_k / T) - z_y / T
 *
 * It is convex in a = 1 / T, with the derivative mean E[z] - z_y, E the
 * expectation under softmax (a z): so its sign is bisected, between bounds.  An
 * exit that errs nowhere would want T = 0, and one that knows nothing T =
 * infinity: either gets the bound.  The class that answers stays the same.
 * (C. Guo et al., On Calibration of Modern Neural Networks, 2017.) */
#pragma once

#include <stddef.h>

#define MX_MIN_TEMPERATURE .2f
#define MX_MAX_TEMPERATURE 5.f

/* @logits: n rows of @classes, @stride floats apart, each up to a constant of
 * its own (logarithms of probabilities will do); @truth: [n], -1: not known,
 * not counted.  1 if no truth is known, or if no T is better than another. */
float mx_temperature_fit (const float *logits, size_t stride, size_t n,
    size_t classes, const int *truth);
