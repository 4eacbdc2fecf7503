/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whole networks and their golden data: tests/data/golden, whose README tells
 * what they are, and the tolerances. */
#pragma once

#include "mx-description.h"
#include "mx-gradient.h"
#include "mx-safetensors.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 16

static const char *const files[] = {
    "tiny_same", "tiny_imu", "tiny_odd", "tiny_valid"};

typedef struct {
  MxSafetensors *golden;
  MxDescription *description;
  MxProgram *program;
  MxPass *pass;
  MxGradient *gradient;
  MxParallel *parallel;
  float *weights, *gradients, *prepared;
  size_t *prepared_offset;
  int32_t label[ROWS], partner[ROWS];
} Fixture;

/* -------------------------------------------------------- golden data */

static inline float *
floats (const Fixture *f, const char *name, size_t size)
{
  const MxTensorView *view = mx_safetensors_lookup (f->golden, name);
  ck_assert_msg (view != NULL, "%s is not in the golden file", name);
  ck_assert_msg (view->size == size, "%s: %zu elements, expected %zu", name,
      view->size, size);
  float *copy = g_new (float, size);
  memcpy (copy, view->data, size * sizeof *copy);
  return copy;
}

/* "stages.1.layers.0.shortcut.1" -> "stage.1.bns" */
static inline char *
golden_layer (const char *path)
{
  static const struct {
    const char *ours, *theirs;
  } blocks[] = {{"layers.0", "conv1"}, {"layers.1", "bn1"},
      {"layers.3", "conv2"}, {"layers.4", "bn2"}, {"shortcut.0", "short"},
      {"shortcut.1", "bns"}};
  int stage = atoi (path + strlen ("stages."));
  const char *rest = strchr (path + strlen ("stages."), '.') + 1;
  if (g_str_has_prefix (rest, "exit"))
    return g_strdup_printf ("exit.%d", stage);
  if (stage == 0 && strlen (rest) == strlen ("layers.0"))
    return g_strdup (rest[7] == '0' ? "stem_conv" : "stem_bn");
  for (size_t i = 0; i < G_N_ELEMENTS (blocks); i++)
    if (g_str_has_suffix (rest, blocks[i].ours))
      return g_strdup_printf ("stage.%d.%s", stage, blocks[i].theirs);
  ck_abort_msg ("no golden name for %s", path);
  return NULL;
}

typedef void (*ParameterFunc) (const Fixture *f, const MxParameter *parameter,
    const float *golden, void *data);

static inline void
foreach_parameter (const Fixture *f, const char *prefix, bool statistics,
    ParameterFunc func, void *data)
{
  for (size_t i = 0; i < f->program->n_layers; i++) {
    const MxLayer *layer = f->program->layers[i];
    for (size_t p = 0; p < layer->n_parameters; p++) {
      const MxParameter *parameter = &layer->parameters[p];
      if (!parameter->trainable && !statistics)
        continue;
      g_autofree char *theirs = golden_layer (layer->path);
      g_autofree char *name =
          g_strdup_printf ("%s%s.%s", prefix, theirs, parameter->name);
      g_autofree float *golden = floats (f, name, parameter->size);
      func (f, parameter, golden, data);
    }
  }
}

static inline void
copy_parameter (const Fixture *f, const MxParameter *parameter,
    const float *golden, void *data)
{
  memcpy ((float *)data + parameter->offset, golden,
      parameter->size * sizeof *golden);
}

typedef struct {
  const char *what;
  const float *ours;
  double absolute, relative;
} Compare;

static inline void
compare (const char *what, const char *name, const float *ours,
    const float *golden, size_t n, double absolute, double relative)
{
  for (size_t i = 0; i < n; i++) {
    double bound = absolute + relative * fabs (golden[i]);
    ck_assert_msg (fabs (ours[i] - golden[i]) <= bound,
        "%s %s[%zu]: %.8g, golden %.8g", what, name, i, ours[i], golden[i]);
  }
}

static inline void
compare_parameter (const Fixture *f, const MxParameter *parameter,
    const float *golden, void *data)
{
  const Compare *c = data;
  compare (c->what, parameter->name, c->ours + parameter->offset, golden,
      parameter->size, c->absolute, c->relative);
}

/* ------------------------------------------------------------ fixture */

static inline int
meta_int (const Fixture *f, const char *key)
{
  return atoi (mx_safetensors_get_metadata (f->golden, key));
}

/* All numbers in a string like "[(5, 3), (3, 3)]". */
static inline int
numbers (const char *text, int *values)
{
  int n = 0;
  while (*text != '\0') {
    if (g_ascii_isdigit (*text))
      values[n++] = strtol (text, (char **)&text, 10);
    else
      text++;
  }
  return n;
}

