/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-change.h"

#include <glib.h>
#include <string.h>

void
mx_change_init (MxChange *self, size_t n)
{
  *self = (MxChange){.reference = g_new (float, n), .n = n};
}

void
mx_change_clear (MxChange *self)
{
  g_clear_pointer (&self->reference, g_free);
}

bool
mx_change_is_small (const MxChange *self, const float *x, float threshold)
{
  enum { BLOCK = 64 };
  double sum = 0;

  if (!self->known)
    return false;
  /* Short sums in float, which the compiler may spread over a register. */
  for (size_t i = 0; i < self->n; i += BLOCK) {
    size_t end = MIN (i + BLOCK, self->n);
    float part = 0;

    for (size_t k = i; k < end; k++)
      part += (x[k] - self->reference[k]) * (x[k] - self->reference[k]);
    sum += part;
  }
  return sum < (double)threshold * threshold * self->n;
}

void
mx_change_remember (MxChange *self, const float *x)
{
  memcpy (self->reference, x, self->n * sizeof *x);
  self->known = true;
}

void
mx_change_forget (MxChange *self)
{
  self->known = false;
}
