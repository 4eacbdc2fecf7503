/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Convolution of rounded numbers is convolution, of these numbers; that of
 * split ones nearly convolution. */

#include "layer-reference.h"

#include "check-main.h"
#include "emulated.h"
#include "mx-bf16.h"

#define ROWS 3

static const struct {
  const char *json;
  MxShape in;
} cases[] = {
    {CONV ("\"filters\":64,\"kernel\":9"), {49, 64}},
    {CONV ("\"filters\":64,\"kernel\":9,\"stride\":2"), {98, 64}},
    {CONV ("\"filters\":40,\"kernel\":9,\"stride\":2,\"padding\":[0,9]"),
        {83, 32}},
    {CONV ("\"filters\":40,\"kernel\":9,\"padding\":[-3,-2]"), {55, 32}},
    {CONV ("\"filters\":33,\"kernel\":3,\"bias\":false"), {98, 40}},
    {CONV ("\"filters\":70,\"kernel\":5,\"padding\":\"causal\""), {7, 96}},
    {CONV ("\"filters\":24,\"kernel\":1,\"stride\":3"), {20, 7}},
    {CONV ("\"filters\":7,\"kernel\":4,\"dilation\":3"), {31, 5}},
    {CONV ("\"filters\":6,\"kernel\":5,\"groups\":2,\"stride\":2"), {30, 6}},
    {CONV ("\"filters\":64,\"kernel\":3,\"groups\":4,\"dilation\":2"),
        {17, 40}},
    {CONV ("\"filters\":12,\"kernel\":1"), {1, 2}},
};

static MxLayer *
layer_of_case (int number)
{
  MxLayer *layer = read_layer (cases[number].json, cases[number].in, 2, NULL);
  MxConv1dConfig *config = layer->config;

  layer->inputs[1] = number % 2 - 1;
  config->activation = number % 3 ? MX_ACTIVATION_RELU : MX_ACTIVATION_NONE;
  mx_layer_conv1d_make_fast (layer);
  config->edges = false; /* sums are of one chain */
  return layer;
}

static void
round_floats (float *values, size_t n)
{
  for (size_t i = 0; i < n; i++)
    values[i] = mx_bf16_round (values[i]);
}

/* Numbers as they are, or in 16 bits by these kernels. */
typedef struct {
  const MxKernelsBf16 *kernels;
  bool split;
} Way;

#define WAYS 5

/* Those of this processor, and what is proven on any. */
static Way
way_of (int test)
{
  const MxKernelsBf16 *best = mx_kernels_bf16_get ();

  switch (test / (int)G_N_ELEMENTS (cases)) {
  case 0:
    return (Way){best, false};
  case 1:
    return (Way){best->split != NULL ? best : NULL, true};
  case 2:
    return (Way){mx_kernels_bf16_get_for_level (MX_CPU_BASELINE), true};
  case 3:
    return (Way){emulated_tiles (), false};
  default:
    return (Way){emulated_tiles (), true};
  }
}

static int
case_of (int test)
{
  return test % (int)G_N_ELEMENTS (cases);
}

static void
setup (Fixture *f, int number, Way way)
{
  MxLayer *layer = layer_of_case (number);

  if (way.kernels != NULL)
    ck_assert (mx_layer_conv1d_make_bf16 (layer, way.kernels, way.split));
  fixture_init (f, layer, ROWS, false, (uint64_t)number);
  if (way.kernels != NULL && !way.split)
    round_floats (f->weights, layer->parameters[0].size);
}

static void
round_input (Fixture *f)
{
  for (size_t row = 0; row < ROWS; row++)
    round_floats (mx_tensor_row (&f->run.x, row), guarded_row_size (&f->x));
}

/* More than any sum of the magnitudes that were added. */
static double
largest_sum (const Fixture *f)
{
  const MxConv1dConfig *config = f->layer->config;
  float x = 0;

  for (size_t row = 0; row < ROWS; row++)
    for (size_t i = 0; i < guarded_row_size (&f->x); i++)
      x = fmaxf (x, fabsf (mx_tensor_row (&f->run.x, row)[i]));
  return 1.2 * x * (double)config->kernel * (double)f->layer->in.channels + 4;
}

