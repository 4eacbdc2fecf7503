/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Added noise: its colours and its level. */

#include "mx-perturb-private.h"

#include <glib.h>
#include <math.h>

#include "mx-ops.h"

/* Pink down to a 2^16th of the rate. */
#define PINK_OCTAVES 16
/* Below this part of the rate brown noise is white: it stays bounded, and
 * most of its power is where a signal of that rate can be disturbed. */
#define BROWN_CORNER (1.0 / 1024.0)

static void
fill_white (MxRng *rng, float *noise, size_t n)
{
  for (size_t i = 0; i < n; i++)
    noise[i] = (float)mx_rng_normal (rng);
}

/* After Voss and McCartney: a sum of generators of equal power, the first new
 * at each sample, each other one half as often as the one before.  They take
 * turns: due is the one that the trailing zeros of the sample's number name. */
static void
fill_pink (MxRng *rng, float *noise, size_t n)
{
  double held[PINK_OCTAVES], sum = 0.0;

  for (size_t k = 0; k < PINK_OCTAVES; k++)
    sum += held[k] = mx_rng_normal (rng);
  for (size_t i = 0; i < n; i++) {
    size_t k = 0;

    while (k < PINK_OCTAVES && ((i + 1) >> k & 1) == 0)
      k++;
    if (k < PINK_OCTAVES) {
      sum -= held[k];
      sum += held[k] = mx_rng_normal (rng);
    }
    noise[i] = (float)(sum + mx_rng_normal (rng));
  }
}

static void
fill_brown (MxRng *rng, float *noise, size_t n)
{
  double keep = exp (-2.0 * G_PI * BROWN_CORNER);
  double level = mx_rng_normal (rng) / sqrt (1.0 - keep * keep);

  for (size_t i = 0; i < n; i++) {
    level = keep * level + mx_rng_normal (rng);
    noise[i] = (float)level;
  }
}

static void
normalise_power (float *noise, size_t n)
{
  double power = 0.0;

  for (size_t i = 0; i < n; i++)
    power += (double)noise[i] * noise[i];
  if (power > 0.0)
    mx_ops_scale (noise, (float)sqrt ((double)n / power), (int)n);
}

void
mx_perturb_noise_fill (MxNoise colour, MxRng *rng, float *noise, size_t n)
{
  switch (colour) {
  case MX_NOISE_WHITE:
    fill_white (rng, noise, n);
    break;
  case MX_NOISE_PINK:
    fill_pink (rng, noise, n);
    break;
  case MX_NOISE_BROWN:
    fill_brown (rng, noise, n);
    break;
  }
  normalise_power (noise, n);
}

static MxNoise
draw_colour (const MxPerturbation *perturbation, MxRng *rng)
{
  double white = perturbation->noise_white, pink = perturbation->noise_pink;
  double all = white + pink + perturbation->noise_brown;
  double drawn = mx_rng_range (rng, 0.0, all);

  if (!(all > 0.0) || drawn < white)
    return MX_NOISE_WHITE;
  return drawn < white + pink ? MX_NOISE_PINK : MX_NOISE_BROWN;
}

/* Each channel gets noise of its own, at the same ratio to its own level. */
void
mx_perturb_noise (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *scale, MxRng *rng, MxPerturbed *done)
{
  MxActive active = mx_planes_active (planes);
  double snr, ratio;
  MxNoise colour;

  if (!mx_rng_chance (rng, perturbation->noise_probability) ||
      active.first == active.end)
    return;
  snr = mx_rng_between (rng, perturbation->noise_low, perturbation->noise_high);
  colour = draw_colour (perturbation, rng);
  ratio = pow (10.0, -snr / 20.0);
  for (size_t c = 0; c < planes->channels; c++) {
    double reference =
        scale ? scale[c] : mx_planes_deviation (planes, active, c);

    mx_perturb_noise_fill (colour, rng, planes->spare, planes->n);
    mx_ops_add_scaled (mx_planes_channel (planes, c), planes->spare,
        (float)(ratio * reference), (int)planes->n);
  }
  done->snr = snr;
  done->noise = colour;
}
