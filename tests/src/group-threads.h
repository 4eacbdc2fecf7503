/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A group whose members are threads of this process.  Sums are taken in the
 * order of the ranks: the same bytes each time. */
#pragma once

#include "mx-group.h"

#include <check.h>
#include <string.h>

#define MOST_THREADS 8

typedef struct {
  GMutex mutex;
  GCond all_came;
  size_t size, waiting;
  guint round;
  void *place[MOST_THREADS]; /* of each member's values, in this round */
  guint calls;
} Meeting;

typedef struct {
  MxGroup parent;
  Meeting *meeting;
} ThreadGroup;

/* The last to come does the work. */
static inline void
meeting_hold (ThreadGroup *self, void *values, size_t n,
    void (*work) (Meeting *meeting, size_t n))
{
  Meeting *meeting = self->meeting;
  guint round;

  g_mutex_lock (&meeting->mutex);
  round = meeting->round;
  meeting->place[self->parent.rank] = values;
  if (++meeting->waiting == meeting->size) {
    work (meeting, n);
    meeting->calls++;
    meeting->waiting = 0;
    meeting->round++;
    g_cond_broadcast (&meeting->all_came);
  }
  while (meeting->round == round)
    g_cond_wait (&meeting->all_came, &meeting->mutex);
  g_mutex_unlock (&meeting->mutex);
}

#define MEETING_SUM(type)                                                      \
  static inline void meeting_sum_##type (Meeting *meeting, size_t n)           \
  {                                                                            \
    for (size_t i = 0; i < n; i++) {                                           \
      type sum = 0;                                                            \
      for (size_t r = 0; r < meeting->size; r++)                               \
        sum += ((type *)meeting->place[r])[i];                                 \
      for (size_t r = 0; r < meeting->size; r++)                               \
        ((type *)meeting->place[r])[i] = sum;                                  \
    }                                                                          \
  }
MEETING_SUM (double)
MEETING_SUM (float)

static inline void
meeting_copy (Meeting *meeting, size_t n)
{
  for (size_t r = 1; r < meeting->size; r++)
    memcpy (meeting->place[r], meeting->place[0], n);
}

static inline void
thread_group_sum_doubles (MxGroup *self, double *values, size_t n)
{
  meeting_hold ((ThreadGroup *)self, values, n, meeting_sum_double);
}

static inline void
thread_group_sum_floats (MxGroup *self, float *values, size_t n)
{
  meeting_hold ((ThreadGroup *)self, values, n, meeting_sum_float);
}

static inline void
thread_group_broadcast (MxGroup *self, void *bytes, size_t n)
{
  meeting_hold ((ThreadGroup *)self, bytes, n, meeting_copy);
}

/* What each member does; @data: the same for all. */
typedef void (*MemberFunc) (MxGroup *group, void *data);

typedef struct {
  ThreadGroup group;
  MemberFunc func;
  void *data;
} Member;

static inline gpointer
member_run (gpointer data)
{
  Member *member = data;

  member->func (&member->group.parent, member->data);
  return NULL;
}

/* Returns when all have ended; how often they met. */
static inline guint
run_members (size_t size, MemberFunc func, void *data)
{
  Meeting meeting = {.size = size};
  Member members[MOST_THREADS];
  GThread *threads[MOST_THREADS];

  ck_assert_uint_le (size, MOST_THREADS);
  g_mutex_init (&meeting.mutex);
  g_cond_init (&meeting.all_came);
  for (size_t r = 0; r < size; r++) {
    members[r] = (Member){{{.rank = r,
                               .size = size,
                               .sum_doubles = thread_group_sum_doubles,
                               .sum_floats = thread_group_sum_floats,
                               .broadcast = thread_group_broadcast},
                              &meeting},
        func, data};
    threads[r] = g_thread_new ("member", member_run, &members[r]);
  }
  for (size_t r = 0; r < size; r++)
    g_thread_join (threads[r]);
  g_cond_clear (&meeting.all_came);
  g_mutex_clear (&meeting.mutex);
  return meeting.calls;
}
