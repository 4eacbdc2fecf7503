/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What streaming saves: the same network, its stages streamed or windowed, on
 * windows of a second that start a tenth of a second apart.  For each exit the
 * time and the multiply-accumulates of a hop, without the front end, and their
 * ratios; then the time with it; in floats, in bfloat16 and in 8 bits, both
 * sides alike.  And what 16 bits save, for both, and 8 bits in streamed stages
 * (those of windows are in quantised.c): the bytes of weights in kernel order,
 * and time without the front end.
 *
 * A stage with a stride of 16 frames behind it computes so many at a time, and
 * in some hops none.  So what is timed is a round of hops, in which each place
 * on that grid comes up as often as any other; shown is the mean of a hop. */

#include "bench.h"

#include "mx-kernels-bf16.h"
#include "mx-session.h"

#define ROUND 16 /* hops */
#define ROUNDS 60
/* Rounds before what is measured: the first window is a whole one. */
#define WARM 4

typedef struct {
  MxNetwork *network;
  MxSession *session;
  size_t at; /* in the noise */
  /* us of a hop, without and with the front end */
  double stages[ROUNDS], with[ROUNDS];
  double macs;
} Side;

/* What a side listens with. */
typedef struct {
  int streamed; /* stages */
  MxStorage storage;
  bool quantised;
} Kind;

static const Kind windowed[] = {{0, MX_STORAGE_F32, false},
    {0, MX_STORAGE_F16, false}, {0, MX_STORAGE_BF16, false}};
static const Kind streamed[] = {{4, MX_STORAGE_F32, false},
    {4, MX_STORAGE_F16, false}, {4, MX_STORAGE_BF16, false}};
static const Kind windowed_i8 = {0, MX_STORAGE_F32, true};
static const Kind streamed_i8 = {4, MX_STORAGE_F32, true};
#define STORAGES 3

/* Looking at the clock is left out: it takes as long as a small layer, and a
 * session looks after each stage. */
static uint64_t
cpu_clock (void *user_data)
{
  static gint64 looks;

  return (uint64_t)(bench_cpu_ns () - ++looks * bench_look_ns ());
}

static void
side_init (
    Side *side, const BenchNetwork *about, const Kind *kind, unsigned exit)
{
  MxNetwork *floats = bench_network_new (about, kind->streamed);
  MxPolicy policy;

  *side = (Side){.network = kind->quantised ? bench_quantise (floats)
                                            : mx_network_new_stored (
                                                  floats, kind->storage)};
  mx_network_unref (floats);
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
hear_hop (Side *side, const float *noise, size_t n, int round)
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
  if (round < 0)
    return;
  side->stages[round] +=
      (stage_time (side->session, &with_after) - stages) / ROUND;
  side->with[round] += (with_after - with) / ROUND;
  side->macs += (double)result.macs / ROUND / ROUNDS;
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
  for (int round = -WARM; round < ROUNDS; round++)
    for (int hop = 0; hop < ROUND; hop++)
      for (size_t k = 0; k < n_sides; k++)
        hear_hop (&sides[k], noise, n, round);
}

static void
compare_streamed (const BenchNetwork *about, unsigned exit, const char *in,
    const Kind *window, const Kind *stream)
{
  static Side pair[2];
  const Kind *const kinds[] = {window, stream};
  g_autofree char *name = g_strdup_printf ("exit %u%s", exit, in);
  double ratio, ratio_with;

  run_sides (about, exit, 2, kinds, pair);
  ratio = bench_median_ratio (pair[0].stages, pair[1].stages, ROUNDS);
  ratio_with = bench_median_ratio (pair[0].with, pair[1].with, ROUNDS);
  bench_row (name, (const double[]){pair[0].macs / 1e3, pair[1].macs / 1e3,
                       bench_median (pair[0].stages, ROUNDS),
                       bench_median (pair[1].stages, ROUNDS), ratio,
                       bench_median (pair[0].with, ROUNDS),
                       bench_median (pair[1].with, ROUNDS), ratio_with});
  side_clear (&pair[0]);
  side_clear (&pair[1]);
}

static void
compare_bytes (const BenchNetwork *about, unsigned exit)
{
  static Side pair[2];
  static const Kind *const kinds[] = {&streamed[0], &streamed_i8};
  g_autofree char *name = g_strdup_printf ("hop, exit %u", exit);
  double ratio;

  run_sides (about, exit, 2, kinds, pair);
  ratio = bench_median_ratio (pair[0].stages, pair[1].stages, ROUNDS);
  bench_row (
      name, (const double[]){(double)pair[0].network->prepared_bytes / 1e3,
                (double)pair[1].network->prepared_bytes / 1e3,
                bench_median (pair[0].stages, ROUNDS),
                bench_median (pair[1].stages, ROUNDS), ratio});
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
    ratio[k] = bench_median_ratio (sides[0].stages, sides[k].stages, ROUNDS);
    kb[k] = (double)sides[k].network->prepared_bytes / 1e3;
  }
  for (size_t k = 0; k < STORAGES; k++) {
    us[k] = bench_median (sides[k].stages, ROUNDS);
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
  static const char *const bytes[] = {
      "kB in all", "int8 kB", "us", "int8 us", "ratio", NULL};
  g_autofree char *in_bytes =
      g_strdup_printf ("A hop in 8 bits, %s", about->name);

  bench_section (title, columns);
  for (unsigned exit = 1; exit <= 4; exit++)
    compare_streamed (about, exit, "", &windowed[0], &streamed[0]);
  for (unsigned exit = 1; exit <= 4; exit++)
    compare_streamed (about, exit, " in bfloat16", &windowed[2], &streamed[2]);
  for (unsigned exit = 1; exit <= 4; exit++)
    compare_streamed (about, exit, " in 8 bits", &windowed_i8, &streamed_i8);
  bench_section (stored, storages);
  for (unsigned exit = 1; exit <= 4; exit++)
    compare_storages (about, exit, "window", windowed);
  for (unsigned exit = 1; exit <= 4; exit++)
    compare_storages (about, exit, "hop", streamed);
  bench_section (in_bytes, bytes);
  for (unsigned exit = 1; exit <= 4; exit++)
    compare_bytes (about, exit);
}

int
main (void)
{
  for (size_t i = 0; i < BENCH_NETWORKS; i++)
    run (&bench_networks[i]);
  return 0;
}
