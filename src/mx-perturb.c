/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The order of the perturbations: mx-perturb-time.c moves samples,
 * mx-perturb-value.c changes them where they are, mx-perturb-noise.c and
 * mx-perturb-electrode.c are what sensors suffer. */

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
  DRAW_FLIP,
  DRAW_WANDER,
  DRAW_HUM,
  DRAW_MOTION,
  DRAW_CHANNEL_SHIFT,
  N_DRAWS
};

static void
perturb_planes (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *rest, const float *scale, uint64_t key, MxPerturbed *done)
{
  MxPerturbation p = mx_perturbation_with_strength (perturbation);
  MxRng draw[N_DRAWS];

  for (uint64_t i = 0; i < G_N_ELEMENTS (draw); i++)
    mx_rng_init (&draw[i], key, i);

  mx_perturb_speed (planes, &p, &draw[DRAW_SPEED], done);
  mx_perturb_warp (planes, &p, &draw[DRAW_WARP], done);
  mx_perturb_shift (planes, &p, &draw[DRAW_SHIFT], done);
  mx_perturb_rotation (planes, &p, &draw[DRAW_ROTATION], done);
  mx_perturb_channel_shift (planes, &p, &draw[DRAW_CHANNEL_SHIFT], done);
  mx_perturb_channel_gain (planes, &p, rest, &draw[DRAW_CHANNEL_GAIN]);
  mx_perturb_flip (planes, &p, rest, &draw[DRAW_FLIP], done);
  mx_perturb_gain (planes, &p, &draw[DRAW_GAIN], done);
  mx_perturb_noise (planes, &p, scale, &draw[DRAW_NOISE], done);
  mx_perturb_wander (planes, &p, scale, &draw[DRAW_WANDER], done);
  mx_perturb_hum (planes, &p, scale, &draw[DRAW_HUM], done);
  mx_perturb_motion (planes, &p, scale, &draw[DRAW_MOTION], done);
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
