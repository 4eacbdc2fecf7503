/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Speed of the matrix product on the shapes of real networks, for each
 * instruction set: GFLOP/s, share of what the processor does with registers
 * alone (measured in between, on the same busy machine), and ratio to the plain
 * C kernel.  Only the ratios mean something.
 *
 *   bench-kernels [TEXT]    only shapes whose name holds it
 *   bench-kernels --layers  the layers whose weights fit into L2, as direct
 *                           sums, by AVX-512 and by AVX2 */

#include "bench.h"

#include "mx-cpu.h"
#include "mx-kernels.h"
#include "mx-rng.h"

#include <math.h>
#include <string.h>

#define TURNS 60

typedef struct {
  const char *name;
  size_t batch, time, taps, channels, stride, filters;
  bool weights;  /* the gradient of the weights, not the convolution */
  size_t copies; /* of the weights, used in turn: more than L2 holds */
} Shape;

static const Shape shapes[] = {
    {"forward 98 x 120 x 64", 1, 98, 3, 40, 1, 64, false},
    {"forward 49 x 576 x 64", 1, 49, 9, 64, 2, 64, false},
    {"forward 24 x 576 x 96", 1, 24, 9, 64, 2, 96, false},
    {"forward 24 x 864 x 96", 1, 24, 9, 96, 1, 96, false},
    {"forward 13 x 864 x 128", 1, 13, 9, 96, 2, 128, false},
    {"forward 13 x 1152 x 128", 1, 13, 9, 128, 1, 128, false},
    {"forward 7 x 1152 x 160", 1, 7, 9, 128, 2, 160, false},
    {"forward 7 x 1440 x 160", 1, 7, 9, 160, 1, 160, false},
    {"forward 7 x 1440 x 160, 16 at once", 16, 7, 9, 160, 1, 160, false},
    {"forward 13 x 1152 x 128, from L3", 1, 13, 9, 128, 1, 128, false, 6},
    {"forward 7 x 1440 x 160, from L3", 1, 7, 9, 160, 1, 160, false, 4},
    {"hop 5 x 576 x 64", 1, 5, 9, 64, 1, 64, false},
    {"hop 3 x 864 x 96", 1, 3, 9, 96, 1, 96, false},
    {"hop 2 x 864 x 96", 1, 2, 9, 96, 1, 96, false},
    {"hop 1 x 1152 x 128", 1, 1, 9, 128, 1, 128, false},
    {"hop 2 x 864 x 96, from L3", 1, 2, 9, 96, 1, 96, false, 12},
    {"hop 1 x 1440 x 160, from L3", 1, 1, 9, 160, 1, 160, false, 4},
    {"forward 50 x 120 x 40", 1, 50, 3, 40, 1, 40, false},
    {"dense 1 x 160 x 12, 64 at once", 64, 1, 1, 160, 1, 12, false},
    {"weights 360 x 98 x 64, sum of 64", 64, 98, 9, 40, 1, 64, true},
    {"weights 576 x 49 x 64, sum of 64", 64, 49, 9, 64, 1, 64, true},
    {"weights 1440 x 7 x 160, sum of 64", 64, 7, 9, 160, 1, 160, true},
};

/* Of the two networks in tests/bench; stages 3 and 4 of A are larger than L2.
 */
static const Shape layers[] = {
    {"A, stem", 1, 98, 3, 40, 1, 64},
    {"A, stage 1, first", 1, 49, 9, 64, 2, 64},
    {"A, stage 1, second", 1, 49, 9, 64, 1, 64},
    {"A, stage 2, first", 1, 25, 9, 64, 2, 96},
    {"A, stage 2, second", 1, 25, 9, 96, 1, 96},
    {"B, stem", 1, 128, 5, 6, 1, 32},
    {"B, stage 1, first", 1, 64, 5, 32, 2, 32},
    {"B, stage 1, second", 1, 64, 5, 32, 1, 32},
    {"B, stage 2, first", 1, 32, 5, 32, 2, 64},
    {"B, stage 2, second", 1, 32, 5, 64, 1, 64},
    {"B, stage 3, first", 1, 16, 5, 64, 2, 96},
    {"B, stage 3, second", 1, 16, 5, 96, 1, 96},
    {"B, stage 4, first", 1, 8, 5, 96, 2, 128},
    {"B, stage 4, second", 1, 8, 5, 128, 1, 128},
};
#define LAYERS G_N_ELEMENTS (layers)
#define ALL_A LAYERS /* rows behind those of layers */
#define ALL_B (LAYERS + 1)