static inline void
append_stage (GString *json, int stage, int width, const int *kernel,
    bool valid, int stem_width, int stem_kernel)
{
  const char *padding = valid ? "none" : "same";
  int crop = valid ? 2 * (kernel[1] / 2) + kernel[0] / 2 : 0;
  g_string_append (json, stage == 0 ? "{\"layers\":[" : ",{\"layers\":[");
  if (stage == 0)
    g_string_append_printf (json,
        "{\"kind\":\"conv1d\",\"filters\":%d,\"kernel\":%d,\"padding\":\"%s\","
        "\"bias\":false},{\"kind\":\"batch-norm\"},{\"kind\":\"relu\"},",
        stem_width, stem_kernel, padding);
  g_string_append_printf (json,
      "{\"kind\":\"residual\",\"layers\":["
      "{\"kind\":\"conv1d\",\"filters\":%d,\"kernel\":%d,\"stride\":2,"
      "\"padding\":\"%s\",\"bias\":false},"
      "{\"kind\":\"batch-norm\"},{\"kind\":\"relu\"},"
      "{\"kind\":\"conv1d\",\"filters\":%d,\"kernel\":%d,\"padding\":\"%s\","
      "\"bias\":false},{\"kind\":\"batch-norm\"}],"
      "\"shortcut\":[{\"kind\":\"conv1d\",\"filters\":%d,\"kernel\":1,"
      "\"stride\":2,\"padding\":[%d,%d],\"bias\":false},"
      "{\"kind\":\"batch-norm\"}]},{\"kind\":\"relu\"}],"
      "\"exit\":[{\"kind\":\"pool\",\"method\":\"mean\"},"
      "{\"kind\":\"dense\"}]}",
      width, kernel[0], padding, width, kernel[1], padding, width, -crop,
      -crop);
}

static inline char *
describe (const Fixture *f)
{
  int widths[8], kernels[16];
  int n = numbers (mx_safetensors_get_metadata (f->golden, "widths"), widths);
  numbers (mx_safetensors_get_metadata (f->golden, "kernels"), kernels);
  bool valid =
      g_str_equal (mx_safetensors_get_metadata (f->golden, "valid"), "True");
  GString *json = g_string_new ("{\"labels\":[");
  for (int i = 0; i < meta_int (f, "classes"); i++)
    g_string_append_printf (json, "%s\"c%d\"", i > 0 ? "," : "", i);
  g_string_append_printf (json,
      "],\"input\":{\"rate\":100,\"channels\":%d,\"window\":%d},\"stages\":[",
      meta_int (f, "cin"), meta_int (f, "T"));
  for (int i = 0; i < n; i++)
    append_stage (json, i, widths[i], kernels + 2 * i, valid, widths[0],
        meta_int (f, "stem_kernel"));
  g_string_append (json, "]}");
  return g_string_free (json, FALSE);
}

static inline void
read_batch (Fixture *f)
{
  int32_t labels[4];
  const MxTensorView *view = mx_safetensors_lookup (f->golden, "input.labels");
  memcpy (labels, view->data, sizeof labels);
  for (int r = 0; r < ROWS; r++) {
    f->label[r] = r < 8 ? labels[r % 4] : -1;
    f->partner[r] = r % 8 < 4 ? -1 : r - 4;
  }
}

static inline void
setup (Fixture *f, int file, bool training)
{
  GError *error = NULL;
  g_autofree char *path = g_strdup_printf (
      "%s/golden/%s.safetensors", g_getenv ("MX_TEST_DATA"), files[file]);
  f->golden = mx_safetensors_new_from_file (path, &error);
  ck_assert_msg (f->golden != NULL, "%s", error ? error->message : "?");
  g_autofree char *json = describe (f);
  f->description = mx_description_new (json, -1, files[file], NULL, &error);
  ck_assert_msg (f->description != NULL, "%s", error ? error->message : "?");
  f->program = f->description->program;
  read_batch (f);

  f->weights = g_new0 (float, f->program->n_weights);
  f->gradients = g_new0 (float, f->program->n_weights);
  foreach_parameter (f, "init.", true, copy_parameter, f->weights);
  f->parallel = mx_parallel_new (2);
  size_t size;
  f->prepared_offset = mx_pass_prepared_layout (f->program, training, &size);
  f->prepared = g_new0 (float, size + 1);
  f->pass = mx_pass_new (f->program, ROWS, training, f->parallel);
  mx_pass_set_weights (f->pass, f->weights, f->prepared, f->prepared_offset);
  if (training)
    f->gradient = mx_gradient_new (f->pass, ROWS);
}

static inline void
teardown (Fixture *f)
{
  g_clear_pointer (&f->gradient, mx_gradient_free);
  mx_pass_free (f->pass);
  mx_parallel_free (f->parallel);
  mx_description_unref (f->description);
  mx_safetensors_free (f->golden);
  g_free (f->weights);
  g_free (f->gradients);
  g_free (f->prepared);
  g_free (f->prepared_offset);
}

/* Runs the batch; logits[stage] [ROWS][classes], to be freed. */
static inline void
run (Fixture *f, bool training, float *logits[])
{
  const MxProgram *program = f->program;
  mx_pass_prepare (program, training, f->weights, f->prepared,
      f->prepared_offset, f->parallel);
  MxTensor input = mx_pass_begin (f->pass, ROWS);
  size_t per_row = input.time * input.channels;
  g_autofree float *batch = floats (f, "input.batch", ROWS * per_row);
  for (size_t r = 0; r < ROWS; r++)
    memcpy (mx_tensor_row (&input, r), batch + r * per_row,
        per_row * sizeof *batch);
  for (size_t s = 0; s < program->n_stages; s++) {
    MxTensor t = mx_pass_run_stage (f->pass, s);
    logits[s] = g_new (float, ROWS * program->classes);
    for (size_t r = 0; r < ROWS; r++)
      memcpy (logits[s] + r * program->classes, mx_tensor_row (&t, r),
          program->classes * sizeof (float));
  }
}

static inline void
free_logits (Fixture *f, float *logits[])
{
  for (size_t s = 0; s < f->program->n_stages; s++)
    g_free (logits[s]);
}
