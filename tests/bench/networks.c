/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What leaving early saves: time from a window's frames to the probabilities of
 * each exit, those of the exits before it included, in floats and in bfloat16,
 * and of a mix of exits, also in 8 bits; where ONNX Runtime is found, the same
 * networks there, in floats, in the form it is fastest in.
 *
 *   bench-networks                  alone
 *   bench-networks --write FOLDER   writes the networks as model files
 *   bench-networks FOLDER           beside the graphs that export-onnx.py made
 *                                   of these files
 *
 * "MMAC" counts every tap, those that fall on padding too; "the probe" is what
 * the processor does in registers alone, "difference" the largest between the
 * logarithms of both probabilities. */

#include "bench.h"
#include "onnxruntime.h"

#include "mx-cpu.h"
#include "mx-model-file.h"
#include "mx-pass.h"
#include "mx-policy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TURNS 300
#define REPEATS 3 /* in a turn, behind one that brings the weights back */
#define EXITS 4
#define MAX_CLASSES 12

typedef struct {
  MxNetwork *network;
  MxPass *pass;
  float tolerance; /* of logarithms of probabilities */
  float probabilities[EXITS][MAX_CLASSES];
  double us[EXITS][TURNS]; /* to each exit */
  double mix[TURNS];       /* mean of bench_mix */
} Ours;

typedef struct {
  const BenchNetwork *about;
  Ours floats, bf16, int8;
  float *transposed;         /* [channels][time] */
  OnnxGraph *graphs[EXITS];  /* each ends at its exit */
  OnnxGraph *four;           /* has them all */
  double probe[TURNS];       /* GFLOP/s */
  double peer[EXITS][TURNS]; /* theirs; NaN: none */
  double peer_four[TURNS];
} Bench;

/* --- ours --- */

static void
run_to (Ours *ours, size_t exit)
{
  mx_pass_begin (ours->pass, 1);
  for (size_t s = 0; s < exit; s++) {
    MxTensor logits = mx_pass_run_stage (ours->pass, s);

    mx_softmax (logits.data, logits.channels, 1, ours->probabilities[s]);
  }
}

static double
time_exit (Ours *ours, size_t exit)
{
  gint64 begin;

  run_to (ours, exit);
  begin = bench_cpu_ns ();
  for (int i = 0; i < REPEATS; i++)
    run_to (ours, exit);
  return (double)(bench_cpu_ns () - begin) / REPEATS / 1e3;
}

static double
time_mix (Ours *ours)
{
  gint64 begin;

  run_to (ours, EXITS);
  begin = bench_cpu_ns ();
  for (int i = 0; i < BENCH_MIX; i++)
    run_to (ours, bench_mix[i]);
  return (double)(bench_cpu_ns () - begin) / BENCH_MIX / 1e3;
}

/* --- theirs --- */

static double
time_graph (OnnxGraph *graph)
{
  gint64 begin;

  if (graph == NULL)
    return NAN;
  onnx_graph_run (graph);
  begin = bench_cpu_ns ();
  for (int i = 0; i < REPEATS; i++)
    onnx_graph_run (graph);
  return (double)(bench_cpu_ns () - begin) / REPEATS / 1e3;
}

static float
difference (const float *a, const float *b, size_t n)
{
  float largest = 0;

  for (size_t i = 0; i < n; i++)
    largest = fmaxf (largest, fabsf (logf (a[i]) - logf (b[i])));
  return largest;
}

/* The largest between the logarithms of our probabilities and of theirs: NaN
 * where there are none.
 * Ends the program if these are two networks, not one. */
static double
compare_exit (Bench *bench, const Ours *ours, size_t e)
{
  const size_t classes = bench->about->classes;
  const float *found = ours->probabilities[e];
  float largest;

  if (bench->graphs[e] == NULL || bench->four == NULL)
    return NAN;
  largest = MAX (
      difference (found, onnx_graph_get_output (bench->graphs[e]), classes),
      difference (
          found, onnx_graph_get_output (bench->four) + e * classes, classes));
  if (!(largest <= ours->tolerance)) {
    fprintf (stderr, "%s, exit %zu: log-probabilities differ by %g\n",
        bench->about->name, e + 1, largest);
    exit (EXIT_FAILURE);
  }
  return largest;
}

