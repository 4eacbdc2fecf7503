/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What leaving early saves: time from a window's frames to the probabilities of
 * each exit, those of the exits before it included; and, where ONNX Runtime is
 * found, the same networks there, in the form it is fastest in.
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
#define TOLERANCE 1e-5f

typedef struct {
  const BenchNetwork *about;
  MxNetwork *network;
  MxPass *pass;
  float probabilities[EXITS][MAX_CLASSES];
  float *transposed;         /* [channels][time] */
  OnnxGraph *graphs[EXITS];  /* each ends at its exit */
  OnnxGraph *four;           /* has them all */
  double probe[TURNS];       /* GFLOP/s */
  double us[EXITS][TURNS];   /* ours to each exit */
  double mix[TURNS];         /* ours, mean of bench_mix */
  double peer[EXITS][TURNS]; /* theirs; NaN: none */
  double peer_four[TURNS];
} Bench;

/* --- ours --- */

static void
run_to (Bench *bench, size_t exit)
{
  mx_pass_begin (bench->pass, 1);
  for (size_t s = 0; s < exit; s++) {
    MxTensor logits = mx_pass_run_stage (bench->pass, s);

    mx_softmax (logits.data, bench->about->classes, 1, bench->probabilities[s]);
  }
}

static double
time_exit (Bench *bench, size_t exit)
{
  gint64 begin;

  run_to (bench, exit);
  begin = bench_cpu_ns ();
  for (int i = 0; i < REPEATS; i++)
    run_to (bench, exit);
  return (double)(bench_cpu_ns () - begin) / REPEATS / 1e3;
}

static double
time_mix (Bench *bench)
{
  gint64 begin;

  run_to (bench, EXITS);
  begin = bench_cpu_ns ();
  for (int i = 0; i < BENCH_MIX; i++)
    run_to (bench, bench_mix[i]);
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
compare_exit (Bench *bench, size_t e)
{
  const size_t classes = bench->about->classes;
  const float *ours = bench->probabilities[e];
  float largest;

  if (bench->graphs[e] == NULL || bench->four == NULL)
    return NAN;
  largest =
      MAX (difference (ours, onnx_graph_get_output (bench->graphs[e]), classes),
          difference (ours, onnx_graph_get_output (bench->four) + e * classes,
              classes));
  if (!(largest <= TOLERANCE)) {
    fprintf (stderr, "%s, exit %zu: log-probabilities differ by %g\n",
        bench->about->name, e + 1, largest);
    exit (EXIT_FAILURE);
  }
  return largest;
}

static void
open_graphs (Bench *bench, OnnxRuntime *runtime, const char *folder)
{
  const MxShape shape = bench->network->program->values[0].shape;
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

static void
open_ours (Bench *bench)
{
  MxNetwork *network = bench_network_new (bench->about, -1);
  const MxShape shape = network->program->values[0].shape;
  const size_t n = shape.time * shape.channels;
  g_autofree float *noise = bench_noise (n);
  MxTensor input;

  bench->network = network;
  bench->pass = mx_pass_new (network->program, 1, false, NULL);
  mx_pass_set_weights (bench->pass, network->program_weights, network->prepared,
      network->prepared_offset);
  bench->transposed = g_new (float, n);
  input = mx_pass_begin (bench->pass, 1);
  for (size_t t = 0; t < shape.time; t++) {
    for (size_t c = 0; c < shape.channels; c++) {
      float x = 10 * noise[t * shape.channels + c];

      input.data[t * shape.channels + c] = x;
      bench->transposed[c * shape.time + t] = x;
    }
  }
}

static void
measure (Bench *bench)
{
  for (int turn = 0; turn < TURNS; turn++) {
    bench->probe[turn] = bench_probe ((int)mx_cpu_level ());
    for (size_t e = 0; e < EXITS; e++) {
      bench->us[e][turn] = time_exit (bench, e + 1);
      bench->peer[e][turn] = time_graph (bench->graphs[e]);
    }
    bench->mix[turn] = time_mix (bench);
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
print_row (Bench *bench, const char *name, double macs, double *us,
    double *theirs, double largest)
{
  double gflops[TURNS], ratio = bench_median_ratio (theirs, us, TURNS), share;
  double first = theirs[0];

  for (int i = 0; i < TURNS; i++)
    gflops[i] = 2e-3 * macs / us[i];
  share = 100 * bench_median_ratio (gflops, bench->probe, TURNS);
  bench_row (name,
      (const double[]){macs / 1e6, bench_median (us, TURNS),
          bench_median (gflops, TURNS), share,
          isnan (first) ? NAN : bench_median (theirs, TURNS), ratio, largest});
}

static void
print_table (Bench *bench)
{
  static const char *const columns[] = {"MMAC", "us", "GFLOP/s", "% of probe",
      "ORT us", "ORT / it", "difference", NULL};
  const MxProgram *program = bench->network->program;
  g_autofree char *title =
      g_strdup_printf ("Time of a window, %s", bench->about->name);
  double known[TURNS], mix[TURNS], all[TURNS], four[TURNS], macs = 0;

  bench_section (title, columns);
  memcpy (all, bench->probe, sizeof all);
  bench_row ("the probe", (const double[]){NAN, NAN, bench_median (all, TURNS),
                              100, NAN, NAN, NAN});
  mix_graphs (bench, known);
  memcpy (mix, bench->mix, sizeof mix);
  memcpy (all, bench->us[EXITS - 1], sizeof all);
  memcpy (four, bench->peer_four, sizeof four);
  for (size_t e = 0; e < EXITS; e++) {
    g_autofree char *name = g_strdup_printf ("exit %zu", e + 1);

    print_row (bench, name, (double)mx_program_macs_to (program, e + 1),
        bench->us[e], bench->peer[e], compare_exit (bench, e));
  }
  print_row (bench, "all four answers", (double)program->macs, all, four, NAN);
  for (int i = 0; i < BENCH_MIX; i++)
    macs += (double)mx_program_macs_to (program, bench_mix[i]) / BENCH_MIX;
  memcpy (four, bench->peer_four, sizeof four);
  print_row (bench, "mix, beside all four answers", macs, mix, four, NAN);
  memcpy (mix, bench->mix, sizeof mix);
  print_row (bench, "mix, beside the right cut graphs", macs, mix, known, NAN);
}

static void
run (const BenchNetwork *about, OnnxRuntime *runtime, const char *folder)
{
  static Bench bench;

  bench = (Bench){.about = about};
  open_ours (&bench);
  if (runtime != NULL)
    open_graphs (&bench, runtime, folder);
  measure (&bench);
  print_table (&bench);
  mx_pass_free (bench.pass);
  mx_network_unref (bench.network);
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
