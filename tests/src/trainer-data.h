/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Windows of three classes that the networks of nets.h can tell apart, and how
 * they are trained. */
#pragma once

#include "mx-trainer.h"

#include "nets.h"

#include <math.h>

#define WINDOW 21
#define CHANNELS 4

/* Class k: a sine of k + 1 periods in noise. */
static inline void
draw_window (MxRng *rng, int class, float *samples)
{
  double phase = mx_rng_range (rng, 0, 2 * G_PI);
  for (int t = 0; t < WINDOW; t++)
    for (int c = 0; c < CHANNELS; c++)
      samples[t * CHANNELS + c] =
          sin (2 * G_PI * (class + 1) * t / WINDOW + phase + c) +
          .3 * mx_rng_normal (rng);
}

static inline void
fill_batch (MxTrainer *trainer, MxRng *rng)
{
  float clean[WINDOW * CHANNELS], perturbed[WINDOW * CHANNELS];
  while (!mx_trainer_is_full (trainer)) {
    int class = mx_rng_below (rng, 3);
    bool labelled = mx_rng_uniform (rng) < .7;
    draw_window (rng, class, clean);
    for (int i = 0; i < WINDOW * CHANNELS; i++)
      perturbed[i] = clean[i] + .2 * mx_rng_normal (rng);
    mx_trainer_add (trainer, clean, perturbed, labelled ? class : -1);
  }
}

static inline MxTrainerConfig
config (uint64_t seed, size_t threads)
{
  MxTrainerConfig config;
  mx_trainer_config_init (&config);
  config.batch_size = 24;
  config.steps = 120;
  config.warm_up = 5;
  config.learning_rate = 1e-2f;
  config.seed = seed;
  config.threads = threads;
  return config;
}
