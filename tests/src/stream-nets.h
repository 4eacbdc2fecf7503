/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Random networks with streamed and windowed stages, as JSON. */
#pragma once

#include "mx-network.h"
#include "mx-rng.h"

#include <check.h>

#define CLASSES 3

typedef struct {
  MxRng rng;
  GString *json;
  size_t channels, step, window; /* of the value reached; step: input frames */
  bool streamed;                 /* the present stage */
} Maker;

/* Each in a statement of its own: arguments of a call are computed in whatever
 * order the compiler likes. */
static inline size_t
pick (Maker *maker, size_t low, size_t high)
{
  return low + mx_rng_below (&maker->rng, high - low + 1);
}

static inline void
add_padding (Maker *maker)
{
  static const char *const names[] = {"same", "causal", "none"};

  /* What windowed stages need to keep the branches of a residual alike. */
  if (!maker->streamed || pick (maker, 0, 2) > 0) {
    g_string_append_printf (maker->json, ",\"padding\":\"%s\"",
        names[pick (maker, 0, maker->streamed ? 2 : 1)]);
  } else {
    int right = (int)pick (maker, 0, 6) - 3;
    int left = (int)pick (maker, 0, 12) - 4;

    g_string_append_printf (maker->json, ",\"padding\":[%d,%d]", left, right);
  }
}

static inline void
add_conv (Maker *maker, size_t filters, size_t kernel, size_t stride)
{
  size_t groups = 1, dilation;
  bool bias;

  if (filters == maker->channels)
    groups = pick (maker, 0, 2) > 0 ? 1 : filters;
  else if (filters % 2 == 0 && maker->channels % 2 == 0)
    groups = pick (maker, 1, 2);
  bias = pick (maker, 0, 1);
  dilation = pick (maker, 1, 3);
  g_string_append_printf (maker->json,
      "{\"kind\":\"conv1d\",\"filters\":%zu,\"kernel\":%zu,\"stride\":%zu,"
      "\"dilation\":%zu,\"groups\":%zu,\"bias\":%s",
      filters, kernel, stride, dilation, groups, bias ? "true" : "false");
  if (kernel > 1)
    add_padding (maker);
  g_string_append_c (maker->json, '}');
  maker->channels = filters;
}

static inline size_t
pick_stride (Maker *maker)
{
  size_t stride = pick (maker, 0, 1) ? 1 : pick (maker, 2, 3);

  return maker->step * stride * 2 <= maker->window ? stride : 1;
}

static inline void
add_pointwise (Maker *maker)
{
  static const char *const kinds[] = {"batch-norm", "relu", "gelu", "dropout"};

  g_string_append_printf (
      maker->json, "{\"kind\":\"%s\"}", kinds[pick (maker, 0, 3)]);
}

static inline void
add_residual (Maker *maker)
{
  size_t before = maker->channels, stride = pick_stride (maker);
  size_t filters = pick (maker, 0, 1) ? before : pick (maker, 1, 6);

  g_string_append (maker->json, "{\"kind\":\"residual\",\"layers\":[");
  add_conv (maker, filters, pick (maker, 1, 7), stride);
  g_string_append_c (maker->json, ',');
  add_pointwise (maker);
  g_string_append_c (maker->json, ',');
  add_conv (maker, filters, pick (maker, 1, 5), 1);
  g_string_append_c (maker->json, ']');
  if (stride > 1 || filters != before || pick (maker, 0, 3) == 0) {
    g_string_append (maker->json, ",\"shortcut\":[");
    maker->channels = before;
    add_conv (maker, filters, pick (maker, 1, 3), stride);
    g_string_append (maker->json, ",{\"kind\":\"batch-norm\"}]");
  }
  g_string_append_c (maker->json, '}');
  maker->step *= stride;
}

