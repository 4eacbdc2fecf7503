/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What befalls electrodes on a moving body: they turn around the limb; wander
 * of the baseline, hum of the mains, motion. */

#include "mx-perturb-private.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* Breathing and slow movement. */
#define WANDER_LOW 0.1  /* Hz */
#define WANDER_HIGH 0.7 /* Hz */
/* The straight line beside the sine: at most so much of its amplitude. */
#define WANDER_SLOPE 0.6
#define MOTION_KNOTS 16.0 /* in a second */

/* By one place: the last channel becomes the first. */
static void
turn (MxPlanes *planes)
{
  size_t size = planes->n * sizeof (float);
  size_t last = planes->channels - 1;

  memcpy (planes->spare, mx_planes_channel (planes, last), size);
  memmove (mx_planes_channel (planes, 1), planes->planes, last * size);
  memcpy (planes->planes, planes->spare, size);
}

/* Half a ring at most, in either direction, and never by nothing. */
void
mx_perturb_channel_shift (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done)
{
  double widest =
      fmin (perturbation->channel_shift, (double)(planes->channels / 2));
  int places;

  if (!mx_rng_chance (rng, perturbation->channel_shift_probability) ||
      !(widest >= 1.0))
    return;
  places = 1 + (int)mx_rng_below (rng, (uint64_t)widest);
  if (mx_rng_chance (rng, 0.5))
    places = -places;
  done->channel_shift = places;
  if (places < 0)
    places += (int)planes->channels;
  while (places-- > 0)
    turn (planes);
}

static double
reference_of (
    const MxPlanes *planes, MxActive active, const float *scale, size_t c)
{
  return scale ? scale[c] : mx_planes_deviation (planes, active, c);
}

static void
add_sine (
    float *samples, size_t n, double amplitude, double radians, double phase)
{
  for (size_t i = 0; i < n; i++)
    samples[i] += (float)(amplitude * sin (radians * (double)i + phase));
}

/* From -height at the first frame to height at the last. */
static void
add_line (float *samples, size_t n, double height)
{
  for (size_t i = 0; i < n; i++)
    samples[i] +=
        (float)(n > 1 ? height * (2.0 * (double)i / (double)(n - 1) - 1.0)
                      : 0.0);
}

/* The body breathes at one rate; each electrode feels it in its own way. */
void
mx_perturb_wander (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *scale, MxRng *rng, MxPerturbed *done)
{
  MxActive active = mx_planes_active (planes);
  double radians;

  if (!mx_rng_chance (rng, perturbation->wander_probability) ||
      active.first == active.end || !(perturbation->wander > 0.0))
    return;
  radians = 2.0 * G_PI * mx_rng_range (rng, WANDER_LOW, WANDER_HIGH) /
            (double)planes->rate;
  for (size_t c = 0; c < planes->channels; c++) {
    double reference = reference_of (planes, active, scale, c);
    double largest = perturbation->wander * reference;
    double amplitude = mx_rng_range (rng, 0.0, largest);
    double height = WANDER_SLOPE * mx_rng_range (rng, -largest, largest);
    float *samples = mx_planes_channel (planes, c);

    add_sine (samples, planes->n, amplitude, radians,
        mx_rng_range (rng, 0.0, 2.0 * G_PI));
    add_line (samples, planes->n, height);
  }
  done->wander = true;
}

/* In phase everywhere, since it comes from one mains. */
void
mx_perturb_hum (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *scale, MxRng *rng, MxPerturbed *done)
{
  MxActive active = mx_planes_active (planes);
  double frequency, phase;

  if (!mx_rng_chance (rng, perturbation->hum_probability) ||
      active.first == active.end || !(perturbation->hum > 0.0))
    return;
  frequency = mx_rng_chance (rng, 0.5) ? 50.0 : 60.0;
  phase = mx_rng_range (rng, 0.0, 2.0 * G_PI);
  /* The sensor's own filter lets nothing above half its rate through. */
  if (2.0 * frequency >= (double)planes->rate)
    return;
  for (size_t c = 0; c < planes->channels; c++) {
    double reference = reference_of (planes, active, scale, c);

    add_sine (mx_planes_channel (planes, c), planes->n,
        mx_rng_range (rng, 0.0, perturbation->hum * reference),
        2.0 * G_PI * frequency / (double)planes->rate, phase);
  }
  done->hum = frequency;
}

/* Straight lines between normal knots. */
static void
add_motion (float *samples, size_t n, double rate, double amplitude, MxRng *rng)
{
  double from = mx_rng_normal (rng), to = mx_rng_normal (rng), at = 0.0;

  for (size_t i = 0; i < n; i++) {
    samples[i] += (float)(amplitude * (from + at * (to - from)));
    for (at += MOTION_KNOTS / rate; at >= 1.0; at -= 1.0) {
      from = to;
      to = mx_rng_normal (rng);
    }
  }
}

void
mx_perturb_motion (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *scale, MxRng *rng, MxPerturbed *done)
{
  MxActive active = mx_planes_active (planes);

  if (!mx_rng_chance (rng, perturbation->motion_probability) ||
      active.first == active.end || !(perturbation->motion > 0.0))
    return;
  for (size_t c = 0; c < planes->channels; c++) {
    double reference = reference_of (planes, active, scale, c);
    double amplitude =
        mx_rng_range (rng, 0.0, perturbation->motion * reference);

    add_motion (mx_planes_channel (planes, c), planes->n, (double)planes->rate,
        amplitude, rng);
  }
  done->motion = true;
}
