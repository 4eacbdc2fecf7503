/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "config.h"

#include "mx-group.h"

#include <gmodule.h>

#define MODULE_VARIABLE "MX_GROUP_MODULE"
#define MOST_MEMBERS (1 << 20)

G_DEFINE_QUARK (mx - group - error - quark, mx_group_error)

/* ---------------------------------------------------------- environment */

static bool
read_number (const char *name, guint64 most, size_t *to)
{
  const char *text = g_getenv (name);
  guint64 number;

  if (text == NULL ||
      !g_ascii_string_to_unsigned (text, 10, 0, most, &number, NULL))
    return false;
  *to = (size_t)number;
  return true;
}

bool
mx_group_get_environment (size_t *rank, size_t *size)
{
  /* Open MPI; MPICH and what is made from it. */
  static const char *const names[][2] = {
      {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
      {"PMI_RANK", "PMI_SIZE"}};

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    if (read_number (names[i][1], MOST_MEMBERS, size) && *size > 1 &&
        read_number (names[i][0], *size - 1, rank))
      return true;
  *rank = 0;
  *size = 1;
  return false;
}

/* --------------------------------------------------------------- module */

/* The symbols of the library below are shared with all: parts of Open MPI are
 * modules themselves, which are not linked with it.  It stays, as it cannot be
 * started twice in a process. */
static MxGroupModuleNew
load_module (GError **error)
{
  const char *filename = g_getenv (MODULE_VARIABLE);
  gpointer symbol = NULL;
  GModule *module;

  if (filename == NULL)
    filename = MX_GROUP_MODULE_FILE;
  module = g_module_open (filename, G_MODULE_BIND_LAZY);
  if (module != NULL && g_module_symbol (module, MX_GROUP_MODULE_NEW, &symbol))
    g_module_make_resident (module);
  if (symbol == NULL)
    g_set_error (error, MX_GROUP_ERROR, MX_GROUP_ERROR_MODULE,
        "mpirun started this process, but the module for MPI is not there "
        "(built with -Dmpi=enabled; " MODULE_VARIABLE " may name it): %s",
        g_module_error ());
  return (MxGroupModuleNew)symbol;
}

/* What reads its share of the data asked the environment. */
static bool
check_environment (const MxGroup *self, GError **error)
{
  size_t rank, size;

  mx_group_get_environment (&rank, &size);
  if (self->rank == rank && self->size == size)
    return true;
  g_set_error (error, MX_GROUP_ERROR, MX_GROUP_ERROR_START,
      "MPI says rank %zu of %zu, the environment rank %zu of %zu: mpirun is of "
      "another MPI than the one this was built with",
      self->rank, self->size, rank, size);
  return false;
}

MxGroup *
mx_group_open (GError **error)
{
  g_autofree char *problem = NULL;
  MxGroupModuleNew new_group;
  MxGroup *self;
  size_t rank, size;

  if (!mx_group_get_environment (&rank, &size))
    return NULL;
  new_group = load_module (error);
  if (new_group == NULL)
    return NULL;
  self = new_group (&problem);
  if (self == NULL)
    g_set_error (error, MX_GROUP_ERROR, MX_GROUP_ERROR_START,
        "MPI did not start: %s", problem);
  if (self == NULL || check_environment (self, error))
    return self;
  mx_group_close (self, false);
  return NULL;
}

void
mx_group_close (MxGroup *self, bool orderly)
{
  if (self != NULL)
    self->free (self, orderly);
}

/* ------------------------------------------------------------- together */

size_t
mx_group_get_rank (const MxGroup *self)
{
  return self ? self->rank : 0;
}

size_t
mx_group_get_size (const MxGroup *self)
{
  return self ? self->size : 1;
}

void
mx_group_sum (MxGroup *self, double *values, size_t n)
{
  if (self != NULL)
    self->sum_doubles (self, values, n);
}

void
mx_group_sum_floats (MxGroup *self, float *values, size_t n)
{
  if (self != NULL)
    self->sum_floats (self, values, n);
}

void
mx_group_broadcast (MxGroup *self, void *bytes, size_t n)
{
  if (self != NULL)
    self->broadcast (self, bytes, n);
}

void
mx_group_gather (MxGroup *self, double *values, size_t n)
{
  if (self == NULL)
    return;
  for (size_t i = 0; i < self->size * n; i++)
    if (i / n != self->rank)
      values[i] = 0;
  self->sum_doubles (self, values, self->size * n);
}
