/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Numbers of 16 bits, two in the place of a float, the first one in its upper
 * half: round() and split() of MxKernelsBf16 for processors with AVX512-BF16.
 */
#pragma once

#include "mx-kernels-bf16.h"

void mx_kernels_pairs_round (
    size_t rows, size_t n, const float *x, float *rounded);
void mx_kernels_pairs_split (
    size_t rows, size_t n, const float *x, float *high, float *low);
