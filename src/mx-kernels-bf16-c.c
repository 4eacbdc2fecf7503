/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Rounding as the formula says it; products are those of floats. */

#include "mx-bf16.h"
#include "mx-kernels-bf16.h"

static void
round_rows (size_t rows, size_t n, const float *x, float *rounded)
{
  for (size_t i = 0; i < rows * n; i++)
    rounded[i] = mx_bf16_round (x[i]);
}

extern const MxKernelsBf16 mx_kernels_bf16_baseline;

const MxKernelsBf16 mx_kernels_bf16_baseline = {
    .name = "baseline",
    .numbers = 1,
    .round = round_rows,
};
