/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-rng.h"

#include <glib.h>
#include <math.h>

/* splitmix64: counts in steps of GOLDEN and scrambles the count. */
#define GOLDEN UINT64_C (0x9e3779b97f4a7c15)

static uint64_t
scramble (uint64_t x)
{
  x = (x ^ (x >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

static uint64_t
rotate_left (uint64_t x, int bits)
{
  return (x << bits) | (x >> (64 - bits));
}

/* One to one in b for each a: streams of one seed never coincide. */
uint64_t
mx_rng_stream (uint64_t a, uint64_t b)
{
  return scramble (scramble (a + GOLDEN) + b + GOLDEN);
}

void
mx_rng_init (MxRng *rng, uint64_t seed, uint64_t stream)
{
  uint64_t count = mx_rng_stream (seed, stream);

  for (int i = 0; i < 4; i++)
    rng->state[i] = scramble (count += GOLDEN);
}

uint64_t
mx_rng_next (MxRng *rng)
{
  uint64_t *s = rng->state;
  uint64_t result = rotate_left (s[0] + s[3], 23) + s[0];
  uint64_t t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left (s[3], 45);
  return result;
}

double
mx_rng_uniform (MxRng *rng)
{
  return (double)(mx_rng_next (rng) >> 11) * 0x1p-53;
}

double
mx_rng_range (MxRng *rng, double low, double high)
{
  double value = low + (high - low) * mx_rng_uniform (rng);

  /* Rounding can reach the end that does not belong to the range. */
  return value < high ? value : low;
}

bool
mx_rng_chance (MxRng *rng, double probability)
{
  return mx_rng_uniform (rng) < probability;
}

double
mx_rng_between (MxRng *rng, double a, double b)
{
  return mx_rng_range (rng, fmin (a, b), fmax (a, b));
}

uint64_t
mx_rng_below (MxRng *rng, uint64_t n)
{
  uint64_t surplus, value;

  g_return_val_if_fail (n > 0, 0);

  /* 2^64 modulo n: without so many values, all remainders are as likely. */
  surplus = -n % n;
  do {
    value = mx_rng_next (rng);
  } while (value < surplus);
  return value % n;
}

double
mx_rng_normal (MxRng *rng)
{
  double x, y, square;

  do {
    x = 2.0 * mx_rng_uniform (rng) - 1.0;
    y = 2.0 * mx_rng_uniform (rng) - 1.0;
    square = x * x + y * y;
  } while (square >= 1.0 || square <= 0.0);
  return x * sqrt (-2.0 * log (square) / square);
}

void
mx_rng_shuffle (MxRng *rng, uint32_t *order, size_t n)
{
  for (size_t left = n; left > 1; left--) {
    size_t chosen = mx_rng_below (rng, left);
    uint32_t last = order[left - 1];

    order[left - 1] = order[chosen];
    order[chosen] = last;
  }
}