static const MxCpuLevel levels[] = {
    MX_CPU_X86_64_V4, MX_CPU_X86_64_V3, MX_CPU_X86_64_V2, MX_CPU_NEON};

static float *
random_floats (size_t n)
{
  MxRng rng = {{1, 2, 3, 4}};
  float *x = g_aligned_alloc (n, sizeof (float), 64);

  for (size_t i = 0; i < n; i++)
    x[i] = (float)mx_rng_range (&rng, -1, 1);
  return x;
}

/* The product of a shape, with memory of its own. */
static void
product_init (MxMatmul *op, const Shape *shape)
{
  size_t depth = shape->taps * shape->channels;
  size_t example =
      ((shape->time - 1) * shape->stride + shape->taps) * shape->channels;
  size_t panels = (shape->filters + MX_PANEL - 1) / MX_PANEL;

  *op = (MxMatmul){
      .groups = shape->batch,
      .rows = shape->time,
      .cols = shape->filters,
      .depth_groups = 1,
      .depth = depth,
      .a_group = (ptrdiff_t)example,
      .a_row = (ptrdiff_t)(shape->stride * shape->channels),
      .a_depth = 1,
      .b_panel = (ptrdiff_t)depth * MX_PANEL,
      .b_depth = MX_PANEL,
      .c_group = (ptrdiff_t)(shape->time * shape->filters),
      .c_row = (ptrdiff_t)shape->filters,
  };
  op->a = random_floats (shape->batch * example);
  if (!shape->weights) {
    op->b = random_floats (MAX (shape->copies, 1) * panels * depth * MX_PANEL);
    op->bias = random_floats (shape->filters);
    op->c = random_floats (shape->batch * shape->time * shape->filters);
    op->activation = MX_ACTIVATION_RELU;
    return;
  }
  op->groups = 1;
  op->rows = depth;
  op->depth_groups = shape->batch;
  op->depth = shape->time;
  op->a_depth_group = op->a_group;
  op->a_depth = op->a_row;
  op->a_row = 1;
  op->b = random_floats (shape->batch * shape->time * shape->filters);
  op->b_panel = MX_PANEL;
  op->b_depth_group = (ptrdiff_t)(shape->time * shape->filters);
  op->b_depth = (ptrdiff_t)shape->filters;
  op->c = random_floats (depth * shape->filters);
}

static void
product_clear (MxMatmul *op)
{
  g_aligned_free ((gpointer)op->a);
  g_aligned_free ((gpointer)op->b);
  g_aligned_free ((gpointer)op->bias);
  g_aligned_free (op->c);
}

static double
product_operations (const MxMatmul *op)
{
  return 2.0 * (double)(op->groups * op->rows * op->cols) *
         (double)(op->depth_groups * op->depth);
}

/* GFLOP/s of `times` runs. */
static double
time_product (
    const MxKernels *kernels, const MxMatmul *op, size_t copies, size_t times)
{
  size_t size = (op->cols + MX_PANEL - 1) / MX_PANEL * (size_t)op->b_panel;
  MxMatmul turn = *op;
  gint64 start = bench_cpu_ns ();

  for (size_t i = 0; i < times; i++) {
    turn.b = op->b + i % copies * size;
    kernels->matmul (&turn);
  }
  return product_operations (op) * (double)times /
         (double)(bench_cpu_ns () - start);
}

