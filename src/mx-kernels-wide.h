/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What mx-kernels-wide.c gives to each table of kernels. */
#pragma once

#include "mx-kernels.h"

#ifndef MX_KERNELS_SUFFIX
#  define MX_KERNELS_SUFFIX baseline
#endif
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define WIDE_IN JOIN (mx_kernels_wide_in_, MX_KERNELS_SUFFIX)
#define WIDE_OUT JOIN (mx_kernels_wide_out_, MX_KERNELS_SUFFIX)
#define WIDE_BACK JOIN (mx_kernels_wide_back_, MX_KERNELS_SUFFIX)
#define TILES_BACK JOIN (mx_kernels_tiles_back_, MX_KERNELS_SUFFIX)

void WIDE_IN (const MxTilesIn *op);
void WIDE_OUT (const MxTilesOut *op);
void WIDE_BACK (const MxTilesIn *op);
void TILES_BACK (const MxTilesIn *op);
