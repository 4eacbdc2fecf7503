/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Pseudo-random numbers: xoshiro256++ (D. Blackman, S. Vigna, 2019), seeded
 * through splitmix64.  Small, fast, the same on every machine, and its state
 * is four words that a checkpoint can hold.
 *
 * Chance that must not depend on order (which thread, which epoch came first)
 * gets a generator of its own from a seed and a stream number. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint64_t state[4];
} MxRng;

/* Generators of the same seed and different streams are independent. */
void mx_rng_init (MxRng *rng, uint64_t seed, uint64_t stream);

uint64_t mx_rng_next (MxRng *rng);

/* Uniform in [0, 1), 53 bits. */
double mx_rng_uniform (MxRng *rng);

/* Uniform in [low, high). */
double mx_rng_range (MxRng *rng, double low, double high);

/* Uniform between two ends in either order. */
double mx_rng_between (MxRng *rng, double a, double b);

/* True with this probability. */
bool mx_rng_chance (MxRng *rng, double probability);

/* Uniform integer in [0, n), without bias; n > 0. */
uint64_t mx_rng_below (MxRng *rng, uint64_t n);

/* Standard normal (polar method; draws in pairs and keeps none, so that the
 * state alone determines what follows). */
double mx_rng_normal (MxRng *rng);

/* Fisher-Yates: a random permutation of `order` [n]. */
void mx_rng_shuffle (MxRng *rng, uint32_t *order, size_t n);

/* One stream number out of two: for example epoch and example. */
uint64_t mx_rng_stream (uint64_t a, uint64_t b);
