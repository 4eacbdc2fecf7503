/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Two tasks write to one place: under the thread sanitizer this program must
 * fail, or a clean run of the other tests says nothing. */

#include "mx-parallel.h"

#include <glib.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef struct {
  atomic_int here;
  int place;
} Shared;

/* Both run at the same time; relaxed, so that nothing puts them in order. */
static void
write_carelessly (void *data, size_t index)
{
  Shared *shared = data;

  atomic_fetch_add_explicit (&shared->here, 1, memory_order_relaxed);
  while (atomic_load_explicit (&shared->here, memory_order_relaxed) < 2)
    g_usleep (100);
  shared->place += (int)index;
}

int
main (void)
{
  MxParallel *parallel = mx_parallel_new (2);
  Shared shared = {0};

  mx_parallel_run (parallel, 2, write_carelessly, &shared);
  mx_parallel_free (parallel);
  return EXIT_SUCCESS;
}
