/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Rounding as the formula says it: built once for each instruction set but the
 * first (mx-kernels-bf16-c.c), of which the compiler makes its vectors.
 * Products are those of floats. */

#include "mx-bf16.h"
#include "mx-kernels-bf16.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define TABLE JOIN (mx_kernels_bf16_, MX_KERNELS_SUFFIX)
#define TEXT_(suffix) #suffix
#define TEXT(suffix) TEXT_ (suffix)

static void
round_rows (size_t rows, size_t n, const float *x, float *rounded)
{
  for (size_t i = 0; i < rows * n; i++)
    rounded[i] = mx_bf16_round (x[i]);
}

extern const MxKernelsBf16 TABLE;

const MxKernelsBf16 TABLE = {
    .name = TEXT (MX_KERNELS_SUFFIX),
    .numbers = 1,
    .round = round_rows,
};
