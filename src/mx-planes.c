/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-planes.h"

#include <math.h>
#include <stdbool.h>

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
