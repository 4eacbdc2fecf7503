/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* For now the plain C kernels under the names of each instruction set. */
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define mx_kernels_baseline JOIN (mx_kernels_, MX_KERNELS_SUFFIX)

#include "mx-kernels-c.c"
