/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What the tests of kernels share: each kernel of each instruction set of this
 * machine is held against the plain C one.  All memory that is read ends where
 * an inaccessible page begins, so a read too far stops the test; what is
 * written lies among canaries. */
#pragma once

#include "mx-cpu.h"
#include "mx-kernels.h"
#include "mx-rng.h"

#include <check.h>
#include <sys/mman.h>
#include <unistd.h>

#define CANARY 12345.0f

static const MxKernels *plain;
static MxRng rng;

static const MxCpuLevel levels[] = {
    MX_CPU_BASELINE,
    MX_CPU_NEON,
    MX_CPU_X86_64_V2,
    MX_CPU_X86_64_V3,
    MX_CPU_X86_64_V4,
};

/* The kernels under test; NULL if there are none for this level. */
static inline const MxKernels *
kernels_of (int index)
{
  plain = mx_kernels_get_for_level (MX_CPU_BASELINE);
  mx_rng_init (&rng, 7, 0);
  return mx_kernels_get_for_level (levels[index]);
}

/* Memory of n floats before an inaccessible page. */
typedef struct {
  float *data;
  size_t n;
  void *map;
  size_t map_size;
} Floats;

static inline Floats
floats_new (size_t n)
{
  size_t page = (size_t)sysconf (_SC_PAGESIZE);
  size_t size = (n * sizeof (float) + page - 1) / page * page;
  Floats self = {.n = n, .map_size = size + page};

  self.map = mmap (NULL, self.map_size, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ck_assert_ptr_ne (self.map, MAP_FAILED);
  ck_assert_int_eq (mprotect ((char *)self.map + size, page, PROT_NONE), 0);
  self.data = (float *)((char *)self.map + size) - n;
  for (size_t i = 0; i < n; i++)
    self.data[i] = (float)mx_rng_range (&rng, -1, 1);
  return self;
}

static inline void
floats_clear (Floats *self)
{
  munmap (self->map, self->map_size);
}

static inline void
floats_fill (Floats *self, float value)
{
  for (size_t i = 0; i < self->n; i++)
    self->data[i] = value;
}
