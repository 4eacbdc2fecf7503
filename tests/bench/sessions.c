/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* How many live streams one core keeps up with, and what each needs of memory:
 * hundreds of sessions in one thread share a network; each tenth of a second
 * every one of them hears as much and answers for the last second.  The number
 * is found in two rounds: some sessions say how many there should be, and these
 * are then made and measured. */

#include "bench.h"

#include "mx-session.h"

#ifdef HAVE_MALLINFO2
#  include <malloc.h>
#endif
#include <math.h>

#define SOME 200
#define MOST 4000 /* as many are made; more are extrapolated */
#define TICKS 15
#define PLACES 16 /* of a hop on the grid of the stages */
#define HOP_US 1e5

enum { EXIT_1 = 1, ALL = 4, MIX = -1 };

static const struct {
  const char *name;
  int streamed, depth;
} ways[] = {
    {"windowed, all exits", 0, ALL},
    {"windowed, mix of exits", 0, MIX},
    {"windowed, exit 1", 0, EXIT_1},
    {"streamed, all exits", 4, ALL},
    {"streamed, mix of exits", 4, MIX},
    {"streamed, exit 1", 4, EXIT_1},
};

/* NaN where the C library does not tell. */
static double
allocated (void)
{
#ifdef HAVE_MALLINFO2
  struct mallinfo2 info = mallinfo2 ();

  return (double)info.uordblks + (double)info.hblkhd;
#else
  return NAN;
#endif
}

typedef struct {
  MxSession **sessions;
  size_t n, hop;
  int depth;
  const float *noise;
  double bytes; /* of a session */
} Crowd;

static void
crowd_init (Crowd *crowd, MxNetwork *network, size_t n, size_t hop)
{
  double before;

  crowd->sessions = g_new (MxSession *, n);
  crowd->n = n;
  crowd->hop = hop;
  before = allocated ();
  for (size_t i = 0; i < n; i++) {
    crowd->sessions[i] = mx_session_new (network);
    mx_session_set_hop (crowd->sessions[i], hop);
  }
  crowd->bytes = (allocated () - before) / (double)n;
}

static void
crowd_clear (Crowd *crowd)
{
  for (size_t i = 0; i < crowd->n; i++)
    mx_session_free (crowd->sessions[i]);
  g_free (crowd->sessions);
}

/* A tick of one stream; which window of which stream goes how deep does not
 * follow a pattern that a processor could learn. */
static void
hear (const Crowd *crowd, size_t i, size_t tick, size_t samples)
{
  MxSession *session = crowd->sessions[i];
  size_t channels = mx_session_get_network (session)->description->channels;
  const float *chunk = crowd->noise;
  MxPolicy policy;

  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  policy.max_exit = crowd->depth == MIX
                        ? bench_mix[(i * 7 + tick * 3 + i / 10) % BENCH_MIX]
                        : (unsigned)crowd->depth;
  mx_session_set_policy (session, &policy);
  while (samples > 0) {
    MxResult result;
    bool answered;
    size_t used = mx_session_push (session, chunk, samples, &result, &answered);

    chunk += used * channels;
    samples -= used;
  }
}

/* us of a stream's hop, once it answers at every one.  Streams begin when they
 * will: were all at the same place on the grid of their stages, whose strides
 * let some hops compute much and others nothing, so would be the ticks. */
static double
time_crowd (const Crowd *crowd, size_t window)
{
  size_t before = window + mx_session_get_latency (crowd->sessions[0]);
  double us[TICKS];

  for (size_t i = 0; i < crowd->n; i++)
    for (size_t heard = 0; heard <= before + i % PLACES * crowd->hop;
         heard += crowd->hop)
      hear (crowd, i, heard, crowd->hop);
  for (size_t tick = 0; tick < TICKS; tick++) {
    gint64 begin = bench_cpu_ns ();

    for (size_t i = 0; i < crowd->n; i++)
      hear (crowd, i, tick, crowd->hop);
    us[tick] = (double)(bench_cpu_ns () - begin) / 1e3 / (double)crowd->n;
  }
  return bench_median (us, TICKS);
}

static void
run (const BenchNetwork *about, int streamed, const char *name, int depth)
{
  double before = allocated ();
  g_autoptr (MxNetwork) network = bench_network_new (about, streamed);
  double network_bytes = allocated () - before, us = 0;
  const MxDescription *description = network->description;
  g_autofree float *noise = bench_noise (about->hop * description->channels);
  Crowd crowd = {.depth = depth, .noise = noise};
  size_t n = SOME;

  for (int round = 0; round < 2; round++) {
    crowd_init (&crowd, network, n, about->hop);
    us = time_crowd (&crowd, description->window);
    crowd_clear (&crowd);
    n = (size_t)CLAMP (HOP_US / us, 1, MOST);
  }
  bench_row (name, (const double[]){floor (HOP_US / us), us, crowd.bytes / 1e3,
                       network_bytes / 1e3});
}

int
main (void)
{
  static const char *const columns[] = {
      "streams", "us a hop", "kB each", "kB network", NULL};

  for (size_t i = 0; i < BENCH_NETWORKS; i++) {
    g_autofree char *title =
        g_strdup_printf ("Live streams on a core, %s", bench_networks[i].name);

    bench_section (title, columns);
    for (size_t k = 0; k < G_N_ELEMENTS (ways); k++)
      run (&bench_networks[i], ways[k].streamed, ways[k].name, ways[k].depth);
  }
  return 0;
}
