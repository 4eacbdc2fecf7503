/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The perturbations that move samples in time: speed, warp, shift. */

#include "mx-perturb-private.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define WARP_KNOTS 5

static float
interpolate (const float *samples, size_t n, double position)
{
  size_t i = (size_t)position;

  if (i + 1 >= n)
    return samples[n - 1];
  return (float)(samples[i] + (position - (double)i) *
                                  ((double)samples[i + 1] - samples[i]));
}

/* Where a stretched active part begins: centred on where it was, moved inside
 * where it fits, cropped alike at both ends where it does not. */
static ptrdiff_t
stretched_start (const MxPlanes *planes, MxActive active, size_t stretched)
{
  ptrdiff_t room = (ptrdiff_t)planes->n - (ptrdiff_t)stretched;
  ptrdiff_t length = (ptrdiff_t)(active.end - active.first);
  ptrdiff_t start =
      (ptrdiff_t)active.first + (length - (ptrdiff_t)stretched) / 2;

  if (room < 0)
    return room / 2;
  return start < 0 ? 0 : start > room ? room : start;
}

static void
stretch_channel (float *samples, float *copy, size_t n, MxActive active,
    ptrdiff_t start, size_t stretched)
{
  size_t length = active.end - active.first;
  double step = stretched > 1 ? (length - 1.0) / (stretched - 1.0) : 0.0;
  size_t first = start > 0 ? (size_t)start : 0;
  size_t end = (size_t)(start + (ptrdiff_t)stretched);

  memcpy (copy, samples + active.first, length * sizeof (float));
  memset (samples, 0, n * sizeof (float));
  for (size_t i = first; i < end && i < n; i++)
    samples[i] =
        interpolate (copy, length, step * (double)((ptrdiff_t)i - start));
}

void
mx_perturb_speed (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done)
{
  MxActive active = mx_planes_active (planes);
  size_t length = active.end - active.first;
  size_t stretched;
  ptrdiff_t start;
  double factor;

  if (!mx_rng_chance (rng, perturbation->speed_probability) || length == 0)
    return;
  factor =
      mx_rng_between (rng, perturbation->speed_low, perturbation->speed_high);
  stretched = (size_t)llround (fmax (1.0, factor * (double)length));
  if (stretched == length)
    return;
  start = stretched_start (planes, active, stretched);
  for (size_t c = 0; c < planes->channels; c++)
    stretch_channel (mx_planes_channel (planes, c), planes->spare, planes->n,
        active, start, stretched);
  done->speed = factor;
}

/* The speed at frame i: straight lines between knots, so that the position,
 * its integral, is smooth. */
static double
local_speed (const double *knots, size_t i, size_t n)
{
  double x = (WARP_KNOTS - 1) * (double)i / (double)(n - 1);
  size_t k = (size_t)x;

  if (k >= WARP_KNOTS - 1)
    return knots[WARP_KNOTS - 1];
  return knots[k] + (x - (double)k) * (knots[k + 1] - knots[k]);
}

static double
distance_travelled (const double *knots, size_t n)
{
  double sum = 0.0;

  for (size_t i = 1; i < n; i++)
    sum += local_speed (knots, i - 1, n) + local_speed (knots, i, n);
  return sum / 2.0;
}

/* Both ends stay where they are: what lies between moves. */
static void
warp_channel (
    float *samples, float *copy, size_t n, const double *knots, double distance)
{
  double unit = (double)(n - 1) / distance, position = 0.0;

  memcpy (copy, samples, n * sizeof (float));
  for (size_t i = 1; i < n - 1; i++) {
    position += unit / 2.0 *
                (local_speed (knots, i - 1, n) + local_speed (knots, i, n));
    samples[i] = interpolate (copy, n, position);
  }
}

void
mx_perturb_warp (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done)
{
  MxActive active = mx_planes_active (planes);
  double knots[WARP_KNOTS], distance;
  bool even = true;

  if (!mx_rng_chance (rng, perturbation->warp_probability) ||
      active.first == active.end || planes->n < 3)
    return;
  for (size_t k = 0; k < WARP_KNOTS; k++) {
    knots[k] =
        mx_rng_between (rng, perturbation->warp_low, perturbation->warp_high);
    even = even && knots[k] == knots[0];
  }
  distance = distance_travelled (knots, planes->n);
  if (even || !(distance > 0.0))
    return;
  for (size_t c = 0; c < planes->channels; c++)
    warp_channel (mx_planes_channel (planes, c), planes->spare, planes->n,
        knots, distance);
  done->warped = true;
}

/* Whole frames in [low, high] s, as far as [least, most] lets them.  The limit
 * comes before the strength: "anywhere" at half strength is half way. */
static ptrdiff_t
draw_shift (const MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, ptrdiff_t least, ptrdiff_t most)
{
  double rate = (double)planes->rate;
  double a = perturbation->shift_low * rate;
  double b = perturbation->shift_high * rate;
  double low = fmin (fmax (fmin (a, b), (double)least), (double)most);
  double high = fmin (fmax (fmax (a, b), (double)least), (double)most);
  ptrdiff_t first = (ptrdiff_t)ceil (low * perturbation->strength);
  ptrdiff_t last = (ptrdiff_t)floor (high * perturbation->strength);

  if (last <= first)
    return first;
  return first + (ptrdiff_t)mx_rng_below (rng, (uint64_t)(last - first) + 1);
}

static void
rotate_channel (float *samples, float *copy, size_t n, size_t by)
{
  memcpy (copy, samples, n * sizeof (float));
  memcpy (samples + by, copy, (n - by) * sizeof (float));
  memcpy (samples, copy + n - by, by * sizeof (float));
}

void
mx_perturb_shift (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done)
{
  MxActive active = mx_planes_active (planes);
  ptrdiff_t n = (ptrdiff_t)planes->n, shift;

  if (!mx_rng_chance (rng, perturbation->shift_probability) ||
      active.first == active.end)
    return;
  /* The active part stays inside, so plain shift and circular shift are one
   * and the same movement: what leaves at one end is the same as what enters
   * at the other, zeros. */
  if (perturbation->shift_circular)
    shift = draw_shift (planes, perturbation, rng, -(n / 2), (n - 1) / 2);
  else
    shift = draw_shift (planes, perturbation, rng, -(ptrdiff_t)active.first,
        n - (ptrdiff_t)active.end);
  if (shift == 0)
    return;
  for (size_t c = 0; c < planes->channels; c++)
    rotate_channel (mx_planes_channel (planes, c), planes->spare, planes->n,
        (size_t)(shift < 0 ? shift + n : shift));
  done->shift = (double)shift / (double)planes->rate;
}
