/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A batch of sequences, [rows][time][channels], not owned.
 *
 * Before the first and behind the last frame of each row lie pad_left and
 * pad_right frames of zeros that may be read as the padding of a convolution
 * and must never be written. */
#pragma once

#include <stddef.h>

typedef struct {
  size_t time, channels;
} MxShape;

typedef struct {
  float *data; /* row 0, frame 0, channel 0 */
  size_t rows, time, channels;
  size_t row_stride; /* floats from a row to the next one */
  size_t pad_left, pad_right;
} MxTensor;

static inline float *
mx_tensor_row (const MxTensor *tensor, size_t row)
{
  return tensor->data + row * tensor->row_stride;
}

/* Gives n tensors, whose time, channels and padding are set, their strides and
 * one block of zeros for up to `rows` rows each; free it with
 * g_aligned_free(). */
float *mx_tensors_allocate (MxTensor *tensors, size_t n, size_t rows);
