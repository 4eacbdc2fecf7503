/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-memory.h"

#include <glib.h>
#include <string.h>
#ifdef __linux__
#  include <sys/mman.h>
#endif

#define CACHE_LINE 64
/* Of x86-64, and of ARM64 with pages of 4 kB. */
#define HUGE_PAGE ((size_t)2 << 20)

float *
mx_floats_new (size_t n)
{
  const size_t bytes = MAX (n, 1) * sizeof (float);
  float *floats = g_aligned_alloc (
      MAX (n, 1), sizeof (float), bytes < HUGE_PAGE ? CACHE_LINE : HUGE_PAGE);

#ifdef MADV_HUGEPAGE
  /* Before the first touch.  That it may be refused is all the same. */
  if (bytes >= HUGE_PAGE)
    (void)madvise (floats, bytes, MADV_HUGEPAGE);
#endif
  return memset (floats, 0, bytes);
}
