/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Who wants to know what a network computes: is told of each value of its
 * program, in one piece of [time][channels], once it was computed; of the
 * input, value 0, as each window begins, as the window has it.  In the thread
 * that computes. */
#pragma once

#include "mx-tensor.h"

typedef struct {
  void (*func) (size_t value, const MxTensor *tensor, void *user_data);
  void *user_data;
} MxObserver; /* func is NULL: nobody does */

static inline void
mx_observer_tell (const MxObserver *self, size_t value, const MxTensor *tensor)
{
  if (self->func != NULL)
    self->func (value, tensor, self->user_data);
}
