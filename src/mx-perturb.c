/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The recipes and the order of the perturbations: mx-perturb-time.c moves
 * samples, mx-perturb-value.c changes them where they are, mx-perturb-noise.c
 * adds noise. */

#include "mx-perturb.h"

#include <glib.h>
#include <limits.h>
#include <math.h>

#include "mx-perturb-private.h"

struct _MxPerturb {
  float *memory;
  size_t size; /* in samples */
};

/* Each perturbation draws from its own generator, so that switching one off
 * or changing it leaves the draws of the others as they were.  These numbers
 * are part of what a seed means: never renumber. */
enum {
  DRAW_SPEED,
  DRAW_WARP,
  DRAW_SHIFT,
  DRAW_ROTATION,
  DRAW_CHANNEL_GAIN,
  DRAW_GAIN,
  DRAW_NOISE,
  DRAW_MASK,
  DRAW_DROP,
  DRAW_CLIP,
};

void
mx_perturbation_init (MxPerturbation *perturbation)
{
  *perturbation = (MxPerturbation){
      .strength = 1.0,
      .speed_low = 1.0,
      .speed_high = 1.0,
      .warp_low = 1.0,
      .warp_high = 1.0,
      .channel_gain_low = 1.0,
      .channel_gain_high = 1.0,
      .noise_low = 0.0,
      .noise_high = 30.0,
      .noise_white = 1.0,
  };
}

void
mx_perturbation_init_speech (MxPerturbation *perturbation)
{
  mx_perturbation_init (perturbation);
  perturbation->speed_probability = 1.0;
  perturbation->speed_low = 0.85;
  perturbation->speed_high = 1.18;
  perturbation->shift_probability = 1.0;
  perturbation->shift_low = -10.0;
  perturbation->shift_high = 10.0;
  perturbation->gain_probability = 1.0;
  perturbation->gain_low = -12.0;
  perturbation->gain_high = 12.0;
  perturbation->noise_probability = 0.8;
  perturbation->noise_white = 0.5;
  perturbation->noise_pink = 0.25;
  perturbation->noise_brown = 0.25;
}

void
mx_perturbation_init_motion (MxPerturbation *perturbation)
{
  mx_perturbation_init (perturbation);
  perturbation->warp_probability = 0.5;
  perturbation->warp_low = 0.75;
  perturbation->warp_high = 1.3;
  perturbation->shift_probability = 1.0;
  perturbation->shift_low = -10.0;
  perturbation->shift_high = 10.0;
  perturbation->shift_circular = true;
  perturbation->rotation_probability = 1.0;
  perturbation->rotation = 15.0;
  perturbation->channel_gain_probability = 1.0;
  perturbation->channel_gain_low = 0.8;
  perturbation->channel_gain_high = 1.25;
  perturbation->noise_probability = 0.8;
  perturbation->mask_probability = 1.0;
  perturbation->mask_low = 0.0;
  perturbation->mask_high = 0.64;
  perturbation->drop_probability = 0.1;
}

bool
mx_perturb_chance (MxRng *rng, double probability)
{
  return mx_rng_uniform (rng) < probability;
}

double
mx_perturb_between (MxRng *rng, double a, double b)
{
  return mx_rng_range (rng, fmin (a, b), fmax (a, b));
}

static bool
is_silent (const MxPlanes *planes, size_t frame)
{
  for (size_t c = 0; c < planes->channels; c++) {
    if (mx_planes_channel (planes, c)[frame] != 0.0f)
      return false;
  }
  return true;
}

MxActive
mx_planes_active (const MxPlanes *planes)
{
  MxActive active = {0, planes->n};

  while (active.end > 0 && is_silent (planes, active.end - 1))
    active.end--;
  while (active.first < active.end && is_silent (planes, active.first))
    active.first++;
  return active;
}

double
mx_planes_mean (const MxPlanes *planes, MxActive active, size_t channel)
{
  const float *samples = mx_planes_channel (planes, channel);
  double sum = 0.0;

  if (active.first == active.end)
    return 0.0;
  for (size_t i = active.first; i < active.end; i++)
    sum += samples[i];
  return sum / (double)(active.end - active.first);
}

double
mx_planes_deviation (const MxPlanes *planes, MxActive active, size_t channel)
{
  const float *samples = mx_planes_channel (planes, channel);
  double mean = mx_planes_mean (planes, active, channel), sum = 0.0;

  if (active.first == active.end)
    return 0.0;
  for (size_t i = active.first; i < active.end; i++)
    sum += (samples[i] - mean) * (samples[i] - mean);
  return sqrt (sum / (double)(active.end - active.first));
}

static double
shrink (double value, double nothing, double strength)
{
  return nothing + strength * (value - nothing);
}

