/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-cpu.h"

#include <glib.h>
#ifdef __x86_64__
#  include <cpuid.h>
#  ifdef __linux__
#    include <sys/syscall.h>
#    include <unistd.h>
#  endif
#endif
#if defined(__aarch64__) && defined(__linux__)
#  include <asm/hwcap.h>
#  include <sys/auxv.h>
#endif

static const char *const level_names[] = {
    [MX_CPU_BASELINE] = "baseline",
    [MX_CPU_NEON] = "neon",
    [MX_CPU_NEON_DOTPROD] = "neon-dotprod",
    [MX_CPU_X86_64_V2] = "x86-64-v2",
    [MX_CPU_X86_64_V3] = "x86-64-v3",
    [MX_CPU_X86_64_V4] = "x86-64-v4",
    [MX_CPU_X86_64_V4_VNNI] = "x86-64-v4-vnni",
    [MX_CPU_X86_64_V4_BF16] = "x86-64-v4-bf16",
    [MX_CPU_X86_64_V4_AMX] = "x86-64-v4-amx",
};

/* Asks for features one by one: a hypervisor may show a processor whose model
 * nobody knows.  The run-time library also checks that the system saves the
 * wide registers. */
#if defined(__x86_64__)
/* Not every compiler that builds this knows the feature's name. */
static bool
converts_halves (void)
{
  unsigned a, b, c, d;

  return __get_cpuid (1, &a, &b, &c, &d) && (c & bit_F16C) != 0;
}

/* The instructions, and that the system lets them be used: AMX-TILE and
 * AMX-BF16 are bits 24 and 22 of CPUID 7, their registers bits 17 and 18 of
 * XCR0. */
static bool
has_tiles (void)
{
  const unsigned both = 1u << 24 | 1u << 22, registers = 1u << 17 | 1u << 18;
  unsigned a, b, c, d, enabled, above;

  if (!__get_cpuid (1, &a, &b, &c, &d) || (c & bit_OSXSAVE) == 0 ||
      !__get_cpuid_count (7, 0, &a, &b, &c, &d) || (d & both) != both)
    return false;
  __asm__("xgetbv" : "=a"(enabled), "=d"(above) : "c"(0));
  return (enabled & registers) == registers;
}

static bool
has_level (MxCpuLevel level)
{
  __builtin_cpu_init ();
  switch (level) {
  case MX_CPU_X86_64_V4_AMX:
    return has_level (MX_CPU_X86_64_V4_BF16) && has_tiles ();
  case MX_CPU_X86_64_V4_BF16:
    return has_level (MX_CPU_X86_64_V4_VNNI) &&
           __builtin_cpu_supports ("avx512bf16");
  case MX_CPU_X86_64_V4_VNNI:
    return has_level (MX_CPU_X86_64_V4) &&
           __builtin_cpu_supports ("avx512vnni");
  case MX_CPU_X86_64_V4:
    return has_level (MX_CPU_X86_64_V3) && __builtin_cpu_supports ("avx512f") &&
           __builtin_cpu_supports ("avx512bw") &&
           __builtin_cpu_supports ("avx512cd") &&
           __builtin_cpu_supports ("avx512dq") &&
           __builtin_cpu_supports ("avx512vl");
  case MX_CPU_X86_64_V3:
    return has_level (MX_CPU_X86_64_V2) && __builtin_cpu_supports ("avx2") &&
           __builtin_cpu_supports ("fma") && __builtin_cpu_supports ("bmi") &&
           __builtin_cpu_supports ("bmi2") && converts_halves ();
  case MX_CPU_X86_64_V2:
    return __builtin_cpu_supports ("sse4.2") &&
           __builtin_cpu_supports ("popcnt");
  default:
    return level == MX_CPU_BASELINE;
  }
}
#elif defined(__aarch64__)
static bool
has_level (MxCpuLevel level)
{
#  ifdef __linux__
  if (level == MX_CPU_NEON_DOTPROD)
    return (getauxval (AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#  endif
  return level <= MX_CPU_NEON;
}
#else
static bool
has_level (MxCpuLevel level)
{
  return level == MX_CPU_BASELINE;
}
#endif

/* Of those that the processor has; see mx-cpu.h. */
static MxCpuLevel
highest_unasked (void)
{
#ifdef __x86_64__
  unsigned a, b, c, d;

  if (has_level (MX_CPU_X86_64_V4_AMX))
    return MX_CPU_X86_64_V4_AMX;
  if (__get_cpuid (0, &a, &b, &c, &d) && b == signature_AMD_ebx &&
      c == signature_AMD_ecx && d == signature_AMD_edx)
    return MX_CPU_X86_64_V4_BF16;
#endif
  return MX_CPU_X86_64_V4_VNNI;
}

/* The level that MX_CPU asks for, if it does. */
static MxCpuLevel
wanted_level (void)
{
  const char *name = g_getenv ("MX_CPU");

  if (name == NULL || *name == '\0')
    return highest_unasked ();
  for (size_t i = 0; i < G_N_ELEMENTS (level_names); i++) {
    if (g_str_equal (name, level_names[i]))
      return (MxCpuLevel)i;
  }
  g_warning (
      "MX_CPU=%s is not an instruction set this library knows: ignored", name);
  return highest_unasked ();
}

static gpointer
find_level (gpointer data)
{
  MxCpuLevel level = wanted_level ();

  while (!has_level (level))
    level--;
  return GINT_TO_POINTER (level);
}

MxCpuLevel
mx_cpu_level (void)
{
  static GOnce once = G_ONCE_INIT;

  return (MxCpuLevel)GPOINTER_TO_INT (g_once (&once, find_level, NULL));
}

#if defined(__x86_64__) && defined(__linux__)
/* Of <asm/prctl.h>, where it is new enough. */
#  define REQUEST_PERMISSION 0x1023
#  define TILE_DATA 18

static gpointer
ask_for_tiles (gpointer data)
{
  return GINT_TO_POINTER (
      has_tiles () &&
      syscall (SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0);
}
#else
static gpointer
ask_for_tiles (gpointer data)
{
  return GINT_TO_POINTER (false);
}
#endif

bool
mx_cpu_allow_tiles (void)
{
  static GOnce once = G_ONCE_INIT;

  return GPOINTER_TO_INT (g_once (&once, ask_for_tiles, NULL)) != 0;
}

const char *
mx_cpu_level_name (MxCpuLevel level)
{
  g_return_val_if_fail ((size_t)level < G_N_ELEMENTS (level_names), NULL);

  return level_names[level];
}
