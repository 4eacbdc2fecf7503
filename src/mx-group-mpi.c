/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The module for MPI: see mx-group.h.  Errors of the library end the process,
 * which is what MPI does unless told otherwise; mpirun then ends all others. */

#include "mx-group.h"

#include <gmodule.h>
#include <mpi.h>
#include <stdlib.h>

/* Most values of a call: counts are int. */
#define PIECE ((size_t)1 << 28)

typedef struct {
  MxGroup parent;
  MPI_Comm all;
} Group;

/* A process that leaves without a word is reported by mpirun, and the others
 * are ended: they would wait for it for ever. */
static bool may_finalize = true;

static void
finalize (void)
{
  if (may_finalize)
    MPI_Finalize ();
}

static void
sum (MxGroup *self, void *values, size_t n, size_t width, MPI_Datatype type)
{
  for (size_t done = 0; done < n; done += PIECE)
    MPI_Allreduce (MPI_IN_PLACE, (char *)values + done * width,
        (int)MIN (PIECE, n - done), type, MPI_SUM, ((Group *)self)->all);
}

static void
sum_doubles (MxGroup *self, double *values, size_t n)
{
  sum (self, values, n, sizeof *values, MPI_DOUBLE);
}

static void
sum_floats (MxGroup *self, float *values, size_t n)
{
  sum (self, values, n, sizeof *values, MPI_FLOAT);
}

static void
broadcast (MxGroup *self, void *bytes, size_t n)
{
  for (size_t done = 0; done < n; done += PIECE)
    MPI_Bcast ((char *)bytes + done, (int)MIN (PIECE, n - done), MPI_BYTE, 0,
        ((Group *)self)->all);
}

/* Behind a disorderly end others may still wait in a call: MPI_Comm_free()
 * would wait with them. */
static void
free_group (MxGroup *self, bool orderly)
{
  if (orderly)
    MPI_Comm_free (&((Group *)self)->all);
  may_finalize = orderly;
  g_free (self);
}

/* Calls come from the streaming thread, one at a time. */
static bool
start (char **problem)
{
  int started, level;

  MPI_Initialized (&started);
  if (started)
    MPI_Query_thread (&level);
  else
    MPI_Init_thread (NULL, NULL, MPI_THREAD_SERIALIZED, &level);
  if (!started)
    atexit (finalize);
  if (level >= MPI_THREAD_SERIALIZED)
    return true;
  *problem = g_strdup_printf ("found thread support of level %d, expected "
                              "MPI_THREAD_SERIALIZED (%d) or more",
      level, MPI_THREAD_SERIALIZED);
  return false;
}

G_MODULE_EXPORT MxGroup *mx_group_module_new (char **problem);

MxGroup *
mx_group_module_new (char **problem)
{
  Group *self;
  int rank, size;

  if (!start (problem))
    return NULL;
  may_finalize = false;
  self = g_new0 (Group, 1);
  MPI_Comm_dup (MPI_COMM_WORLD, &self->all);
  MPI_Comm_rank (self->all, &rank);
  MPI_Comm_size (self->all, &size);
  self->parent = (MxGroup){.rank = (size_t)rank,
      .size = (size_t)size,
      .sum_doubles = sum_doubles,
      .sum_floats = sum_floats,
      .broadcast = broadcast,
      .free = free_group};
  return &self->parent;
}
