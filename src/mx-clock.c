/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-clock.h"

#include <time.h>

static uint64_t
read_monotonic (void *user_data)
{
  struct timespec now;

  (void)user_data;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void
mx_watch_init (MxWatch *self, MxClockFunc func, void *user_data)
{
  self->func = func != NULL ? func : read_monotonic;
  self->data = user_data;
  mx_watch_start (self);
}

uint64_t
mx_watch_start (MxWatch *self)
{
  self->last = self->func (self->data);
  return self->last;
}

uint64_t
mx_watch_lap (MxWatch *self)
{
  uint64_t before = self->last, now = mx_watch_start (self);

  return now > before ? now - before : 0;
}
