/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Tells the thread sanitizer what GLib's locks, queues and reference counts
 * mean.  GLib and GStreamer are not built with it, so it sees neither their
 * futexes nor their atomics, and would report a race wherever two threads meet
 * by their means.  Loaded before them (LD_PRELOAD), each function here does
 * what its namesake does and states the order that it promises: what came
 * before a release happened before what comes after the acquire of the same
 * address.
 *
 * Nothing else is stated and nothing is silenced: two accesses of ours that are
 * ordered by none of this are reported. */

#include <dlfcn.h>
#include <gst/gst.h>

/* Of the sanitizer's run-time library. */
void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* The next definition, GLib's own.  What runs before the sanitizer's first
 * thread may look it up twice: the answer is the same. */
#define REAL(name) ((__typeof__ (&name))find (#name, &real_##name))
#define DECLARE_REAL(name) static gpointer real_##name

static gpointer
find (const char *name, gpointer *known)
{
  gpointer function = __atomic_load_n (known, __ATOMIC_ACQUIRE);

  if (function == NULL) {
    function = dlsym (RTLD_NEXT, name);
    __atomic_store_n (known, function, __ATOMIC_RELEASE);
  }
  return function;
}

/* --- locks: the others are pthread's, which the sanitizer knows --- */

DECLARE_REAL (g_mutex_lock);
void
g_mutex_lock (GMutex *mutex)
{
  REAL (g_mutex_lock) (mutex);
  __tsan_acquire (mutex);
}

DECLARE_REAL (g_mutex_trylock);
gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked = REAL (g_mutex_trylock) (mutex);

  if (locked)
    __tsan_acquire (mutex);
  return locked;
}

DECLARE_REAL (g_mutex_unlock);
void
g_mutex_unlock (GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_mutex_unlock) (mutex);
}

/* Waiting unlocks and locks; a signal alone orders nothing. */
DECLARE_REAL (g_cond_wait);
void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_cond_wait) (cond, mutex);
  __tsan_acquire (mutex);
}

DECLARE_REAL (g_cond_wait_until);
gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean signalled;

  __tsan_release (mutex);
  signalled = REAL (g_cond_wait_until) (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return signalled;
}

/* --- once --- */

DECLARE_REAL (g_once_impl);
gpointer
g_once_impl (GOnce *once, GThreadFunc func, gpointer argument)
{
  gpointer value = REAL (g_once_impl) (once, func, argument);

  __tsan_release (once);
  __tsan_acquire (once);
  return value;
}

#undef g_once_init_enter
#undef g_once_init_leave
DECLARE_REAL (g_once_init_enter);
gboolean
g_once_init_enter (volatile void *location)
{
  gboolean first = REAL (g_once_init_enter) (location);

  __tsan_acquire ((void *)location);
  return first;
}

DECLARE_REAL (g_once_init_leave);
void
g_once_init_leave (volatile void *location, gsize result)
{
  __tsan_release ((void *)location);
  REAL (g_once_init_leave) (location, result);
}

/* --- reference counts: who drops the last one comes after all others --- */

#define UNREF(name, Type)                                                      \
  DECLARE_REAL (name);                                                         \
  void name (Type object)                                                      \
  {                                                                            \
    __tsan_release ((void *)object);                                           \
    __tsan_acquire ((void *)object);                                           \
    REAL (name) (object);                                                      \
  }

UNREF (g_object_unref, gpointer)
UNREF (g_bytes_unref, GBytes *)
UNREF (gst_mini_object_unref, GstMiniObject *)

DECLARE_REAL (g_atomic_rc_box_release_full);
void
g_atomic_rc_box_release_full (gpointer block, GDestroyNotify clear)
{
  __tsan_release (block);
  __tsan_acquire (block);
  REAL (g_atomic_rc_box_release_full) (block, clear);
}

/* The only owner comes after those who were. */
DECLARE_REAL (gst_mini_object_is_writable);
gboolean
gst_mini_object_is_writable (const GstMiniObject *object)
{
  gboolean writable = REAL (gst_mini_object_is_writable) (object);

  if (writable)
    __tsan_acquire ((void *)object);
  return writable;
}

DECLARE_REAL (gst_mini_object_make_writable);
GstMiniObject *
gst_mini_object_make_writable (GstMiniObject *object)
{
  GstMiniObject *writable = REAL (gst_mini_object_make_writable) (object);

  __tsan_acquire (writable);
  return writable;
}

/* --- queues: what is taken out comes after it was put in --- */

DECLARE_REAL (g_async_queue_push);
void
g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  __tsan_release (queue);
  REAL (g_async_queue_push) (queue, data);
}

#define POP(name)                                                              \
  DECLARE_REAL (name);                                                         \
  gpointer name (GAsyncQueue *queue)                                           \
  {                                                                            \
    gpointer data = REAL (name) (queue);                                       \
                                                                               \
    __tsan_acquire (queue);                                                    \
    return data;                                                               \
  }

POP (g_async_queue_pop)
POP (g_async_queue_try_pop)

DECLARE_REAL (gst_bus_post);
gboolean
gst_bus_post (GstBus *bus, GstMessage *message)
{
  __tsan_release (bus);
  return REAL (gst_bus_post) (bus, message);
}

DECLARE_REAL (gst_bus_timed_pop_filtered);
GstMessage *
gst_bus_timed_pop_filtered (
    GstBus *bus, GstClockTime timeout, GstMessageType types)
{
  GstMessage *message = REAL (gst_bus_timed_pop_filtered) (bus, timeout, types);

  __tsan_acquire (bus);
  return message;
}
