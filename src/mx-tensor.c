/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-tensor.h"

#include "mx-memory.h"

#include <glib.h>

/* Tensors start on cache lines. */
#define ALIGNMENT 64

static size_t
tensor_floats (const MxTensor *tensor, size_t rows)
{
  size_t floats = tensor->row_stride * rows;
  size_t line = ALIGNMENT / sizeof (float);
  return (floats + line - 1) / line * line;
}

float *
mx_tensors_allocate (MxTensor *tensors, size_t n, size_t rows)
{
  size_t total = 0;
  for (size_t i = 0; i < n; i++) {
    MxTensor *tensor = &tensors[i];
    tensor->row_stride = (tensor->pad_left + tensor->time + tensor->pad_right) *
                         tensor->channels;
    total += tensor_floats (tensor, rows);
  }
  float *memory = mx_floats_new (total);
  float *at = memory;
  for (size_t i = 0; i < n; i++) {
    tensors[i].data = at + tensors[i].pad_left * tensors[i].channels;
    at += tensor_floats (&tensors[i], rows);
  }
  return memory;
}
