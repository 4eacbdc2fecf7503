/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The convolution with fewer products gives what the other one gives. */

#include "layer-reference.h"

#include "check-main.h"

static const struct {
  const char *json;
  MxShape in;
  bool fast;
} cases[] = {
#define CONVOLUTION(text) "{\"kind\":\"conv1d\"," text "}"
    {CONVOLUTION ("\"filters\":64,\"kernel\":9"), {49, 64}, true},
    {CONVOLUTION ("\"filters\":64,\"kernel\":9,\"stride\":2"), {98, 64}, true},
    {CONVOLUTION ("\"filters\":96,\"kernel\":9"), {25, 96}, true},
    {CONVOLUTION ("\"filters\":33,\"kernel\":3,\"bias\":false"), {98, 40},
        true},
    {CONVOLUTION ("\"filters\":32,\"kernel\":3,\"padding\":\"causal\""),
        {41, 35}, true},
    {CONVOLUTION ("\"filters\":40,\"kernel\":9,\"stride\":2,\"padding\":[0,9]"),
        {83, 32}, true},
    {CONVOLUTION ("\"filters\":40,\"kernel\":9,\"padding\":[-3,-2]"), {55, 32},
        true},
    {CONVOLUTION (
         "\"filters\":32,\"kernel\":9,\"stride\":3,\"padding\":[20,1]"),
        {125, 32}, true},
    {CONVOLUTION ("\"filters\":32,\"kernel\":5"), {64, 32}, true},
    {CONVOLUTION ("\"filters\":128,\"kernel\":5"), {8, 128}, true},
    {CONVOLUTION ("\"filters\":64,\"kernel\":5,\"stride\":2"), {128, 32}, true},
    /* No group, or not the last one, is whole; several for each phase. */
    {CONVOLUTION ("\"filters\":32,\"kernel\":7,\"stride\":2"), {47, 33}, true},
    {CONVOLUTION ("\"filters\":32,\"kernel\":7"), {31, 40}, true},
    {CONVOLUTION ("\"filters\":32,\"kernel\":6"), {31, 40}, true},
    {CONVOLUTION ("\"filters\":40,\"kernel\":13,\"stride\":2"), {61, 35}, true},
    {CONVOLUTION ("\"filters\":32,\"kernel\":14,\"stride\":3"), {61, 35}, true},
    /* Too short, too little, too narrow, nothing saved, taps apart, in groups,
     * too many weights. */
    {CONVOLUTION ("\"filters\":64,\"kernel\":9"), {7, 64}, false},
    {CONVOLUTION ("\"filters\":32,\"kernel\":5"), {12, 32}, false},
    {CONVOLUTION ("\"filters\":31,\"kernel\":9"), {49, 64}, false},
    {CONVOLUTION ("\"filters\":64,\"kernel\":9"), {49, 31}, false},
    {CONVOLUTION ("\"filters\":64,\"kernel\":3,\"stride\":2"), {98, 64}, false},
    {CONVOLUTION ("\"filters\":64,\"kernel\":4"), {98, 64}, false},
    {CONVOLUTION ("\"filters\":64,\"kernel\":1"), {98, 64}, false},
    {CONVOLUTION ("\"filters\":64,\"kernel\":9,\"dilation\":2"), {98, 64},
        false},
    {CONVOLUTION ("\"filters\":64,\"kernel\":9,\"groups\":2"), {98, 64}, false},
    {CONVOLUTION ("\"filters\":160,\"kernel\":9"), {49, 160}, false},
};

static MxLayer *
layer_of_case (int number, bool fast, bool with_second)
{
  MxLayer *layer = read_layer (cases[number].json, cases[number].in, 2, NULL);
  MxConv1dConfig *config = layer->config;

  config->edges = false; /* the direct sum is one sum */
  if (with_second) {
    layer->inputs[1] = 0;
    config->activation = MX_ACTIVATION_RELU;
  }
  if (fast)
    mx_layer_conv1d_make_fast (layer);
  return layer;
}

START_TEST (only_convolutions_that_gain_are_fast)
{
  MxLayer *layer = layer_of_case (_i, true, false);
  const MxConv1dConfig *config = layer->config;

  ck_assert_int_eq (config->fast, cases[_i].fast);
  mx_layer_free (layer);
}
END_TEST

START_TEST (streamed_convolutions_stay)
{
  MxLayer *layer = layer_of_case (0, false, false);
  const MxConv1dConfig *config = layer->config;

  layer->streamed = true;
  mx_layer_conv1d_make_fast (layer);
  ck_assert (!config->fast);
  mx_layer_free (layer);
}
END_TEST

/* As inside a network: no two frames or channels have to do with each other. */
static void
fill_with_noise (const MxTensor *x)
{
  MxRng noise;

  mx_rng_init (&noise, 5, 0);
  for (size_t row = 0; row < x->rows; row++)
    for (size_t i = 0; i < x->time * x->channels; i++)
      mx_tensor_row (x, row)[i] = (float)mx_rng_normal (&noise);
}

/* Root of the mean square distance from the formula in double: the largest one
 * is chance. */
static double
error_of (int number, bool fast, bool with_second)
{
  Fixture f;
  double error = 0;
  size_t n;

  fixture_init (
      &f, layer_of_case (number, fast, with_second), 2, false, number);
  n = f.layer->out.time * f.layer->out.channels;
  fill_with_noise (&f.run.x);
  fixture_forward (&f);
  for (size_t row = 0; row < 2; row++)
    for (size_t t = 0; t < f.layer->out.time; t++)
      for (size_t c = 0; c < f.layer->out.channels; c++) {
        double found =
            mx_tensor_row (&f.run.y, row)[t * f.layer->out.channels + c];
        double distance = fabs (found - reference (&f, f.weights, row, t, c));

        ck_assert (distance <= 1e-3); /* not a number fails */
        error += distance * distance;
      }
  fixture_clear (&f);
  return sqrt (error / (2.0 * (double)n));
}

START_TEST (fast_is_as_exact)
{
  for (int second = 0; second < 2; second++) {
    double fast = error_of (_i, true, second);
    double direct = error_of (_i, false, second);

    ck_assert_msg (fast <= 2 * direct, "%s: error %g, of the direct sum %g",
        cases[_i].json, fast, direct);
  }
}
END_TEST

START_TEST (rows_give_the_same_bits_alone_and_among_others)
{
  Fixture f;
  size_t n;

  fixture_init (&f, layer_of_case (_i, true, false), 3, false, _i);
  n = f.layer->out.time * f.layer->out.channels;
  fixture_forward (&f);
  g_autofree float *together =
      g_memdup2 (mx_tensor_row (&f.run.y, 2), n * sizeof (float));
  f.run.rows = f.run.x.rows = f.run.y.rows = 1;
  f.run.x.data = mx_tensor_row (&f.run.x, 2);
  f.run.y.data = mx_tensor_row (&f.run.y, 2);
  f.layer->kind->forward (f.layer, &f.run);
  ck_assert_mem_eq (f.run.y.data, together, n * sizeof (float));
  fixture_clear (&f);
}
END_TEST

static void
add_tests (TCase *tc)
{
  const int n = G_N_ELEMENTS (cases), fast = 16;

  tcase_add_loop_test (tc, only_convolutions_that_gain_are_fast, 0, n);
  tcase_add_test (tc, streamed_convolutions_stay);
  tcase_add_loop_test (tc, fast_is_as_exact, 0, fast);
  tcase_add_loop_test (
      tc, rows_give_the_same_bits_alone_and_among_others, 0, fast);
}

CHECK_MAIN ("layer-conv1d-fast", add_tests)
