/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mx-kernels-back.c, mx-kernels-norm.c and mx-kernels-channels.c give to
 * tables of kernels. */
#pragma once

#include "mx-kernels.h"

#ifndef MX_KERNELS_SUFFIX
#  define MX_KERNELS_SUFFIX baseline
#endif
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define TILES_BACK JOIN (mx_kernels_tiles_back_, MX_KERNELS_SUFFIX)
#define AFFINE JOIN (mx_kernels_affine_, MX_KERNELS_SUFFIX)
#define CHANNEL_DEVIATION                                                      \
  JOIN (mx_kernels_channel_deviation_, MX_KERNELS_SUFFIX)
#define MASK JOIN (mx_kernels_mask_, MX_KERNELS_SUFFIX)
#define ADD JOIN (mx_kernels_add_, MX_KERNELS_SUFFIX)
#define NORM_SUMS JOIN (mx_kernels_norm_sums_, MX_KERNELS_SUFFIX)
#define NORM_GRADIENT JOIN (mx_kernels_norm_gradient_, MX_KERNELS_SUFFIX)

void TILES_BACK (const MxTilesIn *op);

void AFFINE (size_t n, size_t channels, const float *x, const float *scale,
    const float *shift, MxActivation activation, float *y);
void CHANNEL_DEVIATION (
    size_t n, size_t channels, const float *x, const float *mean, float *sum);
void MASK (
    size_t n, const float *y, const float *dy, bool accumulate, float *dx);
void ADD (size_t n, const float *a, const float *b, MxActivation activation,
    float *y);
void NORM_SUMS (size_t n, size_t channels, const float *x, const float *mean,
    const float *dy, float *sum, float *dot);
void NORM_GRADIENT (size_t n, size_t channels, const float *x,
    const float *mean, const float *dy, const float *scale, const float *slope,
    const float *shift, bool accumulate, float *dx);
