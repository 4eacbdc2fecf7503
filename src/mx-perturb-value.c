/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The perturbations that change values where they are: rotation, gains, flip,
 * mask, drop, clipping. */

#include "mx-perturb-private.h"

#include <glib.h>
#include <math.h>

#include "mx-ops.h"

/* The matrix that turns by `angle` about a random axis (Rodrigues). */
static void
draw_rotation (MxRng *rng, double angle, double m[3][3])
{
  double x[3], norm = 0.0, c = cos (angle), s = sin (angle);

  for (size_t i = 0; i < 3; i++) {
    x[i] = mx_rng_normal (rng);
    norm += x[i] * x[i];
  }
  norm = sqrt (norm);
  for (size_t i = 0; i < 3; i++)
    x[i] /= norm;
  for (size_t i = 0; i < 3; i++) {
    size_t j = (i + 1) % 3, k = (i + 2) % 3;

    m[i][i] = c + (1.0 - c) * x[i] * x[i];
    m[i][j] = (1.0 - c) * x[i] * x[j] - s * x[k];
    m[i][k] = (1.0 - c) * x[i] * x[k] + s * x[j];
  }
}

static void
rotate_group (float *x, float *y, float *z, size_t n, double m[3][3])
{
  for (size_t i = 0; i < n; i++) {
    double a = x[i], b = y[i], c = z[i];

    x[i] = (float)(m[0][0] * a + m[0][1] * b + m[0][2] * c);
    y[i] = (float)(m[1][0] * a + m[1][1] * b + m[1][2] * c);
    z[i] = (float)(m[2][0] * a + m[2][1] * b + m[2][2] * c);
  }
}

void
mx_perturb_rotation (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done)
{
  double degrees, matrix[3][3];

  if (!mx_rng_chance (rng, perturbation->rotation_probability) ||
      planes->channels < 3)
    return;
  degrees = mx_rng_range (rng, 0.0, perturbation->rotation);
  if (degrees == 0.0)
    return;
  draw_rotation (rng, degrees * G_PI / 180.0, matrix);
  for (size_t c = 0; c + 3 <= planes->channels; c += 3)
    rotate_group (mx_planes_channel (planes, c),
        mx_planes_channel (planes, c + 1), mx_planes_channel (planes, c + 2),
        planes->n, matrix);
  done->rotation = degrees;
}

/* About `rest`: a channel at rest stays at rest. */
void
mx_perturb_channel_gain (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *rest, MxRng *rng)
{
  if (!mx_rng_chance (rng, perturbation->channel_gain_probability))
    return;
  for (size_t c = 0; c < planes->channels; c++) {
    double gain = mx_rng_between (
        rng, perturbation->channel_gain_low, perturbation->channel_gain_high);
    float *samples = mx_planes_channel (planes, c);

    if (gain == 1.0)
      continue;
    if (rest)
      mx_ops_scale_offset (samples, (float)gain,
          (float)((1.0 - gain) * rest[c]), (int)planes->n);
    else
      mx_ops_scale (samples, (float)gain, (int)planes->n);
  }
}

/* Both draw for every channel, so that one channel's chance does not hang on
 * another's. */
void
mx_perturb_flip (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *rest, MxRng *rng, MxPerturbed *done)
{
  bool all = mx_rng_chance (rng, perturbation->flip_probability);

  for (size_t c = 0; c < planes->channels; c++) {
    bool one = mx_rng_chance (rng, perturbation->channel_flip_probability);

    if (all == one)
      continue;
    mx_ops_scale_offset (mx_planes_channel (planes, c), -1.0f,
        rest ? 2.0f * rest[c] : 0.0f, (int)planes->n);
    done->flipped++;
  }
}

void
mx_perturb_gain (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done)
{
  double gain;

  if (!mx_rng_chance (rng, perturbation->gain_probability))
    return;
  gain = mx_rng_between (rng, perturbation->gain_low, perturbation->gain_high);
  if (gain == 0.0)
    return;
  for (size_t c = 0; c < planes->channels; c++)
    mx_ops_scale (mx_planes_channel (planes, c), (float)pow (10.0, gain / 20.0),
        (int)planes->n);
  done->gain = gain;
}

/* One channel's mean says more about the signal than about the sensor. */
static float
rest_of (const MxPlanes *planes, MxActive active, const float *rest, size_t c)
{
  if (rest)
    return rest[c];
  return planes->channels > 1 ? (float)mx_planes_mean (planes, active, c)
                              : 0.0f;
}

static void
fill (MxPlanes *planes, size_t channel, size_t first, size_t n, float value)
{
  float *samples = mx_planes_channel (planes, channel) + first;

  for (size_t i = 0; i < n; i++)
    samples[i] = value;
}

void
mx_perturb_mask (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *rest, MxRng *rng, MxPerturbed *done)
{
  MxActive active = mx_planes_active (planes);
  double seconds, frames;
  size_t first, n;

  if (!mx_rng_chance (rng, perturbation->mask_probability))
    return;
  seconds =
      mx_rng_between (rng, perturbation->mask_low, perturbation->mask_high);
  frames = round (fmax (0.0, seconds) * (double)planes->rate);
  n = frames < (double)planes->n ? (size_t)frames : planes->n;
  if (n == 0)
    return;
  first = mx_rng_below (rng, planes->n - n + 1);
  for (size_t c = 0; c < planes->channels; c++)
    fill (planes, c, first, n, rest_of (planes, active, rest, c));
  done->mask = (double)n / (double)planes->rate;
}

/* One channel always stays: without any there is nothing to learn from. */
void
mx_perturb_drop (MxPlanes *planes, const MxPerturbation *perturbation,
    const float *rest, MxRng *rng, MxPerturbed *done)
{
  MxActive active = mx_planes_active (planes);

  for (size_t c = 0; c < planes->channels; c++) {
    if (!mx_rng_chance (rng, perturbation->drop_probability) ||
        done->dropped + 1 == planes->channels)
      continue;
    fill (planes, c, 0, planes->n, rest_of (planes, active, rest, c));
    done->dropped++;
  }
}

/* Each channel below its own peak: units differ from sensor to sensor. */
void
mx_perturb_clip (MxPlanes *planes, const MxPerturbation *perturbation,
    MxRng *rng, MxPerturbed *done)
{
  double depth;

  if (!mx_rng_chance (rng, perturbation->clip_probability))
    return;
  depth = mx_rng_between (rng, perturbation->clip_low, perturbation->clip_high);
  if (!(depth > 0.0))
    return;
  for (size_t c = 0; c < planes->channels; c++) {
    float *samples = mx_planes_channel (planes, c), peak = 0.0f, level;

    for (size_t i = 0; i < planes->n; i++)
      peak = fmaxf (peak, fabsf (samples[i]));
    level = (float)(peak * pow (10.0, -depth / 20.0));
    mx_ops_clamp (samples, -level, level, (int)planes->n);
  }
  done->clip = depth;
}
