/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A fixed set of worker threads that share out numbered tasks.
 *
 * Which thread runs a task is left to chance, so tasks must write to separate
 * places; sums over tasks are then taken in the order of the numbers by the
 * caller.  Results are thus the same for every number of threads.
 * Waiting threads look for work for 50 us and then sleep: a busy machine slows
 * the work in proportion only. */
#pragma once

#include <stddef.h>

typedef struct _MxParallel MxParallel;

typedef void (*MxTask) (void *data, size_t index);

/* @threads: how many threads work, the calling one included; 0: one for each
 * processor.  Owned by the caller. */
MxParallel *mx_parallel_new (size_t threads);
void mx_parallel_free (MxParallel *self);

size_t mx_parallel_get_threads (const MxParallel *self);

/* For a task: which thread it runs in, less than their number. */
size_t mx_parallel_get_worker (void);

/* Runs task (data, 0) to task (data, n_tasks - 1) and returns when all have
 * ended.  One caller at a time.  @self may be NULL: all run here, in order. */
void mx_parallel_run (
    MxParallel *self, size_t n_tasks, MxTask task, void *data);
