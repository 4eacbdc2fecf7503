/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A signal with its channels side by side, and what is measured of it: for the
 * perturbations. */
#pragma once

#include <stddef.h>

/* The signal while it is worked on. */
typedef struct {
  size_t n, channels, rate;
  float *planes; /* [channels][n] */
  float *spare;  /* [n] */
} MxPlanes;

/* Frames [first, end); empty (first == end): the signal is silence. */
typedef struct {
  size_t first, end;
} MxActive;

static inline float *
mx_planes_channel (const MxPlanes *planes, size_t channel)
{
  return planes->planes + channel * planes->n;
}

MxActive mx_planes_active (const MxPlanes *planes);
/* Over the active part; 0 for silence. */
double mx_planes_mean (const MxPlanes *planes, MxActive active, size_t channel);
double mx_planes_deviation (
    const MxPlanes *planes, MxActive active, size_t channel);
