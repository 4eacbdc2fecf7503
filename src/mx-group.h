/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Trainers that train one network together, each on its share of the batch:
 * what they have to say to each other.  NULL is a trainer alone, and costs
 * nothing.
 *
 * Every member calls the same functions in the same order with equal sizes, and
 * waits in them for all others.  A member that is lost ends the process: a
 * training without it would be another one.  One thread at a time.
 *
 * An implementation fills in the functions; the one over MPI is a module of its
 * own, so that nobody else loads a library of MPI. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

G_BEGIN_DECLS

typedef struct _MxGroup MxGroup;

struct _MxGroup {
  size_t rank, size; /* rank < size */
  /* In place, over all members; every member gets the same bits. */
  void (*sum_doubles) (MxGroup *self, double *values, size_t n);
  void (*sum_floats) (MxGroup *self, float *values, size_t n);
  /* Those of rank 0 to all. */
  void (*broadcast) (MxGroup *self, void *bytes, size_t n);
  /* @orderly: all members do so; else this one leaves the others alone. */
  void (*free) (MxGroup *self, bool orderly);
};

/* What a module exports under this name; NULL: @problem (g_free) says why. */
#define MX_GROUP_MODULE_NEW "mx_group_module_new"
typedef MxGroup *(*MxGroupModuleNew) (char **problem);

#define MX_GROUP_ERROR (mx_group_error_quark ())
GQuark mx_group_error_quark (void);

typedef enum {
  MX_GROUP_ERROR_MODULE, /* not there, or none */
  MX_GROUP_ERROR_START   /* of the library that it stands on */
} MxGroupError;

/* What mpirun says of this process.  FALSE: it was not started by mpirun, or
 * alone; then rank is 0 and size 1. */
bool mx_group_get_environment (size_t *rank, size_t *size);

/* The group of all processes that mpirun started; NULL without an error: this
 * one is alone.  The module is looked for where it was installed, or where the
 * environment variable MX_GROUP_MODULE says. */
MxGroup *mx_group_open (GError **error);
void mx_group_close (MxGroup *self, bool orderly);

/* All of these may be called with NULL. */
size_t mx_group_get_rank (const MxGroup *self);
size_t mx_group_get_size (const MxGroup *self);
void mx_group_sum (MxGroup *self, double *values, size_t n);
void mx_group_sum_floats (MxGroup *self, float *values, size_t n);
void mx_group_broadcast (MxGroup *self, void *bytes, size_t n);

/* values [size][n]: each member sets its row, and gets those of all. */
void mx_group_gather (MxGroup *self, double *values, size_t n);

G_END_DECLS
