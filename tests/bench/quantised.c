/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What 8 bits save: time from a window's frames to each exit, those before it
 * included, of a network in floats and of the same one quantised, and the bytes
 * of weights that are read for it. */

#include "bench.h"

#include "mx-kernels-i8.h"
#include "mx-pass.h"

#include <math.h>
#include <stdio.h>

#define TURNS 300
#define REPEATS 3 /* in a turn, behind one that brings the weights back */
#define EXITS 4

typedef struct {
  MxNetwork *network;
  MxPass *pass;
  double us[EXITS][TURNS];
} Contender;

static void
enter (Contender *self, MxNetwork *network)
{
  const MxShape shape = network->program->values[0].shape;
  g_autofree float *noise = bench_noise (shape.time * shape.channels);
  MxTensor input;

  self->network = network;
  self->pass = mx_pass_new (network->program, 1, false, NULL);
  mx_pass_set_weights (self->pass, network->program_weights, network->prepared,
      network->prepared_offset);
  input = mx_pass_begin (self->pass, 1);
  for (size_t i = 0; i < shape.time * shape.channels; i++)
    input.data[i] = 10 * noise[i];
}

static void
leave (Contender *self)
{
  mx_pass_free (self->pass);
  mx_network_unref (self->network);
}

static void
run_to (Contender *self, size_t exit)
{
  mx_pass_begin (self->pass, 1);
  for (size_t s = 0; s < exit; s++)
    mx_pass_run_stage (self->pass, s);
}

static double
time_exit (Contender *self, size_t exit)
{
  gint64 begin;

  run_to (self, exit);
  begin = bench_cpu_ns ();
  for (int i = 0; i < REPEATS; i++)
    run_to (self, exit);
  return (double)(bench_cpu_ns () - begin) / REPEATS / 1e3;
}

static void
print_table (const char *name, Contender *floats, Contender *quantised)
{
  static const char *const columns[] = {
      "MMAC", "f32 us", "int8 us", "f32 / int8", "f32 kB", "int8 kB", NULL};
  g_autofree char *title = g_strdup_printf (
      "Floats and 8 bits (%s), %s", mx_kernels_i8_get ()->name, name);

  bench_section (title, columns);
  for (size_t e = 0; e < EXITS; e++) {
    g_autofree char *row = g_strdup_printf ("exit %zu", e + 1);
    const double ratio =
        bench_median_ratio (floats->us[e], quantised->us[e], TURNS);

    bench_row (row,
        (const double[]){
            (double)mx_program_macs_to (floats->network->program, e + 1) / 1e6,
            bench_median (floats->us[e], TURNS),
            bench_median (quantised->us[e], TURNS), ratio,
            e < EXITS - 1 ? NAN : (double)floats->network->prepared_bytes / 1e3,
            e < EXITS - 1 ? NAN
                          : (double)quantised->network->prepared_bytes / 1e3});
  }
}

static void
run (const BenchNetwork *about)
{
  static Contender floats, quantised;

  enter (&floats, bench_network_new (about, -1));
  enter (&quantised, bench_quantise (floats.network));
  for (int turn = 0; turn < TURNS; turn++)
    for (size_t e = 0; e < EXITS; e++) {
      floats.us[e][turn] = time_exit (&floats, e + 1);
      quantised.us[e][turn] = time_exit (&quantised, e + 1);
    }
  print_table (about->name, &floats, &quantised);
  leave (&quantised);
  leave (&floats);
}

int
main (void)
{
  for (size_t i = 0; i < BENCH_NETWORKS; i++)
    run (&bench_networks[i]);
  return 0;
}