static void
open_graphs (Bench *bench, OnnxRuntime *runtime, const char *folder)
{
  const MxShape shape = bench->floats.network->program->values[0].shape;
  const char *name = bench->about->name;

  for (size_t e = 1; e <= EXITS; e++) {
    g_autofree char *path =
        g_strdup_printf ("%s/%s-exit%zu.onnx", folder, name, e);

    bench->graphs[e - 1] = onnx_graph_new (runtime, path, bench->transposed,
        shape.channels, shape.time, e, 1, bench->about->classes);
  }
  g_autofree char *path = g_strdup_printf ("%s/%s-all.onnx", folder, name);
  bench->four = onnx_graph_new (runtime, path, bench->transposed,
      shape.channels, shape.time, 1, EXITS, bench->about->classes);
}

/* --- both --- */

/* Takes the network. */
static void
open_ours (Ours *ours, MxNetwork *network, float tolerance, const float *input)
{
  const MxShape shape = network->program->values[0].shape;

  ours->network = network;
  ours->tolerance = tolerance;
  ours->pass = mx_pass_new (network->program, 1, false, NULL);
  mx_pass_set_weights (ours->pass, network->program_weights, network->prepared,
      network->prepared_offset);
  memcpy (mx_pass_begin (ours->pass, 1).data, input,
      shape.time * shape.channels * sizeof *input);
}

static void
close_ours (Ours *ours)
{
  mx_pass_free (ours->pass);
  mx_network_unref (ours->network);
}

static void
open_both (Bench *bench)
{
  MxNetwork *network = bench_network_new (bench->about, -1);
  const MxShape shape = network->program->values[0].shape;
  const size_t n = shape.time * shape.channels;
  g_autofree float *input = bench_noise (n);

  bench->transposed = g_new (float, n);
  for (size_t i = 0; i < n; i++) {
    input[i] *= 10;
    bench->transposed[i % shape.channels * shape.time + i / shape.channels] =
        input[i];
  }
  open_ours (&bench->floats, network, 1e-5f, input);
  open_ours (&bench->bf16, mx_network_new_stored (network, MX_STORAGE_BF16),
      1e-2f, input);
  open_ours (&bench->int8, bench_quantise (network), INFINITY, input);
}

static void
measure (Bench *bench)
{
  for (int turn = 0; turn < TURNS; turn++) {
    bench->probe[turn] = bench_probe ((int)mx_cpu_level ());
    for (size_t e = 0; e < EXITS; e++) {
      bench->floats.us[e][turn] = time_exit (&bench->floats, e + 1);
      bench->peer[e][turn] = time_graph (bench->graphs[e]);
      bench->bf16.us[e][turn] = time_exit (&bench->bf16, e + 1);
    }
    bench->floats.mix[turn] = time_mix (&bench->floats);
    bench->bf16.mix[turn] = time_mix (&bench->bf16);
    bench->int8.mix[turn] = time_mix (&bench->int8);
    bench->peer_four[turn] = time_graph (bench->four);
  }
}

/* What the mix would take in graphs cut at the right exits. */
static void
mix_graphs (const Bench *bench, double mix[TURNS])
{
  for (int turn = 0; turn < TURNS; turn++) {
    mix[turn] = 0;
    for (int i = 0; i < BENCH_MIX; i++)
      mix[turn] += bench->peer[bench_mix[i] - 1][turn] / BENCH_MIX;
  }
}

static void
print_row (const Bench *bench, const char *name, double macs, double *us,
    const double *theirs, double largest)
{
  double ratio = bench_median_ratio (theirs, us, TURNS), share;
  double gflops[TURNS], kept[TURNS];

  memcpy (kept, theirs, sizeof kept);
  for (int i = 0; i < TURNS; i++)
    gflops[i] = 2e-3 * macs / us[i];
  share = 100 * bench_median_ratio (gflops, bench->probe, TURNS);
  bench_row (name, (const double[]){macs / 1e6, bench_median (us, TURNS),
                       bench_median (gflops, TURNS), share,
                       isnan (theirs[0]) ? NAN : bench_median (kept, TURNS),
                       ratio, largest});
}

