/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How loud what mxdatasetsrc sent is. */
#pragma once

#include <math.h>

#include "dataset-run.h"

static inline gfloat
sample_of (const Heard *heard, guint i)
{
  return g_array_index (heard->samples, gfloat, i);
}

static inline gdouble
rms_of (const Heard *heard)
{
  gdouble sum = 0;

  for (guint i = 0; i < heard->samples->len; i++)
    sum += (gdouble)sample_of (heard, i) * sample_of (heard, i);
  return sqrt (sum / heard->samples->len);
}

static inline gdouble
decibel (gdouble ratio)
{
  return 20 * log10 (ratio);
}

static inline void
assert_near (gdouble found, gdouble expected)
{
  fail_unless (
      fabs (found - expected) < 1e-3, "%g, expected %g", found, expected);
}
