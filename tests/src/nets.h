/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Small networks for tests, with every kind of layer in them. */
#pragma once

#include "mx-description.h"

#include <check.h>
#include <string.h>

#define NETS_INPUT "\"input\":{\"rate\":50,\"channels\":4,\"window\":21}"
#define NETS_LABELS "\"labels\":[\"a\",\"b\",\"c\"]"

static const char *const nets[] = {
    /* plain, two exits */
    "{" NETS_LABELS "," NETS_INPUT ",\"stages\":["
    "{\"layers\":[{\"kind\":\"conv1d\",\"filters\":8,\"kernel\":3},"
    "{\"kind\":\"relu\"}],"
    "\"exit\":[{\"kind\":\"pool\",\"method\":\"mean\"},{\"kind\":\"dense\"}]},"
    "{\"layers\":[{\"kind\":\"conv1d\",\"filters\":9,\"kernel\":4,"
    "\"stride\":2,\"padding\":\"causal\"},{\"kind\":\"batch-norm\"},"
    "{\"kind\":\"relu\"}],"
    "\"exit\":[{\"kind\":\"pool\",\"method\":\"mean+max\"},"
    "{\"kind\":\"dense\",\"units\":5},{\"kind\":\"gelu\"},"
    "{\"kind\":\"dense\"}]}]}",
    /* identity shortcut, depthwise, dropout, dilation, segments */
    "{" NETS_LABELS "," NETS_INPUT ",\"stages\":["
    "{\"layers\":[{\"kind\":\"residual\",\"layers\":["
    "{\"kind\":\"conv1d\",\"filters\":4,\"kernel\":5,\"groups\":4},"
    "{\"kind\":\"batch-norm\"},{\"kind\":\"relu\"},"
    "{\"kind\":\"conv1d\",\"filters\":4,\"kernel\":3,\"dilation\":2},"
    "{\"kind\":\"batch-norm\"}]},{\"kind\":\"relu\"},"
    "{\"kind\":\"dropout\",\"probability\":0.3}],"
    "\"exit\":[{\"kind\":\"pool\",\"method\":\"mean\",\"segments\":4},"
    "{\"kind\":\"dense\"}]},"
    "{\"layers\":[{\"kind\":\"residual\",\"layers\":["
    "{\"kind\":\"conv1d\",\"filters\":6,\"kernel\":3,\"stride\":2,"
    "\"groups\":2},{\"kind\":\"gelu\"}],\"shortcut\":["
    "{\"kind\":\"conv1d\",\"filters\":6,\"kernel\":1,\"stride\":2},"
    "{\"kind\":\"batch-norm\"}]}],"
    "\"exit\":[{\"kind\":\"pool\",\"method\":\"max\"},"
    "{\"kind\":\"dense\"}]}]}",
};
#define N_NETS G_N_ELEMENTS (nets)

static inline MxDescription *
nets_describe (int i)
{
  GError *error = NULL;
  MxDescription *d = mx_description_new (nets[i], -1, "net", NULL, &error);
  ck_assert_msg (d != NULL, "%s", error ? error->message : "");
  return d;
}

/* Weights whose batch statistics are not the neutral ones. */
static inline float *
nets_weights (const MxProgram *program, uint64_t seed)
{
  float *weights = g_new (float, program->n_weights);
  MxRng rng;
  mx_program_init_weights (program, seed, weights);
  mx_rng_init (&rng, seed, 99);
  for (size_t i = program->n_trainable; i < program->n_weights; i++)
    weights[i] += mx_rng_range (&rng, 0, .5);
  return weights;
}

static inline void
nets_fill (MxTensor *tensor, uint64_t seed)
{
  MxRng rng;
  mx_rng_init (&rng, seed, 1);
  for (size_t r = 0; r < tensor->rows; r++)
    for (size_t i = 0; i < tensor->time * tensor->channels; i++)
      mx_tensor_row (tensor, r)[i] = mx_rng_normal (&rng);
}
