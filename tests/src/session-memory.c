/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Once a session is made, nothing is allocated: whatever the network, the hop
 * and the depth. */

#include "stream-nets.h"

#include "check-main.h"
#include "mx-session.h"

static unsigned allocations;

/* Take the place of the C library's for the whole process. */
extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *memory, size_t size);

void *
malloc (size_t size)
{
  allocations++;
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  allocations++;
  return __libc_calloc (n, size);
}

void *
realloc (void *memory, size_t size)
{
  allocations++;
  return __libc_realloc (memory, size);
}

START_TEST (no_window_allocates)
{
  enum { N = 20000 };
  g_autofree char *json = random_net (_i);
  g_autoptr (MxNetwork) network = network_of (json, _i);
  size_t channels = network->description->channels, windows = 0;
  g_autofree float *samples = g_new0 (float, N *channels);
  MxSession *session = mx_session_new (network);
  MxRng rng;
  MxPolicy policy;
  MxResult result;
  bool answered;

  mx_rng_init (&rng, _i, 3);
  for (size_t i = 0; i < N * channels; i++)
    samples[i] = mx_rng_normal (&rng);
  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  policy.deadline = 1000000000;
  policy.budget = .5f;
  policy.difference_threshold = .01f;
  mx_session_set_hop (session, 1 + _i * 5);
  mx_session_set_all_exits (session, _i % 3 == 0);

  allocations = 0;
  for (size_t at = 0; at < N;) {
    policy.max_exit = windows / 50 % 2;
    mx_session_set_policy (session, &policy);
    at += mx_session_push (
        session, samples + at * channels, N - at, &result, &answered);
    windows += answered;
  }
  while (mx_session_drain (session, &result))
    windows++;
  ck_assert_uint_eq (allocations, 0);
  ck_assert_uint_gt (windows, 10);
  mx_session_free (session);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (tcase, no_window_allocates, 0, 24);
}

CHECK_MAIN ("session-memory", add_tests)
