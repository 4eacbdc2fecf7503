/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The kernels of x86-64-v4-amx in emulated tiles (tiles-emulated.h). */
#pragma once

#include "config.h"

#include "mx-cpu.h"
#include "mx-kernels-bf16.h"

extern const MxKernelsBf16 mx_kernels_bf16_emulated;

/* NULL: this processor has tiles; or it, or the compiler, lacks AVX512-BF16,
 * which is not emulated. */
static inline const MxKernelsBf16 *
emulated_tiles (void)
{
#ifdef HAVE_KERNELS_BF16_X86_64_V4_AMX
  if (mx_cpu_level () == MX_CPU_X86_64_V4_BF16)
    return &mx_kernels_bf16_emulated;
#endif
  return NULL;
}
