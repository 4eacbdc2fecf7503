/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The only place that looks at a clock, and what was measured by it. */
#pragma once

#include "mx-policy.h"

/* ns of a steady clock. */
typedef uint64_t (*MxClockFunc) (void *user_data);

typedef struct {
  MxClockFunc func;
  void *data;
  uint64_t last; /* when it was looked at */
} MxWatch;

/* @func NULL: CLOCK_MONOTONIC. */
void mx_watch_init (MxWatch *self, MxClockFunc func, void *user_data);

/* Returns the time. */
uint64_t mx_watch_start (MxWatch *self);

/* ns since it was last looked at; 0 if the clock stepped back. */
uint64_t mx_watch_lap (MxWatch *self);

/* What was computed, and how long it took by the clock. */
typedef struct {
  uint64_t windows;             /* answered, skipped ones too */
  uint64_t frontend_ns;         /* all of it: frames and normalisation */
  uint64_t runs[MX_MAX_EXITS];  /* of each stage */
  uint64_t times[MX_MAX_EXITS]; /* ns, sum over the runs */
} MxTimings;
