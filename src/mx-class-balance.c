/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-class-balance.h"

#include <glib.h>

struct _MxClassBalance {
  size_t classes;
  uint64_t *counts; /* [classes] */
  float *weights;   /* [classes] */
};

MxClassBalance *
mx_class_balance_new (size_t classes)
{
  MxClassBalance *self = g_new (MxClassBalance, 1);

  self->classes = classes;
  self->counts = g_new0 (uint64_t, classes);
  self->weights = g_new (float, classes);
  return self;
}

void
mx_class_balance_free (MxClassBalance *self)
{
  if (self == NULL)
    return;
  g_free (self->counts);
  g_free (self->weights);
  g_free (self);
}

void
mx_class_balance_count (MxClassBalance *self, size_t class, uint64_t n)
{
  self->counts[class] += n;
}

const float *
mx_class_balance_compute (MxClassBalance *self)
{
  double classes = (double)self->classes, all = classes;

  for (size_t k = 0; k < self->classes; k++)
    all += (double)self->counts[k];
  for (size_t k = 0; k < self->classes; k++)
    self->weights[k] = (float)(all / (classes * ((double)self->counts[k] + 1)));
  return self->weights;
}

uint64_t *
mx_class_balance_get_counts (MxClassBalance *self)
{
  return self->counts;
}