/* All ranges by `strength` towards "no change".  The range of the shift
 * depends on the room there is and shrinks where that is known. */
static MxPerturbation
with_strength (const MxPerturbation *perturbation)
{
  MxPerturbation p = *perturbation;
  double s = p.strength, quieter = -20.0 * log10 (s);

  p.speed_low = shrink (p.speed_low, 1.0, s);
  p.speed_high = shrink (p.speed_high, 1.0, s);
  p.warp_low = shrink (p.warp_low, 1.0, s);
  p.warp_high = shrink (p.warp_high, 1.0, s);
  p.rotation = shrink (p.rotation, 0.0, s);
  p.channel_gain_low = shrink (p.channel_gain_low, 1.0, s);
  p.channel_gain_high = shrink (p.channel_gain_high, 1.0, s);
  p.gain_low = shrink (p.gain_low, 0.0, s);
  p.gain_high = shrink (p.gain_high, 0.0, s);
  p.noise_low += quieter;
  p.noise_high += quieter;
  p.mask_low = shrink (p.mask_low, 0.0, s);
  p.mask_high = shrink (p.mask_high, 0.0, s);
  p.drop_probability = shrink (p.drop_probability, 0.0, s);
  p.clip_low = shrink (p.clip_low, 0.0, s);
  p.clip_high = shrink (p.clip_high, 0.0, s);
  return p;
}

static void
perturb_planes (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *rest, const float *scale, uint64_t key, MxPerturbed *done)
{
  MxPerturbation p = with_strength (perturbation);
  MxRng draw[DRAW_CLIP + 1];

  for (uint64_t i = 0; i < G_N_ELEMENTS (draw); i++)
    mx_rng_init (&draw[i], key, i);

  mx_perturb_speed (planes, &p, &draw[DRAW_SPEED], done);
  mx_perturb_warp (planes, &p, &draw[DRAW_WARP], done);
  mx_perturb_shift (planes, &p, &draw[DRAW_SHIFT], done);
  mx_perturb_rotation (planes, &p, &draw[DRAW_ROTATION], done);
  mx_perturb_channel_gain (planes, &p, rest, &draw[DRAW_CHANNEL_GAIN]);
  mx_perturb_gain (planes, &p, &draw[DRAW_GAIN], done);
  mx_perturb_noise (planes, &p, scale, &draw[DRAW_NOISE], done);
  mx_perturb_mask (planes, &p, rest, &draw[DRAW_MASK], done);
  mx_perturb_drop (planes, &p, rest, &draw[DRAW_DROP], done);
  mx_perturb_clip (planes, &p, &draw[DRAW_CLIP], done);
}

MxPerturb *
mx_perturb_new (void)
{
  return g_new0 (MxPerturb, 1);
}

void
mx_perturb_free (MxPerturb *self)
{
  if (!self)
    return;
  g_free (self->memory);
  g_free (self);
}

static float *
reserve (MxPerturb *self, size_t size)
{
  if (self->size < size) {
    g_free (self->memory);
    self->memory = g_new (float, size);
    self->size = size;
  }
  return self->memory;
}

static void
separate (const MxSignal *signal, float *planes)
{
  for (size_t c = 0; c < signal->channels; c++) {
    for (size_t i = 0; i < signal->n; i++)
      planes[c * signal->n + i] = signal->samples[i * signal->channels + c];
  }
}

static void
interleave (const float *planes, MxSignal *signal)
{
  for (size_t c = 0; c < signal->channels; c++) {
    for (size_t i = 0; i < signal->n; i++)
      signal->samples[i * signal->channels + c] = planes[c * signal->n + i];
  }
}

void
mx_perturb_apply (MxPerturb *self, const MxPerturbation *perturbation,
    const float *rest, const float *scale, MxRng *rng, MxSignal *signal,
    MxPerturbed *done)
{
  uint64_t key = mx_rng_next (rng);
  MxPlanes planes = {signal->n, signal->channels, signal->rate};

  *done = (MxPerturbed){.speed = 1.0, .snr = INFINITY, .noise = -1};
  if (planes.n == 0 || planes.channels == 0 || !(perturbation->strength > 0.0))
    return;
  g_return_if_fail (planes.n <= INT_MAX && planes.rate > 0);

  planes.spare = reserve (self, planes.n * (planes.channels + 1));
  /* One channel is its own plane. */
  planes.planes =
      planes.channels > 1 ? planes.spare + planes.n : signal->samples;
  if (planes.channels > 1)
    separate (signal, planes.planes);
  perturb_planes (&planes, perturbation, rest, scale, key, done);
  if (planes.channels > 1)
    interleave (planes.planes, signal);
}