static inline void
add_layer (Maker *maker)
{
  size_t stride, kernel;

  switch (pick (maker, 0, 5)) {
  case 0:
  case 1:
    stride = pick_stride (maker);
    kernel = pick (maker, 1, 7);
    add_conv (maker, pick (maker, 1, 6), kernel, stride);
    maker->step *= stride;
    break;
  case 2:
  case 3:
    add_residual (maker);
    break;
  case 4:
    maker->channels = pick (maker, 2, 5);
    g_string_append_printf (
        maker->json, "{\"kind\":\"dense\",\"units\":%zu}", maker->channels);
    break;
  default:
    add_pointwise (maker);
  }
}

/* Padded, some of them: at the ends of a window are zeros, whatever the stream
 * has there. */
static inline void
add_exit (Maker *maker)
{
  static const char *const methods[] = {"mean", "max", "mean+max"};
  size_t channels = maker->channels, segments, method;

  g_string_append (maker->json, "],\"exit\":[");
  maker->streamed = false;
  if (pick (maker, 0, 2) == 0) {
    add_conv (maker, 4, 3, 1);
    g_string_append_c (maker->json, ',');
  }
  segments = pick (maker, 1, 2);
  method = pick (maker, 0, 2);
  g_string_append_printf (maker->json,
      "{\"kind\":\"pool\",\"method\":\"%s\",\"segments\":%zu},"
      "{\"kind\":\"dense\"}]}",
      methods[method], segments);
  maker->channels = channels;
}

static inline void
add_stage (Maker *maker, bool streamed)
{
  size_t n = pick (maker, 1, 4);

  g_string_append (maker->json, "{\"layers\":[");
  for (size_t i = 0; i < n; i++) {
    maker->streamed = streamed;
    if (i > 0)
      g_string_append_c (maker->json, ',');
    add_layer (maker);
  }
  add_exit (maker);
}

/* Free with g_free().  One in four has windows of an audio front end. */
static inline char *
random_net (uint64_t seed)
{
  Maker maker = {
      .json = g_string_new ("{\"labels\":[\"a\",\"b\",\"c\"],"), .step = 1};
  size_t stages, streamed;

  mx_rng_init (&maker.rng, seed, 7);
  stages = pick (&maker, 1, 4);
  streamed = pick (&maker, 0, stages);
  maker.window = pick (&maker, 5, 60);
  if (seed % 4 == 3) {
    maker.channels = 5;
    g_string_append_printf (maker.json,
        "\"input\":{\"rate\":4000,\"channels\":1,\"window\":%zu,\"hop\":16},"
        "\"front-end\":{\"kind\":\"log-pcen\",\"frame\":40,\"hop\":16,"
        "\"fft\":64,\"bands\":5,\"mean\":0.4,\"std\":0.5},",
        40 + 16 * (maker.window - 1) + pick (&maker, 0, 15));
  } else {
    maker.channels = pick (&maker, 1, 4);
    g_string_append_printf (maker.json,
        "\"input\":{\"rate\":50,\"channels\":%zu,\"window\":%zu},"
        "\"front-end\":{\"kind\":\"raw\",\"mean\":0.2,\"std\":0.7},",
        maker.channels, maker.window);
  }
  g_string_append_printf (
      maker.json, "\"streamed\":%zu,\"stages\":[", streamed);
  for (size_t s = 0; s < stages; s++) {
    if (s > 0)
      g_string_append_c (maker.json, ',');
    add_stage (&maker, s < streamed);
  }
  g_string_append (maker.json, "]}");
  return g_string_free (maker.json, FALSE);
}

static inline MxNetwork *
network_of (const char *json, uint64_t seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxDescription) description =
      mx_description_new (json, -1, "net", NULL, &error);
  MxRng rng;

  ck_assert_msg (
      description != NULL, "%s\n%s", error ? error->message : "", json);
  const MxProgram *program = description->program;
  g_autofree float *weights = g_new0 (float, program->n_weights);
  mx_program_init_weights (program, seed, weights);
  mx_rng_init (&rng, seed, 8);
  for (size_t i = program->n_trainable; i < program->n_weights; i++)
    weights[i] += mx_rng_range (&rng, 0, .3);
  return mx_network_new (description, weights);
}
