/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What fewer products save: convolutions of real networks, each computed
 * directly and in tiles, in turns.  mx-layer-conv1d-fast.c draws its limits
 * from this. */

#include "mx-layer-conv1d.h"
#include "mx-program-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TURNS 400

static const struct {
  size_t time, channels, kernel, stride, filters;
} shapes[] = {
    {98, 40, 3, 1, 64},
    {98, 64, 9, 2, 64},
    {49, 64, 9, 1, 64},
    {49, 64, 9, 2, 96},
    {25, 96, 9, 1, 96},
    {25, 96, 9, 2, 128},
    {13, 128, 9, 1, 128},
    {13, 128, 9, 2, 160},
    {7, 160, 9, 1, 160},
    {128, 32, 5, 2, 32},
    {64, 32, 5, 1, 32},
    {64, 32, 5, 2, 64},
    {32, 64, 5, 1, 64},
    {32, 64, 5, 2, 96},
    {16, 96, 5, 1, 96},
    {16, 96, 5, 2, 128},
    {8, 128, 5, 1, 128},
    {8, 32, 3, 1, 32},
    {16, 64, 3, 1, 64},
    {64, 32, 4, 1, 32},
    {64, 32, 4, 2, 32},
    {64, 64, 7, 1, 64},
    {64, 64, 7, 2, 64},
};

static int
compare (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
median (double *values)
{
  qsort (values, TURNS, sizeof *values, compare);
  return values[TURNS / 2];
}

static double
now_us (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static float *
random_floats (size_t n)
{
  MxRng rng;
  float *x = g_aligned_alloc0 (n + 1, sizeof (float), 64);

  mx_rng_init (&rng, 1, 0);
  for (size_t i = 0; i < n; i++)
    x[i] = (float)mx_rng_range (&rng, -1, 1);
  return x;
}

typedef struct {
  MxLayer *layer;
  MxLayerRun run;
  float *memory;
  double us[TURNS];
} Side;

static void
side_init (Side *self, size_t shape, bool fast)
{
  MxTensor tensors[2];
  MxConv1dConfig *config;
  float *prepared;

  self->layer = mx_layer_new (&mx_layer_conv1d, "layer", 0,
      (MxShape){shapes[shape].time, shapes[shape].channels});
  config = self->layer->config;
  config->filters = shapes[shape].filters;
  config->kernel = shapes[shape].kernel;
  config->stride = shapes[shape].stride;
  config->dilation = config->groups = 1;
  config->pad_left = config->pad_right = (ptrdiff_t)config->kernel / 2;
  config->activation = MX_ACTIVATION_RELU;
  mx_layer_conv1d_setup (self->layer);
  if (fast)
    mx_layer_conv1d_make_fast (self->layer);
  tensors[0] = (MxTensor){.rows = 1,
      .time = self->layer->in.time,
      .channels = self->layer->in.channels,
      .pad_left = self->layer->x_pad_left,
      .pad_right = self->layer->x_pad_right};
  tensors[1] = (MxTensor){
      .rows = 1, .time = self->layer->out.time, .channels = config->filters};
  self->memory = mx_tensors_allocate (tensors, 2, 1);
  prepared = random_floats (self->layer->prepared);
  self->run = (MxLayerRun){.kernels = mx_kernels_get (),
      .rows = 1,
      .x = tensors[0],
      .y = tensors[1],
      .weights = random_floats (self->layer->parameters[0].size),
      .workspace = random_floats (self->layer->scratch_per_row),
      .prepared = prepared};
  mx_layer_conv1d.prepare (self->layer, self->run.weights, prepared, false);
}

static void
side_clear (Side *self)
{
  mx_layer_free (self->layer);
  g_aligned_free (self->memory);
  g_aligned_free (self->run.weights);
  g_aligned_free (self->run.workspace);
  g_aligned_free ((gpointer)self->run.prepared);
}

static void
measure (size_t shape)
{
  static Side sides[2];
  double direct, fast;

  for (int k = 0; k < 2; k++)
    side_init (&sides[k], shape, k == 1);
  for (int turn = 0; turn < TURNS; turn++)
    for (int k = 0; k < 2; k++) {
      double start = now_us ();

      mx_layer_conv1d.forward (sides[k].layer, &sides[k].run);
      sides[k].us[turn] = now_us () - start;
    }
  direct = median (sides[0].us);
  fast = median (sides[1].us);
  printf ("%4zu x %3zu -> %3zu, kernel %zu, stride %zu  %8.1f %8.1f %6.2f%s\n",
      shapes[shape].time, shapes[shape].channels, shapes[shape].filters,
      shapes[shape].kernel, shapes[shape].stride, direct, fast, direct / fast,
      ((MxConv1dConfig *)sides[1].layer->config)->fast ? "" : "  (not made)");
  for (int k = 0; k < 2; k++)
    side_clear (&sides[k]);
}

int
main (void)
{
  printf ("%-36s %8s %8s %6s  us\n", "convolution", "direct", "fast", "ratio");
  for (size_t i = 0; i < G_N_ELEMENTS (shapes); i++)
    measure (i);
  return EXIT_SUCCESS;
}
