/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "config.h"

#include "mx-cpu.h"
#include "mx-kernels-bf16.h"
#include "mx-kernels-i8.h"

#include <glib.h>

extern const MxKernels mx_kernels_x86_64_v4, mx_kernels_x86_64_v3,
    mx_kernels_x86_64_v2, mx_kernels_neon, mx_kernels_baseline;

/* Best first; the last one runs anywhere. */
static const struct {
  MxCpuLevel level;
  const MxKernels *kernels;
} table[] = {
#ifdef HAVE_KERNELS_X86_64_V4
    {MX_CPU_X86_64_V4, &mx_kernels_x86_64_v4},
#endif
#ifdef HAVE_KERNELS_X86_64_V3
    {MX_CPU_X86_64_V3, &mx_kernels_x86_64_v3},
#endif
#ifdef HAVE_KERNELS_X86_64_V2
    {MX_CPU_X86_64_V2, &mx_kernels_x86_64_v2},
#endif
#ifdef HAVE_KERNELS_NEON
    {MX_CPU_NEON, &mx_kernels_neon},
#endif
    {MX_CPU_BASELINE, &mx_kernels_baseline},
};

static gpointer
pick (gpointer data)
{
  size_t i = 0;

  while (table[i].level > mx_cpu_level ())
    i++;
  return (gpointer)table[i].kernels;
}

const MxKernels *
mx_kernels_get (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, pick, NULL);
}

const MxKernels *
mx_kernels_get_for_level (int level)
{
  if (level > (int)mx_cpu_level ())
    return NULL;
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++) {
    if ((int)table[i].level == level)
      return table[i].kernels;
  }
  return NULL;
}

/* ------------------------------------------------------ of 8 bits */

extern const MxKernelsI8 mx_kernels_i8_x86_64_v4_vnni, mx_kernels_i8_x86_64_v4,
    mx_kernels_i8_x86_64_v3, mx_kernels_i8_x86_64_v2,
    mx_kernels_i8_neon_dotprod, mx_kernels_i8_neon, mx_kernels_i8_baseline;

static const struct {
  MxCpuLevel level;
  const MxKernelsI8 *kernels;
} table_i8[] = {
#ifdef HAVE_KERNELS_I8_X86_64_V4_VNNI
    {MX_CPU_X86_64_V4_VNNI, &mx_kernels_i8_x86_64_v4_vnni},
#endif
#ifdef HAVE_KERNELS_I8_X86_64_V4
    {MX_CPU_X86_64_V4, &mx_kernels_i8_x86_64_v4},
#endif
#ifdef HAVE_KERNELS_I8_X86_64_V3
    {MX_CPU_X86_64_V3, &mx_kernels_i8_x86_64_v3},
#endif
#ifdef HAVE_KERNELS_I8_X86_64_V2
    {MX_CPU_X86_64_V2, &mx_kernels_i8_x86_64_v2},
#endif
#ifdef HAVE_KERNELS_I8_NEON_DOTPROD
    {MX_CPU_NEON_DOTPROD, &mx_kernels_i8_neon_dotprod},
#endif
#ifdef HAVE_KERNELS_I8_NEON
    {MX_CPU_NEON, &mx_kernels_i8_neon},
#endif
    {MX_CPU_BASELINE, &mx_kernels_i8_baseline},
};

static gpointer
pick_i8 (gpointer data)
{
  size_t i = 0;

  while (table_i8[i].level > mx_cpu_level ())
    i++;
  return (gpointer)table_i8[i].kernels;
}

const MxKernelsI8 *
mx_kernels_i8_get (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, pick_i8, NULL);
}

const MxKernelsI8 *
mx_kernels_i8_get_for_level (int level)
{
  if (level > (int)mx_cpu_level ())
    return NULL;
  for (size_t i = 0; i < G_N_ELEMENTS (table_i8); i++) {
    if ((int)table_i8[i].level == level)
      return table_i8[i].kernels;
  }
  return NULL;
}

/* ---------------------------------------------------- of 16 bits */

extern const MxKernelsBf16 mx_kernels_bf16_x86_64_v4_amx,
    mx_kernels_bf16_x86_64_v4_bf16, mx_kernels_bf16_x86_64_v4,
    mx_kernels_bf16_x86_64_v3, mx_kernels_bf16_x86_64_v2, mx_kernels_bf16_neon,
    mx_kernels_bf16_baseline;

static const struct {
  MxCpuLevel level;
  const MxKernelsBf16 *kernels;
} table_bf16[] = {
#ifdef HAVE_KERNELS_BF16_X86_64_V4_AMX
    {MX_CPU_X86_64_V4_AMX, &mx_kernels_bf16_x86_64_v4_amx},
#endif
#ifdef HAVE_KERNELS_BF16_X86_64_V4_BF16
    {MX_CPU_X86_64_V4_BF16, &mx_kernels_bf16_x86_64_v4_bf16},
#endif
#ifdef HAVE_KERNELS_X86_64_V4
    {MX_CPU_X86_64_V4, &mx_kernels_bf16_x86_64_v4},
#endif
#ifdef HAVE_KERNELS_X86_64_V3
    {MX_CPU_X86_64_V3, &mx_kernels_bf16_x86_64_v3},
#endif
#ifdef HAVE_KERNELS_X86_64_V2
    {MX_CPU_X86_64_V2, &mx_kernels_bf16_x86_64_v2},
#endif
#ifdef HAVE_KERNELS_NEON
    {MX_CPU_NEON, &mx_kernels_bf16_neon},
#endif
    {MX_CPU_BASELINE, &mx_kernels_bf16_baseline},
};

/* Without tiles what the processor is taken to be fast at. */
static MxCpuLevel
level_bf16 (void)
{
  const MxCpuLevel level = mx_cpu_level ();

  return level == MX_CPU_X86_64_V4_AMX && !mx_cpu_allow_tiles ()
             ? MX_CPU_X86_64_V4_VNNI
             : level;
}

static gpointer
pick_bf16 (gpointer data)
{
  const MxCpuLevel level = level_bf16 ();
  size_t i = 0;

  while (table_bf16[i].level > level)
    i++;
  return (gpointer)table_bf16[i].kernels;
}

const MxKernelsBf16 *
mx_kernels_bf16_get (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, pick_bf16, NULL);
}

const MxKernelsBf16 *
mx_kernels_bf16_get_for_level (int level)
{
  if (level > (int)mx_cpu_level () ||
      (level == MX_CPU_X86_64_V4_AMX && !mx_cpu_allow_tiles ()))
    return NULL;
  for (size_t i = 0; i < G_N_ELEMENTS (table_bf16); i++) {
    if ((int)table_bf16[i].level == level)
      return table_bf16[i].kernels;
  }
  return NULL;
}
