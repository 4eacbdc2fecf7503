/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-parallel.h"

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Runs follow each other within microseconds, and to sleep and be woken takes
 * 30 or more. */
#define WATCH_US 50

/* A run is open while it may have tasks that nobody took.  Workers that wake
 * too late find it closed and sleep on: nobody waits for a thread that the
 * system has not let run yet, only for those with a task in hand. */
struct _MxParallel {
  size_t n_workers;
  GThread **workers;
  gint64 watch_us; /* 0 where a thread that watches would keep another out */

  GMutex mutex; /* these may be read, and a run be closed, without */
  GCond opened, finished;
  atomic_bool open, quit;
  atomic_size_t active; /* workers inside the run */

  /* The run: written while it is closed and nobody is active. */
  MxTask task;
  void *data;
  size_t n_tasks;
  atomic_size_t next;
  atomic_size_t started; /* workers */
};

/* 0 is the caller, of whatever else it may be a worker. */
static _Thread_local size_t own_number;

static void
run_tasks (MxParallel *self)
{
  size_t index;

  while ((index = atomic_fetch_add (&self->next, 1)) < self->n_tasks)
    self->task (self->data, index);
}

static inline void
pause_thread (void)
{
#if defined __x86_64__ || defined __i386__
  __builtin_ia32_pause ();
#elif defined __aarch64__
  __asm__ volatile("yield");
#endif
}

/* Until a worker has something to do. */
static void
watch_for_run (const MxParallel *self)
{
  gint64 end = g_get_monotonic_time () + self->watch_us;

  while (!self->open && !self->quit && g_get_monotonic_time () < end)
    pause_thread ();
}

static void
watch_for_end (const MxParallel *self)
{
  gint64 end = g_get_monotonic_time () + self->watch_us;

  while (self->active > 0 && g_get_monotonic_time () < end)
    pause_thread ();
}

static gpointer
work (gpointer data)
{
  MxParallel *self = data;

  own_number = atomic_fetch_add (&self->started, 1) + 1;
  g_mutex_lock (&self->mutex);
  while (!self->quit) {
    if (!self->open) {
      g_mutex_unlock (&self->mutex);
      watch_for_run (self);
      g_mutex_lock (&self->mutex);
      while (!self->open && !self->quit)
        g_cond_wait (&self->opened, &self->mutex);
      continue;
    }
    self->active++;
    g_mutex_unlock (&self->mutex);
    run_tasks (self);
    g_mutex_lock (&self->mutex);
    self->open = false;
    if (--self->active == 0)
      g_cond_signal (&self->finished);
  }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

MxParallel *
mx_parallel_new (size_t threads)
{
  MxParallel *self = g_new0 (MxParallel, 1);

  if (threads == 0)
    threads = g_get_num_processors ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->opened);
  g_cond_init (&self->finished);
  atomic_init (&self->next, 0);
  atomic_init (&self->started, 0);
  self->watch_us = threads <= g_get_num_processors () ? WATCH_US : 0;
  self->workers = g_new0 (GThread *, threads);
  while (self->n_workers + 1 < threads) {
    GThread *worker = g_thread_try_new ("mx-parallel", work, self, NULL);

    /* A system that refuses more threads gets the same results later. */
    if (worker == NULL)
      break;
    self->workers[self->n_workers++] = worker;
  }
  return self;
}

void
mx_parallel_free (MxParallel *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->quit = true;
  g_cond_broadcast (&self->opened);
  g_mutex_unlock (&self->mutex);
  for (size_t i = 0; i < self->n_workers; i++)
    g_thread_join (self->workers[i]);
  g_free (self->workers);
  g_cond_clear (&self->finished);
  g_cond_clear (&self->opened);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

size_t
mx_parallel_get_threads (const MxParallel *self)
{
  return self == NULL ? 1 : self->n_workers + 1;
}

static void
run_shared (MxParallel *self, size_t n_tasks, MxTask task, void *data)
{
  g_mutex_lock (&self->mutex);
  self->task = task;
  self->data = data;
  self->n_tasks = n_tasks;
  atomic_store (&self->next, 0);
  self->open = true;
  g_cond_broadcast (&self->opened);
  g_mutex_unlock (&self->mutex);

  run_tasks (self);
  self->open = false;
  watch_for_end (self);

  g_mutex_lock (&self->mutex);
  while (self->active > 0)
    g_cond_wait (&self->finished, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

size_t
mx_parallel_get_worker (void)
{
  return own_number;
}

void
mx_parallel_run (MxParallel *self, size_t n_tasks, MxTask task, void *data)
{
  const size_t elsewhere = own_number;

  own_number = 0;
  if (self != NULL && self->n_workers > 0 && n_tasks > 1) {
    run_shared (self, n_tasks, task, data);
  } else {
    for (size_t i = 0; i < n_tasks; i++)
      task (data, i);
  }
  own_number = elsewhere;
}