START_TEST (it_is_the_convolution_of_these_numbers)
{
  const Way way = way_of (_i);
  Fixture f;
  double most;

  if (way.kernels == NULL)
    return;
  setup (&f, case_of (_i), way);
  fixture_forward (&f);
  if (!way.split)
    round_input (&f);
  most = (way.split ? 0x1p-15 : 1e-6) * largest_sum (&f);
  for (size_t row = 0; row < ROWS; row++)
    for (size_t t = 0; t < f.layer->out.time; t++)
      for (size_t c = 0; c < f.layer->out.channels; c++) {
        double found =
            mx_tensor_row (&f.run.y, row)[t * f.layer->out.channels + c];
        double wanted = reference (&f, f.weights, row, t, c);

        ck_assert_msg (fabs (found - wanted) <= most,
            "%s, %s%s, at %zu %zu %zu: found %g, expected %g",
            cases[case_of (_i)].json, way.kernels->name,
            way.split ? " split" : "", row, t, c, found, wanted);
      }
  fixture_clear (&f);
}
END_TEST

/* Where the sums are those of one chain: to the bit. */
START_TEST (pairs_give_the_bits_of_rounded_floats)
{
  Fixture pairs, floats;
  MxConv1dConfig *config;

  if (mx_cpu_level () != MX_CPU_X86_64_V4_BF16)
    return;
  setup (&pairs, _i, (Way){mx_kernels_bf16_get (), false});
  fixture_forward (&pairs);
  setup (&floats, _i, (Way){NULL, false});
  config = floats.layer->config;
  if (!config->fast) {
    round_floats (floats.weights, floats.layer->parameters[0].size);
    round_input (&floats);
    fixture_forward (&floats);
    ck_assert (guarded_equal (&pairs.y, &floats.y));
  }
  fixture_clear (&pairs);
  fixture_clear (&floats);
}
END_TEST

/* A stream may ask for more frames than a window has, and for fewer. */
START_TEST (frames_come_in_any_number)
{
  const Way way = way_of (_i);
  Fixture f;
  const MxConv1dConfig *config;
  size_t n, whole;

  if (way.kernels == NULL)
    return;
  setup (&f, case_of (_i), way);
  config = f.layer->config;
  whole = f.layer->out.time;
  n = whole * f.layer->out.channels;
  fixture_forward (&f);
  g_autofree float *together =
      g_memdup2 (mx_tensor_row (&f.run.y, 1), n * sizeof (float));
  if (!config->fast) {
    f.layer->out.time = (whole + 2) / 3;
    f.run.rows = f.run.x.rows = f.run.y.rows = 1;
    f.run.x.data = mx_tensor_row (&f.run.x, 1);
    f.run.x2.data = mx_tensor_row (&f.run.x2, 1);
    f.run.y.data = mx_tensor_row (&f.run.y, 1);
    f.layer->kind->forward (f.layer, &f.run);
    ck_assert_mem_eq (f.run.y.data, together, n * sizeof (float));
  }
  fixture_clear (&f);
}
END_TEST

static const struct {
  const char *json;
  MxShape in;
} others[] = {
    {CONV ("\"filters\":6,\"kernel\":3,\"groups\":6"), {9, 6}},
    {CONV ("\"filters\":8,\"kernel\":3"), {9, 1}},
    {CONV ("\"filters\":8,\"kernel\":3,\"quantised\":true"), {9, 6}},
};

START_TEST (what_gains_nothing_stays)
{
  MxLayer *layer = read_layer (others[_i].json, others[_i].in, 2, NULL);
  const MxConv1dConfig *config = layer->config;

  ck_assert (!mx_layer_conv1d_make_bf16 (layer, mx_kernels_bf16_get (), false));
  ck_assert (config->bf16 == NULL);
  mx_layer_free (layer);
}
END_TEST

static void
add_tests (TCase *tc)
{
  const int n = G_N_ELEMENTS (cases);

  tcase_add_loop_test (tc, it_is_the_convolution_of_these_numbers, 0, WAYS * n);
  tcase_add_loop_test (tc, pairs_give_the_bits_of_rounded_floats, 0, n);
  tcase_add_loop_test (tc, frames_come_in_any_number, 0, WAYS * n);
  tcase_add_loop_test (tc, what_gains_nothing_stays, 0, G_N_ELEMENTS (others));
}

CHECK_MAIN ("layer-conv1d-bf16", add_tests)
