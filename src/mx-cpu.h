/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What the processor can do.
 *
 * Levels are ordered: a higher one includes the lower ones of its family.
 * The environment variable MX_CPU (baseline, x86-64-v2, x86-64-v3, x86-64-v4,
 * x86-64-v4-vnni, x86-64-v4-bf16, x86-64-v4-amx, neon, neon-dotprod) lowers the
 * level: tests use it to walk through all kernels, users to compare results
 * between machines.  It raises the level in one case: the instructions of
 * x86-64-v4-bf16 multiply and add at twice the pace of floats on AMD's
 * processors (Zen 4), on Intel's at half of it (Sapphire Rapids), so that only
 * on AMD's they are used unasked; Intel's have x86-64-v4-amx for this. */
#pragma once

#include <stdbool.h>

typedef enum {
  MX_CPU_BASELINE,       /* plain C, any processor */
  MX_CPU_NEON,           /* ARM64 */
  MX_CPU_NEON_DOTPROD,   /* and sdot, of ARMv8.2 */
  MX_CPU_X86_64_V2,      /* SSE4.2 */
  MX_CPU_X86_64_V3,      /* AVX2, FMA, F16C */
  MX_CPU_X86_64_V4,      /* AVX-512 F, BW, DQ, VL */
  MX_CPU_X86_64_V4_VNNI, /* and VNNI */
  MX_CPU_X86_64_V4_BF16, /* and BF16 */
  MX_CPU_X86_64_V4_AMX   /* and AMX: TILE, BF16 */
} MxCpuLevel;

/* The level in force: read once per process, any thread. */
MxCpuLevel mx_cpu_level (void);

/* Of MX_CPU_X86_64_V4_AMX: asks the system, once for the process, to save tiles
 * when it changes threads.  Frames of signal handlers become larger then, so
 * only who is about to use tiles asks.  False: it does not. */
bool mx_cpu_allow_tiles (void);

/* "x86-64-v3" and so on: static. */
const char *mx_cpu_level_name (MxCpuLevel level);
