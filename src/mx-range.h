/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Which numbers the 256 steps of a quantised value are to stand for: counts
 * what comes, and then cuts off so much of the ends that the error is least. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MX_RANGE_BINS 4096 /* even */

typedef struct {
  float lowest, highest; /* that came, and 0 */
  float limit;           /* bins lie between -limit and limit; 0: none yet */
  uint64_t n;            /* that came, zeros and what is not finite apart */
  uint64_t bins[MX_RANGE_BINS];
} MxRange;

/* What is not finite does not count. */
void mx_range_add (MxRange *self, const float *values, size_t n);

/* low <= 0 < high.  Between all that came and a quarter of it, the one whose
 * 256 steps, 0 among them, have the least sum of squared errors: half a step at
 * most inside, and the way to the end outside. */
void mx_range_fit (const MxRange *self, float *low, float *high);

/* A few numbers are so much larger than all others, of which 999 in 1000 lie
 * within a 2048th of them, that whatever range would leave the others no steps.
 */
bool mx_range_is_swamped (const MxRange *self);
