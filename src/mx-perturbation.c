/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-perturbation.h"

#include <math.h>

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

void
mx_perturbation_init_ecg (MxPerturbation *perturbation)
{
  mx_perturbation_init (perturbation);
  perturbation->warp_probability = 0.5;
  perturbation->warp_low = 0.9;
  perturbation->warp_high = 1.1;
  perturbation->shift_probability = 1.0;
  perturbation->shift_low = -0.03;
  perturbation->shift_high = 0.03;
  perturbation->shift_circular = true;
  perturbation->channel_gain_probability = 1.0;
  perturbation->channel_gain_low = 0.67;
  perturbation->channel_gain_high = 1.5;
  perturbation->flip_probability = 0.05;
  perturbation->channel_flip_probability = 0.1;
  perturbation->noise_probability = 0.8;
  perturbation->noise_low = 16.0;
  perturbation->noise_high = 36.0;
  perturbation->wander_probability = 1.0;
  perturbation->wander = 0.95;
  perturbation->hum_probability = 0.5;
  perturbation->hum = 0.28;
  perturbation->motion_probability = 0.4;
  perturbation->motion = 0.57;
}

void
mx_perturbation_init_emg (MxPerturbation *perturbation)
{
  mx_perturbation_init (perturbation);
  perturbation->warp_probability = 0.5;
  perturbation->warp_low = 0.75;
  perturbation->warp_high = 1.3;
  perturbation->shift_probability = 1.0;
  perturbation->shift_low = -10.0;
  perturbation->shift_high = 10.0;
  perturbation->shift_circular = true;
  perturbation->channel_gain_probability = 1.0;
  perturbation->channel_gain_low = 0.7;
  perturbation->channel_gain_high = 1.42;
  perturbation->gain_probability = 1.0;
  perturbation->gain_low = -4.34;
  perturbation->gain_high = 4.34;
  perturbation->flip_probability = 0.5;
  perturbation->noise_probability = 0.8;
  perturbation->noise_low = 12.0;
  perturbation->noise_high = 32.0;
  perturbation->mask_probability = 1.0;
  perturbation->mask_low = 0.0;
  perturbation->mask_high = 0.2;
  perturbation->drop_probability = 0.06;
}

static double
shrink (double value, double nothing, double strength)
{
  return nothing + strength * (value - nothing);
}

MxPerturbation
mx_perturbation_with_strength (const MxPerturbation *perturbation)
{
  MxPerturbation p = *perturbation;
  double s = p.strength, quieter = -20.0 * log10 (s);

  p.speed_low = shrink (p.speed_low, 1.0, s);
  p.speed_high = shrink (p.speed_high, 1.0, s);
  p.warp_low = shrink (p.warp_low, 1.0, s);
  p.warp_high = shrink (p.warp_high, 1.0, s);
  p.rotation = shrink (p.rotation, 0.0, s);
  p.channel_shift_probability = shrink (p.channel_shift_probability, 0.0, s);
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
  p.flip_probability = shrink (p.flip_probability, 0.0, s);
  p.channel_flip_probability = shrink (p.channel_flip_probability, 0.0, s);
  p.wander = shrink (p.wander, 0.0, s);
  p.hum = shrink (p.hum, 0.0, s);
  p.motion = shrink (p.motion, 0.0, s);
  return p;
}
