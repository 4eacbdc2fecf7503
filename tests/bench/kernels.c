/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Speed of the matrix product on the shapes of real networks, for each
 * instruction set: GFLOP/s, share of what the processor does with registers
 * alone (measured in between, on the same busy machine), and ratio to the plain
 * C kernel.  Only the ratios mean something. */

#include "bench.h"

#include "mx-cpu.h"
#include "mx-kernels.h"
#include "mx-rng.h"

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

int
main (int argc, char **argv)
{
  /* Optional: only shapes whose name holds this. */
  const char *only = argc > 1 ? argv[1] : "";

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
