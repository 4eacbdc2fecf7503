/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Taps on padding are left out, and nobody sees it but the clock. */

#include "layer-reference.h"

#include "check-main.h"

static const struct {
  const char *json;
  MxShape in;
  bool edges;
} cases[] = {
#define CONVOLUTION(text) "{\"kind\":\"conv1d\"," text "}"
    {CONVOLUTION ("\"filters\":160,\"kernel\":9"), {7, 33}, true},
    {CONVOLUTION ("\"filters\":35,\"kernel\":9,\"stride\":2"), {13, 20}, true},
    {CONVOLUTION ("\"filters\":4,\"kernel\":5,\"stride\":3"), {7, 3}, true},
    {CONVOLUTION ("\"filters\":4,\"kernel\":9,\"bias\":false"), {5, 3}, true},
    {CONVOLUTION ("\"filters\":4,\"kernel\":4,\"padding\":\"causal\""), {5, 3},
        true},
    {CONVOLUTION ("\"filters\":4,\"kernel\":7,\"padding\":[-1,6]"), {9, 3},
        true},
    {CONVOLUTION ("\"filters\":4,\"kernel\":9,\"padding\":[8,0]"), {9, 3},
        true},
    /* Too little saved, nothing to save, a frame that has no tap of all, taps
     * apart, in groups. */
    {CONVOLUTION ("\"filters\":4,\"kernel\":9"), {49, 3}, false},
    {CONVOLUTION ("\"filters\":4,\"kernel\":1"), {7, 3}, false},
    {CONVOLUTION ("\"filters\":4,\"kernel\":3,\"padding\":\"none\""), {4, 3},
        false},
    {CONVOLUTION ("\"filters\":4,\"kernel\":3,\"padding\":[9,0]"), {7, 3},
        false},
    {CONVOLUTION ("\"filters\":4,\"kernel\":5,\"dilation\":2"), {7, 3}, false},
    {CONVOLUTION ("\"filters\":4,\"kernel\":5,\"groups\":2"), {7, 4}, false},
};
#define EDGES 7

static MxLayer *
layer_of_case (int number, bool with_second)
{
  MxLayer *layer = read_layer (cases[number].json, cases[number].in, 3, NULL);
  MxConv1dConfig *config = layer->config;

  if (with_second) {
    layer->inputs[1] = 0;
    config->activation = MX_ACTIVATION_RELU;
  }
  return layer;
}

START_TEST (only_many_taps_on_padding_are_left_out)
{
  MxLayer *layer = layer_of_case (_i, false);
  MxConv1dConfig *config = layer->config;

  ck_assert_int_eq (config->edges, cases[_i].edges);
  /* What lies before a part of a stream is the stream. */
  layer->streamed = true;
  ck_assert (mx_layer_conv1d_setup (layer));
  ck_assert (!config->edges);
  mx_layer_free (layer);
}
END_TEST

START_TEST (outputs_are_those_of_the_formula)
{
  for (int second = 0; second < 2; second++) {
    Fixture f;

    fixture_init (&f, layer_of_case (_i, second), 3, false, _i);
    fixture_forward (&f);
    for (size_t row = 0; row < 3; row++)
      for (size_t t = 0; t < f.layer->out.time; t++)
        for (size_t c = 0; c < f.layer->out.channels; c++) {
          double found =
              mx_tensor_row (&f.run.y, row)[t * f.layer->out.channels + c];

          ck_assert_double_eq_tol (
              found, reference (&f, f.weights, row, t, c), 2e-5);
        }
    fixture_clear (&f);
  }
}
END_TEST

static void
fill_padding (const Fixture *f, float value)
{
  const MxTensor *x = &f->run.x;

  for (size_t i = 0; i < x->pad_left * x->channels; i++)
    x->data[-1 - (ptrdiff_t)i] = value;
  for (size_t i = 0; i < x->pad_right * x->channels; i++)
    x->data[x->time * x->channels + i] = value;
}

START_TEST (padding_is_not_read)
{
  Fixture f;

  fixture_init (&f, layer_of_case (_i, false), 1, false, _i);
  fill_padding (&f, NAN);
  fixture_forward (&f);
  fill_padding (&f, 0);
  for (size_t i = 0; i < f.layer->out.time * f.layer->out.channels; i++)
    ck_assert (isfinite (f.run.y.data[i]));
  fixture_clear (&f);
}
END_TEST

static void
add_tests (TCase *tc)
{
  const int n = G_N_ELEMENTS (cases);

  tcase_add_loop_test (tc, only_many_taps_on_padding_are_left_out, 0, n);
  tcase_add_loop_test (tc, outputs_are_those_of_the_formula, 0, EDGES);
  tcase_add_loop_test (tc, padding_is_not_read, 0, EDGES);
}

CHECK_MAIN ("layer-conv1d-edges", add_tests)