/* The best of several turns: what disturbs only ever slows. */
static void
measure (const Shape *shape, MxCpuLevel level)
{
  const MxKernels *kernels = mx_kernels_get_for_level (level);
  const MxKernels *plain = mx_kernels_get_for_level (MX_CPU_BASELINE);
  double fast = 0, slow = 0, probe = 0;
  MxMatmul op;
  size_t times;

  product_init (&op, shape);
  times = (size_t)(1 + 2e7 / product_operations (&op));
  for (int turn = 0; turn < TURNS; turn++) {
    probe = MAX (probe, bench_probe (level));
    fast =
        MAX (fast, time_product (kernels, &op, MAX (shape->copies, 1), times));
  }
  for (int turn = 0; turn < 5; turn++)
    slow = MAX (slow,
        time_product (plain, &op, MAX (shape->copies, 1), 1 + times / 20));
  product_clear (&op);
  g_print ("%-36s %-10s %8.1f %8.0f %% %8.1f x\n", shape->name, kernels->name,
      fast, 100 * fast / probe, fast / slow);
}

/* --- layers, direct sums, weights in L2 --- */

typedef struct {
  double gflops[LAYERS + 2][TURNS], share[LAYERS + 2][TURNS];
} Layers;

static void
time_layers (
    Layers *found, const MxKernels *kernels, int level, const MxMatmul *ops)
{
  for (int turn = 0; turn < TURNS; turn++) {
    double done[2] = {0}, ns[2] = {0};

    for (size_t i = 0; i < LAYERS; i++) {
      double probe = bench_probe (level);
      double operations = product_operations (&ops[i]);
      double gflops =
          time_product (kernels, &ops[i], 1, (size_t)(1 + 1e7 / operations));
      bool is_b = layers[i].name[0] == 'B';

      found->gflops[i][turn] = gflops;
      found->share[i][turn] = 100 * gflops / probe;
      done[is_b] += operations;
      /* As if the probe had always been the same. */
      ns[is_b] += operations * probe / gflops;
      found->gflops[ALL_A + is_b][turn] = NAN;
      found->share[ALL_A + is_b][turn] = 100 * done[is_b] / ns[is_b];
    }
  }
}

static void
print_layers (Layers *v4, Layers *v3)
{
  static const char *const columns[] = {"AVX-512 GFLOP/s", "% of its probe",
      "AVX2 GFLOP/s", "% of AVX2's probe", NULL};

  bench_section ("Products, direct, weights in L2", columns);
  for (size_t i = 0; i < LAYERS + 2; i++) {
    const char *name = i < LAYERS   ? layers[i].name
                       : i == ALL_A ? "A, stem to stage 2"
                                    : "B, all";

    bench_row (name, (const double[]){bench_median (v4->gflops[i], TURNS),
                         bench_median (v4->share[i], TURNS),
                         bench_median (v3->gflops[i], TURNS),
                         bench_median (v3->share[i], TURNS)});
  }
}

static void
measure_layers (void)
{
  static const MxCpuLevel both[] = {MX_CPU_X86_64_V4, MX_CPU_X86_64_V3};
  static Layers found[2];
  MxMatmul ops[LAYERS];

  for (size_t i = 0; i < LAYERS; i++)
    product_init (&ops[i], &layers[i]);
  for (size_t l = 0; l < 2; l++) {
    const MxKernels *kernels = mx_kernels_get_for_level (both[l]);

    if (kernels != NULL) {
      time_layers (&found[l], kernels, (int)both[l], ops);
      continue;
    }
    for (size_t i = 0; i < (LAYERS + 2) * TURNS; i++)
      found[l].gflops[i / TURNS][i % TURNS] =
          found[l].share[i / TURNS][i % TURNS] = NAN;
  }
  print_layers (&found[0], &found[1]);
  for (size_t i = 0; i < LAYERS; i++)
    product_clear (&ops[i]);
}

int
main (int argc, char **argv)
{
  const char *only = argc > 1 ? argv[1] : "";

  if (g_str_equal (only, "--layers")) {
    measure_layers ();
    return 0;
  }
  g_print ("%-36s %-10s %8s %10s %10s\n", "product (rows x depth x columns)",
      "kernels", "GFLOP/s", "of probe", "of plain C");
  for (size_t l = 0; l < G_N_ELEMENTS (levels); l++) {
    if (mx_kernels_get_for_level (levels[l]) == NULL)
      continue;
    for (size_t i = 0; i < G_N_ELEMENTS (shapes); i++)
      if (strstr (shapes[i].name, only) != NULL)
        measure (&shapes[i], levels[l]);
  }
  return 0;
}
