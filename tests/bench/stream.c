/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What streaming saves: the same network, its stages streamed or windowed, on
 * windows of a second that start a tenth of a second apart.  For each exit the
 * time and the multiply-accumulates of a hop, without the front end, and their
 * ratios; then the time with it. */

#include "bench.h"

#include "mx-session.h"

#define HOPS 600
/* Hops before what is measured: the first window is a whole one. */
#define WARM 60

typedef struct {
  MxNetwork *network;
  MxSession *session;
  size_t at;                       /* in the noise */
  double stages[HOPS], with[HOPS]; /* us, without and with the front end */
  double macs;
} Side;

enum { STREAMED, WINDOWED, SIDES };

static uint64_t
cpu_clock (void *user_data)
{
  return (uint64_t)bench_cpu_ns ();
}

static void
side_init (Side *side, const BenchNetwork *about, int streamed, unsigned exit)
{
  MxPolicy policy;

  *side = (Side){.network = bench_network_new (about, streamed)};
  side->session = mx_session_new (side->network);
  mx_session_set_clock (side->session, cpu_clock, NULL);
  mx_session_set_hop (side->session, about->hop);
  mx_policy_init (&policy);
  policy.kind = MX_POLICY_LAST;
  policy.max_exit = exit;
  mx_session_set_policy (side->session, &policy);
}

static void
side_clear (Side *side)
{
  mx_session_free (side->session);
  mx_network_unref (side->network);
}

/* us so far. */
static double
stage_time (const MxSession *session, double *with)
{
  MxTimings timings;
  double ns = 0;

  mx_session_get_timings (session, &timings);
  for (size_t s = 0; s < MX_MAX_EXITS; s++)
    ns += (double)timings.times[s];
  *with = (ns + (double)timings.frontend_ns) / 1e3;
  return ns / 1e3;
}

/* Pushes until the next answer. */
static void
hear_hop (Side *side, const float *noise, size_t n, int hop)
{
  const size_t channels = side->network->description->channels;
  double with, stages = stage_time (side->session, &with), with_after;
  MxResult result;
  bool answered = false;

  while (!answered) {
    side->at += mx_session_push (side->session, noise + side->at * channels,
        n - side->at, &result, &answered);
    if (side->at == n)
      side->at = 0;
  }
  if (hop < 0)
    return;
  side->stages[hop] = stage_time (side->session, &with_after) - stages;
  side->with[hop] = with_after - with;
  side->macs += (double)result.macs / HOPS;
}

static void
run_exit (const BenchNetwork *about, unsigned exit)
{
  static Side sides[SIDES];
  g_autofree char *name = g_strdup_printf ("exit %u", exit);
  g_autofree float *noise = NULL;
  double ratio, ratio_with;
  size_t n;

  side_init (&sides[STREAMED], about, 4, exit);
  side_init (&sides[WINDOWED], about, 0, exit);
  n = sides[STREAMED].network->description->window * 5;
  noise = bench_noise (n * sides[STREAMED].network->description->channels);
  for (int hop = -WARM; hop < HOPS; hop++)
    for (int k = 0; k < SIDES; k++)
      hear_hop (&sides[k], noise, n, hop);

  ratio =
      bench_median_ratio (sides[WINDOWED].stages, sides[STREAMED].stages, HOPS);
  ratio_with =
      bench_median_ratio (sides[WINDOWED].with, sides[STREAMED].with, HOPS);
  bench_row (name,
      (const double[]){sides[WINDOWED].macs / 1e3, sides[STREAMED].macs / 1e3,
          bench_median (sides[WINDOWED].stages, HOPS),
          bench_median (sides[STREAMED].stages, HOPS), ratio,
          bench_median (sides[WINDOWED].with, HOPS),
          bench_median (sides[STREAMED].with, HOPS), ratio_with});
  for (int k = 0; k < SIDES; k++)
    side_clear (&sides[k]);
}

int
main (void)
{
  static const char *const columns[] = {"kMAC", "streamed", "us", "streamed",
      "ratio", "with f.e.", "streamed", "ratio", NULL};

  for (size_t i = 0; i < BENCH_NETWORKS; i++) {
    g_autofree char *title =
        g_strdup_printf ("A hop of 0.1 s, %s", bench_networks[i].name);

    bench_section (title, columns);
    for (unsigned exit = 1; exit <= 4; exit++)
      run_exit (&bench_networks[i], exit);
  }
  return 0;
}