static void
print_exits (Bench *bench, Ours *ours, const char *what)
{
  for (size_t e = 0; e < EXITS; e++) {
    g_autofree char *name = g_strdup_printf ("exit %zu%s", e + 1, what);

    print_row (bench, name,
        (double)mx_program_macs_to (ours->network->program, e + 1), ours->us[e],
        bench->peer[e], compare_exit (bench, ours, e));
  }
}

static void
print_mix (
    Bench *bench, const Ours *ours, const char *name, const double *theirs)
{
  double copy[TURNS], macs = 0;

  for (int i = 0; i < BENCH_MIX; i++)
    macs += (double)mx_program_macs_to (ours->network->program, bench_mix[i]) /
            BENCH_MIX;
  memcpy (copy, ours->mix, sizeof copy);
  print_row (bench, name, macs, copy, theirs, NAN);
}

static void
print_table (Bench *bench)
{
  static const char *const columns[] = {"MMAC", "us", "GFLOP/s", "% of probe",
      "ORT us", "ORT / it", "difference", NULL};
  const MxProgram *program = bench->floats.network->program;
  g_autofree char *title =
      g_strdup_printf ("Time of a window, %s", bench->about->name);
  double known[TURNS], copy[TURNS];

  bench_section (title, columns);
  memcpy (copy, bench->probe, sizeof copy);
  bench_row ("the probe", (const double[]){NAN, NAN, bench_median (copy, TURNS),
                              100, NAN, NAN, NAN});
  mix_graphs (bench, known);
  memcpy (copy, bench->floats.us[EXITS - 1], sizeof copy);
  print_exits (bench, &bench->floats, "");
  print_row (bench, "all four answers", (double)program->macs, copy,
      bench->peer_four, NAN);
  print_mix (
      bench, &bench->floats, "mix, beside all four answers", bench->peer_four);
  print_mix (bench, &bench->floats, "mix, beside the right cut graphs", known);
  print_exits (bench, &bench->bf16, " in bfloat16");
  print_mix (bench, &bench->bf16, "mix in bfloat16, beside all four",
      bench->peer_four);
  print_mix (
      bench, &bench->int8, "mix in int8, beside all four", bench->peer_four);
}

static void
run (const BenchNetwork *about, OnnxRuntime *runtime, const char *folder)
{
  static Bench bench;

  bench = (Bench){.about = about};
  open_both (&bench);
  if (runtime != NULL)
    open_graphs (&bench, runtime, folder);
  measure (&bench);
  print_table (&bench);
  close_ours (&bench.floats);
  close_ours (&bench.bf16);
  close_ours (&bench.int8);
  g_free (bench.transposed);
}

static int
write_models (const char *folder)
{
  for (size_t i = 0; i < BENCH_NETWORKS; i++) {
    g_autoptr (MxNetwork) network = bench_network_new (&bench_networks[i], -1);
    g_autofree char *path =
        g_strdup_printf ("%s/%s.safetensors", folder, bench_networks[i].name);
    g_autoptr (GError) error = NULL;

    if (!mx_model_file_save (network, path, &error)) {
      fprintf (stderr, "%s\n", error->message);
      return EXIT_FAILURE;
    }
  }
  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  OnnxRuntime *runtime = NULL;

  if (argc == 3 && g_str_equal (argv[1], "--write"))
    return write_models (argv[2]);
  if (argc == 2)
    runtime = onnxruntime_open ();
  if (runtime != NULL)
    printf ("ONNX Runtime (ORT) %s\n", onnxruntime_version (runtime));
  for (size_t i = 0; i < BENCH_NETWORKS; i++)
    run (&bench_networks[i], runtime, argv[1]);
  return EXIT_SUCCESS;
}
