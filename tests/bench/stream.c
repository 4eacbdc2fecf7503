/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What streaming saves: the same network, its stages streamed or windowed, on
 * windows of a second that start a tenth of a second apart.  For each exit the
 * time and the multiply-accumulates of a hop, without the front end, and their
 * ratios; then the time with it.  And what 16 bits save, for both: the bytes of
 * weights in kernel order, and time without the front end. */

#include "bench.h"

#include "mx-kernels-bf16.h"
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

/* What a side listens with. */
typedef struct {
  int streamed; /* stages */
  MxStorage storage;
} Kind;

static const Kind windowed[] = {
    {0, MX_STORAGE_F32}, {0, MX_STORAGE_F16}, {0, MX_STORAGE_BF16}};
static const Kind streamed[] = {
    {4, MX_STORAGE_F32}, {4, MX_STORAGE_F16}, {4, MX_STORAGE_BF16}};
#define STORAGES 3

static uint64_t
cpu_clock (void *user_data)
{
  return (uint64_t)bench_cpu_ns ();
}

static void
side_init (
    Side *side, const BenchNetwork *about, const Kind *kind, unsigned exit)
{
  g_autoptr (MxNetwork) floats = bench_network_new (about, kind->streamed);
  MxPolicy policy;

  *side = (Side){.network = mx_network_new_stored (floats, kind->storage)};
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

/* All take turns. */
static void
run_sides (const BenchNetwork *about, unsigned exit, size_t n_sides,
    const Kind *const *kinds, Side *sides)
{
  g_autofree float *noise = NULL;
  size_t n;

  for (size_t k = 0; k < n_sides; k++)
    side_init (&sides[k], about, kinds[k], exit);
  n = sides[0].network->description->window * 5;
  noise = bench_noise (n * sides[0].network->description->channels);
  for (int hop = -WARM; hop < HOPS; hop++)
    for (size_t k = 0; k < n_sides; k++)
      hear_hop (&sides[k], noise, n, hop);
}

static void
compare_streamed (const BenchNetwork *about, unsigned exit)
{
  static Side pair[2];
  static const Kind *const kinds[] = {&windowed[0], &streamed[0]};
  g_autofree char *name = g_strdup_printf ("exit %u", exit);
  double ratio, ratio_with;

  run_sides (about, exit, 2, kinds, pair);
  ratio = bench_median_ratio (pair[0].stages, pair[1].stages, HOPS);
  ratio_with = bench_median_ratio (pair[0].with, pair[1].with, HOPS);
  bench_row (name, (const double[]){pair[0].macs / 1e3, pair[1].macs / 1e3,
                       bench_median (pair[0].stages, HOPS),
                       bench_median (pair[1].stages, HOPS), ratio,
                       bench_median (pair[0].with, HOPS),
                       bench_median (pair[1].with, HOPS), ratio_with});
  side_clear (&pair[0]);
  side_clear (&pair[1]);
}

static void
compare_storages (const BenchNetwork *about, unsigned exit, const char *what,
    const Kind *kind)
{
  static Side sides[STORAGES];
  const Kind *const kinds[] = {&kind[0], &kind[1], &kind[2]};
  g_autofree char *name = g_strdup_printf ("%s, exit %u", what, exit);
  double ratio[STORAGES], us[STORAGES], kb[STORAGES];

  run_sides (about, exit, STORAGES, kinds, sides);
  for (size_t k = 0; k < STORAGES; k++) {
    ratio[k] = bench_median_ratio (sides[0].stages, sides[k].stages, HOPS);
    kb[k] = (double)sides[k].network->prepared_bytes / 1e3;
  }
  for (size_t k = 0; k < STORAGES; k++) {
    us[k] = bench_median (sides[k].stages, HOPS);
    side_clear (&sides[k]);
  }
  bench_row (name, (const double[]){kb[0], kb[1], kb[2], us[0], us[1], us[2],
                       ratio[1], ratio[2]});
}

static void
run (const BenchNetwork *about)
{
  static const char *const columns[] = {"kMAC", "streamed kMAC", "us",
      "streamed us", "ratio", "us with f.e.", "streamed with f.e.",
      "ratio with f.e.", NULL};
  static const char *const storages[] = {"kB in all", "f16 kB", "bf16 kB", "us",
      "f16 us", "bf16 us", "f32 / f16", "f32 / bf16", NULL};
  g_autofree char *title = g_strdup_printf ("A hop of 0.1 s, %s", about->name);
  g_autofree char *stored = g_strdup_printf (
      "In 16 bits (%s), %s", mx_kernels_bf16_get ()->name, about->name);

  bench_section (title, columns);
  for (unsigned exit = 1; exit <= 4; exit++)
    compare_streamed (about, exit);
  bench_section (stored, storages);
  for (unsigned exit = 1; exit <= 4; exit++)
    compare_storages (about, exit, "window", windowed);
  for (unsigned exit = 1; exit <= 4; exit++)
    compare_storages (about, exit, "hop", streamed);
}

int
main (void)
{
  for (size_t i = 0; i < BENCH_NETWORKS; i++)
    run (&bench_networks[i]);
  return 0;
}
