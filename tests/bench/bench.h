/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What all benchmarks share: clocks, the probe, the two networks by which this
 * engine is compared with others, and one form of results.
 *
 * Contenders take turns within a run, so that all meet the same busy machine;
 * ratios are taken turn by turn, and a median of turns is reported. */
#pragma once

#include "mx-network.h"

/* Time of this thread alone: on a busy machine, other time is others'. */
gint64 bench_cpu_ns (void);
/* What it takes to ask, measured once. */
gint64 bench_look_ns (void);

/* Sorts. */
double bench_median (double *values, size_t n);
/* Median of a[i] / b[i]; NaN if there is no b. */
double bench_median_ratio (const double *a, const double *b, size_t n);

/* GFLOP/s of multiply-adds in registers alone with a level's instructions
 * (see mx-cpu.h); NaN for a level that has no probe. */
double bench_probe (int level);

/* --- networks --- */

typedef struct {
  const char *name; /* and of its architecture, tests/bench/NAME.json */
  size_t classes;
  size_t hop; /* samples of a tenth of a second */
} BenchNetwork;

#define BENCH_NETWORKS 2
extern const BenchNetwork bench_networks[BENCH_NETWORKS];

/* The description with `streamed` of its stages streamed: features are then not
 * referred to the window's maximum, which differs from window to window.
 * Negative: as it is in its file.  Ends the program if it cannot be read. */
MxDescription *bench_describe (const BenchNetwork *network, int streamed);

/* Random weights, batch statistics that are not the neutral ones, always the
 * same. */
MxNetwork *bench_network_new (const BenchNetwork *network, int streamed);

/* In 8 bits, with the ranges that noise gives. */
MxNetwork *bench_quantise (MxNetwork *network);

/* Normal, always the same (g_free). */
float *bench_noise (size_t n);

/* How deep windows go in a mix of 60, 20, 10 and 10 %. */
#define BENCH_MIX 10
extern const unsigned bench_mix[BENCH_MIX];

/* --- results --- */

#define BENCH_COLUMNS 8

/* Begins a table: prints its head.  @columns: BENCH_COLUMNS at most, then
 * NULL; must stay. */
void bench_section (const char *title, const char *const *columns);

/* A row of that table, one value for each column; NaN: not known.  Appended
 * as a line of JSON to the file that MX_BENCH_JSON names. */
void bench_row (const char *name, const double *values);
